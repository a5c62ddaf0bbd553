//! JPEG frames into a Matroska file that can be played at any moment.
//!
//! In: frames with their times. Out: one track of codec `V_MJPEG` with the frames' own bytes and
//! times (variable frame rate). Every frame is handed to the system at once, in clusters of a
//! second whose sizes are filled in when they end, as are the file's size, length and index at
//! its end: a file that breaks off anywhere lacks at most its last frame and the index. What
//! would not fit on the disk any more is cut off again.
//!
//! Source: RFC 9559 (Matroska) and RFC 8794 (EBML).

use std::fs::File;
use std::io::{Result, Seek, SeekFrom, Write};

/// A cluster holds frames of this many milliseconds; block times are 16-bit numbers relative to
/// it, and players seek to clusters.
const CLUSTER_MS: u64 = 1000;

/// Most entries of the index; of more every second one goes. An hour at one a second.
const MOST_CUES: usize = 4096;

/// Room for the list of where things are: three entries of 21 bytes, and their header.
const SEEK_ROOM: usize = 96;

/// Bytes of a Duration element: identifier, size, 8-byte number.
const DURATION_BYTES: usize = 11;

/// 8-byte size that says that the size is not known yet.
const UNKNOWN: u64 = 0x01FF_FFFF_FFFF_FFFF;

/// Nanoseconds from 1970 to 2001, where Matroska's dates begin.
const EPOCH_NS: i64 = 978_307_200_000_000_000;

/// Somewhere to write to that can also become shorter.
pub trait Output: Write + Seek {
    /// Cuts off what lies behind `len` bytes.
    ///
    /// # Errors
    /// The system's own.
    fn truncate(&mut self, len: u64) -> Result<()>;
}

impl Output for File {
    fn truncate(&mut self, len: u64) -> Result<()> {
        self.set_len(len)
    }
}

/// What the file says of itself.
#[derive(Clone, Debug, Default)]
pub struct Title {
    /// The stream's name.
    pub name: String,
    /// Size of the first frame in pixels.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// When it began, in nanoseconds since 1970.
    pub began: i64,
}

#[derive(Clone, Copy, Debug)]
struct Cluster {
    /// Where its 8-byte size stands.
    size_at: u64,
    /// Milliseconds since the first frame.
    time: u64,
}

/// See the module.
#[derive(Debug)]
pub struct Writer<O: Output> {
    out: O,
    /// End of the last whole element.
    end: u64,
    /// Where the segment's content begins; positions count from there.
    segment: u64,
    info: u64,
    tracks: u64,
    duration_at: u64,
    cluster: Option<Cluster>,
    /// Time and position of clusters.
    cues: Vec<(u64, u64)>,
    cue_every: u64,
    first: Option<u64>,
    /// Milliseconds of the last two frames.
    last: u64,
    before: u64,
    frames: u64,
}

impl<O: Output> Writer<O> {
    /// Writes the file's head.
    ///
    /// # Errors
    /// The system's own; the file is of no use then.
    pub fn new(mut out: O, title: &Title) -> Result<Self> {
        let mut head = Vec::new();
        let ebml = [
            uint(0x4286, 1),
            uint(0x42F7, 1),
            uint(0x42F2, 4),
            uint(0x42F3, 8),
            element(0x4282, b"matroska"),
            uint(0x4287, 4),
            uint(0x4285, 2),
        ];
        head.extend(element(0x1A45_DFA3, &ebml.concat()));
        head.extend(id(0x1853_8067));
        head.extend(UNKNOWN.to_be_bytes());
        let segment = head.len() as u64;
        head.extend(void(SEEK_ROOM));
        let info = head.len() as u64;
        let fields = [
            uint(0x2AD7B1, 1_000_000),
            element(0x4461, &(title.began - EPOCH_NS).to_be_bytes()),
            element(0x7BA9, title.name.as_bytes()),
            element(0x4D80, b"okno"),
            element(0x5741, concat!("okno ", env!("CARGO_PKG_VERSION")).as_bytes()),
            void(DURATION_BYTES),
        ];
        head.extend(element(0x1549_A966, &fields.concat()));
        let duration_at = (head.len() - DURATION_BYTES) as u64;
        let tracks = head.len() as u64;
        let video = [
            uint(0xB0, title.width.into()),
            uint(0xBA, title.height.into()),
            // Progressive.
            uint(0x9A, 2),
        ];
        let track = [
            uint(0xD7, 1),
            uint(0x73C5, 1),
            uint(0x83, 1),
            uint(0x9C, 0),
            element(0x22B59C, b"und"),
            element(0x86, b"V_MJPEG"),
            element(0xE0, &video.concat()),
        ];
        head.extend(element(0x1654_AE6B, &element(0xAE, &track.concat())));
        out.write_all(&head)?;
        Ok(Self {
            out,
            end: head.len() as u64,
            segment,
            info,
            tracks,
            duration_at,
            cluster: None,
            cues: Vec::new(),
            cue_every: 0,
            first: None,
            last: 0,
            before: 0,
            frames: 0,
        })
    }

    /// Writes a frame that was taken at `time` (nanoseconds). Times that do not grow are a
    /// millisecond after the one before.
    ///
    /// # Errors
    /// The system's own; the frame is not in the file then, and all before it are.
    pub fn frame(&mut self, jpeg: &[u8], time: u64) -> Result<()> {
        let first = *self.first.get_or_insert(time);
        let ms = (time.saturating_sub(first) + 500_000) / 1_000_000;
        let ms = if self.frames == 0 { ms } else { ms.max(self.last + 1) };
        let end = self.end;
        let cluster = self.cluster;
        if let Err(error) = self.block(jpeg, ms) {
            // Part of it may be there.
            self.cluster = cluster.filter(|_| self.cluster.is_some_and(|now| now.size_at < end));
            self.cues.retain(|&(_, at)| at < end);
            self.cut(end)?;
            return Err(error);
        }
        self.before = self.last;
        self.last = ms;
        self.frames += 1;
        Ok(())
    }

    /// Bytes written so far.
    pub const fn bytes(&self) -> u64 {
        self.end
    }

    /// Frames written so far.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Milliseconds from the first frame to the last.
    pub const fn milliseconds(&self) -> u64 {
        self.last
    }

    /// Fills in sizes, length and index. Without room for the index it goes without.
    ///
    /// # Errors
    /// The system's own; the file can be played all the same.
    pub fn finish(mut self) -> Result<O> {
        self.close_cluster()?;
        let cues_at = self.end;
        let cues = self.index();
        let indexed = self.append(&[&cues]).is_ok();
        if !indexed {
            self.cut(cues_at)?;
        }
        let mut places = vec![(0x1549_A966, self.info), (0x1654_AE6B, self.tracks)];
        if indexed {
            places.push((0x1C53_BB6B, cues_at));
        }
        let seek: Vec<u8> = places.iter().flat_map(|&(of, at)| self.seek_entry(of, at)).collect();
        let mut head = element(0x114D_9B74, &seek);
        head.extend(void(SEEK_ROOM - head.len()));
        self.patch(self.segment, &head)?;
        // The last frame lasts as long as the one before.
        let length = (2 * self.last - self.before) as f64;
        self.patch(self.duration_at, &element(0x4489, &length.to_be_bytes()))?;
        self.patch(self.segment - 8, &size8(self.end - self.segment))?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn block(&mut self, jpeg: &[u8], ms: u64) -> Result<()> {
        let start = match self.cluster {
            Some(cluster) if ms - cluster.time < CLUSTER_MS => cluster.time,
            _ => {
                self.close_cluster()?;
                self.open_cluster(ms)?;
                ms
            }
        };
        let relative = u16::try_from(ms - start).unwrap_or(u16::MAX);
        let mut head = id(0xA3);
        head.extend(size8(jpeg.len() as u64 + 4));
        // Track 1, time, and the flag of a frame that needs no other.
        head.push(0x81);
        head.extend(relative.to_be_bytes());
        head.push(0x80);
        self.append(&[&head, jpeg])
    }

    fn open_cluster(&mut self, ms: u64) -> Result<()> {
        let at = self.end;
        let mut head = id(0x1F43_B675);
        let size_at = at + head.len() as u64;
        head.extend(UNKNOWN.to_be_bytes());
        head.extend(uint(0xE7, ms));
        self.append(&[&head])?;
        self.cluster = Some(Cluster { size_at, time: ms });
        if self.cues.last().is_none_or(|&(last, _)| ms >= last + self.cue_every) {
            self.cues.push((ms, at));
        }
        if self.cues.len() > MOST_CUES {
            let mut nth = 0;
            self.cues.retain(|_| {
                nth += 1;
                nth % 2 == 1
            });
            self.cue_every = (self.cue_every * 2).max(CLUSTER_MS * 2);
        }
        Ok(())
    }

    fn close_cluster(&mut self) -> Result<()> {
        let Some(cluster) = self.cluster.take() else { return Ok(()) };
        self.patch(cluster.size_at, &size8(self.end - cluster.size_at - 8))
    }

    fn index(&self) -> Vec<u8> {
        let point = |&(time, at): &(u64, u64)| {
            let place = [uint(0xF7, 1), uint(0xF1, at - self.segment)].concat();
            element(0xBB, &[uint(0xB3, time), element(0xB7, &place)].concat())
        };
        element(0x1C53_BB6B, &self.cues.iter().flat_map(point).collect::<Vec<_>>())
    }

    fn seek_entry(&self, of: u32, at: u64) -> Vec<u8> {
        let position = (at - self.segment).to_be_bytes();
        element(0x4DBB, &[element(0x53AB, &id(of)), element(0x53AC, &position)].concat())
    }

    fn append(&mut self, parts: &[&[u8]]) -> Result<()> {
        for part in parts {
            self.out.write_all(part)?;
        }
        self.end += parts.iter().map(|part| part.len() as u64).sum::<u64>();
        Ok(())
    }

    fn patch(&mut self, at: u64, bytes: &[u8]) -> Result<()> {
        self.out.seek(SeekFrom::Start(at))?;
        self.out.write_all(bytes)?;
        self.out.seek(SeekFrom::Start(self.end))?;
        Ok(())
    }

    fn cut(&mut self, end: u64) -> Result<()> {
        self.out.truncate(end)?;
        self.out.seek(SeekFrom::Start(end))?;
        self.end = end;
        Ok(())
    }
}

/// An identifier's bytes: it holds its own length in its leading bits.
fn id(id: u32) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect()
}

/// A size as 8 bytes.
fn size8(size: u64) -> [u8; 8] {
    (size | 1 << 56).to_be_bytes()
}

fn element(of: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = id(of);
    match u8::try_from(content.len()) {
        // 0xFF would be "unknown".
        Ok(len @ 0..0x7F) => bytes.push(0x80 | len),
        _ => bytes.extend(size8(content.len() as u64)),
    }
    bytes.extend(content);
    bytes
}

fn uint(of: u32, value: u64) -> Vec<u8> {
    let bytes: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect();
    element(of, if bytes.is_empty() { &[0] } else { &bytes })
}

/// Room of this many bytes that readers skip, for something that is known later.
fn void(len: usize) -> Vec<u8> {
    element(0xEC, &vec![0; len - 2])
}

#[cfg(test)]
#[path = "matroska_tests.rs"]
mod tests;
