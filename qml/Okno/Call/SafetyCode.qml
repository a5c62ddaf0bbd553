// The safety code, and what the person says about it.
import QtQuick
import Okno.Backend
import Okno.Forms

FocusScope {
    id: safety

    signal closeRequested

    implicitWidth: form.implicitWidth
    implicitHeight: form.implicitHeight
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Safety code")
    Keys.onEscapePressed: closeRequested()
    Component.onCompleted: form.same.forceActiveFocus()

    SafetyCodeForm {
        id: form

        anchors.fill: parent
        title: qsTr("The same on both screens?")
        explanation: qsTr("Read it to each other. If it is the same, nobody stands between you.")
        words: Call.safetyWords
        number: Call.safetyNumber
        answer: Call.trust === CallTrust.Same ? qsTr("Verified") : Call.trust === CallTrust.Different ? qsTr("Not the same") : qsTr("Not verified yet")
        answerStatus: Call.trust === CallTrust.Same ? "live" : Call.trust === CallTrust.Different ? "stalled" : "quiet"
        same.text: qsTr("Yes")
        same.accessibleName: qsTr("Yes, it is the same")
        same.onClicked: {
            Call.verify(true);
            safety.closeRequested();
        }
        different.text: qsTr("No")
        different.accessibleName: qsTr("No, it is different")
        different.onClicked: {
            Call.verify(false);
            safety.closeRequested();
        }
        closer.accessibleName: qsTr("Close the safety code")
        closer.shortcut: qsTr("Esc")
        closer.onClicked: safety.closeRequested()
    }
}
