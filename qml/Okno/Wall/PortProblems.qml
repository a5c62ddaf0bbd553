// One banner for each port that could not be opened, with the way out.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Backend
import Okno.Controls
import Okno.Theme

Column {
    id: problems

    spacing: Theme.spaceS

    Repeater {
        model: FrameServer.problems

        delegate: InlineBanner {
            required property var modelData

            width: problems.width
            text: modelData.message
            actionText: qsTr("Use another port")
            onActionTriggered: FrameServer.retryOnAnotherPort(modelData.port)
        }
    }
}
