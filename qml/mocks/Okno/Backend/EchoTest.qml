// Stand-in for the backend's enum of the echo test's steps.
import QtQml

QtObject {
    enum Value {
        Idle,
        Recording,
        Playing
    }
}
