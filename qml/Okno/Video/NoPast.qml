// Says that there is nothing to go back to, where the line of the last seconds would be.
//
// In: whether keeping is on at all. Out: word that something shall be kept. Never: shown beside a
// picture that moves.
import QtQuick
import Okno.Style
import Okno.Theme

Rectangle {
    id: bar

    /// Something is kept of other streams.
    property bool keeping: true
    /// The widest that it may become.
    property real room: 1000

    readonly property alias hovered: hover.hovered
    readonly property string words: keeping ? qsTr("Nothing to go back to: this stream comes uncompressed.") : qsTr("Nothing to go back to: nothing is kept for replay.")

    signal keepRequested

    implicitWidth: row.implicitWidth + Theme.spaceM * 2
    implicitHeight: Math.max(Theme.controlHeight, label.implicitHeight) + Theme.spaceS
    radius: Theme.radiusL
    color: Theme.scrim

    HoverHandler {
        id: hover
    }
    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.spaceS

        Text {
            id: label

            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, bar.room - keep.width - Theme.spaceM * 2 - Theme.spaceS)
            text: bar.words
            wrapMode: Text.Wrap
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.role: Accessible.StaticText
            Accessible.name: bar.words
        }
        Button {
            id: keep

            text: bar.keeping ? qsTr("Keep it from now on") : qsTr("Settings")
            flat: true
            onClicked: bar.keepRequested()
        }
    }
}
