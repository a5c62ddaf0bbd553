// The high-contrast theme: black, white, and lines instead of shades.
// Theme.qml says what each token is for.
import QtQuick

QtObject {
    readonly property color surface: "#000000"
    readonly property color surfaceSunken: "#000000"
    readonly property color surfaceRaised: "#000000"
    readonly property color surfaceOverlay: "#000000"
    readonly property color picture: "#000000"
    readonly property color scrim: "#000000"
    readonly property color shade: "#d0000000"
    readonly property color outline: "#ffffff"
    readonly property color outlineStrong: "#ffffff"

    readonly property color text: "#ffffff"
    readonly property color textMuted: "#e6e6e6"
    readonly property color textOnAccent: "#000000"

    readonly property color accent: "#ffe14d"
    readonly property color accentHover: "#fff0a0"
    readonly property color accentPressed: "#d9bc2b"
    readonly property color accentSoft: "#3d3500"
    readonly property color control: "#1f1f1f"
    readonly property color controlHover: "#3a3a3a"
    readonly property color controlPressed: "#101010"
    readonly property color focus: "#00e5ff"

    readonly property color danger: "#ff9e80"
    readonly property color dangerSoft: "#330d00"

    readonly property color statusLive: "#2eea9f"
    readonly property color statusConnecting: "#7fd4ff"
    readonly property color statusQuiet: "#e6e6e6"
    readonly property color statusSlow: "#ffc533"
    readonly property color statusStalled: "#ff8f3d"
    readonly property color statusGone: "#d0d0d0"
    readonly property color statusReplay: "#7fd4ff"

    readonly property real focusWidth: 3
    readonly property real hairline: 2
}
