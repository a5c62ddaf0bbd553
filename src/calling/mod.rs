//! Calls: camera, sound and the call itself behind one door for the window.
//!
//! In: orders from the window or the command line. Out: views of the call, the devices and the
//! levels, and word to the window when one of them changed. Never waits on behalf of the UI
//! thread: orders are queued, and one thread carries them out.

mod camera;
mod codec;
mod link;
mod lipsync;
mod look;
mod plan;
mod view;
mod work;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, bounded};
use okno_session::Hub;
use serde::Serialize;

use link::lock;
pub use plan::Plan;
pub use view::{CallView, DevicesView, Kind, LevelsView};
use work::Work;

/// Where a relay is unless told otherwise: on this machine.
pub const DEFAULT_RELAY: &str = "127.0.0.1:12350";

/// Orders that wait for the thread, which takes them at once: more means that something hangs.
const MAX_ORDERS: usize = 64;

/// What the command line says about calls.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Relay.
    pub relay: Option<String>,
    /// Camera, as `opencv-sender --input` takes it, or `none`.
    pub camera: Option<String>,
    /// Microphone.
    pub microphone: Option<String>,
    /// Speaker.
    pub speaker: Option<String>,
    /// Our name.
    pub name: Option<String>,
    /// `start`, a code or a link: begin at once.
    pub call: Option<String>,
    /// The sound as the microphone gives it.
    pub raw_sound: bool,
    /// Where the keys of relays are kept.
    pub known_relays: Option<PathBuf>,
}

/// What can be asked for.
#[derive(Clone, Debug)]
pub enum Order {
    /// The page of calls is shown.
    Open,
    /// It is left.
    Close,
    /// Camera and microphone are tried; the invitation to join with, or nothing to start a call.
    Prepare(String),
    /// The call begins.
    Begin,
    /// It ends, or is not begun.
    HangUp,
    /// The same again, after the end.
    Again,
    /// Back to the first page.
    Home,
    /// The relay's new key is the right one.
    TrustRelay,
    /// See [`CallView::muted`].
    Mute(bool),
    /// See [`CallView::camera_on`].
    CameraOn(bool),
    /// See [`CallView::talking`].
    Talk(bool),
    /// A device: kind and id.
    Choose(String, String),
    /// A choice of the last time, which the command line overrules.
    Recall(String, String),
    /// Our name.
    Rename(String),
    /// The relay to use.
    UseRelay(String),
    /// Begins or ends the echo test.
    TestEcho,
    /// Plays a sound.
    TestSpeaker,
    /// The safety codes are the same, or not.
    Verify(bool),
}

/// What changed.
#[derive(Clone, Debug)]
pub enum Word {
    /// [`CallView`].
    Call(CallView),
    /// [`DevicesView`].
    Devices(DevicesView),
    /// [`LevelsView`].
    Levels(LevelsView),
    /// A device went away: kind, name, what is used instead (may be empty).
    Lost(String, String, String),
}

/// Takes word to the window's thread; `false` when its object is gone.
pub type OnWord = Box<dyn Fn(Word) -> bool + Send>;

/// The last views, and who wants to know.
#[derive(Default)]
pub struct Desk {
    last: Mutex<(CallView, DevicesView, LevelsView)>,
    readers: Mutex<Vec<OnWord>>,
    figures: Mutex<Option<Figures>>,
}

impl Desk {
    /// Keeps a view, and tells of it if it is another one than before.
    pub fn show(&self, call: CallView, devices: DevicesView, levels: LevelsView) {
        let mut last = lock(&self.last);
        let mut words = Vec::new();
        if last.0 != call {
            last.0 = call.clone();
            words.push(Word::Call(call));
        }
        if last.1 != devices {
            last.1 = devices.clone();
            words.push(Word::Devices(devices));
        }
        if last.2 != levels {
            last.2 = levels;
            words.push(Word::Levels(levels));
        }
        drop(last);
        words.into_iter().for_each(|word| self.tell(word));
    }

    /// Keeps the newest figures.
    pub fn count(&self, figures: Figures) {
        *lock(&self.figures) = Some(figures);
    }

    /// The call ended, for this reason.
    pub fn count_end(&self, end: &okno_call::End) {
        let mut figures = lock(&self.figures);
        let figures = figures.get_or_insert_default();
        figures.state = "ended";
        figures.end = Some(end.name());
    }

    /// Tells everybody who wants to know.
    pub fn tell(&self, word: Word) {
        lock(&self.readers).retain(|reader| reader(word.clone()));
    }
}

/// What the statistics say of a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    state: &'static str,
    end: Option<&'static str>,
    seconds: f64,
    round_trip_ms: Option<f64>,
    muted: bool,
    camera_on: bool,
    peer_muted: bool,
    peer_camera_on: bool,
    audio_sent: u64,
    audio_received: u64,
    audio_missing: u64,
    audio_buffer_ms: f64,
    /// How long a packet should wait in the jitter buffer.
    audio_target_ms: f64,
    /// From the microphone to the packet.
    microphone_ms: f64,
    /// From the mixer to what leaves the speaker.
    speaker_ms: f64,
    /// Samples that a device lost or did not get in time.
    device_slips: u64,
    video_sent: u64,
    video_received: u64,
    video_dropped: u64,
    /// What pictures are sent at most: size and frames a second; 0: none are wanted.
    video_width: u16,
    video_height: u16,
    video_rate: u8,
    /// From the other's camera to this screen, in milliseconds: half and 95 of a hundred pictures
    /// lately took no longer.
    picture_p50_ms: Option<f64>,
    picture_p95_ms: Option<f64>,
    /// What makes the call worse, if anything does.
    trouble: Option<&'static str>,
    /// Pictures shown late or not at all because newer ones were due with their sound.
    lipsync_dropped: u64,
    /// Part of the picture that leads its sound, in milliseconds; negative: it lags.
    picture_leads_ms: Option<f64>,
    resumed: u64,
    forged: u64,
    replayed: u64,
    flooded: u64,
}

/// See the module.
pub struct Calling {
    orders: Mutex<Option<Sender<Order>>>,
    desk: Arc<Desk>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Calling {
    /// Starts the thread. Nothing is opened before a call is prepared.
    ///
    /// # Errors
    /// What the command line says can't be: a sentence for a person.
    pub fn start(given: Given, hub: Arc<Hub>) -> Result<Self, String> {
        let (orders, queue) = bounded(MAX_ORDERS);
        let desk = Arc::new(Desk::default());
        let mut work = Work::new(given, hub, Arc::clone(&desk))?;
        let thread = std::thread::Builder::new()
            .name("calling".into())
            .spawn(move || work.run(&queue))
            .map_err(|error| format!("no thread for calls: {error}"))?;
        Ok(Self { orders: Mutex::new(Some(orders)), desk, thread: Mutex::new(Some(thread)) })
    }

    /// Ends the call, camera and sound, and joins the threads.
    pub fn close(&self) {
        drop(lock(&self.orders).take());
        if let Some(thread) = lock(&self.thread).take()
            && thread.join().is_err()
        {
            log::error!("the thread of calls ended by a panic; its message is above");
        }
    }

    /// Has something done. What comes of it is in a view.
    pub fn order(&self, order: Order) {
        if let Some(orders) = lock(&self.orders).as_ref()
            && orders.try_send(order).is_err()
        {
            log::error!("calls take no orders any more; please restart Okno");
        }
    }

    /// For the statistics; `None` before the first call.
    pub fn figures(&self) -> Option<Figures> {
        lock(&self.desk.figures).clone()
    }

    /// Tells `reader` of everything from now on; gives what there is now.
    pub fn attach(&self, reader: OnWord) -> (CallView, DevicesView, LevelsView) {
        lock(&self.desk.readers).push(reader);
        lock(&self.desk.last).clone()
    }
}

/// The modules of a text's QR code: a line for each row, "1" for black; empty if it is too long.
pub fn qr(text: &str) -> String {
    let Ok(code) = qrcode::QrCode::new(text) else { return String::new() };
    let dark: Vec<char> = code
        .to_colors()
        .into_iter()
        .map(|color| if color == qrcode::Color::Dark { '1' } else { '0' })
        .collect();
    let rows: Vec<String> = dark.chunks(code.width()).map(|row| row.iter().collect()).collect();
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_square_and_has_its_corners() {
        let rows: Vec<String> = qr("okno://call?code=7-a-b-c").lines().map(str::to_owned).collect();
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
        assert!(rows[0].starts_with("1111111") && rows[0].ends_with("1111111"));
        assert_eq!(qr(&"x".repeat(5000)), "", "too long for any");
    }
}
