// A menu under the pointer.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.Menu {
    id: control

    required property string accessibleName

    /// The hand is at the pointer, not at the keys: lines under it are chosen.
    readonly property bool pointed: (contentItem as MenuList)?.pointed ?? false

    onAboutToShow: (contentItem as MenuList)?.forget()

    implicitWidth: Math.max(Theme.fieldWidth, contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: Theme.spaceS
    padding: Theme.spaceXs
    delegate: MenuItem {}

    contentItem: MenuList {
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
    }

    background: Rectangle {
        radius: Theme.radiusM
        color: Theme.surfaceOverlay
        border.color: Theme.outline
        border.width: Theme.hairline
    }
}
