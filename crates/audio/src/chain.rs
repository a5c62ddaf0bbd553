//! Ten milliseconds of a call: everything that happens to sound between two devices, in order.
//!
//! In: the time, packets, commands. Out: packets, sound for the speaker, figures. Never: reads a
//! clock, waits, locks. Tests run hours of it in seconds.

use crate::codec::Encoder;
use crate::config::{Config, Format, Switches};
use crate::device::manager::Plug;
use crate::echo_test::Recorder;
use crate::engine::{Command, StartError};
use crate::level::{Meter, SpeechHint};
use crate::playout::{self, Playout};
use crate::processing::{Processing, Sonora};
use crate::sender::Sender;
use crate::sink::{Nowhere, Sink};
use crate::source::{Frame, Silence, Source};
use crate::status::{Statistics, Status};
use crate::{FRAME, Packet};

/// Which moment of the sender's clock is heard when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speaking {
    /// The sender's clock...
    pub(crate) captured_ns: u64,
    /// ...leaves our speaker at this moment of ours.
    pub(crate) heard_ns: u64,
}

impl Speaking {
    /// After this long without news the other side is not heard any more.
    const STALE_NS: u64 = 1_000_000_000;

    /// The sender's moment that is heard at `now_ns`.
    pub(crate) fn position(self, now_ns: u64) -> Option<u64> {
        if now_ns > self.heard_ns.saturating_add(Self::STALE_NS) {
            return None;
        }
        self.captured_ns.checked_add(now_ns)?.checked_sub(self.heard_ns)
    }
}

/// Source, processing, encoder; decoder, jitter buffer, sink.
pub(crate) struct Chain {
    source: Box<dyn Source>,
    sink: Box<dyn Sink>,
    processing: Box<dyn Processing>,
    playout: Box<dyn Playout>,
    sender: Sender,
    recorder: Recorder,
    muted: bool,
    hint: SpeechHint,
    hinting: bool,
    microphone_meter: Meter,
    speaker_meter: Meter,
    speaking: Option<Speaking>,
    skipped: u64,
}

impl Chain {
    pub(crate) fn new(
        config: &Config,
        on_packet: Box<dyn FnMut(Packet) + Send>,
    ) -> Result<Self, StartError> {
        let encoder = match config.format {
            Format::Opus => Some(Encoder::new(config.bitrate, config.dtx)?),
            Format::Classic => None,
        };
        Ok(Self {
            source: Box::new(Silence),
            sink: Box::new(Nowhere),
            processing: Box::new(Sonora::new(config.switches)),
            playout: playout::for_format(config.format)?,
            sender: Sender::new(encoder, config.sending, on_packet),
            recorder: Recorder::default(),
            muted: config.muted,
            hint: SpeechHint::default(),
            hinting: false,
            microphone_meter: Meter::default(),
            speaker_meter: Meter::default(),
            speaking: None,
            skipped: 0,
        })
    }

    /// Does what a person or the network wants.
    pub(crate) fn command(&mut self, command: Command) {
        match command {
            Command::Packet(packet, now_ns) => self.playout.receive(packet, now_ns),
            Command::Muted(muted) => self.muted = muted,
            Command::Sending(sending) => self.sender.set_sending(sending),
            Command::Switches(switches) => self.set_switches(switches),
            Command::ExpectedLoss(percent) => self.sender.expect_loss(percent),
            Command::EchoTest(true) => self.recorder.start(),
            Command::EchoTest(false) => self.recorder.stop(),
            Command::TestSpeaker => self.recorder.chime(),
        }
    }

    fn set_switches(&mut self, switches: Switches) {
        self.processing.set(switches);
    }

    /// Reads from and writes to something else from now on.
    pub(crate) fn plug(&mut self, plug: Plug) {
        match plug {
            Plug::Source(source) => self.source = source,
            Plug::Sink(sink) => self.sink = sink,
        }
    }

    /// Steps that were due and did not run.
    pub(crate) fn skipped(&mut self, steps: u64) {
        self.skipped += steps;
        self.sender.skip(steps);
    }

    /// The step that is due at `now_ns`.
    pub(crate) fn step(&mut self, now_ns: u64) {
        let speaker = self.render(now_ns);
        let mut microphone: Frame = [0.0; FRAME];
        let captured_ns = self.source.read(now_ns, &mut microphone);
        let delay_ms = self.sink.delay_ns() / 1_000_000 + self.source.delay_ms() as u64;
        // Muted or not: a canceller that stops listening has forgotten the room when it is needed.
        if self.source.has_room() {
            self.processing.process(&speaker, &mut microphone, delay_ms.min(500) as u32);
        }
        self.microphone_meter.feed(&microphone);
        self.hinting = self.hint.feed(&microphone, self.muted);
        self.recorder.record(&microphone);
        if self.muted || self.recorder.is_testing() {
            microphone.fill(0.0);
        }
        self.sender.send(&microphone, captured_ns);
    }

    /// The other side, the echo test and the chime: mixed, and on their way to the speaker.
    fn render(&mut self, now_ns: u64) -> Frame {
        let mut speaker: Frame = [0.0; FRAME];
        let captured_ns = self.playout.play(now_ns, &mut speaker);
        self.recorder.mix(&mut speaker);
        for sample in &mut speaker {
            *sample = sample.clamp(-1.0, 1.0);
        }
        self.sink.write(now_ns, &speaker);
        self.speaker_meter.feed(&speaker);
        let heard_ns = now_ns + self.sink.delay_ns();
        if let Some(captured_ns) = captured_ns {
            self.speaking = Some(Speaking { captured_ns, heard_ns });
        }
        speaker
    }

    /// Which moment of the sender is heard when.
    pub(crate) fn speaking(&self) -> Option<Speaking> {
        self.speaking
    }

    /// Writes down how things are.
    pub(crate) fn report(&self, status: &mut Status) {
        status.microphone_level = self.microphone_meter.level();
        status.speaker_level = self.speaker_meter.level();
        status.muted = self.muted;
        status.muted_while_speaking = self.hinting;
        status.echo_test = self.recorder.state();
        status.statistics = Statistics {
            sent: self.sender.sent(),
            speaker_delay_ms: self.sink.delay_ns() as f32 / 1e6,
            microphone_delay_ms: self.source.delay_ms(),
            device_slips: self.source.slips() + self.sink.slips(),
            skipped_steps: self.skipped,
            ..self.playout.figures()
        };
    }
}
