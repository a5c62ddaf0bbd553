//! What changed in folders of the interface's files, and what has to be loaded anew for it.
//!
//! In: folders, looked at again and again. Out: which kinds of files changed. Looking rather than
//! being told, because editors that write a new file and rename it lose a watcher of files.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Most files that are looked at: Okno's own are fewer than 200.
const MAX_FILES: usize = 4096;

/// Deepest folder; `packs/NAME/Okno/Theme/tokens/NAME` is the deepest that means anything.
const MAX_DEPTH: usize = 8;

/// Names' ends of files that the interface is made of. Editors' own files have others.
const ENDS: [&str; 12] =
    ["qml", "js", "mjs", "svg", "png", "jpg", "jpeg", "webp", "ttf", "otf", "woff", "json"];

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
    inode: u64,
}

/// Files as they are at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight(BTreeMap<PathBuf, Stamp>);

impl Sight {
    /// Looks at all files below these folders.
    pub fn of<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut sight = Self::default();
        for folder in folders {
            sight.add(folder, 0);
        }
        sight
    }

    fn add(&mut self, folder: &Path, depth: usize) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            if self.0.len() >= MAX_FILES || entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < MAX_DEPTH {
                    self.add(&path, depth + 1);
                }
            } else if is_interface(&path)
                && let Ok(data) = fs::metadata(&path)
            {
                let stamp =
                    Stamp { modified: data.modified().ok(), size: data.len(), inode: data.ino() };
                self.0.insert(path, stamp);
            }
        }
    }

    /// The files that came, went or changed until `later`.
    pub fn changes<'a>(&'a self, later: &'a Self) -> Vec<&'a Path> {
        let differs =
            |(path, stamp): (&PathBuf, &Stamp), other: &Self| other.0.get(path) != Some(stamp);
        let gone = self.0.iter().filter(|(path, _)| !later.0.contains_key(*path));
        let new = later.0.iter().filter(|(path, stamp)| differs((path, stamp), self));
        gone.chain(new).map(|(path, _)| path.as_path()).collect()
    }
}

fn is_interface(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "qmldir")
        || path.extension().is_some_and(|end| ENDS.iter().any(|known| end == *known))
}

/// What has to be loaded anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Tokens or icons of a theme: the theme alone.
    pub theme: bool,
    /// Everything inside the window.
    pub shell: bool,
    /// The engine: singletons and fonts live as long as it does.
    pub engine: bool,
}

impl Edits {
    /// Whether there are any.
    pub fn any(self) -> bool {
        self.theme || self.shell || self.engine
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            theme: self.theme || other.theme,
            shell: self.shell || other.shell,
            engine: self.engine || other.engine,
        }
    }

    /// What a change of this file ("Okno/Theme/Theme.qml") asks for.
    pub fn of(name: &Path) -> Self {
        let mut parts = name.iter().filter_map(|part| part.to_str());
        let (top, module, file) = (parts.next(), parts.next(), parts.next());
        match (top, module, file) {
            // No layer replaces these.
            (Some("Okno"), Some("Host" | "Backend"), _) => Self::default(),
            (Some("Okno"), Some("Theme"), Some("tokens" | "icons")) => {
                Self { theme: true, ..Self::default() }
            }
            (Some("Okno"), Some("Theme"), _) => Self { engine: true, ..Self::default() },
            (Some("Okno"), Some(_), Some(_)) => Self { shell: true, ..Self::default() },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_edits() {
        let of = |name: &str| {
            let edits = Edits::of(Path::new(name));
            (edits.theme, edits.shell, edits.engine)
        };
        assert_eq!(of("Okno/Theme/tokens/dark/Tokens.qml"), (true, false, false));
        assert_eq!(of("Okno/Theme/icons/camera.svg"), (true, false, false));
        assert_eq!(of("Okno/Theme/Theme.qml"), (false, false, true));
        assert_eq!(of("Okno/Wall/WallTile.qml"), (false, true, false));
        assert_eq!(of("Okno/Wall/qmldir"), (false, true, false));
        assert_eq!(of("Okno/Host/Main.qml"), (false, false, false));
        assert_eq!(of("pack.json"), (false, false, false));
    }

    #[test]
    fn files_that_come_go_and_change() {
        let top = std::env::temp_dir().join(format!("okno-watch-{}", std::process::id()));
        let _ = fs::remove_dir_all(&top);
        fs::create_dir_all(top.join("Okno/Wall")).expect("folders");
        let look = || Sight::of([top.as_path()]);
        let tile = top.join("Okno/Wall/WallTile.qml");
        let before = look();
        fs::write(&tile, "a").expect("a file");
        fs::write(top.join("Okno/Wall/.WallTile.qml.swp"), "a").expect("a file");
        fs::write(top.join("Okno/Wall/WallTile.qml~"), "a").expect("a file");
        let made = look();
        assert_eq!(before.changes(&made), [tile.as_path()]);
        fs::write(&tile, "ab").expect("a change");
        let longer = look();
        assert_eq!(made.changes(&longer), [tile.as_path()]);
        // As editors save: a new file takes the place of the old one.
        fs::write(top.join("Okno/Wall/new"), "cd").expect("a file");
        fs::rename(top.join("Okno/Wall/new"), &tile).expect("a rename");
        let renamed = look();
        assert_eq!(longer.changes(&renamed), [tile.as_path()]);
        fs::remove_file(&tile).expect("a removal");
        assert_eq!(renamed.changes(&look()), [tile.as_path()]);
        assert!(look().changes(&look()).is_empty());
        let _ = fs::remove_dir_all(top);
    }
}
