// One's own picture in a call: mirrored, in one of the four corners.
//
// In: the corner and the width of the last time. Out: the new ones, to be kept. Dragged with the
// pointer it goes to the nearest corner; the wheel, its inner corner, + and - change its size;
// Enter or a double click tucks it away to the edge.
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Theme

FocusScope {
    id: own

    /// 0 top left, 1 top right, 2 bottom left, 3 bottom right.
    property int corner: 3
    /// Logical pixels.
    property real size: Theme.selfWidth
    property bool tucked: false

    readonly property bool atRight: corner % 2 === 1
    readonly property bool atBottom: corner >= 2
    readonly property Item room: parent
    readonly property real homeX: tucked ? (atRight ? room.width - Theme.selfHandle : Theme.selfHandle - width)
        : atRight ? room.width - width - Theme.spaceM : Theme.spaceM
    readonly property real homeY: atBottom ? room.height - height - Theme.spaceM : Theme.spaceM
    readonly property bool shown: Call.cameraOn && Call.selfStream >= 0

    signal placed(int corner, real size)

    width: Math.max(Theme.selfMin, Math.min(size, Theme.selfMost, room.width * 0.5))
    height: Math.round(width * 9 / 16)
    activeFocusOnTab: true
    Accessible.role: Accessible.Graphic
    Accessible.name: qsTr("Your picture, mirrored")
    Accessible.description: qsTr("Ctrl+Alt and an arrow moves it, + and - change its size, Enter tucks it away.")
    Accessible.ignored: !visible

    /// Moves to the corner in that direction.
    function moveTo(right: bool, bottom: bool) {
        corner = (right ? 1 : 0) + (bottom ? 2 : 0);
        tucked = false;
        settle();
        placed(corner, size);
    }
    function moveBy(direction: string) {
        moveTo(direction === "right" ? true : direction === "left" ? false : atRight,
            direction === "down" ? true : direction === "up" ? false : atBottom);
    }
    function resize(factor: real) {
        size = Math.max(Theme.selfMin, Math.min(Theme.selfMost, width * factor));
        placed(corner, size);
    }
    function settle() {
        x = Qt.binding(() => homeX);
        y = Qt.binding(() => homeY);
    }

    Component.onCompleted: settle()
    Keys.onReturnPressed: tucked = !tucked
    Keys.onEnterPressed: tucked = !tucked
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Plus || event.key === Qt.Key_Equal)
            resize(Theme.zoomStep);
        else if (event.key === Qt.Key_Minus)
            resize(1 / Theme.zoomStep);
        else
            return;
        event.accepted = true;
    }

    Behavior on x {
        enabled: !drag.active
        NumberAnimation {
            duration: Theme.durationMedium
            easing.type: Easing.OutBack
        }
    }
    Behavior on y {
        enabled: !drag.active
        NumberAnimation {
            duration: Theme.durationMedium
            easing.type: Easing.OutBack
        }
    }

    CallWords {
        id: words
    }

    SelfViewForm {
        id: form

        anchors.fill: parent
        keyboard: own.activeFocus
        muted: Call.muted && !Call.talking
        handleLeft: own.atRight
        handleTop: own.atBottom
        words: own.shown ? "" : Call.cameraOn ? words.camera(Call.cameraState) || qsTr("No picture yet") : words.camera(DeviceState.Off)
        picture: VideoView {
            anchors.fill: parent
            stream: Call.selfStream
            visible: own.shown
            mirrored: true
            Accessible.ignored: true
        }
    }

    DragHandler {
        id: drag

        grabPermissions: PointerHandler.CanTakeOverFromAnything
        cursorShape: active ? Qt.ClosedHandCursor : Qt.OpenHandCursor
        onActiveChanged: if (!active)
            own.moveTo(own.x + own.width / 2 > own.room.width / 2, own.y + own.height / 2 > own.room.height / 2)
    }
    TapHandler {
        onDoubleTapped: own.tucked = !own.tucked
        onTapped: if (own.tucked)
            own.tucked = false
    }
    WheelHandler {
        // One notch of a wheel is 120 units.
        onWheel: event => own.resize(Math.pow(Theme.zoomStep, event.angleDelta.y / 120))
    }
    DragHandler {
        id: stretch

        property real before: 0

        parent: form.handle
        target: null
        cursorShape: own.atRight === own.atBottom ? Qt.SizeFDiagCursor : Qt.SizeBDiagCursor
        onActiveChanged: {
            before = own.width;
            if (!active)
                own.placed(own.corner, own.size);
        }
        onTranslationChanged: if (active)
            own.size = Math.max(Theme.selfMin, Math.min(Theme.selfMost, before + translation.x * (own.atRight ? -1 : 1)))
    }
}
