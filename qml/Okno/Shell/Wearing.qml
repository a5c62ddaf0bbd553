// Dresses the theme in what a person chose.
//
// In: choices, and the themes that packs bring. Out: the theme's name, tokens, icons, size and
// movements. A theme whose pack is gone is the dark one until the pack is back.
import QtQml
import Okno.Backend
import Okno.Settings
import Okno.Theme

QtObject {
    id: wearing

    required property Preferences prefs

    /// The theme of a pack that is worn; null for a shipped one.
    readonly property var packed: Array.from(Designer.themes).find(theme => theme.name === prefs.theme) ?? null

    /// The theme after this one, shipped ones first.
    function next() {
        const names = Array.from(Theme.shipped).concat(Array.from(Designer.themes).map(theme => theme.name));
        prefs.theme = names[(names.indexOf(prefs.theme) + 1) % names.length];
    }

    // Never restored: the next Shell binds the same before this one goes.
    component Wears: Binding {
        target: Theme
        restoreMode: Binding.RestoreNone
    }

    readonly property Binding name: Wears {
        property: "name"
        value: wearing.prefs.theme
    }
    readonly property Binding source: Wears {
        property: "source"
        value: wearing.prefs.themeFile !== "" ? wearing.prefs.themeFile : wearing.packed?.source ?? ""
    }
    readonly property Binding icons: Wears {
        property: "icons"
        value: wearing.packed?.icons ?? ""
    }
    readonly property Binding accentHue: Wears {
        property: "accentHue"
        value: wearing.prefs.accentHue
    }
    readonly property Binding uiScale: Wears {
        property: "uiScale"
        value: wearing.prefs.uiScale
    }
    readonly property Binding reducedMotion: Wears {
        property: "reducedMotion"
        value: wearing.prefs.reducedMotion
    }
}
