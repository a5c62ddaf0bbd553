// Stand-in for the program itself.
pragma Singleton
import QtQml
import Okno.Mock

QtObject {
    property string version: "0.1.0"
    property string renderer: "software"
    /// Where choices are kept; empty keeps none.
    property string settingsFile: ""
    property size viewSize: {
        const parts = Scenario.view.split("x");
        return parts.length === 2 ? Qt.size(parseInt(parts[0]), parseInt(parts[1])) : Qt.size(0, 0);
    }
    property var statistics: ({
            "cpu_seconds": 12.4,
            "rss_bytes": 183500800,
            "streams": [
                {
                    "id": 1,
                    "name": "front door",
                    "peer": "192.168.1.20:40100",
                    "format": "okno",
                    "width": 1280,
                    "height": 720,
                    "received": 1210,
                    "decoded": 1208,
                    "shown": 1205,
                    "dropped": 3,
                    "invalid": 0,
                    "bytes": 181500000,
                    "state": "live",
                    "latency_ms": {
                        "p50": 18.2,
                        "p95": 24.9,
                        "max": 41.3
                    }
                }
            ]
        })

    function quit() {
        Qt.quit();
    }
}
