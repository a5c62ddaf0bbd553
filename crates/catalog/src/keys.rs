//! What a server needs to be reached from other machines: a certificate, its key and a token.
//!
//! In: a folder and the names that clients reach the server by. Out: three files, of which the
//! key and the token can be read by their owner alone. Never overwrites a file.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The files that [`make`] wrote.
#[derive(Clone, Debug)]
pub struct Files {
    /// PEM: the certificate. Clients get a copy.
    pub cert: PathBuf,
    /// PEM: its private key. Stays with the server.
    pub key: PathBuf,
    /// One line: the token. Clients get a copy.
    pub token: PathBuf,
}

/// Why the files were not made.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file can't be written.
    #[error("{}: {}; name another folder with --out", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// The names can't stand in a certificate.
    #[error("no certificate for {0:?}: {1}; give names or addresses with --host")]
    Names(Vec<String>, String),
}

/// Makes `cert.pem`, `key.pem` and `token` in a folder.
///
/// # Errors
/// A name is not usable, or a file is there already or can't be written.
pub fn make(folder: &Path, hosts: &[String]) -> Result<Files, KeysError> {
    let pair = rcgen::generate_simple_self_signed(hosts.to_vec())
        .map_err(|error| KeysError::Names(hosts.to_vec(), error.to_string()))?;
    std::fs::create_dir_all(folder).map_err(|e| KeysError::File(folder.to_owned(), e))?;
    let files = Files {
        cert: folder.join("cert.pem"),
        key: folder.join("key.pem"),
        token: folder.join("token"),
    };
    write(&files.key, 0o600, &pair.signing_key.serialize_pem())?;
    write(&files.cert, 0o644, &pair.cert.pem())?;
    // Two random UUIDs: 244 random bits.
    let token = format!("{}{}\n", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    write(&files.token, 0o600, &token)?;
    Ok(files)
}

fn write(path: &Path, mode: u32, text: &str) -> Result<(), KeysError> {
    let open = File::options().write(true).create_new(true).mode(mode).open(path);
    open.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| KeysError::File(path.to_owned(), error))
}
