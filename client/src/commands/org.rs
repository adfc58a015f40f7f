//! `citynet org`.

use super::{Done, NodeArgs};
use crate::output::{facts, table, Output};
use citynet_client::{keys, rpc::OrganisationView};
use clap::Subcommand;
use std::time::Duration;

#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// List every organisation.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Show an organisation with its accounts and their roles.
    #[command(after_help = "Example:\n  citynet org show 1")]
    Show {
        /// Its number.
        id: u32,
        #[command(flatten)]
        node: NodeArgs,
    },
}

pub async fn run(command: OrgCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        OrgCommand::List { node } => {
            let organisations = node.connect(Duration::ZERO).await?.rpc().organisations().await?;
            output.result(&organisations, |_| {
                let row = |organisation: &OrganisationView| {
                    let OrganisationView { id, name, kind, status, accounts } = organisation;
                    vec![id.to_string(), name.clone(), kind.clone(), status.clone(), accounts.len().to_string()]
                };
                table(&["id", "name", "kind", "status", "accounts"], organisations.iter().map(row).collect())
            })?;
        }
        OrgCommand::Show { id, node } => {
            let organisation = node.connect(Duration::ZERO).await?.rpc().organisation(id).await?;
            output.result(&organisation, |output| {
                let mut lines = facts(&[
                    ("organisation", organisation.id.to_string()),
                    ("name", output.strong(&organisation.name)),
                    ("kind", organisation.kind.clone()),
                    ("status", organisation.status.clone()),
                ]);
                lines.push(String::new());
                let accounts = organisation.accounts.iter().map(|account| {
                    let ss58 = account.account.hash().map(|account| keys::ss58(&account)).unwrap_or_default();
                    vec![ss58, account.account.to_string(), account.roles.join(", ")]
                });
                lines.extend(table(&["account", "public key", "roles"], accounts.collect()));
                lines
            })?;
        }
    }
    Ok(Done::Completely)
}
