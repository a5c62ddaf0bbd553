// To which streams a product is pinned: those that are on the list, and those that it is pinned
// to already.
pragma ComponentBehavior: Bound
import QtQuick
import QtQml
import Okno.Backend
import Okno.Style
import Okno.Video

Menu {
    id: menu

    property string productId: ""
    property string productName: ""
    /// Names, one a line.
    property string pins: ""

    readonly property var pinned: pins.split("\n").filter(name => name !== "")
    /// Objects with `stream` and `on`.
    readonly property var choices: {
        streams.revision;
        const found = [];
        for (let i = 0; i < streams.count; ++i) {
            const name = streams.at(i)?.name ?? "";
            if (name !== "" && !found.includes(name))
                found.push(name);
        }
        for (const name of pinned) {
            if (!found.includes(name))
                found.push(name);
        }
        return found.map(name => ({"stream": name, "on": pinned.includes(name)}));
    }

    accessibleName: qsTr("Pin %1").arg(productName)

    function toggle(stream: string) {
        if (pinned.includes(stream))
            Catalog.unpin(productId, stream);
        else
            Catalog.pin(productId, stream);
    }

    property StreamList streams: StreamList {
        id: streams
    }
    property Instantiator lines: Instantiator {
        model: menu.choices

        delegate: MenuItem {
            required property var modelData

            text: modelData.on ? qsTr("Unpin from %1").arg(modelData.stream) : qsTr("Pin to %1").arg(modelData.stream)
            onTriggered: menu.toggle(modelData.stream)
        }
        onObjectAdded: (index, object) => menu.insertItem(index, object as MenuItem)
        onObjectRemoved: (index, object) => menu.removeItem(object as MenuItem)
    }

    MenuItem {
        text: qsTr("There is no stream to pin it to")
        enabled: false
        visible: menu.choices.length === 0
        height: visible ? implicitHeight : 0
    }
}
