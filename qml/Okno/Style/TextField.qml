// One line of text to type.
import QtQuick
import QtQuick.Templates as T
import Okno.Theme

T.TextField {
    id: control

    property string accessibleName: placeholderText

    implicitWidth: Theme.fieldWidth
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.spaceM
    rightPadding: Theme.spaceM
    color: Theme.text
    placeholderTextColor: Theme.textMuted
    selectionColor: Theme.accent
    selectedTextColor: Theme.textOnAccent
    selectByMouse: true
    verticalAlignment: TextInput.AlignVCenter
    font.family: Theme.fontFamily
    font.pixelSize: Theme.fontM
    Accessible.role: Accessible.EditableText
    Accessible.name: accessibleName

    background: Rectangle {
        radius: Theme.radiusM
        color: Theme.surfaceSunken
        border.color: control.activeFocus ? Theme.focus : Theme.outlineStrong
        border.width: control.activeFocus ? Theme.focusWidth : Theme.hairline
    }

    Text {
        anchors.fill: parent
        leftPadding: control.leftPadding
        rightPadding: control.rightPadding
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
        text: control.placeholderText
        font: control.font
        color: control.placeholderTextColor
        visible: control.text === "" && control.preeditText === ""
        Accessible.ignored: true
    }
}
