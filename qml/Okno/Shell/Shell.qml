// Everything inside the window: pages, overlays, keys. The root that a live reload replaces.
//
// In: what the backend says. Out: the size of the first picture, for the window. Holds which
// stream is large and what lies over it, and carries out the actions of the table.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Okno.Backend
import Okno.Call
import Okno.Catalog
import Okno.Controls
import Okno.Focus
import Okno.Overlays
import Okno.Settings
import Okno.Theme
import Okno.Video
import Okno.Wall

FocusScope {
    id: shell

    // For languages that run from right to left.
    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    /// Size of the first picture of all, in its own pixels; the window follows it.
    readonly property size firstPicture: preferences.fitWindow ? wallPage.wall.firstPicture : Qt.size(0, 0)
    /// What saveState() of the Shell before this one returned.
    property var restored: ({})

    /// The stream that someone made large; -1 for the wall.
    property int chosenStream: -1
    /// The stream that is large: the chosen one, or the only one.
    readonly property int shownStream: {
        streams.revision;
        if (chosenStream >= 0 && streams.byId(chosenStream))
            return chosenStream;
        return streams.count === 1 ? streams.at(0)?.streamId ?? -1 : -1;
    }
    readonly property bool focused: shownStream >= 0
    /// The stream that keys and menus act on.
    readonly property int currentStream: focused ? shownStream : wallPage.wall.currentStream
    property alias wallPage: wallPage
    readonly property FocusPage focusPage: focusHolder.count > 0 ? focusHolder.itemAt(0) as FocusPage : null
    readonly property bool fullscreen: Window.window?.visibility === Window.FullScreen
    /// The program can write pictures and recordings.
    readonly property bool keeps: typeof FrameServer.saveSnapshot === "function"
    /// Nothing may lie on the picture: its pixels are being measured.
    readonly property bool measured: App.viewSize.width > 0
    readonly property bool sheetOpen: sheet !== "" || menu.visible
    readonly property bool controlFocused: {
        const item = Window.window?.activeFocusItem ?? null;
        return item instanceof T.AbstractButton || item instanceof T.TextField || item instanceof T.TextArea || item instanceof T.Slider;
    }
    property bool statisticsShown: false
    property bool productsShown: false
    property alias calls: calls
    readonly property CatalogPanel productPanel: productsHolder.count > 0 ? productsHolder.itemAt(0) as CatalogPanel : null
    /// The stream over which a product is dragged; empty if none.
    property string productTarget: ""
    /// The product that was deleted last.
    property string deletedProduct: ""
    /// The sheet that lies over everything: "settings", "shortcuts", "palette", "addSource",
    /// "saveAs", or "".
    property string sheet: ""

    // For the next start. What is gone keeps its place until a person leaves it.
    onChosenStreamChanged: if (chosenStream < 0 || streams.byId(chosenStream))
        preferences.largeStream = streams.byId(chosenStream)?.name ?? ""

    /// Plain values that the next Shell needs to look the same.
    function saveState(): var {
        return {
            "chosenStream": chosenStream,
            "currentStream": wallPage.wall.currentStream,
            "contentY": wallPage.wall.contentY,
            "paused": wallPage.wall.paused,
            "statisticsShown": statisticsShown,
            "productsShown": productsShown,
            "sheet": sheet,
            "section": sheets.section,
            "callShown": calls.shown,
            "focus": focusPage?.saveState() ?? null
        };
    }

    Component.onCompleted: {
        chosenStream = restored.chosenStream ?? -1;
        statisticsShown = restored.statisticsShown ?? false;
        productsShown = restored.productsShown ?? false;
        sheets.section = restored.section ?? sheets.section;
        sheet = restored.sheet ?? "";
        // A call that the command line asked for, or one that a reload met.
        calls.shown = restored.callShown ?? Call.state !== CallState.Home;
        wallPage.wall.currentStream = restored.currentStream ?? -1;
        wallPage.wall.paused = restored.paused ?? false;
        wallPage.wall.contentY = restored.contentY ?? 0;
    }

    // ---- Actions ------------------------------------------------------------------------

    function run(name: string, key: string) {
        const page = focusPage;
        const wall = wallPage.wall;
        const steps = {"next": "right", "previous": "left", "below": "down", "above": "up"};
        const moves = {"moveRight": "right", "moveLeft": "left", "moveDown": "down", "moveUp": "up"};
        if (steps[name])
            focused ? step(name === "next" ? 1 : -1) : wall.step(steps[name]);
        else if (moves[name])
            wall.moveCurrent(moves[name]);
        else if (calls.actions[name])
            calls.actions[name]();
        else if (page && pictureActions[name])
            pictureActions[name](page);
        else if (plainActions[name])
            plainActions[name](key);
    }

    // While one stream is large.
    readonly property var pictureActions: ({
            "pause": page => page.togglePause(),
            "fit": page => page.view.show(VideoView.Fit),
            "fill": page => page.view.show(VideoView.Fill),
            "actual": page => page.view.show(VideoView.Actual),
            "zoomIn": page => page.view.zoomIn(),
            "zoomOut": page => page.view.zoomOut(),
            "mirror": page => page.toggleMirror(),
            "inspect": page => page.toggleInspector(),
            "stepBack": page => page.stepFrames(-1),
            "stepForward": page => page.stepFrames(1),
            "replayBack": page => page.seek(-Theme.replayStep),
            "replayForward": page => page.seek(Theme.replayStep),
            "keepPast": page => past.toggle(shell.shownStream, page.view.keepsPast),
            "present": page => page.goLive()
        })
    readonly property var plainActions: ({
            "palette": () => shell.sheet = "palette",
            "shortcuts": () => shell.sheet = "shortcuts",
            "settings": () => shell.sheet = "settings",
            "statistics": () => shell.statisticsShown = !shell.statisticsShown,
            "products": () => shell.productsShown ? shell.closeProducts() : shell.openProducts(),
            "addProduct": () => shell.openProducts().addProduct(),
            "undoDelete": () => shell.restoreProduct(shell.deletedProduct),
            "fullscreen": () => shell.toggleFullscreen(),
            "back": () => shell.back(),
            "theme": () => wearing.next(),
            "reload": () => Designer.reload(),
            "reloadAll": () => Designer.reloadAll(),
            "quit": () => App.quit(),
            "addSource": () => shell.sheet = "addSource",
            "testPattern": () => FrameServer.showTestPattern(),
            "wall": () => {
                calls.close();
                shell.chosenStream = -1;
            },
            "focus": () => shell.show(shell.currentStream >= 0 ? shell.currentStream : streams.at(0)?.streamId ?? -1),
            "number": key => shell.show(streams.at(parseInt(key) - 1)?.streamId ?? -1),
            "remove": () => shell.remove(shell.currentStream),
            "fewerColumns": () => preferences.columns = Math.max(0, preferences.columns - 1),
            "moreColumns": () => preferences.columns = Math.min(StreamModel.count, preferences.columns + 1),
            "find": () => wallPage.find(),
            "sortByName": () => order.sortByName(),
            "filmstrip": () => preferences.filmstrip = !preferences.filmstrip,
            "badges": () => preferences.badges = !preferences.badges,
            "pause": () => wallPage.wall.paused = !wallPage.wall.paused,
            "fill": () => preferences.fillTiles = !preferences.fillTiles,
            "fit": () => preferences.fillTiles = false,
            "snapshot": () => shell.currentStream >= 0 && FrameServer.saveSnapshot(shell.currentStream),
            "saveAs": () => shell.saveAs(shell.currentStream),
            "copyFrame": () => shell.currentStream >= 0 && FrameServer.copyFrame(shell.currentStream),
            "record": () => shell.currentStream >= 0
                && FrameServer.setRecording(shell.currentStream, shell.recordingOf(shell.currentStream) === null),
            "recordAll": () => shell.recordAll()
        })

    function remove(streamId: int) {
        const info = streams.byId(streamId);
        if (!info)
            return;
        // What the program fetches itself is not fetched any more.
        const fetched = info.format === "http" || info.peer === "this program";
        toasts.show(qsTr("Removed %1").arg(info.name), fetched ? "" : qsTr("Undo"), "bringBack:" + streamId);
        FrameServer.removeStream(streamId);
    }
    function saveAs(streamId: int) {
        const file = streamId >= 0 ? FrameServer.holdFrame(streamId) : "";
        if (file === "")
            return;
        sheets.file = file;
        sheets.fileStream = streamId;
        sheet = "saveAs";
    }
    /// What the button of a note does: "verb:argument", or a file whose folder to open.
    function act(action: string) {
        const at = action.indexOf(":");
        const argument = action.slice(at + 1);
        const verbs = {
            "restore": () => restoreProduct(argument),
            "bringBack": () => FrameServer.restoreStream(parseInt(argument)),
            "forget": () => past.end(parseInt(argument)),
            "settings": () => {
                sheets.section = argument;
                sheet = "settings";
            }
        };
        const verb = verbs[action.slice(0, at)];
        if (verb)
            verb();
        else
            FrameServer.openFolder(action);
    }

    function show(streamId: int) {
        if (streamId < 0)
            return;
        calls.close();
        wallPage.wall.currentStream = streamId;
        chosenStream = streamId;
    }
    function step(by: int) {
        const from = StreamModel.row(shownStream);
        const count = StreamModel.count;
        show(streams.at((from + by + count) % count)?.streamId ?? -1);
    }

    function back() {
        if (productPanel?.activeFocus)
            productPanel.back();
        else if (statisticsShown)
            statisticsShown = false;
        else if (calls.shown)
            calls.page.back();
        else if (fullscreen)
            toggleFullscreen();
        else if (chosenStream >= 0)
            chosenStream = -1;
        else if (wallPage.filtering)
            wallPage.endFilter();
    }

    function openProducts(): CatalogPanel {
        productsShown = true;
        productPanel.begin();
        return productPanel;
    }
    function closeProducts() {
        productsShown = false;
        productTarget = "";
        focusPicture();
    }
    function restoreProduct(productId: string) {
        if (productId !== "")
            Catalog.undoRemove(productId);
        deletedProduct = "";
    }
    /// The stream whose picture is at a place of the scene; empty if there is none.
    function streamAt(at: point): string {
        const here = mapFromItem(null, at.x, at.y);
        if (here.x < 0 || here.y < 0 || here.x >= pageWidth || here.y >= height)
            return "";
        if (focused)
            return StreamModel.nameOf(shownStream);
        const wall = wallPage.wall;
        const over = wall.contentItem.mapFromItem(null, at.x, at.y);
        const index = wall.placeAt(over.x, over.y);
        return index < 0 ? "" : streams.at(index)?.name ?? "";
    }

    function toggleFullscreen() {
        const win = Window.window;
        if (win)
            win.visibility = fullscreen ? Window.Windowed : Window.FullScreen;
    }

    /// What FrameServer.recording says of a stream; null if it is not recorded.
    function recordingOf(streamId: int): var {
        return Array.from(FrameServer.recording ?? []).find(entry => entry.streamId === streamId) ?? null;
    }
    function recordAll() {
        const on = Array.from(FrameServer.recording ?? []).length === 0;
        for (let i = 0; i < streams.count; ++i)
            FrameServer.setRecording(streams.at(i)?.streamId ?? -1, on);
    }

    function openMenu(streamId: int, at: point) {
        wallPage.wall.currentStream = streamId;
        menu.streamId = streamId;
        menu.popup(shell, at.x, at.y);
    }

    // Unless what was chosen in the sheet has opened another one.
    function closeSheet(name: string) {
        if (sheet === name)
            sheet = "";
        focusPicture();
    }

    onFocusPageChanged: focusPicture()

    function focusPicture() {
        if (calls.shown)
            calls.page.forceActiveFocus();
        else if (focusPage)
            focusPage.forceActiveFocus();
        else
            wallPage.forceActiveFocus();
    }

    Preferences {
        id: preferences
    }
    StreamList {
        id: streams
    }
    Actions {
        id: actionTable

        prefs: preferences
        focused: shell.focused && !calls.shown
        any: StreamModel.count > 0 && !calls.shown
        several: StreamModel.count > 1 && !calls.shown
        present: StreamModel.count > 0
        callShown: calls.shown
        devicesUsed: calls.devicesUsed
        calling: calls.calling
        keeps: shell.keeps
        undoable: shell.deletedProduct !== ""
        onTriggered: (name, key) => shell.run(name, key)
    }
    Shortcuts {
        actions: actionTable
        listening: !shell.sheetOpen
        singleKeys: preferences.singleKeys
        controlFocused: shell.controlFocused
        onConflict: key => toasts.show(qsTr("%1 is the key of two actions; change one in Settings, Keys.").arg(key), "", "")
    }

    Wearing {
        id: wearing

        prefs: preferences
    }
    Keeping {
        prefs: preferences
        onNoted: (text, actionText, action) => toasts.show(text, actionText, action)
    }
    Past {
        id: past

        prefs: preferences
        onNoted: (text, actionText, action) => toasts.show(text, actionText, action)
    }
    WallOrder {
        id: order

        streams: streams
        prefs: preferences
        onArrived: (streamId, name) => {
            if (name !== "" && name === preferences.largeStream && !streams.byId(shell.chosenStream))
                shell.show(streamId);
        }
    }

    // ---- Pages -----------------------------------------------------------------------------

    /// The panel of products stands beside the pictures while there is room for both.
    readonly property real pageWidth: productPanel && width >= productPanel.width * 2 ? width - productPanel.width : width

    WallPage {
        id: wallPage

        anchors.fill: parent
        anchors.rightMargin: shell.width - shell.pageWidth
        focus: !shell.focused && !calls.shown
        visible: !shell.focused && !calls.shown
        fullscreen: shell.fullscreen
        statisticsShown: shell.statisticsShown
        held: menu.visible
        summary: streams.revision, streams.summary(wallPage.wall.paused)
        keyMap: actionTable.keyMap
        wall.columns: preferences.columns
        wall.badges: preferences.badges
        wall.recording: FrameServer.recording ?? []
        wall.fill: preferences.fillTiles
        onActionRequested: name => actionTable.run(name)
        onStreamActivated: streamId => shell.show(streamId)
        onStreamMoved: order.remember()
        onSnapshotRequested: streamId => FrameServer.saveSnapshot(streamId)
        onStreamRemoved: streamId => shell.remove(streamId)
        onProductActivated: productId => shell.openProducts().editProduct(productId)
        onMenuRequested: (streamId, at) => shell.openMenu(streamId, at)
    }

    Repeater {
        id: focusHolder

        model: shell.focused && !calls.shown ? 1 : 0

        delegate: FocusPage {
            anchors.fill: parent
            anchors.rightMargin: shell.width - shell.pageWidth
            focus: true
            info: streams.revision, streams.byId(shell.shownStream)
            restored: shell.restored.focus ?? null
            backShown: StreamModel.count > 1
            fullscreen: shell.fullscreen
            statisticsShown: shell.statisticsShown
            keepShown: shell.keeps
            recording: shell.recordingOf(shell.shownStream)
            held: menu.visible
            keyMap: actionTable.keyMap
            onBackRequested: shell.chosenStream = -1
            onFullscreenRequested: shell.toggleFullscreen()
            onStatisticsRequested: actionTable.run("statistics")
            filmstripShown: preferences.filmstrip && StreamModel.count > 1 && !shell.measured
            onFilmstripRequested: actionTable.run("filmstrip")
            onStreamChosen: streamId => shell.show(streamId)
            onProductsRequested: actionTable.run("products")
            onSettingsRequested: actionTable.run("settings")
            keeping: preferences.historySeconds > 0
            onPastRequested: preferences.historySeconds > 0 ? past.begin(shell.shownStream) : shell.act("settings:keep")
            onSnapshotRequested: actionTable.run("snapshot")
            onCopyRequested: actionTable.run("copyFrame")
            onRecordRequested: actionTable.run("record")
            onProductActivated: productId => shell.openProducts().editProduct(productId)
            onMenuRequested: at => shell.openMenu(shell.shownStream, at)
        }
    }

    CallLayer {
        id: calls

        anchors.fill: parent
        anchors.rightMargin: shell.width - shell.pageWidth
        focus: shown
        prefs: preferences
        fullscreen: shell.fullscreen
        bare: shell.measured
        keyMap: actionTable.keyMap
        onClosed: shell.focusPicture()
        onFullscreenRequested: shell.toggleFullscreen()
        onDeviceLost: words => toasts.show(words, "", "")
    }

    // ---- Over the pages ----------------------------------------------------------------------

    Repeater {
        id: productsHolder

        model: shell.productsShown ? 1 : 0

        delegate: CatalogPanel {
            id: products

            anchors.right: parent?.right
            anchors.top: parent?.top
            anchors.bottom: parent?.bottom
            width: Math.min(implicitWidth, shell.width)
            keyMap: actionTable.keyMap
            onCloseRequested: shell.closeProducts()
            onProductMoved: (name, at) => {
                shell.productTarget = shell.streamAt(at);
                dragLabel.product = name;
                const here = shell.mapFromItem(null, at.x, at.y);
                dragLabel.x = Math.max(0, Math.min(here.x - dragLabel.width, shell.width - dragLabel.width));
                dragLabel.y = Math.max(0, here.y - dragLabel.height);
                dragLabel.visible = true;
            }
            onProductDropped: productId => {
                dragLabel.visible = false;
                if (shell.productTarget !== "")
                    Catalog.pin(productId, shell.productTarget);
                shell.productTarget = "";
            }
        }
    }
    DragLabel {
        id: dragLabel

        z: 1
        visible: false
        product: ""
        stream: shell.productTarget
    }

    Repeater {
        model: shell.statisticsShown ? 1 : 0

        delegate: StatsOverlay {
            anchors.right: parent?.right
            anchors.top: parent?.top
            anchors.margins: Theme.spaceM
            width: Math.min(implicitWidth, shell.width - Theme.spaceM * 2)
            room: shell.height - Theme.spaceM * 2
            onCloseRequested: shell.statisticsShown = false
        }
    }

    DropZone {
        anchors.fill: parent
        onSourceDropped: source => FrameServer.addSource(source)
        onRefused: reason => toasts.show(reason, "", "")
    }

    ToastArea {
        id: toasts

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spaceXxl * 3
        visible: !shell.measured
        onActionTriggered: action => shell.act(action)
    }

    StreamMenu {
        id: menu

        focused: shell.focused && StreamModel.count > 1
        keeps: shell.keeps
        recording: shell.recordingOf(streamId) !== null
        keyMap: actionTable.keyMap
        onActionRequested: name => shell.run(name, "")
    }
    Sheets {
        id: sheets

        over: shell
        sheet: shell.sheet
        prefs: preferences
        actions: actionTable.all
        onClosed: name => shell.closeSheet(name)
    }

    Connections {
        target: Catalog

        function onDone(action: string, productId: string, name: string) {
            if (action !== "remove")
                return;
            shell.deletedProduct = productId;
            toasts.show(qsTr("Deleted %1").arg(name), qsTr("Undo"), "restore:" + productId);
        }
        function onFailed(action: string, productId: string, message: string) {
            // The editor says what it was refused itself.
            if (!(shell.productPanel?.editing && (action === "add" || action === "update")))
                toasts.show(message, "", "");
        }
    }
    Connections {
        target: FrameServer
        ignoreUnknownSignals: true

        function onNewConnection(streamId: int, name: string, peer: string) {
            if (preferences.announce)
                toasts.show(qsTr("%1 connected").arg(name), "", "");
        }
        function onConnectionLost(streamId: int, name: string, reason: string) {
            if (preferences.announce)
                toasts.show(reason === "" ? qsTr("%1 has left").arg(name) : qsTr("%1 has left: %2").arg(name).arg(reason), "", "");
        }
    }
}
