//! Public keys in text: how they are written, whether they are keys at all, and whose secrets everybody knows.

use citynet_runtime::{configs::SS58Prefix, AccountId};
use sp_core::{
    crypto::{Derive, DeriveJunction, PublicError, Ss58Codec, DEV_PHRASE},
    ed25519, sr25519, Pair,
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use std::collections::BTreeMap;

/// The 32 bytes of a public key.
pub type Key = [u8; 32];

/// Why a text is no public key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It begins with `0x` but does not go on as it must.
    #[error("after 0x there are 64 hexadecimal digits")]
    Hexadecimal,
    /// It was to be filled in later.
    #[error("it is all zeros")]
    Zeros,
    /// It is nothing that is known.
    #[error("neither 0x and 64 hexadecimal digits nor SS58 ({0})")]
    Ss58(PublicError),
    /// It belongs to another chain.
    #[error("its SS58 prefix is {0}, not {prefix}", prefix = SS58Prefix::get())]
    Prefix(u16),
}

/// Reads `0x` and 64 hexadecimal digits.
pub fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.strip_prefix("0x")?, &mut bytes).ok()?;
    Some(bytes)
}

/// Reads a public key in hexadecimal digits or as SS58 with the ledger's prefix.
///
/// # Errors
///
/// When it is neither.
pub fn public_key(text: &str) -> Result<Key, KeyError> {
    let key = if text.starts_with("0x") {
        hexadecimal(text).ok_or(KeyError::Hexadecimal)?
    } else {
        let (account, format) = AccountId::from_ss58check_with_version(text).map_err(KeyError::Ss58)?;
        if format.prefix() != SS58Prefix::get() {
            return Err(KeyError::Prefix(format.prefix()));
        }
        account.into()
    };
    if key == [0; 32] {
        return Err(KeyError::Zeros);
    }
    Ok(key)
}

/// Whether the bytes are a point of the group in which sr25519 signs.
pub fn is_sr25519(key: &Key) -> bool {
    // Nothing is derived: this only decompresses the point.
    sr25519::Public::from_raw(*key).derive(std::iter::empty::<DeriveJunction>()).is_some()
}

/// Whether the bytes are a point of the curve on which Ed25519 signs.
pub fn is_ed25519(key: &Key) -> bool {
    sc_network::PeerId::from_ed25519(key).is_some()
}

/// The public keys of the development phrase, of its well-known names and of the built-in chains' gateways, each with the
/// secret in the notation of `citynet-node key`.
pub fn known_to_everybody() -> BTreeMap<Key, String> {
    let mut keys = BTreeMap::new();
    for name in Sr25519Keyring::iter() {
        keys.insert(name.to_raw_public(), secret(name.into()));
        let gateway = format!("{}//gateway", secret(name.into()));
        keys.extend(public::<sr25519::Pair>(&gateway).map(|key| (key, gateway)));
    }
    keys.extend(Ed25519Keyring::iter().map(|name| (name.to_raw_public(), secret(name.into()))));
    for root in [public::<sr25519::Pair>(DEV_PHRASE), public::<ed25519::Pair>(DEV_PHRASE)] {
        keys.extend(root.map(|key| (key, DEV_PHRASE.to_owned())));
    }
    keys
}

fn secret(name: &'static str) -> String {
    format!("//{name}")
}

fn public<P: Pair>(secret: &str) -> Option<Key> {
    P::from_string(secret, None).ok()?.public().as_ref().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_runtime::genesis_presets;
    use sp_core::crypto::Ss58AddressFormat;

    #[test]
    fn a_key_is_written_in_either_way() {
        let alice = Sr25519Keyring::Alice.to_raw_public();
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert!(matches!(public_key(address), Ok(key) if key == alice));
        assert!(matches!(public_key(&format!("0x{}", hex::encode(alice))), Ok(key) if key == alice));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let zeros = format!("0x{}", "00".repeat(32));
        let elsewhere = AccountId::new([7; 32]).to_ss58check_with_version(Ss58AddressFormat::custom(0));
        for (text, refusal) in [
            ("0x12", "after 0x there are 64 hexadecimal digits"),
            (zeros.as_str(), "it is all zeros"),
            ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ", "nor SS58 (Invalid checksum)"),
            ("Alice", "nor SS58 ("),
            (elsewhere.as_str(), "its SS58 prefix is 0, not 42"),
        ] {
            let error = public_key(text).expect_err("it is no key").to_string();
            assert!(error.contains(refusal), "{text}: {error}");
        }
    }

    #[test]
    fn only_points_are_keys() {
        assert!(is_sr25519(&Sr25519Keyring::Alice.to_raw_public()));
        assert!(is_ed25519(&Ed25519Keyring::Alice.to_raw_public()));
        // An odd number encodes no element of Ristretto, and there is no point of the curve with y = 2.
        let number = |first: u8| std::array::from_fn(|place| if place == 0 { first } else { 0 });
        assert!(!is_sr25519(&number(1)));
        assert!(!is_ed25519(&number(2)));
    }

    #[test]
    fn everybody_knows_the_keys_of_the_built_in_chains() {
        let keys = known_to_everybody();
        assert_eq!(keys[&Sr25519Keyring::Alice.to_raw_public()], "//Alice");
        assert_eq!(keys[&Ed25519Keyring::Bob.to_raw_public()], "//Bob");
        assert_eq!(keys[&Sr25519Keyring::CharlieStash.to_raw_public()], "//Charlie//stash");

        let preset = genesis_presets::get_preset(&genesis_presets::LOCAL.into()).expect("the preset is built in");
        let preset: serde_json::Value = serde_json::from_slice(&preset).expect("it is JSON");
        let organisations = preset["consortium"]["organisations"].as_array().expect("there are some");
        for account in organisations.iter().flat_map(|one| one["accounts"].as_array().expect("there are some")) {
            let address = account[0].as_str().expect("an account is text");
            assert!(keys.contains_key(&public_key(address).expect("it is SS58")), "{address}");
        }
    }
}
