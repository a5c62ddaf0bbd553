// The first page: the wall of streams with its tools, or the guide while there are none.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

FocusScope {
    id: page

    property bool fullscreen: false
    property bool statisticsShown: false
    property bool held: false
    property string summary: ""
    property var keyMap: ({})

    property alias wall: grid
    /// Streams are being looked for by their names.
    property bool filtering: false
    readonly property bool empty: StreamModel.count === 0
    readonly property bool toolsShown: !empty && idle.shown

    signal actionRequested(string name)
    signal streamActivated(int streamId)
    signal streamMoved
    signal streamRemoved(int streamId)
    signal snapshotRequested(int streamId)
    signal menuRequested(int streamId, point at)
    signal productActivated(string productId)

    function find() {
        filtering = true;
        filter.forceActiveFocus();
    }
    function endFilter() {
        filtering = false;
        filter.text = "";
        grid.forceActiveFocus();
    }

    IdleHider {
        id: idle

        anchors.fill: parent
        held: page.held || tools.hovered || tools.activeFocus
        hidesPointer: !page.empty

        WallGrid {
            id: grid

            anchors.fill: parent
            focus: true
            visible: !page.empty
            filter: page.filtering ? filter.text.trim() : ""
            onStreamActivated: streamId => page.streamActivated(streamId)
            onStreamMoved: page.streamMoved()
            keyMap: page.keyMap
            onSnapshotRequested: streamId => page.snapshotRequested(streamId)
            onStreamRemoved: streamId => page.streamRemoved(streamId)
            onProductActivated: productId => page.productActivated(productId)
            onMenuRequested: (streamId, at) => page.menuRequested(streamId, at)
            Keys.onPressed: event => {
                // The tools have to be there before Tab can reach them.
                if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab)
                    idle.wake();
                event.accepted = false;
            }
        }

        Text {
            id: none

            anchors.centerIn: parent
            visible: grid.visible && grid.filter !== "" && grid.shown.length === 0
            text: qsTr("No stream is called that.")
            color: Theme.textMuted
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontL
            Accessible.role: Accessible.StaticText
            Accessible.name: text
            Accessible.ignored: !visible
        }
        // There for as long as tiles are missing because of it.
        TextField {
            id: filter

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.spaceM
            visible: page.filtering && !page.empty
            placeholderText: qsTr("Name of a stream")
            onAccepted: grid.step("right")
        }

        // Problems with a port don't go away when another one brings pictures.
        PortProblems {
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.spaceM + (filter.visible ? filter.height + Theme.spaceS : 0)
            width: Math.min(Theme.columnWidth, parent.width - Theme.spaceM * 2)
            visible: !page.empty && idle.shown
        }

        WallToolbar {
            id: tools

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.spaceM
            visible: page.toolsShown
            room: page.width - Theme.spaceM * 2
            columns: grid.columns
            fillTiles: grid.fill
            badges: grid.badges
            paused: grid.paused
            recording: Array.from(grid.recording).length > 0
            fullscreen: page.fullscreen
            statisticsShown: page.statisticsShown
            summary: page.summary
            keyMap: page.keyMap
            onActionRequested: name => page.actionRequested(name)
        }
    }

    // A Repeater of none or one, because Loader can't create bound components in Qt 6.4.
    Repeater {
        model: page.empty ? 1 : 0

        delegate: FirstFrameGuide {
            anchors.fill: parent
            keyMap: page.keyMap
            onActionRequested: name => page.actionRequested(name)
        }
    }
}
