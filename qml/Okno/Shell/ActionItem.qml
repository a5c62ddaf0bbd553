// One thing a person can do: its words, its keys, when it can be done.
import QtQml

QtObject {
    id: item

    /// Stable name, used in saved settings.
    required property string name
    required property string group
    required property string text
    /// Keys as shipped.
    property list<string> keys: []
    /// Keys as chosen by the person; null if they weren't changed.
    property var chosenKeys: null
    property bool enabled: true
    /// Can't be done while a button or a field has the keyboard, because the key means something there.
    property bool yields: false
    /// Done for as long as the key is held: the page that does it listens itself.
    property bool held: false
    /// Whether the command palette offers it.
    property bool offered: true

    readonly property var keysInUse: chosenKeys ?? Array.from(keys)
    /// The first of the keys, as it is shown to people; empty if there are none.
    readonly property string shortcut: keysInUse.length > 0 ? keysInUse[0] : ""

    signal triggered(string key)
}
