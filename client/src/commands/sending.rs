//! Transactions whose outcome is a block and records.

use super::{signing::AccountArgs, Done, NodeArgs};
use crate::output::Output;
use anyhow::{anyhow, bail};
use citynet_client::{
    governance::Reason,
    keys::AccountKey,
    ledger::{Call, Ledger, Outcome, Sender},
};
use clap::Args;
use serde_json::{json, Value};
use std::time::Duration;

/// For how long a lost connection is opened again.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Who signs, and where it is sent.
#[derive(Args, Clone, Debug)]
pub struct SignedArgs {
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

impl SignedArgs {
    /// The ledger and the account.
    pub async fn open(&self) -> anyhow::Result<(Ledger, AccountKey)> {
        let ledger = self.node.connect(PATIENCE).await?;
        let account = self.account.key(&ledger).await?;
        Ok((ledger, account))
    }
}

/// Sends a call and waits until it is final.
pub async fn submit(ledger: &Ledger, account: &AccountKey, call: &Call, output: &Output) -> anyhow::Result<Outcome> {
    let bar = output.progress("{spinner} waiting for finality ({elapsed})");
    let outcome = Sender::new(ledger, account.clone()).submit(call).await;
    bar.finish_and_clear();
    Ok(outcome?)
}

/// Sends a call and reports what was `done`, with the record of it.
pub async fn report(
    ledger: &Ledger,
    account: &AccountKey,
    call: &Call,
    done: &str,
    output: &Output,
) -> anyhow::Result<Done> {
    let outcome = submit(ledger, account, call, output).await?;
    output.result(&written(&outcome), |output| vec![sentence(&outcome, &output.good(done))])?;
    Ok(Done::Completely)
}

/// Where a transaction is and what it wrote, as JSON.
pub fn written(outcome: &Outcome) -> Value {
    let records: Vec<String> = outcome.records().iter().map(ToString::to_string).collect();
    json!({ "block": outcome.block, "blockHash": format!("0x{}", hex::encode(outcome.hash)), "records": records })
}

/// As [`written`], for people.
pub fn sentence(outcome: &Outcome, done: &str) -> String {
    let records: Vec<String> = outcome.records().iter().map(ToString::to_string).collect();
    match records.as_slice() {
        [] => format!("{done} (block {})", outcome.block),
        [record] => format!("{done} (record {record}, block {})", outcome.block),
        records => format!("{done} (records {}, block {})", records.join(", "), outcome.block),
    }
}

/// A reason, as the chain keeps it: it takes no empty one.
pub fn reason(text: &str) -> anyhow::Result<Reason> {
    if text.is_empty() {
        bail!("the reason is empty");
    }
    Reason::try_from(text.as_bytes().to_vec()).map_err(|_| anyhow!("the reason has more than 256 bytes"))
}
