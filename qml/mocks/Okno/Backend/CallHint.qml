// Stand-in for the backend's enum of what makes a call's picture worse.
import QtQml

QtObject {
    enum Value {
        Good,
        Sending,
        Receiving,
        Delay,
        Tampering,
        Flooding,
        Codec
    }
}
