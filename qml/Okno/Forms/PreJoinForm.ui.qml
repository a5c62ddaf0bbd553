// Look of the check before a call: one's own picture, devices beside it, what works. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: form

    property string title: "Before you join"
    property string cameraName: "Camera"
    property string cameraWords: ""
    property string joinText: "Join"
    property string backText: "Back"
    property string levelName: "Microphone level"
    property real level: 0
    /// What works and what doesn't: [{ok, text}].
    property var checks: []
    property bool wide: width >= Theme.columnWidth
    property alias picture: picture.data
    property alias microphoneSwitch: microphoneSwitch
    property alias cameraSwitch: cameraSwitch
    property alias cameraPicker: cameraPicker
    property alias microphonePicker: microphonePicker
    property alias speakerPicker: speakerPicker
    property alias speakerButton: speakerButton
    property alias echoButton: echoButton
    property alias joinButton: joinButton
    property alias backButton: backButton

    component Small: Label {
        muted: true
        font.pixelSize: Theme.fontS
        Accessible.ignored: true
    }

    implicitWidth: Theme.columnWidth + Theme.callCardWidth
    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceL

        Heading {
            Layout.fillWidth: true
            text: form.title
            font.pixelSize: Theme.fontXl
        }
        GridLayout {
            Layout.fillWidth: true
            columns: form.wide ? 2 : 1
            columnSpacing: Theme.spaceXl
            rowSpacing: Theme.spaceL

            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.spaceS

                Rectangle {
                    Layout.fillWidth: true
                    // Not of its own width, which the layout still looks for.
                    Layout.preferredHeight: form.wide ? Math.min(Theme.sheetHeight, (form.width - Theme.callCardWidth - Theme.spaceXl) * 9 / 16)
                        : Theme.fieldWidth
                    radius: Theme.radiusM
                    color: Theme.picture
                    clip: true

                    Item {
                        id: picture

                        anchors.fill: parent
                    }
                    Column {
                        anchors.centerIn: parent
                        width: parent.width - Theme.spaceXl * 2
                        spacing: Theme.spaceS
                        visible: form.cameraWords !== ""

                        Icon {
                            anchors.horizontalCenter: parent.horizontalCenter
                            glyph: "video-off"
                            size: Theme.iconXl
                            color: Theme.statusQuiet
                        }
                        Label {
                            width: parent.width
                            horizontalAlignment: Text.AlignHCenter
                            // On the picture's black, whatever the theme.
                            color: Theme.statusQuiet
                            text: form.cameraWords
                        }
                    }
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.spaceS

                    Label {
                        Layout.fillWidth: true
                        elide: Text.ElideRight
                        wrapMode: Text.NoWrap
                        muted: true
                        text: form.cameraName
                    }
                    Button {
                        id: microphoneSwitch
                    }
                    Button {
                        id: cameraSwitch
                    }
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                Layout.maximumWidth: form.wide ? Theme.callCardWidth : form.width
                spacing: Theme.spaceXs

                Small {
                    text: cameraPicker.title
                }
                Picker {
                    id: cameraPicker

                    Layout.fillWidth: true
                    options: []
                    title: "Camera"
                }
                Small {
                    Layout.topMargin: Theme.spaceS
                    text: microphonePicker.title
                }
                Picker {
                    id: microphonePicker

                    Layout.fillWidth: true
                    options: []
                    title: "Microphone"
                }
                LevelMeter {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.spaceXs
                    accessibleName: form.levelName
                    level: form.level
                }
                Small {
                    Layout.topMargin: Theme.spaceS
                    text: speakerPicker.title
                }
                Picker {
                    id: speakerPicker

                    Layout.fillWidth: true
                    options: []
                    title: "Speaker"
                }
                Flow {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.spaceS
                    spacing: Theme.spaceS

                    Button {
                        id: speakerButton

                        icon.source: Theme.icon("volume-2")
                    }
                    Button {
                        id: echoButton

                        icon.source: Theme.icon("mic")
                    }
                }
                Item {
                    Layout.preferredHeight: Theme.spaceXs
                }
                Repeater {
                    model: form.checks

                    delegate: RowLayout {
                        id: check

                        required property var modelData

                        Layout.fillWidth: true
                        spacing: Theme.spaceS

                        Icon {
                            Layout.alignment: Qt.AlignTop
                            glyph: check.modelData.ok ? "check" : "triangle-alert"
                            size: Theme.iconS
                            color: check.modelData.ok ? Theme.statusLive : Theme.danger
                        }
                        Label {
                            Layout.fillWidth: true
                            font.pixelSize: Theme.fontS
                            text: check.modelData.text
                        }
                    }
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.spaceS

            Button {
                id: backButton

                text: form.backText
            }
            Item {
                Layout.fillWidth: true
            }
            Button {
                id: joinButton

                highlighted: true
                text: form.joinText
            }
        }
    }
}
