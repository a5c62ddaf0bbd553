// The check before a call: see oneself, pick devices, see the level move, hear oneself.
//
// In: devices and how they are. Out: choices; the call begins. M and V work here as in the call.
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Theme

CallScroll {
    id: check

    signal chosen(string kind, string id)

    readonly property string cameraProblem: words.camera(Call.cameraOn ? Call.cameraState : DeviceState.Off)
    readonly property var checks: {
        const found = [
            {"ok": Call.cameraState === DeviceState.Working, "text": words.camera(Call.cameraState) || qsTr("The camera works")},
            {"ok": Call.microphoneState === DeviceState.Working, "text": words.microphone(Call.microphoneState) || qsTr("The microphone works")},
            {"ok": Call.speakerState === DeviceState.Working, "text": words.speaker(Call.speakerState) || qsTr("The speaker works")}
        ];
        if (Call.relayState === DeviceState.Working)
            found.push({"ok": true, "text": (Call.classic ? qsTr("The server answers at %1") : qsTr("The relay answers at %1")).arg(Call.server)});
        else if (Call.relayState !== DeviceState.Unknown)
            found.push({"ok": false, "text": (Call.classic ? qsTr("No server answers at %1") : qsTr("No relay answers at %1")).arg(Call.server)});
        return found;
    }

    body: form
    Component.onCompleted: form.joinButton.forceActiveFocus()

    CallWords {
        id: words
    }

    PreJoinForm {
        id: form

        title: Call.classic ? qsTr("Before you call %1").arg(Call.server)
            : Call.joining ? qsTr("Before you join %1").arg(Call.code) : qsTr("Before you start")
        cameraName: Call.cameraState === DeviceState.Working ? form.cameraPicker.chosenName : qsTr("No camera")
        cameraWords: check.cameraProblem
        levelName: qsTr("Microphone level")
        level: Call.level
        checks: check.checks
        joinText: Call.classic ? qsTr("Connect") : Call.joining ? qsTr("Join") : qsTr("Start the call")
        backText: qsTr("Back")
        picture: VideoView {
            anchors.fill: parent
            visible: check.cameraProblem === ""
            stream: Call.selfStream
            fillMode: VideoView.Fill
            // As in a mirror, for oneself only.
            mirrored: true
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Your picture, mirrored")
            Accessible.ignored: !visible
        }

        microphoneSwitch.text: Call.muted ? qsTr("Muted") : qsTr("Microphone on")
        microphoneSwitch.icon.source: Theme.icon(Call.muted ? "mic-off" : "mic")
        microphoneSwitch.danger: Call.muted
        microphoneSwitch.accessibleName: Call.muted ? qsTr("Unmute") : qsTr("Mute")
        microphoneSwitch.onClicked: Call.setMuted(!Call.muted)
        cameraSwitch.text: Call.cameraOn ? qsTr("Camera on") : qsTr("Camera off")
        cameraSwitch.icon.source: Theme.icon(Call.cameraOn ? "video" : "video-off")
        cameraSwitch.danger: !Call.cameraOn
        cameraSwitch.accessibleName: Call.cameraOn ? qsTr("Turn the camera off") : qsTr("Turn the camera on")
        cameraSwitch.onClicked: Call.setCameraOn(!Call.cameraOn)

        cameraPicker.title: qsTr("Camera")
        cameraPicker.nothing: qsTr("No camera")
        cameraPicker.options: Call.cameras
        cameraPicker.value: Call.camera
        cameraPicker.onChosen: id => check.chosen("camera", id)
        microphonePicker.title: qsTr("Microphone")
        microphonePicker.nothing: qsTr("No microphone")
        microphonePicker.options: Call.microphones
        microphonePicker.value: Call.microphone
        microphonePicker.onChosen: id => check.chosen("microphone", id)
        speakerPicker.title: qsTr("Speaker")
        speakerPicker.nothing: qsTr("No speaker")
        speakerPicker.options: Call.speakers
        speakerPicker.value: Call.speaker
        speakerPicker.onChosen: id => check.chosen("speaker", id)
        speakerButton.text: qsTr("Test the speaker")
        speakerButton.enabled: Call.speakerState === DeviceState.Working && Call.echoTest === EchoTest.Idle
        speakerButton.onClicked: Call.testSpeaker()
        echoButton.text: Call.echoTest === EchoTest.Recording ? qsTr("Speak now\u2026")
            : Call.echoTest === EchoTest.Playing ? qsTr("This is how you sound\u2026") : qsTr("Record 5 s and play it back")
        echoButton.enabled: Call.microphoneState === DeviceState.Working && Call.speakerState === DeviceState.Working
        echoButton.checked: Call.echoTest !== EchoTest.Idle
        echoButton.onClicked: Call.testEcho()
        backButton.onClicked: Call.home()
        joinButton.icon.source: Theme.icon("phone")
        joinButton.onClicked: Call.begin()
    }
}
