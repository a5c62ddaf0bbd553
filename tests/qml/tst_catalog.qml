// The products on mock streams and a mock catalogue: panel, cards, states, keys.
pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Okno.Backend
import Okno.Mock
import Okno.Shell
import Okno.Style

Item {
    id: root

    width: 1000
    height: 700

    Shell {
        id: shell

        anchors.fill: parent
        focus: true
    }

    TestCase {
        name: "Catalog"
        when: windowShown

        function init() {
            shell.chosenStream = -1;
            shell.sheet = "";
            if (shell.productsShown)
                shell.closeProducts();
            shell.deletedProduct = "";
            Scenario.play("three");
            Catalog.failure = "";
            Catalog.search = "";
            Catalog.products = [];
            Catalog.play("ready");
            Catalog.calls = [];
            FrameServer.calls = [];
            tryVerify(() => shell.wallPage.wall.grid.cells.length === 3);
            shell.wallPage.forceActiveFocus();
        }

        function find(item: Item, matches: var): Item {
            if (item.visible && matches(item))
                return item;
            for (let i = 0; i < item.children.length; ++i) {
                const found = find(item.children[i], matches);
                if (found)
                    return found;
            }
            return null;
        }
        function named(name: string): Item {
            return find(shell.Window.contentItem ?? root, item => item.Accessible.name === name && item.Accessible.role !== 0);
        }
        function row(name: string): Item {
            return find(shell.productPanel, item => item.Accessible.name === name && item.Accessible.role === Accessible.ListItem);
        }
        function field(name: string): TextField {
            return named(name) as TextField;
        }
        function titled(text: string): Item {
            return find(shell.Window.contentItem ?? root, item => item.text === text);
        }
        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }
        function open() {
            keyClick(Qt.Key_P, Qt.ControlModifier);
            tryVerify(() => shell.productPanel !== null);
        }
        function calls(): var {
            return Catalog.calls.filter(call => call !== "open");
        }

        function test_nothing_is_asked_before_the_panel_opens() {
            compare(Catalog.calls, []);
            open();
            compare(Catalog.calls, ["open"]);
        }

        function test_key_opens_and_escape_closes() {
            open();
            verify(named("Search the products").activeFocus);
            tryVerify(() => row("Blue cup, 9.90"));
            keyClick(Qt.Key_Escape);
            verify(!shell.productsShown);
            verify(shell.wallPage.activeFocus);
        }

        function test_single_keys_are_typed_into_the_search() {
            open();
            type("lamp in 1");
            verify(!shell.statisticsShown);
            compare(shell.chosenStream, -1);
            tryCompare(Catalog, "search", "lamp in 1");
            tryVerify(() => titled("No product is called that."));
        }

        function test_search() {
            open();
            type("lamp");
            tryCompare(Catalog, "count", 1);
            tryVerify(() => row("Desk lamp, 49.00"));
            tryVerify(() => !row("Blue cup, 9.90"));
        }

        function test_add_by_keyboard_alone() {
            keyClick(Qt.Key_P, Qt.ControlModifier | Qt.ShiftModifier);
            tryVerify(() => shell.productPanel?.editing ?? false);
            type("Mug");
            keyClick(Qt.Key_Tab);
            type("abc");
            keyClick(Qt.Key_Return);
            verify(named("the price is not a number: give a decimal such as 9.90"));
            compare(calls(), [], "nothing was sent");
            field("Price of the product").selectAll();
            type("0.1");
            keyClick(Qt.Key_Return);
            compare(calls(), ["add Mug"]);
            tryVerify(() => !shell.productPanel.editing);
            tryVerify(() => row("Mug, 0.10"), 5000, "two decimals");
        }

        function test_edit_keeps_the_revision_that_was_seen() {
            open();
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            verify(shell.productPanel.editing);
            compare(field("Name of the product").text, "Blue cup");
            const seen = Catalog.products.find(p => p.productId === "id-cup").revision;
            type("Red cup");
            keyClick(Qt.Key_Return);
            compare(calls(), ["update id-cup " + seen]);
            tryVerify(() => row("Red cup, 9.90"));
        }

        function test_a_refusal_stays_in_the_editor() {
            open();
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            Catalog.failure = "somebody has changed this product: look at it again";
            keyClick(Qt.Key_Return);
            verify(shell.productPanel.editing);
            verify(named("somebody has changed this product: look at it again"));
            keyClick(Qt.Key_Escape);
            verify(!shell.productPanel.editing);
            verify(shell.productsShown, "only the editor closes");
        }

        function test_delete_and_undo_by_keys() {
            open();
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Delete);
            compare(calls(), ["remove id-cup"]);
            compare(FrameServer.calls, [], "the key did not remove a stream");
            verify(named("Deleted Blue cup"));
            compare(Catalog.row("id-cup"), -1);
            shell.closeProducts();
            keyClick(Qt.Key_Z, Qt.ControlModifier);
            compare(calls(), ["remove id-cup", "undoRemove id-cup"]);
            verify(Catalog.row("id-cup") >= 0);
        }

        function test_undo_button() {
            open();
            Catalog.remove("id-lamp");
            // Notes of earlier tests may still be there.
            tryVerify(() => named("Deleted Desk lamp"));
            (find(named("Deleted Desk lamp"), item => item.Accessible.name === "Undo") as Button).clicked();
            compare(calls(), ["remove id-lamp", "undoRemove id-lamp"]);
        }

        function test_pin_and_unpin_by_menu() {
            open();
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Menu);
            tryVerify(() => named("Unpin from front door"));
            verify(named("Pin to garden"));
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(calls(), ["pin id-cup garden"]);
            tryVerify(() => !named("Pin to garden"));
        }

        function test_pin_by_dragging() {
            open();
            tryVerify(() => row("Bolt M6, 0.125"));
            const line = row("Bolt M6, 0.125");
            const tile = shell.wallPage.wall.tileAt(1);
            const from = line.mapToItem(shell, 40, line.height / 2);
            const to = tile.mapToItem(shell, tile.width / 2, tile.height / 2);
            mousePress(shell, from.x, from.y);
            for (let step = 1; step <= 10; ++step)
                mouseMove(shell, from.x + (to.x - from.x) * step / 10, from.y + (to.y - from.y) * step / 10);
            verify(titled("Bolt M6: pin to garden"));
            mouseRelease(shell, to.x, to.y);
            compare(calls(), ["pin id-bolt garden"]);
            tryVerify(() => !titled("Bolt M6: pin to garden"));
        }

        function test_a_drag_that_misses_pins_nothing() {
            open();
            const line = row("Bolt M6, 0.125");
            const from = line.mapToItem(shell, 200, line.height / 2);
            mousePress(shell, from.x, from.y);
            for (let step = 1; step <= 10; ++step)
                mouseMove(shell, from.x - step * 8, from.y);
            mouseRelease(shell, from.x - 80, from.y);
            compare(calls(), []);
        }

        function test_cards_on_the_wall_and_in_focus() {
            const tile = shell.wallPage.wall.tileAt(0);
            tryVerify(() => find(tile, item => item.Accessible.name === "Blue cup, 9.90"));
            verify(!find(shell.wallPage.wall.tileAt(2), item => item.Accessible.name === "Blue cup, 9.90"));
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            verify(find(shell.focusPage, item => item.Accessible.name === "Blue cup, 9.90"));
            verify(find(shell.focusPage, item => item.Accessible.name === "Desk lamp, 49.00"));
        }

        function test_changes_of_others_reach_the_cards() {
            const tile = shell.wallPage.wall.tileAt(2);
            compare(find(tile, item => item.Accessible.name === "Bolt M6, 0.125"), null);
            Catalog.pin("id-bolt", "workshop");
            tryVerify(() => find(tile, item => item.Accessible.name === "Bolt M6, 0.125"));
            Catalog.remove("id-bolt");
            tryVerify(() => !find(tile, item => item.Accessible.name === "Bolt M6, 0.125"));
        }

        function test_a_card_opens_its_product_by_keyboard() {
            const tile = shell.wallPage.wall.tileAt(0);
            tryVerify(() => find(tile, item => item.Accessible.name === "Blue cup, 9.90"));
            const card = find(tile, item => item.Accessible.name === "Blue cup, 9.90");
            card.forceActiveFocus(Qt.TabFocusReason);
            keyClick(Qt.Key_Return);
            tryVerify(() => shell.productPanel?.editing ?? false);
            compare(shell.chosenStream, -1, "the tile was not activated");
            compare(field("Name of the product").text, "Blue cup");
        }

        function test_delete_on_a_card_unpins_it() {
            const tile = shell.wallPage.wall.tileAt(1);
            tryVerify(() => find(tile, item => item.Accessible.name === "Desk lamp, 49.00"));
            find(tile, item => item.Accessible.name === "Desk lamp, 49.00").forceActiveFocus(Qt.TabFocusReason);
            keyClick(Qt.Key_Delete);
            compare(calls(), ["unpin id-lamp garden"]);
            compare(FrameServer.calls, [], "the stream stays");
        }

        function test_states_in_words_data(): var {
            return [
                {"tag": "connecting", "words": "Connecting to http://127.0.0.1:50051\u2026", "away": false},
                {"tag": "absent", "words": "There is no catalogue at http://127.0.0.1:50051.", "away": true},
                {"tag": "slow", "words": "The catalogue is slow to answer. Changes may take a while.", "away": false},
                {"tag": "lost", "words": "The catalogue is gone. The products are as they were last known.", "away": true},
                {"tag": "back", "words": "The catalogue is back.", "away": false}
            ];
        }
        function test_states_in_words(data: var) {
            open();
            Catalog.play(data.tag);
            verify(named(data.words));
            compare(named("Command that starts a catalogue") !== null, data.away);
            if (data.away) {
                verify(!named("Add product").enabled);
                mouseClick(named("Copy Command that starts a catalogue"));
                compare(FrameServer.calls, ["copyText okno-catalog serve"]);
                mouseClick(named("Try again now"));
                verify(calls().includes("retry"));
                tryVerify(() => !named(data.words));
            }
        }

        function test_a_failure_is_told() {
            open();
            Catalog.failure = "the stream has 16 products: unpin one first";
            Catalog.pin("id-bolt", "garden");
            tryVerify(() => named("the stream has 16 products: unpin one first"));
        }
    }
}
