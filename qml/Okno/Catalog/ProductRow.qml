// One product in the list: its words, and what can be done with it.
//
// In: the product's roles. Out: what the person asks for, as signals. Dragged to the side, it
// says where the pointer is, in the scene's coordinates.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Okno.Controls
import Okno.Theme

T.ItemDelegate {
    id: row

    required property int index
    required property string productId
    required property string name
    required property string description
    required property string price
    /// Names of streams, one a line.
    required property string streams
    required property real revision

    readonly property string places: streams.split("\n").join(", ")
    readonly property bool lively: hovered || activeFocus || tools.activeFocus || highlighted

    /// Whether anything can be changed now.
    property bool changeable: true

    signal editRequested
    signal deleteRequested
    signal pinRequested(Item at)
    signal moved(point at)
    signal dropped

    implicitHeight: column.implicitHeight + Theme.spaceS * 2
    leftPadding: Theme.spaceS
    rightPadding: Theme.spaceS
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2", "product, price").arg(name).arg(price)
    Accessible.description: streams === "" ? description : qsTr("Pinned to %1").arg(places)
    Accessible.onPressAction: row.editRequested()
    Keys.onReturnPressed: row.editRequested()
    Keys.onEnterPressed: row.editRequested()
    Keys.onDeletePressed: if (changeable)
        row.deleteRequested()
    Keys.onMenuPressed: if (changeable)
        row.pinRequested(row)
    onClicked: forceActiveFocus(Qt.MouseFocusReason)
    onDoubleClicked: row.editRequested()

    background: Rectangle {
        radius: Theme.radiusM
        color: row.highlighted ? Theme.accentSoft : row.hovered ? Theme.controlHover : "transparent"

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: "transparent"
            border.color: Theme.focus
            border.width: Theme.focusWidth
            visible: row.visualFocus
        }
    }

    Item {
        anchors.fill: parent
        anchors.leftMargin: row.leftPadding
        anchors.rightMargin: row.rightPadding

        Column {
            id: column

            anchors.left: parent.left
            anchors.right: tools.visible ? tools.left : parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.rightMargin: tools.visible ? Theme.spaceS : 0
            spacing: Theme.spaceXs

            Text {
                width: parent.width
                text: row.name
                textFormat: Text.PlainText
                elide: Text.ElideRight
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
            }
            Text {
                width: parent.width
                text: row.streams === "" ? row.price : qsTr("%1 \u00b7 pinned to %2", "price, streams").arg(row.price).arg(row.places)
                textFormat: Text.PlainText
                elide: Text.ElideRight
                color: Theme.textMuted
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontS
            }
        }
        Row {
            id: tools

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            // Not hidden while one of them has the keyboard, which would lose it.
            visible: row.lively && row.changeable

            IconButton {
                glyph: "pin"
                accessibleName: qsTr("Pin %1 to a stream").arg(row.name)
                shortcut: qsTr("Menu", "key")
                onClicked: row.pinRequested(this)
            }
            IconButton {
                glyph: "pencil"
                accessibleName: qsTr("Edit %1").arg(row.name)
                shortcut: qsTr("Enter")
                onClicked: row.editRequested()
            }
            IconButton {
                glyph: "trash-2"
                accessibleName: qsTr("Delete %1").arg(row.name)
                shortcut: qsTr("Del")
                onClicked: row.deleteRequested()
            }
        }
    }

    // Only to the side: up and down scrolls.
    DragHandler {
        id: drag

        target: null
        enabled: row.changeable
        yAxis.enabled: false
        grabPermissions: PointerHandler.CanTakeOverFromAnything
        onCentroidChanged: if (active)
            row.moved(centroid.scenePosition)
        onActiveChanged: if (!active)
            row.dropped()
    }
}
