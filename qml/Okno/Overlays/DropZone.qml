// Takes what is dropped on the window: addresses and files are sources; of anything else it says why
// not. Whether a file is a picture or a video is judged by whoever opens it.
import QtQuick
import Okno.Theme

DropArea {
    id: zone

    signal sourceDropped(string source)
    signal refused(string reason)

    readonly property var address: /^https?:\/\/\S+$/i

    /// What a drop would do: {source} or {reason}.
    function judge(urls: var, text: string): var {
        const first = urls.length > 0 ? String(urls[0]) : text.trim();
        if (address.test(first))
            return {"source": first};
        if (first.startsWith("file:///"))
            return {"source": decodeURIComponent(first.replace(/^file:\/\//, ""))};
        return {"reason": qsTr("Pictures, videos, and addresses that begin with http:// or https:// can be opened.")};
    }

    onDropped: drop => {
        const verdict = judge(drop.urls, drop.text);
        if (verdict.source)
            sourceDropped(verdict.source);
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
            text: qsTr("Drop a picture, a video or an address to add it as a source")
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
