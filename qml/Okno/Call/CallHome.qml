// The call's first page: start a call, or join one by its code or link.
//
// In: the name and relay of the last time. Out: the call is prepared; choices, to be kept.
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Theme

CallScroll {
    id: home

    readonly property string invitation: form.codeField.text.trim()
    readonly property bool complete: Call.isInvitation(invitation)

    /// A name or a relay was given, to be kept.
    signal taken(string kind, string value)

    body: form
    Component.onCompleted: {
        form.nameField.text = Call.name;
        form.relayField.text = Call.relay;
        form.codeField.forceActiveFocus();
    }

    function start() {
        take();
        Call.prepare("");
    }
    function join() {
        take();
        if (complete)
            Call.prepare(invitation);
    }
    function beginStart() {
        form.startButton.forceActiveFocus(Qt.TabFocusReason);
    }
    function beginJoin() {
        form.codeField.forceActiveFocus(Qt.TabFocusReason);
    }
    // The name and the relay hold for whatever is begun.
    function take() {
        const name = form.nameField.text.trim();
        const relay = form.relayField.text.trim();
        if (name !== Call.name) {
            Call.rename(name);
            taken("name", name);
        }
        if (relay !== Call.relay && relay !== "") {
            Call.useRelay(relay);
            taken("relay", relay);
        }
    }

    CallHomeForm {
        id: form

        title: qsTr("Call")
        nameTitle: qsTr("Your name")
        startTitle: qsTr("Start a call")
        startWords: qsTr("You get a code for the person you want to talk to. What you say and show is encrypted from you to them.")
        relayTitle: qsTr("Relay, where the two of you meet")
        joinTitle: qsTr("Join a call")
        joinWords: qsTr("Type or paste the code or the link that you were given.")
        joinProblem: home.invitation === "" || home.complete ? "" : qsTr("A code is a number and words, such as 7-guitar-lamp-orbit.")
        nameField.placeholderText: qsTr("Not given")
        nameField.onEditingFinished: home.take()
        relayField.onAccepted: home.start()
        startButton.icon.source: Theme.icon("phone")
        startButton.enabled: form.relayField.text.trim() !== ""
        startButton.onClicked: home.start()
        codeField.placeholderText: qsTr("Code or link")
        codeField.onAccepted: home.join()
        joinButton.icon.source: Theme.icon("link")
        joinButton.enabled: home.complete
        joinButton.onClicked: home.join()
    }
}
