//! Lip sync: the other's pictures wait until their sound is heard.
//!
//! In: opened pictures with the sender's capture times; where the sound is that leaves the
//! speaker now. Out: each picture to the window's stream at its time, or at once where there is
//! no sound to follow. A picture that comes after its sound is shown at once, unless a newer one
//! is due too; one from before a standstill is not shown if a newer one follows. Bounded:
//! [`WAITING`] pictures, [`LONGEST`]; what does not fit is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use okno_call::VideoFrame;
use okno_media::clock;
use okno_session::{Least, Stream, difference};

use super::codec::{self, Codec};
use super::link::Link;

/// Pictures that wait for their sound: half a second at 30 a second, the most that sound is late.
const WAITING: usize = 16;

/// A picture waits this long at most. Sound is up to 250 ms late by its jitter buffer and the
/// sound card; one that is later than that has stopped, and a frozen picture would be worse than
/// one that runs ahead.
const LONGEST: Duration = Duration::from_millis(400);

/// Sound and picture this close count as together: a frame of a screen.
const TOGETHER_NS: u64 = 16_000_000;

/// How long the thread rests between looks at the sound's position.
const LOOK: Duration = Duration::from_millis(8);

/// A picture that took so much longer than the quickest of late is from before a standstill. Sound
/// as old is not played either.
const OVERDUE_NS: u64 = 500_000_000;

/// How long such pictures wait for newer ones, all together: what piled up is read in less, and the
/// other end hears within a round trip that there is room again.
const CATCH_UP_NS: u64 = 500_000_000;

/// See the module.
pub struct Lipsync {
    frames: Option<Sender<(VideoFrame, u64)>>,
    oldest: Receiver<(VideoFrame, u64)>,
    counts: Arc<Counts>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the statistics say.
#[derive(Default)]
struct Counts {
    /// Pictures that were replaced by newer ones here.
    dropped: AtomicU64,
    /// Microseconds by which the last picture led its sound; [`NOTHING_HEARD`] if there was none.
    leads: AtomicI64,
}

/// No sound to compare with.
const NOTHING_HEARD: i64 = i64::MAX;

impl Lipsync {
    /// Pictures dropped, and by how many milliseconds the last one led its sound.
    pub fn figures(&self) -> (u64, Option<f64>) {
        let leads = self.counts.leads.load(Ordering::Relaxed);
        let leads = (leads != NOTHING_HEARD).then(|| leads as f64 / 1000.0);
        (self.counts.dropped.load(Ordering::Relaxed), leads)
    }

    /// Starts the thread that shows pictures on `stream`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(stream: Arc<Stream>, link: Arc<Link>) -> std::io::Result<Self> {
        let codecs = codec::all().map_err(std::io::Error::other)?;
        let mut screen = Screen { stream, codecs };
        let (frames, queue) = bounded(WAITING);
        let counts = Arc::new(Counts { leads: NOTHING_HEARD.into(), ..Counts::default() });
        let theirs_counts = Arc::clone(&counts);
        let stop = Arc::new(AtomicBool::new(false));
        let ending = Arc::clone(&stop);
        let theirs = queue.clone();
        let thread = std::thread::Builder::new()
            .name("call-lipsync".into())
            .spawn(move || run(&theirs, &mut screen, &link, &theirs_counts, &ending))?;
        Ok(Self { frames: Some(frames), oldest: queue, counts, stop, thread: Some(thread) })
    }

    /// Takes a picture; never waits. The oldest gives way where there is no room.
    pub fn take(&self, frame: VideoFrame) {
        let Some(frames) = &self.frames else { return };
        if let Err(TrySendError::Full(frame)) = frames.try_send((frame, clock::now_ns())) {
            let _ = self.oldest.try_recv();
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            let _ = frames.try_send(frame);
        }
    }
}

impl Drop for Lipsync {
    fn drop(&mut self) {
        // What waits for its sound is not waited for.
        self.stop.store(true, Ordering::Relaxed);
        drop(self.frames.take());
        while self.oldest.try_recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            // A panic has printed its message; there is nothing to add.
            let _ = thread.join();
        }
    }
}

/// When a picture is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Now,
    In(u64),
}

/// `position`: the sender's moment that is heard now; `None` while nothing is heard.
fn due(captured_ns: u64, position: Option<u64>, waited_ns: u64) -> Due {
    let longest = u64::try_from(LONGEST.as_nanos()).unwrap_or(u64::MAX);
    let Some(position) = position.filter(|_| captured_ns != 0 && waited_ns < longest) else {
        return Due::Now;
    };
    match captured_ns.saturating_sub(position) {
        ahead if ahead <= TOGETHER_NS => Due::Now,
        ahead => Due::In(ahead.min(longest - waited_ns)),
    }
}

/// Tells pictures that are late from those that were late once.
#[derive(Default)]
struct Lateness {
    /// The shortest time of late from the sender's clock to ours and over the way.
    way: Least,
    /// When the first of those came that are late now.
    late_since: Option<u64>,
}

impl Lateness {
    /// Until when a picture that came at `came` waits for a newer one: not at all unless it is
    /// from before a standstill.
    fn note(&mut self, captured_ns: u64, came: u64) -> u64 {
        if captured_ns == 0 {
            return came;
        }
        let way = difference(came, captured_ns);
        self.way.feed(way, came);
        if self.way.beyond(way) <= OVERDUE_NS {
            self.late_since = None;
            return came;
        }
        self.late_since.get_or_insert(came).saturating_add(CATCH_UP_NS)
    }
}

/// Where pictures go, and what makes them of what came.
struct Screen {
    stream: Arc<Stream>,
    codecs: Vec<Box<dyn Codec>>,
}

/// A picture, when it came, and until when it waits for a newer one.
struct Waiting {
    frame: VideoFrame,
    came: u64,
    until: u64,
}

fn run(
    queue: &Receiver<(VideoFrame, u64)>,
    screen: &mut Screen,
    link: &Link,
    counts: &Counts,
    stop: &AtomicBool,
) {
    let mut next: Option<Waiting> = None;
    let mut lateness = Lateness::default();
    let mut noted = |(frame, came): (VideoFrame, u64)| {
        let until = lateness.note(frame.captured_ns, came);
        Waiting { frame, came, until }
    };
    loop {
        let it = match next.take() {
            Some(it) => it,
            None => match queue.recv() {
                Ok(it) => noted(it),
                Err(_) => return,
            },
        };
        let now = clock::now_ns();
        match it.due(link, now) {
            Due::Now => {
                // It may have been here when this program stood still.
                let stood = now.saturating_sub(it.came) > OVERDUE_NS;
                let until = if stood { now + CATCH_UP_NS } else { it.until };
                let catches_up = now < until;
                let newer = if catches_up {
                    queue.recv_timeout(Duration::from_nanos(until - now)).ok()
                } else {
                    queue.try_recv().ok()
                };
                next = newer.map(&mut noted);
                // Of several that are due only the newest is worth decoding, unless it needs the
                // others.
                let is_replaced = next.as_ref().is_some_and(|newer| {
                    newer.frame.key && (catches_up || newer.due(link, now) == Due::Now)
                });
                if is_replaced {
                    counts.dropped.fetch_add(1, Ordering::Relaxed);
                } else {
                    screen.show(it.frame, it.came, link, counts);
                }
            }
            Due::In(ahead) => {
                std::thread::sleep(Duration::from_nanos(ahead).min(LOOK));
                next = Some(it);
                if stop.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    }
}

/// Microseconds from `heard` to `shown`.
fn lead(shown: u64, heard: u64) -> i64 {
    let apart = i64::try_from(shown.abs_diff(heard) / 1000).unwrap_or(i64::MAX - 1);
    if shown >= heard { apart } else { -apart }
}

impl Waiting {
    fn due(&self, link: &Link, now: u64) -> Due {
        due(self.frame.captured_ns, link.playout_position(now), now.saturating_sub(self.came))
    }
}

impl Screen {
    fn show(&mut self, frame: VideoFrame, came: u64, link: &Link, counts: &Counts) {
        let position = link.playout_position(clock::now_ns()).filter(|_| frame.captured_ns != 0);
        let leads = position.map_or(NOTHING_HEARD, |heard| lead(frame.captured_ns, heard));
        counts.leads.store(leads, Ordering::Relaxed);
        let number = frame.number;
        let codec = self.codecs.iter_mut().find(|codec| codec.name() == frame.codec);
        // The call hands out only what it was told that there is a codec for.
        let Some(codec) = codec else { return };
        match codec.decode(frame, came) {
            Ok(frame) => self.stream.submit(frame),
            Err(error) => log::warn!("call: picture {number} of the other end: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn a_picture_waits_for_its_sound_but_not_for_ever() {
        assert_eq!(due(1000 * MS, Some(1000 * MS), 0), Due::Now);
        assert_eq!(due(1000 * MS, Some(1100 * MS), 0), Due::Now, "late already");
        assert_eq!(due(1000 * MS, Some(940 * MS), 0), Due::In(60 * MS));
        assert_eq!(due(1000 * MS, Some(0), 100 * MS), Due::In(300 * MS), "at most so long");
        assert_eq!(due(1000 * MS, Some(0), 400 * MS), Due::Now);
        assert_eq!(due(1000 * MS, None, 0), Due::Now, "no sound to follow");
        assert_eq!(due(0, Some(5), 0), Due::Now, "an original client says no time");
    }

    #[test]
    fn pictures_from_before_a_standstill_wait_for_newer_ones_and_for_a_moment_only() {
        let mut lateness = Lateness::default();
        // The other machine's clock is hours ahead, and pictures take 50 ms, 90 now and then.
        let captured = |at: u64| 10_000_000 * MS + at * MS;
        for at in (0..3000).step_by(33) {
            let came = (at + 50 + at % 3 * 20) * MS;
            assert_eq!(lateness.note(captured(at), came), came, "at once");
        }
        // Nobody read for ten seconds; then all of it in 5 ms.
        let woke = 13_000 * MS;
        for at in (3000..12_300).step_by(33) {
            let until = lateness.note(captured(at), woke + 5 * MS);
            assert_eq!(until, woke + 5 * MS + CATCH_UP_NS, "what piled up, of {at}");
        }
        assert_eq!(lateness.note(captured(12_970), woke + 6 * MS), woke + 6 * MS, "the newest");
        // A way that became slow for good: after a moment its pictures are shown as they come.
        let slow = |at: u64| (at + 1000) * MS;
        let until = lateness.note(captured(14_000), slow(14_000));
        assert_eq!(until, slow(14_000) + CATCH_UP_NS);
        assert!(lateness.note(captured(14_600), slow(14_600)) < slow(14_600));
        // And in the end that is how it is.
        let last = (0..600)
            .map(|i| 15_000 + i * 33)
            .map(|at| (lateness.note(captured(at), slow(at)), slow(at)));
        let last = last.last().expect("many");
        assert_eq!(last.0, last.1);
        assert_eq!(lateness.note(0, 7), 7, "an original client says no time");
    }
}
