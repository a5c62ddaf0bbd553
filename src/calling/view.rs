//! What the window shows of a call: plain values, taken from the call, the sound and the camera.
//!
//! In: the call's snapshot, the engine's status. Out: values that compare, so that the window is
//! told of changes only. The numbers of the enums are those of `cpp/call_state.h`.

use okno_audio::{Connection, EchoTest, Level};
use okno_call::{End, Phase, Trouble};

/// A call's states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd)]
pub enum State {
    /// There is none.
    #[default]
    Home,
    /// Camera and microphone are tried.
    Preparing,
    /// On the way to the relay.
    Connecting,
    /// The code wants to be passed on.
    Waiting,
    /// Keys are made from the code.
    Agreeing,
    /// They see and hear each other.
    Active,
    /// A path is lost and is being resumed.
    Reconnecting,
    /// It is over.
    Ended,
}

/// How a device is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceState {
    /// Not tried, or being tried.
    #[default]
    Unknown,
    /// It gives or takes.
    Working,
    /// There is none.
    Absent,
    /// Another program has it.
    Busy,
    /// The system does not let us.
    Refused,
    /// It was there and went away.
    Lost,
    /// It is turned off here.
    Off,
}

/// What was said of the safety code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Nothing yet.
    #[default]
    Unverified,
    /// The same on both screens.
    Same,
    /// Not the same.
    Different,
}

/// The call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallView {
    /// See [`State`].
    pub state: State,
    /// Number of the reason; 0 while it has not ended. See [`end_number`].
    pub end: i32,
    /// The reason's details, for people who know networks.
    pub message: String,
    /// The code.
    pub code: String,
    /// The invitation.
    pub link: String,
    /// The relay that is used unless an invitation names another.
    pub relay: String,
    /// Whom the present call goes through.
    pub server: String,
    /// The relay's key, where it is another one than before.
    pub relay_key: String,
    /// Whether the relay answers.
    pub relay_state: DeviceState,
    /// By somebody else's code.
    pub joining: bool,
    /// With an original client.
    pub classic: bool,
    /// Our name.
    pub name: String,
    /// The other's.
    pub peer_name: String,
    /// See [`Trust`].
    pub trust: Trust,
    /// Four words.
    pub safety_words: String,
    /// Six digits.
    pub safety_number: String,
    /// We are muted.
    pub muted: bool,
    /// Muted, but speaking for as long as a key is held.
    pub talking: bool,
    /// Muted, and somebody speaks.
    pub speaking_muted: bool,
    /// Our camera is on.
    pub camera_on: bool,
    /// The other is muted or has no microphone.
    pub peer_muted: bool,
    /// The other's camera is on.
    pub peer_camera_on: bool,
    /// How long the call has been.
    pub seconds: i32,
    /// How long it has been reconnecting.
    pub away_seconds: i32,
    /// Our own picture; -1 if there is none.
    pub self_stream: i32,
    /// The other's.
    pub peer_stream: i32,
    /// Number of what makes the call worse; see [`hint_number`].
    pub hint: i32,
    /// Rows of the pictures that are sent.
    pub sent_height: i32,
}

/// A choice of device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What to choose it by.
    pub id: String,
    /// What to show.
    pub name: String,
}

/// A kind of device: what there is, what is taken, how it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// What there is.
    pub choices: Vec<Choice>,
    /// Id of the one that was chosen.
    pub chosen: String,
    /// How it is.
    pub state: DeviceState,
}

/// The devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicesView {
    /// Cameras.
    pub camera: Kind,
    /// Microphones.
    pub microphone: Kind,
    /// Speakers.
    pub speaker: Kind,
    /// The echo test: 0 none, 1 recording, 2 playing.
    pub echo_test: i32,
}

/// How loud it is, 0 to 1 of full scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelsView {
    /// The microphone.
    pub own: f64,
    /// What goes to the speaker.
    pub peer: f64,
}

/// Number of a phase's state.
pub const fn state_of(phase: &Phase) -> State {
    match phase {
        Phase::Connecting => State::Connecting,
        Phase::Waiting => State::Waiting,
        Phase::Agreeing => State::Agreeing,
        Phase::InCall => State::Active,
        Phase::Reconnecting { .. } => State::Reconnecting,
        Phase::Ended(_) => State::Ended,
    }
}

/// A state's name in the statistics.
pub const fn state_name(state: State) -> &'static str {
    match state {
        State::Home => "home",
        State::Preparing => "preparing",
        State::Connecting => "connecting",
        State::Waiting => "waiting",
        State::Agreeing => "agreeing",
        State::Active => "active",
        State::Reconnecting => "reconnecting",
        State::Ended => "ended",
    }
}

/// A reason's number; 0 is "not ended".
pub const fn end_number(end: &End) -> i32 {
    match end {
        End::HungUp => 1,
        End::PeerHungUp => 2,
        End::PeerLost => 3,
        End::PathLost(_) => 4,
        End::NobodyCame => 5,
        End::WrongCode => 6,
        End::NoSuchCall => 7,
        End::CallFull => 8,
        End::CodeUsed => 9,
        End::PeerSilent => 10,
        End::Tampered => 11,
        End::Unreachable(_) => 12,
        End::RelayKeyChanged { .. } => 13,
        End::TooMany => 14,
        End::RelayFull => 15,
        End::Version => 16,
        End::Protocol(_) => 17,
        End::Gone => 18,
    }
}

/// The number of what is wrong with the connection; 0 is nothing.
pub const fn hint_number(trouble: Option<Trouble>) -> i32 {
    match trouble {
        None => 0,
        Some(Trouble::Sending) => 1,
        Some(Trouble::Receiving) => 2,
        Some(Trouble::Delay) => 3,
        Some(Trouble::Tampering) => 4,
        Some(Trouble::Flooding) => 5,
        Some(Trouble::Codec) => 6,
    }
}

/// How a microphone or speaker is, from what the engine says.
pub fn connection_state(connection: &Connection, before: DeviceState) -> DeviceState {
    match connection {
        // A device that is tried again every two seconds must not flicker.
        Connection::Opening => before,
        Connection::Open { .. } => DeviceState::Working,
        Connection::None => DeviceState::Absent,
        Connection::Failed(why) => {
            let why = why.to_ascii_lowercase();
            let says = |words: &[&str]| words.iter().any(|word| why.contains(word));
            if says(&["busy", "in use"]) {
                DeviceState::Busy
            } else if says(&["denied", "permission", "not allowed"]) {
                DeviceState::Refused
            } else if before == DeviceState::Working || before == DeviceState::Lost {
                DeviceState::Lost
            } else {
                DeviceState::Absent
            }
        }
    }
}

/// The echo test's step.
pub const fn echo_number(test: EchoTest) -> i32 {
    match test {
        EchoTest::Off => 0,
        EchoTest::Recording(_) => 1,
        EchoTest::Playing(_) => 2,
    }
}

/// A level as a part of full scale, in steps that an eye can tell apart.
pub fn loudness(level: Level) -> f64 {
    if level.peak_dbfs <= Level::FLOOR_DBFS {
        return 0.0;
    }
    let part = 10_f64.powf(f64::from(level.peak_dbfs) / 20.0);
    (part.min(1.0) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_device_is_told_apart() {
        let state = |why: &str, before| connection_state(&Connection::Failed(why.into()), before);
        assert_eq!(state("Device or resource busy", DeviceState::Unknown), DeviceState::Busy);
        assert_eq!(state("Access denied", DeviceState::Unknown), DeviceState::Refused);
        assert_eq!(state("no such device", DeviceState::Unknown), DeviceState::Absent);
        assert_eq!(state("no such device", DeviceState::Working), DeviceState::Lost);
        let opening = connection_state(&Connection::Opening, DeviceState::Busy);
        assert_eq!(opening, DeviceState::Busy);
    }

    #[test]
    fn loudness_is_a_part_of_full_scale() {
        let level = |peak_dbfs| Level { peak_dbfs, rms_dbfs: peak_dbfs };
        assert_eq!(loudness(level(Level::FLOOR_DBFS)), 0.0);
        assert_eq!(loudness(level(0.0)), 1.0);
        assert_eq!(loudness(level(6.0)), 1.0);
        assert_eq!(loudness(level(-20.0)), 0.1);
    }
}
