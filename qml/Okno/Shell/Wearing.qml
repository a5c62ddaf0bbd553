// Dresses the theme in what a person chose.
//
// In: choices. Out: the theme's name, tokens, size and movements.
import QtQml
import Okno.Settings
import Okno.Theme

QtObject {
    id: wearing

    required property Preferences prefs

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
        value: wearing.prefs.themeFile
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
