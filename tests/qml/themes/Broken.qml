// A theme with a mistake in line 4; not linted.
import QtQuick
QtObject {
    readonly property colour accent: "#ff0000"
}
