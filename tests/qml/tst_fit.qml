// No word is cut off: every screen at the smallest and at an ordinary size, in each size of the
// interface. tests/qml/fit.py runs this file once more at Qt's scale factors, and with words that
// are longer and run from right to left.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import QtTest
import Okno.Backend
import Okno.Mock
import Okno.Shell
import Okno.Theme

Item {
    id: root

    width: 1280
    height: 800

    Shell {
        id: shell

        anchors.fill: parent
        focus: true
    }

    TestCase {
        id: test

        name: "Fit"
        when: windowShown

        readonly property var sections: ["appearance", "viewer", "keep", "network", "keys", "about"]
        readonly property var screens: Array.of("empty", "taken", "wall", "large", "statistics", "products", "editor", "menu",
            "shortcuts", "palette", "addSource", "saveAs", "filter", "filmstrip", "appearance", "viewer", "keep", "network", "keys", "about").concat(Object.keys(calls))
        /// Screens of calls, and what the mock plays for them.
        readonly property var calls: ({
                "call": "home",
                "call, check": "preparing",
                "call, check, classic": "classic-preparing",
                "call, waiting": "waiting",
                "call, waiting, classic": "classic-waiting",
                "call, itself": "active",
                "call, classic": "classic",
                "call, end": "ended-12",
                "call, end, classic": "classic-ended-12"
            })

        function cleanup() {
            shell.calls.shown = false;
            Call.play("home");
            shell.sheet = "";
            if (shell.focusPage?.filmstripShown)
                shell.run("filmstrip", "");
            shell.wallPage.endFilter();
            shell.statisticsShown = false;
            shell.productsShown = false;
            shell.chosenStream = -1;
            Theme.uiScale = 1;
            tryVerify(() => Array.from(overlay().children).filter(child => child.visible).length === 0);
        }

        // What popups lie in.
        function overlay(): Item {
            return shell.T.Overlay.overlay;
        }
        function find(item: Item, matches: var): var {
            if (matches(item))
                return item;
            for (const child of Array.from(item.children)) {
                const found = find(child, matches);
                if (found)
                    return found;
            }
            return null;
        }

        function open(screen: string) {
            Scenario.play(screen === "empty" || screen === "taken" ? screen : "three");
            if (screen !== "empty" && screen !== "taken")
                tryVerify(() => shell.wallPage.wall.grid.cells.length === 3);
            shell.forceActiveFocus();
            if (calls[screen]) {
                shell.calls.open();
                Call.play(calls[screen]);
            } else if (screen === "large") {
                shell.show(StreamModel.get(0).streamId);
                tryVerify(() => shell.focusPage !== null);
                shell.focusPage.wake();
            } else if (screen === "filmstrip") {
                shell.show(StreamModel.get(0).streamId);
                tryVerify(() => shell.focusPage !== null);
                shell.run("filmstrip", "");
                shell.focusPage.wake();
            } else if (screen === "saveAs") {
                shell.saveAs(StreamModel.get(0).streamId);
            } else if (screen === "filter") {
                shell.wallPage.find();
            } else if (screen === "wall") {
                shell.wallPage.forceActiveFocus();
                keyClick(Qt.Key_Right);
                wake();
                tryVerify(() => shell.wallPage.toolsShown);
            } else if (screen === "statistics") {
                shell.statisticsShown = true;
            } else if (screen === "products" || screen === "editor") {
                Catalog.play("ready");
                shell.openProducts();
                if (screen === "editor")
                    shell.productPanel.addProduct();
            } else if (screen === "menu") {
                shell.openMenu(StreamModel.get(0).streamId, Qt.point(10, 10));
            } else if (sections.includes(screen)) {
                shell.sheet = "settings";
                tryVerify(() => choices() !== null);
                choices().children[sections.indexOf(screen)].clicked();
            } else if (["shortcuts", "palette", "addSource"].includes(screen)) {
                shell.sheet = screen;
            }
        }

        // The sections of the settings.
        function choices(): var {
            return find(overlay(), item => item.Accessible.role === Accessible.List);
        }

        function test_words_data(): var {
            return screens.map(screen => ({"tag": screen}));
        }

        function test_words(data: var) {
            open(data.tag);
            const faults = [];
            for (const [width, height, scale] of [[640, 400, 1], [640, 400, 1.3], [1280, 800, 1]]) {
                // In logical pixels: Qt's scale factor makes the window larger with them.
                root.width = width;
                root.height = height;
                Theme.uiScale = scale;
                if (data.tag === "wall" || data.tag === "large")
                    wake();
                // Laid out when it is drawn.
                waitForRendering(root, 100);
                wait(50);
                const found = [];
                look(root.Window.contentItem, found);
                found.forEach(fault => faults.push(`${width}x${height} ${scale}: ${fault}`));
            }
            compare(faults.join("\n"), "");
            if (data.tag === "menu")
                keyClick(Qt.Key_Escape);
        }

        function wake() {
            mouseMove(root, 200, 200);
            mouseMove(root, 210, 200);
        }

        function names(): var {
            const found = [];
            for (let i = 0; i < Catalog.count; ++i)
                found.push(Catalog.get(i).name);
            for (let i = 0; i < StreamModel.count; ++i)
                found.push(StreamModel.get(i).name);
            for (const device of Call.cameras.concat(Call.microphones, Call.speakers))
                found.push(device.name);
            return found;
        }

        // Words that are cut, and words that lie where nobody gets to see them.
        function look(item: Item, faults: var) {
            if (!item.visible || item.opacity === 0)
                return;
            if (item instanceof Text && item.text !== "" && item.width > 0)
                judge(item as Text, faults);
            for (const child of Array.from(item.children))
                look(child, faults);
        }

        function judge(text: Text, faults: var) {
            const say = what => faults.push(`"${text.text}" ${what}`);
            // Names that others gave may be of any length.
            if (text.truncated && text.textFormat === Text.PlainText && text.elide !== Text.ElideNone && names().includes(text.text))
                return;
            if (text.truncated)
                return say(`is cut: ${Math.round(text.width)} for ${Math.round(text.implicitWidth)}`);
            if (text.contentWidth > text.width + 1 && text.width < text.implicitWidth - 1)
                return say(`is wider than its place: ${Math.round(text.contentWidth)} in ${Math.round(text.width)}`);
            // Each ancestor that cuts, and the window. What scrolls may hide words below, not beside.
            for (let at = text.parent; at; at = at.parent) {
                const scrolls = at instanceof Flickable;
                if (!at.clip && at !== root && !scrolls)
                    continue;
                const place = text.mapToItem(at, 0, 0, text.width, text.height);
                const sideways = scrolls && at.contentWidth > at.width;
                if (!sideways && (place.x < -1 || place.x + place.width > at.width + 1))
                    return say(`lies outside: ${Math.round(place.x)} to ${Math.round(place.x + place.width)} of ${Math.round(at.width)}`);
                if (scrolls)
                    return;
                if (place.y < -1 || place.y + place.height > at.height + 1)
                    return say(`lies above or below: ${Math.round(place.y)} to ${Math.round(place.y + place.height)} of ${Math.round(at.height)}`);
            }
        }
    }
}
