// What can be done with one stream, under the pointer.
import QtQuick
import Okno.Backend
import Okno.Style

Menu {
    id: menu

    property int streamId: -1
    property bool focused: false
    property bool keeps: false
    property bool recording: false
    property var keyMap: ({})

    signal actionRequested(string name)

    accessibleName: qsTr("Stream %1").arg(StreamModel.nameOf(streamId))

    MenuItem {
        text: menu.focused ? qsTr("Back to the wall") : qsTr("Large picture")
        shortcut: menu.focused ? menu.keyMap.back ?? "" : qsTr("Enter")
        onTriggered: menu.actionRequested(menu.focused ? "back" : "focus")
    }
    MenuItem {
        text: qsTr("Pause, or go on")
        shortcut: menu.keyMap.pause ?? ""
        onTriggered: menu.actionRequested("pause")
    }
    MenuItem {
        text: qsTr("Snapshot")
        shortcut: menu.keyMap.snapshot ?? ""
        enabled: menu.keeps
        onTriggered: menu.actionRequested("snapshot")
    }
    MenuItem {
        text: menu.recording ? qsTr("Stop recording") : qsTr("Record")
        shortcut: menu.keyMap.record ?? ""
        enabled: menu.keeps
        onTriggered: menu.actionRequested("record")
    }
    MenuItem {
        text: qsTr("Statistics")
        shortcut: menu.keyMap.statistics ?? ""
        onTriggered: menu.actionRequested("statistics")
    }
    MenuItem {
        text: qsTr("Pin a product\u2026")
        shortcut: menu.keyMap.products ?? ""
        onTriggered: menu.actionRequested("products")
    }
    MenuItem {
        text: qsTr("Remove the stream")
        shortcut: menu.keyMap.remove ?? ""
        onTriggered: menu.actionRequested("remove")
    }
}
