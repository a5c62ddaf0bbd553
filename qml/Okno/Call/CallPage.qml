// A call from its first page to its end: shows the screen of the state that it is in.
//
// In: the state; what was chosen the last time. Out: choices, to be kept. Holds nothing that a
// live reload would lose: the call itself is the backend's.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Settings
import Okno.Theme

FocusScope {
    id: page

    required property Preferences prefs
    property bool fullscreen: false
    property var keyMap: ({})

    readonly property int step: Call.state
    readonly property bool inCall: Call.state === CallState.Active || Call.state === CallState.Reconnecting
    /// From the check of the devices to the end: that nothing is encrypted stays in sight.
    readonly property bool marked: Call.classic && step !== CallState.Home && step !== CallState.Ended
    readonly property real markRoom: marked ? mark.height + Theme.spaceS : 0
    readonly property InCall screen: calling.count > 0 ? calling.itemAt(0) as InCall : null

    signal backRequested
    signal fullscreenRequested

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Call")
    Component.onCompleted: {
        // Choices of the last time; those of the command line stay.
        for (const kind of Object.keys(kept)) {
            if (prefs[kept[kind]] !== "")
                Call.recall(kind, prefs[kept[kind]]);
        }
        Call.open();
    }
    Component.onDestruction: Call.close()

    /// What is kept, by the names of the settings.
    readonly property var kept: ({
            "name": "callName",
            "relay": "callRelay",
            "camera": "callCamera",
            "microphone": "callMicrophone",
            "speaker": "callSpeaker"
        })

    function keep(kind: string, value: string) {
        prefs[kept[kind]] = value;
    }
    function choose(kind: string, id: string) {
        Call.choose(kind, id);
        keep(kind, id);
    }

    /// Esc: one step back where there is one; never out of a call.
    function back() {
        if (screen?.safetyShown)
            screen.toggleSafety();
        else if (fullscreen)
            fullscreenRequested();
        else if (step === CallState.Home)
            backRequested();
        else if (step === CallState.Preparing || step === CallState.Ended)
            Call.home();
    }
    function beginStart() {
        if (step === CallState.Ended)
            Call.home();
        (homes.itemAt(0) as CallHome)?.beginStart();
    }
    function beginJoin() {
        if (step === CallState.Ended)
            Call.home();
        (homes.itemAt(0) as CallHome)?.beginJoin();
    }
    function moveSelf(direction: string) {
        screen?.self.moveBy(direction);
    }
    function toggleSafety() {
        screen?.toggleSafety();
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }

    // Repeaters of none or one, because Loader can't create bound components in Qt 6.4.
    Repeater {
        id: homes

        model: page.step === CallState.Home ? 1 : 0

        delegate: CallHome {
            anchors.fill: parent
            prefs: page.prefs
            onTaken: (kind, value) => page.keep(kind, value)
        }
    }
    Repeater {
        model: page.step === CallState.Preparing ? 1 : 0

        delegate: PreJoin {
            anchors.fill: parent
            anchors.topMargin: page.markRoom
            onChosen: (kind, id) => page.choose(kind, id)
        }
    }
    Repeater {
        model: page.step === CallState.Connecting || page.step === CallState.Waiting || page.step === CallState.Agreeing ? 1 : 0

        delegate: Waiting {
            anchors.fill: parent
            anchors.topMargin: page.markRoom
        }
    }
    Repeater {
        id: calling

        model: page.inCall ? 1 : 0

        delegate: InCall {
            anchors.fill: parent
            focus: true
            topRoom: page.markRoom
            fullscreen: page.fullscreen
            keyMap: page.keyMap
            selfCorner: page.prefs.callCorner
            selfSize: page.prefs.callSelfSize
            onFullscreenRequested: page.fullscreenRequested()
            onChosen: (kind, id) => page.choose(kind, id)
            onSelfPlaced: (corner, size) => {
                page.prefs.callCorner = corner;
                page.prefs.callSelfSize = size;
            }
            Component.onCompleted: forceActiveFocus()
        }
    }
    Repeater {
        model: page.step === CallState.Ended ? 1 : 0

        delegate: CallEnded {
            anchors.fill: parent
        }
    }
    // Over everything, one's own picture too, wherever that was put.
    StatusPill {
        id: mark

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: Theme.spaceS
        z: 1
        visible: page.marked
        status: "stalled"
        text: qsTr("Not encrypted")
    }
}
