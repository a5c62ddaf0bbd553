// Every action with its keys. Press the button, then the new key; a key that's taken is refused.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Style
import Okno.Theme
import "keys.js" as Keymap

Column {
    id: rows

    /// See SettingsRow.
    property string search: ""
    required property Preferences prefs
    required property var actions
    /// The action that waits for a key; empty if none does.
    property string waiting: ""
    property string problem: ""

    spacing: Theme.spaceXs

    function take(action: var, key: string) {
        const holder = Keymap.holder(actions, action.name, key);
        if (holder) {
            problem = qsTr("%1 is taken by \u201c%2\u201d.").arg(key).arg(holder.text);
            return;
        }
        problem = "";
        waiting = "";
        prefs.keys = Keymap.choose(prefs.keys, action.name, [key]);
    }

    Repeater {
        model: rows.actions

        delegate: SettingsRow {
            id: row

            required property var modelData

            readonly property bool waits: rows.waiting === modelData.name

            width: rows.width
            search: rows.search
            title: modelData.text
            explanation: waits ? rows.problem !== "" ? rows.problem : qsTr("Press the new key, or Esc.") : ""
            changed: modelData.chosenKeys !== null
            onResetRequested: rows.prefs.keys = Keymap.choose(rows.prefs.keys, modelData.name, null)

            Button {
                id: catcher

                text: row.waits ? qsTr("\u2026") : row.modelData.keysInUse.length > 0
                    ? row.modelData.keysInUse.length > 4 ? row.modelData.shortcut + "\u2026" : row.modelData.keysInUse.join("  ")
                    : qsTr("none")
                font.family: Theme.monoFamily
                accessibleName: qsTr("Keys for %1: %2").arg(row.modelData.text).arg(row.modelData.keysInUse.join(", "))
                onClicked: {
                    rows.problem = "";
                    rows.waiting = row.modelData.name;
                    forceActiveFocus();
                }
                onActiveFocusChanged: if (!activeFocus && row.waits)
                    rows.waiting = ""
                Keys.onShortcutOverride: event => event.accepted = row.waits
                Keys.onPressed: event => {
                    if (!row.waits)
                        return;
                    event.accepted = true;
                    if (event.key === Qt.Key_Escape) {
                        rows.waiting = "";
                        return;
                    }
                    const key = Keymap.sequence(event.key, event.modifiers);
                    if (key !== "")
                        rows.take(row.modelData, key);
                }
            }
        }
    }
}
