// Under the pointer while a product is dragged: what it is, and where it would go.
import QtQuick
import Okno.Theme

Rectangle {
    id: label

    required property string product
    /// The stream that it would be pinned to; empty if none is there.
    required property string stream

    width: words.implicitWidth + Theme.spaceM * 2
    height: words.implicitHeight + Theme.spaceS * 2
    radius: Theme.radiusM
    color: Theme.surfaceOverlay
    border.color: stream === "" ? Theme.outline : Theme.accent
    border.width: Theme.focusWidth

    Text {
        id: words

        anchors.centerIn: parent
        text: label.stream === "" ? label.product : qsTr("%1: pin to %2", "product, stream").arg(label.product).arg(label.stream)
        textFormat: Text.PlainText
        color: Theme.text
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontM
    }
}
