//! Hashes as text.

use citynet_primitives::Hash;

/// A text is not a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no hash; one is 0x and 64 hex digits")]
pub struct NotAHash(String);

/// Reads a hash in hex, with or without `0x`.
///
/// # Errors
///
/// [`NotAHash`].
pub fn parse(text: &str) -> Result<Hash, NotAHash> {
    let bytes = hex::decode(text.strip_prefix("0x").unwrap_or(text)).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| NotAHash(text.into()))
}

/// `0x` and lower-case hex. Also of other bytes than those of a hash.
pub fn print(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_32_bytes() {
        assert_eq!(parse(&format!("0x{}", "0a".repeat(32))), Ok([10; 32]));
        assert_eq!(parse(&"0a".repeat(32)), Ok([10; 32]));
        assert_eq!(print([10; 32]), format!("0x{}", "0a".repeat(32)));
        let long = "0a".repeat(33);
        for text in ["", "0x", "0x0a", "0xzz", long.as_str()] {
            assert_eq!(parse(text), Err(NotAHash(text.into())));
        }
    }
}
