// Look of what lies on the large picture: name and state above, tools below. No behaviour.
import QtQuick
import Okno.Controls
import Okno.Theme

Item {
    id: form

    property string name: "camera0"
    property string status: "live"
    property string statusText: "Live"
    property string figures: "1280 x 720  29.9 fps"
    property string zoomText: "100 %"
    property bool backShown: true
    property bool keepShown: false
    property alias back: back
    property alias pause: pause
    property alias snapshot: snapshot
    property alias copy: copy
    property alias record: record
    property alias fit: fit
    property alias fill: fill
    property alias actual: actual
    property alias zoomIn: zoomIn
    property alias zoomOut: zoomOut
    property alias mirror: mirror
    property alias inspect: inspect
    property alias statistics: statistics
    property alias filmstrip: filmstrip
    property alias products: products
    property alias settings: settings
    property alias fullscreen: fullscreen
    property alias titleBar: titleBar
    property alias toolBar: toolBar

    Rectangle {
        id: titleBar

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        width: Math.min(titleRow.implicitWidth + Theme.spaceM * 2, form.width - Theme.spaceM * 2)
        height: Theme.controlHeight + Theme.spaceS
        radius: Theme.radiusL
        color: Theme.scrim
        clip: true

        Row {
            id: titleRow

            anchors.left: parent.left
            anchors.leftMargin: Theme.spaceM
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.spaceM

            IconButton {
                id: back

                anchors.verticalCenter: parent.verticalCenter
                visible: form.backShown
                glyph: "arrow-left"
                accessibleName: "Back to the wall"
            }
            Text {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(Math.ceil(implicitWidth), form.width / 3)
                text: form.name
                textFormat: Text.PlainText
                elide: Text.ElideRight
                color: Theme.text
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                font.weight: Font.DemiBold
            }
            Row {
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.spaceXs

                StatusShape {
                    height: statusLabel.height
                    status: form.status
                }
                Text {
                    id: statusLabel

                    text: form.statusText
                    color: Theme.text
                    font.family: Theme.fontFamily
                    font.pixelSize: Theme.fontS
                }
            }
            Text {
                anchors.verticalCenter: parent.verticalCenter
                text: form.figures
                textFormat: Text.PlainText
                color: Theme.textMuted
                font.family: Theme.monoFamily
                font.pixelSize: Theme.fontS
            }
        }
    }

    Rectangle {
        id: toolBar

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spaceM
        width: toolRow.width + Theme.spaceS * 2
        height: toolRow.implicitHeight + Theme.spaceS
        radius: Theme.radiusL
        color: Theme.scrim

        WrapRow {
            id: toolRow

            anchors.centerIn: parent
            room: form.width - Theme.spaceM * 2 - Theme.spaceS * 2

            IconButton {
                id: pause

                glyph: "pause"
                accessibleName: "Pause"
            }
            IconButton {
                id: snapshot

                visible: form.keepShown
                glyph: "camera"
                accessibleName: "Snapshot"
            }
            IconButton {
                id: copy

                visible: form.keepShown
                glyph: "copy"
                accessibleName: "Copy picture"
            }
            IconButton {
                id: record

                visible: form.keepShown
                glyph: "circle-dot"
                accessibleName: "Record"
            }
            ToolGap {}
            IconButton {
                id: fit

                glyph: "shrink"
                accessibleName: "Fit"
            }
            IconButton {
                id: fill

                glyph: "expand"
                accessibleName: "Fill"
            }
            IconButton {
                id: actual

                glyph: ""
                text: "1:1"
                accessibleName: "Actual size"
            }
            IconButton {
                id: zoomOut

                glyph: "zoom-out"
                accessibleName: "Zoom out"
            }
            Text {
                width: Math.max(Theme.controlHeight * 1.5, implicitWidth)
                height: Theme.controlHeight
                verticalAlignment: Text.AlignVCenter
                horizontalAlignment: Text.AlignHCenter
                text: form.zoomText
                color: Theme.text
                font.family: Theme.monoFamily
                font.pixelSize: Theme.fontS
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            IconButton {
                id: zoomIn

                glyph: "zoom-in"
                accessibleName: "Zoom in"
            }
            ToolGap {}
            IconButton {
                id: mirror

                glyph: "flip-vertical-2"
                accessibleName: "Mirror"
            }
            IconButton {
                id: inspect

                glyph: "pipette"
                accessibleName: "Pixel values"
            }
            IconButton {
                id: statistics

                glyph: "chart-no-axes-column"
                accessibleName: "Statistics"
            }
            IconButton {
                id: filmstrip

                glyph: "layout-grid"
                accessibleName: "Other streams"
            }
            IconButton {
                id: products

                glyph: "tag"
                accessibleName: "Products"
            }
            IconButton {
                id: settings

                glyph: "settings"
                accessibleName: "Settings"
            }
            IconButton {
                id: fullscreen

                glyph: "maximize"
                accessibleName: "Full screen"
            }
        }
    }
}
