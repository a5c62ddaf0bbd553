// A panel over everything else, with a title and a way to close it. Esc closes it as well.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.Popup {
    id: sheet

    required property string title
    property bool titleShown: true
    default property alias body: bodyArea.data

    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? Math.round((parent.height - height) / 2) : 0
    width: parent ? Math.min(Theme.sheetWidth, parent.width - Theme.spaceL * 2) : Theme.sheetWidth
    height: parent ? Math.min(Theme.sheetHeight, parent.height - Theme.spaceL * 2) : Theme.sheetHeight
    modal: true
    dim: true
    focus: true
    padding: Theme.spaceL
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }

    background: Rectangle {
        radius: Theme.radiusL
        color: Theme.surfaceRaised
        border.color: Theme.outline
        border.width: Theme.hairline
    }

    FocusScope {
        anchors.fill: parent
        focus: true
        // Popups don't inherit it from what they lie over.
        LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
        LayoutMirroring.childrenInherit: true
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title

        Text {
            id: heading

            anchors.left: parent.left
            anchors.verticalCenter: closer.verticalCenter
            visible: sheet.titleShown
            text: sheet.title
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontL
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
            Accessible.name: text
            Accessible.ignored: !visible
        }
        IconButton {
            id: closer

            anchors.right: parent.right
            anchors.top: parent.top
            visible: sheet.titleShown
            glyph: "x"
            accessibleName: qsTr("Close")
            shortcut: qsTr("Esc")
            onClicked: sheet.close()
        }
        FocusScope {
            id: bodyArea

            focus: true
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.top: sheet.titleShown ? closer.bottom : parent.top
            anchors.topMargin: sheet.titleShown ? Theme.spaceM : 0
        }
    }
}
