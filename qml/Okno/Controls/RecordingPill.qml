// Says that a stream is recorded: for how long, how much, and how much more fits on the disk.
import QtQuick

StatusPill {
    id: pill

    /// An entry of FrameServer.recording; null if the stream is not recorded.
    property var recording: null
    /// Only the sign and the word.
    property bool small: false

    readonly property string figures: recording === null ? "" : qsTr("%1 \u00b7 %2").arg(time(recording.seconds)).arg(size(recording.bytes))
    readonly property string room: recording === null || recording.diskLeft < 0 ? "" : qsTr("%1 left").arg(size(recording.diskLeft))

    visible: recording !== null
    status: "recording"
    text: small ? qsTr("Recording") : qsTr("Recording") + (figures === "" ? "" : " \u00b7 " + figures) + (room === "" ? "" : " \u00b7 " + room)

    function time(seconds: real): string {
        const whole = Math.floor(seconds);
        const two = n => String(n).padStart(2, "0");
        const hours = Math.floor(whole / 3600);
        return (hours > 0 ? hours + ":" : "") + two(Math.floor(whole / 60) % 60) + ":" + two(whole % 60);
    }

    // In the units that disks are sold in.
    function size(bytes: real): string {
        return bytes < 1e9 ? qsTr("%1 MB").arg((bytes / 1e6).toFixed(1)) : qsTr("%1 GB").arg((bytes / 1e9).toFixed(1));
    }
}
