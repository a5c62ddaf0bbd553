// Keeps the last seconds of streams that come uncompressed, for those who ask for it.
//
// In: a stream to go back in, of which nothing is kept. Out: word to its sender, and a note that
// says since when there is something to go back to. Never: unasked; it costs the sender an encoder.
import QtQml
import Okno.Backend
import Okno.Settings

QtObject {
    id: past

    required property Preferences prefs
    /// Ids of the streams for which it was asked.
    property var asked: []

    /// A note to show, with a button.
    signal noted(string text, string actionText, string action)

    /// From now on something of the stream is kept.
    function begin(streamId: int) {
        if (streamId < 0)
            return;
        if (prefs.historySeconds <= 0) {
            noted(qsTr("Nothing is kept for replay: that was chosen in the settings."), qsTr("Settings"), "settings:keep");
            return;
        }
        asked = asked.filter(id => id !== streamId).concat([streamId]);
        FrameServer.keepPast(streamId, true);
        noted(qsTr("Replay begins now: %1 came uncompressed, and nothing of it was kept.").arg(StreamModel.nameOf(streamId)),
            qsTr("Undo"), "forget:" + streamId);
    }
    /// It comes uncompressed again.
    function end(streamId: int) {
        asked = asked.filter(id => id !== streamId);
        FrameServer.keepPast(streamId, false);
    }
    /// `kept` says whether there is something to go back to.
    function toggle(streamId: int, kept: bool) {
        if (asked.includes(streamId)) {
            end(streamId);
            noted(qsTr("Nothing of %1 is kept any more.").arg(StreamModel.nameOf(streamId)), "", "");
        } else if (kept) {
            noted(qsTr("The last seconds of %1 are kept.").arg(StreamModel.nameOf(streamId)), "", "");
        } else {
            begin(streamId);
        }
    }
}
