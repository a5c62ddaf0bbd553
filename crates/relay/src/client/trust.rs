//! Whether a relay's key is the one that is expected.
//!
//! In: the certificate of a TLS handshake. Out: yes or no, and its fingerprint. Names and dates
//! in the certificate mean nothing here: the key is known, or seen for the first time.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use crate::identity::{ALPN, Fingerprint};

/// Accepts one key, or the first one.
#[derive(Debug)]
pub(super) struct KeyCheck {
    expected: Option<Fingerprint>,
    seen: OnceLock<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl KeyCheck {
    /// `expected`: the only key that will do; `None`: any.
    pub fn new(expected: Option<Fingerprint>) -> Arc<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Arc::new(Self { expected, seen: OnceLock::new(), provider })
    }

    /// The key of the handshake.
    pub fn seen(&self) -> Option<Fingerprint> {
        self.seen.get().copied()
    }

    /// A TLS configuration that asks this check.
    ///
    /// # Errors
    /// Never with the provider that is built in.
    pub fn config(self: &Arc<Self>) -> Result<Arc<ClientConfig>, Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Self>::clone(self))
            .with_no_client_auth();
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Arc::new(config))
    }
}

impl ServerCertVerifier for KeyCheck {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let fingerprint = Fingerprint::of(certificate)?;
        let _ = self.seen.set(fingerprint);
        if self.expected.is_some_and(|expected| expected != fingerprint) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
