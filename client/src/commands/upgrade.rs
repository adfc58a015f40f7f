//! `citynet upgrade`.

use super::{
    council::{authorization, propose, MotionArgs},
    sending::{submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, Output};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{
    governance::{code::Code, rehearsal::Rehearsal, upgrade},
    keys::AccountKey,
    ledger::{Call, Event, Ledger, NestedCall},
    rpc::{parse_hash, RuntimeVersion},
};
use citynet_primitives::Hash;
use clap::{Args, Subcommand};
use serde_json::{json, Value};
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
    /// Inspect the code of a new runtime: that it is one of this chain, newer, rehearsed, and which hash the council
    /// authorises.
    #[command(after_help = "\
Example:
  citynet upgrade prepare citynet_runtime.compact.compressed.wasm --rehearsal report.json

An upgrade takes a rehearsal, two motions and then the code, from whichever member has it:
  citynet-node try-upgrade RUNTIME.try.wasm --chain CHAIN --base-path COPY --out report.json
  citynet upgrade prepare RUNTIME.wasm --rehearsal report.json
  citynet upgrade propose whitelist HASH --reason '…' --key-file admin.key    # two thirds
  citynet upgrade propose authorize HASH --reason '…' --key-file admin.key    # three quarters
  citynet upgrade apply RUNTIME.wasm --key-file gateway.key
  citynet upgrade status

Whoever votes should build the code from its sources and compare the hash.")]
    Prepare(PrepareArgs),
    /// Put an upgrade to the vote: first its whitelisting, then its authorisation.
    #[command(subcommand)]
    Propose(ProposeCommand),
    /// Make code that the council authorised the runtime, and wait until it is.
    #[command(after_help = "\
Example:
  citynet upgrade apply citynet_runtime.compact.compressed.wasm --key-file gateway.key

Any member's account may send it: the chain takes the authorised code from everybody, and no other code from anybody. It \
becomes the runtime some blocks later, and all nodes compile it meanwhile. Interrupting the wait changes nothing; `citynet \
upgrade status` shows how far it is.")]
    Apply {
        /// The code, as it was prepared.
        #[arg(value_name = "WASM")]
        code: PathBuf,
        /// Do not wait until the code is the runtime, only until it is scheduled for good.
        #[arg(long)]
        no_wait: bool,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Show the runtime, the code that is authorised or scheduled, and the calls that are whitelisted.
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
    /// The report of `citynet-node try-upgrade`, which tries the upgrade on the state of this chain.
    #[arg(long, value_name = "FILE", conflicts_with = "without_rehearsal")]
    rehearsal: Option<PathBuf>,
    /// Go on without a report: nobody knows then whether the upgrade works on the records of this chain.
    #[arg(long)]
    without_rehearsal: bool,
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
        UpgradeCommand::Apply { code, no_wait, signed } => apply(&code, no_wait, &signed, output).await,
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

/// The report of the rehearsal, unless there shall be none.
fn rehearsal(args: &PrepareArgs) -> anyhow::Result<Option<Rehearsal>> {
    match &args.rehearsal {
        Some(path) => Ok(Some(Rehearsal::read(path).with_context(|| path.display().to_string())?)),
        None if args.without_rehearsal => Ok(None),
        None => bail!(
            "the upgrade is not rehearsed: a migration that fails on the records of this chain stops it, and no vote \
             brings it back. Try the upgrade on a copy of a node's database, `citynet-node try-upgrade … --out \
             report.json`, and say --rehearsal report.json; or say --without-rehearsal"
        ),
    }
}

async fn prepare(args: PrepareArgs, output: &Output) -> anyhow::Result<Done> {
    let mut code = read(&args.code)?;
    let rehearsal = rehearsal(&args)?;
    let ledger = args.node.connect(Duration::ZERO).await?;
    let (_, head) = ledger.finalized().await?;
    let now = ledger.rpc().runtime_version(&head).await?;
    check(&code, &now)?;
    if let Some(rehearsal) = &rehearsal {
        rehearsal.check(ledger.genesis(), &now, code.version())?;
    }
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
        "rehearsal": rehearsal,
    });
    output.result(&result, |output| {
        let kind = if code.is_compressed() { "compressed" } else { "not compressed" };
        let mut lines = facts(&[
            ("code", format!("{path}, {} bytes, {kind}", code.bytes().len())),
            ("runtime", format!("{} version {}, now {}", version.spec_name, version.spec_version, now.spec_version)),
            ("transactions", format!("version {}, now {}", version.transaction_version, now.transaction_version)),
            ("rehearsal", rehearsal.as_ref().map_or_else(|| output.bad("none"), rehearsed)),
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

fn rehearsed(rehearsal: &Rehearsal) -> String {
    let migrations = rehearsal.share_of_a_block().map(|share| format!("; its migrations take {share} % of a block"));
    format!("passed on the state of block {}{}", rehearsal.block, migrations.unwrap_or_default())
}

async fn apply(path: &Path, no_wait: bool, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let code = read(path)?;
    let (ledger, account) = signed.open().await?;
    let (_, head) = ledger.finalized().await?;
    check(&code, &ledger.rpc().runtime_version(&head).await?)?;
    let status = upgrade::status(&ledger, &head).await?;
    if let Some((scheduled, block)) = &status.scheduled {
        let scheduled = in_hex(scheduled);
        bail!("code {scheduled} is scheduled already; block {block} makes it the runtime, and other code must wait");
    }
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
    let scheduled_in = outcome.block;
    let block = outcome.events.iter().find_map(|event| match event {
        Event::CodeRejected(refusal) => Some(Err(anyhow!(
            "the chain refused the code in block {scheduled_in}, and its authorisation is gone: {refusal}"
        ))),
        Event::UpgradeScheduled { block, .. } => Some(Ok(*block)),
        _ => None,
    });
    let block = block
        .with_context(|| format!("the transaction is in block {scheduled_in}, but the code is not scheduled"))??;
    let mut result = written(&outcome);
    result["scheduledIn"] = scheduled_in.into();
    result["block"] = block.into();
    let next = block.saturating_add(1);
    if no_wait {
        result["blockHash"] = Value::Null;
        result["specVersion"] = Value::Null;
        output.result(&result, |output| {
            let done = output.good(format!("the code is scheduled (block {scheduled_in})"));
            vec![format!("{done}; it is the runtime from block {next} on")]
        })?;
        return Ok(Done::Completely);
    }

    output.note(format!("the code is scheduled (block {scheduled_in}); it is the runtime from block {next} on"));
    let version = tokio::select! {
        version = enacted(&ledger, block, output) => version?,
        _ = tokio::signal::ctrl_c() => bail!("no longer waiting; block {block} replaces the runtime all the same"),
    };
    result["blockHash"] = in_hex(&ledger.block_hash(block).await?).into();
    result["specVersion"] = version.spec_version.into();
    output.result(&result, |output| {
        vec![output.good(format!("the runtime has version {} from block {next} on", version.spec_version))]
    })?;
    Ok(Done::Completely)
}

/// Waits until the block that replaces the runtime is final. Gives the version after it.
async fn enacted(ledger: &Ledger, block: u32, output: &Output) -> anyhow::Result<RuntimeVersion> {
    let bar = output.progress("{spinner} {msg} ({elapsed})");
    let mut waiting =
        |number: u32| bar.set_message(format!("block {block} replaces the runtime; finalised is block {number}"));
    let head = upgrade::until_final(ledger, block, &mut waiting).await;
    bar.finish_and_clear();
    Ok(ledger.rpc().runtime_version(&head.context("the code is scheduled")?).await?)
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
        "scheduled": status.scheduled.as_ref().map(|(code, block)| json!({ "code": in_hex(code), "block": block })),
        "whitelistedCalls": whitelisted,
        "deferredCalls": deferred,
    });
    output.result(&result, |_| {
        let scheduled = |(code, block): &(Hash, u32)| format!("{} in block {block}", in_hex(code));
        let list = |hashes: &[String]| if hashes.is_empty() { "none".to_owned() } else { hashes.join(", ") };
        facts(&[
            ("runtime", format!("{} version {} (block {number})", version.spec_name, version.spec_version)),
            ("transactions", format!("version {}", version.transaction_version)),
            ("authorised code", status.authorized.as_ref().map_or_else(|| "none".to_owned(), in_hex)),
            ("scheduled code", status.scheduled.as_ref().map_or_else(|| "none".to_owned(), scheduled)),
            ("whitelisted calls", list(&whitelisted)),
            ("deferred calls", list(&deferred)),
        ])
    })?;
    Ok(Done::Completely)
}
