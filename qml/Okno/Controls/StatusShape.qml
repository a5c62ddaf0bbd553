// The sign of a state: each has its own shape, so that no one depends on colour.
import QtQuick
import Okno.Theme

Text {
    /// One of "live", "connecting", "quiet", "slow", "stalled", "gone", "paused", "replay",
    /// "recording".
    required property string status

    readonly property var signs: ({
            "live": "\u25cf",
            "connecting": "\u25cc",
            "quiet": "\u25cb",
            "slow": "\u25d0",
            "stalled": "\u25b2",
            "gone": "\u2715",
            "paused": "\u2016",
            "replay": "\u25c0",
            "recording": "\u25cf"
        })
    readonly property var colors: ({
            "live": Theme.statusLive,
            "connecting": Theme.statusConnecting,
            "quiet": Theme.statusQuiet,
            "slow": Theme.statusSlow,
            "stalled": Theme.statusStalled,
            "gone": Theme.statusGone,
            "paused": Theme.statusReplay,
            "replay": Theme.statusReplay,
            "recording": Theme.danger
        })

    text: signs[status] ?? ""
    color: colors[status] ?? Theme.textMuted
    font.family: Theme.monoFamily
    font.pixelSize: Theme.fontM
    verticalAlignment: Text.AlignVCenter
    Accessible.ignored: true
}
