// One of the theme's icons in one colour, sharp at every scale.
import QtQuick
import QtQuick.Controls.impl
import Okno.Theme

IconImage {
    id: icon

    /// Name of a file in Theme/icons, without ".svg".
    required property string glyph
    property real size: Theme.iconM

    source: Theme.icon(glyph)
    color: Theme.text
    width: size
    height: size
    sourceSize.width: Math.round(size)
    sourceSize.height: Math.round(size)
    Accessible.ignored: true
}
