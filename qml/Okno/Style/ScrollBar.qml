// A thin bar that shows only while something can be scrolled.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.ScrollBar {
    id: control

    implicitWidth: Theme.spaceS
    implicitHeight: Theme.spaceS
    padding: Theme.hairline
    visible: size < 1 && policy !== T.ScrollBar.AlwaysOff
    minimumSize: 0.1
    Accessible.ignored: true

    contentItem: Rectangle {
        implicitWidth: Theme.spaceXs
        implicitHeight: Theme.spaceXs
        radius: Theme.radiusS
        color: control.pressed || control.hovered ? Theme.textMuted : Theme.outlineStrong
    }
}
