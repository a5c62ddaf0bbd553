// Stand-in for the backend's enum of the catalogue's states.
import QtQml

QtObject {
    enum Value {
        Idle,
        Connecting,
        Absent,
        Ready,
        Slow,
        Lost,
        Back
    }
}
