// A pointer that rests where something appears is no hand: a note goes nevertheless, and a menu's
// lines stay with the keys. (The menu in the real window: tests/interop/test_catalog_pins.py.)
import QtQuick
import QtTest
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: scene

    width: 600
    height: 400

    Component {
        id: sheet

        Item {
            readonly property alias hand: hand

            anchors.fill: parent

            HandHover {
                id: hand
            }
        }
    }
    Menu {
        id: menu

        accessibleName: "Choices"

        MenuItem {
            text: "One"
        }
        MenuItem {
            text: "Two"
        }
    }
    ToastArea {
        id: area

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
    }

    TestCase {
        name: "Pointer"
        when: windowShown

        function cleanup() {
            mouseMove(scene, 0, 0);
        }

        function test_one_that_rests_is_no_hand() {
            mouseMove(scene, 200, 200);
            const item = createTemporaryObject(sheet, scene);
            mouseMove(scene, 200, 200);
            tryCompare(item.hand, "hovered", true);
            verify(!item.hand.over);
            mouseMove(scene, 201, 200);
            tryCompare(item.hand, "over", true);
            item.hand.forget();
            verify(!item.hand.over);
            mouseMove(scene, 201, 200);
            verify(!item.hand.over);
            mouseMove(scene, 200, 200);
            tryCompare(item.hand, "over", true);
        }

        function test_a_menu_is_left_to_the_keys() {
            for (let time = 0; time < 2; ++time) {
                mouseMove(scene, 20, 20 + Theme.controlHeight);
                menu.popup(scene, 0, 0);
                tryCompare(menu, "opened", true);
                mouseMove(scene, 20, 20 + Theme.controlHeight, 50);
                verify(!menu.pointed);
                compare(menu.currentIndex, -1);
                for (let step = 1; step <= 5; ++step)
                    mouseMove(scene, 20 + step, 20 + Theme.controlHeight, 50);
                verify(menu.pointed);
                compare(menu.currentIndex, 1);
                menu.close();
                tryCompare(menu, "visible", false);
            }
        }

        function test_a_note_stays_under_a_hand_only() {
            const x = scene.width / 2;
            const y = scene.height - 10;
            mouseMove(scene, x, y);
            area.show("Somebody connected", "", "");
            mouseMove(scene, x, y);
            tryCompare(area, "count", 0, Theme.toastTime + 3000);
            area.show("Somebody left", "", "");
            for (let step = 1; step <= 5; ++step)
                mouseMove(scene, x + step, y, 50);
            wait(Theme.toastTime + 500);
            compare(area.count, 1);
            mouseMove(scene, 0, 0);
            tryCompare(area, "count", 0, Theme.toastTime + 3000);
        }
    }
}
