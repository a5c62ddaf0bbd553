// The addresses Okno listens on, what's wrong with any, and a way to add one.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

Column {
    id: rows

    /// See SettingsRow.
    property string search: ""
    readonly property int port: /^\d{1,5}$/.test(field.text) ? parseInt(field.text) : 0
    readonly property bool valid: port > 0 && port < 65536

    spacing: Theme.spaceXs

    Repeater {
        model: FrameServer.endpoints

        delegate: SettingsRow {
            required property string modelData

            width: rows.width
            search: rows.search
            title: modelData
            explanation: qsTr("Listening")
        }
    }
    Repeater {
        model: FrameServer.problems

        delegate: InlineBanner {
            required property var modelData

            width: rows.width
            visible: rows.search === ""
            text: modelData.message
            actionText: qsTr("Use another port")
            onActionTriggered: FrameServer.retryOnAnotherPort(modelData.port)
        }
    }
    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("Another port")
        explanation: qsTr("From this computer only. For others, start Okno with --listen 0.0.0.0:PORT.")

        Row {
            spacing: Theme.spaceS

            TextField {
                id: field

                width: Theme.fieldWidth / 2
                placeholderText: qsTr("Port")
                accessibleName: qsTr("Port to listen on")
                onAccepted: opener.clicked()
            }
            Button {
                id: opener

                text: qsTr("Listen")
                enabled: rows.valid
                onClicked: if (rows.valid) {
                    FrameServer.listen("127.0.0.1", rows.port);
                    field.text = "";
                }
            }
        }
    }
}
