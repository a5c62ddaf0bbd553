// Look of what lies on a picture of the wall: name, status, figures, tools. No behaviour.
import QtQuick
import Okno.Controls
import Okno.Theme

Item {
    id: form

    property string name: "camera0"
    property string status: "live"
    property string statusText: "Live"
    property string figures: "1280 x 720  29.9 fps"
    property bool statusShown: true
    property bool nameShown: true
    property bool figuresShown: false
    property var recording: null
    property bool selected: false
    property bool keyboard: false
    property bool toolsShown: false
    property alias snapshot: snapshot
    property alias enlarge: enlarge
    property alias more: more

    StatusPill {
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.margins: Theme.spaceS
        status: form.status
        text: form.statusText
        visible: form.statusShown
    }

    RecordingPill {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceS
        recording: form.recording
        small: true
    }

    Rectangle {
        id: nameplate

        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: Theme.spaceS
        width: Math.min(Math.ceil(nameText.implicitWidth), form.width - Theme.spaceS * 4) + Theme.spaceS * 2
        height: nameText.implicitHeight + Theme.spaceXs * 2
        radius: Theme.radiusS
        color: Theme.scrim
        visible: form.nameShown

        Text {
            id: nameText

            anchors.fill: parent
            anchors.leftMargin: Theme.spaceS
            anchors.rightMargin: Theme.spaceS
            verticalAlignment: Text.AlignVCenter
            text: form.name
            textFormat: Text.PlainText
            elide: Text.ElideRight
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
        }
    }

    Rectangle {
        anchors.right: parent.right
        anchors.bottom: figuresPlate.visible ? figuresPlate.top : parent.bottom
        anchors.margins: Theme.spaceS
        width: tools.width + Theme.spaceXs
        height: tools.height + Theme.spaceXs
        radius: Theme.radiusM
        color: Theme.scrim
        visible: form.toolsShown && form.height > height * 3

        Row {
            id: tools

            anchors.centerIn: parent

            // For the pointer alone: keys and the menu do all of this, too.
            component Tool: IconButton {
                focusPolicy: Qt.NoFocus
                Accessible.ignored: true
            }

            Tool {
                id: snapshot

                glyph: "camera"
                accessibleName: "Snapshot"
            }
            Tool {
                id: enlarge

                glyph: "expand"
                accessibleName: "Large picture"
            }
            Tool {
                id: more

                glyph: ""
                text: "\u22ef"
                accessibleName: "More"
            }
        }
    }

    Rectangle {
        id: figuresPlate

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.spaceS
        width: figuresText.implicitWidth + Theme.spaceS * 2
        height: figuresText.implicitHeight + Theme.spaceXs * 2
        radius: Theme.radiusS
        color: Theme.scrim
        visible: form.figuresShown && form.width > nameplate.width + width + Theme.spaceXl

        Text {
            id: figuresText

            anchors.centerIn: parent
            text: form.figures
            textFormat: Text.PlainText
            color: Theme.textMuted
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontXs
        }
    }

    Rectangle {
        anchors.fill: parent
        color: "transparent"
        border.color: Theme.focus
        border.width: form.keyboard ? Theme.focusWidth * 2 : Theme.focusWidth
        visible: form.selected
    }
}
