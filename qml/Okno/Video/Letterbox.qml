// The black around a picture that is shaped other than its place; all of it while there is none.
//
// Never below the picture itself: what is covered by a picture is drawn for nothing, and the
// software renderer leaves slivers of it behind when the place moves.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Theme

Item {
    id: box

    required property VideoView video

    /// The picture is dimmed: black has to shine through.
    property bool under: false

    readonly property rect picture: video.contentRect
    /// A sliver that rounding left isn't worth a bar.
    readonly property real least: Theme.focusWidth
    readonly property real leftBar: video.hasFrame && !under ? picture.x : width
    readonly property real topBar: video.hasFrame ? picture.y : 0

    component Bar: Rectangle {
        color: Theme.picture
        visible: width >= box.least && height >= box.least
    }

    Bar {
        width: box.leftBar
        height: box.height
    }
    Bar {
        x: box.picture.x + box.picture.width
        width: box.video.hasFrame ? box.width - x : 0
        height: box.height
    }
    Bar {
        width: box.width
        height: box.topBar
    }
    Bar {
        y: box.picture.y + box.picture.height
        width: box.width
        height: box.video.hasFrame ? box.height - y : 0
    }
}
