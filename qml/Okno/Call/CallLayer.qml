// The page of calls over the other pages, and the way back to a call that goes on behind them.
//
// In: whether the page is shown. Out: what the actions of the table do to a call.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Settings
import Okno.Theme

FocusScope {
    id: callLayer

    required property Preferences prefs
    /// The page covers what lies below.
    property bool shown: false
    property bool fullscreen: false
    /// Nothing may lie on the pictures.
    property bool bare: false
    property var keyMap: ({})
    readonly property CallPage page: holder.count > 0 ? holder.itemAt(0) as CallPage : null

    readonly property int step: Call.state
    /// Camera and microphone are in use: from the check before a call to its end.
    readonly property bool devicesUsed: Call.state !== CallState.Home && Call.state !== CallState.Ended
    /// A call is being made or held.
    readonly property bool calling: devicesUsed && Call.state !== CallState.Preparing

    readonly property var actions: ({
            "call": () => callLayer.open(),
            "startCall": () => callLayer.open().beginStart(),
            "joinCall": () => callLayer.open().beginJoin(),
            "mute": () => Call.setMuted(!Call.muted),
            "callCamera": () => Call.setCameraOn(!Call.cameraOn),
            "safety": () => callLayer.page?.toggleSafety(),
            "hangUp": () => Call.hangUp(),
            "selfLeft": () => callLayer.page?.moveSelf("left"),
            "selfRight": () => callLayer.page?.moveSelf("right"),
            "selfUp": () => callLayer.page?.moveSelf("up"),
            "selfDown": () => callLayer.page?.moveSelf("down")
        })

    signal fullscreenRequested
    /// The page is left; the keyboard belongs to the pictures again.
    signal closed
    signal deviceLost(string words)

    // A call that the command line asked for.
    onStepChanged: if (step === CallState.Connecting && !shown)
        open()

    function open(): CallPage {
        shown = true;
        page.forceActiveFocus();
        return page;
    }
    function close() {
        if (!shown)
            return;
        shown = false;
        closed();
    }

    Repeater {
        id: holder

        model: callLayer.shown ? 1 : 0

        delegate: CallPage {
            anchors.fill: parent
            focus: true
            prefs: callLayer.prefs
            fullscreen: callLayer.fullscreen
            keyMap: callLayer.keyMap
            onBackRequested: callLayer.close()
            onFullscreenRequested: callLayer.fullscreenRequested()
        }
    }
    CallReturn {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: Theme.spaceM
        visible: callLayer.calling && !callLayer.shown && !callLayer.bare
        shortcut: callLayer.keyMap.call ?? ""
        onClicked: callLayer.open()
    }

    Connections {
        target: Call

        function onDeviceLost(kind: string, name: string, instead: string) {
            callLayer.deviceLost(instead === "" ? qsTr("%1 is gone").arg(name) : qsTr("%1 is gone; now using %2").arg(name).arg(instead));
        }
    }
}
