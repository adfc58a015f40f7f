//! `citynet upgrade`.

use super::{
    council::{authorization, propose, MotionArgs},
    sending::{submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, Output};
use anyhow::{bail, Context as _};
use citynet_client::{
    governance::{code::Code, upgrade},
    keys::AccountKey,
    ledger::{Call, Event, Ledger, NestedCall},
    rpc::{parse_hash, RuntimeVersion},
};
use citynet_primitives::Hash;
use clap::{Args, Subcommand};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// What a node takes in one request is 4 MB unless it is told otherwise, and hex doubles the bytes.
const LARGE: usize = 1_900_000;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum UpgradeCommand {
    /// Inspect the code of a new runtime: that it is one of this chain, newer, and which hash the council authorises.
    #[command(after_help = "\
Example:
  citynet upgrade prepare citynet_runtime.compact.compressed.wasm

An upgrade takes two motions and then the code, from whichever member has it:
  citynet upgrade prepare RUNTIME.wasm
  citynet upgrade propose whitelist HASH --reason '…' --key-file admin.key    # two thirds
  citynet upgrade propose authorize HASH --reason '…' --key-file admin.key    # three quarters
  citynet upgrade apply RUNTIME.wasm --key-file gateway.key
  citynet upgrade status

Whoever votes should build the code from its sources and compare the hash.")]
    Prepare(PrepareArgs),
    /// Put an upgrade to the vote: first its whitelisting, then its authorisation.
    #[command(subcommand)]
    Propose(ProposeCommand),
    /// Make code that the council authorised the runtime.
    #[command(after_help = "\
Example:
  citynet upgrade apply citynet_runtime.compact.compressed.wasm --key-file gateway.key

Any member's account may send it: the chain takes the authorised code from everybody, and no other code from anybody.")]
    Apply {
        /// The code, as it was prepared.
        #[arg(value_name = "WASM")]
        code: PathBuf,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Show the runtime, the code that is authorised, and the calls that are whitelisted.
    Status {
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
pub struct PrepareArgs {
    /// The code, compressed or not.
    #[arg(value_name = "WASM")]
    code: PathBuf,
    /// Write the code there, compressed if it is not. The hash is that of this file then.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Debug, Subcommand)]
pub enum ProposeCommand {
    /// Let the authorisation of the code be dispatched as Root. This takes two thirds of the seats.
    Whitelist {
        /// Blake2b-256 of the code, as `citynet upgrade prepare` prints it.
        #[arg(value_name = "HASH", value_parser = parse_hash)]
        code: Hash,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Authorise the code, once that is whitelisted. This takes three quarters of the seats.
    Authorize {
        /// Blake2b-256 of the code, as `citynet upgrade prepare` prints it.
        #[arg(value_name = "HASH", value_parser = parse_hash)]
        code: Hash,
        #[command(flatten)]
        motion: MotionArgs,
    },
}

pub async fn run(command: UpgradeCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        UpgradeCommand::Prepare(args) => prepare(args, output).await,
        UpgradeCommand::Propose(ProposeCommand::Whitelist { code, motion }) => {
            propose(&motion, |metadata| Ok(Call::whitelist(&authorization(metadata, &code)?.hash())), output).await
        }
        UpgradeCommand::Propose(ProposeCommand::Authorize { code, motion }) => {
            propose(&motion, |metadata| Ok(Call::dispatch_whitelisted(&authorization(metadata, &code)?)), output).await
        }
        UpgradeCommand::Apply { code, signed } => apply(&code, &signed, output).await,
        UpgradeCommand::Status { node } => status(&node, output).await,
    }
}

fn in_hex(hash: &Hash) -> String {
    format!("0x{}", hex::encode(hash))
}

fn read(path: &Path) -> anyhow::Result<Code> {
    Code::read(path).with_context(|| path.display().to_string())
}

/// Whether the code may follow a runtime, as the chain judges it.
fn check(code: &Code, now: &RuntimeVersion) -> anyhow::Result<()> {
    let new = code.version();
    if new.spec_name != now.spec_name {
        bail!("the code is a runtime of `{}`, and the chain's is `{}`", new.spec_name, now.spec_name);
    }
    if new.spec_version <= now.spec_version {
        bail!(
            "the code has version {}, and the chain's runtime has {}: an upgrade must have a higher one",
            new.spec_version,
            now.spec_version
        );
    }
    Ok(())
}

async fn prepare(args: PrepareArgs, output: &Output) -> anyhow::Result<Done> {
    let mut code = read(&args.code)?;
    let ledger = args.node.connect(Duration::ZERO).await?;
    let (_, head) = ledger.finalized().await?;
    let now = ledger.rpc().runtime_version(&head).await?;
    check(&code, &now)?;
    let mut path = args.code.display().to_string();
    if let Some(out) = &args.out {
        code = code.compress()?;
        path = out.display().to_string();
        fs::write(out, code.bytes()).with_context(|| format!("cannot write {path}"))?;
    }
    let hash = in_hex(&code.hash());
    let call = in_hex(&authorization(&*ledger.metadata().await?, &code.hash())?.hash());
    let version = code.version();
    let result = json!({
        "file": path,
        "bytes": code.bytes().len(),
        "compressed": code.is_compressed(),
        "codeHash": hash,
        "callHash": call,
        "specName": version.spec_name,
        "specVersion": version.spec_version,
        "transactionVersion": version.transaction_version,
        "currentSpecVersion": now.spec_version,
        "currentTransactionVersion": now.transaction_version,
    });
    output.result(&result, |output| {
        let kind = if code.is_compressed() { "compressed" } else { "not compressed" };
        let mut lines = facts(&[
            ("code", format!("{path}, {} bytes, {kind}", code.bytes().len())),
            ("runtime", format!("{} version {}, now {}", version.spec_name, version.spec_version, now.spec_version)),
            ("transactions", format!("version {}, now {}", version.transaction_version, now.transaction_version)),
            ("code hash", output.strong(&hash)),
            ("call to be whitelisted", call.clone()),
        ]);
        if code.bytes().len() > LARGE {
            lines.push(
                output.bad("nodes refuse so large a request unless told otherwise: compress the code with --out FILE"),
            );
        }
        lines.extend([
            "next:".to_owned(),
            format!("  citynet upgrade propose whitelist {hash} --reason '…' --key-file admin.key"),
            format!("  citynet upgrade propose authorize {hash} --reason '…' --key-file admin.key"),
            format!("  citynet upgrade apply {path} --key-file gateway.key"),
        ]);
        lines
    })?;
    Ok(Done::Completely)
}

async fn apply(path: &Path, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let code = read(path)?;
    let (ledger, account) = signed.open().await?;
    let (_, head) = ledger.finalized().await?;
    check(&code, &ledger.rpc().runtime_version(&head).await?)?;
    let status = upgrade::status(&ledger, &head).await?;
    let authorization = authorization(&*ledger.metadata().await?, &code.hash())?;
    match status.authorized {
        Some(authorized) if authorized == code.hash() => {}
        // The council approved both motions, the second before the first was closed.
        _ if status.may_be_dispatched(&authorization.hash()) => {
            authorize(&ledger, &account, &authorization, output).await?
        }
        Some(authorized) => bail!(
            "{} is not the code that is authorised: its hash is {}, and the authorised one is {}",
            path.display(),
            in_hex(&code.hash()),
            in_hex(&authorized)
        ),
        None => bail!(
            "no code is authorised; the council does that: citynet upgrade propose authorize {}",
            in_hex(&code.hash())
        ),
    }

    let outcome = submit(&ledger, &account, &Call::apply_authorized_upgrade(code.bytes()), output).await?;
    let block = outcome.block;
    for event in &outcome.events {
        if let Event::CodeRejected(refusal) = event {
            bail!("the chain refused the code in block {block}, and its authorisation is gone: {refusal}");
        }
    }
    if !outcome.events.contains(&Event::CodeUpdated) {
        bail!("the transaction is in block {block} but the runtime was not replaced");
    }
    let version = ledger.rpc().runtime_version(&outcome.hash).await?;
    let mut result = written(&outcome);
    result["specVersion"] = version.spec_version.into();
    output.result(&result, |output| {
        let next = block.saturating_add(1);
        vec![output.good(format!("the runtime has version {} from block {next} on", version.spec_version))]
    })?;
    Ok(Done::Completely)
}

/// Dispatches an authorisation that was approved before it was whitelisted, as any member may then.
async fn authorize(
    ledger: &Ledger,
    account: &AccountKey,
    authorization: &NestedCall,
    output: &Output,
) -> anyhow::Result<()> {
    let outcome = submit(ledger, account, &Call::dispatch_whitelisted(authorization), output).await?;
    for event in &outcome.events {
        if let Event::WhitelistedDispatched { result: Err(refusal), .. } = event {
            bail!("the chain refused to authorise the code in block {}: {refusal}", outcome.block);
        }
    }
    output.note(format!("the code is authorised (block {})", outcome.block));
    Ok(())
}

async fn status(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let (number, head) = ledger.finalized().await?;
    let version = ledger.rpc().runtime_version(&head).await?;
    let status = upgrade::status(&ledger, &head).await?;
    let hashes = |hashes: &[Hash]| hashes.iter().map(in_hex).collect::<Vec<_>>();
    let (whitelisted, deferred) = (hashes(&status.whitelisted), hashes(&status.deferred));
    let result = json!({
        "block": number,
        "specName": version.spec_name,
        "specVersion": version.spec_version,
        "transactionVersion": version.transaction_version,
        "authorizedCode": status.authorized.as_ref().map(in_hex),
        "whitelistedCalls": whitelisted,
        "deferredCalls": deferred,
    });
    output.result(&result, |_| {
        let list = |hashes: &[String]| if hashes.is_empty() { "none".to_owned() } else { hashes.join(", ") };
        facts(&[
            ("runtime", format!("{} version {} (block {number})", version.spec_name, version.spec_version)),
            ("transactions", format!("version {}", version.transaction_version)),
            ("authorised code", status.authorized.as_ref().map_or_else(|| "none".to_owned(), in_hex)),
            ("whitelisted calls", list(&whitelisted)),
            ("deferred calls", list(&deferred)),
        ])
    })?;
    Ok(Done::Completely)
}
