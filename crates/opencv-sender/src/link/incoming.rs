//! What the viewer says on an Okno connection.
//!
//! In: bytes as they arrive. Out: its messages, or why they can't be. What it says is small;
//! anything longer than [`MAX_MESSAGE`] is not from a viewer.

use okno_wire::okno::{self, Incoming as Message};
use okno_wire::proto::okno::envelope::Message as Said;
use okno_wire::protobuf::{Varint, varint};

/// Longest message that is accepted from a viewer, in bytes. Its longest is a goodbye with a
/// text.
const MAX_MESSAGE: u64 = 4 << 10;

/// Bytes received and not yet understood.
#[derive(Debug, Default)]
pub struct Incoming {
    unread: Vec<u8>,
}

impl Incoming {
    /// Takes bytes that arrived and gives out the messages that they complete.
    ///
    /// # Errors
    /// A sentence for the user, when this is not what a viewer says. The connection can't go on.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<Said>, String> {
        self.unread.extend_from_slice(bytes);
        let mut said = Vec::new();
        let mut at = 0;
        loop {
            let rest = &self.unread[at..];
            let (len, prefix) = match varint(rest) {
                Varint::Value(len, prefix) if len <= MAX_MESSAGE => (len as usize, prefix),
                Varint::Incomplete if rest.len() < 5 => break,
                _ => return Err(not_a_viewer(rest)),
            };
            let Some(envelope) = rest.get(prefix..prefix + len) else { break };
            match okno::decode(envelope) {
                Ok(Message::Other(message)) => said.push(message),
                Ok(Message::Frame(..) | Message::Unknown) => {}
                Err(e) => return Err(format!("it answers with something else: {e}")),
            }
            at += prefix + len;
        }
        self.unread.drain(..at);
        Ok(said)
    }
}

fn not_a_viewer(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(16)]).into_owned();
    format!("it answers {start:?}, which is not what a viewer of Okno's format says")
}

#[cfg(test)]
mod tests {
    use super::*;
    use okno_wire::proto::okno::{ClockPing, Feedback};

    fn bytes(messages: &[Said]) -> Vec<u8> {
        let mut out = Vec::new();
        for message in messages {
            okno::encode(message.clone(), &mut out);
        }
        out
    }

    #[test]
    fn messages_in_any_pieces() {
        let sent = [
            Said::Feedback(Feedback { frames_received: 3, window: 2, ..Feedback::default() }),
            Said::ClockPing(ClockPing { id: 1, viewer_sent_ns: 2 }),
        ];
        let all = bytes(&sent);
        for cut in 0..=all.len() {
            let mut incoming = Incoming::default();
            let mut got = incoming.take(&all[..cut]).expect("a viewer");
            got.extend(incoming.take(&all[cut..]).expect("a viewer"));
            assert_eq!(got, sent, "cut at {cut}");
        }
    }

    #[test]
    fn an_http_server_or_a_giant_is_no_viewer() {
        let error = Incoming::default().take(b"\xFF\xFF\xFF\xFF\x7F").expect_err("4 GiB");
        assert!(error.contains("not what a viewer"), "{error}");
        assert!(
            Incoming::default().take(b"HTTP/1.1 400 Bad Request\r\n\r\n").is_err() || {
                // 'H' is a length of 72: the rest of a longer answer does not parse.
                Incoming::default().take(&[b"HTTP/1.1".as_slice(), &[b'x'; 80]].concat()).is_err()
            }
        );
    }
}
