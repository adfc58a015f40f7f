//! Where keys come from.

use anyhow::{bail, Context as _};
use citynet_client::{
    keys::{self, AccountKey, DeviceSigner, Secret},
    ledger::Ledger,
};
use clap::Args;
use serde_json::Value;
use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

/// The account that signs transactions.
#[derive(Args, Clone, Debug)]
pub struct AccountArgs {
    /// File with the account's key: a seed in hex or a phrase, with an optional //path. Without it, the key is taken from
    /// the environment variable CITYNET_KEY, or asked for.
    #[arg(long, value_name = "FILE", conflicts_with = "dev_account")]
    key_file: Option<PathBuf>,
    /// A well-known account of development chains, such as alice or alice//gateway. Its key is public, so it is refused on
    /// any other chain.
    #[arg(long, value_name = "NAME[//PATH]")]
    dev_account: Option<String>,
}

impl AccountArgs {
    /// The key; development keys only for development chains.
    pub async fn key(&self, ledger: &Ledger) -> anyhow::Result<AccountKey> {
        let key = self.read()?;
        if key.is_development() {
            let kind = ledger.rpc().chain_type().await?;
            let allowed = matches!(&kind, Value::String(kind) if kind == "Development" || kind == "Local");
            if !allowed {
                bail!(
                    "the key derives from the published development phrase, which everybody has; it is refused here, since \
                     this chain's type is {kind}"
                );
            }
        }
        Ok(key)
    }

    /// The key, for a chain of which nothing but its genesis is known: no development key.
    pub fn key_without_node(&self) -> anyhow::Result<AccountKey> {
        let key = self.read()?;
        if key.is_development() {
            bail!(
                "the key derives from the published development phrase, which everybody has; only a node can say whether \
                 the chain is one for development, so give --node rather than --genesis"
            );
        }
        Ok(key)
    }

    fn read(&self) -> anyhow::Result<AccountKey> {
        Ok(match (&self.dev_account, &self.key_file) {
            (Some(name), _) => AccountKey::development(name)?,
            (None, Some(path)) => AccountKey::from_uri(&keys::read(path)?)?,
            (None, None) => AccountKey::from_uri(&ask("CITYNET_KEY", "account key", "--key-file")?)?,
        })
    }
}

/// The key that signs for a device.
#[derive(Args, Clone, Debug)]
pub struct DeviceKeyArgs {
    /// File with the device's Ed25519 key (`citynet key generate --scheme ed25519`). Without it, the key is taken from the
    /// environment variable CITYNET_DEVICE_KEY, or asked for.
    #[arg(long, value_name = "FILE")]
    device_key: Option<PathBuf>,
}

impl DeviceKeyArgs {
    /// The key.
    pub fn signer(&self) -> anyhow::Result<DeviceSigner> {
        Ok(match &self.device_key {
            Some(path) => DeviceSigner::from_file(path)?,
            None => DeviceSigner::from_hex(&ask("CITYNET_DEVICE_KEY", "device key", "--device-key")?)?,
        })
    }
}

/// A secret from the environment or, on a terminal, from a prompt that does not echo.
fn ask(variable: &str, what: &str, option: &str) -> anyhow::Result<Secret> {
    if let Ok(secret) = std::env::var(variable) {
        return Ok(Secret::new(secret));
    }
    if !io::stdin().is_terminal() {
        bail!("there is no {what}: give {option} FILE, or set {variable}");
    }
    let secret =
        rpassword::prompt_password(format!("{what}: ")).with_context(|| format!("cannot ask for the {what}"))?;
    Ok(Secret::new(secret))
}
