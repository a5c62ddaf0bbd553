// A key as it is printed on a keyboard.
import QtQuick
import Okno.Theme

Rectangle {
    id: cap

    required property string text

    implicitWidth: Math.max(implicitHeight, label.implicitWidth + Theme.spaceS * 2)
    implicitHeight: label.implicitHeight + Theme.spaceXs
    radius: Theme.radiusS
    color: Theme.surfaceSunken
    border.color: Theme.outlineStrong
    border.width: Theme.hairline

    Text {
        id: label

        anchors.centerIn: parent
        text: cap.text
        textFormat: Text.PlainText
        color: Theme.text
        font.family: Theme.monoFamily
        font.pixelSize: Theme.fontS
        Accessible.ignored: true
    }
}
