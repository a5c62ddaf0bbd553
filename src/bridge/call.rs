//! `Call`: a call between two people, for QML.
//!
//! In: word from [`crate::calling`], calls from QML. Out: properties, signals, orders. Never
//! waits: every call queues an order and returns; what came of it is in the properties.

use std::pin::Pin;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QString, QVariant};

use super::shell;
use crate::calling::{self, CallView, DevicesView, Kind, LevelsView, Order, Word};
use crate::core::core;

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++" {
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
    }

    #[auto_cxx_name]
    extern "RustQt" {
        /// A call, from the check of the devices to its end. `state` (CallState), `end` (CallEnd)
        /// and `hint` (CallHint) say how it is; the words for them are QML's. Devices are lists of
        /// objects {id, name}; levels are 0 to 1 of full scale.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[qproperty(i32, state, READ, NOTIFY = state_changed)]
        #[qproperty(i32, end, READ, NOTIFY = state_changed)]
        #[qproperty(QString, message, READ, NOTIFY = state_changed)]
        #[qproperty(QString, code, READ, NOTIFY = state_changed)]
        #[qproperty(QString, link, READ, NOTIFY = state_changed)]
        #[qproperty(QString, relay, READ, NOTIFY = state_changed)]
        #[qproperty(QString, server, READ, NOTIFY = state_changed)]
        #[qproperty(QString, relay_key, READ, NOTIFY = state_changed)]
        #[qproperty(i32, relay_state, READ, NOTIFY = state_changed)]
        #[qproperty(bool, joining, READ, NOTIFY = state_changed)]
        #[qproperty(bool, classic, READ, NOTIFY = state_changed)]
        #[qproperty(QString, name, READ, NOTIFY = state_changed)]
        #[qproperty(QString, peer_name, READ, NOTIFY = state_changed)]
        #[qproperty(i32, trust, READ, NOTIFY = state_changed)]
        #[qproperty(QString, safety_words, READ, NOTIFY = state_changed)]
        #[qproperty(QString, safety_number, READ, NOTIFY = state_changed)]
        #[qproperty(bool, muted, READ, NOTIFY = state_changed)]
        #[qproperty(bool, talking, READ, NOTIFY = state_changed)]
        #[qproperty(bool, speaking_muted, READ, NOTIFY = state_changed)]
        #[qproperty(bool, camera_on, READ, NOTIFY = state_changed)]
        #[qproperty(bool, peer_muted, READ, NOTIFY = state_changed)]
        #[qproperty(bool, peer_camera_on, READ, NOTIFY = state_changed)]
        #[qproperty(i32, seconds, READ, NOTIFY = state_changed)]
        #[qproperty(i32, away_seconds, READ, NOTIFY = state_changed)]
        #[qproperty(i32, self_stream, READ, NOTIFY = state_changed)]
        #[qproperty(i32, peer_stream, READ, NOTIFY = state_changed)]
        #[qproperty(i32, hint, READ, NOTIFY = state_changed)]
        #[qproperty(i32, sent_height, READ, NOTIFY = state_changed)]
        #[qproperty(f64, level, READ, NOTIFY = levels_changed)]
        #[qproperty(f64, peer_level, READ, NOTIFY = levels_changed)]
        #[qproperty(QVariant, cameras, READ, NOTIFY = devices_changed)]
        #[qproperty(QVariant, microphones, READ, NOTIFY = devices_changed)]
        #[qproperty(QVariant, speakers, READ, NOTIFY = devices_changed)]
        #[qproperty(QString, camera, READ, NOTIFY = chosen_changed)]
        #[qproperty(QString, microphone, READ, NOTIFY = chosen_changed)]
        #[qproperty(QString, speaker, READ, NOTIFY = chosen_changed)]
        #[qproperty(i32, camera_state, READ, NOTIFY = chosen_changed)]
        #[qproperty(i32, microphone_state, READ, NOTIFY = chosen_changed)]
        #[qproperty(i32, speaker_state, READ, NOTIFY = chosen_changed)]
        #[qproperty(i32, echo_test, READ, NOTIFY = chosen_changed)]
        type Call = super::CallRust;

        /// The call changed.
        #[qsignal]
        fn state_changed(self: Pin<&mut Call>);

        /// A level changed.
        #[qsignal]
        fn levels_changed(self: Pin<&mut Call>);

        /// A list of devices changed.
        #[qsignal]
        fn devices_changed(self: Pin<&mut Call>);

        /// Another device was taken, or one works differently.
        #[qsignal]
        fn chosen_changed(self: Pin<&mut Call>);

        /// A device went away: "camera", "microphone" or "speaker"; `instead` may be empty.
        #[qsignal]
        fn device_lost(self: Pin<&mut Call>, kind: &QString, name: &QString, instead: &QString);

        /// The page of calls is shown: devices are listed.
        #[qinvokable]
        fn open(self: &Call);

        /// It is left. A call goes on; a check of the devices does not.
        #[qinvokable]
        fn close(self: &Call);

        /// Whether a text is a code or a link.
        #[qinvokable]
        fn is_invitation(self: &Call, text: &QString) -> bool;

        /// Tries camera and microphone before a call: with this code or link, or a new one if
        /// it is empty.
        #[qinvokable]
        fn prepare(self: &Call, invitation: &QString);

        /// What can't be of a call with an original client: "server", "videoPort", "audioPort",
        /// "samePort" or "code"; empty if nothing.
        #[qinvokable]
        fn classic_fault(
            self: &Call,
            server: &QString,
            video_port: &QString,
            audio_port: &QString,
            code: &QString,
        ) -> QString;

        /// Tries camera and microphone before a call with an original client, which is not
        /// encrypted. Nothing happens while `classicFault` finds a fault.
        #[qinvokable]
        fn prepare_classic(
            self: &Call,
            server: &QString,
            video_port: &QString,
            audio_port: &QString,
            code: &QString,
        );

        /// Begins the call that was prepared.
        #[qinvokable]
        fn begin(self: &Call);

        /// Ends the call.
        #[qinvokable]
        fn hang_up(self: &Call);

        /// The same again, after the end.
        #[qinvokable]
        fn again(self: &Call);

        /// Back to the first page.
        #[qinvokable]
        fn home(self: &Call);

        /// Takes the relay's new key for the right one, and begins again.
        #[qinvokable]
        fn trust_relay(self: &Call);

        /// Mutes the microphone, or not.
        #[qinvokable]
        fn set_muted(self: &Call, on: bool);

        /// Turns the camera on or off.
        #[qinvokable]
        fn set_camera_on(self: &Call, on: bool);

        /// Speaks although muted, until it is called with `false`.
        #[qinvokable]
        fn talk(self: &Call, on: bool);

        /// Takes another "camera", "microphone" or "speaker".
        #[qinvokable]
        fn choose(self: &Call, kind: &QString, id: &QString);

        /// Our name.
        #[qinvokable]
        fn rename(self: &Call, text: &QString);

        /// The relay, "host" or "host:port".
        #[qinvokable]
        fn use_relay(self: &Call, address: &QString);

        /// A choice of the last time ("name", "relay", "camera", "microphone" or "speaker"),
        /// unless the command line made another.
        #[qinvokable]
        fn recall(self: &Call, kind: &QString, value: &QString);

        /// Records 5 s and plays them; or ends that.
        #[qinvokable]
        fn test_echo(self: &Call);

        /// Plays a sound on the speaker.
        #[qinvokable]
        fn test_speaker(self: &Call);

        /// The safety codes are the same on both screens, or not.
        #[qinvokable]
        fn verify(self: &Call, same: bool);

        /// The modules of a text's QR code: a line for each row, "1" for black.
        #[qinvokable]
        fn qr(self: &Call, text: &QString) -> QString;
    }

    impl cxx_qt::Threading for Call {}
    impl cxx_qt::Initialize for Call {}
}

#[derive(Default)]
pub struct CallRust {
    state: i32,
    end: i32,
    message: QString,
    code: QString,
    link: QString,
    relay: QString,
    server: QString,
    relay_key: QString,
    relay_state: i32,
    joining: bool,
    classic: bool,
    name: QString,
    peer_name: QString,
    trust: i32,
    safety_words: QString,
    safety_number: QString,
    muted: bool,
    talking: bool,
    speaking_muted: bool,
    camera_on: bool,
    peer_muted: bool,
    peer_camera_on: bool,
    seconds: i32,
    away_seconds: i32,
    self_stream: i32,
    peer_stream: i32,
    hint: i32,
    sent_height: i32,
    level: f64,
    peer_level: f64,
    cameras: QVariant,
    microphones: QVariant,
    speakers: QVariant,
    camera: QString,
    microphone: QString,
    speaker: QString,
    camera_state: i32,
    microphone_state: i32,
    speaker_state: i32,
    echo_test: i32,
    devices: DevicesView,
}

impl cxx_qt::Initialize for ffi::Call {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let Some(core) = core() else { return };
        let (call, devices, levels) = core.calling.attach(Box::new(move |word| {
            thread.queue(move |call: Pin<&mut Self>| call.take(word)).is_ok()
        }));
        self.as_mut().rust_mut().set_call(&call);
        self.as_mut().rust_mut().set_levels(levels);
        self.as_mut().rust_mut().set_lists(&devices);
        self.rust_mut().set_chosen(&devices);
    }
}

impl CallRust {
    fn set_call(&mut self, view: &CallView) {
        let text = |text: &str| QString::from(text);
        self.state = view.state as i32;
        self.end = view.end;
        self.message = text(&view.message);
        self.code = text(&view.code);
        self.link = text(&view.link);
        self.relay = text(&view.relay);
        self.server = text(&view.server);
        self.relay_key = text(&view.relay_key);
        self.relay_state = view.relay_state as i32;
        self.joining = view.joining;
        self.classic = view.classic;
        self.name = text(&view.name);
        self.peer_name = text(&view.peer_name);
        self.trust = view.trust as i32;
        self.safety_words = text(&view.safety_words);
        self.safety_number = text(&view.safety_number);
        self.muted = view.muted;
        self.talking = view.talking;
        self.speaking_muted = view.speaking_muted;
        self.camera_on = view.camera_on;
        self.peer_muted = view.peer_muted;
        self.peer_camera_on = view.peer_camera_on;
        self.seconds = view.seconds;
        self.away_seconds = view.away_seconds;
        self.self_stream = view.self_stream;
        self.peer_stream = view.peer_stream;
        self.hint = view.hint;
        self.sent_height = view.sent_height;
    }

    fn set_levels(&mut self, levels: LevelsView) {
        self.level = levels.own;
        self.peer_level = levels.peer;
    }

    fn set_lists(&mut self, devices: &DevicesView) {
        self.cameras = list(&devices.camera);
        self.microphones = list(&devices.microphone);
        self.speakers = list(&devices.speaker);
    }

    fn set_chosen(&mut self, devices: &DevicesView) {
        self.camera = QString::from(&devices.camera.chosen);
        self.microphone = QString::from(&devices.microphone.chosen);
        self.speaker = QString::from(&devices.speaker.chosen);
        self.camera_state = devices.camera.state as i32;
        self.microphone_state = devices.microphone.state as i32;
        self.speaker_state = devices.speaker.state as i32;
        self.echo_test = devices.echo_test;
        self.devices = devices.clone();
    }
}

fn list(kind: &Kind) -> QVariant {
    let objects: Vec<_> = kind
        .choices
        .iter()
        .map(|choice| serde_json::json!({ "id": choice.id, "name": choice.name }))
        .collect();
    shell::variant_from_json(&serde_json::Value::from(objects).to_string())
}

impl ffi::Call {
    fn take(mut self: Pin<&mut Self>, word: Word) {
        match word {
            Word::Call(view) => {
                self.as_mut().rust_mut().set_call(&view);
                self.state_changed();
            }
            Word::Levels(levels) => {
                self.as_mut().rust_mut().set_levels(levels);
                self.levels_changed();
            }
            Word::Devices(devices) => {
                // A menu that is open must not be built anew because a device was taken.
                let old = &self.devices;
                let same = [
                    (&old.camera, &devices.camera),
                    (&old.microphone, &devices.microphone),
                    (&old.speaker, &devices.speaker),
                ]
                .into_iter()
                .all(|(old, new)| old.choices == new.choices);
                if !same {
                    self.as_mut().rust_mut().set_lists(&devices);
                    self.as_mut().devices_changed();
                }
                self.as_mut().rust_mut().set_chosen(&devices);
                self.chosen_changed();
            }
            Word::Lost(kind, name, instead) => {
                let text = |text: &str| QString::from(text);
                self.device_lost(&text(&kind), &text(&name), &text(&instead));
            }
        }
    }

    fn is_invitation(&self, text: &QString) -> bool {
        calling::Plan::is_invitation(&text.to_string())
    }

    fn qr(&self, text: &QString) -> QString {
        QString::from(&calling::qr(&text.to_string()))
    }

    fn open(&self) {
        order(Order::Open);
    }

    fn close(&self) {
        order(Order::Close);
    }

    fn prepare(&self, invitation: &QString) {
        order(Order::Prepare(invitation.to_string()));
    }

    fn classic_fault(
        &self,
        server: &QString,
        video_port: &QString,
        audio_port: &QString,
        code: &QString,
    ) -> QString {
        QString::from(classic(server, video_port, audio_port, code).err().unwrap_or_default())
    }

    fn prepare_classic(
        &self,
        server: &QString,
        video_port: &QString,
        audio_port: &QString,
        code: &QString,
    ) {
        if let Ok(link) = classic(server, video_port, audio_port, code) {
            order(Order::Prepare(link));
        }
    }

    fn begin(&self) {
        order(Order::Begin);
    }

    fn hang_up(&self) {
        order(Order::HangUp);
    }

    fn again(&self) {
        order(Order::Again);
    }

    fn home(&self) {
        order(Order::Home);
    }

    fn trust_relay(&self) {
        order(Order::TrustRelay);
    }

    fn set_muted(&self, on: bool) {
        order(Order::Mute(on));
    }

    fn set_camera_on(&self, on: bool) {
        order(Order::CameraOn(on));
    }

    fn talk(&self, on: bool) {
        order(Order::Talk(on));
    }

    fn choose(&self, kind: &QString, id: &QString) {
        order(Order::Choose(kind.to_string(), id.to_string()));
    }

    fn rename(&self, text: &QString) {
        order(Order::Rename(text.to_string()));
    }

    fn use_relay(&self, address: &QString) {
        order(Order::UseRelay(address.to_string()));
    }

    fn recall(&self, kind: &QString, value: &QString) {
        order(Order::Recall(kind.to_string(), value.to_string()));
    }

    fn test_echo(&self) {
        order(Order::TestEcho);
    }

    fn test_speaker(&self) {
        order(Order::TestSpeaker);
    }

    fn verify(&self, same: bool) {
        order(Order::Verify(same));
    }
}

fn classic(
    server: &QString,
    video_port: &QString,
    audio_port: &QString,
    code: &QString,
) -> Result<String, &'static str> {
    let text = |text: &QString| text.to_string();
    calling::Plan::classic(&text(server), &text(video_port), &text(audio_port), &text(code))
}

fn order(order: Order) {
    if let Some(core) = core() {
        core.calling.order(order);
    }
}
