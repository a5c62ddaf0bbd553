//! The handle of a running engine: what the rest of the program talks to.
//!
//! In: commands, the other side's packets. Out: own packets through the callback, status,
//! notices. Never: waits for a device; every method returns at once and may be called from the
//! UI thread. Only dropping the engine waits, for its two threads.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, unbounded};

use crate::chain::{Chain, Speaking};
use crate::config::{Config, Input, Output, Switches};
use crate::device::manager::{Manager, Order};
use crate::status::{Notice, Status};
use crate::{Packet, worker};

/// Packets between `receive` and the audio thread, which comes by every 10 ms: five seconds of
/// sound in one burst after an outage fit. More is a flood, and is counted and dropped.
pub(crate) const PACKETS_QUEUED: usize = 256;
/// Notices kept for `take_notices`; the oldest go first.
const NOTICES_KEPT: usize = 32;

/// Why an engine did not start. Devices and files that do not work are no reason: the call goes
/// on without them, and [`Status`] says so.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system gives no thread.
    #[error("no thread for sound: {0}")]
    Thread(#[from] std::io::Error),
    /// libopus refuses the settings.
    #[error("Opus: {0}")]
    Opus(#[from] opus::Error),
}

/// What the audio thread is told.
pub(crate) enum Command {
    Packet(Packet, u64),
    Muted(bool),
    Sending(bool),
    Switches(Switches),
    ExpectedLoss(u8),
    EchoTest(bool),
    TestSpeaker,
}

/// What the threads and the handle have in common.
#[derive(Default)]
pub(crate) struct Shared {
    status: Mutex<Status>,
    speaking: Mutex<Option<Speaking>>,
    notices: Mutex<VecDeque<Notice>>,
    pub(crate) overflowed: AtomicU64,
}

/// A panic elsewhere must not take the figures with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn update(&self, change: impl FnOnce(&mut Status)) {
        change(&mut lock(&self.status));
    }

    pub(crate) fn set_speaking(&self, speaking: Option<Speaking>) {
        *lock(&self.speaking) = speaking;
    }

    pub(crate) fn notify(&self, notice: Notice) {
        log::warn!("{notice}");
        let mut notices = lock(&self.notices);
        if notices.len() == NOTICES_KEPT {
            notices.pop_front();
        }
        notices.push_back(notice);
    }
}

/// Sound in both directions, until it is dropped.
pub struct Engine {
    shared: Arc<Shared>,
    commands: Option<Sender<Command>>,
    packets: Option<Sender<Command>>,
    audio: Option<JoinHandle<()>>,
    devices: Option<Manager>,
}

impl Engine {
    /// Starts the threads `audio` and `audio-devices`; devices are opened by and by
    /// ([`Status::microphone`], [`Status::speaker`]).
    ///
    /// `on_packet` is called on the audio thread, 50 times a second (43 for
    /// [`crate::Format::Classic`]), and must not wait: hand the packet on and return.
    ///
    /// # Errors
    /// When the system gives no thread, or libopus refuses the settings.
    pub fn start(
        config: Config,
        on_packet: impl FnMut(Packet) + Send + 'static,
    ) -> Result<Self, StartError> {
        let shared = Arc::new(Shared::default());
        // Commands come from a person's clicks; only packets need a bound.
        let (commands, command_queue) = unbounded();
        let (packets, packet_queue) = bounded(PACKETS_QUEUED);
        let (plugs, plug_queue): (_, Receiver<_>) = unbounded();
        let chain = Chain::new(&config, Box::new(on_packet))?;
        let devices = Manager::start(
            config.microphone.clone(),
            config.speaker.clone(),
            plugs,
            Arc::clone(&shared),
        )?;
        let inbox =
            worker::Inbox { commands: command_queue, packets: packet_queue, plugs: plug_queue };
        let theirs = Arc::clone(&shared);
        let audio = std::thread::Builder::new()
            .name("audio".into())
            .spawn(move || worker::run(chain, &inbox, &theirs))?;
        Ok(Self {
            shared,
            commands: Some(commands),
            packets: Some(packets),
            audio: Some(audio),
            devices: Some(devices),
        })
    }

    fn tell(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // Refused only when the thread is gone, and then there is nobody to tell.
            let _ = commands.send(command);
        }
    }

    /// Takes a packet of the other side that arrived at `now_ns` (`okno_media::clock::now_ns()`).
    /// Packets may come late, twice, in any order, and from anybody: what is no sound is counted
    /// in [`crate::Statistics::invalid`].
    pub fn receive(&self, packet: Packet, now_ns: u64) {
        let Some(packets) = &self.packets else { return };
        if let Err(TrySendError::Full(_)) = packets.try_send(Command::Packet(packet, now_ns)) {
            self.shared.overflowed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Muted, packets hold silence; the level meter and the echo canceller go on.
    pub fn set_muted(&self, muted: bool) {
        self.tell(Command::Muted(muted));
    }

    /// Begins or stops to make packets.
    pub fn set_sending(&self, sending: bool) {
        self.tell(Command::Sending(sending));
    }

    /// Turns echo cancellation, noise suppression and gain control on and off.
    pub fn set_switches(&self, switches: Switches) {
        self.tell(Command::Switches(switches));
    }

    /// Tells the codec which share of our packets, in percent, the other side misses (from its
    /// receiver reports): Opus puts that much more of the previous packet into each.
    pub fn set_expected_loss(&self, percent: u8) {
        self.tell(Command::ExpectedLoss(percent));
    }

    /// Changes the microphone, in the call too.
    pub fn set_microphone(&self, microphone: Input) {
        if let Some(devices) = &self.devices {
            devices.order(Order::Microphone(microphone));
        }
    }

    /// Changes the speaker, in the call too.
    pub fn set_speaker(&self, speaker: Output) {
        if let Some(devices) = &self.devices {
            devices.order(Order::Speaker(speaker));
        }
    }

    /// Records 5 s as the other side would get them, then plays them; nothing is sent meanwhile
    /// but silence.
    pub fn start_echo_test(&self) {
        self.tell(Command::EchoTest(true));
    }

    /// Ends the echo test early.
    pub fn stop_echo_test(&self) {
        self.tell(Command::EchoTest(false));
    }

    /// Plays a short chime on the speaker.
    pub fn test_speaker(&self) {
        self.tell(Command::TestSpeaker);
    }

    /// How the engine is now. Cheap enough for four times a second and more.
    #[must_use]
    pub fn status(&self) -> Status {
        let mut status = lock(&self.shared.status).clone();
        status.statistics.overflowed = self.shared.overflowed.load(Ordering::Relaxed);
        status
    }

    /// What happened since the last time, oldest first: each is to be shown once.
    #[must_use]
    pub fn take_notices(&self) -> Vec<Notice> {
        lock(&self.shared.notices).drain(..).collect()
    }

    /// The moment of the *sender's* clock whose sound leaves our speaker at `now_ns` of our clock:
    /// show the picture that was captured then. `None` while the other side's sound is not heard.
    #[must_use]
    pub fn playout_position(&self, now_ns: u64) -> Option<u64> {
        lock(&self.shared.speaking).and_then(|speaking| speaking.position(now_ns))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.commands = None;
        self.packets = None;
        if let Some(audio) = self.audio.take()
            && audio.join().is_err()
        {
            log::error!("the audio thread panicked");
        }
        self.devices = None;
    }
}
