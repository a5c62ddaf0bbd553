// Asks for a name for the picture that was on the screen when the key was pressed.
//
// In: the stream, a file to begin with, and what became of it. Out: the file that was chosen.
// Stays open until it is written; never replaces a file.
import QtQuick
import QtQuick.Layouts
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

Sheet {
    id: sheet

    /// The picture's stream.
    required property int streamId
    /// The file that is offered.
    required property string file
    property string problem: ""

    signal fileGiven(string path)

    title: qsTr("Save the picture")
    height: column.implicitHeight + Theme.controlHeight + Theme.spaceM + padding * 2
    width: Math.min(Theme.columnWidth, (parent?.width ?? 0) - Theme.spaceL * 2)
    onOpened: {
        field.text = file;
        field.forceActiveFocus();
        // The name without its folder and its ending: what one would change.
        field.select(file.lastIndexOf("/") + 1, file.lastIndexOf("."));
    }

    function finish() {
        problem = "";
        if (field.text.trim() !== "")
            fileGiven(field.text.trim());
    }

    Connections {
        target: FrameServer

        function onSaved(streamId: int, kind: string, path: string) {
            if (streamId === sheet.streamId && kind === "snapshot")
                sheet.close();
        }
        function onSaveFailed(streamId: int, kind: string, reason: string) {
            if (streamId === sheet.streamId && kind === "snapshot")
                sheet.problem = reason;
        }
    }

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceM

        Text {
            Layout.fillWidth: true
            text: qsTr("The picture that was on the screen, as the sender's own JPEG.")
            wrapMode: Text.Wrap
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
        }
        TextField {
            id: field

            Layout.fillWidth: true
            focus: true
            accessibleName: qsTr("File")
            onAccepted: sheet.finish()
        }
        Text {
            Layout.fillWidth: true
            visible: sheet.problem !== ""
            text: qsTr("Not saved: %1").arg(sheet.problem)
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: Theme.danger
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
            Accessible.ignored: !visible
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.spaceS

            Button {
                text: qsTr("Cancel")
                onClicked: sheet.close()
            }
            Button {
                text: qsTr("Save")
                highlighted: true
                enabled: field.text.trim() !== ""
                onClicked: sheet.finish()
            }
        }
    }
}
