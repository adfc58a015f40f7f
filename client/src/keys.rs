//! Keys: the account that signs transactions (sr25519) and the device that signs its batches (Ed25519).
//!
//! Secrets live in files of mode 0600, in the environment or come from a prompt. They are wiped from memory when dropped
//! and appear in no message, no debug output and no argument list; only the well-known development accounts, whose keys
//! are public anyway, may be named on the command line.

use citynet_primitives::{Account, AlgorithmId, DeviceKey};
use ed25519_dalek::{Signer as _, SigningKey};
use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    str::FromStr,
};
use subxt::{
    transactions::Signer,
    utils::{AccountId32, MultiSignature},
    SubstrateConfig,
};
use subxt_signer::{
    sr25519::{self, Keypair},
    ExposeSecret as _, SecretUri, DEV_PHRASE,
};
use zeroize::Zeroizing;

/// A secret text.
pub type Secret = Zeroizing<String>;

/// A key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is there already; keys are never overwritten.
    #[error("{0} exists already and is not overwritten; choose another name")]
    Exists(PathBuf),
    /// Others than the owner may read the file.
    #[error("{path} may be read by others (mode {mode:03o}); make it private with: chmod 600 {path}")]
    Public {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
    /// A device key is not 32 bytes of hex.
    #[error("a device key is a 32-byte Ed25519 seed in hex (64 digits)")]
    Seed,
    /// An account key is neither a seed nor a phrase.
    #[error("an account key is a 32-byte seed in hex (0x and 64 digits) or a BIP-39 phrase, with an optional //path")]
    Uri,
    /// A text names no account.
    #[error("`{0}` is no account; one is written in SS58, such as 5Grw…, or as 0x and 64 hex digits")]
    Account(String),
    /// The name is not that of a development account.
    #[error("`{0}` is not a development account; there are: alice, bob, charlie, dave, eve, ferdie")]
    UnknownDevelopmentAccount(String),
}

impl KeyError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

/// The signature scheme of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// For accounts.
    Sr25519,
    /// For devices.
    Ed25519,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sr25519 => "sr25519",
            Self::Ed25519 => "ed25519",
        })
    }
}

/// An account that signs transactions.
#[derive(Clone)]
pub struct AccountKey {
    pair: Keypair,
    development: bool,
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccountKey").field(&self.ss58()).finish()
    }
}

impl AccountKey {
    /// Reads a seed or phrase with an optional derivation path, in the usual notation (`0x…//path`, `word word …//path`).
    ///
    /// # Errors
    ///
    /// [`KeyError::Uri`]; the message does not repeat the text.
    pub fn from_uri(uri: &str) -> Result<Self, KeyError> {
        let uri = SecretUri::from_str(uri.trim()).map_err(|_| KeyError::Uri)?;
        let development = uri.phrase.expose_secret() == DEV_PHRASE;
        let pair = Keypair::from_uri(&uri).map_err(|_| KeyError::Uri)?;
        Ok(Self { pair, development })
    }

    /// A well-known development account: `alice`, or `alice//gateway` for one derived from it.
    ///
    /// # Errors
    ///
    /// [`KeyError::UnknownDevelopmentAccount`].
    pub fn development(name: &str) -> Result<Self, KeyError> {
        let (person, path) = name.find("//").map_or((name, ""), |at| name.split_at(at));
        let known = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];
        let person = known
            .iter()
            .find(|known| known.eq_ignore_ascii_case(person))
            .ok_or_else(|| KeyError::UnknownDevelopmentAccount(name.into()))?;
        Self::from_uri(&format!("//{person}{path}"))
    }

    /// Whether the key derives from the published development phrase, so that everybody has it.
    pub fn is_development(&self) -> bool {
        self.development
    }

    /// The account.
    pub fn account(&self) -> Account {
        self.pair.public_key().0
    }

    /// The account in SS58 with prefix 42.
    pub fn ss58(&self) -> String {
        ss58(&self.account())
    }

    /// Signs something that is no transaction.
    pub fn sign_statement(&self, statement: &[u8]) -> [u8; 64] {
        self.pair.sign(statement).0
    }
}

/// Whether an account's key signed a statement.
pub fn verify_statement(account: &Account, statement: &[u8], signature: &[u8; 64]) -> bool {
    sr25519::verify(&sr25519::Signature(*signature), statement, &sr25519::PublicKey(*account))
}

impl Signer<SubstrateConfig> for AccountKey {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.account())
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.pair.sign(payload).0)
    }
}

/// A device's key.
pub struct DeviceSigner(SigningKey);

impl fmt::Debug for DeviceSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceSigner(0x{})", hex::encode(self.public()))
    }
}

impl DeviceSigner {
    /// From a seed in hex, with or without `0x`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Seed`].
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), seed.as_mut()).map_err(|_| KeyError::Seed)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// From a key file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, others may read it, or it holds no seed.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        Self::from_hex(&read(path)?)
    }

    /// A new key that is kept nowhere.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn random() -> Result<Self, KeyError> {
        Self::from_hex(&random_seed()?)
    }

    /// The public key's 32 bytes.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The public key as the ledger keeps it.
    pub fn key(&self) -> DeviceKey {
        let public_key = self.public().to_vec().try_into().expect("32 bytes are fewer than the bound; qed");
        DeviceKey { algorithm: AlgorithmId::ED25519, public_key }
    }

    /// Signs a statement.
    pub fn sign(&self, statement: &[u8]) -> [u8; 64] {
        self.0.sign(statement).to_bytes()
    }
}

/// An account in SS58 with prefix 42, the ledger's on every network.
pub fn ss58(account: &Account) -> String {
    AccountId32(*account).to_string()
}

/// Reads an account in SS58, whatever its prefix, or in hex with `0x`.
///
/// # Errors
///
/// [`KeyError::Account`].
pub fn parse_account(text: &str) -> Result<Account, KeyError> {
    let account = match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).ok().and_then(|bytes| bytes.try_into().ok()),
        None => AccountId32::from_str(text).ok().map(|account| account.0),
    };
    account.ok_or_else(|| KeyError::Account(text.into()))
}

/// 32 random bytes in hex, with `0x`.
fn random_seed() -> Result<Secret, KeyError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|error| KeyError::Random(error.to_string()))?;
    Ok(Zeroizing::new(format!("0x{}", Zeroizing::new(hex::encode(&seed[..])).as_str())))
}

/// Makes a key and writes it to a new file that only its owner may read. Answers with the public key.
///
/// # Errors
///
/// [`KeyError::Exists`] when the file is there already; otherwise when it cannot be written.
pub fn generate(scheme: Scheme, path: &Path) -> Result<[u8; 32], KeyError> {
    let seed = random_seed()?;
    let public = public_of(scheme, &seed)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
        _ => KeyError::file(path, error),
    })?;
    file.write_all(seed.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(|error| KeyError::file(path, error))?;
    Ok(public)
}

/// The public key that belongs to the text of a key file.
///
/// # Errors
///
/// When the text is no key of this scheme.
pub fn public_of(scheme: Scheme, secret: &str) -> Result<[u8; 32], KeyError> {
    match scheme {
        Scheme::Sr25519 => Ok(AccountKey::from_uri(secret)?.account()),
        Scheme::Ed25519 => Ok(DeviceSigner::from_hex(secret)?.public()),
    }
}

/// Reads a key file that only its owner may read.
///
/// # Errors
///
/// [`KeyError::Public`] when others may read it; otherwise when it cannot be read.
pub fn read(path: &Path) -> Result<Secret, KeyError> {
    let mut file = File::open(path).map_err(|error| KeyError::file(path, error))?;
    #[cfg(unix)]
    {
        let metadata = file.metadata().map_err(|error| KeyError::file(path, error))?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Public { path: path.to_owned(), mode });
        }
    }
    let mut text = Zeroizing::new(String::with_capacity(512));
    file.read_to_string(&mut text).map_err(|error| KeyError::file(path, error))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `//Alice` of the development phrase, as every Substrate tool knows it.
    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn development_accounts_are_the_well_known_ones() {
        let alice = AccountKey::development("alice").unwrap();
        assert_eq!(alice.ss58(), ALICE);
        assert!(alice.is_development());
        let gateway = AccountKey::development("ALICE//gateway").unwrap();
        assert_eq!(gateway.account(), AccountKey::from_uri("//Alice//gateway").unwrap().account());
        assert_ne!(gateway.account(), alice.account());
        assert!(matches!(AccountKey::development("mallory"), Err(KeyError::UnknownDevelopmentAccount(_))));
        assert!(AccountKey::from_uri(&format!("{DEV_PHRASE}//Alice")).unwrap().is_development());
        assert!(!AccountKey::from_uri(&random_seed().unwrap()).unwrap().is_development());
    }

    #[test]
    fn accounts_are_read_as_they_are_written() {
        let alice = AccountKey::development("alice").unwrap().account();
        assert_eq!(parse_account(ALICE).unwrap(), alice);
        assert_eq!(parse_account(&format!("0x{}", hex::encode(alice))).unwrap(), alice);
        // The last letter is part of the checksum.
        let wrong = ALICE.replace("utQY", "utQZ");
        let (bare, long) = (hex::encode(alice), format!("0x{}00", hex::encode(alice)));
        for text in ["", "alice", "0x12", bare.as_str(), wrong.as_str(), long.as_str()] {
            assert!(matches!(parse_account(text), Err(KeyError::Account(_))), "{text}");
        }
    }

    #[test]
    fn a_statement_is_signed_by_one_account() {
        let (alice, bob) = (AccountKey::development("alice").unwrap(), AccountKey::development("bob").unwrap());
        let signature = alice.sign_statement(b"statement");
        assert!(verify_statement(&alice.account(), b"statement", &signature));
        assert!(!verify_statement(&alice.account(), b"statements", &signature));
        assert!(!verify_statement(&bob.account(), b"statement", &signature));
        assert!(!verify_statement(&alice.account(), b"statement", &[0; 64]));
    }

    #[test]
    fn the_ed25519_key_is_that_of_rfc_8032() {
        let signer =
            DeviceSigner::from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(hex::encode(signer.public()), public);
        assert!(hex::encode(signer.sign(b"")).starts_with("e5564300c360ac72"));
        assert_eq!(format!("{signer:?}"), format!("DeviceSigner(0x{public})"));
    }

    #[test]
    fn a_generated_file_is_private_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        for (scheme, name) in [(Scheme::Ed25519, "device.key"), (Scheme::Sr25519, "account.key")] {
            let path = dir.path().join(name);
            let public = generate(scheme, &path).unwrap();
            assert_eq!(public_of(scheme, &read(&path).unwrap()).unwrap(), public);
            assert!(matches!(generate(scheme, &path), Err(KeyError::Exists(_))));
            assert_eq!(public_of(scheme, &read(&path).unwrap()).unwrap(), public);
        }
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_set_and_demanded() {
        use std::{fs, os::unix::fs::PermissionsExt};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        generate(Scheme::Ed25519, &path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = DeviceSigner::from_file(&path);
            assert!(matches!(refused, Err(KeyError::Public { mode: found, .. }) if found == mode));
        }
    }

    #[test]
    fn errors_do_not_repeat_secrets() {
        let secret = "0xdeadbeef";
        assert!(!DeviceSigner::from_hex(secret).unwrap_err().to_string().contains("deadbeef"));
        assert!(!AccountKey::from_uri(secret).unwrap_err().to_string().contains("deadbeef"));
    }
}
