//! The decoders: as many threads as there are cores, fed with streams that have something to
//! decode and somebody who waits for it.
//!
//! In: streams. Out: pictures, published by the streams themselves. A stream waits at the end of
//! the queue after each frame, so many streams share the cores evenly. Every thread is joined.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, select_biased};
use okno_media::Decoder;

use crate::Stream;

/// Owns the decoders' threads; dropping it ends and joins them.
#[derive(Debug)]
pub struct DecodePool {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl DecodePool {
    /// Starts `threads` decoders that work on what `jobs` gives.
    ///
    /// # Errors
    /// When the system starts no thread or libjpeg-turbo has no memory.
    pub fn start(jobs: &Receiver<Arc<Stream>>, threads: usize) -> std::io::Result<Self> {
        // Nothing is ever sent. A channel without room would allocate at each wait on it.
        let (stop, stopped) = bounded(1);
        let mut pool = Self { stop: Some(stop), threads: Vec::new() };
        for i in 0..threads {
            let mut decoder = Decoder::new().map_err(std::io::Error::other)?;
            let (jobs, stopped) = (jobs.clone(), stopped.clone());
            let thread = std::thread::Builder::new()
                .name(format!("decode-{i}"))
                .spawn(move || work(&mut decoder, &jobs, &stopped))?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }
}

fn work(decoder: &mut Decoder, jobs: &Receiver<Arc<Stream>>, stopped: &Receiver<()>) {
    loop {
        select_biased! {
            recv(stopped) -> _ => return,
            recv(jobs) -> stream => match stream {
                Ok(stream) => stream.decode_next(decoder),
                Err(_) => return,
            },
        }
    }
}

impl Drop for DecodePool {
    fn drop(&mut self) {
        drop(self.stop.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                log::error!("a decoder ended by a panic; its message is above");
            }
        }
    }
}
