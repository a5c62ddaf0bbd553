// Words in the theme's letters: for reading, not for pressing.
import QtQuick
import Okno.Theme

Text {
    /// Less important than what stands beside it.
    property bool muted: false

    color: muted ? Theme.textMuted : Theme.text
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontM
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: !visible || text === ""
}
