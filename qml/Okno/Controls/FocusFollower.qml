// Scrolls a page so that what has the keyboard is seen.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

Item {
    id: follower

    /// The page; this item lies in it.
    required property Flickable page

    /// Only to what somebody went to by keys, not to what has the keyboard as the page opens.
    property bool byKeys: false

    readonly property Item focused: Window.activeFocusItem

    onFocusedChanged: follow()

    function follow() {
        if (!focused || !holds(focused) || byKeys && !reachedByKeys())
            return;
        const top = focused.mapToItem(page.contentItem, 0, 0).y;
        const bottom = top + focused.height;
        if (top < page.contentY || focused.height > page.height)
            page.contentY = Math.max(0, top - Theme.spaceS);
        else if (bottom > page.contentY + page.height)
            page.contentY = Math.min(Math.max(0, page.contentHeight - page.height), bottom + Theme.spaceS - page.height);
    }

    function reachedByKeys(): bool {
        const reason = (focused as T.Control)?.focusReason ?? (focused as T.TextField)?.focusReason;
        return reason === Qt.TabFocusReason || reason === Qt.BacktabFocusReason;
    }

    function holds(item: Item): bool {
        for (let at = item; at; at = at.parent) {
            if (at === page.contentItem)
                return true;
        }
        return false;
    }
}
