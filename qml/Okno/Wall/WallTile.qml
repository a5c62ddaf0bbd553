// One stream on the wall: its picture, and the overlay that names it.
//
// In: the stream's figures, a few times a second. Out: what the person asks for, as signals.
// Never: work per frame; the video item repaints by itself.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Catalog
import Okno.Forms
import Okno.Theme
import Okno.Video

FocusScope {
    id: tile

    required property int index
    required property int streamId
    required property string name
    required property string peer
    required property int streamState
    required property int frameWidth
    required property int frameHeight
    required property real fps
    required property real latencyMs
    required property real quietSeconds
    required property string note

    /// Names and figures stay on (otherwise only names, and figures on hover).
    property bool badges: false
    property bool paused: false
    /// The entry of FrameServer.recording; null if the stream is not recorded.
    property var recording: null
    property bool current: false
    property bool fill: false
    /// Keys by the names of actions, for tooltips.
    property var keyMap: ({})
    /// Nothing at all lies on the picture (a wall of one stream).
    property bool bare: false

    readonly property bool hovered: hover.hovered
    readonly property real aspect: frameHeight > 0 ? frameWidth / frameHeight : 0

    signal activated
    signal selected
    signal menuRequested(point at)
    signal removeRequested
    signal snapshotRequested
    signal productActivated(string productId)
    /// The tile is being dragged; the pointer is at this place of the tile.
    signal dragged(real x, real y)
    signal dropped

    z: drag.active ? 1 : 0
    transform: Translate {
        x: drag.active ? drag.translation.x : 0
        y: drag.active ? drag.translation.y : 0
    }

    Accessible.role: Accessible.Button
    Accessible.name: tile.name
    Accessible.description: status.text
    Accessible.onPressAction: tile.activated()
    Keys.onReturnPressed: tile.activated()
    Keys.onEnterPressed: tile.activated()

    Letterbox {
        anchors.fill: parent
        video: pictureItem
        under: status.dimmed
    }

    VideoView {
        id: pictureItem

        anchors.fill: parent
        stream: tile.streamId
        fillMode: tile.fill ? VideoView.Fill : VideoView.Fit
        paused: tile.paused
        opacity: status.dimmed ? Theme.dimmedPicture : 1
        Accessible.ignored: true
    }

    StreamStatus {
        id: status

        state: tile.streamState
        quietSeconds: tile.quietSeconds
        latencyMs: tile.latencyMs
        paused: tile.paused
        newFrames: pictureItem.newFrames
        note: tile.note
    }

    TileOverlayForm {
        id: overlay

        anchors.fill: parent
        toolsShown: tile.hovered && !tile.bare && !drag.active
        snapshot.accessibleName: qsTr("Snapshot")
        snapshot.shortcut: tile.keyMap.snapshot ?? ""
        snapshot.onClicked: tile.snapshotRequested()
        enlarge.accessibleName: qsTr("Large picture")
        enlarge.shortcut: qsTr("Enter")
        enlarge.onClicked: tile.activated()
        more.accessibleName: qsTr("What can be done with %1").arg(tile.name)
        more.onClicked: tile.menuRequested(overlay.more.mapToItem(tile, 0, overlay.more.height))
        name: tile.name
        status: status.status
        statusText: status.text
        statusShown: status.status !== "live" || tile.badges && !tile.bare
        nameShown: !tile.bare || status.dimmed
        figures: figuresText()
        figuresShown: !tile.bare && (tile.hovered || tile.badges) && tile.frameWidth > 0
        recording: tile.recording
        selected: tile.current && !tile.bare
        keyboard: tile.activeFocus

        function figuresText(): string {
            const size = qsTr("%1 \u00d7 %2").arg(tile.frameWidth).arg(tile.frameHeight);
            const rate = qsTr("%1 fps").arg(tile.fps.toFixed(1));
            const late = tile.latencyMs >= 0 ? "  " + qsTr("%1 ms").arg(Math.round(tile.latencyMs)) : "";
            return size + "  " + rate + late;
        }
    }

    ProductCards {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceS
        width: Math.min(Theme.cardWidth, parent.width * 0.45)
        room: parent.height - Theme.spaceS * 2 - Theme.controlHeight
        stream: tile.name
        onProductActivated: productId => tile.productActivated(productId)
    }

    HoverHandler {
        id: hover
    }
    DragHandler {
        id: drag

        target: null
        enabled: !tile.bare
        onTranslationChanged: if (active)
            tile.dragged(centroid.position.x, centroid.position.y)
        onActiveChanged: if (!active)
            tile.dropped()
    }
    TapHandler {
        acceptedButtons: Qt.LeftButton
        onTapped: (point, button) => tile.selected()
        onDoubleTapped: (point, button) => tile.activated()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: (point, button) => tile.menuRequested(point.position)
    }
    TapHandler {
        acceptedButtons: Qt.MiddleButton
        onTapped: (point, button) => tile.removeRequested()
    }
}
