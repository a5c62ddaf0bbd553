// Stand-in for the list of streams. The roles are those of the real one.
pragma Singleton
import QtQml
import QtQml.Models
import Okno.Mock

ListModel {
    id: model

    readonly property int revision: Scenario.revision
    property Timer late: Timer {
        interval: Scenario.after
        onTriggered: model.fill(Scenario.name)
    }
    property Timer tick: Timer {
        interval: 1000
        repeat: true
        running: model.count > 0
        onTriggered: model.second()
    }

    onRevisionChanged: fill(Scenario.name)
    Component.onCompleted: Scenario.after > 0 ? late.start() : fill(Scenario.name)

    function move(from: int, to: int) {
        if (from !== to && from >= 0 && to >= 0 && from < count && to < count)
            insert(to, take(from));
    }

    function row(streamId: int): int {
        for (let i = 0; i < count; ++i) {
            if (get(i).streamId === streamId)
                return i;
        }
        return -1;
    }

    function nameOf(streamId: int): string {
        const at = row(streamId);
        return at < 0 ? "" : get(at).name;
    }

    // ---- Only in the mock ------------------------------------------------------------

    property int nextId: 1
    readonly property var names: ["front door", "garden", "workshop", "printer", "camera0", "hall", "roof", "bench", "parking"]
    readonly property var formats: ["okno", "raw", "be32", "le64", "le32", "mjpeg", "http"]

    function fill(scenario: string) {
        clear();
        nextId = 1;
        const wanted = ({
                "one": 1,
                "three": 3,
                "wall4": 4,
                "wall9": 9,
                "wall16": 16,
                "wall25": 25
            })[scenario] ?? 0;
        for (let i = 0; i < wanted; ++i)
            add({});
        if (scenario === "states") {
            add({});
            add({"state": 0, "frameWidth": 0, "frameHeight": 0, "fps": 0});
            add({"state": 2, "quietSeconds": 42, "fps": 0});
            add({"state": 3, "quietSeconds": 7, "fps": 0});
            add({"state": 4, "quietSeconds": 95, "fps": 0, "note": "The sender closed the connection"});
            add({"dropped": 812, "latencyMs": 240, "fps": 8.4});
        }
    }

    // ListModel's own move() is hidden by ours, so that the mock builds the tile anew.
    function take(at: int): var {
        const values = Object.assign({}, JSON.parse(JSON.stringify(get(at))));
        delete values.objectName;
        remove(at, 1);
        return values;
    }

    function add(values: var): int {
        const id = nextId++;
        const n = id - 1;
        append(Object.assign({
            "streamId": id,
            "name": names[n % names.length] + (n >= names.length ? " " + (1 + Math.floor(n / names.length)) : ""),
            "peer": "192.168.1." + (20 + n) + ":40" + (100 + n),
            "format": formats[n % formats.length],
            "state": 1,
            "frameWidth": 1280,
            "frameHeight": 720,
            "fps": 29.9,
            "latencyMs": n % 2 ? -1 : 18.5,
            "bitrate": 9.6e6,
            "dropped": 0,
            "invalid": 0,
            "quietSeconds": 0.0,
            "note": ""
        }, values));
        return id;
    }

    function second() {
        for (let i = 0; i < count; ++i) {
            if (get(i).state >= 2)
                setProperty(i, "quietSeconds", get(i).quietSeconds + 1);
        }
    }
}
