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
    /// What is wrong with the tokens of the theme; the last good ones stay.
    property string themeError: ""
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
        const file = Qt.resolvedUrl("../Shell/Shell.qml");
        // Says the column too, which a component doesn't.
        shellError = Designer.check(file);
        if (shellError !== "")
            return shellError;
        const component = Qt.createComponent(file, Component.PreferSynchronous, host);
        if (component.status !== Component.Ready) {
            shellError = component.errorString().trim();
            component.destroy();
            return shellError;
        }
        uiState = stateOfShell();
        const fresh = component.createObject(pictureArea, {
            "restored": uiState,
            "anchors.fill": pictureArea
        });
        if (fresh === null) {
            shellError = component.errorString().trim() || Designer.lastWarning() || qsTr("The interface could not be created; the log says why.");
            component.destroy();
            return shellError;
        }
        component.destroy();
        const old = shell;
        shell = fresh;
        shell.focus = true;
        shellError = "";
        if (old !== null) {
            old.destroy();
            Qt.callLater(gc);
        }
        return "";
    }

    // A Shell of someone's own may have nothing to say.
    function stateOfShell(): var {
        return typeof shell?.saveState === "function" ? shell.saveState() : uiState;
    }

    function lookAtTheme() {
        themeError = Theme.errorString === "" ? "" : Designer.check(Theme.tokensUrl) || Theme.errorString;
    }

    // A window that takes over from this one finds everything as it is here.
    function leave(): string {
        return JSON.stringify({
            "shell": stateOfShell(),
            "window": {
                "x": x,
                "y": y,
                "width": width,
                "height": height,
                "visibility": visibility,
                "fitted": fitted,
                "byHand": memory.byHand
            }
        });
    }
    function inherit(place: var) {
        fitted = place.fitted;
        memory.byHand = place.byHand;
        memory.takes(place.width, place.height);
        x = place.x;
        y = place.y;
        if (!sized && place.visibility === Window.Windowed) {
            width = place.width;
            height = place.height;
        }
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
        const left = Designer.uiState !== "" ? JSON.parse(Designer.uiState) : null;
        if (left === null) {
            visible = true;
            return;
        }
        // In place of another window, which stays if this one can't be filled.
        uiState = left.shell;
        inherit(left.window);
        begin();
        if (shell === null)
            return;
        visible = true;
        if (left.window.visibility !== Window.Windowed)
            visibility = left.window.visibility;
    }

    // Once the window is on the screen: compiling what it holds takes several times as long as
    // everything before.
    function begin() {
        if (begun)
            return;
        begun = true;
        let wrong = loadShell();
        // As long as the program can do without some of the files.
        while (shell === null && Designer.shellFailed(wrong))
            wrong = loadShell();
        if (shell !== null)
            Designer.shellStands();
        lookAtTheme();
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

    Connections {
        target: Designer

        function onThemeEdited() {
            Theme.reload();
            host.lookAtTheme();
        }
        function onShellEdited() {
            host.loadShell();
        }
        function onRenewalWanted() {
            Designer.renew(host.leave());
        }
    }
    Connections {
        target: Theme

        function onErrorStringChanged() {
            host.lookAtTheme();
        }
    }

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom

        ErrorOverlay {
            readonly property string wrong: host.shellError || Designer.fault || host.themeError

            width: parent.width
            title: qsTr("There is an error in the interface's files; the last good one stays.")
            text: wrong
            visible: wrong !== ""
        }
        ErrorOverlay {
            width: parent.width
            title: qsTr("A pack was disabled.")
            text: Designer.disabled
            visible: Designer.disabled !== ""
            closable: true
            onCloseRequested: Designer.dismiss()
        }
    }
}
