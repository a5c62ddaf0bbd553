// All keys, exactly as they are in force.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Controls
import Okno.Style
import Okno.Theme

Sheet {
    id: sheet

    /// The actions that have keys: objects with group, text, keysInUse.
    required property var actions

    /// The groups, spread over two columns of about the same length.
    readonly property var columns: {
        const left = [];
        const right = [];
        let balance = 0;
        for (const group of groups.slice().sort((a, b) => b.actions.length - a.actions.length)) {
            (balance <= 0 ? left : right).push(group);
            balance += (balance <= 0 ? 1 : -1) * (group.actions.length + 2);
        }
        return wide ? [left, right] : [groups];
    }
    readonly property bool wide: width > Theme.columnWidth * 0.9
    readonly property var groups: {
        const found = [];
        for (const action of actions) {
            if (action.keysInUse.length === 0)
                continue;
            let group = found.find(entry => entry.title === action.group);
            if (!group)
                found.push(group = {
                        "title": action.group,
                        "actions": []
                    });
            group.actions.push(action);
        }
        return found;
    }

    title: qsTr("Keyboard shortcuts")

    Flickable {
        anchors.fill: parent
        contentHeight: flow.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        focus: true
        ScrollBar.vertical: ScrollBar {
        }
        Keys.onDownPressed: flick(0, -height * 2)
        Keys.onUpPressed: flick(0, height * 2)

        Row {
            id: flow

            width: parent.width - Theme.spaceM
            spacing: Theme.spaceXl

            Repeater {
                model: sheet.columns

                delegate: Column {
                    id: column

                    required property var modelData

                    width: (flow.width - flow.spacing * (sheet.columns.length - 1)) / sheet.columns.length
                    spacing: Theme.spaceL

                    Repeater {
                        model: column.modelData

                        delegate: Column {
                            id: group

                            required property var modelData

                            width: column.width
                            spacing: Theme.spaceXs

                            Text {
                                text: group.modelData.title
                                color: Theme.textMuted
                                bottomPadding: Theme.spaceXs
                                font.family: Theme.fontFamily
                                font.pixelSize: Theme.fontS
                                font.weight: Font.DemiBold
                                Accessible.role: Accessible.Heading
                                Accessible.name: text
                            }
                            Repeater {
                                model: group.modelData.actions

                                delegate: Item {
                                    id: line

                                    required property var modelData

                                    width: group.width
                                    height: Math.max(words.implicitHeight, caps.implicitHeight) + Theme.spaceXs
                                    Accessible.role: Accessible.StaticText
                                    Accessible.name: qsTr("%1: %2", "action: keys").arg(modelData.text).arg(modelData.keysInUse.join(", "))

                                    Text {
                                        id: words

                                        anchors.left: parent.left
                                        anchors.right: caps.left
                                        anchors.rightMargin: Theme.spaceS
                                        anchors.verticalCenter: parent.verticalCenter
                                        text: line.modelData.text
                                        wrapMode: Text.Wrap
                                        color: Theme.text
                                        font.family: Theme.fontFamily
                                        font.pixelSize: Theme.fontM
                                        Accessible.ignored: true
                                    }
                                    Row {
                                        id: caps

                                        anchors.right: parent.right
                                        anchors.verticalCenter: parent.verticalCenter
                                        spacing: Theme.spaceXs

                                        Repeater {
                                            // Nine number keys are shown as one range.
                                            model: line.modelData.keysInUse.length > 4 ? [line.modelData.keysInUse[0] + "\u2013" + line.modelData.keysInUse[line.modelData.keysInUse.length - 1]] : line.modelData.keysInUse

                                            delegate: KeyCap {
                                                required property string modelData

                                                text: modelData
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
