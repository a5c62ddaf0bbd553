// The whole interface on mock streams: keys, the large picture, sheets.
pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Okno.Backend
import Okno.Mock
import Okno.Shell

Item {
    id: root

    width: 800
    height: 600

    Shell {
        id: shell

        anchors.fill: parent
        focus: true
    }

    TestCase {
        name: "Shell"
        when: windowShown

        function init() {
            shell.chosenStream = -1;
            shell.statisticsShown = false;
            shell.sheet = "";
            shell.wallPage.wall.currentStream = -1;
            shell.wallPage.wall.paused = false;
            FrameServer.calls = [];
            FrameServer.recording = [];
            FrameServer.problems = [];
            FrameServer.uncompressed = [];
            Scenario.play("three");
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
        // A rectangle read from a property goes on following it.
        function copy(r: rect): rect {
            return Qt.rect(r.x, r.y, r.width, r.height);
        }
        function named(name: string): Item {
            return find(shell.Window.contentItem ?? root, item => item.Accessible.name === name && item.Accessible.role !== 0);
        }

        function test_one_stream_fills_the_window() {
            Scenario.play("one");
            tryVerify(() => shell.focused);
            const view = shell.focusPage.view;
            compare(Qt.rect(view.x, view.y, view.width, view.height), Qt.rect(0, 0, 800, 600));
            verify(!shell.focusPage.hudShown, "nothing lies on the picture");
            verify(!shell.wallPage.visible);
            StreamModel.add({});
            tryVerify(() => !shell.focused);
        }

        function test_enter_and_escape() {
            keyClick(Qt.Key_Right);
            keyClick(Qt.Key_Right);
            const second = shell.wallPage.wall.tileAt(1).streamId;
            compare(shell.wallPage.wall.currentStream, second);
            keyClick(Qt.Key_Return);
            compare(shell.shownStream, second);
            tryVerify(() => shell.focusPage !== null);
            keyClick(Qt.Key_Escape);
            verify(!shell.focused);
            compare(shell.wallPage.wall.currentStream, second);
        }

        function test_number_keys() {
            keyClick(Qt.Key_3);
            compare(shell.shownStream, shell.wallPage.wall.tileAt(2).streamId);
            keyClick(Qt.Key_Left);
            compare(shell.shownStream, shell.wallPage.wall.tileAt(1).streamId);
        }

        function test_zoom_keeps_what_is_under_the_pointer() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            const view = shell.focusPage.view;
            const at = Qt.point(300, 280);
            const before = copy(view.contentRect);
            const qx = (at.x - before.x) / before.width;
            view.zoomBy(8, at.x, at.y);
            const after = copy(view.contentRect);
            verify(after.width > before.width * 7.9);
            fuzzyCompare(after.x + qx * after.width, at.x, 0.01);
            const qy = (at.y - before.y) / before.height;
            fuzzyCompare(after.y + qy * after.height, at.y, 0.01);
            keyClick(Qt.Key_0);
            compare(view.zoom, 1);
        }

        function test_wheel_zooms_at_the_pointer() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            const view = shell.focusPage.view;
            const before = copy(view.contentRect);
            mouseWheel(view, 200, 300, 0, 120 * 6);
            const after = copy(view.contentRect);
            verify(after.width > before.width * 3);
            fuzzyCompare(after.x + (200 - before.x) / before.width * after.width, 200, 0.01);
        }

        function test_actual_size() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            keyClick(Qt.Key_Z);
            fuzzyCompare(shell.focusPage.view.magnification, 1, 0.0001);
        }

        function test_paused_is_never_called_live() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            shell.focusPage.wake();
            verify(find(shell, item => item.text === "Live"));
            keyClick(Qt.Key_Space);
            shell.focusPage.wake();
            verify(!find(shell, item => item.text === "Live"));
            verify(find(shell, item => item.text === "Paused"));
            keyClick(Qt.Key_Space);
            keyClick(Qt.Key_Escape);
            keyClick(Qt.Key_Space);
            verify(shell.wallPage.wall.paused);
            verify(!find(shell.wallPage, item => item.text === "Live"));
            compare(shell.wallPage.summary, "3 paused");
            keyClick(Qt.Key_Space);
            verify(!shell.wallPage.wall.paused);
        }

        function test_single_keys_do_not_fire_while_typing() {
            keyClick(Qt.Key_K, Qt.ControlModifier);
            compare(shell.sheet, "palette");
            for (const key of [Qt.Key_F, Qt.Key_I, Qt.Key_Space, Qt.Key_1])
                keyClick(key);
            verify(!shell.statisticsShown);
            compare(shell.chosenStream, -1);
            keyClick(Qt.Key_Escape);
            tryCompare(shell, "sheet", "");
        }

        function test_palette_runs_what_was_found() {
            keyClick(Qt.Key_K, Qt.ControlModifier);
            for (const key of [Qt.Key_T, Qt.Key_E, Qt.Key_S, Qt.Key_T, Qt.Key_Space, Qt.Key_P])
                keyClick(key);
            keyClick(Qt.Key_Return);
            compare(FrameServer.calls, ["showTestPattern"]);
            tryCompare(shell, "sheet", "");
        }

        function test_every_sheet_opens_and_closes() {
            const sheets = [[Qt.Key_F1, Qt.NoModifier, "shortcuts"], [Qt.Key_Comma, Qt.ControlModifier, "settings"], [Qt.Key_O, Qt.ControlModifier, "addSource"], [Qt.Key_K, Qt.ControlModifier, "palette"]];
            for (const [key, modifiers, name] of sheets) {
                keyClick(key, modifiers);
                compare(shell.sheet, name);
                wait(0);
                keyClick(Qt.Key_Escape);
                tryCompare(shell, "sheet", "");
            }
        }

        function test_statistics_toggle() {
            keyClick(Qt.Key_I);
            verify(shell.statisticsShown);
            tryVerify(() => named("All is well: 3 live"));
            keyClick(Qt.Key_Escape);
            verify(!shell.statisticsShown);
        }

        function test_statistics_as_text_for_a_report() {
            keyClick(Qt.Key_I);
            tryVerify(() => named("All is well: 3 live"));
            // Of now, not of what the test before this one left.
            tryVerify(() => App.statistics.streams[0]?.name === "front door");
            mouseClick(named("Copy as text"));
            const lines = FrameServer.calls[0].split("\n");
            compare(lines[0], "copyText All is well: 3 live");
            compare(lines[1], "front door");
            compare(lines[2], "  Format: okno, 1280 \u00d7 720");
            verify(/^  Bitrate: \d+\.\d Mbit\/s$/.test(lines[3]), lines[3]);
            verify(/^CPU \d+ % of a core, memory \d+ MB, renderer /.test(lines[lines.length - 2]), lines[lines.length - 2]);
            mouseClick(named("Copy as JSON"));
            compare(JSON.parse(FrameServer.calls[1].slice("copyText ".length)).streams.length, 3);
            keyClick(Qt.Key_Escape);
        }

        function test_reorder_by_keys() {
            keyClick(Qt.Key_Right);
            const first = shell.wallPage.wall.currentStream;
            keyClick(Qt.Key_Right, Qt.AltModifier);
            compare(StreamModel.row(first), 1);
        }

        function test_a_stream_is_found_by_its_name() {
            const wall = shell.wallPage.wall;
            keyClick(Qt.Key_F, Qt.ControlModifier);
            for (const key of [Qt.Key_W, Qt.Key_O, Qt.Key_R])
                keyClick(key);
            compare(wall.shown, [2]);
            verify(!wall.tileAt(0).visible && !wall.tileAt(1).visible);
            tryCompare(wall.tileAt(2), "width", wall.grid.cells[0].width);
            compare(wall.placeAt(wall.width / 2, wall.height / 2), 2);
            keyClick(Qt.Key_Return);
            compare(wall.currentStream, wall.tileAt(2).streamId);
            keyClick(Qt.Key_Return);
            compare(StreamModel.nameOf(shell.shownStream), "workshop");
            keyClick(Qt.Key_Escape);
            compare(shell.chosenStream, -1);
            compare(wall.shown, [2], "back to the same wall");
            keyClick(Qt.Key_F, Qt.ControlModifier);
            keyClick(Qt.Key_X);
            tryVerify(() => named("No stream is called that."));
            keyClick(Qt.Key_Escape);
            compare(wall.shown, [0, 1, 2]);
            verify(wall.tileAt(0).visible);
        }

        function test_sorted_by_name() {
            shell.wallPage.wall.moveTo(0, 2);
            const names = () => Array.from({"length": StreamModel.count}, (_, i) => StreamModel.get(i).name).join();
            compare(names(), "garden,workshop,front door");
            shell.run("sortByName", "");
            compare(names(), "front door,garden,workshop");
            tryVerify(() => shell.wallPage.wall.tileAt(0)?.name === "front door");
        }

        function test_the_other_streams_beside_the_picture() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            verify(!named("Show garden"));
            keyClick(Qt.Key_T);
            tryVerify(() => named("Show garden"));
            mouseClick(named("Show garden"));
            compare(StreamModel.nameOf(shell.shownStream), "garden");
            named("Show workshop").forceActiveFocus();
            keyClick(Qt.Key_Return);
            compare(StreamModel.nameOf(shell.shownStream), "workshop");
            shell.run("filmstrip", "");
            tryVerify(() => !named("Show garden"));
        }

        function test_streams_that_come_take_their_places() {
            Scenario.play("three");
            tryVerify(() => shell.wallPage.wall.count === 3);
            shell.wallPage.wall.moveTo(2, 0);
            const names = () => Array.from({"length": StreamModel.count}, (_, i) => StreamModel.get(i).name).join();
            compare(names(), "workshop,front door,garden");
            // They come back in the order in which they connect.
            Scenario.play("three");
            compare(names(), "front door,garden,workshop");
            tryVerify(() => names() === "workshop,front door,garden");
            shell.wallPage.wall.moveTo(0, 2);
        }

        function test_state_survives_a_reload() {
            keyClick(Qt.Key_2);
            tryVerify(() => shell.focusPage !== null);
            shell.focusPage.view.zoomBy(4, 100, 100);
            const state = JSON.parse(JSON.stringify(shell.saveState()));
            compare(state.chosenStream, shell.shownStream);
            const component = Qt.createComponent("Okno.Shell", "Shell");
            const next = (component.status === Component.Ready ? component : Qt.createComponent("../../qml/Okno/Shell/Shell.qml")).createObject(root, {"restored": state, "width": 800, "height": 600});
            verify(next);
            tryVerify(() => next.focusPage !== null);
            compare(next.shownStream, shell.shownStream);
            compare(next.focusPage.view.zoom, shell.focusPage.view.zoom);
            compare(next.focusPage.view.center, shell.focusPage.view.center);
            next.destroy();
        }

        function test_snapshot_and_recording() {
            keyClick(Qt.Key_1);
            keyClick(Qt.Key_S);
            keyClick(Qt.Key_R);
            keyClick(Qt.Key_R);
            const id = shell.shownStream;
            compare(FrameServer.calls, [`saveSnapshot ${id}`, `setRecording ${id} true`, `setRecording ${id} false`]);
        }

        function test_what_was_kept_is_told_and_its_folder_opens() {
            keyClick(Qt.Key_1);
            keyClick(Qt.Key_S);
            const path = FrameServer.picturesFolder + "/" + StreamModel.nameOf(shell.shownStream) + ".jpg";
            tryVerify(() => named("Saved " + path));
            mouseClick(find(shell, item => item.text === "Open folder"));
            compare(FrameServer.calls[1], "openFolder " + path);
            shell.focusPicture();
            keyClick(Qt.Key_C, Qt.ControlModifier);
            tryVerify(() => named("Copied"));
            FrameServer.saveFailed(shell.shownStream, "recording", "the disk is full");
            tryVerify(() => named("The recording has ended: the disk is full"));
            FrameServer.sourceFailed("/home/me/notes.txt", "it is neither a picture nor a video");
            tryVerify(() => named("notes.txt can't be opened: it is neither a picture nor a video"));
        }

        function test_save_as_asks_for_a_name_and_says_what_is_wrong_with_it() {
            keyClick(Qt.Key_1);
            keyClick(Qt.Key_S, Qt.ControlModifier);
            compare(shell.sheet, "saveAs");
            const id = shell.shownStream;
            const field = shell.Window.activeFocusItem as TextInput;
            const offered = FrameServer.picturesFolder + "/front door 2026-11-28 10-15-30.jpg";
            compare(field.text, offered);
            compare(field.selectedText, "front door 2026-11-28 10-15-30");
            keyClick(Qt.Key_A);
            keyClick(Qt.Key_Return);
            compare(FrameServer.calls, [`holdFrame ${id}`, `saveHeld ${FrameServer.picturesFolder}/a.jpg`]);
            FrameServer.saveFailed(id, "snapshot", "there is such a file");
            tryVerify(() => named("Not saved: there is such a file"));
            compare(shell.sheet, "saveAs", "it can be called otherwise");
            keyClick(Qt.Key_Return);
            FrameServer.saved(id, "snapshot", "/a.jpg");
            tryCompare(shell, "sheet", "");
            compare(FrameServer.calls[3], "holdFrame -1");
        }

        function test_who_removes_a_stream_can_have_it_back() {
            keyClick(Qt.Key_Right);
            const id = shell.currentStream;
            keyClick(Qt.Key_Delete);
            compare(StreamModel.row(id), -1);
            tryVerify(() => named("Removed front door"));
            mouseClick(find(named("Removed front door"), item => item.text === "Undo"));
            compare(FrameServer.calls, [`removeStream ${id}`, `restoreStream ${id}`]);
        }

        function test_the_pointer_has_tools_on_a_tile() {
            const tile = shell.wallPage.wall.tileAt(1);
            mouseMove(tile, tile.width / 2, tile.height / 2);
            tryVerify(() => find(tile, item => item.glyph === "camera"));
            mouseClick(find(tile, item => item.glyph === "camera"));
            compare(FrameServer.calls, [`saveSnapshot ${tile.streamId}`]);
            mouseClick(find(tile, item => item.text === "\u22ef"));
            tryVerify(() => named(`Stream ${tile.name}`));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !shell.sheetOpen);
            mouseClick(tile, tile.width / 2, tile.height / 2, Qt.MiddleButton);
            compare(FrameServer.calls[1], `removeStream ${tile.streamId}`);
        }

        function test_what_comes_uncompressed_is_kept_for_who_asks() {
            const id = StreamModel.get(0).streamId;
            FrameServer.uncompressed = [id];
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            keyClick(Qt.Key_Space);
            shell.focusPage.wake();
            tryVerify(() => named("Nothing to go back to: this stream comes uncompressed."));
            compare(FrameServer.calls, [], "holding a picture asks for nothing");
            mouseClick(find(shell, item => item.text === "Keep it from now on"));
            compare(FrameServer.calls, [`keepPast ${id} true`]);
            const note = "Replay begins now: front door came uncompressed, and nothing of it was kept.";
            tryVerify(() => named(note));
            verify(!named("Nothing to go back to: this stream comes uncompressed."));
            mouseClick(find(named(note), item => item.text === "Undo"));
            compare(FrameServer.calls[1], `keepPast ${id} false`);
            // A key that goes back asks for the same; one that goes forward doesn't.
            shell.focusPicture();
            keyClick(Qt.Key_Period);
            compare(FrameServer.calls.length, 2);
            keyClick(Qt.Key_Left, Qt.ShiftModifier);
            compare(FrameServer.calls[2], `keepPast ${id} true`);
            shell.run("keepPast", "");
            compare(FrameServer.calls[3], `keepPast ${id} false`);
            tryVerify(() => named("Nothing of front door is kept any more."));
        }

        function test_a_recording_shows_its_figures() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            keyClick(Qt.Key_R);
            tryVerify(() => named("Recording \u00b7 01:15 \u00b7 94.0 MB \u00b7 41.2 GB left"));
            keyClick(Qt.Key_R);
            verify(!named("Recording \u00b7 01:15 \u00b7 94.0 MB \u00b7 41.2 GB left"));
        }

        function test_record_all_and_stop_all() {
            keyClick(Qt.Key_R, Qt.ShiftModifier);
            compare(FrameServer.recording.length, 3);
            tryVerify(() => named("Recording"));
            keyClick(Qt.Key_R, Qt.ShiftModifier);
            compare(FrameServer.recording.length, 0);
        }

        function test_replay_is_never_called_live() {
            keyClick(Qt.Key_1);
            tryVerify(() => shell.focusPage !== null);
            keyClick(Qt.Key_Left, Qt.ShiftModifier);
            keyClick(Qt.Key_Left, Qt.ShiftModifier);
            verify(shell.focusPage.view.replaying);
            shell.focusPage.wake();
            tryVerify(() => find(shell, item => item.text === "Replay -00:10"));
            verify(!find(shell, item => /live/i.test(item.text ?? "")));
            keyClick(Qt.Key_Right, Qt.ShiftModifier);
            tryVerify(() => find(shell, item => item.text === "Replay -00:05"));
            keyClick(Qt.Key_Space);
            tryVerify(() => find(shell, item => item.text === "Paused \u00b7 150 new"));
            keyClick(Qt.Key_Comma);
            tryVerify(() => find(shell, item => item.text === "Paused \u00b7 151 new"));
            verify(!find(shell, item => /live/i.test(item.text ?? "")));
            mouseClick(find(shell, item => item.text === "To the present"));
            verify(!shell.focusPage.view.replaying && !shell.focusPage.view.paused);
            keyClick(Qt.Key_Period);
            verify(shell.focusPage.view.paused);
            keyClick(Qt.Key_L);
            verify(!shell.focusPage.view.paused);
            shell.focusPage.wake();
            tryVerify(() => find(shell, item => item.text === "Live"));
        }
    }
}
