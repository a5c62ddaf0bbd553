// Values of the pixel under the pointer; a grid between the pixels once they're large enough.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Theme
import "zoom.js" as Zoom

Item {
    id: inspector

    required property VideoView video
    /// Device pixels for one picture pixel.
    required property real magnification
    required property real pixelRatio
    required property real pointerX
    required property real pointerY
    required property bool pointed

    readonly property bool gridShown: magnification >= Theme.gridFrom
    /// Logical pixels for one picture pixel.
    readonly property real cell: magnification / pixelRatio
    readonly property var pixel: visible && pointed
        ? Zoom.pixel(video.contentRect, video.frameSize, video.mirrored, pointerX, pointerY) : null
    property color value

    function read() {
        if (pixel !== null)
            value = video.pixelAt(pixel.x, pixel.y);
    }

    onPixelChanged: read()
    Accessible.ignored: true

    // The picture goes on under a pointer at rest; a few times a second is enough to read.
    Timer {
        interval: Theme.durationFast * 2 + 1
        repeat: true
        running: inspector.visible && inspector.pixel !== null
        onTriggered: inspector.read()
    }

    Repeater {
        model: inspector.visible && inspector.gridShown ? Math.ceil(inspector.width / inspector.cell) + 1 : 0

        delegate: Rectangle {
            required property int index

            x: index * inspector.cell + ((inspector.video.contentRect.x % inspector.cell) + inspector.cell) % inspector.cell
            width: Theme.hairline
            height: inspector.height
            color: Theme.outlineStrong
            opacity: Theme.disabled
        }
    }
    Repeater {
        model: inspector.visible && inspector.gridShown ? Math.ceil(inspector.height / inspector.cell) + 1 : 0

        delegate: Rectangle {
            required property int index

            y: index * inspector.cell + ((inspector.video.contentRect.y % inspector.cell) + inspector.cell) % inspector.cell
            height: Theme.hairline
            width: inspector.width
            color: Theme.outlineStrong
            opacity: Theme.disabled
        }
    }

    Rectangle {
        id: readout

        visible: inspector.pixel !== null
        x: Math.min(inspector.width - width, inspector.pointerX + Theme.spaceL)
        y: Math.min(inspector.height - height, inspector.pointerY + Theme.spaceL)
        width: row.implicitWidth + Theme.spaceS * 2
        height: row.implicitHeight + Theme.spaceXs * 2
        radius: Theme.radiusS
        color: Theme.scrim

        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.spaceS

            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.iconS
                height: Theme.iconS
                color: inspector.value
                border.color: Theme.outlineStrong
                border.width: Theme.hairline
            }
            Text {
                text: inspector.pixel === null ? "" : inspector.value.a === 0
                    ? qsTr("(%1, %2)").arg(inspector.pixel.x).arg(inspector.pixel.y)
                    : qsTr("(%1, %2)  R %3  G %4  B %5").arg(inspector.pixel.x).arg(inspector.pixel.y)
                        .arg(Math.round(inspector.value.r * 255)).arg(Math.round(inspector.value.g * 255))
                        .arg(Math.round(inspector.value.b * 255))
                color: Theme.text
                font.family: Theme.monoFamily
                font.pixelSize: Theme.fontS
                Accessible.role: Accessible.StaticText
                Accessible.name: text
                Accessible.ignored: !visible
            }
        }
    }
}
