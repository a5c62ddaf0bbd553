// The time until the other person is there: the code to give away, or that the call is being made.
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Theme

CallScroll {
    id: waiting

    readonly property int step: Call.state
    /// The words "Copied" stay for a while.
    property string copied: ""

    body: form
    Component.onCompleted: begin()
    onStepChanged: begin()

    function begin() {
        if (Call.state === CallState.Waiting)
            form.copyCode.forceActiveFocus();
        else
            form.cancelButton.forceActiveFocus();
    }
    function copy(what: string, text: string) {
        FrameServer.copyText(text);
        copied = what;
        revert.restart();
    }

    Timer {
        id: revert

        interval: Theme.confirmTime
        onTriggered: waiting.copied = ""
    }

    WaitingForm {
        id: form

        title: Call.state === CallState.Connecting ? qsTr("Connecting to %1\u2026").arg(Call.server)
            : Call.state === CallState.Agreeing ? qsTr("Agreeing on keys\u2026") : qsTr("Waiting for the other person\u2026")
        words: Call.state === CallState.Waiting ? Call.classic ? qsTr("The other person needs the same session code.")
            : qsTr("Give them this code. It works once, for one person, for ten minutes.")
            : Call.state === CallState.Agreeing ? qsTr("Both ends are proving to each other that they know the code.") : ""
        code: Call.code
        codeShown: Call.code !== ""
        copyShown: codeShown && Call.state === CallState.Waiting
        linkShown: Call.state === CallState.Waiting && !Call.classic
        modules: linkShown ? Call.qr(Call.link) : ""
        qrName: qsTr("QR code of the link")
        scanWords: qsTr("or let them scan this:")
        cancelText: qsTr("Cancel")
        pictureShown: Call.selfStream >= 0 && Call.cameraOn
        picture: VideoView {
            anchors.fill: parent
            stream: Call.selfStream
            mirrored: true
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Your picture, mirrored")
        }
        copyCode.text: waiting.copied === "code" ? qsTr("Copied") : qsTr("Copy the code")
        copyCode.accessibleName: qsTr("Copy the code")
        copyCode.onClicked: waiting.copy("code", Call.code)
        copyLink.text: waiting.copied === "link" ? qsTr("Copied") : qsTr("Copy the link")
        copyLink.accessibleName: qsTr("Copy the link")
        copyLink.onClicked: waiting.copy("link", Call.link)
        cancelButton.onClicked: Call.hangUp()
    }
}
