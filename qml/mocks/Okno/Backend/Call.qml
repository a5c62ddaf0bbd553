// Stand-in for the call. Remembers what was asked of it, and plays every state by its name.
pragma Singleton
import QtQml
import Okno.Mock

QtObject {
    id: call

    property int state: CallState.Home
    property int end: CallEnd.NotEnded
    property string message: ""

    property string code: ""
    property string link: ""
    property string relay: "127.0.0.1:12350"
    property string server: relay
    property string relayKey: ""
    property int relayState: DeviceState.Unknown
    property bool joining: false
    property bool classic: false
    property string name: ""
    property string peerName: ""

    property int trust: CallTrust.Unverified
    property string safetyWords: ""
    property string safetyNumber: ""

    property bool muted: false
    property bool talking: false
    property bool speakingMuted: false
    property bool cameraOn: true
    property bool peerMuted: false
    property bool peerCameraOn: true
    property int seconds: 0
    property int awaySeconds: 0
    property int selfStream: -1
    property int peerStream: -1
    property int hint: CallHint.Good
    property int sentHeight: 720
    property real level: 0
    property real peerLevel: 0

    property var cameras: []
    property var microphones: []
    property var speakers: []
    property string camera: ""
    property string microphone: ""
    property string speaker: ""
    property int cameraState: DeviceState.Unknown
    property int microphoneState: DeviceState.Unknown
    property int speakerState: DeviceState.Unknown
    property int echoTest: EchoTest.Idle

    signal deviceLost(string kind, string name, string instead)

    function open() {
        calls.push("open");
        if (Scenario.argument("call", "") !== "" && !played)
            play(Scenario.argument("call", "home"));
    }
    function close() {
        calls.push("close");
    }
    function isInvitation(text: string): bool {
        return /^(okno:\/\/call\?\S*code=)?\d{1,6}(-[a-z]+){2,5}$/i.test(text.trim());
    }
    function prepare(invitation: string) {
        calls.push("prepare " + invitation);
        server = relay;
        joining = invitation !== "";
        classic = false;
        code = joining ? /\d+(-[a-z]+)+/i.exec(invitation)[0] : "";
        play("preparing");
    }
    function classicFault(server: string, videoPort: string, audioPort: string, code: string): string {
        const port = text => /^\s*[0-9]{1,5}\s*$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
        if (!/^\s*([\w.-]+|\[?[0-9a-f]*:[0-9a-f:]*:[0-9a-f.:]*\]?)\s*$/i.test(server))
            return "server";
        if (!port(videoPort))
            return "videoPort";
        if (!port(audioPort))
            return "audioPort";
        if (Number(videoPort) === Number(audioPort))
            return "samePort";
        return code === "" ? "code" : "";
    }
    function prepareClassic(server: string, videoPort: string, audioPort: string, text: string) {
        calls.push(`prepareClassic ${server} ${videoPort} ${audioPort} ${text}`);
        call.server = server + ":" + videoPort;
        joining = false;
        classic = true;
        code = text;
        play("preparing");
    }
    function begin() {
        calls.push("begin");
        play(joining ? "agreeing" : "waiting");
    }
    function hangUp() {
        calls.push("hangUp");
        finish(CallEnd.HungUp, "");
    }
    function again() {
        calls.push("again");
        play("preparing");
    }
    function home() {
        calls.push("home");
        play("home");
    }
    function trustRelay() {
        calls.push("trustRelay");
        play("preparing");
    }
    function setMuted(on: bool) {
        calls.push("setMuted " + on);
        muted = on;
        speakingMuted = false;
    }
    function setCameraOn(on: bool) {
        calls.push("setCameraOn " + on);
        cameraOn = on;
    }
    function talk(on: bool) {
        calls.push("talk " + on);
        talking = on && muted;
    }
    function choose(kind: string, id: string) {
        calls.push("choose " + kind + " " + id);
        if (kind === "camera")
            camera = id;
        else if (kind === "microphone")
            microphone = id;
        else
            speaker = id;
    }
    function rename(text: string) {
        calls.push("rename " + text);
        name = text;
    }
    function useRelay(address: string) {
        calls.push("useRelay " + address);
        relay = address;
    }
    function recall(kind: string, value: string) {
        calls.push("recall " + kind + " " + value);
        if (kind === "name")
            name = value;
        else if (kind === "relay")
            relay = value;
        else
            choose(kind, value);
    }
    function testEcho() {
        calls.push("testEcho");
        echoTest = echoTest === EchoTest.Idle ? EchoTest.Recording : EchoTest.Idle;
    }
    function testSpeaker() {
        calls.push("testSpeaker");
    }
    function verify(same: bool) {
        calls.push("verify " + same);
        trust = same ? CallTrust.Same : CallTrust.Different;
    }
    function qr(text: string): string {
        return text === "" ? "" : sampleQr;
    }

    // ---- Only in the mock ------------------------------------------------------------

    property var calls: []
    property bool played: false
    /// Streams that only VideoView knows; see its `hidden`.
    readonly property int firstHidden: 9000

    property Timer tick: Timer {
        interval: 1000
        repeat: true
        running: call.state === CallState.Active || call.state === CallState.Reconnecting
        onTriggered: {
            call.seconds += 1;
            if (call.state === CallState.Reconnecting)
                call.awaySeconds += 1;
        }
    }

    function reset() {
        state = CallState.Home;
        end = CallEnd.NotEnded;
        message = code = link = relayKey = peerName = safetyWords = safetyNumber = "";
        relayState = DeviceState.Unknown;
        server = relay;
        joining = classic = muted = talking = speakingMuted = peerMuted = false;
        cameraOn = peerCameraOn = true;
        trust = CallTrust.Unverified;
        seconds = awaySeconds = level = peerLevel = 0;
        selfStream = peerStream = -1;
        hint = CallHint.Good;
        echoTest = EchoTest.Idle;
        devices();
    }

    function devices() {
        cameras = [{"id": "0", "name": "Integrated camera"}, {"id": "test:", "name": "Test picture"}];
        microphones = [{"id": "", "name": ""}, {"id": "usb", "name": "USB microphone"}];
        speakers = [{"id": "", "name": ""}, {"id": "hdmi", "name": "HDMI"}];
        camera = "0";
        microphone = speaker = "";
        cameraState = microphoneState = speakerState = DeviceState.Working;
        level = 0.12;
        selfStream = firstHidden + 1;
    }

    function noDevices() {
        cameras = microphones = [];
        cameraState = DeviceState.Absent;
        microphoneState = DeviceState.Absent;
        level = 0;
        selfStream = -1;
    }

    function finish(reason: int, why: string) {
        state = CallState.Ended;
        end = reason;
        message = why;
        peerStream = -1;
    }

    function connected() {
        state = CallState.Active;
        code = code === "" ? "7-guitar-lamp-orbit" : code;
        peerName = "Ada";
        peerStream = firstHidden + 2;
        seconds = 133;
        safetyWords = "anchor velvet tulip canyon";
        safetyNumber = "493 027";
        peerLevel = 0.2;
    }

    function classicCall() {
        classic = true;
        server = "relay.example:12345";
        code = "ABC123";
    }

    /// Brings the mock into a state by its name.
    function play(scenario: string) {
        played = true;
        const kept = {"joining": joining, "classic": classic, "server": server, "code": code, "muted": muted, "cameraOn": cameraOn};
        reset();
        const scenes = ({
                "home": () => {},
                "preparing": () => {
                    Object.assign(call, kept);
                    state = CallState.Preparing;
                    relayState = DeviceState.Working;
                },
                "nodevices": () => {
                    state = CallState.Preparing;
                    relayState = DeviceState.Absent;
                    noDevices();
                },
                "devicebusy": () => {
                    state = CallState.Preparing;
                    cameraState = DeviceState.Busy;
                    microphoneState = DeviceState.Refused;
                    selfStream = -1;
                    level = 0;
                },
                "connecting": () => state = CallState.Connecting,
                "waiting": () => {
                    state = CallState.Waiting;
                    code = "7-guitar-lamp-orbit";
                    link = "okno://call?relay=relay.example:12350&code=7-guitar-lamp-orbit";
                },
                "agreeing": () => {
                    Object.assign(call, kept);
                    state = CallState.Agreeing;
                    code = code === "" ? "7-guitar-lamp-orbit" : code;
                },
                "active": connected,
                "camera-off": () => {
                    connected();
                    peerCameraOn = false;
                },
                "peer-muted": () => {
                    connected();
                    peerMuted = true;
                    peerLevel = 0;
                },
                "muted": () => {
                    connected();
                    muted = true;
                    speakingMuted = true;
                },
                "no-camera": () => {
                    connected();
                    noDevices();
                },
                "reconnecting": () => {
                    connected();
                    state = CallState.Reconnecting;
                    awaySeconds = 8;
                },
                "poor": () => {
                    connected();
                    hint = CallHint.Sending;
                    sentHeight = 360;
                },
                "poor-theirs": () => {
                    connected();
                    hint = CallHint.Receiving;
                },
                "verified": () => {
                    connected();
                    trust = CallTrust.Same;
                },
                "different": () => {
                    connected();
                    trust = CallTrust.Different;
                },
                "classic": () => {
                    connected();
                    classicCall();
                    peerName = safetyWords = safetyNumber = "";
                },
                "classic-preparing": () => {
                    classicCall();
                    state = CallState.Preparing;
                    relayState = DeviceState.Working;
                },
                "classic-waiting": () => {
                    classicCall();
                    state = CallState.Waiting;
                },
                "relay-changed": () => {
                    relayKey = "9f2c61d0 5b7e44aa 01c3f8d2 77e0b915";
                    finish(CallEnd.RelayChanged, "the relay has another key than the last time");
                }
            });
        if (scenario.includes("ended-")) {
            seconds = 133;
            code = "7-guitar-lamp-orbit";
            if (scenario.startsWith("classic-"))
                classicCall();
            finish(parseInt(scenario.split("ended-")[1]), "");
            return;
        }
        scenes[scenario]();
    }

    readonly property string sampleQr:
            "111111100100000010010001001111111\n" +
            "100000101101110101001110001000001\n" +
            "101110100111000000001110101011101\n" +
            "101110101101011111111010101011101\n" +
            "101110100010110011110111001011101\n" +
            "100000101010000110001100101000001\n" +
            "111111101010101010101010101111111\n" +
            "000000000000101010001100100000000\n" +
            "111110111110111001000011010101010\n" +
            "010110001100001010111001001000011\n" +
            "100111110101101111000110000100000\n" +
            "101000001111000110001100010010111\n" +
            "010001101101000001000010110110011\n" +
            "101100001010110000011101011001001\n" +
            "011111110100011100001110101001010\n" +
            "011001000100110100011111010000101\n" +
            "011100110010101111010001100110011\n" +
            "111010010000000011111011111001001\n" +
            "001100110111100110101000011111010\n" +
            "000011000011001110010100110101111\n" +
            "100111100111000001000001010010001\n" +
            "101001001000111010011111011000101\n" +
            "101101110010011110000100000011010\n" +
            "101000001110110100111110101011111\n" +
            "111111100100101101000000111110011\n" +
            "000000001000000010110110100010101\n" +
            "111111101001100100100001101011110\n" +
            "100000100111001110000101100011101\n" +
            "101110101101000001001000111110011\n" +
            "101110101010111010010110110011011\n" +
            "101110101110011111101001001100100\n" +
            "100000101000110110101110010101100\n" +
            "111111101100101001101001110010010\n"
}
