// Look of the end of a call: why it ended, how long it was, what to do next. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: form

    property string reason: "The call has ended"
    property string advice: ""
    property string details: ""
    property string duration: ""
    property string glyph: "phone-off"
    property bool alarming: false
    property alias again: again
    property alias trust: trust
    property alias home: home

    implicitWidth: Theme.columnWidth
    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceM

        Icon {
            Layout.alignment: Qt.AlignHCenter
            glyph: form.alarming ? "triangle-alert" : form.glyph
            size: Theme.iconXl
            color: form.alarming ? Theme.danger : Theme.textMuted
        }
        Heading {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.fontXl
            text: form.reason
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            visible: text !== ""
            text: form.advice
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            visible: text !== ""
            muted: true
            font.pixelSize: Theme.fontS
            text: form.details
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            visible: text !== ""
            muted: true
            text: form.duration
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.spaceM
            spacing: Theme.spaceS

            Button {
                id: home
            }
            Button {
                id: trust

                danger: true
            }
            Button {
                id: again

                highlighted: true
                icon.source: Theme.icon("phone")
            }
        }
    }
}
