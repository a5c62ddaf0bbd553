//! The thread that opens, watches and closes devices.
//!
//! In: choices of microphone and speaker. Out: sources and sinks for the audio thread, their
//! state, notices. A device that fails is replaced by the default one, that by none; when the wanted
//! one is there again, it is taken again. Never: touches a sample.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use crate::config::{Input, Output};
use crate::device::host::{self, Direction};
use crate::device::open::{self, Running};
use crate::engine::Shared;
use crate::sink::{Nowhere, Sink};
use crate::source::{Silence, Source, Tone};
use crate::status::{Connection, Notice};
use crate::wav::{WavSink, WavSource};

/// How often devices are looked after; a failure is heard for so long at most.
const LOOK: Duration = Duration::from_millis(100);
/// How often the list of devices is read: for the one that is wanted, for a new default, and for the
/// one in use, since PulseAudio moves a stream from a device that goes away to another in silence.
const SEARCH: Duration = Duration::from_secs(1);
/// How long the next device waits for the one before to be closed. cpal 0.18 never comes back from
/// closing a PulseAudio speaker that the server has taken away.
const CLOSING: Duration = Duration::from_millis(500);
/// A device that moves no sample for so long has failed, whatever it says. PulseAudio suspends a
/// device for less than that when another one takes over.
const STALLED: Duration = Duration::from_secs(3);

/// What the audio thread is to read from or write to from now on.
pub(crate) enum Plug {
    Source(Box<dyn Source>),
    Sink(Box<dyn Sink>),
}

/// What the device thread is told.
pub(crate) enum Order {
    Microphone(Input),
    Speaker(Output),
}

/// The thread `audio-devices`; dropping it closes the devices and joins it.
pub(crate) struct Manager {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Manager {
    /// Opens the first two devices and goes on as it is told.
    pub(crate) fn start(
        microphone: Input,
        speaker: Output,
        plugs: Sender<Plug>,
        shared: Arc<Shared>,
    ) -> std::io::Result<Self> {
        let (orders, queue) = unbounded();
        let thread = std::thread::Builder::new()
            .name("audio-devices".into())
            .spawn(move || run(&queue, &plugs, &shared))?;
        let manager = Self { orders: Some(orders), thread: Some(thread) };
        manager.order(Order::Microphone(microphone));
        manager.order(Order::Speaker(speaker));
        Ok(manager)
    }

    /// Asks for another device.
    pub(crate) fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread for sound devices panicked");
        }
    }
}

fn run(orders: &Receiver<Order>, plugs: &Sender<Plug>, shared: &Shared) {
    let mut microphone = Side::new(Direction::Microphone);
    let mut speaker = Side::new(Direction::Speaker);
    loop {
        match orders.recv_timeout(LOOK) {
            Ok(Order::Microphone(input)) => microphone.want(input, plugs, shared),
            Ok(Order::Speaker(output)) => speaker.want(as_input(output), plugs, shared),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        microphone.look(plugs, shared);
        speaker.look(plugs, shared);
    }
    microphone.close();
    speaker.close();
}

/// Both ends are looked after by the same code.
fn as_input(output: Output) -> Input {
    match output {
        Output::Default => Input::Default,
        Output::None => Input::None,
        Output::File(path) => Input::File(path),
        Output::Device(id) => Input::Device(id),
    }
}

/// A device in use.
struct Current {
    id: String,
    name: String,
    running: Running,
    samples: u64,
    moved: Instant,
}

impl Current {
    /// Why it must be replaced, if it must.
    fn failure(&mut self) -> Option<String> {
        if let Ok(reason) = self.running.failures.try_recv() {
            return Some(reason);
        }
        let samples = self.running.counters.samples.load(Ordering::Relaxed);
        if samples != self.samples {
            (self.samples, self.moved) = (samples, Instant::now());
        }
        (self.moved.elapsed() > STALLED).then(|| "it moves no sound".to_owned())
    }
}

/// One end: what is wanted, and what there is.
struct Side {
    direction: Direction,
    wanted: Input,
    current: Option<Current>,
    /// Something else than the wanted one is in use.
    fallback: bool,
    searched: Instant,
}

impl Side {
    fn new(direction: Direction) -> Self {
        let searched = Instant::now();
        Self { direction, wanted: Input::None, current: None, fallback: false, searched }
    }

    /// Closes what is open. The sound system may take its time, but not for ever.
    fn close(&mut self) {
        if let Some(current) = self.current.take() {
            let close = move || drop(current.running);
            let _ = host::bounded_for(CLOSING, "audio-close", close);
        }
    }

    /// Takes what is wanted from now on.
    fn want(&mut self, wanted: Input, plugs: &Sender<Plug>, shared: &Shared) {
        self.plug(plugs, self.nothing());
        self.close();
        self.wanted = wanted;
        self.fallback = false;
        self.searched = Instant::now();
        let id = match &self.wanted {
            Input::Default => None,
            Input::Device(id) => Some(id.clone()),
            _ => return self.take_without_device(plugs, shared),
        };
        self.tell(shared, Connection::Opening);
        if let Err(reason) = self.open(id.as_deref(), plugs, shared) {
            let name = id.unwrap_or_else(|| "(default)".into());
            self.replace(&name, &reason, plugs, shared);
        }
    }

    /// Silence, a tone, a file.
    fn take_without_device(&mut self, plugs: &Sender<Plug>, shared: &Shared) {
        let id = self.wanted.to_string();
        let plug = match (&self.wanted, self.direction) {
            (Input::Tone, Direction::Microphone) => {
                Ok((Plug::Source(Box::new(Tone::default())), "Test tone".to_owned()))
            }
            (Input::File(path), Direction::Microphone) => {
                WavSource::open(path).map(|source| (Plug::Source(Box::new(source)), id.clone()))
            }
            (Input::File(path), Direction::Speaker) => {
                WavSink::create(path).map(|sink| (Plug::Sink(Box::new(sink)), id.clone()))
            }
            _ => return self.tell(shared, Connection::None),
        };
        match plug {
            Ok((plug, name)) => {
                self.plug(plugs, plug);
                self.tell(shared, Connection::Open { id, name, fallback: false });
            }
            Err(reason) => {
                shared.notify(self.lost(id, reason.clone(), None));
                self.tell(shared, Connection::Failed(reason));
            }
        }
    }

    /// Opens the device with this id, or the default one.
    fn open(
        &mut self,
        id: Option<&str>,
        plugs: &Sender<Plug>,
        shared: &Shared,
    ) -> Result<(), String> {
        let direction = self.direction;
        let id = id.map(str::to_owned);
        let (found, plug, running) = host::bounded("audio-open", move || {
            let Some((found, device)) = host::find(direction, id.as_deref())? else {
                return Err("there is no such device".to_owned());
            };
            let (plug, running) = open::open(direction, &device)?;
            Ok((found, plug, running))
        })??;
        let (id, name) = (found.id, found.name);
        self.plug(plugs, plug);
        self.fallback = matches!(&self.wanted, Input::Device(wanted) if *wanted != id);
        let fallback = self.fallback;
        self.tell(shared, Connection::Open { id: id.clone(), name: name.clone(), fallback });
        self.current = Some(Current { id, name, running, samples: 0, moved: Instant::now() });
        Ok(())
    }

    /// After a failure: the default device, or none.
    fn replace(&mut self, name: &str, reason: &str, plugs: &Sender<Plug>, shared: &Shared) {
        self.plug(plugs, self.nothing());
        self.close();
        self.fallback = true;
        self.searched = Instant::now();
        let now = match self.open(None, plugs, shared) {
            Ok(()) => self.current.as_ref().map(|current| current.name.clone()),
            Err(also) => {
                log::debug!("no default either: {also}");
                self.tell(shared, Connection::Failed(reason.to_owned()));
                None
            }
        };
        shared.notify(self.lost(name.to_owned(), reason.to_owned(), now));
    }

    /// Looks whether the device lives and whether a better one is there.
    fn look(&mut self, plugs: &Sender<Plug>, shared: &Shared) {
        if let Some(current) = &mut self.current
            && let Some(reason) = current.failure()
        {
            let name = current.name.clone();
            self.replace(&name, &reason, plugs, shared);
        }
        let wants_device = matches!(self.wanted, Input::Default | Input::Device(_));
        if !wants_device || self.searched.elapsed() < SEARCH {
            return;
        }
        self.searched = Instant::now();
        let Ok(Ok(devices)) = host::bounded("audio-search", host::list) else { return };
        let devices = match self.direction {
            Direction::Microphone => devices.microphones,
            Direction::Speaker => devices.speakers,
        };
        if let Some(current) = &self.current
            && !devices.iter().any(|device| device.id == current.id)
        {
            let name = current.name.clone();
            return self.replace(&name, "it was taken away", plugs, shared);
        }
        let wanted = devices.into_iter().find(|device| match &self.wanted {
            Input::Device(id) => *id == device.id,
            _ => device.is_default,
        });
        let Some(found) = wanted else { return };
        if self.current.as_ref().is_some_and(|current| current.id == found.id) {
            return;
        }
        self.plug(plugs, self.nothing());
        self.close();
        match self.open(Some(&found.id), plugs, shared) {
            Ok(()) => shared.notify(match self.direction {
                Direction::Microphone => Notice::MicrophoneBack(found.name),
                Direction::Speaker => Notice::SpeakerBack(found.name),
            }),
            Err(reason) => {
                log::debug!("{} is listed but does not open: {reason}", found.name);
                if self.open(None, plugs, shared).is_err() {
                    self.tell(shared, Connection::Failed(reason));
                }
            }
        }
    }

    fn nothing(&self) -> Plug {
        match self.direction {
            Direction::Microphone => Plug::Source(Box::new(Silence)),
            Direction::Speaker => Plug::Sink(Box::new(Nowhere)),
        }
    }

    fn plug(&self, plugs: &Sender<Plug>, plug: Plug) {
        // Refused only when the audio thread has ended, and then nobody listens.
        let _ = plugs.send(plug);
    }

    fn tell(&self, shared: &Shared, state: Connection) {
        shared.update(|status| match self.direction {
            Direction::Microphone => status.microphone = state,
            Direction::Speaker => status.speaker = state,
        });
    }

    fn lost(&self, name: String, reason: String, now: Option<String>) -> Notice {
        match self.direction {
            Direction::Microphone => Notice::MicrophoneLost { name, reason, now },
            Direction::Speaker => Notice::SpeakerLost { name, reason, now },
        }
    }
}
