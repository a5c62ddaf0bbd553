// One line of a menu.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.MenuItem {
    id: control

    /// Keys as they are shown; empty if there are none.
    property string shortcut: ""

    implicitWidth: implicitContentWidth + keysSize.width + Theme.spaceXl + leftPadding + rightPadding
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.spaceM
    rightPadding: Theme.spaceM
    hoverEnabled: (menu as Menu)?.pointed ?? true
    opacity: enabled ? 1 : Theme.disabled
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontM
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
    Accessible.onPressAction: control.triggered()

    TextMetrics {
        id: keysSize

        text: control.shortcut
        font.family: Theme.monoFamily
        font.pixelSize: Theme.fontS
    }

    contentItem: Text {
        verticalAlignment: Text.AlignVCenter
        text: control.text
        font: control.font
        color: Theme.text
    }

    background: Rectangle {
        radius: Theme.radiusS
        color: control.highlighted ? Theme.accentSoft : "transparent"

        Text {
            anchors.right: parent.right
            anchors.rightMargin: control.rightPadding
            anchors.verticalCenter: parent.verticalCenter
            text: control.shortcut
            font: keysSize.font
            color: Theme.textMuted
            Accessible.ignored: true
        }
    }
}
