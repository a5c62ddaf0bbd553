// Says what is wrong with what was typed. Takes no room while nothing is.
import QtQuick
import Okno.Theme

Label {
    visible: text !== ""
    color: Theme.danger
    font.pixelSize: Theme.fontS
    Accessible.role: Accessible.AlertMessage
}
