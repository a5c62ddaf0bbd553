// The tools of a call: mute, camera, devices, safety code, full screen; hanging up apart from them.
pragma ComponentBehavior: Bound
import QtQuick
import QtQml
import Okno.Backend
import Okno.Forms
import Okno.Style

FocusScope {
    id: tools

    property bool fullscreen: false
    property bool safetyShown: false
    property var keyMap: ({})
    readonly property bool hovered: hover.hovered
    readonly property bool menuShown: menu.visible

    signal fullscreenRequested
    signal safetyRequested
    signal chosen(string kind, string id)

    implicitWidth: form.implicitWidth
    implicitHeight: form.implicitHeight
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Call tools")

    HoverHandler {
        id: hover
    }

    CallControlsForm {
        id: form

        anchors.fill: parent
        microphone.glyph: Call.muted && !Call.talking ? "mic-off" : "mic"
        microphone.danger: Call.muted && !Call.talking
        microphone.accessibleName: Call.muted ? qsTr("Unmute") : qsTr("Mute")
        microphone.shortcut: tools.keyMap.mute ?? ""
        microphone.onClicked: Call.setMuted(!Call.muted)
        camera.glyph: Call.cameraOn ? "video" : "video-off"
        camera.danger: !Call.cameraOn
        camera.accessibleName: Call.cameraOn ? qsTr("Turn the camera off") : qsTr("Turn the camera on")
        camera.shortcut: tools.keyMap.callCamera ?? ""
        camera.onClicked: Call.setCameraOn(!Call.cameraOn)
        devices.accessibleName: qsTr("Camera, microphone, speaker")
        devices.onClicked: menu.popup(form.devices, 0, -menu.implicitHeight)
        safety.visible: !Call.classic
        safety.checked: tools.safetyShown
        safety.accessibleName: qsTr("Safety code")
        safety.shortcut: tools.keyMap.safety ?? ""
        safety.onClicked: tools.safetyRequested()
        fullscreen.glyph: tools.fullscreen ? "minimize" : "maximize"
        fullscreen.accessibleName: tools.fullscreen ? qsTr("Leave full screen") : qsTr("Full screen")
        fullscreen.shortcut: tools.keyMap.fullscreen ?? ""
        fullscreen.onClicked: tools.fullscreenRequested()
        hangUp.accessibleName: qsTr("Hang up")
        hangUp.shortcut: tools.keyMap.hangUp ?? ""
        hangUp.onClicked: Call.hangUp()
    }

    /// Every device: {kind, title, id, name, chosen}.
    readonly property var choices: {
        const found = [];
        const add = (kind, title, options, value) => {
            for (const option of options)
                found.push({"kind": kind, "title": title, "id": option.id, "name": option.name === "" ? qsTr("System default") : option.name, "chosen": option.id === value});
        };
        add("camera", qsTr("Camera"), Call.cameras, Call.camera);
        add("microphone", qsTr("Microphone"), Call.microphones, Call.microphone);
        add("speaker", qsTr("Speaker"), Call.speakers, Call.speaker);
        return found;
    }

    Menu {
        id: menu

        accessibleName: qsTr("Camera, microphone, speaker")
    }
    Instantiator {
        model: tools.choices

        delegate: MenuItem {
            required property var modelData

            text: qsTr("%1: %2", "setting: choice").arg(modelData.title).arg(modelData.name)
            shortcut: modelData.chosen ? "\u2713" : ""
            onTriggered: tools.chosen(modelData.kind, modelData.id)
        }
        onObjectAdded: (index, object) => menu.insertItem(index, object as MenuItem)
        onObjectRemoved: (index, object) => menu.removeItem(object as MenuItem)
    }
}
