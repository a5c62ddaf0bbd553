// Shown over the last good interface while a file being edited has an error.
import QtQuick
import Okno.Theme

Item {
    id: overlay

    required property string text

    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: words.implicitHeight + Theme.spaceL * 2
        color: Theme.dangerSoft
        border.color: Theme.danger
        border.width: Theme.hairline

        Text {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.spaceL
            text: qsTr("There is an error in the interface's files; the last good one stays.\n%1").arg(overlay.text)
            textFormat: Text.PlainText
            wrapMode: Text.WrapAnywhere
            color: Theme.text
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
    }
}
