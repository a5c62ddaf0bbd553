// A push button: quiet by default, `highlighted` for the one main action, `flat` on bars.
import QtQuick
import QtQuick.Templates as T
import QtQuick.Controls.impl
import Okno.Theme

T.Button {
    id: control

    /// What a screen reader says; the text unless something better is known.
    property string accessibleName: text
    /// A button that takes or ends something; with `highlighted` the one that ends a call.
    property bool danger: false
    /// Where icon and text stand, e.g. Qt.AlignLeft in lists.
    property int align: Qt.AlignHCenter

    readonly property color ink: highlighted ? Theme.textOnAccent : danger ? Theme.danger : Theme.text

    implicitWidth: Math.max(implicitHeight, Math.ceil(implicitContentWidth) + leftPadding + rightPadding)
    implicitHeight: Math.max(Theme.controlHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: Theme.spaceM
    rightPadding: Theme.spaceM
    topPadding: Theme.spaceXs
    bottomPadding: Theme.spaceXs
    spacing: Theme.spaceS
    hoverEnabled: true
    opacity: enabled ? 1 : Theme.disabled
    icon.width: Theme.iconM
    icon.height: Theme.iconM
    icon.color: ink
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontM
    Accessible.role: Accessible.Button
    Accessible.name: accessibleName
    Accessible.onPressAction: control.clicked()
    Keys.onReturnPressed: control.clicked()
    Keys.onEnterPressed: control.clicked()

    contentItem: IconLabel {
        spacing: control.spacing
        mirrored: control.mirrored
        alignment: control.align | Qt.AlignVCenter
        display: control.display
        icon: control.icon
        text: control.text
        font: control.font
        color: control.ink
    }

    background: Rectangle {
        radius: Theme.radiusM
        color: {
            if (control.highlighted && control.danger)
                return Theme.danger;
            if (control.highlighted)
                return control.down ? Theme.accentPressed : control.hovered ? Theme.accentHover : Theme.accent;
            if (control.down)
                return Theme.controlPressed;
            if (control.hovered)
                return Theme.controlHover;
            if (control.checked)
                return Theme.accentSoft;
            return control.flat ? "transparent" : Theme.control;
        }

        Rectangle {
            anchors.fill: parent
            anchors.margins: -Theme.focusWidth - Theme.hairline
            radius: parent.radius + Theme.focusWidth
            color: "transparent"
            border.color: Theme.focus
            border.width: Theme.focusWidth
            visible: control.visualFocus
        }
    }
}
