// The ring around what has the keyboard. Only drawn for people who use the keyboard.
import QtQuick
import Okno.Theme

Rectangle {
    /// The control that the ring belongs to.
    required property Item target
    property bool shown: target?.visualFocus ?? false

    anchors.fill: parent
    anchors.margins: -Theme.focusWidth - Theme.hairline
    radius: Theme.radiusM + Theme.focusWidth
    color: "transparent"
    border.color: Theme.focus
    border.width: Theme.focusWidth
    visible: shown
}
