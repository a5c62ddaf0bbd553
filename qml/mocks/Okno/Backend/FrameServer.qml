// Stand-in for the listener. Remembers what was asked of it, so that tests can see it.
pragma Singleton
import QtQml
import Okno.Mock

QtObject {
    id: server

    property bool listening: true
    property string errorString: ""
    property string serverAddress: "127.0.0.1"
    property int serverPort: 12345
    property var endpoints: Scenario.name === "taken" ? ["127.0.0.1:5252"] : ["127.0.0.1:12345", "127.0.0.1:5252"]
    property var problems: Scenario.name === "taken" ? [{
            "port": 12345,
            "message": "Port 12345 is used by another program"
        }] : []

    /// What is being recorded: objects with streamId and figures.
    property var recording: []
    property string picturesFolder: "/home/me/Pictures/Okno"
    property string videosFolder: "/home/me/Videos/Okno"

    signal newConnection(int streamId, string name, string peer)
    signal connectionLost(int streamId, string name, string reason)

    /// A file was written; kind is "snapshot", "recording" or "loan".
    signal saved(int streamId, string kind, string path)
    signal saveFailed(int streamId, string kind, string reason)
    signal copied(int streamId)
    signal sourceFailed(string source, string reason)

    function listen(address: string, port: int) {
        serverAddress = address;
        serverPort = port;
        endpoints = endpoints.concat([address + ":" + port]);
        listening = true;
    }
    function close() {
        endpoints = [];
        listening = false;
    }
    function addSource(url: string) {
        calls.push("addSource " + url);
        const id = StreamModel.add({"name": url, "format": "http", "state": 0});
        newConnection(id, url, url);
    }
    function showTestPattern() {
        calls.push("showTestPattern");
        const id = StreamModel.add({"name": "test pattern", "peer": "this program"});
        newConnection(id, "test pattern", "this program");
    }
    function removeStream(streamId: int) {
        calls.push("removeStream " + streamId);
        const at = StreamModel.row(streamId);
        if (at >= 0)
            StreamModel.remove(at, 1);
    }
    function restoreStream(streamId: int) {
        calls.push("restoreStream " + streamId);
    }
    function retryOnAnotherPort(port: int) {
        calls.push("retryOnAnotherPort " + port);
        problems = problems.filter(problem => problem.port !== port);
        endpoints = endpoints.concat(["127.0.0.1:40001"]);
    }
    function snippet(kind: string): string {
        if (kind === "python")
            return `import cv2, socket, struct

out = socket.create_connection(("${serverAddress}", ${serverPort}))
camera = cv2.VideoCapture(0)
while True:
    ok, frame = camera.read()
    jpeg = cv2.imencode(".jpg", frame)[1].tobytes()
    out.sendall(struct.pack(">I", len(jpeg)) + jpeg)`;
        if (kind === "cpp")
            return `cv::VideoCapture camera(0);
cv::Mat frame;
std::vector<uchar> jpeg;
while (camera.read(frame)) {
    cv::imencode(".jpg", frame, jpeg);
    send_all(socket, jpeg);  // to ${serverAddress}:${serverPort}
}`;
        return "opencv-sender -i 0 --to tcp://" + serverAddress + ":" + serverPort;
    }
    function copyText(text: string) {
        calls.push("copyText " + text);
    }

    function saveSnapshot(streamId: int) {
        calls.push("saveSnapshot " + streamId);
        saved(streamId, "snapshot", picturesFolder + "/" + StreamModel.nameOf(streamId) + ".jpg");
    }
    function copyFrame(streamId: int) {
        calls.push("copyFrame " + streamId);
        copied(streamId);
    }
    function holdFrame(streamId: int): string {
        calls.push("holdFrame " + streamId);
        return streamId < 0 ? "" : picturesFolder + "/" + StreamModel.nameOf(streamId) + " 2026-11-28 10-15-30.jpg";
    }
    function saveHeld(path: string) {
        calls.push("saveHeld " + path);
    }
    function lendFrame(streamId: int) {
        calls.push("lendFrame " + streamId);
    }
    function keepPast(streamId: int, on: bool) {
        calls.push("keepPast " + streamId + " " + on);
        uncompressed = uncompressed.filter(id => id !== streamId).concat(on ? [] : [streamId]);
    }
    function setRecording(streamId: int, on: bool) {
        calls.push("setRecording " + streamId + " " + on);
        const others = recording.filter(entry => entry.streamId !== streamId);
        const path = videosFolder + "/" + StreamModel.nameOf(streamId) + ".mkv";
        if (!on && others.length < recording.length)
            saved(streamId, "recording", path);
        recording = on ? others.concat([{
                "streamId": streamId,
                "seconds": 75.4,
                "bytes": 94e6,
                "diskLeft": 41.2e9,
                "dropped": 0,
                "path": path
            }]) : others;
    }
    function setKeeping(pictures: string, videos: string, lookBack: real, history: real, local: bool) {
        picturesFolder = pictures === "" ? "/home/me/Pictures/Okno" : pictures;
        videosFolder = videos === "" ? "/home/me/Videos/Okno" : videos;
        kept = [lookBack, history, local];
    }
    function openFolder(path: string) {
        calls.push("openFolder " + path);
    }

    // ---- Only in the mock ------------------------------------------------------------

    property var calls: []
    property var kept: []
    /// Ids of streams that come uncompressed.
    property var uncompressed: []
}
