// The call itself: the other person's picture, one's own in a corner, tools that hide.
//
// In: the state of the call. Out: what the person does. Never ends the call by Esc; never hides
// the tools while they are used, or while somebody speaks into a muted microphone.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Theme
import Okno.Video
import "../Settings/keys.js" as Keymap

FocusScope {
    id: page

    property bool fullscreen: false
    property var keyMap: ({})
    property int selfCorner: 3
    property real selfSize: Theme.selfWidth
    property bool safetyShown: false
    /// Taken at the top by what the page says of the whole call.
    property real topRoom: 0
    readonly property bool toolsShown: idle.shown
    property alias self: selfView

    signal fullscreenRequested
    signal chosen(string kind, string id)
    signal selfPlaced(int corner, real size)

    readonly property bool away: Call.state === CallState.Reconnecting
    readonly property string peerName: Call.peerName === "" ? qsTr("The other person") : Call.peerName
    readonly property bool pictured: Call.peerCameraOn && Call.peerStream >= 0 && peer.hasFrame

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Call with %1").arg(peerName)
    Accessible.description: Call.classic ? qsTr("Not encrypted") : ""
    Component.onCompleted: idle.wake()

    // Space talks for as long as it is held; the shortcuts know no release of a key.
    Keys.onPressed: event => {
        if (Keymap.sequence(event.key, event.modifiers) === (keyMap.talk ?? "")) {
            if (!event.isAutoRepeat)
                Call.talk(true);
            event.accepted = true;
            return;
        }
        // The tools have to be there before Tab can reach them.
        if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab)
            idle.wake();
        event.accepted = false;
    }
    Keys.onReleased: event => {
        if (event.isAutoRepeat || Keymap.sequence(event.key, event.modifiers) !== (keyMap.talk ?? ""))
            return;
        Call.talk(false);
        event.accepted = true;
    }
    // A key that is released elsewhere must not leave the microphone open.
    onActiveFocusChanged: if (!activeFocus)
        Call.talk(false)
    Component.onDestruction: Call.talk(false)

    function toggleSafety() {
        safetyShown = !safetyShown && !Call.classic;
        if (!safetyShown)
            page.forceActiveFocus();
    }

    IdleHider {
        id: idle

        anchors.fill: parent
        patience: Theme.callIdleHide
        held: tools.hovered || tools.activeFocus || tools.menuShown || page.safetyShown || Call.speakingMuted

        Rectangle {
            anchors.fill: parent
            color: Theme.picture
        }
        StreamView {
            id: peer

            anchors.fill: parent
            focus: true
            stream: Call.peerStream
            dimmed: page.away
            // Only what is visible gets pictures, the first one too.
            visible: Call.peerCameraOn && Call.peerStream >= 0
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Picture of %1").arg(page.peerName)
            Accessible.ignored: !visible
            onDoubleTapped: page.fullscreenRequested()
        }
        PeerAway {
            anchors.centerIn: parent
            width: parent.width - Theme.spaceXl * 2
            visible: !page.pictured
            name: Call.peerName
            words: !Call.peerCameraOn ? qsTr("%1's camera is off").arg(page.peerName) : qsTr("No picture from %1 yet").arg(page.peerName)
        }

        // Always told, with or without the tools.
        Column {
            id: notes

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.spaceM + page.topRoom
            width: Math.min(Theme.columnWidth, parent.width - Theme.spaceM * 2)
            spacing: Theme.spaceS

            InlineBanner {
                width: parent.width
                visible: page.away
                text: qsTr("Reconnecting\u2026 %1 s. Nothing is heard on either side until it is back.").arg(Call.awaySeconds)
            }
            QualityHint {
                width: parent.width
            }
            InlineBanner {
                width: parent.width
                visible: Call.trust === CallTrust.Different
                text: qsTr("The safety codes differ: somebody may stand between you. Say nothing that is not for everybody.")
                actionText: qsTr("Hang up")
                onActionTriggered: Call.hangUp()
            }
            InlineBanner {
                width: parent.width
                visible: Call.speakingMuted
                glyph: "mic-off"
                text: page.keyMap.mute ? qsTr("You are muted (%1).").arg(page.keyMap.mute) : qsTr("You are muted.")
                actionText: qsTr("Unmute")
                onActionTriggered: Call.setMuted(false)
            }
            InlineBanner {
                width: parent.width
                visible: Call.microphoneState > DeviceState.Working && idle.shown
                glyph: "mic-off"
                text: words.microphone(Call.microphoneState)
            }
        }

        Row {
            anchors.left: parent.left
            anchors.bottom: parent.bottom
            anchors.margins: Theme.spaceM
            // Above the tools where there is no room beside them.
            anchors.bottomMargin: idle.shown && width + Theme.spaceM * 2 > tools.x ? tools.height + Theme.spaceM * 2 : Theme.spaceM
            spacing: Theme.spaceS
            visible: idle.shown || Call.peerMuted || Call.talking

            StatusPill {
                visible: idle.shown
                status: page.away ? "stalled" : "live"
                text: page.peerName + "  " + words.clock(Call.seconds)
            }
            StatusPill {
                visible: Call.peerMuted
                status: "paused"
                text: qsTr("%1 is muted").arg(page.peerName)
            }
            StatusPill {
                visible: Call.talking
                status: "live"
                text: qsTr("Talking")
            }
            StatusPill {
                visible: idle.shown && !Call.classic
                status: Call.trust === CallTrust.Same ? "live" : Call.trust === CallTrust.Different ? "stalled" : "quiet"
                text: Call.trust === CallTrust.Same ? qsTr("Encrypted, verified") : Call.trust === CallTrust.Different ? qsTr("Not the same code") : qsTr("Encrypted")
            }
        }

        SelfView {
            id: selfView

            corner: page.selfCorner
            size: page.selfSize
            onPlaced: (corner, size) => page.selfPlaced(corner, size)
        }

        CallControls {
            id: tools

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.spaceM
            visible: idle.shown
            fullscreen: page.fullscreen
            safetyShown: page.safetyShown
            keyMap: page.keyMap
            onFullscreenRequested: page.fullscreenRequested()
            onChosen: (kind, id) => page.chosen(kind, id)
            onSafetyRequested: page.toggleSafety()
        }

        Repeater {
            model: page.safetyShown ? 1 : 0

            delegate: SafetyCode {
                anchors.horizontalCenter: parent?.horizontalCenter
                anchors.bottom: parent?.bottom
                anchors.bottomMargin: Theme.controlHeight * 2
                width: Math.min(implicitWidth, page.width - Theme.spaceM * 2)
                onCloseRequested: page.toggleSafety()
            }
        }
    }

    CallWords {
        id: words
    }
}
