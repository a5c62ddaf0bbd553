// The last seconds of a stream as a line: where in it the picture is, and a way back to the present.
//
// In: how far back it goes and where it stands, in seconds. Out: where to go. Never the word for
// what is shown now: this bar is there while the past is.
import QtQuick
import Okno.Controls
import Okno.Style
import Okno.Theme

Rectangle {
    id: bar

    /// Seconds from the oldest frame to the newest, and from the one that is shown to the newest.
    property real reach: 0
    property real behind: 0
    property bool paused: false
    /// The offset as words, e.g. "-00:12".
    property string text: ""
    property string backKey: ""
    property string forwardKey: ""
    property string presentKey: ""

    readonly property alias hovered: hover.hovered

    /// So many seconds forward; back if negative.
    signal seekRequested(real seconds)
    signal presentRequested

    implicitWidth: row.implicitWidth + Theme.spaceM * 2
    implicitHeight: Theme.controlHeight + Theme.spaceS
    radius: Theme.radiusL
    color: Theme.scrim

    HoverHandler {
        id: hover
    }
    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.spaceS

        IconButton {
            glyph: "chevron-left"
            accessibleName: qsTr("Five seconds back")
            shortcut: bar.backKey
            onClicked: bar.seekRequested(-Theme.replayStep)
        }
        Slider {
            id: slider

            anchors.verticalCenter: parent.verticalCenter
            width: Theme.fieldWidth
            accessibleName: qsTr("Place in the last seconds")
            from: -Math.max(bar.reach, bar.behind, 1)
            to: 0
            value: -bar.behind
            onMoved: bar.seekRequested(value + bar.behind)
        }
        IconButton {
            glyph: "chevron-right"
            accessibleName: qsTr("Five seconds forward")
            shortcut: bar.forwardKey
            onClicked: bar.seekRequested(Theme.replayStep)
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: bar.text
            color: Theme.text
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        Button {
            text: qsTr("To the present")
            flat: true
            onClicked: bar.presentRequested()
        }
    }
}
