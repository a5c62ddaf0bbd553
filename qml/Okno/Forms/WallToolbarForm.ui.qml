// Look of the tools of the wall. No behaviour.
import QtQuick
import Okno.Controls
import Okno.Theme

Rectangle {
    id: form

    property string summary: "3 live"
    property string columnsText: "Auto"
    /// The widest that it may become.
    property real room: 1000
    property alias fewer: fewer
    property alias more: more
    property alias fill: fill
    property alias badges: badges
    property alias pause: pause
    property alias recordAll: recordAll
    property alias addSource: addSource
    property alias products: products
    property alias palette: palette
    property alias call: call
    property alias statistics: statistics
    property alias settings: settings
    property alias fullscreen: fullscreen

    implicitWidth: row.width + Theme.spaceM * 2
    implicitHeight: row.implicitHeight + Theme.spaceS
    radius: Theme.radiusL
    color: Theme.scrim

    WrapRow {
        id: row

        anchors.centerIn: parent
        room: form.room - Theme.spaceM * 2

        Text {
            height: Theme.controlHeight
            verticalAlignment: Text.AlignVCenter
            rightPadding: Theme.spaceS
            text: form.summary
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontM
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        ToolGap {}
        IconButton {
            id: fewer

            glyph: "chevron-left"
            accessibleName: "Fewer columns"
        }
        Text {
            width: Math.max(Theme.controlHeight, implicitWidth)
            height: Theme.controlHeight
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: Text.AlignHCenter
            text: form.columnsText
            color: Theme.text
            font.family: Theme.fontFamily
            font.pixelSize: Theme.fontS
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        IconButton {
            id: more

            glyph: "chevron-right"
            accessibleName: "More columns"
        }
        IconButton {
            id: fill

            glyph: "expand"
            accessibleName: "Fill the tiles"
        }
        IconButton {
            id: badges

            glyph: "info"
            accessibleName: "Names and figures"
        }
        IconButton {
            id: pause

            glyph: "pause"
            accessibleName: "Pause all"
        }
        IconButton {
            id: recordAll

            glyph: "circle-dot"
            accessibleName: "Record all"
        }
        ToolGap {}
        IconButton {
            id: addSource

            glyph: "plus"
            accessibleName: "Add source"
        }
        IconButton {
            id: products

            glyph: "tag"
            accessibleName: "Products"
        }
        IconButton {
            id: call

            glyph: "phone"
            accessibleName: "Call"
        }
        IconButton {
            id: palette

            glyph: "search"
            accessibleName: "Commands"
        }
        IconButton {
            id: statistics

            glyph: "chart-no-axes-column"
            accessibleName: "Statistics"
        }
        IconButton {
            id: settings

            glyph: "settings"
            accessibleName: "Settings"
        }
        IconButton {
            id: fullscreen

            glyph: "maximize"
            accessibleName: "Full screen"
        }
    }
}
