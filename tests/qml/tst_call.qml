// Calls on a mock: every screen, keys, words, one's own picture, the code.
pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Okno.Backend
import Okno.Call
import Okno.Controls
import Okno.Mock
import Okno.Shell
import Okno.Style
import Okno.Theme

Item {
    id: root

    width: 1000
    height: 700

    Shell {
        id: shell

        anchors.fill: parent
        focus: true
    }
    CallWords {
        id: words
    }
    QrImage {
        id: qr

        accessibleName: "code"
        modules: "101\n010\n110\n"
    }

    TestCase {
        name: "Call"
        when: windowShown

        function init() {
            shell.sheet = "";
            shell.statisticsShown = false;
            shell.chosenStream = -1;
            shell.calls.shown = false;
            Theme.reducedMotion = true;
            Scenario.play("three");
            Call.play("home");
            Call.calls = [];
            FrameServer.calls = [];
            shell.wallPage.forceActiveFocus();
        }
        function cleanup() {
            keyRelease(Qt.Key_Space);
            Call.play("home");
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
        function field(name: string): TextField {
            return find(shell, item => item instanceof TextField && (item as TextField).accessibleName === name) as TextField;
        }
        function open(scenario: string) {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            verify(shell.calls.shown);
            Call.play(scenario);
        }
        function self(): SelfView {
            return shell.calls.page.screen.self;
        }

        // ---- Coming and going ----

        function test_the_page_comes_by_its_key_and_goes_by_escape() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            verify(named("Start a call"));
            verify(!shell.wallPage.visible);
            verify(Call.calls.includes("open"));
            keyClick(Qt.Key_Escape);
            verify(!shell.calls.shown);
            verify(shell.wallPage.visible && shell.wallPage.activeFocus);
            verify(Call.calls.includes("close"));
        }

        function test_a_call_of_the_command_line_shows_itself() {
            Call.play("connecting");
            tryVerify(() => shell.calls.shown);
            verify(named("Connecting to 127.0.0.1:12350\u2026"));
        }

        function test_a_call_goes_on_behind_the_pictures() {
            open("active");
            keyClick(Qt.Key_1, Qt.ControlModifier);
            verify(!shell.calls.shown);
            compare(Call.state, CallState.Active);
            mouseClick(named("Back to the call"));
            verify(shell.calls.shown);
        }

        function test_a_code_or_a_link_is_taken_and_nothing_else() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            const code = field("Code or link");
            tryVerify(() => code.activeFocus);
            code.text = "guitar";
            verify(!named("Join a call").enabled || named("A code is a number and words, such as 7-guitar-lamp-orbit."));
            keyClick(Qt.Key_Return);
            compare(Call.state, CallState.Home);
            code.text = " okno://call?relay=relay.example:12350&code=12-salt-pepper-moon ";
            keyClick(Qt.Key_Return);
            compare(Call.state, CallState.Preparing);
            compare(Call.code, "12-salt-pepper-moon");
            verify(Call.joining);
        }

        function test_letters_are_typed_and_no_keys() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            const code = field("Code or link");
            tryVerify(() => code.activeFocus);
            keyClick(Qt.Key_M);
            keyClick(Qt.Key_V);
            compare(code.text, "mv");
            verify(!Call.muted);
        }

        function test_the_name_is_kept() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            const name = field("Your name");
            name.forceActiveFocus();
            name.text = "Ada";
            keyClick(Qt.Key_Return);
            verify(Call.calls.includes("rename Ada"));
            keyClick(Qt.Key_Escape);
            Call.name = "";
            keyClick(Qt.Key_3, Qt.ControlModifier);
            compare(Call.name, "Ada");
        }

        // ---- Before the call ----

        function test_before_the_call_one_sees_oneself_mirrored() {
            open("preparing");
            const picture = named("Your picture, mirrored");
            verify(picture instanceof VideoView);
            verify((picture as VideoView).mirrored);
            compare((picture as VideoView).stream, Call.selfStream);
            verify(named("The relay answers at 127.0.0.1:12350"));
            const meter = named("Microphone level") as LevelMeter;
            const before = meter.shown;
            Call.level = 0.6;
            verify(meter.shown > before);
        }

        function test_the_keys_work_before_the_call() {
            open("preparing");
            keyClick(Qt.Key_M);
            verify(Call.muted);
            keyClick(Qt.Key_V);
            verify(!Call.cameraOn);
            verify(named("Your camera is off"));
            keyClick(Qt.Key_V);
            verify(Call.cameraOn);
        }

        function test_return_joins() {
            open("preparing");
            keyClick(Qt.Key_Return);
            verify(Call.calls.includes("begin"));
        }

        function test_another_microphone() {
            open("preparing");
            mouseClick(named("Microphone: System default"));
            tryVerify(() => named("USB microphone") !== null);
            mouseClick(named("USB microphone"));
            verify(Call.calls.includes("choose microphone usb"));
        }

        function test_without_devices_it_says_so_and_goes_on() {
            open("nodevices");
            verify(named("There is no camera. The call works without one."));
            verify(named("There is no microphone. You can hear, but not speak."));
            verify(named("No relay answers at 127.0.0.1:12350"));
            mouseClick(named("Start the call"));
            verify(Call.calls.includes("begin"));
            open("devicebusy");
            verify(named("Another program uses the camera."));
            verify(named("The microphone may not be used: access is refused."));
        }

        function test_the_echo_test() {
            open("preparing");
            mouseClick(named("Record 5 s and play it back"));
            verify(Call.calls.includes("testEcho"));
            verify(named("Speak now\u2026"));
        }

        // ---- Waiting ----

        function test_the_code_is_large_and_can_be_given_away() {
            open("waiting");
            const code = named("7-guitar-lamp-orbit") as Label;
            verify(code.font.pixelSize >= Theme.fontXl);
            verify(named("QR code of the link").visible);
            mouseClick(named("Copy the code"));
            mouseClick(named("Copy the link"));
            compare(FrameServer.calls, ["copyText 7-guitar-lamp-orbit", "copyText " + Call.link]);
            keyClick(Qt.Key_Escape);
            compare(Call.state, CallState.Waiting, "Esc does not hang up");
            mouseClick(named("Cancel"));
            compare(Call.state, CallState.Ended);
        }

        function test_qr_modules_become_black_runs() {
            compare(qr.runs, [{"x": 0, "y": 0, "length": 1}, {"x": 2, "y": 0, "length": 1}, {"x": 1, "y": 1, "length": 1}, {"x": 0, "y": 2, "length": 2}]);
            compare(qr.across, 11);
            fuzzyCompare(qr.width, qr.unit * 11, 0.001);
        }

        function test_keying_and_connecting_are_told() {
            open("agreeing");
            verify(named("Agreeing on keys\u2026"));
            Call.play("connecting");
            verify(named("Connecting to 127.0.0.1:12350\u2026"));
        }

        // ---- In the call ----

        function test_mute_camera_and_hanging_up_by_keys() {
            open("active");
            keyClick(Qt.Key_M);
            verify(Call.muted);
            verify(named("Unmute"));
            keyClick(Qt.Key_V);
            verify(!Call.cameraOn);
            keyClick(Qt.Key_Escape);
            keyClick(Qt.Key_Escape);
            compare(Call.state, CallState.Active, "Esc never hangs up");
            verify(shell.calls.shown);
            keyClick(Qt.Key_D, Qt.ControlModifier);
            compare(Call.state, CallState.Ended);
            verify(named("You hung up"));
            verify(named("The call lasted 2:13."));
        }

        function test_space_talks_while_it_is_held() {
            open("active");
            Call.setMuted(true);
            tryVerify(() => shell.calls.page.screen.activeFocus);
            keyPress(Qt.Key_Space);
            verify(Call.talking);
            verify(named("Talking"));
            keyRelease(Qt.Key_Space);
            verify(!Call.talking);
        }

        function test_losing_the_keyboard_closes_the_microphone() {
            open("active");
            Call.setMuted(true);
            tryVerify(() => shell.calls.page.screen.activeFocus);
            keyPress(Qt.Key_Space);
            verify(Call.talking);
            keyClick(Qt.Key_1, Qt.ControlModifier);
            verify(!Call.talking);
        }

        function test_the_tools_hide_but_not_while_used() {
            open("active");
            const screen = shell.calls.page.screen;
            verify(screen.toolsShown);
            tryVerify(() => !screen.toolsShown, Theme.callIdleHide + 2000);
            verify(!named("Hang up"));
            keyClick(Qt.Key_Tab);
            verify(screen.toolsShown);
            Call.play("muted");
            const muted = shell.calls.page.screen;
            verify(named("You are muted (M)."));
            wait(Theme.callIdleHide + 500);
            verify(muted.toolsShown, "somebody speaks into a muted microphone");
        }

        function test_the_other_side_without_camera_and_sound() {
            open("camera-off");
            verify(named("Ada's camera is off"));
            Call.play("peer-muted");
            verify(named("Ada is muted"));
        }

        function test_reconnecting_counts_and_keeps_the_last_picture() {
            open("reconnecting");
            verify(named("Reconnecting\u2026 8 s. Nothing is heard on either side until it is back."));
            verify(named("Picture of Ada").visible);
        }

        function test_a_poor_network_is_told_with_its_cause_only_when_it_is_poor() {
            open("active");
            const shown = () => find(shell, item => item instanceof QualityHint && item.visible) as QualityHint;
            verify(!shown());
            Call.play("poor");
            compare(shown().text, "Poor network: what you send does not get through fast enough. Your picture was lowered to 360 lines.");
            Call.play("poor-theirs");
            verify(shown().text.startsWith("Poor network: what the other person sends"));
            for (const [hint, words] of [[CallHint.Flooding, "The other program sends far more"], [CallHint.Codec, "The other program sends pictures that this one can't show"]]) {
                Call.hint = hint;
                verify(shown().text.startsWith(words));
            }
            Call.hint = CallHint.Good;
            verify(!shown());
        }

        function test_the_safety_code() {
            open("active");
            keyClick(Qt.Key_S, Qt.ControlModifier | Qt.ShiftModifier);
            verify(named("anchor velvet tulip canyon"));
            verify(named("493 027"));
            keyClick(Qt.Key_Escape);
            verify(!named("493 027"));
            keyClick(Qt.Key_S, Qt.ControlModifier | Qt.ShiftModifier);
            mouseClick(named("No, it is different"));
            compare(Call.trust, CallTrust.Different);
            verify(!named("493 027"));
            mouseClick(find(shell, item => item instanceof Button && item.text === "Hang up"));
            compare(Call.state, CallState.Ended);
        }

        // ---- With an original client ----

        function classicField(name: string, text: string) {
            const found = field(name);
            found.forceActiveFocus();
            found.selectAll();
            found.text = text;
        }

        function test_an_original_client_is_called_and_remembered() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            compare(field("Session code").text, "ABC123");
            compare(field("Port for pictures").text, "12345");
            compare(field("Port for sound").text, "12346");
            verify(named("Not encrypted"));
            classicField("Server", " relay.example ");
            classicField("Session code", " my code");
            classicField("Port for sound", "777");
            keyClick(Qt.Key_Return);
            compare(Call.calls[Call.calls.length - 1], "prepareClassic relay.example 12345 777  my code");
            compare(Call.state, CallState.Preparing);
            verify(named("The server answers at relay.example:12345"));
            verify(named("Before you call relay.example:12345"));
            verify(named("Connect"));
            keyClick(Qt.Key_Escape);
            compare(Call.state, CallState.Home);
            compare(field("Server").text, "relay.example");
            compare(field("Session code").text, " my code");
            compare(field("Port for sound").text, "777");
            classicField("Server", "");
            classicField("Session code", "ABC123");
            classicField("Port for sound", "12346");
        }

        function test_what_is_wrong_with_a_classic_call_is_said_where_it_is_data() {
            const server = "A server is a name or an IP address, such as example.org. Its ports have their own fields.";
            const port = "A port is a number from 1 to 65535.";
            return [
                {"tag": "nothing", "field": "Server", "text": "", "words": server},
                {"tag": "a port in the address", "field": "Server", "text": "a:12345", "words": server},
                {"tag": "spaces", "field": "Server", "text": "a b", "words": server},
                {"tag": "no port", "field": "Port for pictures", "text": "x", "words": port},
                {"tag": "port too large", "field": "Port for sound", "text": "65536", "words": port},
                {"tag": "one port", "field": "Port for sound", "text": "12345", "words": "Pictures and sound need two different ports."},
                {"tag": "no code", "field": "Session code", "text": "", "words": "Write the session code that the other person uses too."}
            ];
        }
        function test_what_is_wrong_with_a_classic_call_is_said_where_it_is(data) {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            classicField("Server", "relay.example");
            classicField("Session code", "ABC123");
            classicField("Port for pictures", "12345");
            classicField("Port for sound", "12346");
            verify(!named(data.words));
            classicField(data.field, data.text);
            named("Connect").forceActiveFocus();
            keyClick(Qt.Key_Return);
            compare(Call.state, CallState.Home);
            compare(named(data.words).Accessible.role, Accessible.AlertMessage);
            verify(field(data.field).activeFocus);
            keyClick(Qt.Key_Escape);
        }

        function test_what_is_not_encrypted_is_marked_data() {
            return [
                {"tag": "checking", "play": "classic-preparing", "state": CallState.Preparing},
                {"tag": "connecting", "play": "classic-waiting", "state": CallState.Connecting},
                {"tag": "waiting", "play": "classic-waiting", "state": CallState.Waiting},
                {"tag": "in the call", "play": "classic", "state": CallState.Active}
            ];
        }
        function test_what_is_not_encrypted_is_marked(data) {
            open(data.play);
            Call.state = data.state;
            verify(named("Not encrypted"));
            verify(!named("Safety code") && !named("Encrypted"));
            keyClick(Qt.Key_S, Qt.ControlModifier | Qt.ShiftModifier);
            verify(!named("No, it is different"), "there is no safety code");
            if (data.state === CallState.Active) {
                const screen = shell.calls.page.screen;
                compare(screen.Accessible.description, "Not encrypted");
                tryVerify(() => !screen.toolsShown, Theme.callIdleHide + 2000);
                verify(named("Not encrypted"), "it stays when the tools go");
                // Over one's own picture, wherever that is and however large.
                screen.self.size = Theme.selfMost;
                screen.self.corner = 0;
                const mark = named("Not encrypted");
                const at = mark.mapToItem(shell, mark.width / 2, mark.height / 2);
                let over = screen as Item;
                while (over.parent !== mark.parent)
                    over = over.parent;
                verify(mark.z > over.z);
                verify(at.x > 0 && at.x < shell.width && at.y > 0 && at.y < shell.height);
            }
            if (data.state !== CallState.Preparing) {
                keyClick(Qt.Key_1, Qt.ControlModifier);
                const back = named("Back to the call, which is not encrypted") as Button;
                verify(back.text.includes("not encrypted"));
            }
        }
        function test_a_sealed_call_is_never_called_unencrypted() {
            for (const scenario of ["preparing", "waiting", "agreeing", "active"]) {
                open(scenario);
                verify(!named("Not encrypted"), scenario);
                keyClick(Qt.Key_1, Qt.ControlModifier);
            }
        }

        function test_the_code_of_a_classic_call_can_be_copied_but_no_link() {
            open("classic-waiting");
            verify(named("The other person needs the same session code."));
            verify(!named("Copy the link") && !named("QR code of the link"));
            tryVerify(() => (named("Copy the code") as Button).activeFocus);
            keyClick(Qt.Key_Return);
            compare(FrameServer.calls, ["copyText ABC123"]);
        }

        function test_ends_of_classic_calls_have_their_own_words() {
            for (const end of [CallEnd.Unreachable, CallEnd.Failed]) {
                open("classic-ended-" + end);
                verify(!named(words.ended(end)));
                verify(!named(words.advice(end, Call.server)));
            }
            open("classic-ended-" + CallEnd.Unreachable);
            verify(named("There is no connection to the server"));
            // What is said of lost and resumed connections is not true of these.
            for (const end of [CallEnd.PathLost, CallEnd.NobodyCame]) {
                open("classic-ended-" + end);
                verify(named(words.ended(end)));
                verify(!named(words.advice(end, Call.server)));
            }
        }

        function test_the_page_scrolls_to_what_has_the_keyboard() {
            keyClick(Qt.Key_3, Qt.ControlModifier);
            root.width = Theme.windowMinWidth;
            root.height = Theme.windowMinHeight;
            const connect = named("Connect");
            connect.forceActiveFocus(Qt.TabFocusReason);
            tryVerify(() => {
                const y = connect.mapToItem(shell, 0, 0).y;
                return y >= 0 && y + connect.height <= shell.height;
            });
            root.width = 1000;
            root.height = 700;
        }

        // ---- One's own picture ----

        function test_own_picture_goes_to_the_nearest_corner() {
            open("active");
            const own = self();
            compare(own.corner, 3);
            const at = own.mapToItem(shell, own.width / 3, own.height / 3);
            mousePress(shell, at.x, at.y);
            for (let step = 1; step <= 10; ++step)
                mouseMove(shell, at.x - 60 * step, at.y - 45 * step, -1, Qt.LeftButton);
            mouseRelease(shell, at.x - 600, at.y - 450);
            compare(own.corner, 0);
            tryCompare(own, "x", Theme.spaceM);
            tryCompare(own, "y", Theme.spaceM);
            keyClick(Qt.Key_Right, Qt.ControlModifier | Qt.AltModifier);
            compare(own.corner, 1);
            keyClick(Qt.Key_Down, Qt.ControlModifier | Qt.AltModifier);
            compare(own.corner, 3);
            tryCompare(own, "x", own.room.width - own.width - Theme.spaceM);
        }

        function test_own_picture_changes_its_size_and_tucks_away() {
            open("active");
            const own = self();
            const before = own.width;
            own.forceActiveFocus();
            keyClick(Qt.Key_Plus);
            verify(own.width > before);
            keyClick(Qt.Key_Minus);
            fuzzyCompare(own.width, before, 0.5);
            keyClick(Qt.Key_Return);
            verify(own.tucked);
            tryVerify(() => own.x >= own.room.width - Theme.selfHandle - 1);
            verify(own.width <= Theme.selfMost);
        }

        // ---- The end ----

        function test_every_end_has_words_data() {
            return Array.from({"length": CallEnd.Gone}, (_, i) => ({"tag": "end " + (i + 1), "end": i + 1}));
        }
        function test_every_end_has_words(data) {
            open("ended-" + data.end);
            const said = words.ended(data.end);
            verify(said.length > 5);
            verify(named(said));
            for (let other = 1; other < data.end; ++other)
                verify(words.ended(other) !== said);
            verify(named("Call again"));
            keyClick(Qt.Key_Return);
            compare(Call.calls[Call.calls.length - 1], "again");
        }

        function test_another_relay_key_has_to_be_accepted() {
            open("relay-changed");
            verify(named("Its key now: 9f2c61d0 5b7e44aa 01c3f8d2 77e0b915"));
            mouseClick(named("Use the new relay"));
            verify(Call.calls.includes("trustRelay"));
        }

        function test_a_device_that_goes_is_told() {
            open("active");
            Call.deviceLost("microphone", "USB microphone", "Built-in");
            tryVerify(() => named("USB microphone is gone; now using Built-in") !== null);
        }

        function test_every_control_has_a_name_data() {
            return Array.of("home", "preparing", "nodevices", "waiting", "active", "muted", "different", "relay-changed", "classic-preparing", "classic-waiting", "classic", "classic-ended-12").map(name => ({"tag": name}));
        }
        function test_every_control_has_a_name(data) {
            open(data.tag);
            const nameless = find(shell.calls, item => (item instanceof Button || item instanceof TextField || item instanceof Switch)
                && (item.Accessible.name ?? "") === "");
            verify(!nameless, String(nameless));
        }

        function test_a_small_window_holds_every_screen_data() {
            return test_every_control_has_a_name_data();
        }
        function test_a_small_window_holds_every_screen(data) {
            open(data.tag);
            root.width = Theme.windowMinWidth;
            root.height = Theme.windowMinHeight;
            const outside = () => find(shell.calls, item => {
                if (!(item instanceof Button) && !(item instanceof TextField))
                    return false;
                const at = item.mapToItem(shell, 0, 0);
                return at.x < -0.5 || at.x + item.width > shell.width + 0.5;
            });
            tryVerify(() => !outside(), 1000);
            root.width = 1000;
            root.height = 700;
        }
    }
}
