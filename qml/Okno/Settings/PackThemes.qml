// The themes that packs bring, one row each. There as soon as a pack is.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Style
import Okno.Theme

Column {
    id: themes

    /// See SettingsRow.
    property string search: ""
    required property Preferences prefs

    spacing: Theme.spaceXs

    Repeater {
        model: Designer.themes

        delegate: SettingsRow {
            id: row

            required property var modelData

            width: themes.width
            search: themes.search
            title: modelData.title
            explanation: modelData.author !== "" ? qsTr("A theme by %1").arg(modelData.author) : ""

            Button {
                text: checked ? qsTr("In use") : qsTr("Use")
                accessibleName: qsTr("Use the theme %1").arg(row.modelData.title)
                checked: themes.prefs.theme === row.modelData.name
                onClicked: themes.prefs.theme = row.modelData.name
            }
        }
    }
}
