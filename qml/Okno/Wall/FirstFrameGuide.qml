// What a new user sees: where Okno listens, and how to send the first frame.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Forms
import Okno.Style
import Okno.Theme

Flickable {
    id: guide

    /// "python", "cpp" or "shell": which snippet is shown.
    readonly property string kind: form.cppTab.checked ? "cpp" : form.shellTab.checked ? "shell" : "python"

    property var keyMap: ({})
    /// Why something that came was not taken. What is wrong with ports has banners.
    readonly property string refusal: Array.from(FrameServer.problems).some(problem => problem.message === FrameServer.errorString) ? "" : FrameServer.errorString

    /// What the person asks for: the name of an action.
    signal actionRequested(string name)

    contentWidth: width
    contentHeight: Math.max(height, form.implicitHeight + Theme.spaceXl * 2)
    boundsBehavior: Flickable.StopAtBounds
    clip: true

    ScrollBar.vertical: ScrollBar {}

    FocusFollower {
        page: guide
    }

    Timer {
        id: patience

        interval: Theme.hintAfter
        running: true
    }

    EmptyStateForm {
        id: form

        anchors.centerIn: parent
        width: Math.min(Theme.columnWidth, guide.width - Theme.spaceL * 2)
        height: implicitHeight
        title: qsTr("Waiting for the first frame")
        isListening: FrameServer.listening && FrameServer.endpoints.length > 0
        listening: isListening ? qsTr("Listening on %1").arg(Array.from(FrameServer.endpoints).join(qsTr(" and ")))
            : FrameServer.errorString !== "" ? FrameServer.errorString : qsTr("Not listening")
        introduction: qsTr("Send frames from your program:")
        pythonTab.text: qsTr("Python")
        cppTab.text: qsTr("C++")
        shellTab.text: qsTr("Command line")
        testPatternButton.text: qsTr("Show a test pattern")
        addSourceButton.text: qsTr("Add source\u2026")
        codeName: guide.kind === "python" ? qsTr("Python code") : guide.kind === "cpp" ? qsTr("C++ code") : qsTr("Command")
        // The endpoints are named so that the snippet follows when they change.
        code: FrameServer.endpoints, FrameServer.snippet(guide.kind)
        hint: !isListening ? "" : guide.refusal !== "" ? guide.refusal
            : patience.running ? "" : qsTr("Nothing has come yet. From another computer, Okno has to be started with --listen 0.0.0.0:%1, and a firewall must let port %1 through.").arg(FrameServer.serverPort)
        codeBlock.onCopyRequested: FrameServer.copyText(form.code)
        testPatternButton.onClicked: guide.actionRequested("testPattern")
        addSourceButton.onClicked: guide.actionRequested("addSource")
        banners: PortProblems {
            width: form.width
        }
    }

    Row {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.spaceM
        spacing: Theme.spaceXs

        IconButton {
            glyph: "phone"
            accessibleName: qsTr("Call")
            shortcut: guide.keyMap.call ?? ""
            onClicked: guide.actionRequested("call")
        }
        IconButton {
            glyph: "search"
            accessibleName: qsTr("Commands")
            shortcut: guide.keyMap.palette ?? ""
            onClicked: guide.actionRequested("palette")
        }
        IconButton {
            glyph: "keyboard"
            accessibleName: qsTr("Keyboard shortcuts")
            shortcut: guide.keyMap.shortcuts ?? ""
            onClicked: guide.actionRequested("shortcuts")
        }
        IconButton {
            glyph: "settings"
            accessibleName: qsTr("Settings")
            shortcut: guide.keyMap.settings ?? ""
            onClicked: guide.actionRequested("settings")
        }
    }
}
