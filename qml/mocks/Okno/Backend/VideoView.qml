// Stand-in for the video item: draws a still scene of the stream's size, placed as the real one
// places its picture. contentRect follows the same rules: a picture smaller than the item is
// centred, a larger one shows `center` in the middle of the item.
import QtQuick
import Okno.Backend

Item {
    id: view

    enum FillMode {
        Fit,
        Fill,
        Actual
    }

    property int stream: -1
    property int fillMode: VideoView.Fit
    property real zoom: 1
    property point center: Qt.point(0.5, 0.5)
    property bool mirrored: false
    property bool paused: false
    // The past is a counter here: a second of it is a second, a frame of it a thirtieth.
    readonly property real behind: paused || replaying ? past : 0
    readonly property bool replaying: past > 0
    readonly property int newFrames: Math.round(behind * 30)
    readonly property real reach: keepsPast ? 20 : 0
    readonly property bool keepsPast: !FrameServer.uncompressed.includes(stream)
    readonly property int row: StreamModel.count > 0 ? StreamModel.row(stream) : -1
    readonly property size frameSize: stream >= 9000 ? Qt.size(1280, 720) : row >= 0 ? Qt.size(StreamModel.get(row).frameWidth, StreamModel.get(row).frameHeight) : Qt.size(0, 0)
    readonly property bool hasFrame: frameSize.width > 0
    readonly property real shownFps: hasFrame ? 29.9 : 0
    readonly property rect contentRect: {
        if (!hasFrame)
            return Qt.rect(0, 0, 0, 0);
        const across = width / frameSize.width;
        const down = height / frameSize.height;
        const base = fillMode === VideoView.Fit ? Math.min(across, down)
            : fillMode === VideoView.Fill ? Math.max(across, down) : 1 / Screen.devicePixelRatio;
        const w = frameSize.width * base * zoom;
        const h = frameSize.height * base * zoom;
        return Qt.rect(w <= width ? (width - w) / 2 : width / 2 - center.x * w,
            h <= height ? (height - h) / 2 : height / 2 - center.y * h, w, h);
    }

    clip: true

    function step(frames: int) {
        paused = true;
        past = Math.min(reach, Math.max(0, past - frames / 30));
    }
    function seek(seconds: real) {
        past = Math.min(reach, Math.max(0, past - seconds));
    }
    function goLive() {
        past = 0;
        paused = false;
    }
    function pixelAt(x: int, y: int): color {
        return Qt.rgba(x / Math.max(1, frameSize.width), y / Math.max(1, frameSize.height), 0.5, 1);
    }

    // ---- Only in the mock ------------------------------------------------------------

    property real past: 0

    onStreamChanged: past = 0

    Rectangle {
        id: scene

        readonly property real hue: (view.stream * 0.137) % 1

        visible: view.hasFrame
        x: view.contentRect.x
        y: view.contentRect.y
        width: view.contentRect.width
        height: view.contentRect.height
        clip: true
        gradient: Gradient {
            GradientStop {
                position: 0
                color: Qt.hsla(scene.hue, 0.45, 0.32, 1)
            }
            GradientStop {
                position: 0.62
                color: Qt.hsla((scene.hue + 0.08) % 1, 0.5, 0.66, 1)
            }
            GradientStop {
                position: 0.63
                color: Qt.hsla((scene.hue + 0.3) % 1, 0.3, 0.26, 1)
            }
            GradientStop {
                position: 1
                color: Qt.hsla((scene.hue + 0.33) % 1, 0.35, 0.14, 1)
            }
        }
        transform: Scale {
            origin.x: scene.width / 2
            xScale: view.mirrored ? -1 : 1
        }

        Rectangle {
            x: parent.width * (0.2 + 0.6 * scene.hue)
            y: parent.height * 0.22
            width: parent.height * 0.16
            height: width
            radius: width / 2
            color: Qt.hsla((scene.hue + 0.1) % 1, 0.7, 0.85, 1)
        }
        Rectangle {
            x: -parent.width * 0.1
            y: parent.height * 0.48
            width: parent.width * 0.55
            height: width
            radius: width / 2
            color: Qt.hsla((scene.hue + 0.3) % 1, 0.28, 0.3, 1)
        }
        Rectangle {
            x: parent.width * 0.4
            y: parent.height * 0.56
            width: parent.width * 0.8
            height: width
            radius: width / 2
            color: Qt.hsla((scene.hue + 0.32) % 1, 0.3, 0.22, 1)
        }
    }
}
