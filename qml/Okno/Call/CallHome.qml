// The call's first page: start a call, join one by its code or link, or call an original client.
//
// In: what was chosen the last time. Out: the call is prepared; choices, to be kept. Never: a call
// that is not encrypted where one was asked for that is.
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Settings
import Okno.Style
import Okno.Theme

CallScroll {
    id: home

    required property Preferences prefs

    readonly property string invitation: form.codeField.text.trim()
    readonly property bool complete: Call.isInvitation(invitation)

    /// What can't be of a call with an original client; see Call.classicFault.
    readonly property string fault: Call.classicFault(form.classic.serverField.text, form.classic.videoField.text,
        form.classic.audioField.text, form.classic.codeField.text)
    /// Connecting was tried: what is missing is told too, not only what is wrong.
    property bool tried: false

    /// A name or a relay was given, to be kept.
    signal taken(string kind, string value)

    body: form
    Component.onCompleted: {
        form.nameField.text = Call.name;
        form.relayField.text = Call.relay;
        form.classic.serverField.text = prefs.classicServer;
        form.classic.codeField.text = prefs.classicCode;
        form.classic.videoField.text = prefs.classicVideoPort;
        form.classic.audioField.text = prefs.classicAudioPort;
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
    function connectClassic() {
        take();
        tried = true;
        if (fault !== "") {
            faulty().forceActiveFocus(Qt.TabFocusReason);
            return;
        }
        prefs.classicServer = form.classic.serverField.text.trim();
        prefs.classicCode = form.classic.codeField.text;
        prefs.classicVideoPort = form.classic.videoField.text.trim();
        prefs.classicAudioPort = form.classic.audioField.text.trim();
        Call.prepareClassic(prefs.classicServer, prefs.classicVideoPort, prefs.classicAudioPort, prefs.classicCode);
    }
    function faulty(): TextField {
        switch (fault) {
        case "videoPort":
            return form.classic.videoField;
        case "audioPort":
        case "samePort":
            return form.classic.audioField;
        case "code":
            return form.classic.codeField;
        default:
            return form.classic.serverField;
        }
    }
    function faultWords(): string {
        // A field that nobody has written into yet is not wrong.
        if (fault === "" || !tried && faulty().text === "")
            return "";
        switch (fault) {
        case "videoPort":
        case "audioPort":
            return qsTr("A port is a number from 1 to 65535.");
        case "samePort":
            return qsTr("Pictures and sound need two different ports.");
        case "code":
            return form.classic.codeField.text === "" ? qsTr("Write the session code that the other person uses too.")
                : qsTr("The session code is too long.");
        default:
            return qsTr("A server is a name or an IP address, such as example.org. Its ports have their own fields.");
        }
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

        classic.title: qsTr("Call an original client")
        classic.words: qsTr("For somebody who uses the original VideoChat program. The server, and whoever knows the session code, can see and hear the call.")
        classic.mark: qsTr("Not encrypted")
        classic.serverTitle: qsTr("Server")
        classic.codeTitle: qsTr("Session code")
        classic.videoTitle: qsTr("Port for pictures")
        classic.audioTitle: qsTr("Port for sound")
        classic.problem: home.faultWords()
        classic.serverField.placeholderText: qsTr("example.org")
        classic.serverField.onAccepted: home.connectClassic()
        classic.codeField.onAccepted: home.connectClassic()
        classic.videoField.onAccepted: home.connectClassic()
        classic.audioField.onAccepted: home.connectClassic()
        classic.buttonText: qsTr("Connect")
        classic.button.onClicked: home.connectClassic()
    }
}
