// One setting: what it is called, what it does, how to change it, and a way back.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Theme

Item {
    id: row

    required property string title
    property string explanation: ""
    /// Whether the value differs from the one as shipped.
    property bool changed: false
    default property alias control: place.data

    signal resetRequested

    implicitWidth: Theme.columnWidth
    implicitHeight: Math.max(Theme.rowHeight, words.implicitHeight + Theme.spaceS * 2)

    RowLayout {
        anchors.fill: parent
        spacing: Theme.spaceM

        Column {
            id: words

            Layout.fillWidth: true

            Text {
                width: parent.width
                text: row.title
                elide: Text.ElideRight
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
            }
            Text {
                width: parent.width
                visible: row.explanation !== ""
                text: row.explanation
                wrapMode: Text.Wrap
                color: Theme.textMuted
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontS
            }
        }
        IconButton {
            visible: row.changed
            glyph: "rotate-ccw"
            accessibleName: qsTr("Reset %1").arg(row.title)
            onClicked: row.resetRequested()
        }
        Row {
            id: place

            Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
        }
    }
}
