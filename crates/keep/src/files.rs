//! Names of files, and room for them.
//!
//! In: a stream's name, a folder, the time. Out: a new file that replaces nothing. A stream's
//! name comes from outside: nothing in it can lead out of the folder.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use jiff::Zoned;

/// Most bytes of a stream's name in a file's name; file systems take 255 in all.
const MOST_NAME: usize = 120;

/// Files of the same stream in the same second.
const MOST_TWINS: u32 = 1000;

/// A new file in `folder`, which is made if it is not there.
///
/// # Errors
/// The system's own.
pub fn create(
    folder: &Path,
    stream: &str,
    now: &Zoned,
    extension: &str,
) -> Result<(File, PathBuf)> {
    std::fs::create_dir_all(folder)?;
    let stem = stem(stream, now);
    for twin in 1..=MOST_TWINS {
        let name = match twin {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem} ({twin}).{extension}"),
        };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::from(ErrorKind::AlreadyExists))
}

/// What a stream's file is called, without its extension.
pub fn stem(stream: &str, now: &Zoned) -> String {
    format!("{} {}", plain(stream), now.strftime("%Y-%m-%d %H-%M-%S"))
}

/// A new file of the name that a person chose. Its folder is made if it is not there.
///
/// # Errors
/// The system's own; also when there is a file of this name.
pub fn create_named(path: &Path) -> Result<File> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// A stream's name as part of a file's name on any file system.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars() {
        let c = if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
        if plain.len() + c.len_utf8() > MOST_NAME {
            break;
        }
        plain.push(c);
    }
    // Names that begin with a dot are hidden; some systems drop dots and spaces at the end.
    let plain = plain.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if plain.is_empty() { "stream".to_owned() } else { plain.to_owned() }
}

/// Bytes that this program may still write where `path` lies; `None` if the system does not say.
pub fn disk_left(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// An error as a sentence for a person.
pub fn sentence(error: &Error, folder: &Path) -> String {
    let folder = folder.display();
    match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("there is a file {folder} already; choose another name")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => format!("the disk is full ({folder})"),
        ErrorKind::FileTooLarge => format!("files in {folder} may not become larger"),
        ErrorKind::PermissionDenied => format!("{folder} may not be written to"),
        _ => format!("{folder}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for (name, expected) in [
            ("front door", "front door"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a/b\\c:d*e", "a_b_c_d_e"),
            (" .hidden. ", "hidden"),
            ("x\n\u{1b}[2Jy", "x__[2Jy"),
            ("...", "stream"),
            ("", "stream"),
            ("кухня", "кухня"),
        ] {
            assert_eq!(plain(name), expected, "{name:?}");
        }
        let long = plain(&"ж".repeat(500));
        assert!(long.len() <= MOST_NAME && long.chars().all(|c| c == 'ж'));
    }

    #[test]
    fn nothing_is_replaced() {
        let folder = std::env::temp_dir().join(format!("okno-keep-{}", std::process::id()));
        let now = Zoned::now();
        let (_, first) = create(&folder, "door", &now, "jpg").expect("a writable folder");
        let (_, second) = create(&folder, "door", &now, "jpg").expect("a writable folder");
        assert_ne!(first, second);
        assert!(second.to_string_lossy().ends_with(" (2).jpg"), "{second:?}");
        assert!(disk_left(&folder).is_some_and(|left| left > 0));
        std::fs::remove_dir_all(folder).expect("just made");
    }
}
