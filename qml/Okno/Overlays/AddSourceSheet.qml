// Asks for the address of a camera that serves its picture, or for a file.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Sheet {
    id: sheet

    readonly property bool valid: /^(https?:\/\/[^\s\/]+|(file:\/\/|~)?\/.)/i.test(field.text.trim())

    signal sourceGiven(string url)

    title: qsTr("Add source")
    height: column.implicitHeight + Theme.controlHeight + Theme.spaceM + padding * 2
    width: Math.min(Theme.columnWidth * 0.8, (parent?.width ?? 0) - Theme.spaceL * 2)
    onOpened: {
        field.text = "";
        field.forceActiveFocus();
    }

    function finish() {
        if (!valid)
            return;
        sourceGiven(field.text.trim());
        close();
    }

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceM

        Text {
            Layout.fillWidth: true
            text: qsTr("Okno fetches MJPEG over HTTP from cameras and boards that serve it, and opens picture and video files.")
            wrapMode: Text.Wrap
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
        }
        TextField {
            id: field

            Layout.fillWidth: true
            focus: true
            placeholderText: "http://camera.local:8080/stream"
            accessibleName: qsTr("Address of the source")
            onAccepted: sheet.finish()
        }
        Text {
            Layout.fillWidth: true
            text: field.text.trim() === "" || sheet.valid ? "" : qsTr("An address begins with http:// or https://, a file with /")
            color: Theme.danger
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.spaceS

            Button {
                text: qsTr("Cancel")
                onClicked: sheet.close()
            }
            Button {
                text: qsTr("Add")
                highlighted: true
                enabled: sheet.valid
                onClicked: sheet.finish()
            }
        }
    }
}
