//! `citynet usage`.

use super::{
    sending::{reason, report, sentence, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, Output};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{
    grants::render,
    ledger::{Call, Ledger},
    receipts::{About, Receipts},
    rpc::parse_hash,
    settlement::{currencies, Currency},
    time::{format_utc, now},
};
use citynet_primitives::{GrantAccount, GrantId, GrantInfo, Hash, Price, Usage};
use clap::{Args, Subcommand};
use serde_json::json;
use std::{path::PathBuf, time::Duration};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum UsageCommand {
    /// State the use of a grant, as its provider. It is billed once nobody can dispute it any more.
    #[command(after_help = "\
Examples:
  citynet usage state 5 receipts.jsonl --key-file gateway.key
  citynet usage state 5 --accesses 12 --records 1440 --bytes 49152 --root 0x… --key-file gateway.key

The file has the receipts that the statement adds to the one before, as citynet access report takes them. The \
counts are those since the grant began, and not above what was reported.")]
    State(StateArgs),
    /// State disputed use anew, as the provider.
    #[command(after_help = "\
Examples:
  citynet usage restate 5 receipts.jsonl --key-file gateway.key

The file has the receipts that the statement adds to those that are beyond dispute.")]
    Restate(StateArgs),
    /// Dispute the last statement, as the consumer.
    #[command(after_help = "\
Example:
  citynet usage dispute 5 --accesses 12 --records 1440 --bytes 49152 --reason 'we had it 12 times, not 20' \\
      --key-file treasurer.key

The counts are those since the grant began, as your organisation has them.")]
    Dispute {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        usage: UsageArgs,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Bill what is beyond dispute and was not billed yet. Any member can.
    #[command(after_help = "Example:\n  citynet usage bill 5 --key-file treasurer.key")]
    Bill {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Show what is stated and billed of a grant.
    #[command(after_help = "Example:\n  citynet usage show 5")]
    Show {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// Counts since a grant began.
#[derive(Args, Clone, Copy, Debug)]
pub struct UsageArgs {
    /// How often data was had.
    #[arg(long, value_name = "N")]
    accesses: u64,
    /// How many records.
    #[arg(long, value_name = "N")]
    records: u64,
    /// How many bytes.
    #[arg(long, value_name = "N")]
    bytes: u64,
}

impl UsageArgs {
    /// The counts.
    pub fn usage(self) -> Usage {
        Usage { accesses: self.accesses, records: self.records, bytes: self.bytes }
    }
}

#[derive(Args, Debug)]
pub struct StateArgs {
    /// The grant's number.
    grant: u64,
    /// The receipts that the statement adds.
    #[arg(value_name = "FILE", required_unless_present = "root", conflicts_with_all = ["accesses", "records", "bytes", "root"])]
    receipts: Option<PathBuf>,
    /// How often data was had since the grant began.
    #[arg(long, value_name = "N", requires = "root")]
    accesses: Option<u64>,
    /// How many records.
    #[arg(long, value_name = "N", requires = "root")]
    records: Option<u64>,
    /// How many bytes.
    #[arg(long, value_name = "N", requires = "root")]
    bytes: Option<u64>,
    /// RFC 9162 root over the receipts that the statement adds. Without counts, the use is what was reported.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    root: Option<Hash>,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn run(command: UsageCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        UsageCommand::State(args) => state(&args, false, output).await,
        UsageCommand::Restate(args) => state(&args, true, output).await,
        UsageCommand::Dispute { grant, usage, reason: text, signed } => {
            let grant = GrantId(grant);
            let call = Call::dispute_usage(grant, &usage.usage(), &reason(&text)?);
            let (ledger, account) = signed.open().await?;
            let done = format!("the statement about grant {grant} is disputed");
            report(&ledger, &account, &call, &done, output).await
        }
        UsageCommand::Bill { grant, signed } => bill(GrantId(grant), &signed, output).await,
        UsageCommand::Show { grant, node } => show(GrantId(grant), &node, output).await,
    }
}

async fn state(args: &StateArgs, again: bool, output: &Output) -> anyhow::Result<Done> {
    let grant = GrantId(args.grant);
    // Whatever is wrong with the file, nobody is asked for.
    let receipts = args.receipts.as_deref().map(|path| Receipts::read(path, About::Grant(grant))).transpose()?;
    let (ledger, account) = args.signed.open().await?;
    let info = find(&ledger, grant).await?;
    let stated = ledger.grant_account(grant).await?.unwrap_or_default();
    let (usage, root) = match (receipts, args.root) {
        (Some(receipts), _) => (sum(&stated, receipts.usage(), again)?, *receipts.root()),
        (None, Some(root)) => {
            let given = Usage {
                accesses: args.accesses.unwrap_or(info.used.accesses),
                records: args.records.unwrap_or(info.used.records),
                bytes: args.bytes.unwrap_or(info.used.bytes),
            };
            (given, root)
        }
        (None, None) => bail!("give the receipts, or their root"),
    };
    let call = if again { Call::restate_usage } else { Call::state_usage };
    let outcome = submit(&ledger, &account, &call(grant, &usage, &root), output).await?;
    let mut result = written(&outcome);
    result["grant"] = grant.to_string().into();
    result["usage"] = json!(usage);
    result["root"] = format!("0x{}", hex::encode(root)).into();
    output.result(&result, |output| {
        let done = format!("{} of grant {grant} stated", render::usage(&usage));
        vec![sentence(&outcome, &output.good(done))]
    })?;
    Ok(Done::Completely)
}

/// The use that a statement is about: what was stated before it, and what its receipts add. What is stated again takes
/// the place of the last statement.
fn sum(stated: &GrantAccount, added: &Usage, again: bool) -> anyhow::Result<Usage> {
    let before = match &stated.open {
        Some(open) if !again => open.usage,
        _ => stated.matured,
    };
    before.checked_add(added).context("that is more use than the ledger can count")
}

async fn bill(grant: GrantId, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    let outcome = submit(&ledger, &account, &Call::bill(grant), output).await?;
    let made = outcome.made_obligation();
    let mut result = written(&outcome);
    result["grant"] = grant.to_string().into();
    result["obligation"] = made.map(|obligation| obligation.to_string()).into();
    output.result(&result, |output| {
        let done = match made {
            Some(obligation) => format!("grant {grant} billed: obligation {obligation}"),
            None => format!("grant {grant} billed"),
        };
        vec![sentence(&outcome, &output.good(done))]
    })?;
    Ok(Done::Completely)
}

async fn show(grant: GrantId, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let info = find(&ledger, grant).await?;
    let account = ledger.grant_account(grant).await?.unwrap_or_default();
    let currencies = currencies::of(&ledger).await?;
    let currency = currency(&info.terms.price).map(|number| currencies.get(number)).transpose()?;
    let time = now();

    let mut result = json!(account);
    result["grant"] = grant.to_string().into();
    result["reported"] = json!(info.used);
    result["price"] = json!(info.terms.price);
    output.result(&result, |_| facts(&lines(grant, &info, &account, currency, time)))?;
    Ok(Done::Completely)
}

fn lines(
    grant: GrantId,
    info: &GrantInfo,
    account: &GrantAccount,
    currency: Option<&Currency>,
    now: u64,
) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("grant", grant.to_string()),
        ("price", render::price(&info.terms.price)),
        ("reported", render::usage(&info.used)),
        ("statements", account.statements.to_string()),
        ("beyond dispute", render::usage(&account.matured)),
    ];
    if let Some(open) = &account.open {
        lines.push(("last statement", render::usage(&open.usage)));
        lines.push(("stated", format_utc(open.at)));
        match &open.dispute {
            Some(dispute) => {
                let (counted, at) = (render::usage(&dispute.usage), format_utc(dispute.at));
                lines.push(("disputed", format!("the consumer counts {counted}, since {at}")));
            }
            None => {
                if let Price::Metered { dispute_window, .. } = &info.terms.price {
                    let end = open.at.saturating_add(*dispute_window);
                    let words = if now < end { "can be disputed until before" } else { "beyond dispute since" };
                    lines.push(("standing", format!("{words} {}", format_utc(end))));
                }
            }
        }
    }
    let billed = currency.map_or_else(|| account.billed.to_string(), |currency| currency.format(account.billed));
    lines.push(("billed", billed));
    lines
}

/// The currency of a price.
fn currency(price: &Price) -> Option<u32> {
    match price {
        Price::Free | Price::Contract { .. } => None,
        Price::Fixed { currency, .. } | Price::PerPeriod { currency, .. } | Price::Metered { currency, .. } => {
            Some(*currency)
        }
    }
}

async fn find(ledger: &Ledger, grant: GrantId) -> anyhow::Result<GrantInfo> {
    ledger.grant(grant).await?.ok_or_else(|| anyhow!("there is no grant {grant}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::OpenStatement;

    #[test]
    fn statements_go_on_where_the_last_one_ended() {
        let usage = |accesses| Usage { accesses, ..Usage::default() };
        let open = OpenStatement { usage: usage(20), root: [0; 32], at: 1, dispute: None };
        let first = GrantAccount::default();
        assert_eq!(sum(&first, &usage(3), false).unwrap(), usage(3));
        let later = GrantAccount { matured: usage(10), open: Some(open), ..first };
        assert_eq!(sum(&later, &usage(3), false).unwrap(), usage(23));
        assert_eq!(sum(&later, &usage(3), true).unwrap(), usage(13));
        assert_eq!(sum(&GrantAccount { open: None, ..later }, &usage(3), false).unwrap(), usage(13));
        assert!(sum(&later, &usage(u64::MAX), false).is_err());
    }
}
