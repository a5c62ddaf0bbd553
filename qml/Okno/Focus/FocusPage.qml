// One stream as large as the window, with tools that hide when nothing moves.
//
// In: the stream as an object, what else is going on. Out: signals for what the page can't do
// itself. Never: anything on the picture while the pointer rests.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Catalog
import Okno.Controls
import Okno.Forms
import Okno.Theme
import Okno.Video

FocusScope {
    id: page

    required property StreamInfo info
    /// Whether there is a wall to go back to.
    property bool backShown: true
    property bool fullscreen: false
    property bool statisticsShown: false
    /// The entry of FrameServer.recording of this stream; null if it is not recorded.
    property var recording: null
    property bool keepShown: false
    /// Something is kept for replay of streams of which it can be.
    property bool keeping: true
    /// The other streams are beside the picture.
    property bool filmstripShown: false
    /// Keeps the tools on the screen, e.g. while a menu is open.
    property bool held: false
    /// Keys by the names of actions, for tooltips.
    property var keyMap: ({})
    /// What saveState() of an earlier page returned.
    property var restored: null

    readonly property bool hudShown: idle.shown
    property alias view: view

    signal backRequested
    signal fullscreenRequested
    signal statisticsRequested
    signal productsRequested
    signal settingsRequested
    signal filmstripRequested
    signal streamChosen(int streamId)
    signal snapshotRequested
    signal copyRequested
    signal recordRequested
    /// There is nothing to go back to, and there shall be.
    signal pastRequested
    signal menuRequested(point at)
    signal productActivated(string productId)

    function togglePause() {
        view.paused = !view.paused;
    }
    function stepFrames(frames: int) {
        askFor(frames);
        view.stepFrames(frames);
        idle.wake();
    }
    function seek(seconds: real) {
        askFor(seconds);
        view.seek(seconds);
        idle.wake();
    }
    // Who goes back where nothing is kept can do so from then on.
    function askFor(way: real) {
        if (way < 0 && view.hasFrame && !view.keepsPast)
            pastRequested();
    }
    function goLive() {
        view.goLive();
    }
    function toggleMirror() {
        view.mirrored = !view.mirrored;
    }
    function toggleInspector() {
        view.inspecting = !view.inspecting;
    }
    function wake() {
        idle.wake();
    }
    function saveState(): var {
        return {
            "stream": info?.streamId ?? -1,
            "fillMode": view.fillMode,
            "zoom": view.zoom,
            "centerX": view.center.x,
            "centerY": view.center.y,
            "mirrored": view.mirrored,
            "paused": view.paused,
            "inspecting": view.inspecting
        };
    }

    Component.onCompleted: {
        if (!restored || restored.stream !== info?.streamId)
            return;
        view.restore(restored.fillMode, restored.zoom, Qt.point(restored.centerX, restored.centerY));
        view.mirrored = restored.mirrored;
        view.paused = restored.paused;
        view.inspecting = restored.inspecting;
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Picture of %1").arg(info?.name ?? "")

    StreamStatus {
        id: status

        state: page.info?.state ?? StreamState.Connecting
        quietSeconds: page.info?.quietSeconds ?? 0
        latencyMs: page.info?.latencyMs ?? -1
        paused: view.paused
        replaying: view.replaying
        behind: view.behind
        newFrames: view.newFrames
    }

    IdleHider {
        id: idle

        anchors.fill: parent
        held: page.held || titleHover.hovered || toolHover.hovered || replayBar.hovered || noPast.hovered || hud.activeFocus

        FocusScope {
            anchors.fill: parent
            focus: true

            StreamView {
                id: view

                anchors.fill: parent
                focus: true
                activeFocusOnTab: true
                stream: page.info?.streamId ?? -1
                dimmed: status.dimmed
                Accessible.role: Accessible.Graphic
                Accessible.name: page.info?.name ?? ""
                Accessible.description: status.text
                Keys.onPressed: event => {
                    // The tools have to be there before Tab can reach them.
                    if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab)
                        idle.wake();
                    event.accepted = false;
                }
                onDoubleTapped: page.backShown ? page.backRequested() : page.fullscreenRequested()
                onMenuRequested: at => page.menuRequested(at)
            }
        }

        // A Repeater of none or one, because Loader can't create bound components in Qt 6.4.
        Repeater {
            id: filmstripHolder

            model: page.filmstripShown ? 1 : 0

            delegate: Filmstrip {
                anchors.left: parent?.left
                anchors.top: parent?.top
                anchors.bottom: parent?.bottom
                anchors.margins: Theme.spaceM
                // Between the title and the tools.
                anchors.topMargin: Theme.controlHeight + Theme.spaceXl
                anchors.bottomMargin: Theme.controlHeight * 2 + Theme.spaceXxl
                width: implicitWidth
                shownStream: page.info?.streamId ?? -1
                onStreamChosen: streamId => page.streamChosen(streamId)
            }
        }

        // Always told, with or without the tools: this is not the present.
        StatusPill {
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.spaceM
            visible: status.status !== "live" && status.status !== "slow" && !hud.visible
            status: status.status
            text: status.text
        }
        RecordingPill {
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.spaceM
            recording: page.recording
        }

        ProductCards {
            id: cards

            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.spaceM
            // Below the title and the mark of a recording.
            anchors.topMargin: Theme.controlHeight + Theme.spaceXl
            width: Math.min(Theme.cardWidth, parent.width * 0.4)
            room: parent.height - Theme.controlHeight * 3 - Theme.spaceXl * 2
            stream: page.info?.name ?? ""
            onProductActivated: productId => page.productActivated(productId)
        }

        FocusScope {
            id: hud

            anchors.fill: parent
            visible: idle.shown

            HoverHandler {
                id: titleHover

                parent: form.titleBar
            }
            HoverHandler {
                id: toolHover

                parent: form.toolBar
            }

            ReplayBar {
                id: replayBar

                anchors.horizontalCenter: parent.horizontalCenter
                anchors.bottom: parent.bottom
                anchors.bottomMargin: Theme.spaceM * 2 + Theme.controlHeight + Theme.spaceS
                visible: (view.paused || view.replaying) && view.reach > 0 && !noPast.visible
                z: 1
                reach: view.reach
                behind: view.behind
                paused: view.paused
                text: status.clock(view.behind)
                backKey: page.keyMap.replayBack ?? ""
                forwardKey: page.keyMap.replayForward ?? ""
                presentKey: page.keyMap.present ?? ""
                onSeekRequested: seconds => page.seek(seconds)
                onPresentRequested: {
                    page.goLive();
                    // The bar goes, and with it what had the keyboard.
                    view.forceActiveFocus();
                }
            }
            NoPast {
                id: noPast

                anchors.horizontalCenter: parent.horizontalCenter
                anchors.bottom: replayBar.bottom
                visible: view.paused && !view.replaying && !view.keepsPast
                z: 1
                room: parent.width - Theme.spaceM * 2
                keeping: page.keeping
                onKeepRequested: {
                    page.pastRequested();
                    // The bar goes, and with it what had the keyboard.
                    view.forceActiveFocus();
                }
            }
            FocusHudForm {
                id: form

                anchors.fill: parent
                backShown: page.backShown
                keepShown: page.keepShown
                name: page.info?.name ?? ""
                status: status.status
                statusText: status.text
                figures: page.info && page.info.frameWidth > 0
                    ? qsTr("%1 \u00d7 %2  %3 fps").arg(page.info.frameWidth).arg(page.info.frameHeight).arg(page.info.fps.toFixed(1)) : ""
                zoomText: qsTr("%1 %").arg(Math.round(view.magnification * 100))

                back.accessibleName: qsTr("Back to the wall")
                back.shortcut: page.keyMap.back ?? ""
                back.onClicked: page.backRequested()
                pause.glyph: view.paused ? "play" : "pause"
                pause.accessibleName: view.paused ? qsTr("Go on") : qsTr("Pause")
                pause.shortcut: page.keyMap.pause ?? ""
                pause.onClicked: page.togglePause()
                snapshot.accessibleName: qsTr("Snapshot")
                snapshot.shortcut: page.keyMap.snapshot ?? ""
                snapshot.onClicked: page.snapshotRequested()
                copy.accessibleName: qsTr("Copy picture")
                copy.shortcut: page.keyMap.copyFrame ?? ""
                copy.onClicked: page.copyRequested()
                record.accessibleName: page.recording !== null ? qsTr("Stop recording") : qsTr("Record")
                record.shortcut: page.keyMap.record ?? ""
                record.danger: page.recording !== null
                record.onClicked: page.recordRequested()
                fit.accessibleName: qsTr("Fit")
                fit.shortcut: page.keyMap.fit ?? ""
                fit.checked: view.fillMode === VideoView.Fit && !view.zoomed
                fit.onClicked: view.show(VideoView.Fit)
                fill.accessibleName: qsTr("Fill")
                fill.shortcut: page.keyMap.fill ?? ""
                fill.checked: view.fillMode === VideoView.Fill && !view.zoomed
                fill.onClicked: view.show(VideoView.Fill)
                actual.accessibleName: qsTr("Actual size, 1:1")
                actual.shortcut: page.keyMap.actual ?? ""
                actual.checked: view.fillMode === VideoView.Actual && !view.zoomed
                actual.onClicked: view.show(VideoView.Actual)
                zoomOut.accessibleName: qsTr("Zoom out")
                zoomOut.shortcut: page.keyMap.zoomOut ?? ""
                zoomOut.onClicked: view.zoomBy(1 / Theme.zoomStep, view.width / 2, view.height / 2)
                zoomIn.accessibleName: qsTr("Zoom in")
                zoomIn.shortcut: page.keyMap.zoomIn ?? ""
                zoomIn.onClicked: view.zoomBy(Theme.zoomStep, view.width / 2, view.height / 2)
                mirror.accessibleName: qsTr("Mirror")
                mirror.shortcut: page.keyMap.mirror ?? ""
                mirror.checked: view.mirrored
                mirror.onClicked: page.toggleMirror()
                inspect.accessibleName: qsTr("Pixel values")
                inspect.shortcut: page.keyMap.inspect ?? ""
                inspect.checked: view.inspecting
                inspect.onClicked: page.toggleInspector()
                statistics.accessibleName: qsTr("Statistics")
                statistics.shortcut: page.keyMap.statistics ?? ""
                statistics.checked: page.statisticsShown
                statistics.onClicked: page.statisticsRequested()
                filmstrip.visible: page.backShown
                filmstrip.accessibleName: qsTr("Other streams")
                filmstrip.shortcut: page.keyMap.filmstrip ?? ""
                filmstrip.checked: page.filmstripShown
                filmstrip.onClicked: page.filmstripRequested()
                products.accessibleName: qsTr("Products")
                products.shortcut: page.keyMap.products ?? ""
                products.onClicked: page.productsRequested()
                settings.accessibleName: qsTr("Settings")
                settings.shortcut: page.keyMap.settings ?? ""
                settings.onClicked: page.settingsRequested()
                fullscreen.glyph: page.fullscreen ? "minimize" : "maximize"
                fullscreen.accessibleName: page.fullscreen ? qsTr("Leave full screen") : qsTr("Full screen")
                fullscreen.shortcut: page.keyMap.fullscreen ?? ""
                fullscreen.onClicked: page.fullscreenRequested()
            }
        }
    }
}
