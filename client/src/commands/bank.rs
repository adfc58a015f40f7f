//! What comes to the ledger and leaves it by bank: `citynet deposit` and `citynet withdraw`.

use super::{
    sending::{reason, report, sentence, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{table, Output};
use anyhow::{anyhow, Context as _};
use citynet_client::{
    ledger::Call,
    rpc::{parse_hash, WithdrawalView},
    settlement::{currencies, uetr},
};
use citynet_primitives::{BankReference, Hash, OrganisationId, Uetr};
use clap::{Args, Subcommand};
use sha2::{Digest as _, Sha256};
use std::{fs, path::PathBuf, time::Duration};

/// A payment as a bank shows it.
#[derive(Args, Clone, Debug)]
pub struct BankArgs {
    /// The payment's UETR, as the bank shows it.
    #[arg(long, value_name = "UUID", value_parser = uetr::parse)]
    uetr: Uetr,
    /// The bank's notification (camt.054). The ledger gets its SHA-256 only.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "notification_hash",
        conflicts_with = "notification_hash"
    )]
    notification: Option<PathBuf>,
    /// SHA-256 of the bank's notification, in place of the file.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    notification_hash: Option<Hash>,
}

impl BankArgs {
    /// The payment.
    pub fn reference(&self) -> anyhow::Result<BankReference> {
        let notification = match (&self.notification, self.notification_hash) {
            (Some(path), _) => {
                let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                Sha256::digest(bytes).into()
            }
            (None, Some(hash)) => hash,
            (None, None) => return Err(anyhow!("the bank's notification is missing")),
        };
        Ok(BankReference { uetr: self.uetr, notification })
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  citynet deposit --currency RUB --organisation 3 --amount 1250.50 --uetr eb6305c9-1f7f-49de-aed0-16487c27b42d \\
      --notification camt054.xml --key-file treasurer.key

Only the currency's agent can, and once for every UETR.")]
pub struct DepositArgs {
    /// The currency's symbol or number.
    #[arg(long)]
    currency: String,
    /// The number of the organisation whose money it is.
    #[arg(long)]
    organisation: u32,
    /// How much, in the currency's usual unit.
    #[arg(long)]
    amount: String,
    #[command(flatten)]
    bank: BankArgs,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum WithdrawCommand {
    /// Ask the agent to pay out. The money is on hold until it does, or gives it back.
    #[command(after_help = "\
Example:
  citynet withdraw request --currency RUB --amount 1000 --account 0x… --key-file treasurer.key

The account is a commitment: SHA-256 of a salt and the account's number. Give both to the agent over another channel.")]
    Request {
        /// The currency's symbol or number.
        #[arg(long)]
        currency: String,
        /// How much, in the currency's usual unit.
        #[arg(long)]
        amount: String,
        /// A salted commitment to the account that it goes to.
        #[arg(long, value_name = "HASH", value_parser = parse_hash)]
        account: Hash,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List the withdrawals that were neither paid nor given back.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Say that a withdrawal was paid out, as the agent: the money is gone from the ledger.
    Pay {
        /// Its number.
        withdrawal: u64,
        #[command(flatten)]
        bank: BankArgs,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Give a withdrawal back, as the agent: the money is free again.
    Return {
        /// Its number.
        withdrawal: u64,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
}

pub async fn deposit(args: DepositArgs, output: &Output) -> anyhow::Result<Done> {
    let reference = args.bank.reference()?;
    let (ledger, account) = args.signed.open().await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.find(&args.currency)?;
    let amount = currency.parse(&args.amount)?;
    let call = Call::deposit(currency.number, OrganisationId(args.organisation), amount, &reference);
    let done = format!("{} deposited for organisation {}", currency.format(amount), args.organisation);
    report(&ledger, &account, &call, &done, output).await
}

pub async fn withdraw(command: WithdrawCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        WithdrawCommand::Request { currency, amount, account: to, signed } => {
            let (ledger, account) = signed.open().await?;
            let currencies = currencies::of(&ledger).await?;
            let currency = currencies.find(&currency)?;
            let amount = currency.parse(&amount)?;
            let call = Call::request_withdrawal(currency.number, amount, &to);
            let outcome = submit(&ledger, &account, &call, output).await?;
            let withdrawal = outcome.withdrawal();
            let withdrawal = withdrawal
                .ok_or_else(|| anyhow!("the transaction is in block {} but made no withdrawal", outcome.block))?;
            let mut result = written(&outcome);
            result["withdrawal"] = withdrawal.to_string().into();
            output.result(&result, |output| {
                let done = format!("withdrawal {withdrawal} of {} asked for", currency.format(amount));
                vec![sentence(&outcome, &output.good(done))]
            })?;
            Ok(Done::Completely)
        }
        WithdrawCommand::List { node } => list(&node, output).await,
        WithdrawCommand::Pay { withdrawal, bank, signed } => {
            let call = Call::complete_withdrawal(withdrawal, &bank.reference()?);
            let (ledger, account) = signed.open().await?;
            report(&ledger, &account, &call, &format!("withdrawal {withdrawal} paid"), output).await
        }
        WithdrawCommand::Return { withdrawal, reason: text, signed } => {
            let call = Call::return_withdrawal(withdrawal, &reason(&text)?);
            let (ledger, account) = signed.open().await?;
            report(&ledger, &account, &call, &format!("withdrawal {withdrawal} given back"), output).await
        }
    }
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let mut withdrawals = Vec::new();
    for currency in ledger.rpc().currencies().await? {
        withdrawals.extend(ledger.rpc().withdrawals(currency.currency).await?);
    }
    let row = |view: &WithdrawalView| -> anyhow::Result<Vec<String>> {
        let amount = currencies.get(view.currency)?.format(view.amount.0);
        Ok(vec![view.withdrawal.to_string(), view.organisation.to_string(), amount, view.account.to_string()])
    };
    let rows = withdrawals.iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    output.result(&withdrawals, |_| {
        if rows.is_empty() {
            return vec!["there are no withdrawals to pay".to_owned()];
        }
        table(&["withdrawal", "organisation", "amount", "account"], rows)
    })?;
    Ok(Done::Completely)
}
