// While a call goes on behind the pictures: with whom, how long, and the way back to it.
import QtQuick
import Okno.Backend
import Okno.Style
import Okno.Theme

Button {
    id: back

    property string shortcut: ""

    readonly property string who: Call.peerName === "" ? qsTr("the other person") : Call.peerName

    highlighted: true
    icon.source: Theme.icon("phone")
    text: {
        const running = Call.state === CallState.Active || Call.state === CallState.Reconnecting;
        const call = running ? qsTr("Back to the call with %1  %2").arg(who).arg(words.clock(Call.seconds)) : qsTr("Back to the call");
        return Call.classic ? qsTr("%1 (not encrypted)").arg(call) : call;
    }
    accessibleName: Call.classic ? qsTr("Back to the call, which is not encrypted") : qsTr("Back to the call")
    Accessible.description: shortcut
    Accessible.ignored: !visible

    CallWords {
        id: words
    }
}
