//! What makes a relay the same one after a restart: its key, and the secret of its tokens.
//!
//! In: a folder. Out: a TLS configuration, the key's fingerprint, the secret; made at the first
//! start and kept in files that only their owner can read. Never overwrites a file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use ring::rand::{SecureRandom as _, SystemRandom};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;

/// Names this protocol in the TLS handshake.
pub const ALPN: &[u8] = b"okno-call/1";

/// The name in the certificate. Nobody checks it: the key is pinned, not the name.
const CERTIFICATE_NAME: &str = "okno-relay";

/// SHA-256 over a key's SubjectPublicKeyInfo: 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a certificate's key.
    ///
    /// # Errors
    /// When the bytes are no certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Result<Self, rustls::Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let key = parsed.subject_public_key_info();
        let digest = ring::digest::digest(&ring::digest::SHA256, key.as_ref());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Ok(Self(bytes))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A text that is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 64 hexadecimal digits")]
pub struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NoFingerprint);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).ok_or(NoFingerprint)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NoFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A file can't be read or written.
    #[error("{}: {}; name a folder that this user may write to with --state", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// A file is not what it should be.
    #[error("{}: {}; move the file away to have a new one made (links that pin the old key end to work)", .0.display(), .1)]
    Content(PathBuf, String),
    /// The key can't be made.
    #[error("no key can be made: {0}")]
    Make(String),
}

/// See the module.
pub struct Identity {
    /// For the TLS side of each connection.
    pub tls: Arc<rustls::ServerConfig>,
    /// What links pin.
    pub fingerprint: Fingerprint,
    /// For the resume tokens.
    pub secret: [u8; 32],
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.fingerprint)
    }
}

impl Identity {
    /// Reads the identity from a folder, or makes it there.
    ///
    /// # Errors
    /// A file can't be read, written or understood.
    pub fn load_or_make(folder: &Path) -> Result<Self, IdentityError> {
        let make = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        make.map_err(|error| IdentityError::File(folder.to_owned(), error))?;
        let (key_path, certificate_path) = (folder.join("key.pem"), folder.join("cert.pem"));
        if !key_path.exists() {
            make_key(&key_path, &certificate_path)?;
        }
        let content = |path: &Path, error: &dyn std::fmt::Display| {
            IdentityError::Content(path.to_owned(), error.to_string())
        };
        let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|e| content(&key_path, &e))?;
        let certificate = CertificateDer::from_pem_file(&certificate_path)
            .map_err(|e| content(&certificate_path, &e))?;
        let fingerprint =
            Fingerprint::of(&certificate).map_err(|e| content(&certificate_path, &e))?;
        let mut tls = rustls::ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|e| content(&key_path, &e))?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(|e| content(&key_path, &e))?;
        tls.alpn_protocols = vec![ALPN.to_vec()];
        tls.ignore_client_order = true;
        // A pinned key makes resumed TLS sessions needless, and they would be state per caller.
        tls.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        tls.send_tls13_tickets = 0;
        Ok(Self { tls: Arc::new(tls), fingerprint, secret: secret(&folder.join("token-secret"))? })
    }
}

/// The cheapest cipher first. Pictures and sound are sealed with AES-256 by the callers; what this
/// layer hides is who sends how much of what when.
fn provider() -> rustls::crypto::CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider
        .cipher_suites
        .sort_by_key(|suite| suite.suite() != rustls::CipherSuite::TLS13_AES_128_GCM_SHA256);
    provider
}

fn make_key(key_path: &Path, certificate_path: &Path) -> Result<(), IdentityError> {
    let pair = rcgen::generate_simple_self_signed([CERTIFICATE_NAME.to_owned()])
        .map_err(|error| IdentityError::Make(error.to_string()))?;
    // The certificate first: the key's being there says that both are.
    match std::fs::remove_file(certificate_path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(IdentityError::File(certificate_path.to_owned(), e));
        }
        _ => {}
    }
    write(certificate_path, 0o644, pair.cert.pem().as_bytes())?;
    write(key_path, 0o600, pair.signing_key.serialize_pem().as_bytes())
}

/// The tokens' secret, 64 hexadecimal digits in a file.
fn secret(path: &Path) -> Result<[u8; 32], IdentityError> {
    if !path.exists() {
        let mut bytes = [0; 32];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| IdentityError::Make("the system has no random numbers".to_owned()))?;
        let text = bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing into a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        write(path, 0o600, text.as_bytes())?;
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| IdentityError::File(path.to_owned(), error))?;
    let secret: Fingerprint = text.trim().parse().map_err(|_| {
        IdentityError::Content(path.to_owned(), "not 64 hexadecimal digits".to_owned())
    })?;
    Ok(secret.0)
}

/// Writes a new file by another name first, so that a crash leaves none that is half written.
fn write(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), IdentityError> {
    let half = path.with_extension("new");
    let done = (|| {
        if half.exists() {
            std::fs::remove_file(&half)?;
        }
        let mut file = File::options().write(true).create_new(true).mode(mode).open(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // Unlike rename, a link fails if the file is there already.
        std::fs::hard_link(&half, path)?;
        std::fs::remove_file(&half)
    })();
    done.map_err(|error| IdentityError::File(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_second_start_is_the_same_relay() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("deep/state");
        let first = Identity::load_or_make(&state).expect("made");
        let second = Identity::load_or_make(&state).expect("read");
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_eq!(first.secret, second.secret);
        for name in ["key.pem", "token-secret"] {
            let mode = std::fs::metadata(state.join(name)).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let other = Identity::load_or_make(&folder.path().join("other")).expect("made");
        assert_ne!(first.fingerprint, other.fingerprint);
        assert_ne!(first.secret, other.secret);
    }

    #[test]
    fn a_broken_file_is_named_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        Identity::load_or_make(folder.path()).expect("made");
        std::fs::write(folder.path().join("token-secret"), "short").expect("written");
        let error = Identity::load_or_make(folder.path()).expect_err("broken").to_string();
        assert!(error.contains("token-secret"), "{error}");
        let kept = std::fs::read_to_string(folder.path().join("token-secret")).expect("there");
        assert_eq!(kept, "short");
    }

    #[test]
    fn a_fingerprint_can_be_written_and_read() {
        let fingerprint = Fingerprint([0xA7; 32]);
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        assert_eq!("a7".parse::<Fingerprint>(), Err(NoFingerprint));
        assert_eq!("ä".repeat(32).parse::<Fingerprint>(), Err(NoFingerprint));
    }
}
