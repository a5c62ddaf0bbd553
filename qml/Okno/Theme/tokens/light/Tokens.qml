// The light theme. Theme.qml says what each token is for.
import QtQuick

QtObject {
    readonly property color surface: "#f5f6f8"
    readonly property color surfaceSunken: "#e9ecf0"
    readonly property color surfaceRaised: "#ffffff"
    readonly property color surfaceOverlay: "#ffffff"
    readonly property color picture: "#101214"
    readonly property color scrim: "#f4ffffff"
    readonly property color shade: "#80000000"
    readonly property color outline: "#d5dae1"
    readonly property color outlineStrong: "#717b88"

    readonly property color text: "#171b21"
    readonly property color textMuted: "#505965"
    readonly property color textOnAccent: "#ffffff"

    readonly property color accent: "#0b63b8"
    readonly property color accentHover: "#0a579f"
    readonly property color accentPressed: "#084a89"
    readonly property color accentSoft: "#dcebfa"
    readonly property color control: "#e3e7ec"
    readonly property color controlHover: "#d8dde4"
    readonly property color controlPressed: "#cbd2db"
    readonly property color focus: "#0b63b8"

    readonly property color danger: "#a93a10"
    readonly property color dangerSoft: "#fbe7df"

    readonly property color statusLive: "#007a59"
    readonly property color statusConnecting: "#0b6ba8"
    readonly property color statusQuiet: "#5f6772"
    readonly property color statusSlow: "#9a6700"
    readonly property color statusStalled: "#b54708"
    readonly property color statusGone: "#5f6772"
    readonly property color statusReplay: "#0b6ba8"
}
