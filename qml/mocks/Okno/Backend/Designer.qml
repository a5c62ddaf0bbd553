// Stand-in for packs and edited files. Remembers what was asked of it, so that tests can see it.
pragma Singleton
import QtQml

QtObject {
    id: designer

    property string qmlDir: ""
    property bool packsAllowed: true
    property var packs: []
    property var themes: []
    property string activePack: ""
    property string fault: ""
    property string disabled: ""
    property string uiState: ""

    signal themeEdited
    signal shellEdited
    signal renewalWanted
    signal exported(string path, string reason)

    function reload() {
        calls.push("reload");
        shellEdited();
    }
    function reloadAll() {
        calls.push("reloadAll");
        renewalWanted();
    }
    function renew(state: string) {
        calls.push("renew");
        uiState = state;
    }
    function usePack(name: string) {
        calls.push("usePack " + name);
        activePack = name;
    }
    function check(url: string): string {
        return "";
    }
    function lastWarning(): string {
        return "";
    }
    function shellStands() {
        calls.push("shellStands");
    }
    function shellFailed(reason: string): bool {
        return false;
    }
    function dismiss() {
        disabled = "";
    }
    function openInEditor(error: string) {
        calls.push("openInEditor " + error);
    }
    function openFolder() {
        calls.push("openFolder");
    }
    function exportQml() {
        calls.push("exportQml");
        exported("/home/me/.local/share/okno/qml", "");
    }

    // ---- Only in the mock ------------------------------------------------------------------

    property var calls: []
}
