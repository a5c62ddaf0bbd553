// The wall and the guide on mock streams.
pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Okno.Backend
import Okno.Mock
import Okno.Wall

Item {
    id: root

    width: 800
    height: 600

    WallPage {
        id: page

        anchors.fill: parent
    }

    SignalSpy {
        id: activated

        target: page
        signalName: "streamActivated"
    }
    SignalSpy {
        id: pattern

        target: page
        signalName: "actionRequested"
    }

    TestCase {
        name: "Wall"
        when: windowShown

        function init() {
            Scenario.play("empty");
            activated.clear();
            pattern.clear();
            FrameServer.calls = [];
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
            return find(page, item => item.Accessible.name === name && item.Accessible.role !== 0);
        }

        function test_guide_shows_the_real_address() {
            verify(named("Listening on 127.0.0.1:12345 and 127.0.0.1:5252"));
            verify(find(page, item => (item.code ?? "").includes("127.0.0.1") && item.code.includes("12345")));
        }

        function test_snippets_are_copied_as_shown() {
            for (const tab of ["C++", "Command line", "Python"]) {
                mouseClick(named(tab));
                const block = find(page, item => item.copyRequested !== undefined);
                const before = FrameServer.calls.length;
                mouseClick(named("Copy " + block.accessibleName));
                compare(FrameServer.calls.length, before + 1);
                compare(FrameServer.calls[before], "copyText " + block.code);
            }
        }

        function test_test_pattern_button() {
            mouseClick(named("Show a test pattern"));
            compare(pattern.signalArguments[0][0], "testPattern");
        }

        function test_port_in_use_is_named_and_can_be_mended() {
            FrameServer.problems = [{"port": 12345, "message": "Port 12345 is used by another program"}];
            tryVerify(() => named("Port 12345 is used by another program"));
            mouseClick(named("Use another port"));
            compare(FrameServer.calls, ["retryOnAnotherPort 12345"]);
            tryVerify(() => !named("Port 12345 is used by another program"));
        }

        function test_what_was_refused_is_told() {
            FrameServer.errorString = "192.168.1.9:4000: no format that Okno knows";
            tryVerify(() => find(page, item => item.text === "192.168.1.9:4000: no format that Okno knows"));
            FrameServer.problems = [{"port": 12345, "message": "192.168.1.9:4000: no format that Okno knows"}];
            verify(!find(page, item => item.text === "192.168.1.9:4000: no format that Okno knows" && item.color !== undefined && item.horizontalAlignment === Text.AlignHCenter), "the banner says it");
            FrameServer.problems = [];
            FrameServer.errorString = "";
        }

        function test_tiles_follow_the_streams() {
            Scenario.play("three");
            tryCompare(page.wall, "count", 3);
            tryVerify(() => page.wall.grid.cells.length === 3);
            verify(!named("Waiting for the first frame"));
            StreamModel.add({});
            tryVerify(() => page.wall.grid.cells.length === 4);
            compare(page.wall.tileAt(3).width, page.wall.grid.cells[3].width);
            Scenario.play("empty");
            tryVerify(() => named("Waiting for the first frame"));
        }

        function test_state_is_told_in_words() {
            Scenario.play("states");
            tryCompare(page.wall, "count", 6);
            verify(named("Connecting"));
            verify(named("Updated 42 s ago"));
            verify(named("No frames for 7 s"));
            verify(named("Offline for 95 s"));
            verify(!named("Live"), "a live picture speaks for itself");
            StreamModel.setProperty(3, "quietSeconds", 8);
            verify(named("No frames for 8 s"));
        }

        function test_enter_activates() {
            Scenario.play("three");
            tryVerify(() => page.wall.grid.cells.length === 3);
            // A double click can't be played here: the test library spaces clicks too far apart.
            mouseClick(page.wall.tileAt(1));
            keyClick(Qt.Key_Return);
            compare(activated.count, 1);
            compare(activated.signalArguments[0][0], page.wall.tileAt(1).streamId);
        }

        function test_moved_stream_takes_its_tile_along() {
            Scenario.play("three");
            tryVerify(() => page.wall.grid.cells.length === 3);
            const moved = page.wall.tileAt(0).streamId;
            page.wall.currentStream = moved;
            page.wall.moveCurrent("right");
            compare(StreamModel.row(moved), 1);
            tryVerify(() => page.wall.tileAt(1).streamId === moved && page.wall.tileAt(1).x === page.wall.grid.cells[1].x);
            verify(page.wall.tileAt(1).current);
        }

        function test_first_picture_is_told() {
            Scenario.play("one");
            tryVerify(() => page.wall.firstPicture.width === 1280 && page.wall.firstPicture.height === 720);
            const tile = page.wall.tileAt(0);
            compare(Qt.rect(tile.x, tile.y, tile.width, tile.height), Qt.rect(0, 0, 800, 600));
        }
    }
}
