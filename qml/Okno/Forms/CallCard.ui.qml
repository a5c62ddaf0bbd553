// Look of a card on the call's first page: what lies in it stands one below the other. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Theme

Rectangle {
    id: card

    default property alias body: column.data

    implicitWidth: Theme.callCardWidth
    implicitHeight: column.implicitHeight + Theme.spaceL * 2
    radius: Theme.radiusL
    color: Theme.surfaceRaised
    border.color: Theme.outline
    border.width: Theme.hairline

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: Theme.spaceL
        spacing: Theme.spaceS
    }
}
