// Short notes that come, stay a few seconds and go. The newest is the lowest.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Style
import Okno.Theme

Item {
    id: area

    /// More than this many at once push the oldest out.
    readonly property int most: 3
    readonly property int count: notes.count

    signal actionTriggered(string action)

    implicitWidth: Theme.panelWidth
    implicitHeight: column.implicitHeight

    /// Shows a note; with a button if `actionText` is given, which then reports `action`.
    function show(text: string, actionText: string, action: string) {
        if (notes.count >= most)
            notes.remove(0);
        notes.append({
            "words": text,
            "actionText": actionText,
            "action": action
        });
    }

    ListModel {
        id: notes
    }

    Column {
        id: column

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        spacing: Theme.spaceS

        Repeater {
            model: notes

            delegate: Rectangle {
                id: note

                required property int index
                required property string words
                required property string actionText
                required property string action

                anchors.horizontalCenter: parent?.horizontalCenter
                implicitWidth: line.implicitWidth + Theme.spaceM * 2
                implicitHeight: Math.max(Theme.controlHeight, line.implicitHeight) + Theme.spaceXs * 2
                radius: Theme.radiusM
                color: Theme.surfaceOverlay
                border.color: Theme.outline
                border.width: Theme.hairline
                Accessible.role: Accessible.Notification
                Accessible.name: words

                Row {
                    id: line

                    anchors.centerIn: parent
                    spacing: Theme.spaceM

                    Text {
                        anchors.verticalCenter: parent.verticalCenter
                        width: Math.min(implicitWidth, area.width - Theme.spaceXxl * 2)
                        text: note.words
                        textFormat: Text.PlainText
                        wrapMode: Text.Wrap
                        color: Theme.text
                        font.family: Theme.fontFamily
                        font.pixelSize: Theme.fontM
                        Accessible.ignored: true
                    }
                    Button {
                        visible: note.actionText !== ""
                        text: note.actionText
                        flat: true
                        onClicked: area.actionTriggered(note.action)
                    }
                }
                HandHover {
                    id: hand
                }
                Timer {
                    interval: Theme.toastTime
                    running: !hand.over
                    onTriggered: notes.remove(note.index)
                }
            }
        }
    }
}
