// What to say about a stream: its status sign and its words.
//
// In: the stream's state as the backend judged it, and whether the picture is held or an old one.
// Out: `status` (see Controls/StatusShape) and `text` in the reader's language.
// Never: "live" for a picture that does not move because frames stopped, or that is paused.
import QtQml
import Okno.Backend

QtObject {
    id: judge

    property int state: StreamState.Connecting
    property real quietSeconds: 0
    property real latencyMs: -1
    property bool paused: false
    /// An older picture than the newest is shown, this many seconds old.
    property bool replaying: false
    property real behind: 0
    /// Frames that came since the picture that is held.
    property int newFrames: 0
    property string note: ""

    /// A picture older than this (milliseconds) is called slow.
    readonly property real slowFrom: 1000

    readonly property bool dimmed: !replaying && (state === StreamState.Stalled || state === StreamState.Gone)
    readonly property string status: {
        if (replaying)
            return paused ? "paused" : "replay";
        if (state === StreamState.Gone)
            return "gone";
        if (state === StreamState.Stalled)
            return "stalled";
        if (paused)
            return "paused";
        if (state === StreamState.Connecting)
            return "connecting";
        if (state === StreamState.Quiet)
            return "quiet";
        return latencyMs > slowFrom ? "slow" : "live";
    }
    readonly property string text: {
        switch (status) {
        case "gone":
            return qsTr("Offline for %1").arg(span(quietSeconds));
        case "stalled":
            return qsTr("No frames for %1").arg(span(quietSeconds));
        case "paused":
            return newFrames > 0 ? qsTr("Paused \u00b7 %n new", "", newFrames) : qsTr("Paused");
        case "replay":
            return qsTr("Replay %1").arg(clock(behind));
        case "connecting":
            return qsTr("Connecting");
        case "quiet":
            return qsTr("Updated %1 ago").arg(span(quietSeconds));
        case "slow":
            return qsTr("Slow");
        default:
            return qsTr("Live");
        }
    }

    /// How long ago, as -mm:ss.
    function clock(seconds: real): string {
        const whole = Math.max(0, Math.round(seconds));
        const two = n => String(n).padStart(2, "0");
        return "-" + two(Math.floor(whole / 60)) + ":" + two(whole % 60);
    }

    /// A time span in its largest sensible unit.
    function span(seconds: real): string {
        const whole = Math.max(0, Math.floor(seconds));
        if (whole < 100)
            return qsTr("%1 s").arg(whole);
        if (whole < 6000)
            return qsTr("%1 min").arg(Math.floor(whole / 60));
        return qsTr("%1 h").arg(Math.floor(whole / 3600));
    }
}
