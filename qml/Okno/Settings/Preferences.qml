// What a person chose, kept over restarts. The defaults are the values written here.
//
// In: the settings file that the program names (none: nothing is kept). Out: properties that
// apply at once. A value of the wrong kind in the file is ignored.
import QtQml
import Qt.labs.settings
import Okno.Backend

QtObject {
    id: prefs

    property string theme: "dark"
    /// A Tokens.qml of someone's own; empty for a shipped theme.
    property string themeFile: ""
    /// See Theme.
    property real accentHue: -1
    property real uiScale: 1
    property bool reducedMotion: false
    /// Names, states and figures stay on the tiles.
    property bool badges: false
    /// The other streams beside the large picture.
    property bool filmstrip: false
    /// Tiles are covered, at the price of the pictures' ends.
    property bool fillTiles: false
    /// Columns of the wall; 0 lets it choose.
    property int columns: 0
    /// The window takes the size of the first picture.
    property bool fitWindow: true
    /// Notes when streams come and go.
    property bool announce: true
    /// Keys without Ctrl or Alt, such as S or Space.
    property bool singleKeys: true
    /// Folders for snapshots and recordings; empty for the usual ones.
    property string picturesFolder: ""
    property string videosFolder: ""
    /// Seconds before the key was pressed with which a recording begins.
    property real lookBack: 5
    /// Seconds of each stream that are kept for replay and look-back.
    property real historySeconds: 20
    /// Of streams of programs on this computer, too, which come uncompressed otherwise.
    property bool keepLocal: false
    /// Names of the streams in the order of the wall, as JSON.
    property string order: "[]"
    /// Name of the stream that was made large; empty for the wall.
    property string largeStream: ""
    /// Keys that were changed: {action: [keys]}, as JSON.
    property string keys: "{}"

    /// Name that the other person in a call sees.
    property string callName: ""
    /// Relay that calls go through; empty for the one on this machine.
    property string callRelay: ""
    property string callCamera: ""
    property string callMicrophone: ""
    property string callSpeaker: ""
    /// The last call with an original client: as the original program begins.
    property string classicServer: ""
    property string classicVideoPort: "12345"
    property string classicAudioPort: "12346"
    property string classicCode: "ABC123"
    /// Corner of one's own picture: 0 top left, 1 top right, 2 bottom left, 3 bottom right.
    property int callCorner: 3
    /// Its width in logical pixels.
    property real callSelfSize: 200

    readonly property list<string> names: ["theme", "themeFile", "accentHue", "uiScale", "reducedMotion", "badges", "filmstrip", "fillTiles",
        "columns", "fitWindow", "announce", "singleKeys", "picturesFolder", "videosFolder", "lookBack",
        "historySeconds", "keepLocal", "order", "largeStream", "keys", "callName", "callRelay", "callCamera",
        "callMicrophone", "callSpeaker", "classicServer", "classicVideoPort", "classicAudioPort", "classicCode", "callCorner", "callSelfSize"]
    readonly property bool kept: (App.settingsFile ?? "") !== ""
    property var defaults: ({})

    property Instantiator store: Instantiator {
        active: prefs.kept

        delegate: Settings {
            fileName: App.settingsFile
            category: "interface"
        }
    }

    /// Back to the value as shipped.
    function reset(name: string) {
        prefs[name] = defaults[name];
    }
    function isDefault(name: string): bool {
        return prefs[name] === defaults[name];
    }

    Component.onCompleted: {
        const shipped = {};
        for (const name of names) {
            shipped[name] = prefs[name];
            load(name);
            prefs[name + "Changed"].connect(() => save(name));
        }
        defaults = shipped;
    }

    // A file gives text for everything; the default tells what kind it is meant to be.
    function load(name) {
        const text = store.object?.value(name);
        if (text === undefined || text === null)
            return;
        switch (typeof prefs[name]) {
        case "boolean":
            prefs[name] = text === true || text === "true";
            break;
        case "number":
            if (isFinite(Number(text)))
                prefs[name] = Number(text);
            break;
        default:
            prefs[name] = String(text);
        }
    }
    function save(name) {
        store.object?.setValue(name, prefs[name]);
    }
}
