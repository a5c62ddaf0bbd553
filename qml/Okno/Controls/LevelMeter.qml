// How loud a sound is now: a bar that follows it, silent on the left, too loud on the right.
//
// In: the level as 0 to 1 of full scale. Out: a bar in decibels, since that is how people hear;
// shape and colour both tell when it is too loud.
import QtQuick
import Okno.Theme

Item {
    id: meter

    required property string accessibleName
    /// 0 is silence, 1 is as loud as the device can tell.
    property real level: 0

    /// What is quieter shows as nothing (decibels below full scale).
    readonly property real floorDb: 60
    /// From here on a sound is cut off (decibels below full scale).
    readonly property real loudDb: 3
    readonly property real shown: level <= 0 ? 0 : Math.max(0, Math.min(1, 1 + 20 * Math.log(level) / Math.LN10 / floorDb))
    readonly property bool tooLoud: shown >= 1 - loudDb / floorDb

    implicitWidth: Theme.fieldWidth
    implicitHeight: Theme.spaceS
    Accessible.role: Accessible.ProgressBar
    Accessible.name: accessibleName
    Accessible.description: qsTr("%1 %").arg(Math.round(shown * 100))

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: Theme.surfaceSunken
        border.color: Theme.outlineStrong
        border.width: Theme.hairline
    }
    Rectangle {
        width: parent.width * meter.shown
        height: parent.height
        radius: height / 2
        visible: width >= height
        color: meter.tooLoud ? Theme.statusStalled : Theme.statusLive
    }
}
