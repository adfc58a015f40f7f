//! Netting: `citynet settle cycle` and `citynet settle run`.

use crate::{
    commands::{
        sending::{report, submit, SignedArgs},
        Done, NodeArgs,
    },
    output::{facts, table, Output},
};
use anyhow::anyhow;
use citynet_client::{
    keys::AccountKey,
    ledger::{Call, Ledger, SendError},
    settlement::currencies,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{CycleId, CycleInfo, CyclePhase};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::time::Duration;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum CycleCommand {
    /// Open the next netting cycle of a currency, as its agent.
    #[command(after_help = "\
Example:
  citynet settle cycle open RUB --cutoff 2026-04-01T00:00:00Z --deadline 2026-04-03T12:00:00Z --key-file treasurer.key
  citynet settle run --key-file treasurer.key

It takes the obligations that arose before the cut-off, which is not in the future. Debtors have until the \
deadline to have the money; it is settled as soon as all have it.")]
    Open {
        /// The currency's symbol or number.
        currency: String,
        /// It takes obligations that arose before this time (UTC). By default, all that arose until the last final block.
        #[arg(long, value_name = "TIME", value_parser = parse_utc)]
        cutoff: Option<u64>,
        /// Until when debtors must have the money (UTC).
        #[arg(long, value_name = "TIME", value_parser = parse_utc)]
        deadline: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Show a netting cycle with everybody's positions.
    #[command(after_help = "\
Examples:
  citynet settle cycle show RUB
  citynet settle cycle show RUB 7")]
    Show {
        /// The currency's symbol or number.
        currency: String,
        /// The cycle's number. By default that of the last one.
        number: Option<u32>,
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet settle run --key-file gateway.key
  citynet settle run --currency RUB --page 100 --key-file gateway.key

Each step is a transaction that handles one page: of obligations, then of organisations whose money is set aside. \
A cycle whose debtors have until the deadline to get the money is left waiting; run it again then. It is settled in one \
step; what few pages of money are left to move after that counts as moved already.")]
pub struct RunArgs {
    /// Only the cycle of this currency: its symbol or number.
    #[arg(long)]
    currency: Option<String>,
    /// How many obligations a step handles at most; of organisations' money, a fifth as many.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=700))]
    page: u32,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn run(command: CycleCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        CycleCommand::Open { currency, cutoff, deadline, signed } => {
            let (ledger, account) = signed.open().await?;
            let currencies = currencies::of(&ledger).await?;
            let currency = currencies.find(&currency)?;
            let cutoff = match cutoff {
                Some(cutoff) => cutoff,
                // What arose in the last final block is in it too.
                None => ledger.time().await?.saturating_add(1),
            };
            let call = Call::open_cycle(currency.number, cutoff, deadline);
            let done = format!("a cycle of {} is open until {}", currency.symbol, format_utc(deadline));
            report(&ledger, &account, &call, &done, output).await
        }
        CycleCommand::Show { currency, number, node } => show(&currency, number, &node, output).await,
    }
}

/// A cycle that must be there: the one with the number, or the last one.
pub async fn named(ledger: &Ledger, currency: u32, number: Option<u32>) -> anyhow::Result<CycleId> {
    match number {
        Some(number) => Ok(CycleId { currency, number }),
        None => ledger.last_cycle(currency).await?.ok_or_else(|| anyhow!("there was no cycle of that currency yet")),
    }
}

async fn show(currency: &str, number: Option<u32>, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.find(currency)?;
    let cycle = named(&ledger, currency.number, number).await?;
    let view = ledger.rpc().cycle(cycle).await?;
    output.result(&view, |output| {
        let mut lines = facts(&[
            ("cycle", cycle.to_string()),
            ("phase", output.strong(&view.phase)),
            ("takes", format!("what arose before {}", format_utc(view.cutoff.0))),
            ("deadline", format_utc(view.deadline.0)),
            ("obligations", view.obligations.to_string()),
            ("gross", currency.format(view.gross.0)),
            ("net", currency.format(view.net.0)),
            ("root", view.root.to_string()),
        ]);
        if !view.positions.is_empty() {
            lines.push(String::new());
            let row = |position: &citynet_client::rpc::PositionView| {
                let number = |amount: u128| if amount == 0 { String::new() } else { currency.number(amount) };
                vec![position.organisation.to_string(), number(position.pays.0), number(position.gets.0)]
            };
            lines.extend(table(&["organisation", "pays", "gets"], view.positions.iter().map(row).collect()));
        }
        lines
    })?;
    Ok(Done::Completely)
}

/// What became of a currency's cycle.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Moved {
    currency: u32,
    cycle: Option<u32>,
    phase: Option<String>,
    /// Transactions that moved it on.
    steps: u32,
    /// Whether debtors have time until the deadline.
    waiting: bool,
}

/// Moves cycles on.
pub async fn crank(args: &RunArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = args.signed.open().await?;
    let currencies = currencies::of(&ledger).await?;
    let numbers: Vec<u32> = match &args.currency {
        Some(text) => vec![currencies.find(text)?.number],
        None => currencies.all().iter().map(|currency| currency.number).collect(),
    };
    let mut moved = Vec::new();
    for number in numbers {
        moved.push(advance(&ledger, &account, number, args.page, output).await?);
    }
    output.result(&moved, |_| {
        if moved.is_empty() {
            return vec!["there are no currencies".to_owned()];
        }
        let row = |moved: &Moved| {
            let standing = match (&moved.phase, moved.waiting) {
                (None, _) => "no cycle yet".to_owned(),
                (Some(phase), false) => phase.clone(),
                (Some(phase), true) => format!("{phase}; waiting for debtors until the deadline"),
            };
            let symbol = currencies.get(moved.currency).map(|currency| currency.symbol.clone()).unwrap_or_default();
            let cycle = moved.cycle.map(|cycle| cycle.to_string()).unwrap_or_default();
            vec![symbol, cycle, standing, moved.steps.to_string()]
        };
        table(&["currency", "cycle", "standing", "steps"], moved.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

async fn advance(
    ledger: &Ledger,
    account: &AccountKey,
    currency: u32,
    page: u32,
    output: &Output,
) -> anyhow::Result<Moved> {
    let mut moved = Moved { currency, cycle: None, phase: None, steps: 0, waiting: false };
    loop {
        let Some(cycle) = ledger.last_cycle(currency).await? else { return Ok(moved) };
        let before = info(ledger, cycle).await?;
        moved.cycle = Some(cycle.number);
        moved.phase = Some(before.phase.to_string());
        if is_over(&before) {
            return Ok(moved);
        }
        match submit(ledger, account, &Call::advance_cycle(currency, page), output).await {
            Ok(_) => moved.steps = moved.steps.saturating_add(1),
            Err(error) => match error.downcast_ref::<SendError>() {
                Some(SendError::Failed(refusal)) if is_named(&refusal.name, "NotFunded") => {
                    moved.waiting = true;
                    return Ok(moved);
                }
                // Somebody else did it meanwhile.
                Some(SendError::Failed(refusal)) if is_named(&refusal.name, "NothingToDo") => {
                    let now = info(ledger, cycle).await?;
                    moved.phase = Some(now.phase.to_string());
                    if is_over(&now) || now == before {
                        return Ok(moved);
                    }
                }
                _ => return Err(error),
            },
        }
    }
}

async fn info(ledger: &Ledger, cycle: CycleId) -> anyhow::Result<CycleInfo> {
    ledger.cycle(cycle).await?.ok_or_else(|| anyhow!("there is no cycle {cycle}"))
}

/// Whether there is nothing to do in a cycle any more.
fn is_over(info: &CycleInfo) -> bool {
    info.moved || info.phase == CyclePhase::Empty
}

/// Whether a refusal, such as `Settlements::NotFunded`, is this one.
fn is_named(refusal: &str, name: &str) -> bool {
    refusal.strip_prefix("Settlements::") == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_known_by_their_names() {
        assert!(is_named("Settlements::NotFunded", "NotFunded"));
        assert!(!is_named("Settlements::NotFunded", "NothingToDo"));
        assert!(!is_named("Assets::NotFunded", "NotFunded"));
        assert!(!is_named("NotFunded", "NotFunded"));
    }
}
