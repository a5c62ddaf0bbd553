// One of several, chosen from a list that opens: a camera, a microphone.
//
// In: the choices and which is taken. Out: the one that was picked.
pragma ComponentBehavior: Bound
import QtQuick
import QtQml
import Okno.Style
import Okno.Theme

Button {
    id: picker

    /// What there is to choose: [{id, name}].
    required property var options
    /// What is chosen, e.g. "Camera".
    required property string title
    /// Id of the one in use.
    property string value: ""
    /// Shown while there is nothing to choose.
    property string nothing: ""
    property alias opened: menu.opened

    readonly property string chosenName: {
        for (const option of options) {
            if (option.id === value)
                return nameOf(option);
        }
        return options.length > 0 ? nameOf(options[0]) : nothing;
    }

    // One without a name is whatever the system takes.
    function nameOf(option: var): string {
        return option.name === "" ? qsTr("System default") : option.name;
    }

    signal chosen(string id)

    text: chosenName
    align: Qt.AlignLeft
    rightPadding: Theme.controlHeight
    enabled: options.length > 0
    accessibleName: qsTr("%1: %2", "setting: choice").arg(title).arg(chosenName)
    onClicked: menu.popup(picker, 0, height)

    Icon {
        anchors.right: parent.right
        anchors.rightMargin: Theme.spaceM
        anchors.verticalCenter: parent.verticalCenter
        glyph: "chevron-down"
        size: Theme.iconS
    }

    Menu {
        id: menu

        accessibleName: picker.title
    }
    Instantiator {
        model: picker.options

        delegate: MenuItem {
            required property var modelData

            text: picker.nameOf(modelData)
            shortcut: modelData.id === picker.value ? "\u2713" : ""
            onTriggered: picker.chosen(modelData.id)
        }
        onObjectAdded: (index, object) => menu.insertItem(index, object as MenuItem)
        onObjectRemoved: (index, object) => menu.removeItem(object as MenuItem)
    }
}
