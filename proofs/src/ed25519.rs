//! Strict Ed25519, for signatures made off chain.

use ed25519_dalek::{Signature, VerifyingKey};

/// Why a strict verification failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 32 bytes, or not the canonical encoding of a point.
    #[error("the public key is not a canonical Ed25519 key of 32 bytes")]
    Key,
    /// Not 64 bytes.
    #[error("the signature has not 64 bytes")]
    Length,
    /// Wrong for this message and key, or of a form that strict verification refuses.
    #[error("the Ed25519 signature does not verify strictly")]
    Signature,
}

/// Verifies as RFC 8032 with the strictest reading: canonical encodings only, no key or commitment of small order, and the
/// equation without the cofactor. What is accepted here is accepted by every other verifier.
pub fn verify_strict(key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let bytes: &[u8; 32] = key.try_into().map_err(|_| SignatureError::Key)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| SignatureError::Key)?;
    // `verify_strict` compares the signature's own point by its encoding, but takes the key as it decodes.
    if key.to_edwards().compress().as_bytes() != bytes {
        return Err(SignatureError::Key);
    }
    let signature = Signature::from_slice(signature).map_err(|_| SignatureError::Length)?;
    key.verify_strict(message, &signature).map_err(|_| SignatureError::Signature)
}
