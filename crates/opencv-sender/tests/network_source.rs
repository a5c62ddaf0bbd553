//! A network camera: untouched JPEGs, and what happens when it goes away.

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use common::{Peer, Sender, accept, assert_adds_up, listen, numbered_jpeg, wait_until};
use okno_wire::proto::okno::GoodbyeReason;

/// Answers one request with the start of a stream of JPEGs.
fn serve(listener: &TcpListener) -> TcpStream {
    let mut stream = accept(listener);
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a request");
        request.push(byte[0]);
    }
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\
                Content-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("written");
    stream
}

fn part(stream: &mut TcpStream, jpeg: &[u8]) -> std::io::Result<()> {
    let head =
        format!("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    stream.write_all(&[head.as_bytes(), jpeg, b"\r\n"].concat())
}

/// Serves connections with numbered JPEGs until the client goes; `pictures` a connection.
fn camera(listener: TcpListener, connections: usize, pictures: u32) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for connection in 0..connections {
            let mut stream = serve(&listener);
            for n in 0..pictures {
                if part(&mut stream, &numbered_jpeg(connection as u32 * 100 + n)).is_err() {
                    return; // The sender has what it wanted.
                }
            }
        }
    })
}

#[test]
fn a_camera_that_goes_away_is_found_again_and_the_viewer_stays() {
    let (http, address) = listen();
    let camera = camera(http, 2, 20);
    let url = address.replace("tcp://", "http://") + "/stream.mjpg";
    let (viewer, to) = listen();
    let args = [
        "-i",
        &url,
        "--to",
        &to,
        "--json",
        "--fps",
        "0",
        "--frames",
        "30",
        "--retry-delay",
        "0.01",
    ];
    let sender = Sender::start(&args);
    let (mut peer, hello) = Peer::accept_okno(&viewer);
    assert_eq!((hello.width, hello.height), (320, 240));
    peer.grant(8);
    let (frames, goodbye) = peer.all(Some(8));
    drop(peer);
    let numbers: Vec<_> = frames.iter().map(common::Got::number).collect();
    let (before, after) = numbers.split_at(numbers.partition_point(|n| *n < 100));
    assert!(before.len() > 10 && after.len() > 5, "{numbers:?}");
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(frames.iter().all(|f| f.meta.untouched));
    assert_eq!(goodbye.map(|g| g.reason()), Some(GoodbyeReason::GoodbyeEndOfInput));
    let output = sender.wait();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stderr.contains("trying again") && output.stderr.contains("is back"));
    assert_adds_up(&output.last());
    camera.join().expect("served");
}

#[test]
fn a_camera_that_stays_away_is_3_when_the_retries_are_used_up() {
    let (http, address) = listen();
    let camera = camera(http, 1, 10);
    let url = address.replace("tcp://", "http://") + "/stream.mjpg";
    let (viewer, to) = listen();
    let args = ["-i", &url, "--to", &to, "--json", "--fps", "0", "--retry", "1", "--quiet"];
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&viewer);
    peer.grant(8);
    let (_, goodbye) = peer.all(Some(8));
    drop(peer);
    let goodbye = goodbye.expect("a goodbye");
    assert_eq!(goodbye.reason(), GoodbyeReason::GoodbyeSourceLost);
    assert!(!goodbye.text.is_empty());
    let output = sender.wait();
    assert_eq!(output.code, Some(3));
    assert!(output.reason().contains("gave up"), "{}", output.stderr);
    camera.join().expect("served");
}

#[test]
fn a_source_that_hangs_does_not_hang_a_signal() {
    // One that never answers, and one that stops in the middle: OpenCV waits for both.
    for answers in [false, true] {
        let (http, address) = listen();
        let url = address.replace("tcp://", "http://") + "/stream.mjpg";
        let (viewer, to) = listen();
        let sender = Sender::start(&["-i", &url, "--to", &to, "--json"]);
        let mut camera = if answers { serve(&http) } else { accept(&http) };
        let mut reader = None;
        if answers {
            for n in 0..30 {
                part(&mut camera, &numbered_jpeg(n)).expect("written");
            }
            let (mut peer, _) = Peer::accept_okno(&viewer);
            reader = Some(std::thread::spawn(move || peer.all(Some(8))));
            wait_until("frames were sent", || {
                let now = sender.statistics();
                now.is_some_and(|now| now["sent"].as_u64() > Some(0))
            });
        }
        sender.signal(2);
        let (output, took) = sender.wait_timed();
        assert_eq!(output.code, Some(130), "{}", output.stderr);
        assert!(took < std::time::Duration::from_secs(2), "answers: {answers}, {took:?}");
        if let Some(reader) = reader {
            let (_, goodbye) = reader.join().expect("read");
            assert_eq!(goodbye.map(|g| g.reason()), Some(GoodbyeReason::GoodbyeStopped));
        }
        assert_adds_up(&output.last());
    }
}
