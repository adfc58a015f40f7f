//! `citynet key`.

use super::Done;
use crate::output::{facts, Output};
use citynet_client::keys::{self, Scheme};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and write it to a new file that only you may read.
    #[command(after_help = "\
Examples:
  citynet key generate --scheme ed25519 --out sensor.key     # for a device
  citynet key generate --scheme sr25519 --out gateway.key    # for an account

An existing file is never overwritten. Keep a copy: a lost device key means rotating, a lost account key means asking the \
organisation's admin for another account.")]
    Generate {
        /// What the key is for: sr25519 for accounts, ed25519 for devices.
        #[arg(long, value_enum)]
        scheme: SchemeArg,
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Show the public key that belongs to a key file. The secret is not shown.
    #[command(after_help = "\
Examples:
  citynet key inspect gateway.key
  citynet key inspect sensor.key --scheme ed25519 --json")]
    Inspect {
        /// The key file.
        file: PathBuf,
        /// Only as a key of this scheme; by default as both.
        #[arg(long, value_enum)]
        scheme: Option<SchemeArg>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemeArg {
    Sr25519,
    Ed25519,
}

impl From<SchemeArg> for Scheme {
    fn from(scheme: SchemeArg) -> Self {
        match scheme {
            SchemeArg::Sr25519 => Self::Sr25519,
            SchemeArg::Ed25519 => Self::Ed25519,
        }
    }
}

pub fn run(command: KeyCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        KeyCommand::Generate { scheme, out } => {
            let scheme = Scheme::from(scheme);
            let public = keys::generate(scheme, &out)?;
            show(output, vec![(scheme, public)], Some(out))
        }
        KeyCommand::Inspect { file, scheme: Some(scheme) } => {
            let public = keys::public_of(scheme.into(), &keys::read(&file)?)?;
            show(output, vec![(scheme.into(), public)], None)
        }
        KeyCommand::Inspect { file, scheme: None } => {
            let secret = keys::read(&file)?;
            // A phrase or a path is for accounts only.
            let account = keys::public_of(Scheme::Sr25519, &secret)?;
            let device = keys::public_of(Scheme::Ed25519, &secret).ok();
            let device = device.map(|public| (Scheme::Ed25519, public));
            show(output, std::iter::once((Scheme::Sr25519, account)).chain(device).collect(), None)
        }
    }
}

fn show(output: &Output, publics: Vec<(Scheme, [u8; 32])>, file: Option<PathBuf>) -> anyhow::Result<Done> {
    let keys: Vec<_> = publics
        .iter()
        .map(|(scheme, public)| {
            let hex = format!("0x{}", hex::encode(public));
            json!({ "scheme": scheme.to_string(), "publicKey": hex, "ss58": keys::ss58(public) })
        })
        .collect();
    let file = file.map(|file| file.display().to_string());
    output.result(&json!({ "keys": keys, "file": file }), |_| {
        let mut lines = Vec::new();
        for (scheme, public) in &publics {
            let mut about = vec![
                ("scheme", format!("{scheme} ({})", if *scheme == Scheme::Sr25519 { "account" } else { "device" })),
                ("public key", format!("0x{}", hex::encode(public))),
            ];
            if *scheme == Scheme::Sr25519 {
                about.push(("account", keys::ss58(public)));
            }
            lines.extend(facts(&about));
        }
        lines.extend(file.iter().map(|file| format!("written to {file}, readable by you only")));
        lines
    })?;
    Ok(Done::Completely)
}
