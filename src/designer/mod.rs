//! What designers bring: a folder of their own, packs, and the files they are editing.
//!
//! In: options, the packs' folders, orders from the window, which return at once. Out: the layers
//! that Qt reads the interface from, and word for the window when it should load something anew.
//! A broken file never keeps the program from starting: what holds it is set aside.

pub mod export;
pub mod layers;
mod packs;
mod state;
mod trial;
mod watch;
mod work;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, bounded};

use crate::cli::Options;
use crate::folders;

pub use packs::{Kind, Pack};
pub use state::State;
pub use watch::Edits;

use trial::Trial;
use work::Work;

/// Orders that wait for the thread: each is a click of a person.
const MAX_ORDERS: usize = 16;

/// Something that takes longer than the window may wait.
#[derive(Debug)]
pub enum Order {
    /// Keep the choice of this pack for the next start.
    Remember(String),
    /// See that there is a folder for packs, and say where.
    OpenFolder,
    /// Find the file that this error names, and say where.
    OpenFile(String),
    /// Write the interface's files into a folder of one's own.
    Export,
}

/// Word for the window.
#[derive(Clone, Debug)]
pub enum Word {
    /// [`State`] changed.
    State,
    /// Files changed.
    Edited(Edits),
    /// The folder for packs, or a file that is edited, can be opened.
    Open(PathBuf),
    /// The interface's files are in this folder, or could not be written.
    Exported(Result<PathBuf, String>),
}

/// Takes word on, on any thread; `false` when its object is gone.
pub type OnWord = Box<dyn Fn(Word) -> bool + Send>;

/// What the thread and the window share.
struct Desk {
    state: Mutex<State>,
    listeners: Mutex<Vec<OnWord>>,
}

impl Desk {
    fn tell(&self, word: &Word) {
        lock(&self.listeners).retain(|listener| listener(word.clone()));
    }

    /// Changes the state, lets Qt have the layers that come of it, and tells the window.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.state);
        let result = change(&mut state);
        layers::set(state.layers());
        drop(state);
        self.tell(&Word::State);
        result
    }
}

/// See the module.
pub struct Designer {
    desk: Arc<Desk>,
    shell_fault: Mutex<Option<String>>,
    trial: Mutex<Option<Trial>>,
    running: Mutex<Option<Running>>,
}

struct Running {
    orders: Sender<Order>,
    thread: JoinHandle<()>,
}

impl Designer {
    /// Finds the layers, has Qt use them, and begins to watch them.
    ///
    /// # Errors
    /// The folder that was given is none for this; a sentence for a person.
    pub fn start(options: &Options) -> Result<Self, String> {
        let qml_dir = options.qml_dir.as_deref().map(qml_dir).transpose()?;
        let shelves = if options.no_packs { Vec::new() } else { folders::packs().to_vec() };
        let mut state = State::new(qml_dir, !options.no_packs);
        state.packs = packs::find(&shelves);
        if !options.no_packs {
            state.choose_at_start(&work::remembered());
            if let Some(pack) = trial::unfinished(&folders::starting_pack()) {
                state.refuse_at_start(&pack);
            }
        }
        let trial = (!state.active.is_empty())
            .then(|| Trial::begin(&folders::starting_pack(), &state.active))
            .flatten();
        layers::set(state.layers());
        let desk = Arc::new(Desk { state: Mutex::new(state), listeners: Mutex::default() });
        let (orders, queue) = bounded(MAX_ORDERS);
        let mut work = Work::new(Arc::clone(&desk), shelves);
        let thread = std::thread::Builder::new()
            .name("designer".into())
            .spawn(move || work.run(&queue))
            .map_err(|error| format!("no thread to watch files: {error}"))?;
        let running = Mutex::new(Some(Running { orders, thread }));
        Ok(Self { desk, shell_fault: Mutex::default(), trial: Mutex::new(trial), running })
    }

    /// Ends and joins the thread.
    pub fn close(&self) {
        let running = lock(&self.running).take();
        if let Some(Running { orders, thread }) = running {
            drop(orders);
            if thread.join().is_err() {
                log::error!("the thread that watches files panicked; its message is above");
            }
        }
    }

    /// Passes word on to an object of the window until it is gone.
    pub fn on_word(&self, listener: OnWord) {
        lock(&self.desk.listeners).push(listener);
    }

    /// How things are.
    pub fn state(&self) -> State {
        lock(&self.desk.state).clone()
    }

    /// Changes how things are; see [`Desk::change`].
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.desk.change(change)
    }

    /// Has something done; what comes of it is word.
    pub fn order(&self, order: Order) {
        if let Some(running) = lock(&self.running).as_ref()
            && let Err(error) = running.orders.try_send(order)
        {
            log::error!("the thread for designers is still busy: {error}");
        }
    }

    /// The window that is being made can have no Shell. At the start a layer is set aside, and it
    /// can be tried again; a window that should take the place of another one is given up.
    pub fn shell_failed(&self, why: String) -> bool {
        if self.state().ui_state.is_empty() {
            return self.change(|state| state.not_built(&why));
        }
        *lock(&self.shell_fault) = Some(why);
        false
    }

    /// Why the window that was made has no Shell, if it has none.
    pub fn take_shell_fault(&self) -> Option<String> {
        lock(&self.shell_fault).take()
    }

    /// The window stands, with the files as they are now.
    pub fn built(&self) {
        drop(lock(&self.trial).take());
        if let Some(pack) = self.change(State::built) {
            self.order(Order::Remember(pack));
        }
    }
}

/// The folder that was given, as layers need it.
fn qml_dir(folder: &Path) -> Result<PathBuf, String> {
    let shown = folder.display();
    let root = folder.canonicalize().map_err(|error| format!("--qml-dir {shown}: {error}"))?;
    let okno = root.join("Okno").canonicalize().ok();
    if okno.is_some_and(|okno| okno.is_dir() && okno.starts_with(&root)) {
        Ok(root)
    } else {
        Err(format!(
            "--qml-dir {shown}: there is no folder Okno in it; `okno --export-qml {shown}` writes one"
        ))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these hold is changed by assignments only: a panic can't leave it half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
