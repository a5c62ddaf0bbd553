// Look of the tools of a call: one bar, hanging up apart from the rest. No behaviour.
import QtQuick
import Okno.Controls
import Okno.Theme

Rectangle {
    id: form

    property alias microphone: microphone
    property alias camera: camera
    property alias devices: devices
    property alias safety: safety
    property alias fullscreen: fullscreen
    property alias hangUp: hangUp

    implicitWidth: row.implicitWidth + Theme.spaceM * 2
    implicitHeight: row.implicitHeight + Theme.spaceS * 2
    radius: Theme.radiusL
    color: Theme.scrim
    border.color: Theme.outline
    border.width: Theme.hairline

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.spaceS

        IconButton {
            id: microphone

            glyph: "mic"
            accessibleName: "Mute"
        }
        IconButton {
            id: camera

            glyph: "video"
            accessibleName: "Camera off"
        }
        IconButton {
            id: devices

            glyph: "settings"
            accessibleName: "Devices"
        }
        IconButton {
            id: safety

            glyph: "shield-check"
            accessibleName: "Safety code"
        }
        IconButton {
            id: fullscreen

            glyph: "maximize"
            accessibleName: "Full screen"
        }
        Item {
            width: Theme.spaceXl
            height: Theme.hairline
        }
        IconButton {
            id: hangUp

            glyph: "phone-off"
            accessibleName: "Hang up"
            flat: false
            highlighted: true
            danger: true
            width: Theme.controlHeight * 1.5
        }
    }
}
