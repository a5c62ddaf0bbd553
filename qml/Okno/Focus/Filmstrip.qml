// The streams beside the large picture, small.
//
// In: which stream is large. Out: which shall be. Never: more pictures than there is room for; what
// can't be seen isn't decoded.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Forms
import Okno.Style
import Okno.Theme
import Okno.Video

ListView {
    id: strip

    required property int shownStream

    readonly property alias hovered: hover.hovered

    signal streamChosen(int streamId)

    implicitWidth: Theme.tileMin
    spacing: Theme.spaceS
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    model: StreamModel
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Other streams")

    ScrollBar.vertical: ScrollBar {}

    HoverHandler {
        id: hover
    }

    delegate: FocusScope {
        id: frame

        // By way of `model`, because Item has a `state` of its own.
        required property var model
        required property int streamId
        required property string name

        readonly property bool large: strip.shownStream === streamId

        width: strip.width
        height: Math.round(width * 9 / 16)
        activeFocusOnTab: true
        Accessible.role: Accessible.Button
        Accessible.name: qsTr("Show %1").arg(name)
        Accessible.description: status.text
        Accessible.onPressAction: strip.streamChosen(streamId)
        Keys.onReturnPressed: strip.streamChosen(streamId)
        Keys.onEnterPressed: strip.streamChosen(streamId)
        onActiveFocusChanged: if (activeFocus)
            strip.positionViewAtIndex(model.index, ListView.Contain)

        Rectangle {
            anchors.fill: parent
            color: Theme.picture
        }
        VideoView {
            anchors.fill: parent
            stream: frame.streamId
            opacity: status.dimmed ? Theme.dimmedPicture : 1
            Accessible.ignored: true
        }
        StreamStatus {
            id: status

            state: frame.model.state
            quietSeconds: frame.model.quietSeconds
            latencyMs: frame.model.latencyMs
        }
        TileOverlayForm {
            anchors.fill: parent
            name: frame.name
            status: status.status
            statusText: status.text
            statusShown: status.status !== "live"
            selected: frame.large || frame.activeFocus
            keyboard: frame.activeFocus
        }
        TapHandler {
            onTapped: (point, button) => strip.streamChosen(frame.streamId)
        }
    }
}
