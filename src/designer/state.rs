//! Which layers there are, which of them are in use, and what is wrong with one.
//!
//! In: packs that were found, choices, and windows that could be built or not. Out: the layers
//! to use. No I/O.

use std::path::{Path, PathBuf};

use super::layers::Layers;
use super::packs::{Kind, Pack};

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The folder given with --qml-dir, canonical.
    pub qml_dir: Option<PathBuf>,
    /// Whether packs may be used at all.
    pub packs_allowed: bool,
    /// All packs that were found.
    pub packs: Vec<Pack>,
    /// The pack in use for the interface; empty for none.
    pub active: String,
    /// The pack in use before the one that is being tried.
    before: Option<String>,
    /// What is wrong with the files being edited; empty if nothing is.
    pub fault: String,
    /// Which pack was disabled, and why; empty if none was.
    pub banner: String,
    /// Layers that no window can be built with.
    aside: Vec<PathBuf>,
    /// What the window that goes leaves to the one that comes.
    pub ui_state: String,
}

impl State {
    /// No packs yet.
    pub fn new(qml_dir: Option<PathBuf>, packs_allowed: bool) -> Self {
        Self { qml_dir, packs_allowed, ..Self::default() }
    }

    /// The layers to use.
    pub fn layers(&self) -> Layers {
        let used = |root: &PathBuf| !self.aside.contains(root);
        let theme = |pack: &&Pack| pack.kind == Some(Kind::Theme) && pack.fault.is_empty();
        Layers {
            front: self.roots().into_iter().filter(used).collect(),
            themes: self.packs.iter().filter(theme).map(|pack| pack.folder.clone()).collect(),
        }
    }

    /// The folder being edited and that of the pack in use, foremost first.
    fn roots(&self) -> Vec<PathBuf> {
        self.qml_dir.iter().cloned().chain(self.pack_root()).collect()
    }

    fn pack_root(&self) -> Option<PathBuf> {
        self.pack(&self.active).filter(|pack| pack.is_ui()).map(|pack| pack.folder.clone())
    }

    fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.id == id)
    }

    /// Takes the pack that was chosen in an earlier session, if it is still of use.
    pub fn choose_at_start(&mut self, id: &str) {
        if id.is_empty() {
            return;
        }
        match self.pack(id) {
            Some(pack) if pack.is_ui() => self.active = id.to_owned(),
            Some(pack) => {
                let why = if pack.fault.is_empty() { "it is a theme" } else { &pack.fault };
                self.banner = format!("{}: {why}", pack.title);
            }
            None => self.banner = format!("{id}: there is no such pack any more"),
        }
        if !self.banner.is_empty() {
            log::warn!("pack disabled: {}", self.banner);
        }
    }

    /// Leaves the chosen pack alone: loading it did not come to an end the last time.
    pub fn refuse_at_start(&mut self, id: &str) {
        if id == self.active {
            self.disable(
                "its loading did not come to an end the last time; choose it to try again",
            );
            self.active.clear();
        }
    }

    /// Tries another pack; empty for none. `false` if there is nothing to try.
    pub fn try_pack(&mut self, id: &str) -> bool {
        let there = id.is_empty() || self.pack(id).is_some_and(Pack::is_ui);
        if !there || !self.packs_allowed || (id == self.active && self.aside.is_empty()) {
            return false;
        }
        if self.before.is_none() {
            self.before = Some(std::mem::take(&mut self.active));
        }
        id.clone_into(&mut self.active);
        if let Some(root) = self.pack_root() {
            self.aside.retain(|aside| *aside != root);
        }
        self.banner.clear();
        true
    }

    /// The window stands with these layers. Gives the pack to remember, if another one was tried.
    pub fn built(&mut self) -> Option<String> {
        if self.aside.is_empty() {
            self.fault.clear();
        }
        self.before.take().map(|_| self.active.clone())
    }

    /// No window can be built, and none is there: sets a layer aside. `false` if there is none.
    pub fn not_built(&mut self, why: &str) -> bool {
        let left: Vec<_> = self.roots().into_iter().filter(|r| !self.aside.contains(r)).collect();
        // The file that is named tells whose fault it is; if it can't be told, packs go first.
        let named = left.iter().find(|root| Path::new(why).starts_with(root));
        let Some(guilty) = named.or(left.last()).cloned() else { return false };
        if Some(&guilty) == self.qml_dir.as_ref() {
            why.clone_into(&mut self.fault);
            log::error!("{why}");
        } else {
            self.disable(why);
        }
        self.aside.push(guilty);
        true
    }

    /// No new window can be built; the old one stays.
    pub fn not_renewed(&mut self, why: &str) {
        if let Some(before) = self.before.take() {
            self.disable(why);
            self.active = before;
        } else {
            why.clone_into(&mut self.fault);
            log::error!("{why}");
        }
    }

    fn disable(&mut self, why: &str) {
        let title = self.pack(&self.active).map_or(self.active.as_str(), |pack| &pack.title);
        self.banner = format!("{title}: {why}");
        log::warn!("pack disabled: {}", self.banner);
    }

    /// A file of this layer changed: it gets another chance. Whether it had been set aside.
    pub fn give_chance(&mut self, root: &Path) -> bool {
        let count = self.aside.len();
        self.aside.retain(|aside| aside != root);
        self.aside.len() != count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ui(id: &str) -> Pack {
        Pack {
            id: id.to_owned(),
            folder: Path::new("/packs").join(id),
            title: id.to_uppercase(),
            author: String::new(),
            kind: Some(Kind::Ui),
            fault: String::new(),
            themes: Vec::new(),
        }
    }

    fn state(qml_dir: Option<&str>) -> State {
        let packs = vec![ui("a"), ui("b"), Pack { fault: "bad".to_owned(), ..ui("c") }];
        State { packs, ..State::new(qml_dir.map(PathBuf::from), true) }
    }

    #[test]
    fn a_pack_that_breaks_the_start_is_set_aside() {
        let mut state = state(Some("/mine"));
        state.choose_at_start("a");
        assert_eq!(state.layers().front, [Path::new("/mine"), Path::new("/packs/a")]);
        assert!(state.not_built("/packs/a/Okno/Shell/Shell.qml:3:1: Syntax error"));
        assert_eq!(state.layers().front, [Path::new("/mine")]);
        assert_eq!(state.banner, "A: /packs/a/Okno/Shell/Shell.qml:3:1: Syntax error");
        assert!(state.not_built("/mine/Okno/Shell/Shell.qml:1:1: x"));
        assert!(state.layers().front.is_empty());
        assert!(!state.not_built("what is left is shipped"));
        assert!(state.give_chance(Path::new("/mine")));
        assert_eq!(state.layers().front, [Path::new("/mine")]);
    }

    #[test]
    fn a_pack_that_is_tried_and_fails_leaves_the_one_before() {
        let mut state = state(None);
        state.choose_at_start("a");
        assert!(state.try_pack("b"));
        state.not_renewed("/packs/b/Okno/x.qml:1:1: y");
        assert_eq!(state.active, "a");
        assert!(state.banner.starts_with("B: /packs/b"));
        assert!(state.try_pack("b"));
        assert_eq!(state.built(), Some("b".to_owned()));
        assert!(state.try_pack(""));
        assert_eq!(state.built(), Some(String::new()));
        assert!(state.layers().front.is_empty());
    }

    #[test]
    fn packs_that_are_of_no_use() {
        let mut state = state(None);
        assert!(!state.try_pack("c") && !state.try_pack("nowhere") && !state.try_pack(""));
        state.choose_at_start("c");
        assert_eq!((state.active.as_str(), state.banner.as_str()), ("", "C: bad"));
        state.choose_at_start("a");
        state.refuse_at_start("b");
        assert_eq!(state.active, "a");
        state.refuse_at_start("a");
        assert_eq!(state.active, "");
        assert!(state.banner.starts_with("A: its loading"));
        state.packs_allowed = false;
        assert!(!state.try_pack("a"));
    }
}
