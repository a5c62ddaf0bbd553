// A value between two ends.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.Slider {
    id: control

    required property string accessibleName

    implicitWidth: Theme.fieldWidth
    implicitHeight: Theme.controlHeight
    hoverEnabled: true
    Accessible.role: Accessible.Slider
    Accessible.name: accessibleName
    Accessible.onIncreaseAction: control.increase()
    Accessible.onDecreaseAction: control.decrease()

    background: Rectangle {
        x: control.leftPadding
        y: control.topPadding + (control.availableHeight - height) / 2
        width: control.availableWidth
        height: Theme.spaceXs
        radius: height / 2
        color: Theme.outlineStrong

        Rectangle {
            width: control.visualPosition * parent.width
            height: parent.height
            radius: parent.radius
            color: Theme.accent
        }
    }

    handle: Rectangle {
        x: control.leftPadding + control.visualPosition * (control.availableWidth - width)
        y: control.topPadding + (control.availableHeight - height) / 2
        width: Theme.iconM
        height: width
        radius: width / 2
        color: control.pressed ? Theme.accentPressed : control.hovered ? Theme.accentHover : Theme.accent

        Rectangle {
            anchors.fill: parent
            anchors.margins: -Theme.focusWidth - Theme.hairline
            radius: width / 2
            color: "transparent"
            border.color: Theme.focus
            border.width: Theme.focusWidth
            visible: control.visualFocus
        }
    }
}
