// Adds a product, or changes one.
//
// In: the product as it was when editing began, or nothing for a new one. Out: orders to the
// catalogue. Stays open until the catalogue has said that it is done, and says what it refused.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Okno.Backend
import Okno.Style
import Okno.Theme

FocusScope {
    id: editor

    /// Empty for a new product.
    property string productId: ""
    property real revision: 0
    /// Whether anything can be changed now.
    property bool changeable: true
    property bool waiting: false
    property string problem: ""

    readonly property bool fresh: productId === ""
    readonly property bool complete: name.text.trim() !== "" && price.text.trim() !== ""

    signal finished

    implicitHeight: column.implicitHeight
    Accessible.role: Accessible.Grouping
    Accessible.name: heading.text
    Keys.onEscapePressed: finished()

    /// Begins with these values; null for a new product.
    function begin(product: var) {
        productId = product?.productId ?? "";
        revision = product?.revision ?? 0;
        name.text = product?.name ?? "";
        price.text = product?.price ?? "";
        description.text = product?.description ?? "";
        problem = "";
        waiting = false;
        name.forceActiveFocus(Qt.TabFocusReason);
        name.selectAll();
    }

    function save() {
        problem = Catalog.check(name.text, description.text, price.text);
        if (problem !== "" || waiting || !changeable)
            return;
        waiting = true;
        if (fresh)
            Catalog.add(name.text.trim(), description.text, price.text);
        else
            Catalog.update(productId, revision, name.text.trim(), description.text, price.text);
    }

    component Label: Text {
        color: Theme.textMuted
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontS
        Accessible.ignored: true
    }

    Connections {
        target: Catalog
        enabled: editor.waiting

        function onDone(action: string, productId: string, name: string) {
            if (action === (editor.fresh ? "add" : "update") && (editor.fresh || productId === editor.productId)) {
                editor.waiting = false;
                editor.finished();
            }
        }
        function onFailed(action: string, productId: string, message: string) {
            if (action === "add" || action === "update" || action === "") {
                editor.waiting = false;
                editor.problem = message;
            }
        }
    }

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceXs

        Text {
            id: heading

            Layout.fillWidth: true
            text: editor.fresh ? qsTr("New product") : qsTr("Edit product")
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Label {
            text: qsTr("Name")
        }
        TextField {
            id: name

            Layout.fillWidth: true
            focus: true
            accessibleName: qsTr("Name of the product")
            onAccepted: editor.save()
        }
        Label {
            text: qsTr("Price")
        }
        TextField {
            id: price

            Layout.fillWidth: true
            accessibleName: qsTr("Price of the product")
            inputMethodHints: Qt.ImhFormattedNumbersOnly
            onAccepted: editor.save()
        }
        Label {
            text: qsTr("Description")
        }
        T.ScrollView {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.controlHeight * 2

            T.TextArea {
                id: description

                padding: Theme.spaceS
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.textOnAccent
                selectByMouse: true
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.Wrap
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                // Tab goes on to the buttons.
                KeyNavigation.priority: KeyNavigation.BeforeItem
                KeyNavigation.tab: cancel
                KeyNavigation.backtab: price
                Accessible.role: Accessible.EditableText
                Accessible.name: qsTr("Description of the product")

                background: Rectangle {
                    radius: Theme.radiusM
                    color: Theme.surfaceSunken
                    border.color: description.activeFocus ? Theme.focus : Theme.outlineStrong
                    border.width: description.activeFocus ? Theme.focusWidth : Theme.hairline
                }
            }
        }
        Text {
            Layout.fillWidth: true
            visible: text !== ""
            text: editor.problem
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: Theme.danger
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            Layout.topMargin: Theme.spaceXs
            spacing: Theme.spaceS

            Button {
                id: cancel

                text: qsTr("Cancel")
                onClicked: editor.finished()
            }
            Button {
                text: editor.waiting ? qsTr("Saving\u2026") : editor.fresh ? qsTr("Add") : qsTr("Save")
                highlighted: true
                enabled: editor.complete && editor.changeable && !editor.waiting
                onClicked: editor.save()
            }
        }
    }
}
