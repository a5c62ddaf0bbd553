//! The thread that makes calls: holds the sound engine, the camera and the call, and brings them
//! together.
//!
//! In: orders, wishes of the call, the time. Out: views. Everything that may take a while (joining
//! threads, starting programs) happens here, and the view that a person waits for is shown before.

mod devices;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use okno_audio::{Engine, Format, Input, Output};
use okno_call::{Caller, End, Fingerprint, KnownRelays, Options, Relay, Sound};
use okno_session::{Hub, Identity, Info, Stream};

use super::camera::Camera;
use super::codec;
use super::link::{Link, Wire, Wish};
use super::lipsync::Lipsync;
use super::look::Look;
use super::plan::Plan;
use super::view::{CallView, DeviceState, DevicesView, LevelsView, State, Trust, end_number};
use super::{DEFAULT_RELAY, Desk, Given, Order};

/// Between looks at levels and figures: a meter that moves smoothly for an eye.
const TICK: Duration = Duration::from_millis(66);

/// Between looks at the list of devices while it is shown: one that was plugged in is there
/// within two seconds.
const LOOK_AGAIN: Duration = Duration::from_millis(1500);

/// The same while nobody picks one: during a call a device that went away is told by the engine.
const LOOK_SELDOM: Duration = Duration::from_secs(5);

/// Wishes that wait: the call's thread has a few each second.
const MAX_WISHES: usize = 64;

/// What is asked for of the other's pictures before the window shows them at some size.
const SHOWN: (u16, u16) = (1280, 720);

/// How many a second the window can draw.
const SHOWN_RATE: u8 = 30;

/// A window whose size is being changed is not followed at each step of the way: every size is
/// another one that the other's camera has to make.
const SETTLED: Duration = Duration::from_millis(150);

/// Pixels by which the shown size may differ from what was asked for: the shape of a scaled picture
/// is rounded.
const ROUNDING: u32 = 2;

/// Ids of choices that are no device.
const NONE: &str = "none";
const TEST: &str = "test:";

/// See the module.
pub struct Work {
    given: Given,
    hub: Arc<Hub>,
    desk: Arc<Desk>,
    link: Arc<Link>,
    wishes: (Sender<Wish>, Receiver<Wish>),
    view: CallView,
    devices: DevicesView,
    page: bool,
    /// What is being done or was done last, for "call again".
    plan: Option<Plan>,
    new_key: Option<Fingerprint>,
    camera: Option<Camera>,
    preview: Option<Arc<Stream>>,
    peer: Option<Arc<Stream>>,
    look: Option<Look>,
    looked: Option<Instant>,
    away_since: Option<Instant>,
    shown: Shown,
}

/// At what size the other's picture is shown here.
#[derive(Default)]
struct Shown {
    /// As the other end was told; `None` before it was.
    told: Option<(u32, u32)>,
    /// Another one, and since when.
    next: Option<((u32, u32), Instant)>,
}

impl Shown {
    /// What to tell the other end, if it is something new.
    fn news(&mut self, now: (u32, u32), at: Instant) -> Option<(u32, u32)> {
        let near = |a: u32, b: u32| a.abs_diff(b) <= ROUNDING;
        let is_none = |size: (u32, u32)| size.0 == 0 || size.1 == 0;
        let same = match self.told {
            // The window has not shown it yet: it may be about to.
            None => is_none(now),
            Some(told) => {
                is_none(told) == is_none(now) && near(told.0, now.0) && near(told.1, now.1)
            }
        };
        if same {
            self.next = None;
            return None;
        }
        let since = match self.next {
            Some((next, since)) if next == now => since,
            _ => {
                self.next = Some((now, at));
                at
            }
        };
        // Who looks again waits for nothing.
        let at_once = self.told.is_none_or(is_none);
        if !at_once && at.saturating_duration_since(since) < SETTLED {
            return None;
        }
        (self.told, self.next) = (Some(now), None);
        self.told
    }
}

impl Work {
    /// Checks what the command line says.
    pub fn new(given: Given, hub: Arc<Hub>, desk: Arc<Desk>) -> Result<Self, String> {
        let relay = given.relay.clone().unwrap_or_else(|| DEFAULT_RELAY.to_owned());
        relay.parse::<Relay>().map_err(|error| format!("--relay {relay}: {error}"))?;
        let microphone = given.microphone.clone().unwrap_or_default();
        microphone.parse::<Input>().map_err(|error| format!("--microphone: {error}"))?;
        let speaker = given.speaker.clone().unwrap_or_default();
        speaker.parse::<Output>().map_err(|error| format!("--speaker: {error}"))?;
        if let Some(call) = given.call.as_deref()
            && call != "start"
            && !Plan::is_invitation(call)
        {
            return Err(format!(
                "--call {call}: this is neither start, nor a code such as 7-guitar-lamp-orbit, \
                 nor a link"
            ));
        }
        let view = CallView {
            server: relay.clone(),
            relay,
            name: given.name.clone().unwrap_or_default(),
            camera_on: true,
            peer_camera_on: true,
            self_stream: -1,
            peer_stream: -1,
            ..CallView::default()
        };
        let mut devices = DevicesView::default();
        devices.camera.chosen = given.camera.clone().unwrap_or_default();
        devices.microphone.chosen = microphone;
        devices.speaker.chosen = speaker;
        Ok(Self {
            given,
            hub,
            desk,
            link: Arc::default(),
            wishes: bounded(MAX_WISHES),
            view,
            devices,
            page: false,
            plan: None,
            new_key: None,
            camera: None,
            preview: None,
            peer: None,
            look: None,
            looked: None,
            away_since: None,
            shown: Shown::default(),
        })
    }

    /// Works until the orders end.
    pub fn run(&mut self, orders: &Receiver<Order>) {
        if let Some(call) = self.given.call.clone() {
            self.prepare(if call == "start" { "" } else { &call });
            self.begin();
        }
        self.show(LevelsView::default());
        let wishes = self.wishes.1.clone();
        loop {
            let rest = if self.is_idle() {
                crossbeam_channel::never()
            } else {
                crossbeam_channel::after(TICK)
            };
            crossbeam_channel::select! {
                recv(orders) -> order => match order {
                    Ok(order) => self.obey(order),
                    Err(_) => break,
                },
                recv(wishes) -> wish => if let Ok(wish) = wish { self.grant(wish) },
                recv(rest) -> _ => {}
            }
            self.tend();
        }
        self.end_call();
        self.stop_devices();
    }

    /// Nothing moves: no need to look.
    fn is_idle(&self) -> bool {
        !self.page && matches!(self.view.state, State::Home | State::Ended)
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Open => self.page = true,
            Order::Close => {
                self.page = false;
                if self.view.state == State::Preparing {
                    self.home();
                }
            }
            Order::Prepare(invitation) => self.prepare(&invitation),
            Order::Begin => self.begin(),
            Order::HangUp => self.hang_up(),
            Order::Again => self.again(None),
            Order::TrustRelay => self.trust_relay(),
            Order::Home => self.home(),
            Order::Mute(muted) => {
                self.view.muted = muted;
                self.view.talking = false;
                self.apply_muted();
            }
            Order::Talk(on) => {
                self.view.talking = on && self.view.muted;
                self.apply_muted();
            }
            Order::CameraOn(on) => self.set_camera_on(on),
            Order::Choose(kind, id) => self.choose(&kind, id),
            Order::Recall(kind, value) => self.recall(&kind, value),
            Order::Rename(name) => self.view.name = name,
            Order::UseRelay(relay) => self.use_relay(relay),
            Order::TestEcho => {
                let running = self.devices.echo_test != 0;
                self.link.with_engine(|engine| {
                    if running { engine.stop_echo_test() } else { engine.start_echo_test() }
                });
            }
            Order::TestSpeaker => {
                self.link.with_engine(Engine::test_speaker);
            }
            Order::Verify(same) => {
                self.view.trust = if same { Trust::Same } else { Trust::Different };
                self.link.with_caller(|caller| caller.set_verified(same));
            }
        }
    }

    fn recall(&mut self, kind: &str, value: String) {
        let given = match kind {
            "name" => &self.given.name,
            "relay" => &self.given.relay,
            "camera" => &self.given.camera,
            "microphone" => &self.given.microphone,
            _ => &self.given.speaker,
        };
        if given.is_some() || self.view.state != State::Home {
            return;
        }
        match kind {
            "name" => self.view.name = value,
            "relay" => self.use_relay(value),
            _ => self.choose(kind, value),
        }
    }

    fn use_relay(&mut self, relay: String) {
        // One that can't be read is refused where it is used, with a reason.
        self.view.relay = relay;
        self.view.relay_state = DeviceState::Unknown;
    }

    fn choose(&mut self, kind: &str, id: String) {
        match kind {
            "camera" => {
                if self.devices.camera.chosen != id {
                    self.devices.camera.chosen = id;
                    self.devices.camera.state = DeviceState::Unknown;
                    if self.camera.is_some() || self.preview.is_some() {
                        self.start_camera();
                    }
                }
            }
            "microphone" => {
                if let Ok(input) = id.parse::<Input>() {
                    self.devices.microphone.chosen = id;
                    self.link.with_engine(|engine| engine.set_microphone(input));
                }
            }
            "speaker" => {
                if let Ok(output) = id.parse::<Output>() {
                    self.devices.speaker.chosen = id;
                    self.link.with_engine(|engine| engine.set_speaker(output));
                }
            }
            other => log::error!("no such kind of device: {other}"),
        }
    }

    // ---- From the first page to the call -----------------------------------------------------

    fn prepare(&mut self, invitation: &str) {
        self.end_call();
        let plan = Plan::read(invitation, &self.view.relay);
        self.clean();
        match plan {
            Ok(plan) => self.get_ready(plan),
            Err(end) => self.ended(&end),
        }
    }

    /// Shows what call it will be, and tries the devices.
    fn get_ready(&mut self, plan: Plan) {
        self.view.server = plan.server();
        self.view.joining = plan.is_joining();
        self.view.classic = plan.is_classic();
        self.view.code = plan.code();
        self.plan = Some(plan);
        self.view.state = State::Preparing;
        self.start_devices();
    }

    /// Forgets the call before.
    fn clean(&mut self) {
        let kept = std::mem::take(&mut self.view);
        self.view = CallView {
            relay: kept.relay,
            server: kept.server,
            name: kept.name,
            muted: kept.muted,
            camera_on: kept.camera_on,
            self_stream: kept.self_stream,
            peer_camera_on: true,
            peer_stream: -1,
            ..CallView::default()
        };
        self.away_since = None;
    }

    fn begin(&mut self) {
        let Some(plan) = self.plan.clone() else { return };
        if self.view.state != State::Preparing {
            return;
        }
        if let Err(error) = self.open_peer() {
            self.ended(&End::Protocol(format!("no thread for pictures: {error}")));
            return;
        }
        let options = Options {
            name: self.view.name.clone(),
            muted: self.view.muted,
            camera_on: self.sends_pictures(),
            microphone: self.devices.microphone.state != DeviceState::Absent,
            known_relays: self.given.known_relays.clone(),
            video_codecs: codec::BESIDES_JPEG,
            ..Options::default()
        };
        let wire = Wire { link: Arc::clone(&self.link), wishes: self.wishes.0.clone() };
        let kick = self.wishes.0.clone();
        let on_change = move || {
            // A full queue means that it will look anyway.
            let _ = kick.try_send(Wish::Look);
        };
        let caller = plan.begin(options, Box::new(wire), on_change);
        caller.show_video(SHOWN.0, SHOWN.1, SHOWN_RATE);
        self.shown = Shown::default();
        self.link.set_caller(Some(caller));
        self.view.state = State::Connecting;
        self.apply_muted();
    }

    fn open_peer(&mut self) -> std::io::Result<()> {
        let stream = self.open_hidden("call: the other person");
        if let Some(stream) = &stream {
            let lipsync = Lipsync::start(Arc::clone(stream), Arc::clone(&self.link))?;
            self.link.set_lipsync(Some(lipsync));
        }
        self.view.peer_stream = stream_number(stream.as_ref());
        self.peer = stream;
        Ok(())
    }

    fn open_hidden(&self, name: &str) -> Option<Arc<Stream>> {
        let info = Info { name: name.to_owned(), hidden: true, ..Info::default() };
        let stream = self.hub.open(Identity::Name(name.to_owned()), info);
        if stream.is_none() {
            log::error!("{name}: there are too many streams");
        }
        stream
    }

    fn close_hidden(&self, stream: &Arc<Stream>) {
        self.hub.close(stream, "the call is over");
        self.hub.forget(stream.id());
    }

    /// The relay's key of now is written down in place of the one before.
    fn trust_relay(&mut self) {
        let (Some(key), Some(plan)) = (self.new_key.take(), &self.plan) else { return };
        if let (Some(path), Some(relay)) = (&self.given.known_relays, plan.relay())
            && let Err(error) = KnownRelays::at(path).trust(relay, key)
        {
            log::error!("the relay's key can't be written to {}: {error}", path.display());
        }
        self.again(Some(key));
    }

    fn again(&mut self, key: Option<Fingerprint>) {
        let Some(mut plan) = self.plan.clone() else { return self.home() };
        if let Some(key) = key {
            plan.trust(key);
        }
        // A code that was joined with is used up; only the waiting side can begin anew.
        self.end_call();
        self.clean();
        self.get_ready(plan);
    }

    fn home(&mut self) {
        self.end_call();
        self.clean();
        self.view.state = State::Home;
        self.show(LevelsView::default());
        self.stop_devices();
    }

    fn hang_up(&mut self) {
        if !(State::Connecting..=State::Reconnecting).contains(&self.view.state) {
            return;
        }
        self.link.with_caller(Caller::hang_up);
        self.ended(&End::HungUp);
    }

    /// The call is over: says so first, then takes everything down.
    fn ended(&mut self, end: &End) {
        log::info!("the call ended: {} {}", end.name(), end.detail());
        self.desk.count_end(end);
        self.view.state = State::Ended;
        self.view.end = end_number(end);
        self.view.message = end.detail();
        self.view.peer_stream = -1;
        self.view.self_stream = -1;
        self.view.hint = 0;
        self.view.talking = false;
        if let End::RelayKeyChanged { seen, .. } = end {
            self.view.relay_key = seen.clone();
            self.new_key = seen.parse().ok();
        }
        self.show(LevelsView::default());
        self.end_call();
        self.stop_devices();
    }

    fn end_call(&mut self) {
        drop(self.link.set_lipsync(None));
        drop(self.link.set_caller(None));
        if let Some(peer) = self.peer.take() {
            self.close_hidden(&peer);
        }
        self.view.peer_stream = -1;
        while self.wishes.1.try_recv().is_ok() {}
    }

    // ---- What the call wants ---------------------------------------------------------------

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Look => {}
            Wish::Start(sound) => {
                if sound == Sound::Pcm44 {
                    self.start_engine(Format::Classic);
                }
                self.apply_muted();
                self.link.with_engine(|engine| engine.set_sending(true));
                self.tell_camera(self.sends_pictures());
            }
            Wish::Stop => {
                self.link.with_engine(|engine| engine.set_sending(false));
            }
        }
    }
}

fn stream_number(stream: Option<&Arc<Stream>>) -> i32 {
    stream.map_or(-1, |stream| i32::try_from(stream.id().0).unwrap_or(-1))
}

fn seconds(seconds: u64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// Six digits in two groups.
fn grouped(digits: &str) -> String {
    match digits.split_at_checked(3) {
        Some((first, rest)) if !rest.is_empty() => format!("{first} {rest}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_once_it_has_settled_and_a_picture_that_is_seen_again_at_once() {
        let mut shown = Shown::default();
        let begin = Instant::now();
        let at = |ms: u64| begin + Duration::from_millis(ms);
        assert_eq!(shown.news((0, 0), at(0)), None, "not shown yet");
        assert_eq!(shown.news((640, 360), at(10)), Some((640, 360)));
        assert_eq!(shown.news((641, 361), at(20)), None, "rounding");
        for step in 0..20 {
            let size = (700 + step, 400);
            assert_eq!(shown.news(size, at(100 + 66 * u64::from(step))), None, "being dragged");
        }
        assert_eq!(shown.news((719, 400), at(1_510)), Some((719, 400)));
        assert_eq!(shown.news((0, 0), at(1_600)), None);
        assert_eq!(shown.news((0, 0), at(1_800)), Some((0, 0)), "hidden");
        assert_eq!(shown.news((719, 400), at(1_810)), Some((719, 400)));
    }
}
