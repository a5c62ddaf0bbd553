// A QR code that cameras can read: black on white whatever the theme, with its quiet zone.
//
// In: the modules as rows of "0" and "1", one row a line. Never: anything but whole device pixels,
// because a blurred code is read badly.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Okno.Theme

Rectangle {
    id: qr

    required property string accessibleName
    /// Rows of "0" (white) and "1" (black).
    property string modules: ""
    /// The side is at most this long.
    property real side: Theme.qrSize

    /// White modules around the code that the standard asks for.
    readonly property int quiet: 4
    readonly property var rows: modules.split("\n").filter(row => row !== "")
    readonly property int across: rows.length + 2 * quiet
    readonly property real unit: Math.max(1, Math.floor(side * Screen.devicePixelRatio / across)) / Screen.devicePixelRatio
    /// Black runs: x, y, length.
    readonly property var runs: {
        const found = [];
        rows.forEach((row, y) => {
            const black = /1+/g;
            for (let run = black.exec(row); run !== null; run = black.exec(row))
                found.push({"x": run.index, "y": y, "length": run[0].length});
        });
        return found;
    }

    implicitWidth: unit * across
    implicitHeight: implicitWidth
    visible: modules !== ""
    color: Theme.qrLight
    Accessible.role: Accessible.Graphic
    Accessible.name: accessibleName
    Accessible.ignored: !visible

    Repeater {
        model: qr.runs

        delegate: Rectangle {
            required property var modelData

            x: (modelData.x + qr.quiet) * qr.unit
            y: (modelData.y + qr.quiet) * qr.unit
            width: modelData.length * qr.unit
            height: qr.unit
            color: Theme.qrDark
        }
    }
}
