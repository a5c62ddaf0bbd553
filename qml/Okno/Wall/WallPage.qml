// The first page: the wall of streams, or the guide while there are none.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend

Item {
    id: page

    property alias wall: grid
    readonly property bool empty: StreamModel.count === 0

    signal addSourceRequested
    signal testPatternRequested
    signal streamActivated(int streamId)
    signal menuRequested(int streamId, point at)

    WallGrid {
        id: grid

        anchors.fill: parent
        visible: !page.empty
        onStreamActivated: streamId => page.streamActivated(streamId)
        onMenuRequested: (streamId, at) => page.menuRequested(streamId, at)
    }

    // A Repeater of none or one, because Loader can't create bound components in Qt 6.4.
    Repeater {
        model: page.empty ? 1 : 0

        delegate: FirstFrameGuide {
            anchors.fill: parent
            onAddSourceRequested: page.addSourceRequested()
            onTestPatternRequested: page.testPatternRequested()
        }
    }
}
