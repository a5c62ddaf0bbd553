// Holds a page of a call that may be higher than the window: in the middle if there is room.
import QtQuick
import Okno.Controls
import Okno.Style
import Okno.Theme

Flickable {
    id: scroll

    /// What lies in it; has an implicit width and height.
    required property Item body

    contentWidth: width
    contentHeight: Math.max(height, body.implicitHeight + Theme.spaceXl * 2)
    boundsBehavior: Flickable.StopAtBounds
    clip: true

    ScrollBar.vertical: ScrollBar {}

    // A page that opens with the keyboard far down is laid out only now.
    onContentHeightChanged: follower.follow()

    FocusFollower {
        id: follower

        page: scroll
        byKeys: true
    }

    Binding {
        scroll.body.parent: scroll.contentItem
        scroll.body.width: Math.min(scroll.body.implicitWidth, scroll.width - Theme.spaceL * 2)
        scroll.body.height: scroll.body.implicitHeight
        scroll.body.x: (scroll.width - scroll.body.width) / 2
        scroll.body.y: (scroll.contentHeight - scroll.body.height) / 2
    }
}
