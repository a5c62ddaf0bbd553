// One of a row of choices; the line below marks the chosen one.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.TabButton {
    id: control

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.controlHeight
    padding: Theme.spaceM
    topPadding: 0
    bottomPadding: 0
    checkable: true
    autoExclusive: true
    hoverEnabled: true
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontM
    Accessible.role: Accessible.PageTab
    Accessible.name: text
    Accessible.onPressAction: control.toggle()

    contentItem: Text {
        text: control.text
        font: control.font
        color: control.checked || control.hovered ? Theme.text : Theme.textMuted
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }

    background: Item {
        Rectangle {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.leftMargin: Theme.spaceM
            anchors.rightMargin: Theme.spaceM
            height: Theme.focusWidth
            color: control.checked ? Theme.accent : "transparent"
        }
        Rectangle {
            anchors.fill: parent
            radius: Theme.radiusS
            color: "transparent"
            border.color: Theme.focus
            border.width: Theme.focusWidth
            visible: control.visualFocus
        }
    }
}
