// The end of a call: why, in words, and what can be done next.
import QtQuick
import Okno.Backend
import Okno.Forms

CallScroll {
    id: ended

    body: form
    Component.onCompleted: form.again.forceActiveFocus()

    CallWords {
        id: words
    }
    ClassicWords {
        id: classic
    }

    CallEndedForm {
        id: form

        reason: Call.classic && classic.ended(Call.end) || words.ended(Call.end)
        advice: Call.classic ? classic.advice(Call.end, Call.server) : words.advice(Call.end, Call.server)
        details: Call.end === CallEnd.RelayChanged ? qsTr("Its key now: %1").arg(Call.relayKey) : Call.message
        duration: Call.seconds > 0 ? qsTr("The call lasted %1.").arg(words.clock(Call.seconds)) : ""
        alarming: words.alarming(Call.end)
        home.text: qsTr("Another call")
        home.onClicked: Call.home()
        trust.text: qsTr("Use the new relay")
        trust.visible: Call.end === CallEnd.RelayChanged
        trust.onClicked: Call.trustRelay()
        again.text: qsTr("Call again")
        again.onClicked: Call.again()
    }
}
