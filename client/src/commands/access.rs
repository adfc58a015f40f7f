//! `citynet access`.

use super::{
    sending::{reason, sentence, submit, written, SignedArgs},
    usage::UsageArgs,
    Done, NodeArgs,
};
use crate::output::{facts, thousands, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    grants::{codes, names, render::plural},
    ledger::Call,
    receipts::{About, Receipts, Window},
    rpc::{AccessQuestion, DecisionView},
    time::{format_utc, parse_utc},
};
use citynet_primitives::{Action, DatasetId, GrantId, OrganisationId, Usage};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum AccessCommand {
    /// Ask the ledger whether an organisation may use a dataset.
    Check(CheckArgs),
    /// Report what a gateway gave and refused.
    Report(ReportArgs),
    /// Contest the last report about a grant that your organisation holds.
    #[command(after_help = "\
Example:
  citynet access contest 5 --accesses 12 --records 1440 --bytes 49152 --reason 'we had it 12 times, not 20' \\
      --key-file registrar.key

The counts are those since the grant began, as your organisation has them. The report stays as it is; that it is contested \
is recorded beside it.")]
    Contest(ContestArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet access check --consumer 3 --dataset 7 --version 3 --action read --purpose dpv:AcademicResearch
  citynet access check --consumer 3 --dataset 7 --action derive --purpose 2 --at 2026-03-01T12:00:00Z

Without --version the question is about what is no version yet, as of a stream. The state is that of the finalised block; \
--at asks how the grants that there are would decide at another time. The exit code is 0 when access is allowed and 1 when \
it is denied.")]
pub struct CheckArgs {
    /// The number of the organisation that would use it.
    #[arg(long, value_name = "ORGANISATION")]
    consumer: u32,
    /// The dataset's number.
    #[arg(long)]
    dataset: u64,
    /// The version's number.
    #[arg(long)]
    version: Option<u32>,
    /// What it would do: read, derive, train, aggregate or publish.
    #[arg(long, value_parser = names::action)]
    action: Action,
    /// For what: a purpose's name, such as dpv:AcademicResearch, or its number.
    #[arg(long)]
    purpose: String,
    /// When (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    at: Option<u64>,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
#[command(
    override_usage = "citynet access report [OPTIONS] <GRANT> <FILE>\n       \
                      citynet access report [OPTIONS] --dataset <DATASET> <FILE>",
    after_help = "\
Examples:
  citynet access report 5 receipts.jsonl --archive ./receipts --key-file gateway.key
  citynet access report --dataset 7 strangers.jsonl --key-file gateway.key

Each line of the file is a receipt in JSON (citynet.receipt/1):
  {\"format\":\"citynet.receipt/1\",\"grant\":\"5\",\"at\":\"2026-03-01T12:00:00Z\",\"action\":\"read\",\"version\":3,
   \"records\":\"120\",\"bytes\":\"4096\"}
in one line, with \"refused\":\"expired\" or another reason in place of records and bytes where access was refused. With \
--dataset, the receipts are of attempts by those who hold no grant: \"dataset\":\"7\" in place of the grant, and \
\"requester\":\"0x…\", a salted commitment to who it was. If a line is wrong, nothing is sent.

What is reported comes on top of what was reported before, so every receipt is reported once. Keep the receipts: the \
ledger has their RFC 9162 root only."
)]
pub struct ReportArgs {
    /// The grant's number, unless --dataset is given, and the file with the receipts.
    #[arg(value_name = "GRANT> <FILE", required = true)]
    about: Vec<String>,
    /// Report attempts on this dataset by those who hold no grant.
    #[arg(long)]
    dataset: Option<u64>,
    /// Keep the receipts here, as they were hashed. The directory is made if it is not there.
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// The first moment of the report (UTC). By default where the last report ended, or the earliest receipt.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: Option<u64>,
    /// The first moment after the report (UTC). By default after the latest receipt.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: Option<u64>,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Args, Debug)]
pub struct ContestArgs {
    /// The grant's number.
    grant: u64,
    /// The report's number. By default that of the last report; no other can be contested.
    #[arg(long, value_name = "N")]
    report: Option<u64>,
    #[command(flatten)]
    usage: UsageArgs,
    /// Why, for people; at most 256 bytes. It is public and stays for good.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn run(command: AccessCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        AccessCommand::Check(args) => check(&args, output).await,
        AccessCommand::Report(args) => {
            let (about, file) = reported(&args)?;
            // Whatever is wrong with the file, nobody is asked for.
            let receipts = Receipts::read(&file, about)?;
            match about {
                About::Grant(grant) => report(grant, &receipts, &args, output).await,
                About::Dataset(dataset) => report_strangers(dataset, &receipts, &args, output).await,
            }
        }
        AccessCommand::Contest(args) => contest(&args, output).await,
    }
}

async fn check(args: &CheckArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let question = AccessQuestion {
        consumer: OrganisationId(args.consumer),
        dataset: DatasetId(args.dataset),
        version: args.version,
        action: args.action,
        purpose: codes::of(&ledger).await?.purpose(&args.purpose)?,
        time: args.at,
    };
    let decided = ledger.rpc().check_access(&question).await?;
    let block = decided.anchor.number;
    output.result(&decided, |output| {
        vec![match &decided.decision {
            DecisionView::Allowed { chain } => {
                let chain: Vec<String> = chain.iter().map(ToString::to_string).collect();
                output.good(format!("allowed {} (block {block})", by(&chain)))
            }
            DecisionView::Denied { reason, grant } => {
                let grant = grant.map_or_else(String::new, |grant| format!(", by grant {grant}"));
                output.bad(format!("denied: {}{grant} (block {block})", reason.replace('_', " ")))
            }
        }]
    })?;
    Ok(match decided.decision {
        DecisionView::Allowed { .. } => Done::Completely,
        DecisionView::Denied { .. } => Done::Denied,
    })
}

/// By which grants something is allowed.
fn by(chain: &[String]) -> String {
    match chain {
        [] => "without a grant: the dataset is its own".into(),
        [grant] => format!("by grant {grant}"),
        [grant, ancestors @ ..] => format!("by grant {grant}, which stands on {}", ancestors.join(", then ")),
    }
}

/// What receipts are about, and where they are.
fn reported(args: &ReportArgs) -> anyhow::Result<(About, PathBuf)> {
    match (args.dataset, args.about.as_slice()) {
        (Some(dataset), [file]) => Ok((About::Dataset(DatasetId(dataset)), file.into())),
        (None, [grant, file]) => {
            let number = grant.parse().map_err(|_| anyhow!("`{grant}` is not the number of a grant"))?;
            Ok((About::Grant(GrantId(number)), file.into()))
        }
        (Some(_), _) => bail!("with --dataset, give the file with the receipts and nothing else"),
        (None, _) => bail!("give a grant's number and the file with the receipts, or --dataset and the file"),
    }
}

async fn report(grant: GrantId, receipts: &Receipts, args: &ReportArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = args.signed.open().await?;
    let info = ledger.grant(grant).await?.ok_or_else(|| anyhow!("there is no grant {grant}"))?;
    let window = receipts.window(info.reported_until, args.from, args.to, ledger.time().await?)?;
    let report = receipts.access_report(&info, window)?;
    let kept = keep(receipts, args.archive.as_deref(), report.counter)?;
    let outcome = submit(&ledger, &account, &Call::report_access(grant, &report), output).await?;

    let mut result = told(written(&outcome), receipts, report.counter, window, kept.as_deref());
    result["grant"] = grant.to_string().into();
    result["usage"] = serde_json::to_value(report.usage)?;
    output.result(&result, |output| {
        let done = format!("report {} about grant {grant} is recorded", report.counter);
        let usage = receipts.usage();
        let mut rows = rows(receipts, window, kept.as_deref());
        rows.push(("given", used(usage)));
        rows.push(("given in all", used(&report.usage)));
        [vec![sentence(&outcome, &output.good(done))], facts(&rows)].concat()
    })?;
    Ok(Done::Completely)
}

async fn report_strangers(
    dataset: DatasetId,
    receipts: &Receipts,
    args: &ReportArgs,
    output: &Output,
) -> anyhow::Result<Done> {
    let (ledger, account) = args.signed.open().await?;
    let (last, until) = ledger.refusal_reports(dataset).await?;
    let window = receipts.window(until, args.from, args.to, ledger.time().await?)?;
    let report = receipts.refusal_report(last, window)?;
    let kept = keep(receipts, args.archive.as_deref(), report.counter)?;
    let outcome = submit(&ledger, &account, &Call::report_refusals(dataset, &report), output).await?;

    let mut result = told(written(&outcome), receipts, report.counter, window, kept.as_deref());
    result["dataset"] = dataset.to_string().into();
    result["requesters"] = report.strangers.len().into();
    output.result(&result, |output| {
        let done = format!("report {} about attempts on dataset {dataset} is recorded", report.counter);
        let mut rows = rows(receipts, window, kept.as_deref());
        rows.push(("requesters", report.strangers.len().to_string()));
        [vec![sentence(&outcome, &output.good(done))], facts(&rows)].concat()
    })?;
    Ok(Done::Completely)
}

/// Keeps the receipts, if that was asked for, before anything is sent: a root whose receipts are lost proves nothing.
fn keep(receipts: &Receipts, directory: Option<&Path>, counter: u64) -> anyhow::Result<Option<PathBuf>> {
    Ok(directory.map(|directory| receipts.archive(directory, counter)).transpose()?)
}

/// What was reported, as JSON, on top of where it is.
fn told(mut result: Value, receipts: &Receipts, counter: u64, window: Window, kept: Option<&Path>) -> Value {
    result["report"] = counter.to_string().into();
    result["from"] = window.from.to_string().into();
    result["to"] = window.to.to_string().into();
    result["receipts"] = receipts.count().to_string().into();
    result["refused"] = receipts.refusals().to_string().into();
    result["root"] = format!("0x{}", hex::encode(receipts.root())).into();
    result["archive"] = kept.map(|path| path.display().to_string()).into();
    result
}

/// The same for people.
fn rows(receipts: &Receipts, window: Window, kept: Option<&Path>) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("window", format!("{} to {}", format_utc(window.from), format_utc(window.to))),
        ("receipts", format!("{}, {} of them refused", thousands(receipts.count()), thousands(receipts.refusals()))),
        ("root", format!("0x{}", hex::encode(receipts.root()))),
    ];
    if let Some(path) = kept {
        rows.push(("kept in", path.display().to_string()));
    }
    rows
}

fn used(usage: &Usage) -> String {
    let Usage { accesses, records, bytes } = *usage;
    format!(
        "{} {}, {} {}, {} {}",
        thousands(accesses),
        plural(accesses, "access", "accesses"),
        thousands(records),
        plural(records, "record", "records"),
        thousands(bytes),
        plural(bytes, "byte", "bytes")
    )
}

async fn contest(args: &ContestArgs, output: &Output) -> anyhow::Result<Done> {
    let (grant, reason) = (GrantId(args.grant), reason(&args.reason)?);
    let (ledger, account) = args.signed.open().await?;
    let counter = match args.report {
        Some(counter) => counter,
        None => ledger.grant(grant).await?.ok_or_else(|| anyhow!("there is no grant {grant}"))?.last_report,
    };
    if counter == 0 {
        bail!("there is no report about grant {grant} yet");
    }
    let call = Call::contest_report(grant, counter, &args.usage.usage(), &reason);
    let outcome = submit(&ledger, &account, &call, output).await?;
    let mut result = written(&outcome);
    result["grant"] = grant.to_string().into();
    result["report"] = counter.to_string().into();
    output.result(&result, |output| {
        let done = format!("report {counter} about grant {grant} is contested");
        vec![sentence(&outcome, &output.good(done))]
    })?;
    Ok(Done::Completely)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_of_grants_is_told() {
        let chain = |grants: &[&str]| by(&grants.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(chain(&[]), "without a grant: the dataset is its own");
        assert_eq!(chain(&["5"]), "by grant 5");
        assert_eq!(chain(&["9", "7", "5"]), "by grant 9, which stands on 7, then 5");
    }
}
