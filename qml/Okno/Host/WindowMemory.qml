// Remembers where the window was and how large, if a person made it so.
//
// In: the window. Out: its place at the next start, on a screen that is still there. Never: the
// size that the window took by itself to fit a picture.
import QtQml
import QtQuick
import QtQuick.Window
import Qt.labs.settings
import Okno.Backend
import Okno.Theme

QtObject {
    id: memory

    required property Window window

    /// The size was chosen by hand, now or in an earlier session; the window no longer fits pictures.
    property bool byHand: false
    property size own: Qt.size(0, 0)
    property bool ready: false

    property Instantiator store: Instantiator {
        active: (App.settingsFile ?? "") !== ""

        delegate: Settings {
            fileName: App.settingsFile
            category: "window"
        }
    }
    property Timer settle: Timer {
        interval: Theme.confirmTime / 4
        onTriggered: memory.look()
    }
    property Connections changes: Connections {
        target: memory.window
        enabled: memory.ready

        function onWidthChanged() {
            memory.settle.restart();
        }
        function onHeightChanged() {
            memory.settle.restart();
        }
        function onXChanged() {
            memory.settle.restart();
        }
        function onYChanged() {
            memory.settle.restart();
        }
    }

    /// Puts the window where it was. Call before it's shown.
    function restore() {
        const saved = store.object as Settings;
        const number = (name) => {
            const value = Number(saved?.value(name) ?? NaN);
            return isFinite(value) ? Math.round(value) : NaN;
        };
        const width = number("width");
        const height = number("height");
        if (width >= Theme.windowTinyWidth && height >= Theme.windowTinyHeight) {
            window.width = width;
            window.height = height;
            byHand = true;
        }
        const x = number("x");
        const y = number("y");
        if (isOnAScreen(x + window.width / 2, y + Theme.rowHeight)) {
            window.x = x;
            window.y = y;
        }
        own = Qt.size(window.width, window.height);
    }

    /// Tells that the window takes this size by itself.
    function takes(width: int, height: int) {
        own = Qt.size(width, height);
    }

    function isOnAScreen(x: real, y: real): bool {
        const screens = Application.screens;
        for (let i = 0; i < screens.length; ++i) {
            const screen = screens[i];
            if (x >= screen.virtualX && x < screen.virtualX + screen.width
                    && y >= screen.virtualY && y < screen.virtualY + screen.height)
                return true;
        }
        return false;
    }

    function look() {
        if (window.visibility !== Window.Windowed)
            return;
        if (window.width !== own.width || window.height !== own.height) {
            byHand = true;
            own = Qt.size(window.width, window.height);
        }
        const saved = store.object as Settings;
        if (!saved)
            return;
        saved.setValue("x", window.x);
        saved.setValue("y", window.y);
        if (byHand) {
            saved.setValue("width", window.width);
            saved.setValue("height", window.height);
        }
    }
}
