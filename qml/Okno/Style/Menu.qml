// A menu under the pointer.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.Menu {
    id: control

    required property string accessibleName

    /// The pointer has moved over it since it opened. One that merely rests where the menu opens
    /// chooses nothing: the hand is at the keys.
    readonly property bool pointed: hover.moved

    onAboutToShow: hover.rest()

    implicitWidth: Math.max(Theme.fieldWidth, contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: Theme.spaceS
    padding: Theme.spaceXs
    delegate: MenuItem {}

    contentItem: ListView {
        implicitHeight: contentHeight
        implicitWidth: {
            let widest = 0;
            for (let i = 0; i < control.count; ++i)
                widest = Math.max(widest, control.itemAt(i)?.implicitWidth ?? 0);
            return widest;
        }
        model: control.contentModel
        interactive: contentHeight > height
        clip: interactive
        currentIndex: control.currentIndex
        Accessible.role: Accessible.PopupMenu
        Accessible.name: control.accessibleName

        HoverHandler {
            id: hover

            property bool moved: false
            /// Where it was first seen; null before.
            property var place: null

            function rest() {
                moved = false;
                place = null;
            }

            onPointChanged: {
                if (!hovered || moved)
                    return;
                const now = Qt.point(point.scenePosition.x, point.scenePosition.y);
                if (place === null)
                    place = now;
                else
                    moved = place.x !== now.x || place.y !== now.y;
            }
        }
    }

    background: Rectangle {
        radius: Theme.radiusM
        color: Theme.surfaceOverlay
        border.color: Theme.outline
        border.width: Theme.hairline
    }
}
