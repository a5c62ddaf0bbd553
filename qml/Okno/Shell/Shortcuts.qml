// Binds the keys of the table of actions. No key is bound anywhere else.
pragma ComponentBehavior: Bound
import QtQuick

Instantiator {
    id: shortcuts

    required property Actions actions
    /// Off while a sheet is open: it has keys of its own.
    property bool listening: true
    property bool singleKeys: true
    /// A button or a field has the keyboard.
    property bool controlFocused: false

    /// Two actions have this key.
    signal conflict(string key)

    readonly property var pairs: {
        const found = [];
        for (let i = 0; i < actions.table.length; ++i) {
            const action = actions.table[i];
            if (action.held)
                continue;
            for (const key of action.keysInUse)
                found.push({"action": action, "key": key, "single": /^(Shift\+)?(.|Space)$/.test(key)});
        }
        return found;
    }

    model: pairs

    delegate: Shortcut {
        id: shortcut

        required property var modelData

        sequence: modelData.key
        enabled: shortcuts.listening && modelData.action.enabled && (shortcuts.singleKeys || !modelData.single)
            && !(modelData.action.yields && shortcuts.controlFocused)
        autoRepeat: true
        onActivated: modelData.action.triggered(modelData.key)
        onActivatedAmbiguously: shortcuts.conflict(modelData.key)
    }
}
