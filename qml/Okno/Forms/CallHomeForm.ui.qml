// Look of the call's first page: a card to start a call, one to join, and below them one for a call
// with an original client. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: form

    property string title: "Call"
    property string startTitle: "Start a call"
    property string startWords: "You get a code. Give it to the person you want to talk to."
    property string relayTitle: "Relay"
    property string relayProblem: ""
    property string joinTitle: "Join a call"
    property string joinWords: "Type or paste the code or the link that you were given."
    property string joinProblem: ""
    property string nameTitle: "Your name"
    property bool wide: width >= Theme.callCardWidth * 2 + Theme.spaceL
    property alias nameField: nameField
    property alias relayField: relayField
    property alias startButton: startButton
    property alias codeField: codeField
    property alias joinButton: joinButton
    property alias classic: classic

    implicitWidth: Theme.callCardWidth * 2 + Theme.spaceL
    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceL

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.spaceM

            Heading {
                Layout.fillWidth: true
                text: form.title
                font.pixelSize: Theme.fontXl
            }
            Label {
                muted: true
                text: form.nameTitle
                Accessible.ignored: true
            }
            TextField {
                id: nameField

                accessibleName: form.nameTitle
                maximumLength: 40
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columns: form.wide ? 2 : 1
            columnSpacing: Theme.spaceL
            rowSpacing: Theme.spaceL

            CallCard {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Icon {
                    glyph: "phone"
                    size: Theme.iconXl
                    color: Theme.accent
                }
                Heading {
                    Layout.fillWidth: true
                    text: form.startTitle
                }
                Label {
                    Layout.fillWidth: true
                    muted: true
                    text: form.startWords
                }
                Item {
                    Layout.fillHeight: true
                }
                Label {
                    muted: true
                    font.pixelSize: Theme.fontS
                    text: form.relayTitle
                    Accessible.ignored: true
                }
                TextField {
                    id: relayField

                    Layout.fillWidth: true
                    accessibleName: form.relayTitle
                    maximumLength: 260
                }
                Problem {
                    Layout.fillWidth: true
                    text: form.relayProblem
                }
                Button {
                    id: startButton

                    Layout.fillWidth: true
                    highlighted: true
                    text: form.startTitle
                }
            }
            CallCard {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Icon {
                    glyph: "link"
                    size: Theme.iconXl
                    color: Theme.accent
                }
                Heading {
                    Layout.fillWidth: true
                    text: form.joinTitle
                }
                Label {
                    Layout.fillWidth: true
                    muted: true
                    text: form.joinWords
                }
                Item {
                    Layout.fillHeight: true
                }
                TextField {
                    id: codeField

                    Layout.fillWidth: true
                    font.family: Theme.monoFamily
                    maximumLength: 600
                }
                Problem {
                    Layout.fillWidth: true
                    text: form.joinProblem
                }
                Button {
                    id: joinButton

                    Layout.fillWidth: true
                    text: form.joinTitle
                }
            }
            ClassicCallForm {
                id: classic

                Layout.fillWidth: true
                Layout.columnSpan: form.wide ? 2 : 1
            }
        }
    }
}
