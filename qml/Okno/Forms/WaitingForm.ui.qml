// Look of the time until the other person is there: the code, large; link and QR. No behaviour.
import QtQuick
import QtQuick.Layouts
import Okno.Controls
import Okno.Style
import Okno.Theme

Item {
    id: form

    property string title: "Waiting for the other person"
    property string words: "Give them this code. It works once."
    property string code: "7-guitar-lamp-orbit"
    property bool codeShown: true
    property bool linkShown: true
    property bool copyShown: true
    property string cancelText: "Cancel"
    property string qrName: "QR code of the link"
    property string scanWords: "or let them scan this"
    property string modules: ""
    property alias picture: picture.data
    property bool pictureShown: true
    property alias copyCode: copyCode
    property alias copyLink: copyLink
    property alias cancelButton: cancelButton

    implicitWidth: Theme.columnWidth
    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.spaceM

        Heading {
            Layout.alignment: Qt.AlignHCenter
            text: form.title
        }
        Label {
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: form.width
            horizontalAlignment: Text.AlignHCenter
            muted: true
            text: form.words
        }
        Label {
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: form.width
            Layout.topMargin: Theme.spaceM
            horizontalAlignment: Text.AlignHCenter
            visible: form.codeShown
            wrapMode: Text.WrapAnywhere
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.fontL
            font.family: Theme.monoFamily
            font.pixelSize: Theme.fontXxl
            font.weight: Font.DemiBold
            text: form.code
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            spacing: Theme.spaceS
            visible: form.copyShown

            Button {
                id: copyCode

                highlighted: true
                icon.source: Theme.icon("copy")
            }
            Button {
                id: copyLink

                visible: form.linkShown
                icon.source: Theme.icon("link")
            }
        }
        Label {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.spaceM
            visible: form.linkShown
            muted: true
            font.pixelSize: Theme.fontS
            text: form.scanWords
        }
        QrImage {
            Layout.alignment: Qt.AlignHCenter
            visible: form.linkShown && modules !== ""
            accessibleName: form.qrName
            modules: form.modules
        }
        Item {
            id: picture

            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: Theme.selfWidth
            Layout.preferredHeight: Theme.selfWidth * 9 / 16
            visible: form.pictureShown
        }
        Button {
            id: cancelButton

            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.spaceM
            text: form.cancelText
        }
    }
}
