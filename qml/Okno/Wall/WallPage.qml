// The first page: the wall of streams with its tools, or the guide while there are none.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Theme

FocusScope {
    id: page

    property bool fullscreen: false
    property bool statisticsShown: false
    property bool held: false
    property string summary: ""
    property var keyMap: ({})

    property alias wall: grid
    readonly property bool empty: StreamModel.count === 0
    readonly property bool toolsShown: !empty && idle.shown

    signal actionRequested(string name)
    signal streamActivated(int streamId)
    signal streamMoved
    signal menuRequested(int streamId, point at)
    signal productActivated(string productId)

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
            onStreamActivated: streamId => page.streamActivated(streamId)
            onStreamMoved: page.streamMoved()
            onProductActivated: productId => page.productActivated(productId)
            onMenuRequested: (streamId, at) => page.menuRequested(streamId, at)
            Keys.onPressed: event => {
                // The tools have to be there before Tab can reach them.
                if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab)
                    idle.wake();
                event.accepted = false;
            }
        }

        // Problems with a port don't go away when another one brings pictures.
        PortProblems {
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: Theme.spaceM
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
