// The window itself: its size, and that it keeps the interface it has.
import QtQuick
import QtTest
import Okno.Backend
import Okno.Host
import Okno.Mock
import Okno.Overlays
import Okno.Theme

TestCase {
    id: test

    name: "Window"

    property Main window: null

    Component {
        id: component

        Main {}
    }
    DropZone {
        id: zone
    }

    function open(): Main {
        window = component.createObject(null) as Main;
        verify(window);
        tryVerify(() => window.shell !== null);
        return window;
    }

    function init() {
        App.viewSize = Qt.size(0, 0);
        Scenario.play("empty");
    }
    function cleanup() {
        // Held until it is gone: what nobody holds is collected at once, in the middle of anything.
        window?.destroy();
        tryVerify(() => !window);
    }

    function test_dark_from_the_first_moment() {
        compare(String(open().color), String(Theme.surface));
        verify(Qt.colorEqual(window.color, Theme.surface));
        compare(window.shellError, "");
    }

    function test_on_the_screen_before_anything_is_in_it() {
        window = component.createObject(null) as Main;
        verify(window.visible);
        compare(window.shell, null);
        tryVerify(() => window.shell !== null);
        verify(window.begun);
    }

    function test_takes_the_size_of_the_first_picture() {
        open();
        const id = StreamModel.add({"frameWidth": 700, "frameHeight": 450});
        tryCompare(window, "width", 700);
        compare(window.height, 450);
        StreamModel.setProperty(StreamModel.row(id), "frameWidth", 720);
        wait(50);
        compare(window.width, 700, "only the first");
    }

    function test_a_picture_larger_than_the_screen_keeps_its_shape() {
        open();
        StreamModel.add({"frameWidth": 8000, "frameHeight": 4000});
        tryVerify(() => window.fitted);
        verify(window.width <= window.shell.Screen.width);
        verify(Math.abs(window.width - 2 * window.height) <= 2);
    }

    function test_view_size_is_the_picture_area() {
        App.viewSize = Qt.size(640, 360);
        open();
        const ratio = window.shell.Screen.devicePixelRatio;
        fuzzyCompare(window.shell.width * ratio, 640, 0.001);
        fuzzyCompare(window.shell.height * ratio, 360, 0.001);
        StreamModel.add({"frameWidth": 1280, "frameHeight": 720});
        tryVerify(() => window.shell.focusPage !== null);
        const view = window.shell.focusPage.view;
        fuzzyCompare(view.width * ratio, 640, 0.001);
        fuzzyCompare(view.contentRect.height * ratio, 360, 0.001);
        verify(!window.shell.focusPage.hudShown);
    }

    function test_a_new_shell_takes_over() {
        open();
        Scenario.play("three");
        tryVerify(() => window.shell.wallPage.wall.count === 3);
        window.shell.show(2);
        const before = window.shell;
        compare(window.loadShell(), "");
        verify(window.shell !== before);
        tryVerify(() => window.shell.shownStream === 2);
    }

    function test_drops() {
        compare(zone.judge(["http://camera.local/stream"], "").source, "http://camera.local/stream");
        compare(zone.judge([], " https://camera.local/ ").source, "https://camera.local/");
        compare(zone.judge(["file:///home/me/a%20b.mp4"], "").source, "/home/me/a b.mp4");
        verify(zone.judge(["file://elsewhere/a.mp4"], "").reason !== undefined);
        verify(zone.judge([], "hello").reason !== undefined);
    }
}
