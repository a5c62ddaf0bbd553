//! Files, pictures, pipelines, several inputs, and what is done to the pictures.

mod common;

use common::{Folder, Got, Peer, Sender, accept, assert_adds_up, listen, numbered_jpeg};
use okno_wire::Format;

const CLIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/bigbuckbunny.mp4");

/// Sends to a viewer that reads everything; the frames and the last statistics.
fn send(args: &[&str]) -> (Vec<Got>, serde_json::Value) {
    let (listener, to) = listen();
    let args = [args, &["--to", &to, "--json"]].concat();
    let sender = Sender::start(&args);
    let (mut peer, _) = Peer::accept_okno(&listener);
    peer.grant(8);
    let (frames, goodbye) = peer.all(Some(8));
    assert!(goodbye.is_some());
    drop(peer);
    let output = sender.wait();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let last = output.last();
    assert_adds_up(&last);
    assert_eq!(last["sent"], frames.len());
    (frames, last)
}

fn numbers(frames: &[Got]) -> Vec<u32> {
    frames.iter().map(Got::number).collect()
}

#[test]
fn the_clip_at_its_own_pace_arrives_whole() {
    let start = std::time::Instant::now();
    let (frames, last) = send(&["-i", CLIP, "--frames", "50"]);
    assert_eq!(frames.len(), 50);
    assert_eq!(last["dropped"]["newer"], 0);
    assert!(frames.iter().all(|f| f.pixels().0 == 1280));
    // 49 intervals of 40 ms: a paced clip can't be faster.
    assert!(start.elapsed().as_millis() >= 1950, "it was not paced");
    let sequences: Vec<_> = frames.iter().map(|f| f.meta.sequence).collect();
    assert_eq!(sequences, (0..50).collect::<Vec<_>>());
}

#[test]
fn the_clip_as_fast_as_possible_and_repeated() {
    let (frames, _) = send(&["-i", CLIP, "--fps", "0", "--resize", "25%"]);
    assert_eq!(frames.len(), 132);
    assert_eq!((frames[131].pixels().0, frames[131].pixels().1), (320, 180));
    let (frames, _) =
        send(&["-i", CLIP, "--fps", "0", "--loop", "--frames", "140", "--resize", "64"]);
    assert_eq!(frames.len(), 140);
}

#[test]
fn motion_jpeg_passes_untouched_byte_for_byte() {
    let folder = Folder::new("untouched");
    let (path, jpegs) = folder.numbered_mjpeg("clip.mjpeg", 30);
    let (frames, last) = send(&["-i", &path, "--fps", "0"]);
    assert_eq!(last["untouched"], 30, "{last}");
    assert!(frames.iter().all(|f| f.meta.untouched));
    let sent: Vec<_> = frames.into_iter().map(|f| f.jpeg).collect();
    assert_eq!(sent, jpegs);
}

#[test]
fn motion_jpeg_is_encoded_anew_when_the_picture_is_changed() {
    let folder = Folder::new("changed");
    let (path, _) = folder.numbered_mjpeg("clip.mjpeg", 10);
    let (frames, last) = send(&["-i", &path, "--fps", "0", "--resize", "50%"]);
    assert_eq!(last["untouched"], 0);
    assert_eq!(numbers(&frames), (0..10).collect::<Vec<_>>());
    assert_eq!(frames[0].pixels().0, 160);
}

#[test]
fn the_verbose_log_says_why_frames_are_not_untouched() {
    let folder = Folder::new("why");
    let (path, _) = folder.numbered_mjpeg("clip.mjpeg", 3);
    for (args, expected) in [
        (&["-i", CLIP, "--frames", "3"][..], "own JPEGs: false"),
        (&["-i", &path], "own JPEGs: true"),
        (&["-i", &path, "--resize", "50%"], "since the picture is to be changed"),
    ] {
        let (listener, to) = listen();
        let sender = Sender::start(&[args, &["-v", "--to", &to, "--wire", "mjpeg"]].concat());
        Peer::new(accept(&listener), Format::Mjpeg).all(None);
        let output = sender.wait();
        assert!(output.stderr.contains(expected), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn untouched_in_every_foreign_format() {
    let folder = Folder::new("foreign");
    let (path, jpegs) = folder.numbered_mjpeg("clip.mjpeg", 10);
    for format in [Format::Raw, Format::Be32, Format::Le64, Format::Le32, Format::Mjpeg] {
        let (listener, to) = listen();
        let args = ["-i", &path, "--fps", "0", "--to", &to, "--wire", format.name()];
        let sender = Sender::start(&args);
        let mut peer = Peer::new(accept(&listener), format);
        let (frames, _) = peer.all(None);
        let sent: Vec<_> = frames.into_iter().map(|f| f.jpeg).collect();
        assert_eq!(sent, jpegs, "{format}");
        drop(peer);
        assert_eq!(sender.wait().code, Some(0));
    }
}

#[test]
fn a_pipeline_of_jpegs_passes_untouched() {
    let pipeline = "videotestsrc num-buffers=20 ! video/x-raw,width=320,height=240 ! jpegenc ! \
                    image/jpeg ! appsink";
    let (frames, last) = send(&["-i", pipeline, "--fps", "0"]);
    assert_eq!((frames.len(), last["untouched"].as_u64()), (20, Some(20)), "{last}");
    assert_eq!((frames[0].pixels().0, frames[0].pixels().1), (320, 240));
    let (frames, last) = send(&["-i", pipeline, "--fps", "0", "--rotate", "90"]);
    assert_eq!((frames.len(), last["untouched"].as_u64()), (20, Some(0)), "{last}");
    assert_eq!((frames[0].pixels().0, frames[0].pixels().1), (240, 320));
}

#[test]
fn a_pipeline_of_pixels() {
    let pipeline = "videotestsrc num-buffers=12 ! video/x-raw,format=BGR,width=64,height=48 ! \
                    appsink";
    let (frames, last) = send(&["-i", pipeline, "--fps", "0"]);
    assert_eq!((frames.len(), last["untouched"].as_u64()), (12, Some(0)));
}

#[test]
fn still_pictures() {
    let folder = Folder::new("still");
    let path = folder.file("photo.jpg");
    let jpeg = numbered_jpeg(77);
    std::fs::write(&path, &jpeg).expect("written");
    let (frames, last) = send(&["-i", &path]);
    assert_eq!((frames.len(), last["untouched"].as_u64()), (1, Some(1)));
    assert_eq!(frames[0].jpeg, jpeg);
    let (frames, _) = send(&[
        "-i",
        &path,
        "--loop",
        "--frames",
        "3",
        "--fps",
        "50",
        "-q",
        "90",
        "--crop",
        "320:240:0:0",
    ]);
    assert_eq!(numbers(&frames), [77; 3]);
    assert!(!frames[0].meta.untouched);
}

#[test]
fn quality_changes_the_size_of_a_frame() {
    let bytes = |quality| {
        let (frames, _) = send(&["-i", "test:640x360", "--frames", "3", "-q", quality]);
        frames.iter().map(|f| f.jpeg.len()).sum::<usize>()
    };
    assert!(bytes("20") * 3 / 2 < bytes("95"));
}

#[test]
fn crop_rotate_flip_resize() {
    let numbered = "test:320x240?barcode=1";
    let size = |args: &[&str]| {
        let (frames, _) = send(&[&["-i", numbered, "--frames", "2"], args].concat());
        let (width, height, bgr) = frames[0].pixels();
        (width, height, bgr)
    };
    let (width, height, bgr) = size(&["--crop", "100:50:0:0"]);
    assert_eq!((width, height), (100, 50));
    // The upper strip begins with magenta.
    assert!(bgr[0] > 150 && bgr[1] < 110 && bgr[2] > 150);
    let (width, height, bgr) = size(&["--rotate", "90"]);
    assert_eq!((width, height), (240, 320));
    // Turned clockwise, the lower left corner, green, is at the upper left.
    assert!(bgr[0] < 110 && bgr[1] > 150 && bgr[2] < 110);
    let (_, _, bgr) = size(&["--flip", "horizontal"]);
    assert!(bgr[0] < 110 && bgr[1] > 150 && bgr[2] < 110);
    let (width, height, _) = size(&["--resize", "200x200", "--fit"]);
    assert_eq!((width, height), (200, 150));
    let (width, height, _) = size(&["--resize", "200x200"]);
    assert_eq!((width, height), (200, 200));
}

#[test]
fn several_inputs_are_several_streams() {
    let (listener, to) = listen();
    let args = [
        "-i",
        "test:160x120?barcode=1&stream=1",
        "-i",
        "test:64x48",
        "-n",
        "left",
        "-n",
        "right",
        "--frames",
        "10",
        "--fps",
        "0",
        "--to",
        &to,
        "--json",
    ];
    let sender = Sender::start(&args);
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (mut peer, hello) = Peer::accept_okno(&listener);
            std::thread::spawn(move || {
                peer.grant(8);
                let (frames, goodbye) = peer.all(Some(8));
                assert!(goodbye.is_some());
                (hello.name, frames.len(), frames[0].pixels().0)
            })
        })
        .collect();
    let mut streams: Vec<_> = readers.into_iter().map(|r| r.join().expect("read")).collect();
    streams.sort();
    assert_eq!(streams, [("left".into(), 10, 160), ("right".into(), 10, 64)]);
    let output = sender.wait();
    assert_eq!(output.code, Some(0));
    let last = output.last();
    assert_eq!((last["sent"].as_u64(), last["streams"][1]["sent"].as_u64()), (Some(20), Some(10)));
    assert_adds_up(&last);
}

#[test]
fn every_flag_can_come_from_the_environment() {
    let (listener, to) = listen();
    let mut command = common::command(&[]);
    command
        .env("OKNO_TO", &to)
        .env("OKNO_INPUT", "test:64x48\ntest:32x32")
        .env("OKNO_NAME", "one\ntwo")
        .env("OKNO_FRAMES", "4")
        .env("OKNO_FPS", "0")
        .env("OKNO_WIRE", "mjpeg")
        .env("OKNO_JSON", "true");
    let sender = Sender::spawn(command);
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let mut peer = Peer::new(accept(&listener), Format::Mjpeg);
            std::thread::spawn(move || peer.all(None).0.len())
        })
        .collect();
    assert!(readers.into_iter().all(|r| r.join().expect("read") == 4));
    let output = sender.wait();
    let last = output.last();
    assert_eq!((output.code, last["streams"][1]["name"].as_str()), (Some(0), Some("two")));
}

#[test]
fn devices_are_listed_as_json_and_text() {
    let output = Sender::start(&["--list-devices", "--json"]).wait();
    assert_eq!(output.code, Some(0));
    let list: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert!(list.is_array());
    let output = Sender::start(&["--list-devices"]).wait();
    assert!(!output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn the_help_teaches() {
    let output = Sender::start(&["--help"]).wait();
    assert_eq!(output.code, Some(0));
    for part in ["Examples:", "Exit codes:", "Environment:", "OKNO_TO", "130", "test:", "--retry"] {
        assert!(output.stdout.contains(part), "{part}");
    }
}

#[test]
fn a_numbered_series_of_pictures_is_a_clip() {
    let folder = Folder::new("series");
    for n in 0..6 {
        std::fs::write(folder.file(&format!("img_{n:03}.jpg")), numbered_jpeg(n)).expect("written");
    }
    let (frames, _) = send(&["-i", &folder.file("img_%03d.jpg"), "--fps", "0"]);
    assert_eq!(numbers(&frames), (0..6).collect::<Vec<_>>());
}
