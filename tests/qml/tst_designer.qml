// Packs and edited files: keys, settings, and what the window does when files change.
import QtQuick
import QtTest
import Okno.Backend
import Okno.Host
import Okno.Mock
import Okno.Theme

TestCase {
    id: test

    name: "Designer"
    when: windowShown

    property Main window: null

    Component {
        id: component

        Main {}
    }

    function init() {
        Designer.packs = [];
        Designer.themes = [];
        Designer.uiState = "";
        Scenario.play("three");
        window = component.createObject(null) as Main;
        tryVerify(() => window.shell?.wallPage.wall.count === 3);
        compare(Designer.calls.pop(), "shellStands");
        Designer.calls = [];
        window.requestActivate();
        tryVerify(() => window.active);
    }
    function cleanup() {
        window.shell.run("theme", "");
        Theme.name = "dark";
        Theme.source = "";
        Theme.icons = "";
        Designer.fault = "";
        Designer.disabled = "";
        window.destroy();
        window = null;
    }

    function find(item: Item, name: string): Item {
        if (item.visible && item.Accessible.name === name && item.Accessible.role !== 0)
            return item;
        for (let i = 0; i < item.children.length; ++i) {
            const found = find(item.children[i], name);
            if (found)
                return found;
        }
        return null;
    }
    // Sheets lie beside the contents of the window, in its overlay.
    function named(name: string): Item {
        let top = window.contentItem;
        while (top.parent)
            top = top.parent;
        return find(top, name);
    }
    function press(name: string) {
        tryVerify(() => named(name) !== null, 5000, name);
        named(name).Accessible.pressAction();
    }

    function test_keys() {
        window.shell.run("reload", "");
        compare(Designer.calls, ["reload"]);
        window.shell.run("reloadAll", "");
        compare(Designer.calls, ["reload", "reloadAll", "renew"]);
    }

    function test_an_edit_keeps_what_is_on_the_screen() {
        window.shell.show(2);
        tryVerify(() => window.shell.focusPage !== null);
        window.shell.focusPage.view.zoomBy(4, 100, 100);
        const zoom = window.shell.focusPage.view.zoom;
        verify(zoom > 3);
        window.shell.sheet = "settings";
        press("Designer");
        const before = window.shell;
        Designer.shellEdited();
        verify(window.shell !== before);
        tryVerify(() => window.shell.focusPage !== null);
        compare(window.shell.focusPage.view.zoom, zoom);
        tryVerify(() => named("Export QML") !== null);
        const same = window.shell;
        const revision = Theme.revision;
        Designer.themeEdited();
        compare(window.shell, same);
        compare(Theme.revision, revision + 1);
        verify(String(Theme.icon("camera")).endsWith("camera.svg?" + Theme.revision));
    }

    function test_another_window_is_as_the_one_before() {
        window.shell.show(3);
        window.x = 31;
        window.width = 700;
        Designer.renewalWanted();
        const next = component.createObject(null) as Main;
        compare(next.width, 700);
        compare(next.x, 31);
        tryVerify(() => next.shell.shownStream === 3);
        next.destroy();
    }

    function test_themes_of_packs() {
        window.shell.sheet = "settings";
        tryVerify(() => named("Theme") !== null);
        verify(named("Use the theme Sepia") === null);
        const source = String(Qt.resolvedUrl("themes/Sparse.qml"));
        const icons = String(Qt.resolvedUrl("../../qml/Okno/../Okno/Theme/icons/"));
        Designer.themes = [{"name": "brown/sepia", "title": "Sepia", "author": "Ada", "source": source, "icons": icons}];
        press("Use the theme Sepia");
        compare(String(Theme.tokensUrl), source);
        compare(String(Theme.accent), "#ff0000");
        verify(String(Theme.icon("camera")).startsWith(icons + "camera.svg"));
        // Next of all is the first.
        window.shell.run("theme", "");
        compare(Theme.source, "");
        compare(Theme.name, Theme.shipped[0]);
    }

    function test_settings() {
        Designer.packs = [{"name": "plate", "title": "Plate", "author": "", "kind": "ui", "fault": ""},
            {"name": "bad", "title": "Bad", "author": "", "kind": "", "fault": "no pack.json"}];
        window.shell.sheet = "settings";
        press("Designer");
        tryVerify(() => named("Bad: no pack.json") !== null);
        press("Use the interface Plate");
        press("Open the folder of packs");
        press("Export QML");
        press("Load the interface anew");
        compare(Designer.calls, ["usePack plate", "openFolder", "exportQml", "reload"]);
    }

    function test_settings_are_found_in_all_sections() {
        window.shell.sheet = "settings";
        tryVerify(() => named("Search the settings") !== null);
        const field = named("Search the settings") as TextInput;
        field.text = "replay";
        tryVerify(() => named("Kept for replay: 20 s") !== null);
        verify(named("Keys for Replay: five seconds back: Shift+Left") !== null);
        verify(named("Theme: Dark") === null);
        field.text = "no such thing";
        tryVerify(() => named("No setting is called that.") !== null);
        press("Appearance");
        compare(field.text, "");
        verify(named("Theme: Dark") !== null);
        verify(named("Kept for replay: 20 s") === null);
    }

    function test_what_is_wrong_is_told() {
        verify(named("A pack was disabled.\nPlate: Shell.qml:3:1: x") === null);
        Designer.disabled = "Plate: Shell.qml:3:1: x";
        tryVerify(() => named("A pack was disabled.\nPlate: Shell.qml:3:1: x") !== null);
        press("Close");
        tryVerify(() => named("A pack was disabled.\nPlate: Shell.qml:3:1: x") === null);
        Designer.fault = "Shell.qml:3:1: y";
        tryVerify(() => named("There is an error in the interface's files; the last good one stays.\nShell.qml:3:1: y") !== null);
        press("Open in editor");
        compare(Designer.calls, ["openInEditor Shell.qml:3:1: y"]);
        press("Copy the error");
        verify(FrameServer.calls.some(call => call.includes("Shell.qml:3:1: y")));
    }
}
