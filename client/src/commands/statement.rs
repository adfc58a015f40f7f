//! `citynet statement`.

use super::{Done, NodeArgs};
use crate::output::{facts, table, Output};
use anyhow::{ensure, Context as _};
use citynet_client::{
    ledger::Ledger,
    rpc::{BalanceView, ObligationFilter, ObligationView, Units},
    settlement::{currencies, history::of_organisation, Currency, Line, Period, Statement},
    time::{format_utc, parse_utc},
};
use citynet_primitives::OrganisationId;
use clap::Args;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How often it is tried again where money moves while it is asked for.
const ATTEMPTS: u32 = 5;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet statement --org 3 --currency RUB
  citynet statement --org 3 --currency RUB --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z --csv march.csv

Every line names the record of the journal that it comes from; citynet_proof proves it. Where no end is given, the \
closing balance is compared with the ledger's state, and the exit code is 1 when they differ.")]
pub struct StatementArgs {
    /// The organisation's number.
    #[arg(long, value_name = "ORGANISATION")]
    org: u32,
    /// The currency's symbol or number.
    #[arg(long)]
    currency: String,
    /// The first moment (UTC). By default the beginning of the ledger.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: Option<u64>,
    /// The first moment after it (UTC). By default until now.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: Option<u64>,
    /// Write the lines to this file too, as CSV. A file that is there is overwritten.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: StatementArgs, output: &Output) -> anyhow::Result<Done> {
    let period = Period { from: args.from, to: args.to };
    ensure!(period.is_possible(), "the statement would end before it begins");
    let ledger = args.node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.find(&args.currency)?;
    let organisation = OrganisationId(args.org);
    let (statement, state) = make(&ledger, organisation, currency.number, period).await?;
    let reconciles = state.map(|state| statement.reconciles(state.free.0, state.held.0));
    if let Some(path) = &args.csv {
        write_csv(path, &statement, currency).with_context(|| format!("cannot write {}", path.display()))?;
    }

    let mut result = json!(statement);
    result["symbol"] = currency.symbol.clone().into();
    result["exponent"] = currency.exponent.into();
    result["from"] = period.from.map(|from| from.to_string()).into();
    result["to"] = period.to.map(|to| to.to_string()).into();
    result["addsUp"] = statement.adds_up().into();
    result["state"] = json!(state);
    result["reconciles"] = reconciles.into();
    output.result(&result, |output| {
        let mut lines = head(&statement, currency);
        lines.push(String::new());
        lines.extend(body(&statement.lines, currency));
        lines.push(String::new());
        lines.extend(foot(&statement, currency, state, reconciles, output));
        lines
    })?;
    let holds = statement.adds_up() && reconciles != Some(false);
    Ok(if holds { Done::Completely } else { Done::Refuted })
}

/// The statement, and the ledger's state where the statement goes on until now. Each is asked for by itself: where they
/// differ, money may have moved in between.
async fn make(
    ledger: &Ledger,
    organisation: OrganisationId,
    currency: u32,
    period: Period,
) -> anyhow::Result<(Statement, Option<BalanceView>)> {
    let mut attempt = 1;
    loop {
        let records = of_organisation(ledger, organisation, currency).await?;
        let obligations = obligations(ledger, organisation, currency).await?;
        let statement = Statement::make(organisation, currency, period, &records, &obligations)?;
        if period.to.is_some() {
            return Ok((statement, None));
        }
        let balances = ledger.rpc().balances(organisation).await?;
        let none = BalanceView { currency, free: Units(0), held: Units(0) };
        let state = balances.into_iter().find(|balance| balance.currency == currency).unwrap_or(none);
        let holds = statement.adds_up() && statement.reconciles(state.free.0, state.held.0);
        if holds || attempt == ATTEMPTS {
            return Ok((statement, Some(state)));
        }
        attempt += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// What the organisation owes or is owed.
async fn obligations(
    ledger: &Ledger,
    organisation: OrganisationId,
    currency: u32,
) -> anyhow::Result<Vec<ObligationView>> {
    let of = ObligationFilter { currency: Some(currency), ..ObligationFilter::default() };
    let rpc = ledger.rpc();
    let mut all = rpc.obligations(ObligationFilter { debtor: Some(organisation), ..of }).await?;
    all.extend(rpc.obligations(ObligationFilter { creditor: Some(organisation), ..of }).await?);
    Ok(all)
}

fn head(statement: &Statement, currency: &Currency) -> Vec<String> {
    let Period { from, to } = statement.period;
    facts(&[
        ("organisation", statement.organisation.to_string()),
        ("currency", format!("{} ({})", currency.symbol, statement.currency)),
        ("from", from.map_or_else(|| "the beginning".to_owned(), format_utc)),
        ("until before", to.map_or_else(|| "now".to_owned(), format_utc)),
        ("opening balance", with_hold(statement.opening, statement.opening_on_hold, currency)),
    ])
}

fn body(lines: &[Line], currency: &Currency) -> Vec<String> {
    if lines.is_empty() {
        return vec!["nothing moved".to_owned()];
    }
    let header = ["record", "time", "what", "about", "with", "debit", "credit", "by bank", "balance", "on hold"];
    table(&header, lines.iter().map(|line| cells(line, currency)).collect())
}

fn foot(
    statement: &Statement,
    currency: &Currency,
    state: Option<BalanceView>,
    reconciles: Option<bool>,
    output: &Output,
) -> Vec<String> {
    let mut rows = vec![
        ("debits", currency.format(statement.debits.0)),
        ("credits", currency.format(statement.credits.0)),
        ("closing balance", with_hold(statement.closing, statement.closing_on_hold, currency)),
    ];
    if let Some(state) = state {
        let (free, held) = (currency.format(state.free.0), currency.format(state.held.0));
        rows.push(("on the ledger", format!("{free} free, {held} on hold")));
    }
    let mut lines = facts(&rows);
    lines.push(match (statement.adds_up(), reconciles) {
        (false, _) => output.bad("the lines do NOT add up with the obligations of the cycles"),
        (true, Some(false)) => output.bad("the closing balance is NOT what the ledger's state says"),
        (true, Some(true)) => output.good("reconciled with the ledger's state to the unit"),
        (true, None) => output.good("the lines lead from the opening balance to the closing one"),
    });
    lines
}

fn with_hold(balance: Units, on_hold: Units, currency: &Currency) -> String {
    let held = if on_hold.0 == 0 { String::new() } else { format!(", {} of it on hold", currency.format(on_hold.0)) };
    format!("{}{held}", currency.format(balance.0))
}

fn cells(line: &Line, currency: &Currency) -> Vec<String> {
    let moved = |units: Units| if units.0 == 0 { String::new() } else { currency.number(units.0) };
    vec![
        line.record.to_string(),
        format_utc(line.time),
        line.kind.to_owned(),
        line.about.clone(),
        line.with.map(|organisation| organisation.to_string()).unwrap_or_default(),
        moved(line.debit),
        moved(line.credit),
        moved(line.by_bank),
        currency.number(line.balance.0),
        moved(line.on_hold),
    ]
}

fn write_csv(path: &Path, statement: &Statement, currency: &Currency) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record([
        "record",
        "time",
        "kind",
        "about",
        "with",
        "debit",
        "credit",
        "by_bank",
        "balance",
        "on_hold",
        "uetr",
        "obligations",
    ])?;
    for line in &statement.lines {
        let mut row = cells(line, currency);
        row.push(line.uetr.clone().unwrap_or_default());
        let netted = line.netted.as_ref().map(|netted| netted.obligations.as_slice()).unwrap_or_default();
        row.push(netted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        csv.write_record(&row)?;
    }
    csv.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_as_csv() {
        let info = citynet_primitives::CurrencyInfo {
            symbol: b"RUB".to_vec().try_into().unwrap(),
            exponent: 2,
            agent: OrganisationId(5),
        };
        let currencies = currencies::Currencies::from(vec![(1, info)]);
        let line = Line {
            record: 7,
            time: 0,
            kind: "deposited",
            about: "deposit".into(),
            with: None,
            uetr: Some("u".into()),
            debit: Units(0),
            credit: Units(1250),
            by_bank: Units(0),
            balance: Units(1250),
            on_hold: Units(0),
            netted: None,
        };
        let statement = Statement {
            organisation: 3,
            currency: 1,
            period: Period::default(),
            opening: Units(0),
            opening_on_hold: Units(0),
            closing: Units(1250),
            closing_on_hold: Units(0),
            set_aside: Vec::new(),
            debits: Units(0),
            credits: Units(1250),
            lines: vec![line],
        };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("statement.csv");
        write_csv(&path, &statement, currencies.get(1).unwrap()).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            text,
            "record,time,kind,about,with,debit,credit,by_bank,balance,on_hold,uetr,obligations\n\
             7,1970-01-01T00:00:00Z,deposited,deposit,,,12.50,,12.50,,u,\n"
        );
    }
}
