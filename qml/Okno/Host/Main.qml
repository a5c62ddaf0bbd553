// The host. Holds the Shell and outlives it: a live reload replaces the Shell, never this.
//
// In: App.viewSize (picture area in device pixels, for tests and measurements).
// Out: a window that takes the size that shows the first picture 1:1, as far as the screen allows.
// Never: anything a designer would change; this file is never overridden.
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Okno.Backend
import Okno.Theme

T.ApplicationWindow {
    id: host

    readonly property bool sized: App.viewSize.width > 0 && App.viewSize.height > 0
    /// The Shell on the screen now.
    property var shell: null
    /// What is wrong with the newest Shell; empty if nothing is. The last good one stays up.
    property string shellError: ""
    /// Kept for the Shell over reloads.
    property var uiState: ({})
    property bool fitted: false
    /// The window has been drawn once, and what it holds is being made or made.
    property bool begun: false

    title: qsTr("Okno")
    color: Theme.surface
    width: sized ? Math.ceil(App.viewSize.width / pixels.ratio) : Theme.windowWidth
    height: sized ? Math.ceil(App.viewSize.height / pixels.ratio) : Theme.windowHeight
    minimumWidth: sized || fitted ? Theme.windowTinyWidth : Theme.windowMinWidth
    minimumHeight: sized || fitted ? Theme.windowTinyHeight : Theme.windowMinHeight
    visible: false

    /// Builds the Shell from the files as they are now. Called after the first draw and, after the
    /// component cache was cleared, by the live reload. Returns the error, or "".
    function loadShell(): string {
        const component = Qt.createComponent(Qt.resolvedUrl("../Shell/Shell.qml"), Component.PreferSynchronous, host);
        if (component.status !== Component.Ready) {
            shellError = component.errorString().trim();
            component.destroy();
            return shellError;
        }
        if (shell !== null)
            uiState = shell.saveState();
        const fresh = component.createObject(pictureArea, {
            "restored": uiState,
            "anchors.fill": pictureArea
        });
        component.destroy();
        if (fresh === null) {
            shellError = qsTr("The interface could not be created; the log says why.");
            return shellError;
        }
        const old = shell;
        shell = fresh;
        shell.focus = true;
        shellError = "";
        if (old !== null)
            old.destroy();
        return "";
    }

    // imshow's habit: the window is as large as the first picture, where the screen allows.
    function fitTo(picture) {
        if (sized || fitted || memory.byHand || picture.width <= 0 || visibility !== Window.Windowed)
            return;
        const wide = picture.width / pixels.ratio;
        const high = picture.height / pixels.ratio;
        const shrink = Math.min(1, pixels.roomWidth / wide, pixels.roomHeight / high);
        fitted = true;
        const newWidth = Math.max(minimumWidth, Math.round(wide * shrink));
        const newHeight = Math.max(minimumHeight, Math.round(high * shrink));
        memory.takes(newWidth, newHeight);
        width = newWidth;
        height = newHeight;
    }

    Component.onCompleted: {
        if (!sized)
            memory.restore();
        visible = true;
    }

    // Once the window is on the screen: compiling what it holds takes several times as long as
    // everything before.
    function begin() {
        if (begun)
            return;
        begun = true;
        loadShell();
        memory.ready = !sized;
        if (shell !== null)
            fitTo(shell.firstPicture);
    }

    Connections {
        target: host
        enabled: !host.begun

        function onAfterAnimating() {
            // The drawing comes right after this.
            firstDraw.interval = 0;
        }
    }
    Timer {
        id: firstDraw

        // Some window systems draw no window before someone looks at it.
        interval: Theme.tooltipDelay
        running: !host.begun
        onTriggered: host.begin()
    }

    Item {
        id: pictureArea

        // Exactly the asked number of device pixels, also where they aren't whole logical ones.
        width: host.sized ? App.viewSize.width / pixels.ratio : host.width
        height: host.sized ? App.viewSize.height / pixels.ratio : host.height
    }

    WindowMemory {
        id: memory

        window: host
    }

    QtObject {
        id: pixels

        readonly property real ratio: host.screen ? Screen.devicePixelRatio : 1
        readonly property real roomWidth: Screen.desktopAvailableWidth
        readonly property real roomHeight: Screen.desktopAvailableHeight
    }

    Connections {
        target: host.shell
        ignoreUnknownSignals: true

        function onFirstPictureChanged() {
            host.fitTo(host.shell.firstPicture);
        }
    }

    ErrorOverlay {
        anchors.fill: parent
        text: host.shellError
        visible: host.shellError !== ""
    }
}
