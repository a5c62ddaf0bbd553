// Look of a product on a picture: name, price, description. No behaviour.
import QtQuick
import Okno.Theme

Rectangle {
    id: form

    property string name: "Blue cup"
    property string price: "9.90"
    property string description: "Stoneware, 0.3 l"
    /// Whether there is room for the description.
    property bool descriptionShown: true
    property bool hovered: false
    /// The card has the keyboard.
    property bool keyboard: false

    implicitWidth: Theme.cardWidth
    implicitHeight: column.implicitHeight + Theme.spaceS * 2
    radius: Theme.radiusM
    color: Theme.scrim
    border.color: form.keyboard ? Theme.focus : form.hovered ? Theme.accent : Theme.outline
    border.width: form.keyboard ? Theme.focusWidth : Theme.hairline

    Column {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceS
        spacing: Theme.spaceXs

        Text {
            width: parent.width
            text: form.name
            textFormat: Text.PlainText
            elide: Text.ElideRight
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            font.weight: Font.DemiBold
        }
        Text {
            width: parent.width
            visible: form.descriptionShown && form.description !== ""
            text: form.description
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
        Text {
            width: parent.width
            text: form.price
            textFormat: Text.PlainText
            elide: Text.ElideRight
            color: Theme.accent
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontM
        }
    }
}
