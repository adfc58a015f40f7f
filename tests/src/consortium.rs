//! A consortium of the four seats, described in TOML as a real one is, on a chain whose sessions last seconds.

use crate::{
    node::{ChainChoice, SEATS},
    programs,
    transactions::account,
};
use anyhow::{ensure, Result};
use std::{fmt::Write as _, fs, path::Path};
use tokio::process::Command;

/// A session's length in blocks of one second. A validator that registers is in the set within twice and once more of
/// it.
pub const SESSION_LENGTH: u32 = 10;

const ID: &str = "citynet_stories";

/// The public keys with which the seats finalise, `//Alice` to `//Dave` in Ed25519. The node derives them from the
/// names.
const FINALITY_KEYS: [&str; 4] = [
    "0x88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
    "0xd17c2d7823ebf260fd138f2d7e27d114c0145d968b5ff5006125f2414fadae69",
    "0x439660b36c6c03afafca027b910b4fecf99801834c62a5e6006f27d978de234f",
    "0x5e639b43e0052c47447dac87d6fd2b6ec50bdd4d0f614e4299c665249bbd09d9",
];

/// What stories choose about it.
#[derive(Clone, Debug)]
pub struct Consortium {
    /// The least number of members.
    pub min_members: u32,
    /// The least number of validators.
    pub min_validators: u32,
    /// How many accounts an organisation has that may only attest: `//Alice//gateway0` and so on.
    pub gateways: u32,
}

impl Default for Consortium {
    fn default() -> Self {
        Self { min_members: 1, min_validators: 1, gateways: 0 }
    }
}

impl Consortium {
    /// Writes the description and makes the raw specification of it. `addresses` are those at which the seats' nodes
    /// listen.
    ///
    /// # Errors
    ///
    /// When the node refuses the description.
    pub(crate) async fn make_spec(&self, folder: &Path, addresses: &[String]) -> Result<ChainChoice> {
        let (description, spec) = (folder.join("consortium.toml"), folder.join("consortium-raw.json"));
        fs::write(&description, self.toml(addresses)?)?;
        let output = Command::new(programs::find(programs::NODE)?)
            .args(["chain-spec", "from-toml"])
            .arg(&description)
            .args(["--raw", "-o"])
            .arg(&spec)
            .output()
            .await?;
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} makes no specification: {told}", description.display());
        Ok(ChainChoice { argument: spec.display().to_string(), id: ID })
    }

    fn toml(&self, addresses: &[String]) -> Result<String> {
        let Self { min_members, min_validators, .. } = self;
        // Development keys are refused on a live chain.
        let mut text = format!(
            r#"name = "CityNet Stories"
id = "{ID}"
type = "local"
slot-duration = 1000
session-length = {SESSION_LENGTH}
boot-nodes = []

[parameters]
min-members = {min_members}
min-validators = {min_validators}
"#
        );
        for ((seat, finality), address) in SEATS.iter().zip(FINALITY_KEYS).zip(addresses) {
            let public = |uri: &str| anyhow::Ok(format!("0x{}", hex::encode(account(uri)?.public_key().0)));
            let main = public(&seat.uri())?;
            write!(
                text,
                r#"
[[organisation]]
name = "{}"
kind = "{}"
contact = "mailto:{}@citynet.example"

[[organisation.account]]
address = "{main}"
roles = ["admin", "validator", "registrar", "attestor", "treasurer", "auditor"]
"#,
                seat.organisation, seat.kind, seat.name
            )?;
            for number in 0..self.gateways {
                let gateway = public(&gateway(&seat.uri(), number))?;
                write!(text, "\n[[organisation.account]]\naddress = \"{gateway}\"\nroles = [\"attestor\"]\n")?;
            }
            write!(
                text,
                r#"
[[organisation.validator]]
address = "{main}"
aura = "{main}"
grandpa = "{finality}"

[[organisation.peer]]
id = "{}"
purpose = "validator"
address = "{address}"
"#,
                seat.peer()
            )?;
        }
        Ok(text)
    }
}

/// The URI of an organisation's gateway with that number, given the URI of its main account.
pub fn gateway(main: &str, number: u32) -> String {
    format!("{main}//gateway{number}")
}
