// Shows every screen on mocks and keeps a picture of each. test_reference.py runs it and compares.
//
// In (after `--`): out=FOLDER. Out: FOLDER/NAME.png, and the end of the program. Nothing moves: no
// animations, no clock, no pointer.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Okno.Backend
import Okno.Mock
import Okno.Shell
import Okno.Theme

Window {
    id: window

    readonly property string folder: Scenario.argument("out", "")
    // name, scenario, and what is done then.
    readonly property var screens: [
        ["first-frame", "empty", () => {}],
        ["port-taken", "taken", () => {}],
        ["wall", "wall4", () => {}],
        ["wall-states", "states", () => shell.run("badges", "")],
        ["wall-light", "wall4", () => Theme.name = "light"],
        ["wall-contrast", "states", () => Theme.name = "contrast"],
        ["large", "three", () => shell.show(1)],
        ["large-tools", "three", () => {
                shell.show(1);
                shell.focusPage.wake();
            }],
        ["nothing-to-replay", "three", () => {
                FrameServer.uncompressed = [1];
                shell.show(1);
                shell.focusPage.togglePause();
                shell.focusPage.wake();
            }],
        ["other-streams", "three", () => {
                shell.show(1);
                shell.run("filmstrip", "");
            }],
        ["find", "wall9", () => shell.wallPage.find()],
        ["save-as", "three", () => shell.saveAs(1)],
        ["statistics", "three", () => shell.statisticsShown = true],
        ["settings", "three", () => shell.sheet = "settings"],
        ["shortcuts", "three", () => shell.sheet = "shortcuts"],
        ["commands", "three", () => shell.sheet = "palette"],
        ["add-source", "three", () => shell.sheet = "addSource"],
        ["products", "three", () => {
                Catalog.play("ready");
                shell.openProducts();
            }],
        ["product-editor", "three", () => {
                Catalog.play("ready");
                shell.openProducts().addProduct();
            }],
        ["no-catalogue", "three", () => {
                Catalog.play("absent");
                shell.openProducts();
            }],
        ["call", "three", () => shell.calls.open()],
        ["call-classic-check", "three", () => call("classic-preparing")],
        ["call-classic-waiting", "three", () => call("classic-waiting")],
        ["call-classic", "three", () => call("classic")],
        ["call-classic-end", "three", () => call("classic-ended-12")]]
    property int at: -1

    width: 960
    height: 600
    visible: true
    color: Theme.surface
    Component.onCompleted: {
        App.tick.running = false;
        StreamModel.tick.running = false;
        Call.tick.running = false;
        next();
    }

    Binding {
        target: Theme
        property: "reducedMotion"
        value: true
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Shell {
        id: shell

        anchors.fill: parent
        focus: true
    }

    function call(scenario: string) {
        shell.calls.open();
        Call.play(scenario);
    }

    function next() {
        at += 1;
        if (at === screens.length) {
            Qt.quit();
            return;
        }
        shell.sheet = "";
        shell.statisticsShown = false;
        shell.productsShown = false;
        shell.chosenStream = -1;
        shell.calls.shown = false;
        FrameServer.uncompressed = [];
        if (at > 0 && screens[at - 1][0] === "other-streams")
            shell.run("filmstrip", "");
        shell.wallPage.endFilter();
        Call.play("home");
        Theme.name = "dark";
        if (shell.wallPage.wall.badges)
            shell.run("badges", "");
        Scenario.play(screens[at][1]);
        settle.step = () => {
            screens[at][2]();
            settle.step = keep;
            settle.restart();
        };
        settle.restart();
    }

    function take(step: var) {
        step();
    }

    function keep() {
        const name = screens[at][0];
        window.contentItem.grabToImage(result => {
            if (!result.saveToFile(folder + "/" + name + ".png"))
                console.error("can't write", folder + "/" + name + ".png");
            next();
        });
    }

    // Until all that follows from a change has followed, and is drawn.
    Timer {
        id: settle

        property var step: null

        interval: 250
        onTriggered: window.take(step)
    }
}
