// A strip over the interface that says what is wrong with its files.
//
// In: a title, and what is wrong as "file:line:column: what". Out: the text on the clipboard, the
// file in its editor, and word that it was read. Never: anything from modules that a designer could break.
import QtQuick
import QtQuick.Templates as T
import Okno.Backend
import Okno.Theme

Rectangle {
    id: overlay

    required property string title
    required property string text
    /// It can be put away; otherwise it goes when the error does.
    property bool closable: false

    signal closeRequested

    component Action: T.Button {
        id: action

        implicitWidth: implicitContentWidth + Theme.spaceM * 2
        implicitHeight: Theme.controlHeight
        Accessible.role: Accessible.Button
        Accessible.name: text
        Accessible.onPressAction: action.clicked()
        contentItem: Text {
            text: action.text
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.ignored: true
        }
        background: Rectangle {
            radius: Theme.radiusM
            color: action.down ? Theme.controlPressed : action.hovered ? Theme.controlHover : Theme.control
            border.width: action.visualFocus ? Theme.focusWidth : 0
            border.color: Theme.focus
        }
    }

    implicitHeight: Math.max(words.implicitHeight, actions.implicitHeight) + Theme.spaceL * 2
    color: Theme.dangerSoft
    border.color: Theme.danger
    border.width: Theme.hairline
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title + "\n" + text
    Accessible.ignored: !visible

    Column {
        id: words

        anchors.left: parent.left
        anchors.right: actions.left
        anchors.top: parent.top
        anchors.margins: Theme.spaceL
        spacing: Theme.spaceXs

        Text {
            width: parent.width
            text: overlay.title
            wrapMode: Text.Wrap
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.ignored: true
        }
        Text {
            width: parent.width
            text: overlay.text
            textFormat: Text.PlainText
            wrapMode: Text.WrapAnywhere
            color: Theme.text
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontS
            Accessible.ignored: true
        }
    }
    Row {
        id: actions

        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceL
        spacing: Theme.spaceS

        Action {
            text: qsTr("Open in editor")
            onClicked: Designer.openInEditor(overlay.text)
        }
        Action {
            text: qsTr("Copy the error")
            onClicked: FrameServer.copyText(overlay.text)
        }
        Action {
            text: qsTr("Close")
            visible: overlay.closable
            onClicked: overlay.closeRequested()
        }
    }
}
