// The products that are pinned to a stream, as cards over its picture.
//
// In: the stream's name. Out: the product that someone asks for, as a signal. As many cards as
// there is room for; a line says how many more there are.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Theme

Column {
    id: cards

    required property string stream
    /// Height that they may take.
    required property real room

    readonly property var products: Catalog.pinRevision, Catalog.pinnedTo(stream)
    readonly property int count: products?.length ?? 0
    readonly property bool roomy: width >= Theme.cardWidth * 0.75
    readonly property real cardHeight: measure.implicitHeight + spacing
    readonly property int most: Math.max(0, Math.floor((room - (count > 1 ? Theme.fontS * 2 : 0)) / cardHeight))

    signal productActivated(string productId)

    spacing: Theme.spaceXs
    // Nothing may lie on a picture whose pixels are being measured.
    visible: count > 0 && App.viewSize.width <= 0
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Products at %1").arg(stream)

    // As high as any card gets.
    ProductCardForm {
        id: measure

        visible: false
        width: cards.width
        descriptionShown: cards.roomy
        name: "X"
        description: "X\nX"
        price: "X"
    }

    Repeater {
        model: Math.min(cards.most, cards.count)

        delegate: FocusScope {
            id: card

            required property int index

            readonly property var product: cards.products[index] ?? ({})

            width: cards.width
            height: form.implicitHeight
            activeFocusOnTab: true
            Accessible.role: Accessible.Button
            Accessible.name: qsTr("%1, %2", "product, price").arg(product.name ?? "").arg(product.price ?? "")
            Accessible.description: product.description ?? ""
            Accessible.onPressAction: cards.productActivated(product.productId)
            // These keys mean something else for the stream under the card.
            Keys.onShortcutOverride: event => event.accepted = event.key === Qt.Key_Delete || event.key === Qt.Key_Space
            Keys.onDeletePressed: Catalog.unpin(product.productId, cards.stream)
            Keys.onReturnPressed: cards.productActivated(product.productId)
            Keys.onEnterPressed: cards.productActivated(product.productId)
            Keys.onSpacePressed: cards.productActivated(product.productId)

            ProductCardForm {
                id: form

                anchors.fill: parent
                name: card.product.name ?? ""
                price: card.product.price ?? ""
                description: card.product.description ?? ""
                descriptionShown: cards.roomy
                hovered: hover.hovered
                keyboard: card.activeFocus
            }
            HoverHandler {
                id: hover
            }
            TapHandler {
                gesturePolicy: TapHandler.WithinBounds
                onTapped: cards.productActivated(card.product.productId)
            }
        }
    }

    Rectangle {
        width: more.implicitWidth + Theme.spaceS * 2
        height: more.implicitHeight + Theme.spaceXs
        radius: Theme.radiusS
        color: Theme.scrim
        visible: cards.count > cards.most

        Text {
            id: more

            anchors.centerIn: parent
            text: cards.most > 0 ? qsTr("%n more", "products", cards.count - cards.most) : qsTr("%n pinned", "products", cards.count)
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
}
