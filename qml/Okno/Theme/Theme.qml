// The one place for colours, sizes, fonts and times.
//
// In: a file of tokens (tokens/dark/Tokens.qml, or one from a theme pack).
// Out: semantic properties that always have a sensible value: a token that is missing or of
// the wrong kind falls back to the dark theme's, so a broken theme never takes the app down.
// Never: anything from the backend or from other modules.
pragma Singleton
import QtQuick

QtObject {
    id: theme

    // ---- Choosing a theme -------------------------------------------------------------

    /// Name of a shipped theme ("dark", "light", "contrast").
    property string name: "dark"
    /// A Tokens.qml of someone's own; wins over `name` unless it's empty.
    property string source: ""
    /// Where the icons are, with a slash at the end; a pack may bring its own.
    property string icons: ""
    /// Hue of accents, 0 to 1, in place of the theme's own; -1 keeps that. They stay as light as they
    /// were drawn, so that contrast is the theme's.
    property real accentHue: -1
    /// Size of everything, 1 = as drawn. Between 0.75 and 2.
    property real uiScale: 1
    /// Turns every animation off.
    property bool reducedMotion: false

    /// The shipped themes: names of folders in tokens/, and what people call them.
    readonly property var titles: ({
            "dark": qsTr("Dark"),
            "light": qsTr("Light"),
            "contrast": qsTr("Contrast")
        })
    readonly property list<string> shipped: Object.keys(titles)
    /// Where the tokens in use came from.
    readonly property url tokensUrl: source !== "" ? source
        : Qt.resolvedUrl("tokens/" + (shipped.indexOf(name) >= 0 ? name : "dark") + "/Tokens.qml")
    /// What is wrong with the chosen tokens; empty if nothing is.
    property string errorString: ""
    /// How often the files were read again.
    property int revision: 0

    // ---- Colours ----------------------------------------------------------------------

    /// Behind everything.
    readonly property color surface: _color("surface", "#14161a")
    /// Wells: code, text fields.
    readonly property color surfaceSunken: _color("surfaceSunken", "#0e1013")
    /// Cards and panels.
    readonly property color surfaceRaised: _color("surfaceRaised", "#1c1f25")
    /// Menus, sheets, dialogs, tooltips.
    readonly property color surfaceOverlay: _color("surfaceOverlay", "#23272e")
    /// Around and behind pictures.
    readonly property color picture: _color("picture", "#000000")
    /// Under labels that lie on a picture.
    readonly property color scrim: _color("scrim", "#f014161a")
    /// Dims what lies behind a sheet.
    readonly property color shade: _color("shade", "#a0000000")
    /// Quiet lines between things.
    readonly property color outline: _color("outline", "#2e333b")
    /// Lines that show where a control is: at least 3:1.
    readonly property color outlineStrong: _color("outlineStrong", "#737d8a")

    readonly property color text: _color("text", "#f1f3f5")
    readonly property color textMuted: _color("textMuted", "#a6aeb9")
    readonly property color textOnAccent: _color("textOnAccent", "#08121f")

    readonly property color accent: _tinted(_color("accent", "#7ab8ff"))
    readonly property color accentHover: _tinted(_color("accentHover", "#96c8ff"))
    readonly property color accentPressed: _tinted(_color("accentPressed", "#5ea6f5"))
    /// Selected rows, quiet highlights.
    readonly property color accentSoft: _tinted(_color("accentSoft", "#1f3247"))
    /// Ordinary buttons.
    readonly property color control: _color("control", "#2a2f37")
    readonly property color controlHover: _color("controlHover", "#343a44")
    readonly property color controlPressed: _color("controlPressed", "#21252b")
    /// The ring around what has the keyboard.
    readonly property color focus: _tinted(_color("focus", "#9ccbff"))

    readonly property color danger: _color("danger", "#ff8a65")
    readonly property color dangerSoft: _color("dangerSoft", "#3a211a")

    /// A QR code has to be dark on light for cameras, whatever the theme.
    readonly property color qrLight: _color("qrLight", "#ffffff")
    readonly property color qrDark: _color("qrDark", "#000000")

    readonly property color statusLive: _color("statusLive", "#009e73")
    readonly property color statusConnecting: _color("statusConnecting", "#56b4e9")
    readonly property color statusQuiet: _color("statusQuiet", "#a6aeb9")
    readonly property color statusSlow: _color("statusSlow", "#e69f00")
    readonly property color statusStalled: _color("statusStalled", "#d55e00")
    readonly property color statusGone: _color("statusGone", "#999999")
    readonly property color statusReplay: _color("statusReplay", "#56b4e9")

    // ---- Sizes (logical pixels, scaled) -------------------------------------------------

    readonly property real spaceXs: _size("spaceXs", 4)
    readonly property real spaceS: _size("spaceS", 8)
    readonly property real spaceM: _size("spaceM", 12)
    readonly property real spaceL: _size("spaceL", 16)
    readonly property real spaceXl: _size("spaceXl", 24)
    readonly property real spaceXxl: _size("spaceXxl", 40)

    readonly property real radiusS: _size("radiusS", 5)
    readonly property real radiusM: _size("radiusM", 8)
    readonly property real radiusL: _size("radiusL", 12)

    readonly property real controlHeight: _size("controlHeight", 36)
    readonly property real rowHeight: _size("rowHeight", 44)
    readonly property real iconS: _size("iconS", 14)
    readonly property real iconM: _size("iconM", 18)
    readonly property real iconXl: _size("iconXl", 44)
    readonly property real hairline: _number("hairline", 1)
    readonly property real focusWidth: _number("focusWidth", 2)

    /// Between the pictures of the wall.
    readonly property real tileGap: _size("tileGap", 4)
    /// A tile never gets narrower than this; the wall scrolls instead. 25 fit in 800 x 600.
    readonly property real tileMin: _number("tileMin", 150)
    /// Widest column of text that reads well.
    readonly property real columnWidth: _size("columnWidth", 640)
    /// Width of sheets: shortcuts, palette, settings.
    readonly property real sheetWidth: _size("sheetWidth", 720)
    readonly property real sheetHeight: _size("sheetHeight", 520)
    readonly property real sidebarWidth: _size("sidebarWidth", 180)
    readonly property real fieldWidth: _size("fieldWidth", 220)
    readonly property real panelWidth: _size("panelWidth", 460)
    /// Widest card of a product on a picture.
    readonly property real cardWidth: _size("cardWidth", 240)
    /// Width of the panel of products.
    readonly property real productsWidth: _size("productsWidth", 360)
    /// Largest side of a QR code.
    readonly property real qrSize: _size("qrSize", 220)
    /// One's own picture in a call: as shipped, and how small and large it can be made.
    readonly property real selfWidth: _size("selfWidth", 200)
    readonly property real selfMin: _number("selfMin", 96)
    readonly property real selfMost: _number("selfMost", 640)
    /// What stays visible of it at the edge of the window.
    readonly property real selfHandle: _size("selfHandle", 32)
    /// Cards of the call's first page, and the column of its device pickers.
    readonly property real callCardWidth: _size("callCardWidth", 380)
    readonly property real sparkHeight: _size("sparkHeight", 24)
    readonly property real windowWidth: _number("windowWidth", 960)
    readonly property real windowHeight: _number("windowHeight", 600)
    readonly property real windowMinWidth: _number("windowMinWidth", 640)
    readonly property real windowMinHeight: _number("windowMinHeight", 400)
    /// A window that fits a small first picture may get this small.
    readonly property real windowTinyWidth: _number("windowTinyWidth", 160)
    readonly property real windowTinyHeight: _number("windowTinyHeight", 120)

    // ---- Type -------------------------------------------------------------------------

    readonly property string fontFamily: _string("fontFamily", _inter.name)
    readonly property string monoFamily: _string("monoFamily", _mono.name)
    readonly property int fontXs: Math.round(_size("fontXs", 11))
    readonly property int fontS: Math.round(_size("fontS", 12))
    readonly property int fontM: Math.round(_size("fontM", 14))
    readonly property int fontL: Math.round(_size("fontL", 17))
    /// A code that is read out across a room.
    readonly property int fontXxl: Math.round(_size("fontXxl", 34))
    readonly property int fontXl: Math.round(_size("fontXl", 26))

    // ---- Opacities ----------------------------------------------------------------------

    /// The last picture of a stream that stalled or left.
    readonly property real dimmedPicture: _number("dimmedPicture", 0.55)
    readonly property real disabled: _number("disabled", 0.45)

    // ---- Times (milliseconds) --------------------------------------------------------------

    readonly property int durationFast: reducedMotion ? 0 : _number("durationFast", 120)
    readonly property int durationMedium: reducedMotion ? 0 : _number("durationMedium", 200)
    /// Controls and pointer hide after this long without a move.
    readonly property int idleHide: _number("idleHide", 2500)
    /// Seconds that one key goes back in a replay.
    readonly property int replayStep: _number("replayStep", 5)
    /// The controls of a call stay longer than those of a picture.
    readonly property int callIdleHide: _number("callIdleHide", 4000)
    readonly property int toastTime: _number("toastTime", 4500)
    readonly property int tooltipDelay: _number("tooltipDelay", 600)
    /// After this long without a frame, a hint says what to look at.
    readonly property int hintAfter: _number("hintAfter", 20000)
    /// How long "Copied" stays on a copy button.
    readonly property int confirmTime: _number("confirmTime", 1600)

    // ---- Steps --------------------------------------------------------------------------

    readonly property real zoomStep: _number("zoomStep", 1.25)
    readonly property real zoomMax: _number("zoomMax", 64)
    readonly property real zoomMin: _number("zoomMin", 0.1)
    /// From this many device pixels for one picture pixel on, the grid and values show.
    readonly property real gridFrom: _number("gridFrom", 16)

    /// The file of an icon of this theme ("camera" -> icons/camera.svg).
    function icon(iconName: string): url {
        if (iconName === "")
            return "";
        // Another address, so that Qt doesn't show the icon that it remembers.
        const anew = revision > 0 ? "?" + revision : "";
        return Qt.resolvedUrl((icons !== "" ? icons : "icons/") + iconName + ".svg" + anew);
    }

    /// Reads tokens and icons again, after they were edited. Keeps the old tokens if the file is
    /// broken.
    function reload() {
        revision += 1;
        _load(tokensUrl);
    }

    // ---- Nothing of interest to a designer below -----------------------------------------

    property var _tokens: null

    onTokensUrlChanged: _load(tokensUrl)
    Component.onCompleted: if (_tokens === null)
        _load(tokensUrl)

    // Build, then swap: a file with an error leaves the last good tokens in place.
    function _load(url) {
        const component = Qt.createComponent(url, Component.PreferSynchronous, theme);
        const fresh = component.status === Component.Ready ? component.createObject(theme) : null;
        if (fresh === null) {
            errorString = component.errorString().trim();
            console.warn("Theme: " + errorString);
            component.destroy();
            return;
        }
        const old = _tokens;
        errorString = "";
        _tokens = fresh;
        if (old)
            old.destroy();
        component.destroy();
    }

    function _color(key, fallback) {
        const value = _tokens?.[key];
        return value?.valid ? value : fallback;
    }
    // The same lightness to the eye (relative luminance of WCAG 2) in another hue.
    function _tinted(drawn) {
        if (!(accentHue >= 0 && accentHue <= 1))
            return drawn;
        const part = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        const luminance = c => 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
        const wanted = luminance(drawn);
        const lighter = lightness => Qt.hsla(accentHue, drawn.hslSaturation, lightness, drawn.a);
        let low = 0;
        let high = 1;
        // Half of a 256th is as near as a screen gets.
        for (let step = 0; step < 9; ++step) {
            const middle = (low + high) / 2;
            if (luminance(lighter(middle)) < wanted)
                low = middle;
            else
                high = middle;
        }
        return lighter((low + high) / 2);
    }
    function _number(key, fallback) {
        const value = _tokens?.[key];
        return typeof value === "number" && isFinite(value) && value >= 0 ? value : fallback;
    }
    // Whole pixels: lines and icons stay sharp, and words fit into what was measured for them.
    function _size(key, fallback) {
        return Math.round(_number(key, fallback) * Math.min(2, Math.max(0.75, uiScale)));
    }
    function _string(key, fallback) {
        const value = _tokens?.[key];
        return typeof value === "string" && value !== "" ? value : fallback;
    }

    readonly property FontLoader _inter: FontLoader {
        source: Qt.resolvedUrl("fonts/Inter-Regular.otf")
    }
    readonly property FontLoader _interBold: FontLoader {
        source: Qt.resolvedUrl("fonts/Inter-SemiBold.otf")
    }
    readonly property FontLoader _mono: FontLoader {
        source: Qt.resolvedUrl("fonts/JetBrainsMono-Regular.ttf")
    }
}
