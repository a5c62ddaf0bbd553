// Stand-in for the backend's enum of what was said of the safety code.
import QtQml

QtObject {
    enum Value {
        Unverified,
        Same,
        Different
    }
}
