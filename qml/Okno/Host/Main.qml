// The window. Holds the Shell and outlives it: a live reload replaces the Shell, never this.
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
    id: window

    readonly property bool sized: App.viewSize.width > 0 && App.viewSize.height > 0
    /// The Shell on the screen now.
    property var shell: null
    /// What is wrong with the newest Shell; empty if nothing is. The last good one stays up.
    property string shellError: ""
    /// Kept for the Shell over reloads.
    property var uiState: ({})
    property bool fitted: false

    title: qsTr("Okno")
    color: Theme.surface
    width: sized ? Math.ceil(App.viewSize.width / pixels.ratio) : Theme.windowWidth
    height: sized ? Math.ceil(App.viewSize.height / pixels.ratio) : Theme.windowHeight
    minimumWidth: sized || fitted ? Theme.windowTinyWidth : Theme.windowMinWidth
    minimumHeight: sized || fitted ? Theme.windowTinyHeight : Theme.windowMinHeight
    visible: false

    /// Builds the Shell from the files as they are now. Called at the start and, after the
    /// component cache was cleared, by the live reload. Returns the error, or "".
    function loadShell(): string {
        const component = Qt.createComponent(Qt.resolvedUrl("../Shell/Shell.qml"), Component.PreferSynchronous, window);
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
        if (sized || fitted || picture.width <= 0 || visibility !== Window.Windowed)
            return;
        const wide = picture.width / pixels.ratio;
        const high = picture.height / pixels.ratio;
        const shrink = Math.min(1, pixels.roomWidth / wide, pixels.roomHeight / high);
        fitted = true;
        width = Math.max(minimumWidth, Math.round(wide * shrink));
        height = Math.max(minimumHeight, Math.round(high * shrink));
    }

    Component.onCompleted: {
        loadShell();
        visible = true;
        if (shell !== null)
            fitTo(shell.firstPicture);
    }

    Item {
        id: pictureArea

        // Exactly the asked number of device pixels, also where they aren't whole logical ones.
        width: window.sized ? App.viewSize.width / pixels.ratio : window.width
        height: window.sized ? App.viewSize.height / pixels.ratio : window.height
    }

    QtObject {
        id: pixels

        readonly property real ratio: window.screen ? Screen.devicePixelRatio : 1
        readonly property real roomWidth: Screen.desktopAvailableWidth
        readonly property real roomHeight: Screen.desktopAvailableHeight
    }

    Connections {
        target: window.shell
        ignoreUnknownSignals: true

        function onFirstPictureChanged() {
            window.fitTo(window.shell.firstPicture);
        }
    }

    ErrorOverlay {
        anchors.fill: parent
        text: window.shellError
        visible: window.shellError !== ""
    }
}
