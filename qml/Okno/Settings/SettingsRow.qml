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
    /// What a person looks for; a row without it is not there.
    property string search: ""
    default property alias control: place.data

    signal resetRequested

    visible: (title + "\n" + explanation).toLowerCase().includes(search.toLowerCase())
    implicitWidth: Theme.columnWidth
    implicitHeight: Math.max(Theme.rowHeight,
        words.implicitHeight + (stacked ? place.height + grid.rowSpacing : 0) + Theme.spaceS * 2)
    /// The control stands below the words, because there is no room beside them.
    readonly property bool stacked: place.width + name.implicitWidth + Theme.spaceM * 2 + Theme.controlHeight > width

    GridLayout {
        id: grid

        anchors.fill: parent
        anchors.topMargin: Theme.spaceXs
        anchors.bottomMargin: Theme.spaceXs
        columns: row.stacked ? 2 : 3
        columnSpacing: Theme.spaceM
        rowSpacing: Theme.spaceXs

        Column {
            id: words

            Layout.fillWidth: true

            Text {
                id: name

                width: parent.width
                text: row.title
                wrapMode: Text.Wrap
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

            Layout.columnSpan: row.stacked ? 2 : 1
            Layout.alignment: (row.stacked ? Qt.AlignLeft : Qt.AlignRight) | Qt.AlignVCenter
        }
    }
}
