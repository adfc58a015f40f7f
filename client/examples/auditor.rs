//! What an auditor does: fetch every record about something with the proof that these are all, verify that offline, and
//! find out who could read a dataset at a time, proven as well.
//!
//!     cargo run --release --workspace --example auditor -- --genesis 0x… --subject organisation:1
//!     cargo run --release --workspace --example auditor -- --genesis 0x… --dataset 1 --at 2026-03-01T12:00:00Z
//!
//! The one thing that an auditor must know beforehand is which chain is meant: its genesis hash, from its specification or
//! from somebody who is trusted, and not from the node that is asked. No key is needed, and nothing is sent to the ledger.

use anyhow::Context as _;
use citynet_client::{
    audit::{
        access::{access_at, relevant},
        completeness::complete,
        dossier::{make, proven_time},
        names::codes,
    },
    ledger::Ledger,
    rpc::parse_hash,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{Action, DatasetId, Hash, Moment, Record, Subject};
use citynet_proofs::{verify_dossier, verify_list, Failure, Question, Step, Trust, VerifiedDossier};
use clap::Parser;
use std::{process::ExitCode, time::Duration};

/// How long to wait for a node that is behind, or for a connection that broke.
const PATIENCE: Duration = Duration::from_secs(30);

/// Fetch and verify all records about something, and say who could read a dataset.
#[derive(Debug, Parser)]
struct Arguments {
    /// The node's WebSocket address.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// The genesis hash of the chain that is meant.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    genesis: Hash,
    /// What the records are about: organisation:N, dataset:N, device:N, grant:N or cycle:CURRENCY-N.
    #[arg(long, default_value = "organisation:1")]
    subject: Subject,
    /// Also say who could read this dataset.
    #[arg(long)]
    dataset: Option<u64>,
    /// When (UTC). By default at the time of the last block of which the node has a proof.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    at: Option<Moment>,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { url, genesis, subject, dataset, at } = Arguments::parse();
    let ledger = Ledger::connect(&url, PATIENCE).await?;
    // The records come page by page, all as of one final block, and with the first page what proves that there are no
    // others. Together they are one file, which can be kept and given to anybody.
    let fetched = complete(&ledger, subject, PATIENCE, &mut |reason| eprintln!("waiting: {reason}")).await?;
    if !all_records(&fetched.text(|_| true), genesis) {
        return Ok(ExitCode::FAILURE);
    }
    // A question about a dataset takes the records about many things: the dataset, its grants, their parties. A dossier has
    // all these lists, as of one final block, and knows which they must be.
    if let Some(dataset) = dataset.map(DatasetId) {
        let at = match at {
            Some(at) => at,
            None => proven_time(&ledger).await?,
        };
        let made = make(&ledger, Question::Access { dataset, at }, None, PATIENCE, &mut |_| ()).await?;
        if !who_could_read(&made.text, genesis)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Verifies a list and prints it. This needs no node: try it with the network unplugged, or with one byte changed.
fn all_records(list: &str, genesis: Hash) -> bool {
    let verified = match verify_list(list.as_bytes(), &Trust::Genesis(genesis)) {
        Ok(verified) => verified,
        Err(failure) => return refuted(&failure),
    };
    passed(&verified.steps);
    // A record may be concealed: then its hash is there, which proves that it exists, but not what it says.
    for record in verified.records.iter().filter_map(|listed| listed.record.as_ref()) {
        let (time, kind) = (format_utc(record.time), record.body.kind());
        println!("  {time}  record {}  {kind}  by organisation {}", record.index, record.organisation);
    }
    println!("these are all {} records about {}", verified.head.count, verified.subject);
    true
}

/// Verifies a dossier and answers its question from nothing but the records in it, by the same rules as the chain: who
/// could read a dataset at a time, by which grants, for which purposes and on which legal basis, and who granted it.
fn who_could_read(dossier: &str, genesis: Hash) -> anyhow::Result<bool> {
    let VerifiedDossier { question, records, steps, .. } =
        match verify_dossier(dossier.as_bytes(), &Trust::Genesis(genesis)) {
            Ok(verified) => verified,
            Err(failure) => return Ok(refuted(&failure)),
        };
    passed(&steps);
    let (dataset, at) = match question {
        Question::Access { dataset, at } => (dataset, at),
        other => anyhow::bail!("the dossier is about {other:?}"),
    };
    // The records of the parties tell much else, which says nothing about this dataset.
    let used: Vec<&Record> = relevant(dataset, &records, at);
    let past = access_at(dataset, used.iter().copied(), at).context("the records contradict one another")?;
    println!("dataset {dataset} at {}, computed from {} records:", format_utc(at), past.records);
    let Some(found) = &past.dataset else {
        println!("  it was not registered yet");
        return Ok(true);
    };
    println!("  organisation {} owned it and needed no grant", found.owner);
    let codes = codes(&records);
    for right in past.rights().iter().filter(|right| right.actions.contains(Action::Read)) {
        let grants: Vec<String> = right.chain.iter().map(ToString::to_string).collect();
        let purposes: Vec<String> = right.purposes.iter().map(|code| codes.purpose_name(*code)).collect();
        let basis = right.legal_basis.map_or_else(|| "none".to_owned(), |code| codes.legal_basis_name(code));
        let granted = right.granted.map_or_else(String::new, |act| {
            format!(", granted by organisation {} in record {}", act.organisation, act.record)
        });
        println!(
            "  organisation {} by grant {} for {}, legal basis {basis}, from {} until {}{granted}",
            right.consumer,
            grants.join(" on "),
            purposes.join(" "),
            format_utc(right.from),
            format_utc(right.until)
        );
    }
    Ok(true)
}

fn passed(steps: &[(Step, String)]) {
    for (step, found) in steps {
        println!("✓ {step}: {found}");
    }
}

fn refuted(Failure { step, reason, passed: before }: &Failure) -> bool {
    passed(before);
    println!("✗ {step}: {reason}");
    false
}
