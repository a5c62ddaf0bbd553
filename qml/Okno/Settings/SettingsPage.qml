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

    /// What a person looks for, in all sections; empty shows one section.
    readonly property string search: field.text.trim()

    /// Some setting is called that.
    readonly property bool found: Array.from(body.children).some(child => child !== none && child.visible && child.height > 0)

    title: qsTr("Settings")

    function shows(name: string): bool {
        return search !== "" || section === name;
    }

    component Toggle: SettingsRow {
        id: toggle

        required property string key

        width: parent?.width ?? 0
        search: page.search
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
                checked: page.search === "" && page.section === modelData.value
                onClicked: {
                    field.text = "";
                    page.section = modelData.value;
                }
            }
        }
    }

    TextField {
        id: field

        anchors.left: flick.left
        anchors.right: parent.right
        anchors.rightMargin: Theme.spaceM
        anchors.top: parent.top
        placeholderText: qsTr("Search")
        accessibleName: qsTr("Search the settings")
        Keys.onEscapePressed: event => {
            // First out of the search, then out of the sheet.
            event.accepted = text !== "";
            text = "";
        }
    }
    Flickable {
        id: flick

        anchors.left: sidebar.right
        anchors.right: parent.right
        anchors.top: field.bottom
        anchors.bottom: parent.bottom
        anchors.leftMargin: Theme.spaceXl
        anchors.topMargin: Theme.spaceS
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

            Text {
                id: none

                width: parent.width
                visible: page.search !== "" && !page.found
                text: qsTr("No setting is called that.")
                wrapMode: Text.Wrap
                color: Theme.textMuted
                font.family: Theme.fontFamily
                font.pixelSize: Theme.fontM
                Accessible.role: Accessible.StaticText
                Accessible.name: text
                Accessible.ignored: !visible
            }

            // ---- Appearance ----
            Column {
                width: parent.width
                visible: page.shows("appearance")
                spacing: Theme.spaceXs

                SettingsRow {
                    width: parent.width
                    search: page.search
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
                    search: page.search
                    prefs: page.prefs
                }
                SettingsRow {
                    width: parent.width
                    search: page.search
                    title: qsTr("Colour of accents")
                    changed: page.prefs.accentHue !== page.prefs.defaults.accentHue
                    onResetRequested: page.prefs.reset("accentHue")

                    Choice {
                        room: body.width
                        accessibleName: qsTr("Accents")
                        // Hues, on the wheel of HSL.
                        options: [{"value": -1, "text": qsTr("As in the theme")}, {"value": 0.4, "text": qsTr("Green")},
                            {"value": 0.12, "text": qsTr("Amber")}, {"value": 0.92, "text": qsTr("Pink")}, {"value": 0.74, "text": qsTr("Violet")}]
                        value: page.prefs.accentHue
                        onChosen: value => page.prefs.accentHue = value
                    }
                }
                SettingsRow {
                    width: parent.width
                    search: page.search
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
                visible: page.shows("viewer")
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
                search: page.search
                visible: page.shows("keep")
                prefs: page.prefs
            }

            // ---- Network ----
            Column {
                width: parent.width
                visible: page.shows("network")
                spacing: Theme.spaceS

                PortRows {
                    width: parent.width
                    search: page.search
                }
            }

            // ---- Keys ----
            Column {
                width: parent.width
                visible: page.shows("keys")
                spacing: Theme.spaceXs

                Toggle {
                    key: "singleKeys"
                    title: qsTr("Single keys")
                    explanation: qsTr("Keys without Ctrl or Alt, such as F or Space.")
                }
                KeyRows {
                    width: parent.width
                    search: page.search
                    prefs: page.prefs
                    actions: page.actions
                }
            }

            // ---- Designer ----
            DesignerRows {
                width: parent.width
                search: page.search
                visible: page.shows("designer")
            }

            // ---- About ----
            Column {
                width: parent.width
                visible: page.section === "about" && page.search === ""
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
