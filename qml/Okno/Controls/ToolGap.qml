// A line between groups of tools on a bar.
import QtQuick
import Okno.Theme

Item {
    implicitWidth: Theme.hairline
    implicitHeight: Theme.controlHeight

    Rectangle {
        anchors.centerIn: parent
        width: Theme.hairline
        height: Theme.iconM
        color: Theme.outline
    }
}
