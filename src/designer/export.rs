//! Writes the interface's files, as they are in the program, for someone to change.
//!
//! In: a folder. Out: `Okno` with all modules but those made of Rust and C++, the mocks and the
//! gallery that run without the program, and a page that says how to begin.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::layers::SHIPPED;
use crate::bridge::engine;

/// Mocks, gallery and the page for designers among Qt's resources.
const EXTRAS: &str = ":/okno/designers/";

/// The module that has no QML files: its types are the program's own.
const BACKEND: &str = "Okno/Backend/";

/// Names that are tried for a folder of one's own before giving up.
const MAX_TRIES: u32 = 99;

/// Writes the tree into `folder`; with `force` over what is there, which must be empty otherwise.
/// Gives the number of files.
///
/// # Errors
/// A sentence for a person.
pub fn write(folder: &Path, force: bool) -> Result<usize, String> {
    let fail = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(fail(folder, error)),
    };
    if !empty && !force {
        return Err(format!(
            "{} is not empty; give another folder, or --force to write over it",
            folder.display()
        ));
    }
    let mut written = 0;
    for root in [SHIPPED, EXTRAS] {
        for resource in engine::shipped_files(root) {
            let Some(name) = resource.strip_prefix(root).filter(|name| is_wanted(root, name))
            else {
                continue;
            };
            let path = folder.join(name);
            let bytes = engine::shipped_bytes(&resource);
            path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| fail(&path, error))?;
            fs::write(&path, bytes).map_err(|error| fail(&path, error))?;
            written += 1;
        }
    }
    if written == 0 {
        return Err("this program holds no interface to write".to_owned());
    }
    Ok(written)
}

/// Writes the tree into the first folder of this name that is not there yet ("qml", "qml-2", ...).
///
/// # Errors
/// A sentence for a person.
pub fn write_new(folder: &Path) -> Result<PathBuf, String> {
    let mut target = folder.to_owned();
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for number in 2..=MAX_TRIES {
        if !target.exists() {
            break;
        }
        target = folder.with_file_name(format!("{name}-{number}"));
    }
    write(&target, false).map(|_| target)
}

fn is_wanted(root: &str, name: &str) -> bool {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    // Other crates' modules are among the resources too.
    inside && (root != SHIPPED || (name.starts_with("Okno/") && !name.starts_with(BACKEND)))
}
