// The table of everything a person can do: the one place for words, keys and conditions.
// Shortcuts, the command palette, tooltips and the sheet of keys all read it.
pragma ComponentBehavior: Bound
import QtQml
import Okno.Settings
import "../Settings/keys.js" as Keymap

QtObject {
    id: actions

    required property Preferences prefs
    /// A stream fills the window.
    property bool focused: false
    /// There is at least one stream, and more than one.
    property bool any: false
    property bool several: false
    /// There are streams, even if another page is on the screen.
    property bool present: false
    /// The backend can write pictures and recordings.
    property bool keeps: false
    /// A product was deleted and can be brought back.
    property bool undoable: false

    /// The page of calls is on the screen.
    property bool callShown: false
    /// Camera and microphone are in use: from the check before a call to its end.
    property bool devicesUsed: false
    /// A call is being made or held.
    property bool calling: false

    /// Keys by name of the action, for tooltips.
    readonly property var keyMap: {
        const map = {};
        for (let i = 0; i < table.length; ++i)
            map[table[i].name] = table[i].shortcut;
        return map;
    }

    /// The table as an array, for other files.
    readonly property var all: {
        const found = [];
        for (let i = 0; i < table.length; ++i)
            found.push(table[i]);
        return found;
    }

    /// An action was asked for; key is the one that was pressed, or "".
    signal triggered(string name, string key)

    component Entry: ActionItem {
        chosenKeys: Keymap.chosen(actions.prefs.keys, name)
        onTriggered: key => actions.triggered(name, key)
    }

    function run(name: string) {
        for (let i = 0; i < table.length; ++i) {
            if (table[i].name === name && table[i].enabled)
                table[i].triggered("");
        }
    }

    readonly property string general: qsTr("General")
    readonly property string streams: qsTr("Streams")
    readonly property string picture: qsTr("Picture")
    readonly property string keep: qsTr("Keep")
    readonly property string products: qsTr("Products")
    readonly property string calls: qsTr("Calls")

    readonly property list<ActionItem> table: [
        Entry {
            name: "palette"
            group: actions.general
            text: qsTr("Commands")
            keys: ["Ctrl+K"]
            offered: false
        },
        Entry {
            name: "shortcuts"
            group: actions.general
            text: qsTr("Keyboard shortcuts")
            keys: ["?", "F1"]
        },
        Entry {
            name: "settings"
            group: actions.general
            text: qsTr("Settings")
            keys: ["Ctrl+,"]
        },
        Entry {
            name: "statistics"
            group: actions.general
            text: qsTr("Statistics")
            keys: ["I"]
        },
        Entry {
            name: "fullscreen"
            group: actions.general
            text: qsTr("Full screen")
            keys: ["F", "F11"]
        },
        Entry {
            name: "back"
            group: actions.general
            text: qsTr("Back")
            keys: ["Esc"]
            offered: false
        },
        Entry {
            name: "theme"
            group: actions.general
            text: qsTr("Next theme")
        },
        Entry {
            name: "reload"
            group: actions.general
            text: qsTr("Load the interface anew")
            keys: ["Ctrl+R"]
        },
        Entry {
            name: "reloadAll"
            group: actions.general
            text: qsTr("Load everything anew, fonts and theme too")
            keys: ["Ctrl+Shift+R"]
        },
        Entry {
            name: "quit"
            group: actions.general
            text: qsTr("Quit")
            keys: ["Ctrl+Q"]
        },
        Entry {
            name: "addSource"
            group: actions.streams
            text: qsTr("Add source\u2026")
            keys: ["Ctrl+O"]
        },
        Entry {
            name: "testPattern"
            group: actions.streams
            text: qsTr("Show a test pattern")
            keys: ["Ctrl+T"]
        },
        Entry {
            name: "wall"
            group: actions.streams
            text: qsTr("Wall")
            keys: ["Ctrl+1"]
            enabled: actions.several || actions.callShown
        },
        Entry {
            name: "focus"
            group: actions.streams
            text: qsTr("Large picture of the selected stream")
            keys: ["Ctrl+2"]
            enabled: actions.several || actions.callShown && actions.present
        },
        Entry {
            name: "number"
            group: actions.streams
            text: qsTr("Large picture of stream 1\u20139")
            keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
            enabled: actions.any
            offered: false
        },
        Entry {
            name: "next"
            group: actions.streams
            text: qsTr("Next stream")
            keys: ["Right"]
            enabled: actions.several
            yields: true
        },
        Entry {
            name: "previous"
            group: actions.streams
            text: qsTr("Previous stream")
            keys: ["Left"]
            enabled: actions.several
            yields: true
        },
        Entry {
            name: "below"
            group: actions.streams
            text: qsTr("Stream below")
            keys: ["Down"]
            enabled: actions.several && !actions.focused
            yields: true
            offered: false
        },
        Entry {
            name: "above"
            group: actions.streams
            text: qsTr("Stream above")
            keys: ["Up"]
            enabled: actions.several && !actions.focused
            yields: true
            offered: false
        },
        Entry {
            name: "moveRight"
            group: actions.streams
            text: qsTr("Move the tile right")
            keys: ["Alt+Right"]
            enabled: actions.several && !actions.focused
        },
        Entry {
            name: "moveLeft"
            group: actions.streams
            text: qsTr("Move the tile left")
            keys: ["Alt+Left"]
            enabled: actions.several && !actions.focused
        },
        Entry {
            name: "moveDown"
            group: actions.streams
            text: qsTr("Move the tile down")
            keys: ["Alt+Down"]
            enabled: actions.several && !actions.focused
        },
        Entry {
            name: "moveUp"
            group: actions.streams
            text: qsTr("Move the tile up")
            keys: ["Alt+Up"]
            enabled: actions.several && !actions.focused
        },
        Entry {
            name: "find"
            group: actions.streams
            text: qsTr("Find a stream by its name")
            keys: ["Ctrl+F"]
            enabled: actions.several && !actions.focused
        },
        Entry {
            name: "sortByName"
            group: actions.streams
            text: qsTr("Sort the wall by name")
            enabled: actions.several
        },
        Entry {
            name: "filmstrip"
            group: actions.streams
            text: qsTr("Other streams beside the picture")
            keys: ["T"]
            enabled: actions.several && actions.focused
        },
        Entry {
            name: "remove"
            group: actions.streams
            text: qsTr("Remove the stream")
            keys: ["Del"]
            enabled: actions.any
            yields: true
        },
        Entry {
            name: "fewerColumns"
            group: actions.streams
            text: qsTr("Fewer columns")
            keys: ["["]
            enabled: actions.several
        },
        Entry {
            name: "moreColumns"
            group: actions.streams
            text: qsTr("More columns")
            keys: ["]"]
            enabled: actions.several
        },
        Entry {
            name: "badges"
            group: actions.streams
            text: qsTr("Names and figures")
            keys: ["N"]
        },
        Entry {
            name: "pause"
            group: actions.picture
            text: qsTr("Pause, or go on")
            keys: ["Space"]
            enabled: actions.any
            yields: true
        },
        Entry {
            name: "stepBack"
            group: actions.picture
            text: qsTr("Step one frame back")
            keys: [","]
            enabled: actions.focused
        },
        Entry {
            name: "stepForward"
            group: actions.picture
            text: qsTr("Step one frame forward")
            keys: ["."]
            enabled: actions.focused
        },
        Entry {
            name: "replayBack"
            group: actions.picture
            text: qsTr("Replay: five seconds back")
            keys: ["Shift+Left"]
            enabled: actions.focused
        },
        Entry {
            name: "replayForward"
            group: actions.picture
            text: qsTr("Replay: five seconds forward")
            keys: ["Shift+Right"]
            enabled: actions.focused
        },
        Entry {
            name: "keepPast"
            group: actions.picture
            text: qsTr("Keep the last seconds of a local stream, or no longer")
            enabled: actions.focused
        },
        Entry {
            name: "present"
            group: actions.picture
            text: qsTr("Back to the present")
            keys: ["L", "End"]
            enabled: actions.focused
            yields: true
        },
        Entry {
            name: "fit"
            group: actions.picture
            text: qsTr("Fit")
            keys: ["0"]
            enabled: actions.any
        },
        Entry {
            name: "fill"
            group: actions.picture
            text: qsTr("Fill")
            keys: ["W"]
            enabled: actions.any
        },
        Entry {
            name: "actual"
            group: actions.picture
            text: qsTr("Actual size, 1:1")
            keys: ["Z"]
            enabled: actions.focused
        },
        Entry {
            name: "zoomIn"
            group: actions.picture
            text: qsTr("Zoom in")
            keys: ["+", "="]
            enabled: actions.focused
        },
        Entry {
            name: "zoomOut"
            group: actions.picture
            text: qsTr("Zoom out")
            keys: ["-"]
            enabled: actions.focused
        },
        Entry {
            name: "mirror"
            group: actions.picture
            text: qsTr("Mirror")
            keys: ["H"]
            enabled: actions.focused
        },
        Entry {
            name: "inspect"
            group: actions.picture
            text: qsTr("Pixel values")
            keys: ["P"]
            enabled: actions.focused
        },
        Entry {
            name: "snapshot"
            group: actions.keep
            text: qsTr("Snapshot")
            keys: ["S"]
            enabled: actions.any && actions.keeps
        },
        Entry {
            name: "saveAs"
            group: actions.keep
            text: qsTr("Save the picture as\u2026")
            keys: ["Ctrl+S"]
            enabled: actions.any && actions.keeps
        },
        Entry {
            name: "copyFrame"
            group: actions.keep
            text: qsTr("Copy picture")
            keys: ["Ctrl+C"]
            enabled: actions.any && actions.keeps
            yields: true
        },
        Entry {
            name: "record"
            group: actions.keep
            text: qsTr("Record, or stop recording")
            keys: ["R"]
            enabled: actions.any && actions.keeps
        },
        Entry {
            name: "recordAll"
            group: actions.keep
            text: qsTr("Record all, or stop all")
            keys: ["Shift+R"]
            enabled: actions.any && actions.keeps
        },
        Entry {
            name: "products"
            group: actions.products
            text: qsTr("Products")
            keys: ["Ctrl+P"]
        },
        Entry {
            name: "addProduct"
            group: actions.products
            text: qsTr("Add a product\u2026")
            keys: ["Ctrl+Shift+P"]
        },
        Entry {
            name: "undoDelete"
            group: actions.products
            text: qsTr("Bring the deleted product back")
            keys: ["Ctrl+Z"]
            enabled: actions.undoable
            yields: true
        },
        Entry {
            name: "call"
            group: actions.calls
            text: qsTr("Call")
            keys: ["Ctrl+3"]
        },
        Entry {
            name: "startCall"
            group: actions.calls
            text: qsTr("Start a call")
            enabled: !actions.calling
        },
        Entry {
            name: "joinCall"
            group: actions.calls
            text: qsTr("Join a call")
            enabled: !actions.calling
        },
        Entry {
            name: "mute"
            group: actions.calls
            text: qsTr("Mute, or speak again")
            keys: ["M"]
            enabled: actions.callShown && actions.devicesUsed
        },
        Entry {
            name: "callCamera"
            group: actions.calls
            text: qsTr("Camera off, or on again")
            keys: ["V"]
            enabled: actions.callShown && actions.devicesUsed
        },
        Entry {
            name: "talk"
            group: actions.calls
            text: qsTr("Speak while it is held, when muted")
            keys: ["Space"]
            enabled: actions.callShown && actions.calling
            held: true
            offered: false
        },
        Entry {
            name: "safety"
            group: actions.calls
            text: qsTr("Safety code")
            keys: ["Ctrl+Shift+S"]
            enabled: actions.callShown && actions.calling
        },
        Entry {
            name: "hangUp"
            group: actions.calls
            text: qsTr("Hang up")
            keys: ["Ctrl+D"]
            enabled: actions.calling
        },
        Entry {
            name: "selfLeft"
            group: actions.calls
            text: qsTr("Your picture left")
            keys: ["Ctrl+Alt+Left"]
            enabled: actions.callShown && actions.calling
            offered: false
        },
        Entry {
            name: "selfRight"
            group: actions.calls
            text: qsTr("Your picture right")
            keys: ["Ctrl+Alt+Right"]
            enabled: actions.callShown && actions.calling
            offered: false
        },
        Entry {
            name: "selfUp"
            group: actions.calls
            text: qsTr("Your picture up")
            keys: ["Ctrl+Alt+Up"]
            enabled: actions.callShown && actions.calling
            offered: false
        },
        Entry {
            name: "selfDown"
            group: actions.calls
            text: qsTr("Your picture down")
            keys: ["Ctrl+Alt+Down"]
            enabled: actions.callShown && actions.calling
            offered: false
        }
    ]
}
