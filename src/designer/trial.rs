//! A mark that stands while a pack's interface is being loaded at the start.
//!
//! In: the pack. Out: at the next start, the pack whose loading never came to an end: code of a
//! pack can go round for ever or take the program down, and must not do so a second time.

use std::fs;
use std::path::{Path, PathBuf};

use super::packs::is_name;

/// Longest mark that is read: a number and a name.
const MAX_MARK: usize = 1024;

/// The mark of one program.
pub struct Trial(PathBuf);

impl Trial {
    /// Marks the pack; `None` if that can't be done, which is no reason not to start.
    pub fn begin(mark: &Path, pack: &str) -> Option<Self> {
        let made = mark
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(mark, format!("{} {pack}\n", std::process::id())));
        made.inspect_err(|error| log::warn!("{}: {error}", mark.display())).ok()?;
        Some(Self(mark.to_owned()))
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // A mark that can't be removed disables the pack once more; nothing worse.
        let _ = fs::remove_file(&self.0);
    }
}

/// The pack whose loading did not come to an end, in a program that is gone. Removes its mark.
pub fn unfinished(mark: &Path) -> Option<String> {
    let text = fs::read_to_string(mark).ok().filter(|text| text.len() <= MAX_MARK)?;
    let (process, pack) = text.trim().split_once(' ')?;
    let process: u32 = process.parse().ok()?;
    if !is_name(pack) || Path::new("/proc").join(process.to_string()).exists() {
        return None;
    }
    let _ = fs::remove_file(mark);
    Some(pack.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_ended_is_told() {
        let mark = std::env::temp_dir().join(format!("okno-trial-{}", std::process::id()));
        assert_eq!(unfinished(&mark), None);
        let trial = Trial::begin(&mark, "mine");
        assert!(mark.exists());
        // This program is still at it.
        assert_eq!(unfinished(&mark), None);
        drop(trial);
        assert!(!mark.exists());
        // No process has this number: they end at 4194304.
        fs::write(&mark, "4194399 mine\n").expect("a mark");
        assert_eq!(unfinished(&mark), Some("mine".to_owned()));
        assert!(!mark.exists());
        for bad in ["", "x mine", "4194399", "4194399 ../x"] {
            fs::write(&mark, bad).expect("a mark");
            assert_eq!(unfinished(&mark), None, "{bad}");
        }
        let _ = fs::remove_file(mark);
    }
}
