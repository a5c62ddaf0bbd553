//! The original protocol under load and faults. Whole calls of original clients are tested in
//! tests/interop/test_classic_call.py.

#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use support::{PATIENCE, Relay, payload, soon, until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

async fn client(address: SocketAddr, code: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 << 10).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let length = i32::try_from(code.len()).unwrap();
    stream.write_all(&[&length.to_le_bytes()[..], code.as_bytes()].concat()).await.unwrap();
    stream
}

/// Two clients that are joined, whichever came first.
async fn pair(relay: &Relay, address: SocketAddr, code: &str) -> (TcpStream, TcpStream) {
    let before = relay.figure("okno_relay_classic_pairs");
    let pair = (client(address, code).await, client(address, code).await);
    let joined = || (relay.figure("okno_relay_classic_pairs") > before).then_some(());
    until("the pair", joined).await;
    pair
}

fn frame(number: u32, size: usize) -> Vec<u8> {
    let size_field = u32::try_from(size).unwrap().to_le_bytes();
    let mut frame = [&size_field[..], &payload(number, size)].concat();
    frame[4..8].copy_from_slice(&number.to_le_bytes());
    frame
}

async fn read_frame(stream: &mut TcpStream) -> (u32, Vec<u8>) {
    let size = soon("a frame", stream.read_u32_le()).await.unwrap();
    let mut bytes = vec![0; size as usize];
    soon("a frame", stream.read_exact(&mut bytes)).await.unwrap();
    (u32::from_le_bytes(*bytes.first_chunk().unwrap()), bytes)
}

#[tokio::test]
async fn a_slow_receiver_gets_whole_frames_the_newest_last_and_the_other_way_is_free() {
    const FRAMES: u32 = 300;
    const SIZE: usize = 100_000;
    let relay = Relay::start();
    let (mut fast, mut slow) = pair(&relay, relay.video, "slow").await;
    let before = relay.memory();
    for number in 0..FRAMES {
        fast.write_all(&frame(number, SIZE)).await.unwrap();
        slow.write_all(&frame(number, 1_000)).await.unwrap();
        let (got, bytes) = read_frame(&mut fast).await;
        assert_eq!((got, &bytes[..]), (number, &frame(number, 1_000)[4..]));
    }
    let all = u64::from(FRAMES) * (SIZE as u64 + 4 + 1_004);
    let bytes = "okno_relay_classic_received_bytes_total";
    until("all bytes at the relay", || (relay.figure(bytes) == all).then_some(())).await;
    let grown = relay.memory().saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes more for 30 MB that nobody takes");
    let mut numbers = Vec::new();
    while numbers.last() != Some(&(FRAMES - 1)) {
        let (number, bytes) = read_frame(&mut slow).await;
        assert_eq!(bytes, &frame(number, SIZE)[4..], "frame {number}");
        numbers.push(number);
    }
    assert!(numbers.is_sorted());
    let dropped = relay.figure("okno_relay_classic_dropped_total{what=\"video frame\"}");
    assert_eq!(dropped + numbers.len() as u64, u64::from(FRAMES));
    assert!(dropped > 200, "{dropped} dropped");
}

#[tokio::test]
async fn of_late_sound_whole_chunks_are_dropped_and_the_newest_quarter_second_stays() {
    const CHUNKS: u32 = 4_000;
    let relay = Relay::start();
    let (mut fast, mut slow) = pair(&relay, relay.audio, "slow").await;
    let chunk = |number: u32| {
        let mut chunk = payload(number, 2_048);
        chunk[..4].copy_from_slice(&number.to_le_bytes());
        chunk
    };
    for number in 0..CHUNKS {
        fast.write_all(&chunk(number)).await.unwrap();
    }
    let bytes = "okno_relay_classic_received_bytes_total";
    let all = u64::from(CHUNKS) * 2_048;
    until("all bytes at the relay", || (relay.figure(bytes) == all).then_some(())).await;
    let mut numbers = Vec::new();
    let mut bytes = vec![0; 2_048];
    while numbers.last() != Some(&(CHUNKS - 1)) {
        soon("a chunk", slow.read_exact(&mut bytes)).await.unwrap();
        let number = u32::from_le_bytes(*bytes.first_chunk().unwrap());
        assert_eq!(bytes, chunk(number), "chunk {number}");
        numbers.push(number);
    }
    let newest: Vec<u32> = (CHUNKS - 10..CHUNKS).collect();
    assert_eq!(numbers[numbers.len() - 10..], newest);
    assert!(numbers.is_sorted());
    let dropped = relay.figure("okno_relay_classic_dropped_total{what=\"audio chunk\"}");
    assert_eq!(dropped + numbers.len() as u64, u64::from(CHUNKS));
    assert!(dropped > 2_000, "{dropped} dropped");
}

#[tokio::test]
async fn what_was_sent_to_nobody_is_the_newest_frame_when_somebody_comes() {
    let relay = Relay::start();
    let mut early = client(relay.video, "early").await;
    let all: u64 = (0..100).map(|n| frame(n, 5_000).len() as u64).sum();
    for number in 0..100 {
        early.write_all(&frame(number, 5_000)).await.unwrap();
    }
    let bytes = "okno_relay_classic_received_bytes_total";
    until("all bytes at the relay", || (relay.figure(bytes) == all).then_some(())).await;
    let mut late = client(relay.video, "early").await;
    assert_eq!(read_frame(&mut late).await, (99, frame(99, 5_000)[4..].to_vec()));
}

#[tokio::test]
async fn bytes_of_an_unfinished_chunk_or_frame_go_on_at_once() {
    let relay = Relay::start();
    let (mut one, mut two) = pair(&relay, relay.audio, "part").await;
    one.write_all(b"a few bytes").await.unwrap();
    let mut got = [0; 11];
    soon("the bytes", two.read_exact(&mut got)).await.unwrap();
    assert_eq!(&got, b"a few bytes");
    let (mut one, mut two) = pair(&relay, relay.video, "part").await;
    one.write_all(&frame(1, 50_000)[..20_000]).await.unwrap();
    let mut got = vec![0; 20_000];
    soon("the bytes", two.read_exact(&mut got)).await.unwrap();
    assert_eq!(got, frame(1, 50_000)[..20_000]);
}

#[tokio::test]
async fn a_reset_closes_the_partner_alone() {
    let relay = Relay::start();
    let (one, mut two) = pair(&relay, relay.video, "reset").await;
    let (mut other_one, mut other_two) = pair(&relay, relay.video, "other").await;
    one.set_zero_linger().unwrap();
    drop(one);
    assert_eq!(soon("the end", two.read(&mut [0; 8])).await.unwrap(), 0);
    other_one.write_all(&frame(7, 100)).await.unwrap();
    assert_eq!(read_frame(&mut other_two).await.0, 7);
    drop(two);
    let left = || (relay.figure("okno_relay_connections") == 2).then_some(());
    until("both to be gone", left).await;
}

#[tokio::test]
async fn a_third_client_waits_for_a_fourth() {
    let relay = Relay::start();
    let (mut one, mut two) = pair(&relay, relay.video, "same").await;
    let (mut three, mut four) = pair(&relay, relay.video, "same").await;
    three.write_all(&frame(3, 10)).await.unwrap();
    one.write_all(&frame(1, 10)).await.unwrap();
    assert_eq!(read_frame(&mut two).await.0, 1);
    assert_eq!(read_frame(&mut four).await.0, 3);
    // Video and audio are joined apart from each other.
    let mut audio = client(relay.audio, "same").await;
    audio.write_all(b"alone").await.unwrap();
    assert!(timeout(Duration::from_millis(50), three.read(&mut [0; 8])).await.is_err());
}

#[tokio::test]
async fn stopping_closes_them_all() {
    let relay = Relay::start();
    let (mut one, mut two) = pair(&relay, relay.video, "stop").await;
    let mut waiting = client(relay.audio, "stop").await;
    let mut silent = TcpStream::connect(relay.audio).await.unwrap();
    relay.logged("classic Audio: waits").await;
    relay.terminate();
    for stream in [&mut one, &mut two, &mut waiting, &mut silent] {
        // With bytes on the way it may be a reset.
        assert!(matches!(timeout(PATIENCE, stream.read(&mut [0; 8])).await, Ok(Ok(0) | Err(_))));
    }
    assert_eq!(relay.code().await, 143);
}
