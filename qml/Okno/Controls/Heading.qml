// The title of a page or a card.
import QtQuick
import Okno.Theme

Label {
    font.pixelSize: Theme.fontL
    font.weight: Font.DemiBold
    Accessible.role: Accessible.Heading
}
