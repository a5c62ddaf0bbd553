//! The writer against the bytes that RFC 9559 asks for, against a disk that is full at each byte,
//! and cut off at each byte. That players open the files is tested with ffprobe in
//! tests/interop/test_keep.py.

use std::io::{Cursor, Error, ErrorKind};

use super::*;

/// A file on a disk of so many bytes.
struct Disk(Cursor<Vec<u8>>, usize);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let room = self.1.saturating_sub(self.0.position() as usize);
        if room == 0 && !bytes.is_empty() {
            return Err(Error::from(ErrorKind::StorageFull));
        }
        self.0.write(&bytes[..bytes.len().min(room)])
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for Disk {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.0.seek(to)
    }
}

impl Output for Disk {
    fn truncate(&mut self, len: u64) -> Result<()> {
        self.0.get_mut().truncate(len as usize);
        Ok(())
    }
}

fn disk(bytes: usize) -> Disk {
    Disk(Cursor::new(Vec::new()), bytes)
}

fn title() -> Title {
    Title { name: "door".to_owned(), width: 640, height: 480, began: EPOCH_NS }
}

fn jpeg(number: usize) -> Vec<u8> {
    [&[0xFF, 0xD8], vec![number as u8; 40 + number].as_slice(), &[0xFF, 0xD9]].concat()
}

/// Identifier, length of the head and size of the element that begins here; no size if unknown.
fn head(bytes: &[u8]) -> Option<(u32, usize, Option<usize>)> {
    let id_len = bytes.first()?.leading_zeros() as usize + 1;
    let id = bytes.get(..id_len)?.iter().fold(0, |id, &byte| id << 8 | u32::from(byte));
    let len = id_len + bytes.get(id_len)?.leading_zeros() as usize + 1;
    let size = bytes.get(id_len..len)?.iter().fold(0, |n, &byte| n << 8 | usize::from(byte));
    let unknown = (1 << (7 * (len - id_len))) - 1;
    Some((id, len, Some(size & unknown).filter(|&size| size != unknown)))
}

/// The elements beside each other in `bytes`: identifiers and contents.
fn elements(mut bytes: &[u8]) -> Vec<(u32, &[u8])> {
    let mut found = Vec::new();
    while let Some((id, len, Some(size))) = head(bytes) {
        let Some(content) = bytes.get(len..len + size) else { break };
        found.push((id, content));
        bytes = &bytes[len + size..];
    }
    found
}

/// Frames and their times, whether the file is finished or not.
fn frames(mut bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let (mut found, mut time) = (Vec::new(), 0);
    while let Some((id, len, size)) = head(bytes) {
        // What holds others is stepped into.
        let size = if [0x1853_8067, 0x1F43_B675].contains(&id) { Some(0) } else { size };
        let Some(content) = size.and_then(|size| bytes.get(len..len + size)) else { break };
        if id == 0xE7 {
            time = content.iter().fold(0, |n, &byte| n << 8 | u64::from(byte));
        } else if id == 0xA3 {
            let relative = u16::from_be_bytes([content[1], content[2]]);
            found.push((time + u64::from(relative), content[4..].to_vec()));
        }
        bytes = &bytes[len + content.len()..];
    }
    found
}

fn write(disk: Disk, count: usize) -> (std::result::Result<Disk, Error>, usize) {
    let mut writer = match Writer::new(disk, &title()) {
        Ok(writer) => writer,
        Err(error) => return (Err(error), 0),
    };
    let mut written = 0;
    for number in 0..count {
        if writer.frame(&jpeg(number), 5_000_000_000 + number as u64 * 400_000_000).is_err() {
            break;
        }
        written += 1;
    }
    (writer.finish(), written)
}

fn expected(count: usize) -> Vec<(u64, Vec<u8>)> {
    (0..count).map(|number| (number as u64 * 400, jpeg(number))).collect()
}

#[test]
fn frames_come_back_with_their_times() {
    let (disk, written) = write(disk(1 << 20), 10);
    assert_eq!(written, 10);
    let bytes = disk.expect("room enough").0.into_inner();
    assert_eq!(frames(&bytes), expected(10));
    let top = elements(&bytes);
    assert_eq!(top.iter().map(|&(id, _)| id).collect::<Vec<_>>(), [0x1A45_DFA3, 0x1853_8067]);
    let inside: Vec<u32> = elements(top[1].1).iter().map(|&(id, _)| id).collect();
    let clusters = vec![0x1F43_B675; 4];
    let head = vec![0x114D_9B74, 0xEC, 0x1549_A966, 0x1654_AE6B];
    assert_eq!(inside, [head, clusters, vec![0x1C53_BB6B]].concat());
}

#[test]
fn length_and_positions_are_filled_in() {
    let bytes = write(disk(1 << 20), 10).0.expect("room enough").0.into_inner();
    let top = elements(&bytes);
    let inside = elements(top[1].1);
    let info = elements(inside[2].1);
    let length = info.iter().find(|&&(id, _)| id == 0x4489).expect("a length");
    assert_eq!(f64::from_be_bytes(length.1.try_into().expect("8 bytes")), 4000.0);
    for (_, entry) in elements(inside[0].1) {
        let entry = elements(entry);
        let at = u64::from_be_bytes(entry[1].1.try_into().expect("8 bytes")) as usize;
        assert!(top[1].1[at..].starts_with(entry[0].1));
    }
    for (_, point) in elements(inside.last().expect("an index").1) {
        let point = elements(point);
        let place = elements(point[1].1);
        let at = place[1].1.iter().fold(0_usize, |n, &byte| n << 8 | usize::from(byte));
        assert!(top[1].1[at..].starts_with(&0x1F43_B675_u32.to_be_bytes()));
    }
}

#[test]
fn a_disk_that_is_full_at_any_byte_leaves_whole_frames() {
    let whole = write(disk(1 << 20), 10).0.expect("room enough").0.into_inner().len();
    let head = write(disk(1 << 20), 0).0.expect("room enough").0.into_inner().len();
    for bytes in head..whole {
        let (disk, written) = write(disk(bytes), 10);
        let file = disk.unwrap_or_else(|error| panic!("{bytes}: {error}")).0.into_inner();
        assert_eq!(frames(&file), expected(written), "{bytes}");
        let top = elements(&file);
        assert_eq!(top.len(), 2, "{bytes}: the sizes are right to the end");
        assert!(elements(top[1].1).iter().map(|(_, c)| c.len()).sum::<usize>() <= top[1].1.len());
    }
}

#[test]
fn what_a_killed_program_leaves_is_whole_up_to_the_last_frame() {
    let mut writer = Writer::new(disk(1 << 20), &title()).expect("room enough");
    let mut ends = vec![writer.bytes()];
    for number in 0..10 {
        writer.frame(&jpeg(number), number as u64 * 400_000_000).expect("room enough");
        ends.push(writer.bytes());
    }
    let bytes = writer.out.0.into_inner();
    for cut in ends[0] as usize..=bytes.len() {
        let whole = ends.iter().filter(|&&end| end as usize <= cut).count() - 1;
        assert_eq!(frames(&bytes[..cut]), expected(whole), "cut at {cut}");
    }
}

#[test]
fn times_that_stand_still_or_go_back_grow_all_the_same() {
    let mut writer = Writer::new(disk(1 << 20), &title()).expect("room enough");
    for time in [100, 100, 90, 150, 100_000] {
        writer.frame(&jpeg(1), time * 1_000_000).expect("room enough");
    }
    assert_eq!(writer.milliseconds(), 99_900);
    let times: Vec<u64> = frames(writer.out.0.get_ref()).iter().map(|&(time, _)| time).collect();
    assert_eq!(times, [0, 1, 2, 50, 99_900]);
}

#[test]
fn the_index_of_a_long_recording_stays_small() {
    let mut writer = Writer::new(disk(1 << 30), &title()).expect("room enough");
    for second in 0..4 * MOST_CUES as u64 {
        writer.frame(&[0xFF, 0xD8], second * 1_000_000_000).expect("room enough");
    }
    assert!((MOST_CUES / 4..=MOST_CUES).contains(&writer.cues.len()), "{}", writer.cues.len());
    assert!(writer.cues.is_sorted());
}
