// The state of a stream as shape, word and colour. Shows what it is told; StreamStatus decides.
import QtQuick
import Okno.Theme

Rectangle {
    id: pill

    /// See StatusShape.
    required property string status
    /// The words, e.g. "No frames for 7 s".
    required property string text

    implicitWidth: row.implicitWidth + Theme.spaceS * 2
    implicitHeight: row.implicitHeight + Theme.spaceXs * 2
    radius: height / 2
    color: Theme.scrim
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: !visible

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.spaceXs

        StatusShape {
            height: label.height
            status: pill.status
        }
        Text {
            id: label

            text: pill.text
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
    }
}
