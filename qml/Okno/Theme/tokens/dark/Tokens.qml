// The dark theme: what Okno wears unless someone chooses otherwise.
// Change a value, save, and see it. Theme.qml says what each token is for and fills in
// whatever a token file leaves out.
import QtQuick

QtObject {
    // Surfaces, from the back to the front
    readonly property color surface: "#14161a"
    readonly property color surfaceSunken: "#0e1013"
    readonly property color surfaceRaised: "#1c1f25"
    readonly property color surfaceOverlay: "#23272e"
    readonly property color picture: "#000000"
    readonly property color scrim: "#f014161a"
    readonly property color shade: "#a0000000"
    readonly property color outline: "#2e333b"
    readonly property color outlineStrong: "#737d8a"

    // Text
    readonly property color text: "#f1f3f5"
    readonly property color textMuted: "#a6aeb9"
    readonly property color textOnAccent: "#08121f"

    // What can be pressed
    readonly property color accent: "#7ab8ff"
    readonly property color accentHover: "#96c8ff"
    readonly property color accentPressed: "#5ea6f5"
    readonly property color accentSoft: "#1f3247"
    readonly property color control: "#2a2f37"
    readonly property color controlHover: "#343a44"
    readonly property color controlPressed: "#21252b"
    readonly property color focus: "#9ccbff"

    // Something is wrong
    readonly property color danger: "#ff8a65"
    readonly property color dangerSoft: "#3a211a"

    // States of a stream (Okabe and Ito's palette: told apart by colour-blind people too)
    readonly property color statusLive: "#009e73"
    readonly property color statusConnecting: "#56b4e9"
    readonly property color statusQuiet: "#a6aeb9"
    readonly property color statusSlow: "#e69f00"
    readonly property color statusStalled: "#d55e00"
    readonly property color statusGone: "#999999"
    readonly property color statusReplay: "#56b4e9"
}
