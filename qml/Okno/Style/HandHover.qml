// A pointer that somebody moves over the parent. One that merely rests where something appears says
// nothing about it.
import QtQuick

HoverHandler {
    id: hand

    /// The pointer is over the parent, and has moved there since it came or since `forget`.
    readonly property bool over: hovered && _moved

    property bool _moved: false
    /// Where it was first seen; null before.
    property var _rest: null

    /// What was seen so far counts no more.
    function forget() {
        _moved = false;
        _rest = null;
    }

    onHoveredChanged: if (!hovered)
        forget()
    onPointChanged: {
        if (!hovered || _moved)
            return;
        const now = Qt.point(point.scenePosition.x, point.scenePosition.y);
        if (_rest === null)
            _rest = now;
        else
            _moved = _rest.x !== now.x || _rest.y !== now.y;
    }
}
