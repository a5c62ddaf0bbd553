//! Packs: what others made for the interface, in folders below `packs`.
//!
//! In: folders. Out: the packs in them, each with what is wrong with it, if anything is. A pack's
//! name is its folder's. Reads `pack.json`, and looks which themes there are; runs nothing.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The version of the interface's files that packs are made for.
pub const API_VERSION: u32 = 1;

/// Packs, and themes of one pack, that are looked at: more fill no list that anyone reads.
const MAX_ENTRIES: usize = 64;

/// Longest `pack.json` that is read.
const MAX_MANIFEST: u64 = 64 * 1024;

/// Longest text of a manifest that is shown, in characters.
const MAX_WORDS: usize = 80;

/// What a pack is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Tokens, icons and fonts.
    Theme,
    /// Any files of the interface.
    Ui,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    #[serde(default)]
    author: String,
    #[serde(rename = "apiVersion")]
    api_version: u32,
    kind: Kind,
}

/// One theme of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// "pack/theme".
    pub name: String,
    /// For people.
    pub title: String,
    /// Its `Tokens.qml`.
    pub tokens: PathBuf,
}

/// One folder in `packs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Name of its folder.
    pub id: String,
    /// Its folder, canonical.
    pub folder: PathBuf,
    /// For people.
    pub title: String,
    /// Who made it, as it says itself.
    pub author: String,
    /// What it is for; `None` if that can't be told.
    pub kind: Option<Kind>,
    /// What is wrong with it, for people; empty if nothing is.
    pub fault: String,
    /// Its themes, by name.
    pub themes: Vec<Theme>,
}

impl Pack {
    /// Whether it can be used as an interface.
    pub fn is_ui(&self) -> bool {
        self.kind == Some(Kind::Ui) && self.fault.is_empty()
    }
}

/// All packs; a name that is in several of the `folders` is that of the first.
pub fn find(folders: &[PathBuf]) -> Vec<Pack> {
    let mut packs: Vec<Pack> = Vec::new();
    for folder in folders {
        for (id, folder) in children(folder) {
            if !packs.iter().any(|pack| pack.id == id) {
                packs.push(read(id, folder));
            }
        }
    }
    packs.sort_by(|a, b| a.id.cmp(&b.id));
    packs
}

fn read(id: String, folder: PathBuf) -> Pack {
    let mut pack = Pack {
        title: id.clone(),
        author: String::new(),
        kind: None,
        fault: String::new(),
        themes: Vec::new(),
        id,
        folder,
    };
    match manifest(&pack.folder) {
        Ok(manifest) => {
            pack.title = words(&manifest.name, &pack.id);
            pack.author = words(&manifest.author, "");
            pack.kind = Some(manifest.kind);
            if manifest.kind == Kind::Theme {
                pack.themes = themes(&pack);
            }
            if manifest.api_version != API_VERSION {
                pack.fault = format!(
                    "made for version {} of Okno's interface; this is version {API_VERSION}",
                    manifest.api_version
                );
                pack.themes.clear();
            } else if manifest.kind == Kind::Theme && pack.themes.is_empty() {
                pack.fault = "no Okno/Theme/tokens/NAME/Tokens.qml in it".to_owned();
            } else if manifest.kind == Kind::Ui && !pack.folder.join("Okno").is_dir() {
                pack.fault = "no folder Okno in it".to_owned();
            }
        }
        Err(fault) => pack.fault = fault,
    }
    pack
}

fn manifest(folder: &Path) -> Result<Manifest, String> {
    let path = folder.join("pack.json");
    let fail = |what: String| format!("{}: {what}", path.display());
    let mut text = Vec::new();
    let file = File::open(&path).map_err(|error| fail(error.to_string()))?;
    let plain = file.metadata().is_ok_and(|data| data.is_file());
    if !plain {
        return Err(fail("is no file".to_owned()));
    }
    file.take(MAX_MANIFEST).read_to_end(&mut text).map_err(|error| fail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| fail(error.to_string()))
}

fn themes(pack: &Pack) -> Vec<Theme> {
    let tokens = |folder: PathBuf| {
        let path = folder.join("Tokens.qml").canonicalize().ok()?;
        (path.starts_with(&pack.folder) && path.is_file()).then_some(path)
    };
    let found: Vec<_> = children(&pack.folder.join("Okno/Theme/tokens"))
        .into_iter()
        .filter_map(|(name, folder)| Some((name, tokens(folder)?)))
        .collect();
    let one = found.len() == 1;
    let theme = |(name, tokens): (String, PathBuf)| Theme {
        title: if one { pack.title.clone() } else { format!("{} ({name})", pack.title) },
        name: format!("{}/{name}", pack.id),
        tokens,
    };
    found.into_iter().map(theme).collect()
}

/// The folders in a folder whose names can stand in a list and in a settings file, sorted.
fn children(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok().filter(|name| is_name(name))?;
            let path = entry.path().canonicalize().ok().filter(|path| path.is_dir())?;
            Some((name, path))
        })
        .take(MAX_ENTRIES)
        .collect();
    found.sort();
    found
}

/// Whether this can be the name of a pack or a theme.
pub fn is_name(name: &str) -> bool {
    !name.starts_with('.')
        && (1..=MAX_WORDS).contains(&name.len())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '))
}

/// A text from a pack as it may be shown.
fn words(text: &str, otherwise: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect();
    let clean = clean.trim();
    if clean.is_empty() { otherwise.to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("okno-packs-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&top);
        fs::create_dir_all(&top).expect("a folder");
        top.canonicalize().expect("its path")
    }

    fn pack(top: &Path, id: &str, manifest: &str, files: &[&str]) {
        for file in files {
            let path = top.join(id).join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, "import QtQml\nQtObject {}\n").expect("a file");
        }
        fs::create_dir_all(top.join(id)).expect("a folder");
        fs::write(top.join(id).join("pack.json"), manifest).expect("a manifest");
    }

    #[test]
    fn good_and_bad_packs() {
        let top = ground("kinds");
        let tokens = "Okno/Theme/tokens/sepia/Tokens.qml";
        let theme = r#"{"name": "Sepia", "author": "Eve", "apiVersion": 1, "kind": "theme"}"#;
        pack(&top, "a-theme", theme, &[tokens]);
        pack(
            &top,
            "b-ui",
            r#"{"name": "Bar", "apiVersion": 1, "kind": "ui"}"#,
            &["Okno/Wall/X.qml"],
        );
        pack(&top, "c-newer", &theme.replace('1', "2"), &[tokens]);
        pack(&top, "d-empty", theme, &[]);
        pack(&top, "e-json", "{", &[]);
        pack(&top, "f-kind", r#"{"name": "x", "apiVersion": 1, "kind": "virus"}"#, &[]);
        fs::create_dir(top.join("g-none")).expect("a folder");
        fs::create_dir(top.join(".hidden")).expect("a folder");
        let found = find(&[top.clone(), top.join("not there")]);
        let faults: Vec<_> = found.iter().map(|p| (p.id.as_str(), p.fault.as_str())).collect();
        assert_eq!(found.len(), 7, "{faults:?}");
        assert_eq!(found[0].themes[0].name, "a-theme/sepia");
        assert_eq!(found[0].themes[0].title, "Sepia");
        assert!(found[1].is_ui(), "{faults:?}");
        for (at, words) in
            [(2, "version 2"), (3, "Tokens.qml"), (4, "pack.json"), (5, "virus"), (6, "pack.json")]
        {
            assert!(faults[at].1.contains(words), "{faults:?}");
            assert!(found[at].themes.is_empty() && !found[at].is_ui());
        }
        let _ = fs::remove_dir_all(top);
    }

    #[test]
    fn the_first_folder_wins() {
        let top = ground("order");
        for (folder, title) in [("own", "Mine"), ("system", "Theirs")] {
            let manifest = format!(r#"{{"name": "{title}", "apiVersion": 1, "kind": "ui"}}"#);
            pack(&top.join(folder), "same", &manifest, &["Okno/Wall/X.qml"]);
        }
        let found = find(&[top.join("own"), top.join("system")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title, "Mine");
        let _ = fs::remove_dir_all(top);
    }

    #[test]
    fn texts_are_cut() {
        assert_eq!(words("a\u{7}b\n", "x"), "ab");
        assert_eq!(words(" \n", "x"), "x");
        assert_eq!(words(&"z".repeat(1000), "").len(), MAX_WORDS);
        for bad in ["", ".git", "a/b", "..", "a\nb"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
