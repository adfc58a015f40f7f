//! `citynet settle`.

mod cycle;
mod export;

use super::{
    bank::BankArgs,
    sending::{reason, report, sentence, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, table, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    grants::{codes, render, terms_hash},
    ledger::{Call, Ledger},
    rpc::{parse_hash, ObligationFilter, ObligationView},
    settlement::currencies,
    time::format_utc,
};
use citynet_primitives::{GrantId, Hash, ObligationState, OrganisationId};
use clap::{Args, Subcommand};
use cycle::{CycleCommand, RunArgs};
use export::ExportCommand;
use std::time::Duration;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum SettleCommand {
    /// Pay the fixed price of a grant.
    #[command(subcommand)]
    Price(PriceCommand),
    /// Pay an obligation on the ledger at once, as its debtor.
    #[command(after_help = "Example:\n  citynet settle pay 7 --key-file treasurer.key")]
    Pay {
        /// The obligation's number.
        obligation: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Say that an obligation was paid by bank, as its debtor.
    #[command(after_help = "\
Example:
  citynet settle declare 7 --uetr eb6305c9-1f7f-49de-aed0-16487c27b42d --notification camt054.xml \\
      --key-file treasurer.key")]
    Declare {
        /// The obligation's number.
        obligation: u64,
        #[command(flatten)]
        bank: BankArgs,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Confirm that a payment by bank has arrived, as the creditor.
    Confirm {
        /// The obligation's number.
        obligation: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Say that a payment by bank has not arrived, as the creditor.
    Deny {
        /// The obligation's number.
        obligation: u64,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Take back the declaration of a payment that the creditor did not answer in time, as the debtor.
    Withdraw {
        /// The obligation's number.
        obligation: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Reverse an obligation, or a part of it, as its creditor: it becomes one the other way round.
    Reverse {
        /// The obligation's number.
        obligation: u64,
        /// How much, in the currency's usual unit. Without it, all that was not reversed yet.
        #[arg(long)]
        amount: Option<String>,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List obligations.
    #[command(after_help = "\
Examples:
  citynet settle list --debtor 3
  citynet settle list --grant 5 --state open")]
    List(ListArgs),
    /// Show an obligation.
    Show {
        /// Its number.
        obligation: u64,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Net what members owe each other.
    #[command(subcommand)]
    Cycle(CycleCommand),
    /// Move the netting cycles of all currencies on until there is nothing to do. Any member can; twice does no harm.
    Run(RunArgs),
    /// Write payment orders for a bank, in ISO 20022 XML.
    #[command(subcommand)]
    Export(ExportCommand),
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum PriceCommand {
    /// Put the price of a grant on hold, as its consumer, so that it can come into force.
    Hold {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Have the price of a grant that did not come into force back, as its consumer.
    Release {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Pay for a binding offer and accept it in one step, as its consumer. The terms are printed first.
    #[command(after_help = "\
Examples:
  citynet grant show 5
  citynet settle price accept 5 --key-file director.key

The account needs the roles treasurer and registrar. The grant is in force exactly when it is paid.")]
    Accept {
        /// The grant's number.
        grant: u64,
        /// The hash of the terms, if no others will do.
        #[arg(long, value_name = "HASH", value_parser = parse_hash)]
        hash: Option<Hash>,
        #[command(flatten)]
        signed: SignedArgs,
    },
}

#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only those that this organisation owes.
    #[arg(long, value_name = "ORGANISATION")]
    debtor: Option<u32>,
    /// Only those that this organisation is owed.
    #[arg(long, value_name = "ORGANISATION")]
    creditor: Option<u32>,
    /// Only those that come from this grant.
    #[arg(long)]
    grant: Option<u64>,
    /// Only those of this currency: its symbol or number.
    #[arg(long)]
    currency: Option<String>,
    /// Only those in this state: open, netting, declared, settled or booked.
    #[arg(long, value_parser = state)]
    state: Option<ObligationState>,
    #[command(flatten)]
    node: NodeArgs,
}

fn state(name: &str) -> Result<ObligationState, String> {
    let found = ObligationState::ALL.iter().copied().find(|state| state.as_str() == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = ObligationState::ALL.iter().map(|state| state.as_str()).collect();
        format!("`{name}` is none of: {}", known.join(", "))
    })
}

pub async fn run(command: SettleCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        SettleCommand::Price(command) => price(command, output).await,
        SettleCommand::Pay { obligation, signed } => {
            send(&signed, &Call::pay(obligation), &format!("obligation {obligation} is settled"), output).await
        }
        SettleCommand::Declare { obligation, bank, signed } => {
            let call = Call::declare_payment(obligation, &bank.reference()?);
            let done = format!("obligation {obligation} is declared as paid; the creditor confirms it next");
            send(&signed, &call, &done, output).await
        }
        SettleCommand::Confirm { obligation, signed } => {
            let done = format!("obligation {obligation} is booked");
            send(&signed, &Call::confirm_payment(obligation), &done, output).await
        }
        SettleCommand::Deny { obligation, reason: text, signed } => {
            let call = Call::deny_payment(obligation, &reason(&text)?);
            send(&signed, &call, &format!("obligation {obligation} is open again"), output).await
        }
        SettleCommand::Withdraw { obligation, signed } => {
            let done = format!("obligation {obligation} is open again");
            send(&signed, &Call::withdraw_declaration(obligation), &done, output).await
        }
        SettleCommand::Reverse { obligation, amount, reason: text, signed } => {
            reverse(obligation, amount.as_deref(), &text, &signed, output).await
        }
        SettleCommand::List(args) => list(&args, output).await,
        SettleCommand::Show { obligation, node } => show(obligation, &node, output).await,
        SettleCommand::Cycle(command) => cycle::run(command, output).await,
        SettleCommand::Run(args) => cycle::crank(&args, output).await,
        SettleCommand::Export(command) => export::run(command, output).await,
    }
}

async fn send(signed: &SignedArgs, call: &Call, done: &str, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    report(&ledger, &account, call, done, output).await
}

async fn price(command: PriceCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        PriceCommand::Hold { grant, signed } => {
            let call = Call::hold_price(GrantId(grant));
            send(&signed, &call, &format!("the price of grant {grant} is on hold"), output).await
        }
        PriceCommand::Release { grant, signed } => {
            let call = Call::release_price(GrantId(grant));
            send(&signed, &call, &format!("the price of grant {grant} is free again"), output).await
        }
        PriceCommand::Accept { grant, hash, signed } => accept(GrantId(grant), hash, &signed, output).await,
    }
}

/// Prints the terms that are paid for. Their hash is the one that was asked for, whatever the node says.
async fn accept(grant: GrantId, expected: Option<Hash>, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    let info = ledger.grant(grant).await?.ok_or_else(|| anyhow!("there is no grant {grant}"))?;
    let hash = terms_hash(&info.terms);
    if hash != info.terms_hash {
        bail!("the node is wrong about grant {grant}: the terms that it shows have not the grant's hash");
    }
    if let Some(expected) = expected.filter(|expected| *expected != hash) {
        let (hash, expected) = (hex::encode(hash), hex::encode(expected));
        bail!("the terms of grant {grant} are others now: their hash is 0x{hash}, not 0x{expected}");
    }
    output.note(format!("the terms of grant {grant}, with hash 0x{}:", hex::encode(hash)));
    for line in facts(&render::terms(&info.terms, &codes::of(&ledger).await?)) {
        output.note(format!("  {line}"));
    }
    let done = format!("grant {grant} is paid and active");
    report(&ledger, &account, &Call::pay_and_accept(grant, &hash), &done, output).await
}

async fn reverse(
    obligation: u64,
    amount: Option<&str>,
    text: &str,
    signed: &SignedArgs,
    output: &Output,
) -> anyhow::Result<Done> {
    let why = reason(text)?;
    let (ledger, account) = signed.open().await?;
    let info = find(&ledger, obligation).await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.get(info.currency)?;
    let amount = match amount {
        Some(amount) => currency.parse(amount)?,
        None => info.amount.saturating_sub(info.reversed),
    };
    let outcome = submit(&ledger, &account, &Call::reverse(obligation, amount, &why), output).await?;
    let made = outcome.made_obligation();
    let mut result = written(&outcome);
    result["reverses"] = obligation.to_string().into();
    result["obligation"] = made.map(|made| made.to_string()).into();
    output.result(&result, |output| {
        let by = made.map_or_else(String::new, |made| format!(" by obligation {made}"));
        let done = format!("{} of obligation {obligation} reversed{by}", currency.format(amount));
        vec![sentence(&outcome, &output.good(done))]
    })?;
    Ok(Done::Completely)
}

async fn list(args: &ListArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = args.currency.as_deref().map(|text| currencies.find(text)).transpose()?;
    let filter = ObligationFilter {
        currency: currency.map(|currency| currency.number),
        debtor: args.debtor.map(OrganisationId),
        creditor: args.creditor.map(OrganisationId),
        grant: args.grant.map(GrantId),
    };
    let mut obligations = ledger.rpc().obligations(filter).await?;
    if let Some(state) = args.state {
        obligations.retain(|obligation| obligation.state == state.as_str());
    }
    let row = |view: &ObligationView| -> anyhow::Result<Vec<String>> {
        Ok(vec![
            view.obligation.to_string(),
            view.state.clone(),
            view.debtor.to_string(),
            view.creditor.to_string(),
            currencies.get(view.currency)?.format(view.amount.0),
            view.grant.to_string(),
            format_utc(view.since.0),
            if view.cycle == 0 { String::new() } else { view.cycle.to_string() },
            view.reverses.map(|reversed| reversed.to_string()).unwrap_or_default(),
        ])
    };
    let rows = obligations.iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    output.result(&obligations, |_| {
        if rows.is_empty() {
            return vec!["there are no such obligations".to_owned()];
        }
        let header = ["obligation", "state", "debtor", "creditor", "amount", "grant", "since", "cycle", "reverses"];
        table(&header, rows)
    })?;
    Ok(Done::Completely)
}

async fn show(obligation: u64, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let view = ledger.rpc().obligation(obligation).await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.get(view.currency)?;
    let (usage, since) = (&view.usage, format_utc(view.since.0));
    let mut lines = vec![
        ("obligation", view.obligation.to_string()),
        ("state", view.state.clone()),
        ("debtor", format!("organisation {}", view.debtor)),
        ("creditor", format!("organisation {}", view.creditor)),
        ("amount", currency.format(view.amount.0)),
        ("grant", view.grant.to_string()),
        ("for use until", format!("{} accesses, {} records, {} bytes", usage.accesses, usage.records, usage.bytes)),
        ("since", since),
    ];
    if let Some(reversed) = view.reverses {
        lines.push(("reverses", format!("obligation {reversed}")));
    }
    if view.reversed.0 > 0 {
        lines.push(("reversed", currency.format(view.reversed.0)));
    }
    if view.cycle > 0 {
        lines.push(("cycle", view.cycle.to_string()));
    }
    if let Some(payment) = &view.payment {
        lines.push(("uetr", payment.uetr.to_string()));
    }
    output.result(&view, |_| facts(&lines))?;
    Ok(Done::Completely)
}

/// An obligation that must be there.
async fn find(ledger: &Ledger, obligation: u64) -> anyhow::Result<citynet_primitives::ObligationInfo> {
    ledger.obligation(obligation).await?.ok_or_else(|| anyhow!("there is no obligation {obligation}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_named() {
        assert_eq!(state("booked"), Ok(ObligationState::Booked));
        assert_eq!(state("paid"), Err("`paid` is none of: open, netting, declared, settled, booked".into()));
    }
}
