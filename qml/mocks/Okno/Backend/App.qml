// Stand-in for the program itself.
pragma Singleton
import QtQml
import Okno.Backend
import Okno.Mock

QtObject {
    id: app

    property string version: "0.1.0"
    property string renderer: "software"
    /// Where choices are kept; empty keeps none.
    property string settingsFile: Scenario.argument("settings", "")
    property size viewSize: {
        const parts = Scenario.view.split("x");
        return parts.length === 2 ? Qt.size(parseInt(parts[0]), parseInt(parts[1])) : Qt.size(0, 0);
    }
    property int seconds: 0
    property var statistics: sample()

    property Timer tick: Timer {
        interval: 1000
        repeat: true
        running: true
        onTriggered: {
            app.seconds += 1;
            app.statistics = app.sample();
        }
    }

    function sample(): var {
        const streams = [];
        for (let i = 0; i < StreamModel.count; ++i) {
            const row = StreamModel.get(i);
            const frames = row.state === 1 ? 300 + seconds * 30 - (seconds * (i + 3)) % 4 : 300;
            streams.push({
                "id": row.streamId,
                "name": row.name,
                "peer": row.peer,
                "format": row.format,
                "width": row.frameWidth,
                "height": row.frameHeight,
                "received": frames,
                "decoded": frames,
                "shown": frames,
                "dropped": row.dropped,
                "invalid": row.invalid,
                "bytes": frames * 150000,
                "state": ["connecting", "live", "quiet", "stalled", "gone"][row.state],
                "stages_ms": row.latencyMs < 0 ? {} : {
                    "encode": {"mean": row.latencyMs * 0.4},
                    "network": {"mean": row.latencyMs * 0.1},
                    "queue": {"mean": row.latencyMs * 0.05},
                    "decode": {"mean": row.latencyMs * 0.3},
                    "present": {"mean": row.latencyMs * 0.15}
                },
                "latency_ms": row.latencyMs < 0 ? null : {
                    "p50": row.latencyMs,
                    "p95": row.latencyMs * 1.4,
                    "p99": row.latencyMs * 1.8,
                    "max": row.latencyMs * 2.2
                }
            });
        }
        return {"cpu_seconds": 12.4 + seconds * 0.31, "rss_bytes": 183500800, "streams": streams};
    }

    function quit() {
        Qt.quit();
    }
}
