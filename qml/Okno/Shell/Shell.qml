// Everything inside the window: pages, overlays, keys. The root that a live reload replaces.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Okno.Backend
import Okno.Wall

FocusScope {
    id: shell

    /// Size of the first picture of all, in its own pixels; the window follows it.
    readonly property size firstPicture: wallPage.wall.firstPicture
    /// What saveState() of the Shell before this one returned.
    property var restored: ({})

    /// Plain values that the next Shell needs to look the same.
    function saveState(): var {
        return ({});
    }

    WallPage {
        id: wallPage

        anchors.fill: parent
        focus: true
        onTestPatternRequested: FrameServer.showTestPattern()
    }
}
