// The products of the catalogue, beside the pictures.
//
// In: the catalogue's list and state. Out: orders to it; what the page has to do, as signals.
// Never waits: what came of an order is seen in the list.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

FocusScope {
    id: panel

    readonly property bool connected: Catalog.state === CatalogState.Ready || Catalog.state === CatalogState.Slow
        || Catalog.state === CatalogState.Back
    property bool editing: false
    /// The list is there beside the editor, where there is room for both.
    readonly property bool listShown: !editing || height > editor.implicitHeight + Theme.rowHeight * 4
    /// Keys by the names of actions, for tooltips.
    property var keyMap: ({})

    signal closeRequested
    /// A product is dragged; the place is in the scene's coordinates.
    signal productMoved(string name, point at)
    signal productDropped(string productId)

    implicitWidth: Theme.productsWidth
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Products")
    Keys.onEscapePressed: back()
    Component.onCompleted: Catalog.open()

    function back() {
        if (editing)
            stopEditing();
        else
            closeRequested();
    }
    function begin() {
        if (notice.away)
            notice.begin();
        else
            search.forceActiveFocus(Qt.TabFocusReason);
    }
    function addProduct() {
        editing = true;
        editor.begin(null);
    }
    function editProduct(productId: string) {
        const row = Catalog.row(productId);
        if (row < 0) {
            // The search hides it, or it is gone.
            if (search.text === "")
                return;
            search.text = "";
            sought = productId;
            return;
        }
        sought = "";
        list.currentIndex = row;
        list.positionViewAtIndex(row, ListView.Contain);
        list.forceLayout();
        const item = list.itemAtIndex(row) as ProductRow;
        if (item)
            edit(item);
    }
    function edit(row: ProductRow) {
        editing = true;
        editor.begin({
            "productId": row.productId,
            "name": row.name,
            "price": row.price,
            "description": row.description,
            "revision": row.revision
        });
    }
    function stopEditing() {
        editing = false;
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    /// The product that is to be edited once the list shows it.
    property string sought: ""

    Connections {
        target: Catalog
        enabled: panel.sought !== ""

        function onModelReset() {
            panel.editProduct(panel.sought);
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surfaceRaised
        border.color: Theme.outline
        border.width: Theme.hairline
    }

    PinMenu {
        id: pinMenu
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spaceM
        spacing: Theme.spaceM

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.spaceXs

            Text {
                Layout.fillWidth: true
                text: qsTr("Products")
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontL
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Button {
                text: qsTr("Add product")
                icon.source: Theme.icon("plus")
                enabled: panel.connected && !panel.editing
                onClicked: panel.addProduct()
            }
            IconButton {
                glyph: "x"
                accessibleName: qsTr("Close products")
                shortcut: panel.keyMap.products ?? ""
                onClicked: panel.closeRequested()
            }
        }

        CatalogNotice {
            id: notice

            Layout.fillWidth: true
        }

        // A low window has less room than the fields need.
        Flickable {
            id: editorPage

            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: contentHeight
            Layout.maximumHeight: contentHeight
            visible: panel.editing
            contentHeight: editor.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: contentHeight > height

            FocusFollower {
                page: editorPage
            }
            ProductEditor {
                id: editor

                width: editorPage.width
                changeable: panel.connected
                onFinished: panel.stopEditing()
            }
        }

        TextField {
            id: search

            Layout.fillWidth: true
            visible: !panel.editing && !(notice.away && list.count === 0)
            focus: true
            readOnly: !panel.connected
            placeholderText: qsTr("Search the products")
            onTextChanged: settle.restart()
            Keys.onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)

            // Not a question to the catalogue for every letter.
            Timer {
                id: settle

                interval: Theme.durationFast
                onTriggered: Catalog.find(search.text)
            }
        }

        ListView {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: panel.listShown
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            model: Catalog
            ScrollBar.vertical: ScrollBar {}
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Products")

            delegate: ProductRow {
                id: row

                width: list.width
                highlighted: ListView.isCurrentItem && list.activeFocus
                changeable: panel.connected
                onClicked: list.currentIndex = index
                onEditRequested: panel.edit(row)
                onDeleteRequested: Catalog.remove(productId)
                onPinRequested: at => {
                    pinMenu.productId = productId;
                    pinMenu.productName = name;
                    pinMenu.pins = streams;
                    pinMenu.popup(at, 0, at.height);
                }
                onMoved: at => panel.productMoved(name, at)
                onDropped: panel.productDropped(productId)
            }

            Text {
                anchors.centerIn: parent
                width: parent.width - Theme.spaceXl * 2
                visible: list.count === 0 && panel.connected
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                text: Catalog.search === "" ? qsTr("The catalogue is empty. Add the first product.") : qsTr("No product is called that.")
                color: Theme.textMuted
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                Accessible.role: Accessible.StaticText
                Accessible.name: text
                Accessible.ignored: !visible
            }
        }

        Text {
            Layout.fillWidth: true
            visible: Catalog.incomplete
            wrapMode: Text.Wrap
            text: qsTr("There are more products than are listed here; search for them.")
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
        Text {
            Layout.fillWidth: true
            visible: list.count > 0 && panel.listShown
            text: (Catalog.pending > 0 ? qsTr("Saving\u2026") + "  " : "") + qsTr("%n listed", "products", list.count) + "  \u00b7  "
                + qsTr("Drag one onto a picture to pin it")
            wrapMode: Text.Wrap
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
    }
}
