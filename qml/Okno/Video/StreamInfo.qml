// What is known about one stream: a row of StreamModel as an object.
import QtQml

QtObject {
    required property int streamId
    required property string name
    required property string peer
    required property string format
    required property int state
    required property int frameWidth
    required property int frameHeight
    /// Frames a second.
    required property real fps
    /// Milliseconds from capture to screen; -1 if the sender gives no time.
    required property real latencyMs
    /// Bits a second.
    required property real bitrate
    required property int dropped
    required property int invalid
    /// Seconds since the last frame.
    required property real quietSeconds
    required property string note
}
