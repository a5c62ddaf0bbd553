// Says that the call is worse than it could be, and why. Nothing is shown while all is well.
import QtQuick
import Okno.Backend
import Okno.Controls

InlineBanner {
    id: hint

    readonly property string words: judge.hint(Call.hint, Call.sentHeight)

    text: words
    visible: words !== "" && Call.state === CallState.Active

    property CallWords judge: CallWords {
        id: judge
    }
}
