//! Where files of a person's own lie.
//!
//! In: the environment. Out: paths; nothing is created. Source: the XDG Base Directory
//! Specification.

use std::path::PathBuf;

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

/// Okno's folder below the one that `variable` names, or else below `standard` at home.
fn below(variable: &str, standard: &str) -> PathBuf {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    from(variable)
        .or_else(|| from("HOME").map(|home| home.join(standard)))
        .unwrap_or_else(std::env::temp_dir)
        .join("okno")
}
