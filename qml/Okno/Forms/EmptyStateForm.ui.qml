// Look of the window while no one has sent a frame yet. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: form

    property string title: "Waiting for the first frame"
    property string listening: "Listening on 127.0.0.1:12345"
    property bool isListening: true
    property string introduction: "Send frames from your program:"
    property string code: "import cv2"
    property string codeName: "Python code"
    property alias pythonTab: pythonTab
    property alias cppTab: cppTab
    property alias shellTab: shellTab
    property alias codeBlock: codeBlock
    property alias testPatternButton: testPatternButton
    property alias addSourceButton: addSourceButton
    property alias banners: banners.data
    property alias hint: hintText.text

    implicitWidth: Theme.columnWidth
    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        anchors.fill: parent
        spacing: Theme.spaceS

        Icon {
            Layout.alignment: Qt.AlignHCenter
            glyph: "cast"
            size: Theme.iconXl
            color: Theme.accent
        }
        Text {
            Layout.fillWidth: true
            Layout.topMargin: Theme.spaceS
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: form.title
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontXl
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            spacing: Theme.spaceS

            StatusShape {
                height: listeningText.height
                status: form.isListening ? "live" : "gone"
            }
            Text {
                id: listeningText

                text: form.listening
                textFormat: Text.PlainText
                color: Theme.textMuted
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
        Column {
            id: banners

            Layout.fillWidth: true
            Layout.topMargin: Theme.spaceS
            spacing: Theme.spaceS
            visible: implicitHeight > 0
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.spaceL

            Text {
                Layout.fillWidth: true
                text: form.introduction
                color: Theme.textMuted
                wrapMode: Text.Wrap
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
            }
            Row {
                TabButton {
                    id: pythonTab

                    text: "Python"
                    checked: true
                }
                TabButton {
                    id: cppTab

                    text: "C++"
                }
                TabButton {
                    id: shellTab

                    text: "Command line"
                }
            }
        }
        CodeBlock {
            id: codeBlock

            Layout.fillWidth: true
            code: form.code
            accessibleName: form.codeName
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.spaceL
            spacing: Theme.spaceM

            Button {
                id: testPatternButton

                text: "Show a test pattern"
                highlighted: true
                icon.source: Theme.icon("monitor-play")
            }
            Button {
                id: addSourceButton

                text: "Add source"
                icon.source: Theme.icon("plus")
            }
        }
        Text {
            id: hintText

            Layout.fillWidth: true
            Layout.topMargin: Theme.spaceS
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            visible: text !== ""
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
    }
}
