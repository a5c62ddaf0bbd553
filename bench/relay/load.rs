//! Callers that send and measure: 50 audio packets and 30 frames a second each, 1.5 Mbit/s.
//!
//! In: a subject. Out: when each packet and frame came that had left when. All callers are in
//! this process, so that one clock stamps both ends.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use okno_relay::client::{Call, Event, Target, Trust, Want};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use crate::process::Running;
use crate::{Failure, Subject};

/// An Opus packet of 20 ms at 51 kbit/s; 16 of them are one classic chunk.
const AUDIO: usize = 128;
const AUDIO_EVERY: Duration = Duration::from_millis(20);

/// 30 of them a second are 1.5 Mbit/s.
const VIDEO: usize = 6_250;
const VIDEO_EVERY: Duration = Duration::from_nanos(33_333_333);

/// Delays in microseconds.
#[derive(Default)]
struct Recorded {
    on: bool,
    over: bool,
    audio: Vec<u32>,
    video: Vec<u32>,
}

/// What all callers measure together.
#[derive(Clone, Default)]
pub struct Samples(Arc<Mutex<Recorded>>);

fn now_ns() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    // A benchmark does not run for 584 years.
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

fn stamped(size: usize) -> Vec<u8> {
    let mut packet = vec![0x5A; size];
    if let Some(stamp) = packet.first_chunk_mut::<8>() {
        *stamp = now_ns().to_le_bytes();
    }
    packet
}

impl Samples {
    pub fn begin(&self) {
        let fresh = Recorded { on: true, ..Recorded::default() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// The delays of sound and picture, sorted.
    pub fn end(&self) -> (Vec<u32>, Vec<u32>) {
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.on = false;
        recorded.over = true;
        let (mut audio, mut video) =
            (std::mem::take(&mut recorded.audio), std::mem::take(&mut recorded.video));
        audio.sort_unstable();
        video.sort_unstable();
        (audio, video)
    }

    /// Whether anybody should still be there.
    fn going_on(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).over
    }

    fn add(&self, packet: &[u8], is_audio: bool) {
        let Some(stamp) = packet.first_chunk::<8>() else { return };
        let delay = now_ns().saturating_sub(u64::from_le_bytes(*stamp)) / 1_000;
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded.on {
            let delays = if is_audio { &mut recorded.audio } else { &mut recorded.video };
            delays.push(u32::try_from(delay).unwrap_or(u32::MAX));
        }
    }
}

/// One end of a pair.
pub enum Caller {
    /// The call protocol.
    Okno(Call),
    /// Video and audio on plain connections, as the original program.
    Streams(TcpStream, TcpStream),
}

/// A caller at work.
pub struct Task(JoinHandle<Option<Call>>, Arc<tokio::sync::Notify>);

impl Task {
    pub async fn stop(self) {
        self.1.notify_one();
        if let Ok(Some(call)) = self.0.await {
            call.hang_up(Duration::from_secs(2)).await;
        }
    }
}

impl Caller {
    /// Two callers that are joined.
    pub async fn pair(
        subject: Subject,
        number: usize,
        running: Option<&Running>,
    ) -> Result<(Self, Self), Failure> {
        match (subject, running) {
            (Subject::Direct, _) => {
                let (video_a, video_b) = direct().await?;
                let (audio_a, audio_b) = direct().await?;
                Ok((Self::Streams(video_a, audio_a), Self::Streams(video_b, audio_b)))
            }
            (Subject::Tls | Subject::Plain, Some(running)) => {
                let (address, fingerprint) = running.calls.ok_or("not an okno-relay")?;
                let trust = match subject {
                    Subject::Tls => Trust::Pinned(fingerprint),
                    _ => Trust::PlainLocal,
                };
                let (host, port) = (address.ip().to_string(), address.port());
                let target = Target { host, port, trust };
                // The relay lets one address try so often and not oftener.
                tokio::time::sleep(Duration::from_millis(1)).await;
                let one = Call::connect(target.clone(), Want::Allocate, "bench").await?;
                let two = Call::connect(target, Want::Join(one.number()), "bench").await?;
                Ok((Self::Okno(one), Self::Okno(two)))
            }
            (_, Some(running)) => {
                let (video, audio) = running.classic;
                let code = format!("pair{number:06}");
                let mut ends = Vec::new();
                for _ in 0..2 {
                    let video = classic(video, &code).await?;
                    ends.push(Self::Streams(video, classic(audio, &code).await?));
                }
                let two = ends.pop().ok_or("no end")?;
                Ok((ends.pop().ok_or("no end")?, two))
            }
            (_, None) => Err("no relay".into()),
        }
    }

    /// Starts to send and to measure. `phase` of `of` spreads the callers over time.
    pub fn start(self, phase: u32, of: usize, samples: &Samples) -> Task {
        let (samples, leave) = (samples.clone(), Arc::new(tokio::sync::Notify::new()));
        let share = f64::from(phase) / of.max(1) as f64;
        let (audio, video) = (every(AUDIO_EVERY, share), every(VIDEO_EVERY, share));
        let leaving = Arc::clone(&leave);
        let task = tokio::spawn(async move {
            match self {
                Self::Okno(mut call) => {
                    tokio::select! {
                        () = talk(&mut call, audio, video, &samples) => {}
                        () = leaving.notified() => {}
                    }
                    Some(call)
                }
                Self::Streams(video_stream, audio_stream) => {
                    tokio::select! {
                        end = stream(video_stream, audio_stream, audio, video, &samples) => {
                            if samples.going_on() {
                                eprintln!("a connection ended early: {end:?}");
                            }
                        }
                        () = leaving.notified() => {}
                    }
                    None
                }
            }
        });
        Task(task, leave)
    }
}

fn every(time: Duration, share: f64) -> Interval {
    let start = tokio::time::Instant::now() + Duration::from_millis(100) + time.mul_f64(share);
    let mut ticks = interval_at(start, time);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    ticks
}

async fn talk(call: &mut Call, mut audio: Interval, mut video: Interval, samples: &Samples) {
    let sender = call.sender();
    let mut frame = 0;
    loop {
        tokio::select! {
            event = call.next() => match event {
                Some(Event::Audio { payload, .. }) => samples.add(&payload, true),
                Some(Event::Video { payload, .. }) => samples.add(&payload, false),
                Some(Event::Ended(ended)) if samples.going_on() => {
                    return eprintln!("a call ended early: {ended:?}");
                }
                Some(_) => {}
                None => return,
            },
            _ = audio.tick() => {
                sender.audio(0, &stamped(AUDIO));
            }
            _ = video.tick() => {
                sender.video(0, frame, true, &stamped(VIDEO));
                frame = frame.wrapping_add(1);
            }
        }
    }
}

async fn stream(
    mut video_stream: TcpStream,
    mut audio_stream: TcpStream,
    mut audio: Interval,
    mut video: Interval,
    samples: &Samples,
) -> std::io::Result<()> {
    let (mut video_read, mut video_write) = video_stream.split();
    let (mut audio_read, mut audio_write) = audio_stream.split();
    let send = async {
        loop {
            tokio::select! {
                _ = audio.tick() => audio_write.write_all(&stamped(AUDIO)).await?,
                _ = video.tick() => {
                    let size = u32::try_from(VIDEO).unwrap_or_default().to_le_bytes();
                    video_write.write_all(&[&size[..], &stamped(VIDEO)].concat()).await?;
                }
            }
        }
    };
    let hear = async {
        let mut packet = [0; AUDIO];
        loop {
            audio_read.read_exact(&mut packet).await?;
            samples.add(&packet, true);
        }
    };
    let see = async {
        let mut frame = [0; 4 + VIDEO];
        loop {
            video_read.read_exact(&mut frame).await?;
            samples.add(frame.get(4..).unwrap_or_default(), false);
        }
    };
    tokio::select! { end = send => end, end = hear => end, end = see => end }
}

async fn direct() -> Result<(TcpStream, TcpStream), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let one = TcpStream::connect(listener.local_addr()?).await?;
    let (two, _) = listener.accept().await?;
    one.set_nodelay(true)?;
    two.set_nodelay(true)?;
    Ok((one, two))
}

async fn classic(address: SocketAddr, code: &str) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let length = i32::try_from(code.len())?.to_le_bytes();
    stream.write_all(&[&length[..], code.as_bytes()].concat()).await?;
    Ok(stream)
}
