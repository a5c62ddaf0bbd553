// Look of the safety code that two people read to each other. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Rectangle {
    id: form

    property string title: "Is this the same on both screens?"
    property string explanation: "Read it to each other. If it is the same, nobody is listening in."
    property string words: "anchor velvet tulip canyon"
    property string number: "493 027"
    property string answer: ""
    property string answerStatus: "quiet"
    property alias same: same
    property alias different: different
    property alias closer: closer

    implicitWidth: Theme.callCardWidth
    implicitHeight: column.implicitHeight + Theme.spaceM * 2
    radius: Theme.radiusL
    color: Theme.surfaceOverlay
    border.color: Theme.outline
    border.width: Theme.hairline

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        spacing: Theme.spaceS

        RowLayout {
            Layout.fillWidth: true

            Heading {
                Layout.fillWidth: true
                font.pixelSize: Theme.fontM
                text: form.title
            }
            IconButton {
                id: closer

                glyph: "x"
                accessibleName: "Close"
            }
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.fontL
            font.weight: Font.DemiBold
            text: form.words
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontXl
            text: form.number
        }
        Label {
            Layout.fillWidth: true
            muted: true
            font.pixelSize: Theme.fontS
            text: form.explanation
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.spaceS

            StatusPill {
                visible: form.answer !== ""
                status: form.answerStatus
                text: form.answer
            }
            Item {
                Layout.fillWidth: true
            }
            Button {
                id: different

                text: "No"
            }
            Button {
                id: same

                highlighted: true
                text: "Yes"
            }
        }
    }
}
