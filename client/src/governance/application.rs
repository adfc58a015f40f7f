//! The file with which an organisation applies for membership.
//!
//! The chain takes no transaction from an account that belongs to nobody, so an organisation that wants to join signs an
//! [`ApplicationStatement`] and hands the file to a member, who puts it to the vote. The file is JSON:
//!
//! ```json
//! {
//!   "format": "citynet.application/1",
//!   "genesisHash": "0x…",
//!   "profile": { "name": "Neva University", "contact": "mailto:ledger@neva.example", "legalId": "0x…" },
//!   "kind": "university",
//!   "admin": "0x…",
//!   "expires": "1767225600000",
//!   "scheme": "sr25519",
//!   "signature": "0x…"
//! }
//! ```
//!
//! `admin` is the public key of the account that becomes the organisation's first admin, `signature` is its signature over
//! the statement, `expires` is in milliseconds since 1970. A file with anything else in it is none.

use crate::{
    keys::{verify_statement, AccountKey},
    rpc::{Decimal, Hex},
    time::format_utc,
};
use citynet_primitives::{Account, ApplicationStatement, Hash, Moment, OrganisationKind, OrganisationProfile, Text};
use serde::{Deserialize, Serialize};

/// An application cannot be made or read, or is not valid here and now.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// It is no file of the format.
    #[error("this is no application of format citynet.application/1: {0}")]
    Format(#[from] serde_json::Error),
    /// A field has the wrong number of bytes.
    #[error("{field} has not {bytes} bytes")]
    Length {
        /// Which.
        field: &'static str,
        /// How many it should have.
        bytes: usize,
    },
    /// A text is too long.
    #[error("{field} has more than {most} bytes")]
    TooLong {
        /// Which.
        field: &'static str,
        /// The most it may have.
        most: u32,
    },
    /// An organisation must have a name.
    #[error("the name is empty")]
    NoName,
    /// The signature is not that of the admin over what the file says.
    #[error("the signature is not the admin's over what the application says: it was changed, or made by another key")]
    Signature,
    /// It is for another chain.
    #[error("the application is for the chain with genesis 0x{}, not for this one", hex::encode(.0))]
    OtherChain(Hash),
    /// It is too late.
    #[error("the application expired at {}", format_utc(*.0))]
    Expired(Moment),
}

/// An application whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Hash of the first block of the chain that it is for.
    pub genesis: Hash,
    /// How the organisation presents itself.
    pub profile: OrganisationProfile,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its first admin.
    pub admin: Account,
    /// After this moment the chain refuses it.
    pub expires: Moment,
    /// The admin's signature (sr25519).
    pub signature: [u8; 64],
}

#[derive(Deserialize, Serialize)]
enum Format {
    #[serde(rename = "citynet.application/1")]
    V1,
}

#[derive(Deserialize, Serialize)]
enum Scheme {
    #[serde(rename = "sr25519")]
    Sr25519,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProfileFile {
    name: String,
    contact: String,
    legal_id: Hex,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    format: Format,
    genesis_hash: Hex,
    profile: ProfileFile,
    kind: OrganisationKind,
    admin: Hex,
    expires: Decimal,
    scheme: Scheme,
    signature: Hex,
}

/// How an organisation presents itself, from texts of any length.
///
/// # Errors
///
/// [`ApplicationError::NoName`] and [`ApplicationError::TooLong`].
pub fn profile(name: &str, contact: &str, legal_id: Hash) -> Result<OrganisationProfile, ApplicationError> {
    if name.is_empty() {
        return Err(ApplicationError::NoName);
    }
    Ok(OrganisationProfile { name: text("the name", name)?, contact: text("the contact", contact)?, legal_id })
}

fn text<const N: u32>(field: &'static str, text: &str) -> Result<Text<N>, ApplicationError> {
    Text::<N>::try_from(text.as_bytes().to_vec()).map_err(|_| ApplicationError::TooLong { field, most: N })
}

fn array<const N: usize>(field: &'static str, bytes: &Hex) -> Result<[u8; N], ApplicationError> {
    bytes.0.as_slice().try_into().map_err(|_| ApplicationError::Length { field, bytes: N })
}

impl Application {
    /// Signs an application with the key of the admin to be.
    pub fn sign(
        key: &AccountKey,
        genesis: Hash,
        profile: OrganisationProfile,
        kind: OrganisationKind,
        expires: Moment,
    ) -> Self {
        let mut application = Self { genesis, profile, kind, admin: key.account(), expires, signature: [0; 64] };
        application.signature = key.sign_statement(&application.statement());
        application
    }

    /// The bytes that are signed.
    fn statement(&self) -> Vec<u8> {
        let Self { genesis, profile, kind, admin, expires, .. } = self;
        ApplicationStatement { genesis, admin, kind: *kind, expires: *expires, profile }.to_bytes()
    }

    /// Reads a file and verifies its signature.
    ///
    /// # Errors
    ///
    /// [`ApplicationError`], except for [`ApplicationError::OtherChain`] and [`ApplicationError::Expired`], which
    /// [`Application::check`] has.
    pub fn from_json(text: &str) -> Result<Self, ApplicationError> {
        let File { format: Format::V1, genesis_hash, profile: file, kind, admin, expires, scheme, signature } =
            serde_json::from_str(text)?;
        let Scheme::Sr25519 = scheme;
        let application = Self {
            genesis: array("genesisHash", &genesis_hash)?,
            profile: profile(&file.name, &file.contact, array("legalId", &file.legal_id)?)?,
            kind,
            admin: array("admin", &admin)?,
            expires: expires.0,
            signature: array("signature", &signature)?,
        };
        if !verify_statement(&application.admin, &application.statement(), &application.signature) {
            return Err(ApplicationError::Signature);
        }
        Ok(application)
    }

    /// Whether the chain with that genesis would take it now.
    ///
    /// # Errors
    ///
    /// [`ApplicationError::OtherChain`] and [`ApplicationError::Expired`].
    pub fn check(&self, genesis: &Hash, now: Moment) -> Result<(), ApplicationError> {
        if self.genesis != *genesis {
            return Err(ApplicationError::OtherChain(self.genesis));
        }
        if self.expires < now {
            return Err(ApplicationError::Expired(self.expires));
        }
        Ok(())
    }

    /// The organisation's name.
    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.profile.name).into_owned()
    }

    /// Where it can be reached, or nothing.
    pub fn contact(&self) -> String {
        String::from_utf8_lossy(&self.profile.contact).into_owned()
    }

    /// The file.
    pub fn to_json(&self) -> String {
        let file = File {
            format: Format::V1,
            genesis_hash: Hex(self.genesis.to_vec()),
            profile: ProfileFile {
                name: self.name(),
                contact: self.contact(),
                legal_id: Hex(self.profile.legal_id.to_vec()),
            },
            kind: self.kind,
            admin: Hex(self.admin.to_vec()),
            expires: Decimal(self.expires),
            scheme: Scheme::Sr25519,
            signature: Hex(self.signature.to_vec()),
        };
        let mut text = serde_json::to_string_pretty(&file).expect("texts and hex are JSON; qed");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    const GENESIS: Hash = [3; 32];

    fn application() -> Application {
        let key = AccountKey::development("eve").unwrap();
        let profile = profile("Neva \"University\"", "mailto:ledger@neva.example", [8; 32]).unwrap();
        Application::sign(&key, GENESIS, profile, OrganisationKind::University, 1_767_225_600_000)
    }

    /// The file with a field in place of another. The path is that of `Value::pointer`.
    fn with(path: &str, value: Value) -> String {
        let mut file: Value = serde_json::from_str(&application().to_json()).unwrap();
        *file.pointer_mut(path).unwrap() = value;
        file.to_string()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let application = application();
        assert_eq!(Application::from_json(&application.to_json()).unwrap(), application);
        let file: Value = serde_json::from_str(&application.to_json()).unwrap();
        assert_eq!(file["expires"], "1767225600000");
        assert_eq!(file["profile"]["name"], "Neva \"University\"");
    }

    #[test]
    fn nothing_in_it_can_be_changed() {
        let ferdie = AccountKey::development("ferdie").unwrap().account();
        let hex = |byte: u8, bytes: usize| Value::from(format!("0x{}", hex::encode(vec![byte; bytes])));
        for (path, value) in [
            ("/genesisHash", hex(4, 32)),
            ("/profile/name", "Neva University".into()),
            ("/profile/contact", "mailto:mallory@neva.example".into()),
            ("/profile/contact", "".into()),
            ("/profile/legalId", hex(0, 32)),
            ("/kind", "government".into()),
            ("/admin", format!("0x{}", hex::encode(ferdie)).into()),
            ("/admin", hex(255, 32)),
            ("/expires", "1767225600001".into()),
            ("/signature", hex(0, 64)),
            ("/signature", hex(255, 64)),
        ] {
            let refused = Application::from_json(&with(path, value));
            assert!(matches!(refused, Err(ApplicationError::Signature)), "{path}: {refused:?}");
        }
    }

    #[test]
    fn anything_else_is_no_application() {
        for (path, value) in [
            ("/format", "citynet.application/2".into()),
            ("/kind", "kingdom".into()),
            ("/scheme", "ed25519".into()),
            ("/expires", (-1).into()),
            ("/expires", "18446744073709551616".into()),
            ("/admin", "5Grw".into()),
            ("/profile", json!({ "name": "x", "contact": "", "legalId": "0x00", "more": 1 })),
            ("/profile", Value::Null),
        ] {
            let refused = Application::from_json(&with(path, value));
            assert!(matches!(refused, Err(ApplicationError::Format(_))), "{path}: {refused:?}");
        }
        let mut file: Value = serde_json::from_str(&application().to_json()).unwrap();
        file["more"] = true.into();
        assert!(matches!(Application::from_json(&file.to_string()), Err(ApplicationError::Format(_))));
        file.as_object_mut().unwrap().remove("more");
        file.as_object_mut().unwrap().remove("signature");
        assert!(matches!(Application::from_json(&file.to_string()), Err(ApplicationError::Format(_))));
        for text in ["", "[]", "null", "{}"] {
            assert!(matches!(Application::from_json(text), Err(ApplicationError::Format(_))), "{text}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_chain() {
        for (path, value) in [("/genesisHash", "0x00"), ("/admin", "0x"), ("/signature", "0xff")] {
            let refused = Application::from_json(&with(path, value.into()));
            assert!(matches!(refused, Err(ApplicationError::Length { .. })), "{path}: {refused:?}");
        }
        assert!(matches!(Application::from_json(&with("/profile/name", "".into())), Err(ApplicationError::NoName)));
        assert!(profile(&"n".repeat(64), &"c".repeat(128), [0; 32]).is_ok());
        let name = profile(&"n".repeat(65), "", [0; 32]);
        assert!(matches!(name, Err(ApplicationError::TooLong { most: 64, .. })));
        let contact = profile("n", &"c".repeat(129), [0; 32]);
        assert!(matches!(contact, Err(ApplicationError::TooLong { most: 128, .. })));
    }

    #[test]
    fn it_is_for_one_chain_and_for_a_while() {
        let application = application();
        assert!(application.check(&GENESIS, 1_767_225_600_000).is_ok());
        assert!(matches!(application.check(&GENESIS, 1_767_225_600_001), Err(ApplicationError::Expired(_))));
        let other = application.check(&[4; 32], 0).unwrap_err();
        assert!(other.to_string().contains(&hex::encode(GENESIS)));
    }
}
