// One stream, large: fit, fill or 1:1, zoomed at the pointer, pushed around with it.
//
// In: the stream, the mode. Out: where the picture lies, what pixel is under the pointer, and the
// picture for another program, when one that can't be pushed is dragged.
// Never: work per frame.
import QtQuick
import QtQuick.Window
import Okno.Backend
import Okno.Theme
import "zoom.js" as Zoom

Item {
    id: view

    property int stream: -1
    property int fillMode: VideoView.Fit
    property alias mirrored: pictureItem.mirrored
    property alias paused: pictureItem.paused
    property bool dimmed: false
    property bool inspecting: false

    readonly property alias zoom: pictureItem.zoom
    readonly property alias center: pictureItem.center
    readonly property alias contentRect: pictureItem.contentRect
    readonly property alias frameSize: pictureItem.frameSize
    readonly property alias hasFrame: pictureItem.hasFrame
    /// See VideoView.
    readonly property alias replaying: pictureItem.replaying
    readonly property alias behind: pictureItem.behind
    readonly property alias newFrames: pictureItem.newFrames
    readonly property alias reach: pictureItem.reach
    readonly property alias keepsPast: pictureItem.keepsPast
    readonly property real pixelRatio: Screen.devicePixelRatio
    /// Device pixels for one picture pixel.
    readonly property real magnification: hasFrame && contentRect.width > 0
        ? contentRect.width * pixelRatio / frameSize.width : 1
    readonly property bool zoomed: zoom !== 1
    readonly property alias pointed: hover.hovered
    /// The picture reaches beyond the item.
    readonly property bool pushable: contentRect.width > width || contentRect.height > height

    /// What the last zoom kept in its place.
    property var anchor: null

    signal doubleTapped
    signal menuRequested(point at)

    /// Zooms by a factor; what lies at (x, y) stays there.
    function zoomBy(factor: real, x: real, y: real) {
        if (!hasFrame)
            return;
        const most = Theme.zoomMax / magnification;
        const least = Theme.zoomMin / magnification;
        const step = Math.min(Math.max(factor, least), most);
        // The picture is placed to whole pixels. Measured anew after each notch of a wheel, these
        // roundings would add up to a drift.
        const same = anchor && anchor.x === x && anchor.y === y && anchor.rect === String(contentRect);
        const part = same ? anchor.part : Zoom.under(contentRect, x, y);
        const next = Zoom.around(contentRect, view, step, x, y, part);
        pictureItem.zoom *= step;
        pictureItem.center = Qt.point(next.x, next.y);
        anchor = {"x": x, "y": y, "part": part, "rect": String(contentRect)};
    }

    function zoomIn() {
        zoomBy(Theme.zoomStep, anchorX(), anchorY());
    }
    function zoomOut() {
        zoomBy(1 / Theme.zoomStep, anchorX(), anchorY());
    }

    /// Back to one of VideoView's modes, not zoomed.
    function show(mode: int) {
        fillMode = mode;
        pictureItem.zoom = 1;
        pictureItem.center = Qt.point(0.5, 0.5);
    }

    function stepFrames(frames: int) {
        pictureItem.step(frames);
    }
    function seek(seconds: real) {
        pictureItem.seek(seconds);
    }
    function goLive() {
        pictureItem.goLive();
    }

    function pushBy(dx: real, dy: real) {
        const next = Zoom.pushed(contentRect, view, dx, dy);
        pictureItem.center = Qt.point(next.x, next.y);
    }

    /// Takes over what another view showed (after a live reload).
    function restore(mode: int, zoomFactor: real, middle: point) {
        fillMode = mode;
        pictureItem.zoom = zoomFactor;
        pictureItem.center = middle;
    }

    // Keys zoom at the pointer if it's on the picture, else in the middle.
    function anchorX(): real {
        return hover.hovered ? hover.point.position.x : width / 2;
    }
    function anchorY(): real {
        return hover.hovered ? hover.point.position.y : height / 2;
    }

    Letterbox {
        anchors.fill: parent
        video: pictureItem
        under: view.dimmed
    }

    VideoView {
        id: pictureItem

        anchors.fill: parent
        stream: view.stream
        fillMode: view.fillMode
        opacity: view.dimmed ? Theme.dimmedPicture : 1
        Accessible.ignored: true
    }

    PixelInspector {
        anchors.fill: parent
        visible: view.inspecting && view.hasFrame
        video: pictureItem
        magnification: view.magnification
        pixelRatio: view.pixelRatio
        pointerX: hover.point.position.x
        pointerY: hover.point.position.y
        pointed: hover.hovered
    }

    HoverHandler {
        id: hover
    }
    WheelHandler {
        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
        onWheel: event => {
            // One notch of a wheel is 120 units.
            const notches = event.angleDelta.y / 120;
            if (notches !== 0)
                view.zoomBy(Math.pow(Theme.zoomStep, notches), event.x, event.y);
        }
    }
    PinchHandler {
        id: pinch

        property real before: 1

        target: null
        onActiveChanged: before = 1
        onActiveScaleChanged: {
            view.zoomBy(activeScale / before, centroid.position.x, centroid.position.y);
            before = activeScale;
        }
    }
    DragHandler {
        id: drag

        property real lastX: 0
        property real lastY: 0

        target: null
        enabled: view.pushable
        acceptedButtons: Qt.LeftButton | Qt.MiddleButton
        cursorShape: active ? Qt.ClosedHandCursor : Qt.ArrowCursor
        onActiveChanged: {
            lastX = 0;
            lastY = 0;
        }
        onTranslationChanged: {
            view.pushBy(translation.x - lastX, translation.y - lastY);
            lastX = translation.x;
            lastY = translation.y;
        }
    }
    DragHandler {
        id: pull

        target: null
        enabled: view.hasFrame && !view.pushable
    }
    PictureDrag {
        stream: view.stream
        pulled: pull.active
    }
    TapHandler {
        // A tool that was used doesn't keep the keyboard, and with it the tools, for ever.
        onTapped: (point, button) => view.forceActiveFocus(Qt.MouseFocusReason)
        onDoubleTapped: (point, button) => view.doubleTapped()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: (point, button) => view.menuRequested(point.position)
    }
}
