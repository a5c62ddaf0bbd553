//! A relay that does what no relay should, on real sockets.
//!
//! It speaks the call protocol well enough to join two callers, and then alters, repeats, swaps,
//! delays, cuts or invents what goes between them, or makes keys of its own with each side.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use okno_call::Code;
use okno_media::clock::now_ns;
use okno_relay::proto::call_hello::Want;
use okno_relay::proto::peer_state::Presence;
use okno_relay::proto::relay_message::Message;
use okno_relay::proto::{CallRole, Joined, PeerState};
use okno_relay::record::{self, Kind, MAGIC, Reader, Record};
use okno_session::call::{Call, Effect, Header, Kind as Sealed, Phase, Report, Role, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What it does once the two are joined and its switch is on.
#[derive(Clone)]
pub enum Malice {
    /// Hands everything on.
    None,
    /// Flips a bit in each record of a kind.
    Alter(Kind),
    /// Sends each record of a kind again, some time later.
    Replay(Kind),
    /// Sends records of a kind in pairs, the second first.
    Swap(Kind),
    /// Hands everything on later, so much at most.
    Delay(Duration),
    /// Cuts the end off each record of a kind.
    Truncate(Kind),
    /// Drops control packets.
    Mute,
    /// Adds as many records as the connection takes: inventions and repetitions.
    Flood,
    /// Adds messages that announce 4 GiB.
    Huge,
    /// Makes keys with each side, with a code of its own.
    Middle(Code),
}

/// See the module; ends when dropped.
pub struct Hostile {
    runtime: Option<tokio::runtime::Runtime>,
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    malice: Malice,
    on: AtomicBool,
    sent: AtomicU64,
    /// Everything that went through it.
    seen: Mutex<Vec<u8>>,
    /// What it could open, as the one in the middle.
    opened: Mutex<Vec<Vec<u8>>>,
    /// The phases and safety codes of its own two calls.
    calls: Mutex<[Option<(Phase, String)>; 2]>,
}

impl Hostile {
    /// `on`: from the first record; else after [`Hostile::begin`].
    pub fn start(malice: Malice, on: bool) -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let shared = Arc::new(Shared {
            malice,
            on: AtomicBool::new(on),
            sent: AtomicU64::new(0),
            seen: Mutex::default(),
            opened: Mutex::default(),
            calls: Mutex::default(),
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let work = Arc::clone(&shared);
        runtime.spawn(async move {
            let first = greet(listener.accept().await.unwrap().0, CallRole::Caller, false).await;
            let second = greet(listener.accept().await.unwrap().0, CallRole::Callee, true).await;
            join(first, second, work).await;
        });
        Self { runtime: Some(runtime), address, shared }
    }

    pub fn begin(&self) {
        self.shared.on.store(true, Ordering::SeqCst);
    }

    /// Records that it added.
    pub fn added(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    pub fn seen(&self) -> Vec<u8> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub fn opened(&self) -> Vec<Vec<u8>> {
        self.shared.opened.lock().unwrap().clone()
    }

    /// The phase and safety code of its call with the caller (0) or the callee (1).
    pub fn call(&self, with: usize) -> Option<(Phase, String)> {
        self.shared.calls.lock().unwrap()[with].clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_timeout(Duration::from_secs(1));
    }
}

type Ends = (OwnedReadHalf, OwnedWriteHalf, Reader);

/// Lets a caller in.
async fn greet(stream: TcpStream, role: CallRole, peer_present: bool) -> Ends {
    let (mut read, mut write) = stream.into_split();
    let mut magic = [0; MAGIC.len()];
    read.read_exact(&mut magic).await.unwrap();
    let mut reader = Reader::default();
    let hello = next(&mut read, &mut reader).await.unwrap();
    let number = match reader.message(&hello) {
        Ok(Some(Message::Hello(hello))) => match hello.want {
            Some(Want::Join(number)) => number,
            _ => 7,
        },
        other => panic!("{other:?}"),
    };
    let joined = Joined {
        number,
        role: role as i32,
        resume_token: vec![1; 16].into(),
        peer_present,
        resumed: false,
        resume_seconds: 60,
        wait_seconds: 600,
    };
    write.write_all(&record::encode(Message::Joined(joined))).await.unwrap();
    (read, write, reader)
}

async fn next(read: &mut OwnedReadHalf, reader: &mut Reader) -> Option<Record> {
    loop {
        if let Some(record) = reader.take_record().unwrap() {
            return Some(record);
        }
        match read.read(reader.room()).await {
            Ok(count @ 1..) => reader.filled(count),
            _ => return None,
        }
    }
}

async fn join(first: Ends, second: Ends, shared: Arc<Shared>) {
    let (to_first, out_first) = unbounded_channel();
    let (to_second, out_second) = unbounded_channel();
    let ((read_first, write_first, first), (read_second, write_second, second)) = (first, second);
    tokio::spawn(write(write_first, out_first));
    tokio::spawn(write(write_second, out_second));
    let present = PeerState {
        presence: Presence::Present as i32,
        seconds: 0,
        resumed: false,
        resume_token: Vec::new().into(),
    };
    let _ = to_first.send(record::encode(Message::PeerState(present)).to_vec());
    if let Malice::Middle(code) = shared.malice.clone() {
        let ends = [(read_first, first), (read_second, second)];
        return middle(ends, [to_first, to_second], &code, &shared).await;
    }
    let one = forward(read_first, first, [to_first.clone(), to_second.clone()], &shared);
    let two = forward(read_second, second, [to_second, to_first], &shared);
    tokio::join!(one, two);
}

async fn write(mut write: OwnedWriteHalf, mut records: UnboundedReceiver<Vec<u8>>) {
    while let Some(record) = records.recv().await {
        if write.write_all(&record).await.is_err() {
            return;
        }
    }
}

type Out = UnboundedSender<Vec<u8>>;

fn answer_ping(record: &Record, reader: &Reader, back: &Out) {
    if record.header.kind == Kind::Message
        && let Ok(Some(Message::Ping(number))) = reader.message(record)
    {
        let _ = back.send(record::encode(Message::Pong(number)).to_vec());
    }
}

/// `out`: back to the sender, and on to the other one.
async fn forward(mut read: OwnedReadHalf, mut reader: Reader, out: [Out; 2], shared: &Shared) {
    let [back, on] = out;
    let mut held: Option<Vec<u8>> = None;
    let mut old: VecDeque<Vec<u8>> = VecDeque::new();
    while let Some(record) = next(&mut read, &mut reader).await {
        if record.header.kind == Kind::Message {
            answer_ping(&record, &reader, &back);
            continue;
        }
        shared.seen.lock().unwrap().extend_from_slice(&record.bytes);
        let mut bytes = record.bytes.to_vec();
        let kind = record.header.kind;
        if !shared.on.load(Ordering::SeqCst) {
            let _ = on.send(bytes);
            continue;
        }
        match &shared.malice {
            Malice::Alter(which) if *which == kind => {
                let last = bytes.len() - 1;
                bytes[last - (last - 10) / 2] ^= 0x10;
            }
            Malice::Truncate(which) if *which == kind => {
                let short = record.payload();
                let short = &short[..short.len() - short.len().min(5)];
                let header = record.header;
                bytes = Record::new(kind, header.flags, header.stream, header.frame, short)
                    .unwrap()
                    .bytes
                    .to_vec();
            }
            Malice::Replay(which) if *which == kind => {
                old.push_back(bytes.clone());
                if old.len() > 5 {
                    let _ = on.send(old.pop_front().unwrap());
                    shared.sent.fetch_add(1, Ordering::Relaxed);
                }
            }
            Malice::Swap(which) if *which == kind => match held.take() {
                None => {
                    held = Some(bytes);
                    continue;
                }
                Some(first) => {
                    let _ = on.send(bytes);
                    bytes = first;
                }
            },
            Malice::Delay(most) => tokio::time::sleep(most.mul_f64(0.1)).await,
            Malice::Mute if kind == Kind::Control => continue,
            Malice::Flood => flood(&bytes, &on, shared),
            Malice::Huge => huge(&on),
            _ => {}
        }
        let _ = on.send(bytes);
    }
}

/// A thousand repetitions of this record, and one invention.
fn flood(bytes: &[u8], on: &Out, shared: &Shared) {
    let _ = on.send(bytes.repeat(1_000));
    shared.sent.fetch_add(1_000, Ordering::Relaxed);
}

/// Control packets whose protobuf announces 4 GiB, and a message of the relay that does.
fn huge(on: &Out) {
    let announced = [0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3];
    let control = Record::new(Kind::Control, 0, 0, 0, &announced).unwrap();
    let _ = on.send(control.bytes.to_vec());
}

/// Makes keys with each side, and reads and writes between.
async fn middle(
    ends: [(OwnedReadHalf, Reader); 2],
    out: [Out; 2],
    code: &Code,
    shared: &Arc<Shared>,
) {
    let settings = Settings {
        name: "Mallory".into(),
        muted: false,
        microphone: true,
        camera_on: true,
        video_codecs: &[],
    };
    let mut calls = [Call::new(settings.clone()), Call::new(settings)];
    let roles = [Role::Callee, Role::Caller];
    for (call, role) in calls.iter_mut().zip(roles) {
        let report = Report::Joined { role, code: code.clone(), peer_present: true };
        call.report(report, now_ns());
    }
    let (tell, mut records) = unbounded_channel();
    for (side, (mut read, mut reader)) in ends.into_iter().enumerate() {
        let (tell, back) = (tell.clone(), out[side].clone());
        tokio::spawn(async move {
            while let Some(record) = next(&mut read, &mut reader).await {
                answer_ping(&record, &reader, &back);
                let _ = tell.send((side, record));
            }
        });
    }
    loop {
        for side in 0..2 {
            effects(side, &mut calls, &out, shared);
            let call = &calls[side];
            let safety = call.safety_code().map(|code| format!("{code:?}")).unwrap_or_default();
            shared.calls.lock().unwrap()[side] = Some((call.phase(now_ns()), safety));
        }
        let Some((side, record)) = records.recv().await else { return };
        let header = record.header;
        let kind = match header.kind {
            Kind::Message => continue,
            Kind::Audio => Sealed::Audio,
            Kind::Control => Sealed::Control,
            Kind::Video => Sealed::Video,
        };
        let header = Header { kind, key: false, stream: header.stream, frame: header.frame };
        let payload = record.payload().to_vec();
        let came = now_ns();
        calls[side].report(Report::Packet { header, payload, came }, came);
        calls[side].tick(now_ns());
    }
}

fn effects(side: usize, calls: &mut [Call; 2], out: &[Out; 2], shared: &Shared) {
    while let Some(effect) = calls[side].next_effect() {
        let (to, kind, payload) = match effect {
            Effect::Control(payload) => (side, Kind::Control, Some(payload)),
            Effect::Audio(packet) => {
                shared.opened.lock().unwrap().push(packet.data.clone());
                let sealed = calls[1 - side].seal_audio(now_ns(), &packet.data);
                (1 - side, Kind::Audio, sealed)
            }
            _ => continue,
        };
        if let Some(payload) = payload {
            let record = Record::new(kind, 0, 0, 0, &payload).unwrap();
            let _ = out[to].send(record.bytes.to_vec());
        }
    }
}
