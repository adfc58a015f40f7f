//! `citynet org`.

use super::{
    sending::{reason, report, submit, written, SignedArgs},
    signing::AccountArgs,
    Done, NodeArgs,
};
use crate::output::{facts, table, yes_or_no, Output};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{
    governance::{
        application::{profile, Application},
        names,
    },
    keys::{self, parse_account},
    ledger::{Call, Event, Ledger},
    rpc::{parse_hash, AccountView, Hex, OrganisationView, RecoveryView},
    time::{format_utc, now, parse_duration},
};
use citynet_primitives::{Account, Hash, OrganisationId, OrganisationKind, OrganisationProfile, Role, Roles};
use clap::{Args, Subcommand};
use serde_json::json;
use std::{fs, path::PathBuf, time::Duration};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
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
    /// Apply for membership: write and sign a file that a member puts to the vote.
    Apply(ApplyArgs),
    /// Change how your organisation presents itself. What is not given stays.
    #[command(after_help = "\
Examples:
  citynet org profile --contact https://ledger.neva.example --key-file admin.key
  citynet org profile --contact '' --key-file admin.key       # no contact any more")]
    Profile {
        #[command(flatten)]
        change: ProfileArgs,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Look after your organisation's accounts and what each may do.
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// Take your organisation out of the consortium, for good. Its records stay.
    #[command(after_help = "\
Example:
  citynet org leave --reason 'merged with organisation 3' --key-file admin.key

All its accounts stop working at once, and its validators and peers are forgotten. There is no way back but a new application \
with another account. It is refused when too few members or validators would be left.")]
    Leave {
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Get an organisation that lost its admin's key a new admin.
    #[command(subcommand)]
    Recover(RecoverCommand),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet key generate --scheme sr25519 --out admin.key
  citynet org apply --name 'Neva University' --kind university --contact mailto:ledger@neva.example \\
      --key-file admin.key -o application.json
  citynet org apply --name 'Neva University' --kind university --genesis 0x… --key-file admin.key -o application.json

The key is that of the organisation's first admin; it signs the application and nothing is sent. Give the file to a member, \
who puts it to the vote:
  citynet council propose admit application.json --reason '…' --key-file member.key

The file is JSON: format (citynet.application/1), genesisHash, profile (name, contact, legalId), kind, admin (the public key), \
expires (milliseconds since 1970), scheme (sr25519) and signature. Nothing in it can be changed without signing again.")]
pub struct ApplyArgs {
    /// The organisation's name, at most 64 bytes.
    #[arg(long)]
    name: String,
    /// What it is: government, telecom, university, industry, auditor or settlement_agent. An auditor has no vote.
    #[arg(long, value_parser = names::kind)]
    kind: OrganisationKind,
    /// Where it can be reached, such as https://… or mailto:…; at most 128 bytes. It is public: no person's own address.
    #[arg(long, default_value = "")]
    contact: String,
    /// SHA-256 of the document by which it exists in law. A register's number must not be hashed alone: it could be guessed.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    legal_id: Option<Hash>,
    /// For how long the application can be voted on.
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = parse_duration)]
    expires: u64,
    /// The genesis hash of the consortium's chain. With it, no node is asked.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    genesis: Option<Hash>,
    /// Where the application goes. A file that is there is overwritten.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub struct ProfileArgs {
    /// Its name, at most 64 bytes.
    #[arg(long)]
    name: Option<String>,
    /// Where it can be reached, at most 128 bytes.
    #[arg(long)]
    contact: Option<String>,
    /// SHA-256 of the document by which it exists in law.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    legal_id: Option<Hash>,
}

#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// List an organisation's accounts and their roles.
    #[command(after_help = "Example:\n  citynet org accounts list 1")]
    List {
        /// Its number.
        id: u32,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Let an account act for your organisation.
    #[command(after_help = "\
Examples:
  citynet org accounts add 5Grw… --role attestor --key-file admin.key
  citynet org accounts add 0x… --role admin --role registrar --key-file admin.key")]
    Add(RolesArgs),
    /// Give an account of your organisation other roles, in place of those that it has.
    #[command(after_help = "\
Example:
  citynet org accounts set-roles 5Grw… --role registrar --role attestor --key-file admin.key")]
    SetRoles(RolesArgs),
    /// Let an account act no longer. This works also while the account floods the ledger.
    #[command(after_help = "Example:\n  citynet org accounts remove 5Grw… --key-file admin.key")]
    Remove {
        /// The account, in SS58 or as 0x and hex.
        #[arg(value_parser = parse_account)]
        account: Account,
        #[command(flatten)]
        signed: SignedArgs,
    },
}

#[derive(Args, Debug)]
pub struct RolesArgs {
    /// The account, in SS58 or as 0x and hex.
    #[arg(value_parser = parse_account)]
    account: Account,
    /// What it may do: admin, validator, registrar, attestor, treasurer or auditor; may be given several times.
    #[arg(long = "role", value_name = "ROLE", required = true, value_delimiter = ',', value_parser = names::role)]
    roles: Vec<Role>,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Debug, Subcommand)]
pub enum RecoverCommand {
    /// Call the recovery of your organisation off, because its admin's key is not lost.
    #[command(after_help = "\
Example:
  citynet org recover object --reason 'nobody here asked for it' --key-file admin.key

A suspended organisation cannot: it sends no transactions.")]
    Object {
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Complete an organisation's recovery after its delay, as any member may.
    #[command(after_help = "\
Example:
  citynet org recover complete 3 --key-file member.key

It begins with a vote: citynet council propose recover 3 5Grw… --reason '…' --key-file member.key")]
    Complete {
        /// The organisation's number.
        id: u32,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List the recoveries that are under way.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
}

pub async fn run(command: OrgCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        OrgCommand::List { node } => list(&node, output).await,
        OrgCommand::Show { id, node } => show(id, &node, output).await,
        OrgCommand::Apply(args) => apply(args, output).await,
        OrgCommand::Profile { change, signed } => set_profile(change, &signed, output).await,
        OrgCommand::Accounts(command) => accounts(command, output).await,
        OrgCommand::Leave { reason: text, signed } => {
            let call = Call::leave(&reason(&text)?);
            let (ledger, account) = signed.open().await?;
            report(&ledger, &account, &call, "the organisation left the consortium", output).await
        }
        OrgCommand::Recover(command) => recover(command, output).await,
    }
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let organisations = node.connect(Duration::ZERO).await?.rpc().organisations().await?;
    output.result(&organisations, |_| {
        let row = |organisation: &OrganisationView| {
            vec![
                organisation.id.to_string(),
                organisation.name.clone(),
                organisation.kind.clone(),
                organisation.status.clone(),
                yes_or_no(organisation.seat),
                organisation.accounts.len().to_string(),
            ]
        };
        table(&["id", "name", "kind", "status", "seat", "accounts"], organisations.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

async fn show(id: u32, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let organisation = node.connect(Duration::ZERO).await?.rpc().organisation(id).await?;
    output.result(&organisation, |output| {
        let unless_none = |text: String, none: bool| if none { "none".to_owned() } else { text };
        let no_legal_id = organisation.legal_id.0.iter().all(|byte| *byte == 0);
        let mut lines = facts(&[
            ("organisation", organisation.id.to_string()),
            ("name", output.strong(&organisation.name)),
            ("contact", unless_none(organisation.contact.clone(), organisation.contact.is_empty())),
            ("legal id", unless_none(organisation.legal_id.to_string(), no_legal_id)),
            ("kind", organisation.kind.clone()),
            ("status", organisation.status.clone()),
            ("seat", yes_or_no(organisation.seat)),
        ]);
        lines.push(String::new());
        lines.extend(account_lines(&organisation.accounts));
        lines
    })?;
    Ok(Done::Completely)
}

fn account_lines(accounts: &[AccountView]) -> Vec<String> {
    let row =
        |account: &AccountView| vec![ss58(&account.account), account.account.to_string(), account.roles.join(", ")];
    table(&["account", "public key", "roles"], accounts.iter().map(row).collect())
}

fn ss58(account: &Hex) -> String {
    account.hash().map(|account| keys::ss58(&account)).unwrap_or_default()
}

async fn apply(args: ApplyArgs, output: &Output) -> anyhow::Result<Done> {
    let profile = profile(&args.name, &args.contact, args.legal_id.unwrap_or_default())?;
    let (genesis, key) = match args.genesis {
        Some(genesis) => (genesis, args.account.key_without_node()?),
        None => {
            let ledger = args.node.connect(Duration::ZERO).await?;
            (*ledger.genesis(), args.account.key(&ledger).await?)
        }
    };
    let expires = now().saturating_add(args.expires);
    let application = Application::sign(&key, genesis, profile, args.kind, expires);
    let path = args.output.display().to_string();
    fs::write(&args.output, application.to_json()).with_context(|| format!("cannot write {path}"))?;
    let result = json!({
        "file": path,
        "genesisHash": format!("0x{}", hex::encode(genesis)),
        "admin": format!("0x{}", hex::encode(application.admin)),
        "expires": expires.to_string(),
    });
    output.result(&result, |output| {
        vec![
            output.good(format!("the application is in {path}; members can vote on it until {}", format_utc(expires))),
            "nothing was sent; give the file to a member:".to_owned(),
            format!("  citynet council propose admit {path} --reason '…' --key-file member.key"),
        ]
    })?;
    Ok(Done::Completely)
}

async fn set_profile(change: ProfileArgs, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    let now = ledger.rpc().organisation(own(&ledger, &account.account()).await?.0).await?;
    let profile: OrganisationProfile = profile(
        change.name.as_ref().unwrap_or(&now.name),
        change.contact.as_ref().unwrap_or(&now.contact),
        change.legal_id.map_or_else(|| now.legal_id.hash(), Ok)?,
    )?;
    report(&ledger, &account, &Call::set_profile(&profile), "the profile is changed", output).await
}

/// The organisation that an account belongs to.
async fn own(ledger: &Ledger, account: &Account) -> anyhow::Result<OrganisationId> {
    let member = ledger.member(account).await?;
    let (organisation, _) = member.ok_or_else(|| {
        anyhow!(
            "account {} belongs to no active organisation of the consortium; its admin can add it",
            keys::ss58(account)
        )
    })?;
    Ok(organisation)
}

async fn accounts(command: AccountsCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        AccountsCommand::List { id, node } => {
            let accounts = node.connect(Duration::ZERO).await?.rpc().organisation(id).await?.accounts;
            output.result(&accounts, |_| account_lines(&accounts))?;
            Ok(Done::Completely)
        }
        AccountsCommand::Add(args) => change_roles(&args, Call::add_account, "added", output).await,
        AccountsCommand::SetRoles(args) => change_roles(&args, Call::set_roles, "given its roles", output).await,
        AccountsCommand::Remove { account, signed } => {
            let (ledger, key) = signed.open().await?;
            let done = format!("account {} removed", keys::ss58(&account));
            report(&ledger, &key, &Call::remove_account(&account), &done, output).await
        }
    }
}

async fn change_roles(
    args: &RolesArgs,
    call: impl FnOnce(&Account, Roles) -> Call,
    done: &str,
    output: &Output,
) -> anyhow::Result<Done> {
    let call = call(&args.account, args.roles.iter().copied().collect());
    let (ledger, key) = args.signed.open().await?;
    let done = format!("account {} {done}", keys::ss58(&args.account));
    report(&ledger, &key, &call, &done, output).await
}

async fn recover(command: RecoverCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        RecoverCommand::Object { reason: text, signed } => {
            let call = Call::object(&reason(&text)?);
            let (ledger, account) = signed.open().await?;
            report(&ledger, &account, &call, "the recovery is off", output).await
        }
        RecoverCommand::Complete { id, signed } => {
            let (ledger, account) = signed.open().await?;
            let call = Call::complete_recovery(OrganisationId(id));
            let outcome = submit(&ledger, &account, &call, output).await?;
            let completed =
                |event: &Event| matches!(event, Event::Recorded { name, .. } if name == "RecoveryCompleted");
            if !outcome.events.iter().any(completed) {
                bail!(
                    "the recovery was called off in block {}: its account went to another organisation, or organisation {id} \
                     has as many accounts as it may",
                    outcome.block
                );
            }
            output.result(&written(&outcome), |output| {
                vec![output.good(format!("organisation {id} has its new admin (block {})", outcome.block))]
            })?;
            Ok(Done::Completely)
        }
        RecoverCommand::List { node } => {
            let recoveries = node.connect(Duration::ZERO).await?.rpc().recoveries().await?;
            output.result(&recoveries, |_| {
                let row = |recovery: &RecoveryView| {
                    let organisation = recovery.organisation.to_string();
                    vec![organisation, ss58(&recovery.account), recovery.matures.to_string()]
                };
                let rows = recoveries.iter().map(row).collect();
                table(&["organisation", "admin to be", "can be completed from block"], rows)
            })?;
            Ok(Done::Completely)
        }
    }
}
