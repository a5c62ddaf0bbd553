//! Where files of a person's own lie.
//!
//! In: the environment. Out: paths; nothing is created. Source: the XDG Base Directory
//! Specification, and xdg-user-dirs.

use std::path::{Path, PathBuf};

/// Packs for everybody on this machine.
const SYSTEM_PACKS: &str = "/usr/share/okno/packs";

/// The file in which the interface keeps what a person chose.
pub fn settings_file() -> PathBuf {
    config().join("interface.ini")
}

/// The folders with packs: a person's own, and the machine's.
pub fn packs() -> [PathBuf; 2] {
    [config().join("packs"), PathBuf::from(SYSTEM_PACKS)]
}

/// The file that names the pack in use.
pub fn active_pack() -> PathBuf {
    config().join("active-pack")
}

/// The file that stands while a pack is being loaded.
pub fn starting_pack() -> PathBuf {
    below("XDG_STATE_HOME", ".local/state").join("starting-pack")
}

/// Where the interface's files are written when a person asks for them in the window.
pub fn exported_qml() -> PathBuf {
    below("XDG_DATA_HOME", ".local/share").join("qml")
}

fn config() -> PathBuf {
    below("XDG_CONFIG_HOME", ".config")
}

/// The file in which the keys of relays are kept.
pub fn known_relays_file() -> PathBuf {
    config().join("known-relays")
}

/// Okno's folder below the one that `variable` names, or else below `standard` at home.
fn below(variable: &str, standard: &str) -> PathBuf {
    base(variable, standard).join("okno")
}

/// The folder for snapshots unless another is chosen.
pub fn pictures() -> PathBuf {
    user_folder("XDG_PICTURES_DIR", "Pictures").join("Okno")
}

/// The folder for recordings unless another is chosen.
pub fn videos() -> PathBuf {
    user_folder("XDG_VIDEOS_DIR", "Videos").join("Okno")
}

/// One of a person's own folders: from the environment, from xdg-user-dirs' file, or the usual
/// one at home.
fn user_folder(key: &str, usual: &str) -> PathBuf {
    let home = absolute("HOME").unwrap_or_else(std::env::temp_dir);
    let named = || {
        let file =
            std::fs::read_to_string(base("XDG_CONFIG_HOME", ".config").join("user-dirs.dirs"))
                .ok()?;
        user_dir(&file, key, &home)
    };
    absolute(key).or_else(named).unwrap_or_else(|| home.join(usual))
}

/// The value of `key` in a file of lines `XDG_..._DIR="$HOME/..."`; source: user-dirs.dirs(5).
fn user_dir(file: &str, key: &str, home: &Path) -> Option<PathBuf> {
    let value = file.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))?;
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    match value.strip_prefix("$HOME") {
        Some(below) => Some(home.join(below.trim_start_matches('/'))),
        None => Some(PathBuf::from(value)).filter(|path| path.is_absolute()),
    }
}

/// The folder that `variable` names, or else `standard` at home.
fn base(variable: &str, standard: &str) -> PathBuf {
    absolute(variable)
        .or_else(|| absolute("HOME").map(|home| home.join(standard)))
        .unwrap_or_else(std::env::temp_dir)
}

fn absolute(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_folders_are_read_as_xdg_writes_them() {
        let file = "# comment\nXDG_PICTURES_DIR=\"$HOME/Bilder\"\nXDG_VIDEOS_DIR=\"/srv/video\"\n\
                    XDG_MUSIC_DIR=\"relative\"\n";
        let home = Path::new("/home/me");
        let dir = |key| user_dir(file, key, home);
        assert_eq!(dir("XDG_PICTURES_DIR"), Some(PathBuf::from("/home/me/Bilder")));
        assert_eq!(dir("XDG_VIDEOS_DIR"), Some(PathBuf::from("/srv/video")));
        assert_eq!(dir("XDG_MUSIC_DIR"), None);
        assert_eq!(dir("XDG_DESKTOP_DIR"), None);
    }
}
