// The lines of a menu, which tell whether a hand is at the pointer.
import QtQuick

ListView {
    /// The pointer has moved over the lines since they appeared.
    readonly property alias pointed: hand.over

    /// They appear anew.
    function forget() {
        hand.forget();
    }

    HandHover {
        id: hand
    }
}
