// Stand-in for the backend's enum of stream states.
import QtQml

QtObject {
    enum Value {
        Connecting,
        Live,
        Quiet,
        Stalled,
        Gone
    }
}
