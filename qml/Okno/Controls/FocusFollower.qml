// Scrolls a page so that what has the keyboard is seen.
import QtQuick
import Okno.Theme

Item {
    id: follower

    /// The page; this item lies in it.
    required property Flickable page

    readonly property Item focused: Window.activeFocusItem

    onFocusedChanged: {
        if (!focused || !holds(focused))
            return;
        const top = focused.mapToItem(page.contentItem, 0, 0).y;
        const bottom = top + focused.height;
        if (top < page.contentY || focused.height > page.height)
            page.contentY = Math.max(0, top - Theme.spaceS);
        else if (bottom > page.contentY + page.height)
            page.contentY = Math.min(Math.max(0, page.contentHeight - page.height), bottom + Theme.spaceS - page.height);
    }

    function holds(item: Item): bool {
        for (let at = item; at; at = at.parent) {
            if (at === page.contentItem)
                return true;
        }
        return false;
    }
}
