// Where snapshots and recordings go, and how much of the past is kept for them.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

Column {
    id: rows

    /// See SettingsRow.
    property string search: ""
    required property Preferences prefs

    spacing: Theme.spaceXs

    component Folder: SettingsRow {
        id: folder

        required property string key
        required property string inUse

        width: rows.width
        search: rows.search
        explanation: inUse
        changed: rows.prefs[key] !== rows.prefs.defaults[key]
        onResetRequested: {
            rows.prefs.reset(key);
            field.text = "";
        }

        TextField {
            id: field

            width: Theme.fieldWidth
            accessibleName: folder.title
            placeholderText: folder.inUse
            text: rows.prefs[folder.key]
            onEditingFinished: rows.prefs[folder.key] = text.trim()
        }
    }
    component Seconds: SettingsRow {
        id: seconds

        required property string key
        required property var values

        width: rows.width
        search: rows.search
        changed: rows.prefs[key] !== rows.prefs.defaults[key]
        onResetRequested: rows.prefs.reset(key)

        Choice {
            accessibleName: seconds.title
            options: Array.from(seconds.values).map(value => ({"value": value, "text": value === 0 ? qsTr("Off") : qsTr("%1 s").arg(value)}))
            value: rows.prefs[seconds.key]
            onChosen: value => rows.prefs[seconds.key] = value
        }
    }

    Folder {
        key: "picturesFolder"
        title: qsTr("Folder for snapshots")
        inUse: FrameServer.picturesFolder
    }
    Folder {
        key: "videosFolder"
        title: qsTr("Folder for recordings")
        inUse: FrameServer.videosFolder
    }
    Seconds {
        key: "lookBack"
        title: qsTr("Recordings begin earlier")
        explanation: qsTr("With what was shown before the key was pressed.")
        values: [0, 5, 20]
    }
    Seconds {
        key: "historySeconds"
        title: qsTr("Kept for replay")
        explanation: qsTr("Of each stream, in memory.")
        values: [0, 20, 60]
    }
    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("Of streams of this computer, too")
        explanation: qsTr("Otherwise they come uncompressed, which costs less, and nothing of them is kept before you ask for it.")
        changed: rows.prefs.keepLocal !== rows.prefs.defaults.keepLocal
        onResetRequested: rows.prefs.reset("keepLocal")

        Switch {
            accessibleName: qsTr("Keep the last seconds of streams of this computer, too")
            checked: rows.prefs.keepLocal
            onToggled: rows.prefs.keepLocal = checked
        }
    }
}
