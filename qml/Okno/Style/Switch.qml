// On or off, at once.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.Switch {
    id: control

    property string accessibleName: text

    implicitWidth: indicator.implicitWidth + leftPadding + rightPadding
    implicitHeight: Theme.controlHeight
    hoverEnabled: true
    opacity: enabled ? 1 : Theme.disabled
    Accessible.role: Accessible.CheckBox
    Accessible.name: accessibleName
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onToggleAction: control.toggle()
    Accessible.onPressAction: control.toggle()
    Keys.onReturnPressed: control.toggle()

    indicator: Rectangle {
        implicitWidth: Theme.controlHeight * 1.1
        implicitHeight: Theme.controlHeight * 0.6
        anchors.verticalCenter: parent.verticalCenter
        radius: height / 2
        color: control.checked ? Theme.accent : Theme.surfaceSunken
        border.color: control.checked ? Theme.accent : Theme.outlineStrong
        border.width: Theme.hairline

        Rectangle {
            readonly property real inset: Theme.spaceXs

            x: control.checked ? parent.width - width - inset : inset
            anchors.verticalCenter: parent.verticalCenter
            width: parent.height - inset * 2
            height: width
            radius: width / 2
            color: control.checked ? Theme.textOnAccent : Theme.textMuted

            Behavior on x {
                NumberAnimation {
                    duration: Theme.durationFast
                }
            }
        }
        Rectangle {
            anchors.fill: parent
            anchors.margins: -Theme.focusWidth - Theme.hairline
            radius: height / 2
            color: "transparent"
            border.color: Theme.focus
            border.width: Theme.focusWidth
            visible: control.visualFocus
        }
    }
}
