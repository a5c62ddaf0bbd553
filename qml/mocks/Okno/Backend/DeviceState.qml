// Stand-in for the backend's enum of how a device is.
import QtQml

QtObject {
    enum Value {
        Unknown,
        Working,
        Absent,
        Busy,
        Refused,
        Lost,
        Off
    }
}
