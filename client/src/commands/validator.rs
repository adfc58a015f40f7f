//! `citynet validator`.

use super::{
    sending::{reason, report, sentence, submit, written, SignedArgs, PATIENCE},
    signing::AccountArgs,
    Done, NodeArgs,
};
use crate::output::{table, yes_or_no, Output};
use anyhow::{bail, Context as _};
use citynet_client::{
    governance::validators::{self, SessionKeys, Wait},
    keys::{self, parse_account, AccountKey},
    ledger::{Call, Ledger},
    rpc::ValidatorView,
};
use citynet_primitives::{Account, Role};
use clap::{Args, Subcommand};
use std::time::Duration;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum ValidatorCommand {
    /// Make this node a validator: make its keys, register them, and wait until they count.
    #[command(after_help = "\
Example, on the validator's own machine, while its node runs with --validator:
  citynet validator add --key-file validator.key

The account needs the role validator (citynet org accounts add 5Grw… --role validator). The session keys are made in the node, \
which keeps them in its keystore: they never leave it. They count from the session after the next one on. Interrupting the wait \
changes nothing; `citynet validator status` shows how far it is.")]
    Add(KeysArgs),
    /// Give this validator's node new session keys, with no missed slot, and wait until they count.
    #[command(after_help = "\
Example, on the validator's own machine:
  citynet validator rotate --key-file validator.key

Until the new keys count, the node uses those from before; leave them in its keystore until then.")]
    Rotate(KeysArgs),
    /// Take a validator out of the set.
    #[command(after_help = "\
Examples:
  citynet validator withdraw --reason 'moving to other premises' --key-file validator.key
  citynet validator withdraw 5Grw… --reason 'its machine is lost' --key-file admin.key

Keep its node running for two more sessions: it stays in the set so long although `citynet validator status` shows it no \
longer, and a set that lacks a third of its validators finalises nothing.")]
    Withdraw {
        /// The validator's account, in SS58 or as 0x and hex; by default the one that signs.
        #[arg(value_parser = parse_account)]
        validator: Option<Account>,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List the validators: who is in the set, who will be, and who misses slots.
    Status {
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
pub struct KeysArgs {
    /// Do not wait until the keys count, only until they are registered for good.
    #[arg(long)]
    no_wait: bool,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(command: ValidatorCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        ValidatorCommand::Add(args) => set_keys(args, false, output).await,
        ValidatorCommand::Rotate(args) => set_keys(args, true, output).await,
        ValidatorCommand::Withdraw { validator, reason: text, signed } => {
            let reason = reason(&text)?;
            let (ledger, key) = signed.open().await?;
            let validator = validator.unwrap_or_else(|| key.account());
            let done =
                format!("validator {} withdrawn; keep its node running for two sessions", keys::ss58(&validator));
            report(&ledger, &key, &Call::withdraw_validator(&validator, &reason), &done, output).await
        }
        ValidatorCommand::Status { node } => status(&node, output).await,
    }
}

/// Makes session keys in the node, sets them and waits. `rotate` says whether the account is a validator's already.
async fn set_keys(args: KeysArgs, rotate: bool, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(PATIENCE).await?;
    let account = args.account.key(&ledger).await?;
    let bar = output.progress("{spinner} {msg} ({elapsed})");
    let ready = validators::ready(&ledger, &mut |why| bar.set_message(why.to_owned())).await;
    bar.finish_and_clear();
    ready?;
    // Before keys are made that nobody could use.
    check(&ledger, &account, rotate).await?;

    let keys = validators::make_keys(&ledger, &account.account()).await?;
    let set = if rotate { Call::rotate_keys } else { Call::register_validator };
    let outcome = submit(&ledger, &account, &set(&keys.keys, &keys.proof), output).await?;
    let done = if rotate { "the new keys are set" } else { "the validator is registered" };
    output.note(sentence(&outcome, &output.good(done)));
    let mut result = written(&outcome);
    result["account"] = format!("0x{}", hex::encode(account.account())).into();
    result["keys"] = format!("0x{}", hex::encode(keys.keys)).into();
    if args.no_wait {
        result["activeInBlock"] = serde_json::Value::Null;
        output.result(&result, |_| vec!["the keys count from the session after the next one on".to_owned()])?;
        return Ok(Done::Completely);
    }

    let block = tokio::select! {
        block = wait(&ledger, &keys, outcome.block, output) => block?,
        _ = tokio::signal::ctrl_c() => bail!("no longer waiting; the keys are set and will count all the same"),
    };
    result["activeInBlock"] = block.into();
    output.result(&result, |output| {
        let who = if rotate { "the validator signs with its new keys" } else { "the validator is in the set" };
        vec![output.good(format!("{who} from block {} on", block.saturating_add(1)))]
    })?;
    Ok(Done::Completely)
}

/// Whether the account may set keys in this way.
async fn check(ledger: &Ledger, account: &AccountKey, rotate: bool) -> anyhow::Result<()> {
    let ss58 = account.ss58();
    match ledger.member(&account.account()).await? {
        None => bail!("account {ss58} belongs to no active organisation of the consortium; its admin can add it"),
        Some((_, roles)) if !roles.contains(Role::Validator) => bail!(
            "account {ss58} has not the role validator; its organisation's admin can give it: citynet org accounts set-roles"
        ),
        Some(_) => {}
    }
    let validators = ledger.rpc().validators().await?;
    let registered = validators.iter().any(|validator| validator.account.0 == account.account());
    match (registered, rotate) {
        (true, false) => bail!("account {ss58} is a validator's already; for new keys: citynet validator rotate"),
        (false, true) => bail!("account {ss58} is no validator's; to make this node one: citynet validator add"),
        _ => Ok(()),
    }
}

async fn wait(ledger: &Ledger, keys: &SessionKeys, set: u32, output: &Output) -> anyhow::Result<u32> {
    let bar = output.progress("{spinner} {msg} ({elapsed})");
    let mut waiting = |wait: Wait| {
        let Wait { block, session, due } = wait;
        bar.set_message(format!("the keys count in session {due}; finalised is block {block} of session {session}"));
    };
    let block = validators::active(ledger, keys, set, &mut waiting).await;
    bar.finish_and_clear();
    block.context("the keys are set")
}

async fn status(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let validators = node.connect(Duration::ZERO).await?.rpc().validators().await?;
    output.result(&validators, |_| {
        let row = |validator: &ValidatorView| {
            vec![
                validator.organisation.to_string(),
                validator.account.hash().map(|account| keys::ss58(&account)).unwrap_or_default(),
                validator.status.clone(),
                yes_or_no(validator.active),
                yes_or_no(validator.next),
                validator.skipped.to_string(),
                yes_or_no(validator.silent),
            ]
        };
        let header = ["organisation", "account", "status", "active", "next set", "skipped slots", "silent"];
        table(&header, validators.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}
