// Decides when controls over a picture show: after a move of the pointer or a call of wake(),
// until nothing happened for a while. Lay it over the whole picture.
//
// A pointer that merely rests there when the window opens does not count as a move.
import QtQuick
import Okno.Theme

Item {
    id: idle

    /// Keeps the controls: pointer on them, keyboard in them, a menu open.
    property bool held: false
    property bool hidesPointer: true
    /// Milliseconds without a move after which they hide.
    property int patience: Theme.idleHide
    readonly property bool shown: held || countdown.running

    function wake() {
        countdown.restart();
    }
    function rest() {
        countdown.stop();
    }

    // When it's let go of, the countdown begins anew.
    onHeldChanged: if (!held)
        wake()

    Timer {
        id: countdown

        interval: idle.patience
    }

    // A handler's shape is only looked at when the pointer moves; this one changes under it at rest.
    MouseArea {
        anchors.fill: parent
        acceptedButtons: Qt.NoButton
        cursorShape: idle.shown || !idle.hidesPointer ? Qt.ArrowCursor : Qt.BlankCursor
    }
    HoverHandler {
        id: pointer

        property point last: Qt.point(-1, -1)

        onPointChanged: {
            const at = point.position;
            if (!hovered || at.x === last.x && at.y === last.y)
                return;
            const first = last.x < 0;
            last = Qt.point(at.x, at.y);
            if (!first)
                idle.wake();
        }
        onHoveredChanged: if (!hovered) {
            last = Qt.point(-1, -1);
            if (!idle.held)
                idle.rest();
        }
    }
}
