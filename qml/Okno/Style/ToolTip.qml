// A few words about the control under the pointer.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.ToolTip {
    id: control

    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: -implicitHeight - Theme.spaceXs
    implicitWidth: Math.ceil(implicitContentWidth) + leftPadding + rightPadding
    implicitHeight: Math.ceil(implicitContentHeight) + topPadding + bottomPadding
    margins: Theme.spaceXs
    padding: Theme.spaceS
    topPadding: Theme.spaceXs
    bottomPadding: Theme.spaceXs
    delay: Theme.tooltipDelay
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontS

    contentItem: Text {
        text: control.text
        font: control.font
        color: Theme.text
    }

    background: Rectangle {
        radius: Theme.radiusS
        color: Theme.surfaceOverlay
        border.color: Theme.outline
        border.width: Theme.hairline
    }
}
