//! Frames of foreign senders into their stream.
//!
//! In: messages, or bytes as an HTTP library gives them. Out: frames in a stream of the hub,
//! which is opened with the first one, so that a peer that never sends a frame gets no tile.

use std::net::SocketAddr;
use std::sync::Arc;

use okno_media::{EncodedFrame, Stamps, clock};
use okno_session::{Identity, Info, Stream};
use okno_wire::Format;

use crate::reader::{FrameReader, Received};
use crate::receive::End;
use crate::server::Context;

/// A foreign sender's frame, stamped with the time of now.
pub(crate) fn frame(message: Received) -> EncodedFrame {
    let stamps = Stamps { received: clock::now_ns(), ..Stamps::default() };
    EncodedFrame { buffer: message.buffer, range: message.range, raw: None, number: 0, stamps }
}

/// Opens the stream of a sender that is known by its host and its format.
pub(crate) fn open_foreign(
    context: &Context,
    peer: SocketAddr,
    format: Format,
) -> Result<Arc<Stream>, End> {
    let host = peer.ip().to_canonical().to_string();
    let info = Info {
        name: format!("{format} from {host}"),
        peer: peer.to_string(),
        format: Some(format),
        ..Info::default()
    };
    open(context, Identity::Origin { host, format }, info)
}

/// Opens a stream, or says why not.
pub(crate) fn open(context: &Context, identity: Identity, info: Info) -> Result<Arc<Stream>, End> {
    context
        .hub
        .open(identity, info)
        .ok_or_else(|| "there are too many streams; close some senders".to_owned())
}

/// Bytes of one HTTP body into one stream.
pub(crate) struct Feed {
    reader: FrameReader,
    frames: u64,
}

impl Feed {
    pub fn new(format: Format, context: &Context) -> Self {
        let mut reader = FrameReader::new(context.limits.wire);
        reader.set_format(format);
        Self { reader, frames: 0 }
    }

    /// Frames so far.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Takes in a piece of the body; `stream` gives the stream that its frames go to. Of
    /// several frames in one piece the newest goes on.
    pub fn take(
        &mut self,
        bytes: &[u8],
        mut stream: impl FnMut() -> Result<Arc<Stream>, End>,
    ) -> Result<(), End> {
        let mut newest = None;
        let result = self.cut(bytes, &mut newest, &mut stream);
        if let Some(frame) = newest {
            stream()?.submit(frame);
        }
        result
    }

    fn cut(
        &mut self,
        mut bytes: &[u8],
        newest: &mut Option<EncodedFrame>,
        mut stream: impl FnMut() -> Result<Arc<Stream>, End>,
    ) -> Result<(), End> {
        while !bytes.is_empty() {
            let space = self.reader.space();
            let n = space.len().min(bytes.len());
            space[..n].copy_from_slice(&bytes[..n]);
            self.reader.filled(n);
            bytes = &bytes[n..];
            loop {
                match self.reader.next_message() {
                    Ok(None) => break,
                    Ok(Some(message)) => {
                        self.frames += 1;
                        let stream = stream()?;
                        if let Some(older) = newest.replace(frame(message)) {
                            stream.pass_over(&older);
                        }
                    }
                    Err((offset, invalid)) => {
                        return Err(format!("broken stream at byte {offset}: {invalid}"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What a body of this content type holds; `Err` says what can be sent.
pub(crate) fn body_format(content_type: &str) -> Result<Format, End> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "multipart/x-mixed-replace" => Ok(Format::Multipart),
        "image/jpeg"
        | "image/jpg"
        | "video/x-motion-jpeg"
        | "video/x-mjpeg"
        | "video/mjpeg"
        | "application/octet-stream"
        | "application/x-www-form-urlencoded"
        | "" => Ok(Format::Mjpeg),
        _ => Err(format!(
            "content type {kind:?} is not shown; Okno takes multipart/x-mixed-replace and \
             image/jpeg"
        )),
    }
}
