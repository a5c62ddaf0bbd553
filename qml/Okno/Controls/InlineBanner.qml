// Something needs attention: one line that says what, one button that mends it.
import QtQuick
import QtQuick.Layouts
import Okno.Style
import Okno.Theme

Rectangle {
    id: banner

    required property string text
    /// Words on the button; no button if empty.
    property string actionText: ""
    property string glyph: "triangle-alert"

    signal actionTriggered

    implicitWidth: Theme.columnWidth
    implicitHeight: row.implicitHeight + Theme.spaceS * 2
    radius: Theme.radiusM
    color: Theme.dangerSoft
    border.color: Theme.danger
    border.width: Theme.hairline
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.spaceM
        anchors.rightMargin: Theme.spaceS
        spacing: Theme.spaceM

        Icon {
            glyph: banner.glyph
            color: Theme.danger
        }
        Text {
            Layout.fillWidth: true
            text: banner.text
            color: Theme.text
            wrapMode: Text.Wrap
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.ignored: true
        }
        Button {
            visible: banner.actionText !== ""
            text: banner.actionText
            onClicked: banner.actionTriggered()
        }
    }
}
