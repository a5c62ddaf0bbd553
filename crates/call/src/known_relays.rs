//! Keys of relays that were seen before, in a file.
//!
//! In: a relay's address and key. Out: whether it is the same as the last time. A key is written
//! down at its first use and never replaced without the person's word. One line for each relay:
//! `HOST:PORT FINGERPRINT`.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use okno_relay::identity::Fingerprint;

use crate::Relay;

/// Largest file that is read, in bytes: a thousand relays with long names fit.
const MAX_FILE: u64 = 512 << 10;

/// The file.
#[derive(Clone, Debug)]
pub struct KnownRelays {
    path: PathBuf,
}

impl KnownRelays {
    /// The relays in this file, which need not be there yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where a user's file is: `okno/known-relays` in the configuration folder; `None` without a
    /// home.
    #[must_use]
    pub fn default_path() -> Option<PathBuf> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = set("XDG_CONFIG_HOME").map(PathBuf::from);
        let folder = folder.or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".config")));
        Some(folder?.join("okno").join("known-relays"))
    }

    fn read(&self) -> io::Result<Vec<(String, Fingerprint)>> {
        let mut text = String::new();
        match File::open(&self.path) {
            Ok(file) => file.take(MAX_FILE).read_to_string(&mut text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        let line = |line: &str| {
            let (address, key) = line.trim().split_once(' ')?;
            Some((address.to_owned(), key.trim().parse().ok()?))
        };
        Ok(text.lines().filter_map(line).collect())
    }

    /// The key that this relay had.
    ///
    /// # Errors
    /// The file can't be read; nothing is known then, and nothing should be believed.
    pub fn key_of(&self, relay: &Relay) -> io::Result<Option<Fingerprint>> {
        let address = relay.address().to_lowercase();
        let found = self.read()?.into_iter().find(|(known, _)| *known == address);
        Ok(found.map(|(_, key)| key))
    }

    /// Writes a key down, in place of the one that the relay had.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn trust(&self, relay: &Relay, key: Fingerprint) -> io::Result<()> {
        let address = relay.address().to_lowercase();
        let mut all = self.read()?;
        all.retain(|(known, _)| *known != address);
        all.push((address, key));
        let mut text = String::new();
        for (address, key) in all {
            let _ = writeln!(text, "{address} {key}");
        }
        if let Some(folder) = self.path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        // Beside it and then in its place: a crash leaves the old file or the new one.
        let beside = self.path.with_extension(format!("new-{}", std::process::id()));
        let mut options = File::options();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_until_another_one_is_trusted() {
        let folder = std::env::temp_dir().join(format!("okno-known-{}", std::process::id()));
        let known = KnownRelays::at(&folder.join("a").join("known-relays"));
        let relay: Relay = "Example.org:99".parse().expect("an address");
        let other: Relay = "example.org:98".parse().expect("an address");
        assert_eq!(known.key_of(&relay).expect("no file"), None);
        known.trust(&relay, Fingerprint([1; 32])).expect("written");
        known.trust(&other, Fingerprint([2; 32])).expect("written");
        assert_eq!(known.key_of(&relay).expect("read"), Some(Fingerprint([1; 32])));
        known.trust(&relay, Fingerprint([3; 32])).expect("written");
        assert_eq!(known.key_of(&relay).expect("read"), Some(Fingerprint([3; 32])));
        assert_eq!(known.key_of(&other).expect("read"), Some(Fingerprint([2; 32])));
        assert_eq!(fs::read_dir(folder.join("a")).expect("a folder").count(), 1);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
