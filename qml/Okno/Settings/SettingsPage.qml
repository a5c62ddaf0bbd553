// All settings. Each applies at once; there is nothing to confirm.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

Sheet {
    id: page

    required property Preferences prefs
    /// The table of actions, for the page of keys.
    required property var actions

    property string section: "appearance"
    readonly property var sections: [
        {"value": "appearance", "text": qsTr("Appearance"), "glyph": "palette"},
        {"value": "viewer", "text": qsTr("Viewer"), "glyph": "layout-grid"},
        {"value": "keep", "text": qsTr("Keep"), "glyph": "camera"},
        {"value": "network", "text": qsTr("Network"), "glyph": "plug"},
        {"value": "keys", "text": qsTr("Keys"), "glyph": "keyboard"},
        {"value": "designer", "text": qsTr("Designer"), "glyph": "pencil"},
        {"value": "about", "text": qsTr("About"), "glyph": "info"}
    ]

    title: qsTr("Settings")

    component Toggle: SettingsRow {
        id: toggle

        required property string key

        width: parent?.width ?? 0
        changed: page.prefs[key] !== page.prefs.defaults[key]
        onResetRequested: page.prefs.reset(key)

        Switch {
            accessibleName: toggle.title
            checked: page.prefs[toggle.key]
            onToggled: page.prefs[toggle.key] = checked
        }
    }

    Column {
        id: sidebar

        anchors.left: parent.left
        anchors.top: parent.top
        width: Math.min(Theme.sidebarWidth, parent.width * 0.4)
        spacing: Theme.spaceXs
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Sections")

        Repeater {
            model: page.sections

            delegate: Button {
                required property var modelData

                width: sidebar.width
                flat: true
                align: Qt.AlignLeft
                text: modelData.text
                icon.source: Theme.icon(modelData.glyph)
                checked: page.section === modelData.value
                onClicked: page.section = modelData.value
            }
        }
    }

    Flickable {
        id: flick

        anchors.left: sidebar.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.leftMargin: Theme.spaceXl
        contentHeight: body.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        ScrollBar.vertical: ScrollBar {}

        FocusFollower {
            page: flick
        }
        Column {
            id: body

            width: flick.width - Theme.spaceM
            spacing: Theme.spaceXs

            // ---- Appearance ----
            Column {
                width: parent.width
                visible: page.section === "appearance"
                spacing: Theme.spaceXs

                SettingsRow {
                    width: parent.width
                    title: qsTr("Theme")
                    changed: page.prefs.theme !== page.prefs.defaults.theme
                    onResetRequested: page.prefs.reset("theme")

                    Choice {
                        room: body.width
                        accessibleName: qsTr("Theme")
                        options: Array.from(Theme.shipped).map(name => ({"value": name, "text": Theme.titles[name]}))
                        value: page.prefs.theme
                        onChosen: value => page.prefs.theme = value
                    }
                }
                PackThemes {
                    width: parent.width
                    prefs: page.prefs
                }
                SettingsRow {
                    width: parent.width
                    title: qsTr("Size of the interface")
                    explanation: qsTr("%1 %").arg(Math.round(page.prefs.uiScale * 100))
                    changed: page.prefs.uiScale !== page.prefs.defaults.uiScale
                    onResetRequested: page.prefs.reset("uiScale")

                    Choice {
                        room: body.width
                        accessibleName: qsTr("Size")
                        options: [{"value": 0.85, "text": qsTr("Small")}, {"value": 1, "text": qsTr("Normal")},
                            {"value": 1.15, "text": qsTr("Large")}, {"value": 1.3, "text": qsTr("Huge")}]
                        value: page.prefs.uiScale
                        onChosen: value => page.prefs.uiScale = value
                    }
                }
                Toggle {
                    key: "reducedMotion"
                    title: qsTr("Fewer movements")
                    explanation: qsTr("Nothing slides or fades.")
                }
            }

            // ---- Viewer ----
            Column {
                width: parent.width
                visible: page.section === "viewer"
                spacing: Theme.spaceXs

                Toggle {
                    key: "badges"
                    title: qsTr("Names and figures stay on")
                    explanation: qsTr("Otherwise figures show under the pointer only.")
                }
                Toggle {
                    key: "fillTiles"
                    title: qsTr("Fill the tiles")
                    explanation: qsTr("Cuts the ends of pictures of another shape.")
                }
                Toggle {
                    key: "fitWindow"
                    title: qsTr("Window fits the first picture")
                    explanation: qsTr("As large as the picture, as far as the screen allows.")
                }
                Toggle {
                    key: "announce"
                    title: qsTr("Tell when streams come and go")
                }
            }

            // ---- Keep ----
            KeepRows {
                width: parent.width
                visible: page.section === "keep"
                prefs: page.prefs
            }

            // ---- Network ----
            Column {
                width: parent.width
                visible: page.section === "network"
                spacing: Theme.spaceS

                PortRows {
                    width: parent.width
                }
            }

            // ---- Keys ----
            Column {
                width: parent.width
                visible: page.section === "keys"
                spacing: Theme.spaceXs

                Toggle {
                    key: "singleKeys"
                    title: qsTr("Single keys")
                    explanation: qsTr("Keys without Ctrl or Alt, such as F or Space.")
                }
                KeyRows {
                    width: parent.width
                    prefs: page.prefs
                    actions: page.actions
                }
            }

            // ---- Designer ----
            DesignerRows {
                width: parent.width
                visible: page.section === "designer"
            }

            // ---- About ----
            Column {
                width: parent.width
                visible: page.section === "about"
                spacing: Theme.spaceS

                Repeater {
                    model: [qsTr("Okno %1").arg(App.version),
                        qsTr("Shows live camera frames from OpenCV programs anywhere on the network."),
                        qsTr("Drawn with: %1").arg(App.renderer),
                        qsTr("Fonts: Inter and JetBrains Mono (SIL Open Font License). Icons: Lucide (ISC and MIT).")]

                    delegate: Text {
                        required property string modelData

                        width: body.width
                        text: modelData
                        wrapMode: Text.Wrap
                        color: Theme.text
                        font.family: Theme.fontFamily
                        font.pixelSize: Theme.fontM
                    }
                }
            }
        }
    }
}
