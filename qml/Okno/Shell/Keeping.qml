// Tells the backend where files go and how much is kept, and tells the person what became of them.
import QtQml
import Okno.Backend
import Okno.Settings

QtObject {
    id: keeping

    required property Preferences prefs
    readonly property var chosen: [prefs.picturesFolder, prefs.videosFolder, prefs.lookBack, prefs.historySeconds, prefs.keepLocal]

    /// A note to show; with a button if actionText is given.
    signal noted(string text, string actionText, string action)

    onChosenChanged: apply()
    Component.onCompleted: apply()

    function apply() {
        FrameServer.setKeeping(prefs.picturesFolder, prefs.videosFolder, prefs.lookBack, prefs.historySeconds, prefs.keepLocal);
    }

    property Connections word: Connections {
        target: FrameServer

        function onSaved(streamId: int, kind: string, path: string) {
            if (kind !== "loan")
                keeping.noted(qsTr("Saved %1").arg(path), qsTr("Open folder"), path);
        }
        function onCopied(streamId: int) {
            keeping.noted(qsTr("Copied"), "", "");
        }
        function onSaveFailed(streamId: int, kind: string, reason: string) {
            keeping.noted(kind === "recording" ? qsTr("The recording has ended: %1").arg(reason) : qsTr("Not saved: %1").arg(reason), "", "");
        }
        function onSourceFailed(source: string, reason: string) {
            keeping.noted(qsTr("%1 can't be opened: %2").arg(source.replace(/^.*[/]/, "")).arg(reason), "", "");
        }
    }
}
