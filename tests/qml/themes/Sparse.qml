// A theme of someone's own with one token, and one of the wrong kind.
import QtQuick

QtObject {
    readonly property color accent: "#ff0000"
    readonly property string spaceM: "wide"
}
