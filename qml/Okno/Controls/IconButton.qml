// A button that is only an icon. Its name and shortcut are in the tooltip and for screen readers.
pragma ComponentBehavior: Bound
import QtQuick
import QtQml
import Okno.Style
import Okno.Theme

Button {
    id: control

    /// Name of a file in Theme/icons, without ".svg".
    required property string glyph
    /// Keys as they are shown, e.g. "Ctrl+K"; empty if there are none.
    property string shortcut: ""

    flat: true
    implicitWidth: implicitHeight
    leftPadding: 0
    rightPadding: 0
    icon.source: Theme.icon(glyph)
    Accessible.description: shortcut

    // An Instantiator, because Loader can't create bound components in Qt 6.4.
    Instantiator {
        active: control.hovered || control.visualFocus

        delegate: ToolTip {
            parent: control
            visible: control.hovered || control.visualFocus
            text: control.shortcut === "" ? control.accessibleName
                : qsTr("%1 (%2)", "action (keys)").arg(control.accessibleName).arg(control.shortcut)
        }
    }
}
