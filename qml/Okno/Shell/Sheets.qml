// The sheets that can lie over everything. Each is made when it's asked for.
//
// In: the name of the one that is open. Out: word that it was closed. Instantiators, because
// Loader can't create bound components in Qt 6.4.
pragma ComponentBehavior: Bound
import QtQml
import QtQuick
import Okno.Backend
import Okno.Overlays
import Okno.Settings

QtObject {
    id: sheets

    required property Item over
    /// "settings", "shortcuts", "palette", "addSource", "saveAs", or "" for none.
    required property string sheet
    required property Preferences prefs
    required property var actions

    /// The section of the settings that is open.
    property string section: "appearance"

    /// The file that the sheet for saving offers, and the stream that the picture is of.
    property string file: ""
    property int fileStream: -1

    signal closed(string name)

    component Holder: Instantiator {
        required property string name

        active: sheets.sheet === name
    }

    readonly property Instantiator settings: Holder {
        name: "settings"
        delegate: SettingsPage {
            parent: sheets.over
            prefs: sheets.prefs
            actions: sheets.actions
            section: sheets.section
            visible: true
            onSectionChanged: sheets.section = section
            onClosed: sheets.closed("settings")
        }
    }
    readonly property Instantiator shortcuts: Holder {
        name: "shortcuts"
        delegate: ShortcutsSheet {
            parent: sheets.over
            actions: sheets.actions
            visible: true
            onClosed: sheets.closed("shortcuts")
        }
    }
    readonly property Instantiator palette: Holder {
        name: "palette"
        delegate: CommandPalette {
            parent: sheets.over
            actions: sheets.actions
            visible: true
            onClosed: sheets.closed("palette")
        }
    }
    readonly property Instantiator saveAs: Holder {
        name: "saveAs"
        delegate: SaveAsSheet {
            parent: sheets.over
            streamId: sheets.fileStream
            file: sheets.file
            visible: true
            onClosed: {
                FrameServer.holdFrame(-1);
                sheets.closed("saveAs");
            }
            onFileGiven: path => FrameServer.saveHeld(path)
        }
    }
    readonly property Instantiator addSource: Holder {
        name: "addSource"
        delegate: AddSourceSheet {
            parent: sheets.over
            visible: true
            onClosed: sheets.closed("addSource")
            onSourceGiven: url => FrameServer.addSource(url)
        }
    }
}
