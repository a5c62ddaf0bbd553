// Things side by side that go on in another line where there is no room for all.
import QtQuick
import Okno.Theme

Flow {
    id: wrap

    /// The widest that it may become.
    property real room: Infinity
    readonly property real natural: {
        let sum = 0;
        for (const child of Array.from(children)) {
            if (child.visible && child.width > 0)
                sum += Math.ceil(child.width) + spacing;
        }
        return Math.max(0, sum - spacing);
    }

    width: Math.min(natural, room)
    spacing: Theme.spaceXs
}
