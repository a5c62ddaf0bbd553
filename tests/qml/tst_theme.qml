// The themes: contrast computed over every pair that is drawn, and what a broken theme does.
import QtQuick
import QtTest
import Okno.Theme

TestCase {
    name: "Theme"

    readonly property color black: "#000000"
    readonly property color white: "#ffffff"

    function cleanup() {
        Theme.source = "";
        Theme.name = "dark";
        Theme.uiScale = 1;
        Theme.accentHue = -1;
    }

    // Relative luminance and contrast ratio as WCAG 2 defines them.
    function luminance(c: color): real {
        const part = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
    }
    function contrast(a: color, b: color): real {
        const one = luminance(a);
        const two = luminance(b);
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    }
    // A colour that lets something through, over what lies below.
    function over(front: color, below: color): color {
        return Qt.rgba(front.r * front.a + below.r * (1 - front.a), front.g * front.a + below.g * (1 - front.a), front.b * front.a + below.b * (1 - front.a), 1);
    }

    function test_the_formula() {
        fuzzyCompare(contrast(black, white), 21, 0.001);
        fuzzyCompare(contrast(Qt.rgba(0x77 / 255, 0x77 / 255, 0x77 / 255, 1), white), 4.48, 0.01);
    }

    function test_contrast_data() {
        const hues = [-1, 0.4, 0.12, 0.92, 0.74, 0];
        const row = (name, hue) => ({"tag": `${name}, hue ${hue}`, "theme": name, "hue": hue});
        return Array.from(Theme.shipped).reduce((rows, name) => rows.concat(hues.map(hue => row(name, hue))), []);
    }

    function test_contrast(data) {
        Theme.name = data.theme;
        const drawn = Qt.darker(Theme.accent, 1);
        Theme.accentHue = data.hue;
        compare(Theme.errorString, "");
        if (data.hue >= 0 && drawn.hslSaturation > 0.1 && drawn.hslLightness < 0.95)
            verify(Math.abs(Theme.accent.hslHue - data.hue) < 0.02, `${Theme.accent}`);
        const surfaces = ["surface", "surfaceSunken", "surfaceRaised", "surfaceOverlay"].map(name => [name, Theme[name]]);
        // Labels on pictures: the picture below may be anything from black to white.
        surfaces.push(["scrim on black", over(Theme.scrim, black)], ["scrim on white", over(Theme.scrim, white)]);
        const faults = [];
        const need = (ink, inkName, ground, groundName, least) => {
            const got = contrast(ink, ground);
            // Not "less than": a figure that is no number must not pass.
            if (!(got >= least))
                faults.push(`${inkName} on ${groundName}: ${got.toFixed(2)} < ${least}`);
        };
        for (const [name, ground] of surfaces) {
            need(Theme.text, "text", ground, name, 4.5);
            need(Theme.textMuted, "textMuted", ground, name, 4.5);
            need(Theme.danger, "danger", ground, name, 4.5);
            for (const key of ["outlineStrong", "focus", "accent", "statusLive", "statusConnecting", "statusQuiet", "statusSlow", "statusStalled", "statusGone", "statusReplay"])
                need(Theme[key], key, ground, name, 3);
        }
        for (const key of ["control", "controlHover", "controlPressed", "accentSoft", "dangerSoft"])
            need(Theme.text, "text", Theme[key], key, 4.5);
        for (const key of ["accentSoft"])
            need(Theme.textMuted, "textMuted", Theme[key], key, 4.5);
        for (const key of ["accent", "accentHover", "accentPressed"])
            need(Theme.textOnAccent, "textOnAccent", Theme[key], key, 4.5);
        need(Theme.danger, "danger", Theme.dangerSoft, "dangerSoft", 4.5);
        compare(faults.join("\n"), "");
    }

    function test_every_token_of_a_theme_is_one_that_is_used() {
        const names = theme => {
            const component = Qt.createComponent("../../qml/Okno/Theme/tokens/" + theme + "/Tokens.qml");
            const tokens = component.createObject(null);
            verify(tokens, component.errorString());
            const found = Object.keys(tokens).filter(key => key !== "objectName" && !key.endsWith("Changed"));
            tokens.destroy();
            return found;
        };
        for (const theme of Theme.shipped) {
            const own = names(theme);
            verify(own.length > 0);
            for (const key of own)
                verify(Theme[key] !== undefined, `${theme} sets ${key}, which Theme doesn't have`);
        }
    }

    function test_a_missing_token_falls_back() {
        const before = String(Theme.text);
        Theme.source = Qt.resolvedUrl("themes/Sparse.qml");
        compare(Theme.errorString, "");
        compare(String(Theme.accent), "#ff0000");
        compare(String(Theme.text), before);
        compare(Theme.spaceM, 12, "a length that is no number falls back too");
    }

    function test_a_broken_theme_leaves_the_last_good_one() {
        Theme.name = "light";
        const surface = String(Theme.surface);
        ignoreWarning(/Broken.qml:4/);
        Theme.source = Qt.resolvedUrl("themes/Broken.qml");
        verify(Theme.errorString.includes("Broken.qml:4"), Theme.errorString);
        compare(String(Theme.surface), surface);
        Theme.source = "";
        compare(Theme.errorString, "");
    }

    function test_an_unknown_name_is_the_dark_theme() {
        Theme.name = "no such theme";
        compare(String(Theme.surface), "#14161a");
    }

    function test_scale() {
        const before = Theme.controlHeight;
        Theme.uiScale = 1.3;
        compare(Theme.controlHeight, Math.round(before * 1.3));
        Theme.uiScale = 100;
        compare(Theme.controlHeight, before * 2);
    }

    function test_every_icon_that_is_asked_for_is_there() {
        // The names are collected by tests/qml/literals.py; here only that a name gives a file.
        verify(String(Theme.icon("camera")).endsWith("/Okno/Theme/icons/camera.svg"));
        compare(String(Theme.icon("")), "");
    }
}
