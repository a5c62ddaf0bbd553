// Every control and form in every state, without the program and without streams:
//
//     qml -I mocks -I . gallery/Gallery.qml
//
// The mocks' words after `--` work here too, e.g. `-- scenario=states`.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Okno.Backend
import Okno.Call
import Okno.Catalog
import Okno.Controls
import Okno.Forms
import Okno.Host
import Okno.Mock
import Okno.Settings
import Okno.Style
import Okno.Theme

Window {
    id: gallery

    readonly property var statuses: ["live", "connecting", "quiet", "slow", "stalled", "gone", "paused", "replay"]

    width: 1200
    height: 800
    visible: true
    title: "Okno gallery"
    color: Theme.surface
    Component.onCompleted: Scenario.play("states")

    component Heading: Text {
        color: Theme.textMuted
        topPadding: Theme.spaceL
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontS
        font.weight: Font.DemiBold
    }

    Flickable {
        anchors.fill: parent
        contentHeight: column.implicitHeight + Theme.spaceXl * 2
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        Column {
            id: column

            x: Theme.spaceXl
            y: Theme.spaceXl
            width: gallery.width - Theme.spaceXl * 2
            spacing: Theme.spaceM

            Row {
                spacing: Theme.spaceXl

                Choice {
                    accessibleName: "Theme"
                    options: Array.from(Theme.shipped).map(name => ({"value": name, "text": name}))
                    value: Theme.name
                    onChosen: value => Theme.name = value
                }
                Choice {
                    accessibleName: "Size"
                    options: Array.of(0.85, 1, 1.3).map(size => ({"value": size, "text": Math.round(size * 100) + " %"}))
                    value: Theme.uiScale
                    onChosen: value => Theme.uiScale = value
                }
            }

            Heading {
                text: "Colours"
            }
            Flow {
                width: parent.width
                spacing: Theme.spaceS

                Repeater {
                    model: ["surface", "surfaceSunken", "surfaceRaised", "surfaceOverlay", "outline", "outlineStrong", "text",
                        "textMuted", "accent", "accentSoft", "control", "focus", "danger", "dangerSoft", "statusLive",
                        "statusConnecting", "statusQuiet", "statusSlow", "statusStalled", "statusGone", "statusReplay"]

                    delegate: Column {
                        id: swatch

                        required property string modelData

                        spacing: Theme.spaceXs

                        Rectangle {
                            width: 92
                            height: Theme.controlHeight
                            radius: Theme.radiusS
                            color: Theme[swatch.modelData]
                            border.color: Theme.outline
                            border.width: Theme.hairline
                        }
                        Text {
                            text: swatch.modelData
                            color: Theme.textMuted
                            font.family: Theme.monoFamily
                            font.pixelSize: Theme.fontXs
                        }
                    }
                }
            }

            Heading {
                text: "Buttons"
            }
            Row {
                spacing: Theme.spaceM

                Button {
                    text: "Button"
                }
                Button {
                    text: "Main"
                    highlighted: true
                    icon.source: Theme.icon("monitor-play")
                }
                Button {
                    text: "Flat"
                    flat: true
                }
                Button {
                    text: "Danger"
                    danger: true
                }
                Button {
                    text: "Off"
                    enabled: false
                }
                Button {
                    text: "Chosen"
                    checked: true
                }
                IconButton {
                    glyph: "camera"
                    accessibleName: "Snapshot"
                    shortcut: "S"
                }
                Switch {
                    accessibleName: "Off"
                }
                Switch {
                    accessibleName: "On"
                    checked: true
                }
                Slider {
                    accessibleName: "Slider"
                    value: 0.4
                }
                TextField {
                    placeholderText: "Text field"
                }
                KeyCap {
                    anchors.verticalCenter: parent.verticalCenter
                    text: "Ctrl+K"
                }
            }

            Heading {
                text: "States of a stream"
            }
            Row {
                spacing: Theme.spaceM

                Repeater {
                    model: gallery.statuses

                    delegate: StatusPill {
                        required property string modelData

                        status: modelData
                        text: modelData
                    }
                }
            }

            Heading {
                text: "TileOverlayForm, on a picture of each state"
            }
            Grid {
                columns: 4
                spacing: Theme.tileGap

                Repeater {
                    model: gallery.statuses

                    delegate: Item {
                        id: tile

                        required property int index
                        required property string modelData

                        width: (column.width - Theme.tileGap * 3) / 4
                        height: width * 9 / 16

                        Rectangle {
                            anchors.fill: parent
                            color: Theme.picture
                        }
                        VideoView {
                            anchors.fill: parent
                            stream: tile.modelData === "connecting" ? 2 : 1 + (tile.index % 2) * 2
                            opacity: tile.modelData === "stalled" || tile.modelData === "gone" ? Theme.dimmedPicture : 1
                        }
                        TileOverlayForm {
                            anchors.fill: parent
                            status: tile.modelData
                            statusText: tile.modelData
                            figuresShown: tile.index % 2 === 0
                            selected: tile.index === 0
                        }
                    }
                }
            }

            Heading {
                text: "ProductCardForm; the products of a catalogue in each state"
            }
            Row {
                spacing: Theme.spaceM

                ProductCardForm {}
                ProductCardForm {
                    name: "A name that is much longer than there is room for on a card"
                    description: "A description that goes over more than one line, and is cut after the second one, however long it is"
                    price: "12345.678"
                    hovered: true
                }
                ProductCardForm {
                    descriptionShown: false
                    keyboard: true
                }
                Item {
                    width: Theme.cardWidth
                    height: Theme.cardWidth * 0.75

                    Rectangle {
                        anchors.fill: parent
                        color: Theme.picture
                    }
                    ProductCards {
                        width: parent.width
                        room: parent.height
                        stream: "front door"
                    }
                }
            }
            Choice {
                id: catalogStates

                accessibleName: "Catalogue"
                options: Array.of("connecting", "absent", "ready", "slow", "lost", "back").map(name => ({"value": name, "text": name}))
                onChosen: value => {
                    catalogStates.value = value;
                    Catalog.play(value);
                }
            }
            CatalogPanel {
                height: Theme.sheetHeight
            }

            Heading {
                text: "InlineBanner, CodeBlock, ErrorOverlay"
            }
            ErrorOverlay {
                width: Theme.sheetWidth
                title: "A pack was disabled."
                text: "Plate: /home/ada/.config/okno/packs/plate/Okno/Shell/Shell.qml:3:12: Unexpected token `@'"
                closable: true
            }

            Heading {
                text: "A call in each state; LevelMeter, QrImage"
            }
            Row {
                spacing: Theme.spaceM

                Repeater {
                    model: [0, 0.003, 0.03, 0.3, 1]

                    delegate: LevelMeter {
                        required property real modelData

                        anchors.verticalCenter: parent?.verticalCenter
                        width: Theme.selfMin
                        accessibleName: "Level"
                        level: modelData
                    }
                }
                QrImage {
                    accessibleName: "QR code"
                    modules: Call.sampleQr
                }
            }
            Flow {
                width: parent.width
                spacing: Theme.spaceXs

                Repeater {
                    model: Array.of("home", "preparing", "nodevices", "devicebusy", "connecting", "waiting", "agreeing", "active",
                        "camera-off", "peer-muted", "muted", "no-camera", "reconnecting", "poor", "poor-theirs", "verified",
                        "different", "classic-preparing", "classic-waiting", "classic", "classic-ended-12", "relay-changed").concat(Array.from({"length": 18}, (_, i) => "ended-" + (i + 1)))

                    delegate: Button {
                        required property string modelData

                        text: modelData
                        onClicked: Call.play(modelData)
                    }
                }
            }
            Rectangle {
                width: parent.width
                height: Theme.windowHeight
                color: Theme.surface
                border.color: Theme.outline
                border.width: Theme.hairline

                CallPage {
                    anchors.fill: parent
                    prefs: Preferences {}
                    keyMap: ({"mute": "M", "talk": "Space"})
                }
            }

            Heading {
                text: "InlineBanner, CodeBlock"
            }
            InlineBanner {
                text: "Port 12345 is used by another program"
                actionText: "Use another port"
            }
            CodeBlock {
                code: FrameServer.snippet("python")
                accessibleName: "Python code"
            }

            Heading {
                text: "WallToolbarForm"
            }
            WallToolbarForm {}

            Heading {
                text: "FocusHudForm"
            }
            Rectangle {
                width: parent.width
                height: width / 3
                color: Theme.picture

                VideoView {
                    anchors.fill: parent
                    stream: 1
                    fillMode: VideoView.Fill
                }
                FocusHudForm {
                    anchors.fill: parent
                    keepShown: true
                }
            }

            Heading {
                text: "EmptyStateForm"
            }
            Rectangle {
                width: parent.width
                height: empty.implicitHeight + Theme.spaceXl * 2
                radius: Theme.radiusL
                color: Theme.surface
                border.color: Theme.outline
                border.width: Theme.hairline

                EmptyStateForm {
                    id: empty

                    anchors.centerIn: parent
                    width: Theme.columnWidth
                    code: FrameServer.snippet("cpp")
                }
            }

            Heading {
                text: "Toasts"
            }
            Row {
                spacing: Theme.spaceM

                Button {
                    text: "Show one"
                    onClicked: toasts.show("camera0 connected", "", "")
                }
                Button {
                    text: "With a button"
                    onClicked: toasts.show("Saved camera0.jpg", "Open folder", "folder")
                }
            }
        }
    }

    ToastArea {
        id: toasts

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spaceXl
    }
}
