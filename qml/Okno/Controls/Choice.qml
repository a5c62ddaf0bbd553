// A row of choices of which one is taken: a quiet stand-in for a drop-down list.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Style

WrapRow {
    id: choice

    /// What there is to choose: [{value, text}].
    required property var options
    required property string accessibleName
    property var value

    signal chosen(var value)

    Accessible.role: Accessible.Grouping
    Accessible.name: accessibleName

    Repeater {
        model: choice.options

        delegate: Button {
            required property var modelData

            text: modelData.text
            accessibleName: qsTr("%1: %2", "setting: choice").arg(choice.accessibleName).arg(modelData.text)
            checked: choice.value === modelData.value
            Accessible.role: Accessible.RadioButton
            Accessible.checked: checked
            onClicked: choice.chosen(modelData.value)
        }
    }
}
