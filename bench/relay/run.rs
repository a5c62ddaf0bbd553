//! The measurement: all callers send by plan and receive, in one thread.
//!
//! In: connections with all their bytes, and when each packet is due. Out: the delays of the
//! packets that arrived at the callers that look, from when they were due; how many bytes arrived
//! at all; how late and how busy this thread itself was. Each packet is one write, as a caller's
//! would be, unless the connection was full. Callers that don't look have what arrived thrown away
//! by the kernel, which costs them a system call and nothing else.

use std::io::{ErrorKind, Write as _};
use std::time::{Duration, Instant};

use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::net::RecvFlags;

use crate::Failure;
use crate::connect::Line;
use crate::plan::{Due, Media, Unpacker};

/// Time before the first packet, for relays that are still joining.
const LEAD: Duration = Duration::from_millis(500);
/// Time after the last one, for what is still on its way.
const TAIL: Duration = Duration::from_millis(1_000);
/// Packets that are sent before a look at what has arrived.
const SEND_AT_ONCE: usize = 32;
/// With nothing to do it lets others have its core now and then, for the shortest time that epoll
/// knows: a thread that never does is stopped for 50 ms of each second if it has real-time priority.
const REST_EVERY: Duration = Duration::from_millis(1);
const REST: Duration = Duration::from_millis(1);
/// Connections that are looked at before a look at what is due.
const RECEIVE_AT_ONCE: usize = 32;

/// A connection at work.
pub struct Flow {
    line: Line,
    bytes: Vec<u8>,
    sent: usize,
    due: usize,
    /// `None`: nobody looks at what arrives.
    look: Option<Unpacker>,
}

impl Flow {
    pub fn new(mut line: Line, bytes: Vec<u8>, look: bool) -> Self {
        let records = std::mem::take(&mut line.records);
        let look = look.then(|| Unpacker::new(line.framing, records));
        Self { line, bytes, sent: 0, due: 0, look }
    }
}

/// What was seen. Delays are in microseconds.
#[derive(Default)]
pub struct Seen {
    pub audio: Vec<u32>,
    pub video: Vec<u32>,
    pub bytes_sent: u64,
    pub bytes_arrived: u64,
    /// How long after it was due each packet was written, sorted.
    pub lag: Vec<u32>,
    /// Part of the time, from the first packet to the last, in which this thread had work.
    pub busy: f64,
}

struct Run {
    flows: Vec<Flow>,
    from: u64,
    start: Instant,
    seen: Seen,
    buffer: Vec<u8>,
}

fn micros(nanos: u64) -> u32 {
    u32::try_from(nanos / 1_000).unwrap_or(u32::MAX)
}

/// Sends and receives everything. Packets that are due before `from` warm up and are not measured.
/// The connections are given back open, so that what a relay holds for them can be measured.
pub fn run(
    flows: Vec<Flow>,
    mut dues: Vec<Due>,
    from: Duration,
) -> Result<(Seen, Vec<Flow>), Failure> {
    dues.sort_unstable_by_key(|due| due.at);
    let poll = epoll::create(CreateFlags::CLOEXEC)?;
    for (number, flow) in (0..).zip(&flows) {
        flow.line.stream.set_nonblocking(true)?;
        let events = EventFlags::IN | EventFlags::OUT | EventFlags::ET;
        epoll::add(&poll, &flow.line.stream, EventData::new_u64(number), events)?;
    }
    let last = Duration::from_nanos(dues.last().map_or(0, |due| due.at));
    let mut run = Run {
        flows,
        from: from.as_nanos() as u64,
        start: Instant::now() + LEAD,
        seen: Seen::default(),
        buffer: vec![0; 64 << 10],
    };
    let mut events = Vec::with_capacity(RECEIVE_AT_ONCE);
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let rest = Timespec { tv_sec: 0, tv_nsec: REST.as_nanos() as i64 };
    let mut rested = Instant::now();
    let mut dues = dues.into_iter().peekable();
    let mut busy = Duration::ZERO;
    while run.start.elapsed() < last + TAIL {
        let begin = Instant::now();
        let mut worked = false;
        for _ in 0..SEND_AT_ONCE {
            let now = run.start.elapsed().as_nanos() as u64;
            let Some(due) = dues.next_if(|due| due.at <= now && now > 0) else { break };
            worked = true;
            if due.at >= run.from {
                run.seen.lag.push(micros(now - due.at));
            }
            run.send(due.line, Some(due.end))?;
        }
        // It hardly sleeps: being woken would cost the relay's core an interrupt to this one for
        // each packet, which no network card asks for.
        let wait = if !worked && begin.duration_since(rested) >= REST_EVERY {
            rested = begin;
            &rest
        } else {
            &at_once
        };
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), Some(wait))?;
        for event in events.drain(..) {
            worked = true;
            let line = u32::try_from(event.data.u64())?;
            let flags = event.flags;
            if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                run.receive(line)?;
            }
            if flags.contains(EventFlags::OUT) {
                run.send(line, None)?;
            }
        }
        if worked {
            busy += begin.elapsed();
        }
    }
    let Run { mut seen, flows, .. } = run;
    // Before the first packet and after the last one there was nothing to do.
    seen.busy = busy.as_secs_f64() / last.as_secs_f64().max(1e-3);
    for delays in [&mut seen.audio, &mut seen.video, &mut seen.lag] {
        delays.sort_unstable();
    }
    Ok((seen, flows))
}

impl Run {
    /// Sends what is due on a connection, as far as it takes it.
    fn send(&mut self, line: u32, due: Option<usize>) -> Result<(), Failure> {
        let flow = self.flows.get_mut(line as usize).ok_or("no such connection")?;
        flow.due = due.unwrap_or(flow.due);
        let Some(part) = flow.bytes.get(flow.sent..flow.due).filter(|part| !part.is_empty()) else {
            return Ok(());
        };
        match flow.line.stream.write(part) {
            Ok(count) => {
                flow.sent += count;
                self.seen.bytes_sent += count as u64;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(format!("connection {line} can't be written to: {error}").into()),
        }
    }

    /// Takes everything that has arrived on a connection.
    fn receive(&mut self, line: u32) -> Result<(), Failure> {
        let flow = self.flows.get_mut(line as usize).ok_or("no such connection")?;
        let flags = if flow.look.is_some() { RecvFlags::empty() } else { RecvFlags::TRUNC };
        loop {
            let count = match rustix::net::recv(&flow.line.stream, &mut self.buffer[..], flags) {
                Ok((_, count)) => count,
                Err(rustix::io::Errno::AGAIN) => return Ok(()),
                Err(error) => {
                    return Err(format!("connection {line} can't be read: {error}").into());
                }
            };
            if count == 0 {
                return Err(format!("connection {line} was closed").into());
            }
            self.seen.bytes_arrived += count as u64;
            if let Some(look) = &mut flow.look {
                let (from, now) = (self.from, self.start.elapsed().as_nanos() as u64);
                let (audio, video) = (&mut self.seen.audio, &mut self.seen.video);
                let read = self.buffer.get(..count).unwrap_or_default();
                look.take(read, flow.line.tls.as_mut(), |media, at| {
                    if at >= from {
                        let delays = if media == Media::Audio { &mut *audio } else { &mut *video };
                        delays.push(micros(now.saturating_sub(at)));
                    }
                })?;
            }
            // Less than there was room for: all that there was.
            if count < self.buffer.len() {
                return Ok(());
            }
        }
    }
}
