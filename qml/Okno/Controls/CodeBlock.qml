// Lines to copy: shown as they are, with a button that copies them.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Style
import Okno.Theme

Rectangle {
    id: block

    required property string code
    /// What a screen reader calls it.
    required property string accessibleName

    signal copyRequested

    implicitWidth: Theme.columnWidth
    implicitHeight: Math.max(lines.implicitHeight, copy.height) + Theme.spaceM * 2
    radius: Theme.radiusM
    color: Theme.surfaceSunken
    border.color: Theme.outline
    border.width: Theme.hairline

    Flickable {
        id: flick

        anchors.fill: parent
        anchors.margins: Theme.spaceM
        contentWidth: lines.implicitWidth
        contentHeight: lines.implicitHeight
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        TextEdit {
            id: lines

            text: block.code
            readOnly: true
            selectByMouse: true
            activeFocusOnTab: false
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.textOnAccent
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.StaticText
            Accessible.name: block.accessibleName
            Accessible.description: block.code
        }
    }

    Button {
        id: copy

        property bool done: false

        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceS
        text: done ? qsTr("Copied") : qsTr("Copy")
        icon.source: Theme.icon(done ? "check" : "copy")
        accessibleName: qsTr("Copy %1", "the named code").arg(block.accessibleName)
        onClicked: {
            block.copyRequested();
            done = true;
            revert.restart();
        }

        Timer {
            id: revert

            interval: Theme.confirmTime
            onTriggered: copy.done = false
        }
    }
}
