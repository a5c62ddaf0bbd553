// How the catalogue is, in words, and what to do when it is not there.
import QtQuick
import QtQuick.Layouts
import Okno.Backend
import Okno.Controls
import Okno.Style
import Okno.Theme

ColumnLayout {
    id: notice

    readonly property int state: Catalog.state
    readonly property bool away: state === CatalogState.Absent || state === CatalogState.Lost
    readonly property string words: {
        switch (state) {
        case CatalogState.Absent:
            return qsTr("There is no catalogue at %1.").arg(Catalog.address);
        case CatalogState.Slow:
            return qsTr("The catalogue is slow to answer. Changes may take a while.");
        case CatalogState.Lost:
            return qsTr("The catalogue is gone. The products are as they were last known.");
        case CatalogState.Back:
            return qsTr("The catalogue is back.");
        case CatalogState.Ready:
            return "";
        default:
            return qsTr("Connecting to %1\u2026").arg(Catalog.address);
        }
    }
    readonly property string sign: {
        switch (state) {
        case CatalogState.Absent:
            return "gone";
        case CatalogState.Slow:
            return "slow";
        case CatalogState.Lost:
            return "stalled";
        case CatalogState.Back:
            return "live";
        default:
            return "connecting";
        }
    }
    /// What starts a catalogue where this one is expected; empty if that is another machine.
    readonly property string command: {
        const host = /^(?:http:\/\/)?((?:127\.0\.0\.1|localhost|\[::1\]):\d+)\/?$/.exec(Catalog.address);
        if (!host)
            return "";
        return host[1] === "127.0.0.1:50051" ? "okno-catalog serve" : "okno-catalog serve --listen " + host[1];
    }

    spacing: Theme.spaceS
    visible: words !== ""

    function begin() {
        retry.forceActiveFocus(Qt.TabFocusReason);
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.spaceS

        StatusShape {
            Layout.alignment: Qt.AlignTop
            status: notice.sign
        }
        Text {
            Layout.fillWidth: true
            text: notice.words
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
    }
    Text {
        Layout.fillWidth: true
        visible: notice.away && Catalog.message !== ""
        text: Catalog.message.charAt(0).toUpperCase() + Catalog.message.slice(1)
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        color: Theme.textMuted
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontS
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    Text {
        Layout.fillWidth: true
        visible: notice.away && notice.command !== ""
        text: qsTr("Start one in a terminal; Okno finds it by itself:")
        wrapMode: Text.Wrap
        color: Theme.textMuted
        font.family: Theme.fontFamily
        font.pixelSize: Theme.fontS
    }
    CodeBlock {
        Layout.fillWidth: true
        visible: notice.away && notice.command !== ""
        code: notice.command
        accessibleName: qsTr("Command that starts a catalogue")
        onCopyRequested: FrameServer.copyText(notice.command)
    }
    Button {
        id: retry

        visible: notice.away
        text: qsTr("Try again now")
        onClicked: Catalog.retry()
    }
}
