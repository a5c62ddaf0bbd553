//! Where files of a person's own lie.
//!
//! In: the environment. Out: paths; nothing is created. Source: the XDG Base Directory
//! Specification.

use std::path::PathBuf;

/// The file in which the interface keeps what a person chose.
pub fn settings_file() -> PathBuf {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    from("XDG_CONFIG_HOME")
        .or_else(|| from("HOME").map(|home| home.join(".config")))
        .unwrap_or_else(std::env::temp_dir)
        .join("okno")
        .join("interface.ini")
}
