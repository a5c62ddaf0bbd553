//! The audio thread: a steady beat of 10 ms.
//!
//! In: commands, packets, sources and sinks. Out: the chain's steps, at their times. Never: waits
//! for anything but the next beat.

use std::time::Duration;

use crossbeam_channel::Receiver;
use okno_media::clock;

use crate::chain::Chain;
use crate::device::manager::Plug;
use crate::engine::{Command, PACKETS_QUEUED, Shared};
use crate::priority;

/// One step.
const STEP_NS: u64 = 10_000_000;
/// So far behind, steps are caught up; further, they are left out. 200 ms is what the buffers of
/// sound devices hold at most.
const CATCH_UP_NS: u64 = 200_000_000;
/// The status is written every so many steps: ten times a second, faster than anybody reads it.
const STATUS_STEPS: u64 = 10;

/// What reaches the audio thread.
pub(crate) struct Inbox {
    pub(crate) commands: Receiver<Command>,
    pub(crate) packets: Receiver<Command>,
    pub(crate) plugs: Receiver<Plug>,
}

/// Runs until the engine's handle is dropped.
pub(crate) fn run(mut chain: Chain, inbox: &Inbox, shared: &Shared) {
    priority::raise();
    let mut due = clock::now_ns() + STEP_NS;
    let mut steps = 0_u64;
    loop {
        let now = clock::now_ns();
        if now < due {
            std::thread::sleep(Duration::from_nanos(due - now));
            continue;
        }
        if now - due > CATCH_UP_NS {
            let skipped = (now - due) / STEP_NS;
            chain.skipped(skipped);
            due += skipped * STEP_NS;
        }
        if !read(&mut chain, inbox) {
            return;
        }
        // The beat is the time that the step was due, not the time that it got to run: the
        // kernel's jitter stays out of all estimates.
        chain.step(due);
        due += STEP_NS;
        steps += 1;
        shared.set_speaking(chain.speaking());
        if steps.is_multiple_of(STATUS_STEPS) {
            shared.update(|status| chain.report(status));
        }
    }
}

/// Takes what waits; `false` when the handle is gone.
fn read(chain: &mut Chain, inbox: &Inbox) -> bool {
    use crossbeam_channel::TryRecvError;
    loop {
        match inbox.commands.try_recv() {
            Ok(command) => chain.command(command),
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => return false,
        }
    }
    // Not more than the queue holds, or a flood of packets would keep the thread here.
    for command in inbox.packets.try_iter().take(PACKETS_QUEUED) {
        chain.command(command);
    }
    for plug in inbox.plugs.try_iter() {
        chain.plug(plug);
    }
    true
}
