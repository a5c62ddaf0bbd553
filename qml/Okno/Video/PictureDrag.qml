// The picture as a file at the pointer, for another program to take.
//
// In: the stream, and whether the pointer pulls at its picture. Out: a drag, as soon as the file is
// written. Never: waits for that; who has let go before has dragged nothing.
import QtQuick
import Okno.Backend

Item {
    id: picture

    property int stream: -1
    property bool pulled: false
    /// The file, while it is dragged.
    property string file: ""

    Drag.dragType: Drag.Automatic
    Drag.supportedActions: Qt.CopyAction
    Drag.mimeData: ({
            "text/uri-list": "file://" + file.split("/").map(encodeURIComponent).join("/") + "\r\n"
        })
    Drag.active: pulled && file !== ""
    Drag.onDragFinished: file = ""

    onPulledChanged: {
        file = "";
        if (pulled)
            FrameServer.lendFrame(stream);
    }

    Connections {
        target: FrameServer

        function onSaved(streamId: int, kind: string, path: string) {
            if (kind === "loan" && picture.pulled && streamId === picture.stream)
                picture.file = path;
        }
    }
}
