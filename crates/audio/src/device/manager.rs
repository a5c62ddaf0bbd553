//! The thread that opens, watches and closes devices.
//!
//! In: choices of microphone and speaker. Out: sources and sinks for the audio thread, their
//! state, notices. Never: touches a sample.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::config::{Input, Output};
use crate::engine::Shared;
use crate::sink::{Nowhere, Sink};
use crate::source::{Silence, Source, Tone};
use crate::status::Connection;

/// What the audio thread is to read from or write to from now on.
pub(crate) enum Plug {
    Source(Box<dyn Source>),
    Sink(Box<dyn Sink>),
}

/// What the device thread is told.
pub(crate) enum Order {
    Microphone(Input),
    Speaker(Output),
}

/// The thread `audio-devices`; dropping it closes the devices and joins it.
pub(crate) struct Manager {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Manager {
    /// Opens the first two devices and goes on as it is told.
    pub(crate) fn start(
        microphone: Input,
        speaker: Output,
        plugs: Sender<Plug>,
        shared: Arc<Shared>,
    ) -> std::io::Result<Self> {
        let (orders, queue) = unbounded();
        let thread = std::thread::Builder::new()
            .name("audio-devices".into())
            .spawn(move || run(&queue, &plugs, &shared))?;
        let manager = Self { orders: Some(orders), thread: Some(thread) };
        manager.order(Order::Microphone(microphone));
        manager.order(Order::Speaker(speaker));
        Ok(manager)
    }

    /// Asks for another device.
    pub(crate) fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

fn run(orders: &Receiver<Order>, plugs: &Sender<Plug>, shared: &Shared) {
    while let Ok(order) = orders.recv() {
        match order {
            Order::Microphone(input) => {
                let (source, state) = open_source(input);
                shared.update(|status| status.microphone = state);
                let _ = plugs.send(Plug::Source(source));
            }
            Order::Speaker(output) => {
                let (sink, state) = open_sink(output);
                shared.update(|status| status.speaker = state);
                let _ = plugs.send(Plug::Sink(sink));
            }
        }
    }
}

fn open_source(input: Input) -> (Box<dyn Source>, Connection) {
    match input {
        Input::Tone => {
            let name = "Test tone".to_owned();
            let open = Connection::Open { id: input.to_string(), name, fallback: false };
            (Box::new(Tone::default()), open)
        }
        Input::None => (Box::new(Silence), Connection::None),
        other => (Box::new(Silence), Connection::Failed(format!("{other} cannot be opened"))),
    }
}

fn open_sink(output: Output) -> (Box<dyn Sink>, Connection) {
    match output {
        Output::None => (Box::new(Nowhere), Connection::None),
        other => (Box::new(Nowhere), Connection::Failed(format!("{other} cannot be opened"))),
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread for sound devices panicked");
        }
    }
}
