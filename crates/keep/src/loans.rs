//! Files for other programs, which were dragged out of the window.
//!
//! In: names of streams. Out: new files in a folder that only this user can read. They go when
//! this is dropped, and all but the newest before. Never more than [`MOST`].

use std::collections::VecDeque;
use std::fs::{DirBuilder, File};
use std::io::Result;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use jiff::Zoned;

use crate::files;

/// Files that are there at once. A program has read the one that it was given long before as many
/// others were dragged.
pub const MOST: usize = 16;

/// See the module.
#[derive(Default)]
pub struct Loans {
    /// Made for the first file.
    folder: Option<PathBuf>,
    files: VecDeque<PathBuf>,
}

impl Loans {
    /// A new file, named after a stream and the time.
    ///
    /// # Errors
    /// The system's own.
    pub fn create(&mut self, stream: &str) -> Result<(File, PathBuf)> {
        let now = Zoned::now();
        if self.folder.is_none() {
            let name = format!("okno-{}-{}", std::process::id(), now.timestamp().as_nanosecond());
            let folder = std::env::temp_dir().join(name);
            // Fails if anything of this name is there, which then is not ours.
            DirBuilder::new().mode(0o700).create(&folder)?;
            self.folder = Some(folder);
        }
        let folder = self.folder.clone().unwrap_or_default();
        let (file, path) = files::create(&folder, stream, &now, "jpg")?;
        self.files.push_back(path.clone());
        if self.files.len() > MOST
            && let Some(oldest) = self.files.pop_front()
        {
            // It may have been moved to where it was dropped.
            drop(std::fs::remove_file(oldest));
        }
        Ok((file, path))
    }
}

impl Drop for Loans {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            log::warn!("{} stays: {error}", folder.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn few_are_kept_and_all_go() {
        let mut loans = Loans::default();
        let paths: Vec<_> =
            (0..MOST + 3).map(|_| loans.create("../door").expect("a temporary folder").1).collect();
        let folder = paths[0].parent().expect("in a folder").to_owned();
        let mode = std::fs::metadata(&folder).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        assert!(paths.iter().all(|path| path.parent() == Some(&folder)));
        // A name that was given back may be taken again.
        assert_eq!(std::fs::read_dir(&folder).expect("there").count(), MOST);
        assert!(paths[paths.len() - MOST..].iter().all(|path| path.exists()));
        drop(loans);
        assert!(!folder.exists());
    }
}
