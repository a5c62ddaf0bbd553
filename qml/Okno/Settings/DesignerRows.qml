// For those who change the interface: packs, and the files it is made of.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

Column {
    id: rows

    /// See SettingsRow.
    property string search: ""
    /// What came of the last export, for people.
    property string exportResult: ""
    readonly property var interfaces: Array.from(Designer.packs).filter(pack => pack.kind === "ui" && pack.fault === "")
    readonly property var faulty: Array.from(Designer.packs).filter(pack => pack.fault !== "")

    spacing: Theme.spaceXs

    Connections {
        target: Designer

        function onExported(path: string, reason: string) {
            rows.exportResult = path !== "" ? qsTr("The files are in %1. Start Okno with --qml-dir %1").arg(path)
                : qsTr("Not written: %1").arg(reason);
        }
    }

    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("Interface")
        explanation: Designer.packsAllowed ? qsTr("A pack is a program: use those of people you trust.")
            : qsTr("Okno was started without packs.")
    }
    Flow {
        width: rows.width
        visible: rows.search === ""
        spacing: Theme.spaceXs
        Accessible.role: Accessible.Grouping
        Accessible.name: qsTr("Interface")

        component Way: Button {
            required property string name

            checked: Designer.activePack === name
            accessibleName: qsTr("Use the interface %1").arg(text)
            Accessible.role: Accessible.RadioButton
            Accessible.checked: checked
            onClicked: Designer.usePack(name)
        }

        Way {
            name: ""
            text: qsTr("As shipped")
        }
        Repeater {
            model: rows.interfaces

            delegate: Way {
                required property var modelData

                name: modelData.name
                text: modelData.title
            }
        }
    }
    Repeater {
        model: rows.faulty

        delegate: InlineBanner {
            required property var modelData

            width: rows.width
            visible: rows.search === ""
            text: qsTr("%1: %2", "pack: what is wrong with it").arg(modelData.title).arg(modelData.fault)
        }
    }
    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("Packs")
        explanation: qsTr("A folder for each, with a pack.json. New ones are found at once.")

        Button {
            text: qsTr("Open folder")
            accessibleName: qsTr("Open the folder of packs")
            onClicked: Designer.openFolder()
        }
    }
    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("Files being edited")
        explanation: Designer.qmlDir !== "" ? Designer.qmlDir : qsTr("None. Start Okno with --qml-dir DIR to see each change as you save it.")

        Row {
            spacing: Theme.spaceS

            Button {
                text: qsTr("Reload")
                accessibleName: qsTr("Load the interface anew")
                onClicked: Designer.reload()
            }
        }
    }
    SettingsRow {
        width: rows.width
        search: rows.search
        title: qsTr("The interface's own files")
        explanation: rows.exportResult !== "" ? rows.exportResult : qsTr("A copy to change, with everything to see it without Okno.")

        Button {
            text: qsTr("Export QML")
            onClicked: Designer.exportQml()
        }
    }
}
