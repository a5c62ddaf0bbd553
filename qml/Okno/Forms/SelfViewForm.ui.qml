// Look of one's own picture in a call: a frame with the picture, or words in its place. No behaviour.
import QtQuick
import Okno.Controls
import Okno.Theme

Rectangle {
    id: form

    property string words: ""
    property bool muted: false
    property bool keyboard: false
    property bool handleLeft: true
    property bool handleTop: true
    property alias picture: picture.data
    property alias handle: handle

    radius: Theme.radiusM
    color: Theme.surfaceSunken
    border.color: form.keyboard ? Theme.focus : Theme.outlineStrong
    border.width: form.keyboard ? Theme.focusWidth : Theme.hairline
    clip: true

    Item {
        id: picture

        anchors.fill: parent
        anchors.margins: form.border.width
    }
    Label {
        anchors.centerIn: parent
        width: parent.width - Theme.spaceS * 2
        horizontalAlignment: Text.AlignHCenter
        visible: text !== ""
        muted: true
        font.pixelSize: Theme.fontS
        text: form.words
    }
    Rectangle {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: Theme.spaceXs
        width: Theme.iconM + Theme.spaceXs * 2
        height: width
        radius: width / 2
        color: Theme.scrim
        visible: form.muted

        Icon {
            anchors.centerIn: parent
            glyph: "mic-off"
            size: Theme.iconS
            color: Theme.danger
        }
    }
    // Where the picture is made larger or smaller: at the corner that lies inside the window.
    Item {
        id: handle

        x: form.handleLeft ? 0 : parent.width - width
        y: form.handleTop ? 0 : parent.height - height
        width: Theme.iconM
        height: width

        Rectangle {
            x: form.handleLeft ? Theme.spaceXs : parent.width - width - Theme.spaceXs
            y: form.handleTop ? Theme.spaceXs : parent.height - height - Theme.spaceXs
            width: Theme.spaceS
            height: Theme.focusWidth
            color: Theme.text
        }
        Rectangle {
            x: form.handleLeft ? Theme.spaceXs : parent.width - width - Theme.spaceXs
            y: form.handleTop ? Theme.spaceXs : parent.height - height - Theme.spaceXs
            width: Theme.focusWidth
            height: Theme.spaceS
            color: Theme.text
        }
    }
}
