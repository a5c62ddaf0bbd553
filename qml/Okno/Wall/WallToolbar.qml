// The tools of the wall, on a bar that hides when nothing moves.
import QtQuick
import Okno.Forms

FocusScope {
    id: bar

    property int columns: 0
    property bool fillTiles: false
    property bool badges: false
    property bool paused: false
    property bool recording: false
    property bool fullscreen: false
    property bool statisticsShown: false
    property string summary: ""
    /// The widest that it may become.
    property real room: 1000
    property var keyMap: ({})

    readonly property bool hovered: hover.hovered

    /// What the person asks for: the name of an action.
    signal actionRequested(string name)

    implicitWidth: form.implicitWidth
    implicitHeight: form.implicitHeight

    HoverHandler {
        id: hover
    }

    WallToolbarForm {
        id: form

        anchors.fill: parent
        room: bar.room
        summary: bar.summary
        columnsText: bar.columns === 0 ? qsTr("Auto", "columns") : String(bar.columns)
        fewer.accessibleName: qsTr("Fewer columns")
        fewer.shortcut: bar.keyMap.fewerColumns ?? ""
        fewer.enabled: bar.columns > 0
        fewer.onClicked: bar.actionRequested("fewerColumns")
        more.accessibleName: qsTr("More columns")
        more.shortcut: bar.keyMap.moreColumns ?? ""
        more.onClicked: bar.actionRequested("moreColumns")
        fill.accessibleName: qsTr("Fill the tiles")
        fill.shortcut: bar.keyMap.fill ?? ""
        fill.checked: bar.fillTiles
        fill.onClicked: bar.actionRequested("fill")
        badges.accessibleName: qsTr("Names and figures")
        badges.shortcut: bar.keyMap.badges ?? ""
        badges.checked: bar.badges
        badges.onClicked: bar.actionRequested("badges")
        pause.glyph: bar.paused ? "play" : "pause"
        pause.accessibleName: bar.paused ? qsTr("Go on") : qsTr("Pause all")
        pause.shortcut: bar.keyMap.pause ?? ""
        pause.onClicked: bar.actionRequested("pause")
        recordAll.accessibleName: bar.recording ? qsTr("Stop all recordings") : qsTr("Record all")
        recordAll.shortcut: bar.keyMap.recordAll ?? ""
        recordAll.danger: bar.recording
        recordAll.onClicked: bar.actionRequested("recordAll")
        addSource.accessibleName: qsTr("Add source")
        addSource.shortcut: bar.keyMap.addSource ?? ""
        addSource.onClicked: bar.actionRequested("addSource")
        products.accessibleName: qsTr("Products")
        products.shortcut: bar.keyMap.products ?? ""
        products.onClicked: bar.actionRequested("products")
        call.accessibleName: qsTr("Call")
        call.shortcut: bar.keyMap.call ?? ""
        call.onClicked: bar.actionRequested("call")
        palette.accessibleName: qsTr("Commands")
        palette.shortcut: bar.keyMap.palette ?? ""
        palette.onClicked: bar.actionRequested("palette")
        statistics.accessibleName: qsTr("Statistics")
        statistics.shortcut: bar.keyMap.statistics ?? ""
        statistics.checked: bar.statisticsShown
        statistics.onClicked: bar.actionRequested("statistics")
        settings.accessibleName: qsTr("Settings")
        settings.shortcut: bar.keyMap.settings ?? ""
        settings.onClicked: bar.actionRequested("settings")
        fullscreen.glyph: bar.fullscreen ? "minimize" : "maximize"
        fullscreen.accessibleName: bar.fullscreen ? qsTr("Leave full screen") : qsTr("Full screen")
        fullscreen.shortcut: bar.keyMap.fullscreen ?? ""
        fullscreen.onClicked: bar.actionRequested("fullscreen")
    }
}
