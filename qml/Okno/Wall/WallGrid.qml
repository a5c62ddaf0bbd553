// The wall of tiles: as large as the room allows, in the order of the stream model.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme
import "layout.js" as Layout

Flickable {
    id: wall

    /// 0 lets the wall choose.
    property int columns: 0
    property bool badges: false
    property bool fill: false
    property bool paused: false
    /// Keys by the names of actions, for tooltips.
    property var keyMap: ({})
    /// See FrameServer.recording.
    property var recording: []
    /// Only streams whose names hold this are shown.
    property string filter: ""
    /// The stream that the keyboard acts on; -1 if none.
    property int currentStream: -1

    readonly property int count: tiles.count
    /// Indices of the tiles that are shown, and their aspects; 0 while not known.
    property var shown: []
    property var aspects: []
    /// Size of the first picture of all; 0 x 0 until it is known.
    property size firstPicture
    readonly property var grid: Layout.wall(width, height, count > 1 ? Theme.tileGap : 0, aspects, columns, Theme.tileMin)

    /// Index of the tile over whose place a dragged tile hovers; -1 if none is dragged.
    property int dropIndex: -1

    signal streamActivated(int streamId)
    /// The order was changed by hand.
    signal streamMoved
    signal streamRemoved(int streamId)
    signal snapshotRequested(int streamId)
    signal menuRequested(int streamId, point at)
    signal productActivated(string productId)

    contentWidth: width
    contentHeight: grid.contentHeight
    interactive: contentHeight > height
    boundsBehavior: Flickable.StopAtBounds
    clip: interactive
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Streams")

    ScrollBar.vertical: ScrollBar {}

    FocusFollower {
        page: wall
    }

    function tileAt(index: int): WallTile {
        return tiles.itemAt(index) as WallTile;
    }

    function gather() {
        const wanted = filter.toLowerCase();
        const all = Array.from({"length": tiles.count}, (_, i) => i);
        shown = all.filter(i => (tileAt(i)?.name ?? "").toLowerCase().includes(wanted));
        aspects = shown.map(i => tileAt(i)?.aspect ?? 0);
    }
    onFilterChanged: gather()

    /// Index of the tile that lies this way of another one among those that are shown; -1 if none.
    function neighbour(index: int, direction: string): int {
        return shown[Layout.neighbour(shown.indexOf(index), shown.length, grid.columns, direction)] ?? -1;
    }

    function step(direction: string) {
        const tile = tileAt(neighbour(StreamModel.row(currentStream), direction));
        if (tile) {
            currentStream = tile.streamId;
            tile.forceActiveFocus(Qt.TabFocusReason);
        }
    }

    function moveCurrent(direction: string) {
        const from = StreamModel.row(currentStream);
        moveTo(from, neighbour(from, direction));
    }

    function moveTo(from: int, to: int) {
        if (from < 0 || to < 0 || from === to)
            return;
        StreamModel.move(from, to);
        streamMoved();
    }

    /// Index of the tile at a point of the content, or -1.
    function placeAt(x: real, y: real): int {
        const at = grid.cells.findIndex(cell => x >= cell.x && y >= cell.y && x < cell.x + cell.width && y < cell.y + cell.height);
        return shown[at] ?? -1;
    }

    // Several tiles change at once when one comes, goes or moves: gather once.
    Timer {
        id: soon

        interval: 0
        onTriggered: wall.gather()
    }

    Repeater {
        id: tiles

        model: StreamModel
        onItemAdded: wall.gather()
        onItemRemoved: soon.restart()

        delegate: WallTile {
            id: tile

            // By way of `model`, because Item has a `state` of its own.
            required property var model

            readonly property var cell: wall.grid.cells[wall.shown.indexOf(index)] ?? Qt.rect(0, 0, 0, 0)

            visible: wall.filter === "" || cell.width > 0
            streamState: model.state
            x: cell.x
            y: cell.y
            width: cell.width
            height: cell.height
            activeFocusOnTab: true
            badges: wall.badges
            fill: wall.fill
            paused: wall.paused
            recording: Array.from(wall.recording).find(entry => entry.streamId === streamId) ?? null
            keyMap: wall.keyMap
            bare: wall.count === 1
            current: wall.currentStream === streamId
            onAspectChanged: {
                soon.restart();
                if (frameWidth > 0 && frameHeight > 0 && wall.firstPicture.width <= 0)
                    wall.firstPicture = Qt.size(frameWidth, frameHeight);
            }
            onIndexChanged: soon.restart()
            onSelected: {
                wall.currentStream = streamId;
                forceActiveFocus(Qt.MouseFocusReason);
            }
            onActivated: wall.streamActivated(streamId)
            onActiveFocusChanged: if (activeFocus)
                wall.currentStream = streamId
            onProductActivated: productId => wall.productActivated(productId)
            onSnapshotRequested: wall.snapshotRequested(streamId)
            onRemoveRequested: wall.streamRemoved(streamId)
            onMenuRequested: at => wall.menuRequested(streamId, mapToItem(wall, at.x, at.y))
            onDragged: (x, y) => {
                const over = mapToItem(wall.contentItem, x, y);
                wall.dropIndex = wall.placeAt(over.x, over.y);
            }
            onDropped: {
                const to = wall.dropIndex;
                wall.dropIndex = -1;
                wall.moveTo(index, to);
            }
        }
    }

    // Where a dragged tile will go.
    Rectangle {
        readonly property var cell: wall.grid.cells[wall.shown.indexOf(wall.dropIndex)] ?? Qt.rect(0, 0, 0, 0)

        visible: wall.dropIndex >= 0
        z: 2
        x: cell.x
        y: cell.y
        width: cell.width
        height: cell.height
        color: "transparent"
        border.color: Theme.accent
        border.width: Theme.focusWidth * 2
    }
}
