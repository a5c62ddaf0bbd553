//! The writing side of a caller's connection to the relay.
//!
//! In: an outbox. Out: its bytes on the wire until its last word. A receiver that takes nothing
//! for `WRITE_STALL` is given up.

use std::time::Instant;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::figures::Figure;
use crate::limits::{FAREWELL_TIME, WRITE_STALL};
use crate::outbox::{Fill, Outbox};

/// Writes until the last word is out. `late_audio` counts audio that grew too old meanwhile.
pub(crate) async fn speak<W: AsyncWrite + Unpin>(
    mut write: W,
    outbox: &Outbox,
    late_audio: &Figure,
) -> std::io::Result<()> {
    let mut batch = Vec::new();
    loop {
        batch.clear();
        let fill = outbox.fill(Instant::now(), &mut batch);
        late_audio.add(u64::from(outbox.take_late_audio()));
        let limit = match fill {
            Fill::Empty => {
                outbox.changed().await;
                continue;
            }
            Fill::Data | Fill::More => WRITE_STALL,
            Fill::Last => FAREWELL_TIME,
        };
        let written = timeout(limit, async {
            write.write_all(&batch.concat()).await?;
            write.flush().await
        });
        written.await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        if fill == Fill::Last {
            // The last word is out; how the connection closes behind it matters to nobody.
            let _ = timeout(FAREWELL_TIME, write.shutdown()).await;
            return Ok(());
        }
    }
}
