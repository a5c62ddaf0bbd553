// Which situation the mocks play. Given after the file: `qml ... Main.qml -- scenario=wall9`.
// empty | taken (a port is in use) | one | three | wall9 | wall16 | wall25 | states (every state)
pragma Singleton
import QtQml

QtObject {
    id: scenario

    property string name: argument("scenario", "empty")
    /// Milliseconds until the streams come; 0 = there from the start.
    property int after: parseInt(argument("after", "0"))
    /// Like --view-size of the program, e.g. view=640x480.
    property string view: argument("view", "")

    /// Moves on when the streams shall be rebuilt.
    property int revision: 0

    function play(scenarioName: string) {
        name = scenarioName;
        revision += 1;
    }

    function argument(key: string, fallback: string): string {
        for (const text of Qt.application.arguments) {
            if (text.startsWith(key + "="))
                return text.substring(key.length + 1);
        }
        return fallback;
    }
}
