// In place of the other person's picture while there is none: who it is, and why.
import QtQuick
import Okno.Controls
import Okno.Theme

Column {
    id: away

    required property string name
    required property string words

    spacing: Theme.spaceM

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: Theme.iconXl * 2
        height: width
        radius: width / 2
        color: Theme.accentSoft

        Icon {
            anchors.centerIn: parent
            visible: away.name === ""
            glyph: "user"
            size: Theme.iconXl
        }
        Text {
            anchors.centerIn: parent
            text: away.name.charAt(0).toUpperCase()
            textFormat: Text.PlainText
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontXxl
            Accessible.ignored: true
        }
    }
    Label {
        width: parent.width
        horizontalAlignment: Text.AlignHCenter
        // On the picture's black, whatever the theme.
        color: Theme.statusQuiet
        text: away.words
    }
}
