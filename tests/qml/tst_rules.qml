// Rules that are plain functions: the order of the wall, chosen keys, the verdict, words of states.
import QtQuick
import QtTest
import Okno.Backend
import Okno.Video
import "../../qml/Okno/Wall/order.js" as Order
import "../../qml/Okno/Settings/keys.js" as Keymap
import "../../qml/Okno/Overlays/verdict.js" as Verdict
import "../../qml/Okno/Video/zoom.js" as Zoom

TestCase {
    id: root

    name: "Rules"

    StreamStatus {
        id: status
    }

    // ---- Order ----
    function test_a_known_stream_takes_its_old_place() {
        compare(Order.place(["a", "b", "c"], ["a", "c"], "b"), 1);
        compare(Order.place(["a", "b", "c"], ["b", "c"], "a"), 0);
        compare(Order.place(["a", "b", "c"], ["a", "x"], "b"), 1);
        compare(Order.place(["a", "b", "c"], ["a", "b"], "new"), 2);
    }
    function test_names_that_are_away_keep_their_places() {
        compare(Order.remember(["a", "away", "b"], ["b", "a"], 10), ["b", "away", "a"]);
        compare(Order.remember([], ["b", "a"], 10), ["b", "a"]);
        compare(Order.remember(["a"], ["a", "a", "b"], 10), ["a", "b"]);
        compare(Order.remember(["a", "b", "c"], ["d"], 2).length, 2);
    }
    function test_unreadable_order_is_empty() {
        compare(Order.parse("not json"), []);
        compare(Order.parse("{}"), []);
        compare(Order.parse('["a", 3]'), ["a"]);
    }

    // ---- Keys ----
    function test_key_names() {
        compare(Keymap.sequence(Qt.Key_K, Qt.ControlModifier), "Ctrl+K");
        compare(Keymap.sequence(Qt.Key_K, Qt.ControlModifier | Qt.ShiftModifier), "Ctrl+Shift+K");
        compare(Keymap.sequence(Qt.Key_Question, Qt.ShiftModifier), "?");
        compare(Keymap.sequence(Qt.Key_F11, Qt.NoModifier), "F11");
        compare(Keymap.sequence(Qt.Key_Left, Qt.AltModifier), "Alt+Left");
        compare(Keymap.sequence(Qt.Key_Space, Qt.NoModifier), "Space");
        compare(Keymap.sequence(Qt.Key_Shift, Qt.ShiftModifier), "");
    }
    function test_key_choice() {
        const saved = Keymap.choose("{}", "pause", ["G"]);
        compare(Keymap.chosen(saved, "pause"), ["G"]);
        compare(Keymap.chosen(saved, "fit"), null);
        compare(Keymap.chosen(Keymap.choose(saved, "pause", null), "pause"), null);
        compare(Keymap.chosen("garbage", "pause"), null);
        compare(Keymap.chosen('{"pause": 7}', "pause"), null);
    }
    function test_key_conflict() {
        const actions = [{"name": "pause", "keysInUse": ["Space"]}, {"name": "quit", "keysInUse": ["Ctrl+Q"]}];
        compare(Keymap.holder(actions, "pause", "ctrl+q").name, "quit");
        compare(Keymap.holder(actions, "quit", "Ctrl+Q"), null);
        compare(Keymap.holder(actions, "quit", "X"), null);
        const held = Array.of(actions[0], actions[1], {"name": "talk", "keysInUse": ["Ctrl+Q"], "held": true});
        compare(Keymap.holder(held, "quit", "Ctrl+Q"), null);
    }

    // ---- Verdict ----
    function sample(changes: var): var {
        return {"cpu_seconds": 0, "rss_bytes": 0, "streams": [Object.assign({"id": 1, "name": "cam", "state": "live", "received": 100, "decoded": 100, "shown": 100, "dropped": 0, "invalid": 0, "latency_ms": null}, changes)]};
    }
    function test_verdict() {
        compare(Verdict.judge(null, null, 1).kind, "none");
        compare(Verdict.judge(sample({}), sample({}), 1).kind, "fine");
        compare(Verdict.judge(sample({"state": "stalled"}), null, 1).kind, "stalled");
        compare(Verdict.judge(sample({"invalid": 2}), sample({}), 1).kind, "invalid");
        const drops = Verdict.judge(sample({"received": 130, "decoded": 115, "dropped": 15}), sample({}), 1);
        compare(drops.kind, "drops");
        compare(drops.value, 0.5);
        compare(Verdict.judge(sample({"received": 130, "dropped": 30}), sample({}), 1).kind, "fine", "out of sight");
        compare(Verdict.judge(sample({"latency_ms": {"p50": 1, "p95": 400, "max": 500}}), sample({}), 1).kind, "latency");
        const busy = sample({"latency_ms": {"p50": 1, "p95": 400, "max": 500}});
        busy.cpu_seconds = 1.5;
        compare(Verdict.judge(busy, sample({}), 1).kind, "cpu");
    }

    // ---- Words ----
    function test_words_of_states() {
        status.state = StreamState.Live;
        compare(status.text, "Live");
        status.paused = true;
        compare(status.text, "Paused");
        status.state = StreamState.Stalled;
        status.quietSeconds = 7.9;
        compare(status.text, "No frames for 7 s");
        compare(status.status, "stalled");
        verify(status.dimmed);
        status.paused = false;
        status.state = StreamState.Quiet;
        status.quietSeconds = 300;
        compare(status.text, "Updated 5 min ago");
        verify(!status.dimmed);
    }

    // ---- Zoom ----
    function test_pixel_under_the_pointer() {
        const rect = {"x": 10, "y": 20, "width": 640, "height": 320};
        const size = {"width": 64, "height": 32};
        compare(Zoom.pixel(rect, size, false, 10, 20), {"x": 0, "y": 0});
        compare(Zoom.pixel(rect, size, false, 649, 339), {"x": 63, "y": 31});
        compare(Zoom.pixel(rect, size, true, 10, 20), {"x": 63, "y": 0});
        compare(Zoom.pixel(rect, size, false, 9, 20), null);
        compare(Zoom.pixel(rect, size, false, 650, 20), null);
    }
    function test_pushing_stops_at_the_edge() {
        const rect = {"x": -100, "y": 0, "width": 300, "height": 50};
        const room = {"width": 100, "height": 100};
        const far = Zoom.pushed(rect, room, 1000, 1000);
        fuzzyCompare(far.x, 50 / 300, 1e-9);
        compare(far.y, 0.5);
    }
}
