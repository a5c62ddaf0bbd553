// Type a few letters of what you want, press Enter.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Controls
import Okno.Style
import Okno.Theme

Sheet {
    id: palette

    /// Objects with text, group, shortcut, enabled, offered and a signal triggered(key).
    required property var actions

    readonly property var found: {
        const words = field.text.trim().toLowerCase().split(/\s+/).filter(word => word !== "");
        const hits = [];
        for (const action of actions) {
            const text = (action.text + " " + action.group).toLowerCase();
            if (action.offered && action.enabled && words.every(word => text.includes(word)))
                hits.push(action);
        }
        return hits;
    }

    title: qsTr("Commands")
    titleShown: false
    width: Math.min(Theme.columnWidth * 0.9, (parent?.width ?? 0) - Theme.spaceL * 2)
    height: Math.min(Theme.sheetHeight * 0.75, (parent?.height ?? 0) - Theme.spaceL * 2)
    y: Math.min(Theme.spaceXxl, Math.max(0, (parent?.height ?? 0) - height) / 2)
    onOpened: {
        field.text = "";
        list.currentIndex = 0;
        field.forceActiveFocus();
    }

    function run(action: var) {
        close();
        if (action)
            action.triggered("");
    }

    TextField {
        id: field

        anchors.left: parent.left
        anchors.right: parent.right
        focus: true
        placeholderText: qsTr("What would you like to do?")
        onTextChanged: list.currentIndex = 0
        onAccepted: palette.run(palette.found[list.currentIndex])
        Keys.onDownPressed: list.incrementCurrentIndex()
        Keys.onUpPressed: list.decrementCurrentIndex()
    }

    Text {
        anchors.centerIn: list
        visible: list.count === 0
        text: qsTr("Nothing is called that.")
        color: Theme.textMuted
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontM
    }

    ListView {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: field.bottom
        anchors.bottom: parent.bottom
        anchors.topMargin: Theme.spaceS
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: palette.found
        ScrollBar.vertical: ScrollBar {}
        Accessible.role: Accessible.List
        Accessible.name: palette.title

        delegate: Rectangle {
            id: line

            required property int index
            required property var modelData

            readonly property bool current: ListView.isCurrentItem

            width: list.width
            height: Theme.controlHeight
            radius: Theme.radiusS
            color: current ? Theme.accentSoft : "transparent"
            Accessible.role: Accessible.ListItem
            Accessible.name: modelData.text
            Accessible.onPressAction: palette.run(modelData)

            Text {
                anchors.left: parent.left
                anchors.leftMargin: Theme.spaceM
                anchors.verticalCenter: parent.verticalCenter
                text: line.modelData.text
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                Accessible.ignored: true
            }
            Text {
                anchors.right: parent.right
                anchors.rightMargin: Theme.spaceM
                anchors.verticalCenter: parent.verticalCenter
                text: line.modelData.shortcut
                color: Theme.textMuted
                font.family: Theme.monoFamily
                font.pixelSize: Theme.fontS
                Accessible.ignored: true
            }
            HoverHandler {
                onHoveredChanged: if (hovered)
                    list.currentIndex = line.index
            }
            TapHandler {
                onTapped: palette.run(line.modelData)
            }
        }
    }
}
