// Look of the card for a call with an original client: where, the session code, and that nothing is
// encrypted. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

CallCard {
    id: form

    property string title: "Call an original client"
    property string words: "For somebody who uses the original program."
    property string mark: "Not encrypted"
    property string serverTitle: "Server"
    property string codeTitle: "Session code"
    property string videoTitle: "Port for pictures"
    property string audioTitle: "Port for sound"
    property string problem: ""
    property string buttonText: "Connect"
    property bool wide: width >= Theme.columnWidth
    property alias serverField: serverField
    property alias codeField: codeField
    property alias videoField: videoField
    property alias audioField: audioField
    property alias button: button

    component Caption: Label {
        Layout.fillWidth: true
        muted: true
        font.pixelSize: Theme.fontS
        Accessible.ignored: true
    }
    component Place: ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignBottom
        spacing: Theme.spaceXs
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.spaceM

        Icon {
            glyph: "plug"
            size: Theme.iconXl
            color: Theme.accent
        }
        Heading {
            Layout.fillWidth: true
            text: form.title
        }
        StatusPill {
            status: "stalled"
            text: form.mark
        }
    }
    Label {
        Layout.fillWidth: true
        muted: true
        text: form.words
    }
    GridLayout {
        Layout.fillWidth: true
        columns: form.wide ? 4 : 2
        columnSpacing: Theme.spaceM
        rowSpacing: Theme.spaceS

        Place {
            Caption {
                text: form.serverTitle
            }
            TextField {
                id: serverField

                Layout.fillWidth: true
                accessibleName: form.serverTitle
                maximumLength: 260
            }
        }
        Place {
            Caption {
                text: form.codeTitle
            }
            TextField {
                id: codeField

                Layout.fillWidth: true
                font.family: Theme.monoFamily
                accessibleName: form.codeTitle
                maximumLength: 1024
            }
        }
        Place {
            Caption {
                text: form.videoTitle
            }
            TextField {
                id: videoField

                Layout.fillWidth: true
                accessibleName: form.videoTitle
                maximumLength: 5
                inputMethodHints: Qt.ImhDigitsOnly
            }
        }
        Place {
            Caption {
                text: form.audioTitle
            }
            TextField {
                id: audioField

                Layout.fillWidth: true
                accessibleName: form.audioTitle
                maximumLength: 5
                inputMethodHints: Qt.ImhDigitsOnly
            }
        }
    }
    Problem {
        Layout.fillWidth: true
        text: form.problem
    }
    Button {
        id: button

        Layout.fillWidth: true
        text: form.buttonText
        icon.source: Theme.icon("phone")
    }
}
