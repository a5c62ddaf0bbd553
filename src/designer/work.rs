//! The thread that looks at files, so that the window need not.
//!
//! In: orders, and the files of all layers. Out: word for the window. Never: anything while the
//! program ends; a look takes well below a millisecond.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::packs::{self, Kind};
use super::watch::{Edits, Sight};
use super::{Desk, Order, Word, export, lock};
use crate::folders;

/// Time between looks while someone edits files.
const EDITING: Duration = Duration::from_millis(100);

/// Time between looks otherwise: a pack that is dropped in should be there when one looks up.
const IDLE: Duration = Duration::from_millis(500);

/// Files have to be left alone for so long before they are loaded: editors write in parts.
const SETTLE: Duration = Duration::from_millis(120);

/// Longest name of a pack that is read from a file.
const MAX_REMEMBERED: usize = 1024;

/// See the module.
pub struct Work {
    desk: Arc<Desk>,
    /// Folders with packs.
    shelves: Vec<PathBuf>,
    qml_dir: Option<PathBuf>,
    sight: Sight,
    pending: Edits,
    changed: Instant,
}

impl Work {
    /// Looks at everything for the first time.
    pub fn new(desk: Arc<Desk>, shelves: Vec<PathBuf>) -> Self {
        let qml_dir = lock(&desk.state).qml_dir.clone();
        let mut work = Self {
            desk,
            shelves,
            qml_dir,
            sight: Sight::default(),
            pending: Edits::default(),
            changed: Instant::now(),
        };
        work.sight = work.look();
        work
    }

    /// Works until nobody can give orders any more.
    pub fn run(&mut self, orders: &Receiver<Order>) {
        loop {
            let idle = if self.qml_dir.is_some() { EDITING } else { IDLE };
            let pause = if self.pending.any() { SETTLE / 2 } else { idle };
            match orders.recv_timeout(pause) {
                Ok(order) => self.carry_out(order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.find_packs();
            self.find_edits();
        }
    }

    fn carry_out(&self, order: Order) {
        match order {
            Order::Remember(pack) => {
                if let Err(error) = remember(&pack) {
                    log::error!("the choice of a pack can't be kept: {error}");
                }
            }
            Order::OpenFolder => {
                let [folder, _] = folders::packs();
                match fs::create_dir_all(&folder) {
                    Ok(()) => self.desk.tell(&Word::Open(folder)),
                    Err(error) => log::error!("{}: {error}", folder.display()),
                }
            }
            Order::OpenFile(error) => match self.file_of(&error) {
                Some(file) => self.desk.tell(&Word::Open(file)),
                None => log::error!("no file of the interface that is edited: {error}"),
            },
            Order::Export => {
                let written = export::write_new(&folders::exported_qml());
                self.desk.tell(&Word::Exported(written));
            }
        }
    }

    /// The file that an error "file:line:column: what" names, if it lies in one of the layers: what
    /// stands in an error may come from anywhere.
    fn file_of(&self, error: &str) -> Option<PathBuf> {
        let named = error.lines().rev().find_map(file_in)?;
        let file = Path::new(named).canonicalize().ok()?;
        let packs = lock(&self.desk.state).packs.clone();
        let mut roots = packs.iter().map(|pack| &pack.folder).chain(&self.qml_dir);
        let ours = roots.any(|root| root.canonicalize().is_ok_and(|root| file.starts_with(root)));
        (ours && file.is_file()).then_some(file)
    }

    fn find_packs(&self) {
        let found = packs::find(&self.shelves);
        if found != lock(&self.desk.state).packs {
            for pack in found.iter().filter(|pack| !pack.fault.is_empty()) {
                log::warn!("pack {}: {}", pack.id, pack.fault);
            }
            self.desk.change(|state| state.packs = found);
        }
    }

    fn look(&self) -> Sight {
        let mut folders: Vec<_> = self.qml_dir.iter().map(|root| root.join("Okno")).collect();
        folders.extend(lock(&self.desk.state).packs.iter().map(|pack| pack.folder.join("Okno")));
        Sight::of(folders.iter().map(PathBuf::as_path))
    }

    fn find_edits(&mut self) {
        let now = self.look();
        if now != self.sight {
            let edits = self.sight.changes(&now).into_iter().map(|path| self.edits_of(path));
            self.pending = edits.fold(self.pending, Edits::and);
            self.changed = Instant::now();
            self.sight = now;
        } else if self.pending.any() && self.changed.elapsed() >= SETTLE {
            self.desk.tell(&Word::Edited(std::mem::take(&mut self.pending)));
        }
    }

    /// What a changed file asks for; nothing if no window reads it.
    fn edits_of(&self, path: &Path) -> Edits {
        let mut state = lock(&self.desk.state);
        let active = state.active.clone();
        let pack = state.packs.iter().find(|pack| path.starts_with(&pack.folder)).cloned();
        let (root, edits) = match (&self.qml_dir, pack) {
            (Some(root), _) if path.starts_with(root) => {
                (root.clone(), path.strip_prefix(root).map(Edits::of).unwrap_or_default())
            }
            (_, Some(pack)) if pack.kind == Some(Kind::Theme) => {
                (pack.folder, Edits { theme: true, ..Edits::default() })
            }
            (_, Some(pack)) if pack.id == active => {
                let edits = path.strip_prefix(&pack.folder).map(Edits::of).unwrap_or_default();
                (pack.folder, edits)
            }
            _ => return Edits::default(),
        };
        if !edits.any() {
            return edits;
        }
        let was_aside = state.give_chance(&root);
        if was_aside {
            super::layers::set(state.layers());
        }
        // A window that could not be built has to be tried as a whole.
        Edits { engine: edits.engine || was_aside || !state.fault.is_empty(), ..edits }
    }
}

/// The pack that was chosen in an earlier session; empty for none.
pub fn remembered() -> String {
    match fs::read_to_string(folders::active_pack()) {
        Ok(text) if text.len() <= MAX_REMEMBERED && packs::is_name(text.trim()) => {
            text.trim().to_owned()
        }
        _ => String::new(),
    }
}

/// The file in a line "file:line:column: what", which may begin with the name of a pack.
fn file_in(line: &str) -> Option<&str> {
    let numbered = |at: usize| line[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let end = line.match_indices(':').find(|&(at, _)| numbered(at))?.0;
    let named = &line[..end];
    Some(&named[named.find('/')?..])
}

fn remember(pack: &str) -> io::Result<()> {
    let path = folders::active_pack();
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let fresh = path.with_extension("new");
    fs::write(&fresh, format!("{pack}\n"))?;
    fs::rename(fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_an_error() {
        for (line, file) in [
            ("/a/b.qml:3:14: Expected token `;'", Some("/a/b.qml")),
            ("My pack: /a/b c.qml:3:14: what: 5", Some("/a/b c.qml")),
            ("file:///a/b.qml:3: what", Some("///a/b.qml")),
            ("nothing here: 3", None),
            ("a.qml:3:1: what", None),
            ("", None),
        ] {
            assert_eq!(file_in(line), file, "{line}");
        }
    }
}
