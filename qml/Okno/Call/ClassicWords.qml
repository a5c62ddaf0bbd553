// What there is to say about a call with an original client that is not true of others.
//
// In: the numbers of the backend. Out: words in the reader's language; none where those of CallWords
// hold.
import QtQml
import Okno.Backend

QtObject {
    /// Why a call ended.
    function ended(end: int): string {
        switch (end) {
        case CallEnd.Unreachable:
            return qsTr("There is no connection to the server");
        case CallEnd.Failed:
            return qsTr("The other program sent what no original client sends");
        default:
            return "";
        }
    }

    /// What to do about it; may be empty.
    function advice(end: int, server: string): string {
        switch (end) {
        case CallEnd.PeerHungUp:
            return qsTr("Or the server closed the connection: original clients don't tell which.");
        case CallEnd.PathLost:
            return qsTr("Calls with original clients are not resumed. Call again.");
        case CallEnd.NobodyCame:
            return qsTr("Nobody came within ten minutes. Does the other person use the same server and session code?");
        case CallEnd.PeerSilent:
            return qsTr("Neither sound nor picture came for 20 seconds.");
        case CallEnd.Unreachable:
            return qsTr("Does the original server, or okno-relay --classic, run at %1, with these two ports? If you hung up there a moment ago, try once more.").arg(server);
        case CallEnd.Failed:
            return qsTr("Nothing of it was executed or shown.");
        default:
            return "";
        }
    }
}
