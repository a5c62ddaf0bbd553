// Takes what is dropped on the window: addresses open as sources; of anything else it says why not.
import QtQuick
import Okno.Theme

DropArea {
    id: zone

    signal addressDropped(string url)
    signal refused(string reason)

    readonly property var address: /^https?:\/\/\S+$/i

    /// What a drop would do: {url} or {reason}.
    function judge(urls: var, text: string): var {
        const first = urls.length > 0 ? String(urls[0]) : text.trim();
        if (address.test(first))
            return {"url": first};
        if (first.startsWith("file:"))
            return {"reason": qsTr("Files are sent, not dropped: opencv-sender -i %1").arg(decodeURIComponent(first.replace(/^file:\/\//, "")))};
        return {"reason": qsTr("Only addresses that begin with http:// or https:// can be opened.")};
    }

    onDropped: drop => {
        const verdict = judge(drop.urls, drop.text);
        if (verdict.url)
            addressDropped(verdict.url);
        else
            refused(verdict.reason);
    }

    Rectangle {
        anchors.fill: parent
        visible: zone.containsDrag
        color: Theme.shade
        border.color: Theme.accent
        border.width: Theme.focusWidth * 2

        Text {
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - Theme.spaceXl * 2)
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            padding: Theme.spaceM
            text: qsTr("Drop an address to add it as a source")
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontL

            Rectangle {
                z: -1
                anchors.fill: parent
                radius: Theme.radiusM
                color: Theme.scrim
            }
        }
    }
}
