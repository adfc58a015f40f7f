//! `citynet audit payments`.

use super::{
    answer::{basis_lines, rows_or, CsvArgs, Told},
    evidence::EvidenceArgs,
};
use crate::{
    commands::{Done, NodeArgs},
    output::Output,
};
use anyhow::ensure;
use citynet_answers::{
    answer::PaymentsAnswer,
    payments::{Bought, Netted, Outcome, Owed, Side, Sums, Used},
    Answer as _, Period,
};
use citynet_client::{
    audit::csv_file::Table,
    grants::render::plural,
    settlement::uetr,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{Amount, OrganisationId, Usage};
use citynet_proofs::Question;
use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit payments --org 3
  citynet audit payments --org 3 --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z --csv march.csv
  citynet audit payments --org 3 --evidence payments.json

Follows what the organisation owes and is owed from reported use to its statement, from there to the obligation, and on to the \
cycle or the payment that settled it, each with its records. Use beyond dispute, prices and what obligations in a cycle come to \
are computed again; each cycle's positions must sum to zero. The exit code is 1 when something does not reconcile. What is \
proven, and written to the file, is always all of the time; --from and --to only choose what is shown. Deposits, withdrawals and \
balances are in `citynet statement`.")]
pub struct PaymentsArgs {
    /// The organisation's number.
    #[arg(long, value_name = "ORGANISATION")]
    org: u32,
    /// The first moment (UTC). By default the beginning of the ledger.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: Option<u64>,
    /// The first moment after it (UTC). By default until now.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: Option<u64>,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: PaymentsArgs, output: &Output) -> anyhow::Result<Done> {
    let period = Period { from: args.from, to: args.to };
    ensure!(period.is_possible(), "the period would end before it begins");
    let organisation = OrganisationId(args.org);
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let found = args.evidence.find(&ledger, Question::Payments { organisation }, None, output).await?;
    let answer = PaymentsAnswer::new(organisation, period, &found.records, found.basis.clone());
    found.tell(&answer, Some(&args.csv), output)
}

/// An amount with its currency's symbol, or in smallest units where no record has the currency.
fn amount(answer: &PaymentsAnswer, currency: u32, amount: Amount) -> String {
    match answer.currencies.get(currency) {
        Ok(found) => found.format(amount),
        Err(_) => format!("{amount} of currency {currency}"),
    }
}

fn symbol(answer: &PaymentsAnswer, currency: u32) -> String {
    answer.currencies.get(currency).map_or_else(|_| currency.to_string(), |found| found.symbol.clone())
}

/// What happens to an obligation, and in which records.
fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Open => "open".to_owned(),
        Outcome::Netting { cycle, computed } => format!("in cycle {cycle} (record {computed}), not settled"),
        Outcome::Declared { record, uetr } => {
            format!("said to be paid by bank {} (record {record})", uetr::format(uetr))
        }
        Outcome::Paid { record, .. } => format!("paid on the ledger (record {record})"),
        Outcome::Netted { cycle, computed, record, .. } => {
            format!("netted by cycle {cycle} (records {computed}, {record})")
        }
        Outcome::Booked { declared, uetr, record, .. } => {
            format!("paid by bank {} (records {declared}, {record})", uetr::format(uetr))
        }
    }
}

fn obligation_row(answer: &PaymentsAnswer, owed: &Owed) -> Vec<String> {
    let info = &owed.info;
    let record = |record: Option<u64>| record.map(|record| record.to_string()).unwrap_or_default();
    let (what, with) =
        if info.debtor == answer.payments.organisation { ("owes", info.creditor) } else { ("is owed by", info.debtor) };
    vec![
        format!("{} (record {})", owed.obligation, owed.record),
        format_utc(owed.time),
        format!("{what} {with}"),
        amount(answer, info.currency, info.amount),
        info.reverses.map_or_else(|| format!("grant {}", info.grant), |reverses| format!("reverses {reverses}")),
        record(owed.basis.report),
        record(owed.basis.statement),
        outcome_words(&owed.outcome),
    ]
}

fn use_row(answer: &PaymentsAnswer, used: &Used) -> Vec<String> {
    let told = |found: &Option<(Usage, u64)>| {
        found.as_ref().map_or_else(String::new, |(usage, record)| format!("{} (record {record})", usage_words(usage)))
    };
    vec![
        used.grant.to_string(),
        used.provider.to_string(),
        used.consumer.to_string(),
        told(&used.reported),
        told(&used.stated),
        usage_words(&used.matured),
        amount(answer, used.currency, used.billed),
    ]
}

fn cycle_row(answer: &PaymentsAnswer, cycle: &Netted) -> Vec<String> {
    let currency = cycle.cycle.currency;
    let moved = match (cycle.own_pays, cycle.own_gets) {
        (0, 0) => "nothing".to_owned(),
        (0, gets) => format!("gets {}", amount(answer, currency, gets)),
        (pays, _) => format!("pays {}", amount(answer, currency, pays)),
    };
    let sum = if cycle.balances() { "zero".to_owned() } else { "NOT zero".to_owned() };
    vec![
        cycle.cycle.to_string(),
        cycle.opened.map(|record| record.to_string()).unwrap_or_default(),
        cycle.computed.to_string(),
        cycle.settled.map_or_else(|| "not settled".to_owned(), |(record, _)| record.to_string()),
        amount(answer, currency, cycle.owed),
        amount(answer, currency, cycle.due),
        moved,
        sum,
        if cycle.agrees() { "yes".to_owned() } else { "NO".to_owned() },
        cycle.obligations.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    ]
}

fn sum_rows(answer: &PaymentsAnswer) -> Vec<Vec<String>> {
    let row = |currency: u32, what: &str, side: &Side| {
        let number =
            |amount: Amount| answer.currencies.get(currency).map_or(amount.to_string(), |found| found.number(amount));
        vec![
            symbol(answer, currency),
            what.to_owned(),
            number(side.opening),
            number(side.arisen),
            number(side.paid),
            number(side.netted),
            number(side.booked),
            number(side.open),
            number(side.at_once),
        ]
    };
    let rows = answer.payments.sums.iter().flat_map(|(currency, Sums { owes, due })| {
        [row(*currency, "it owes", owes), row(*currency, "it is owed", due)]
    });
    rows.collect()
}

fn verdict_lines(answer: &PaymentsAnswer, output: &Output) -> Vec<String> {
    let problems = &answer.payments.problems;
    let unbalanced = answer.payments.sums.iter().filter(|(_, sums)| !sums.owes.adds_up() || !sums.due.adds_up());
    let mut lines: Vec<String> =
        problems.iter().map(|problem| output.bad(format!("does NOT reconcile: {problem}"))).collect();
    lines
        .extend(unbalanced.map(|(currency, _)| {
            output.bad(format!("does NOT add up: what is owed in {}", symbol(answer, *currency)))
        }));
    if lines.is_empty() {
        lines.push(output.good("everything reconciles: use, statements, obligations, netting and payments"));
    }
    lines
}

/// `3 accesses, 30 records, 300 bytes`.
fn usage_words(usage: &Usage) -> String {
    let Usage { accesses, records, bytes } = *usage;
    let (access, record) = (plural(accesses, "access", "accesses"), plural(records, "record", "records"));
    format!("{accesses} {access}, {records} {record}, {bytes} {}", plural(bytes, "byte", "bytes"))
}

impl Told for PaymentsAnswer {
    /// One row for each obligation.
    fn table(&self) -> Table {
        let row = |owed: &Owed| {
            let info = &owed.info;
            let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
            let records: Vec<String> = owed.outcome.records().iter().map(ToString::to_string).collect();
            let (cycle, payment) = match &owed.outcome {
                Outcome::Netting { cycle, .. } | Outcome::Netted { cycle, .. } => (cycle.to_string(), String::new()),
                Outcome::Declared { uetr, .. } | Outcome::Booked { uetr, .. } => (String::new(), uetr::format(uetr)),
                Outcome::Open | Outcome::Paid { .. } => (String::new(), String::new()),
            };
            vec![
                owed.obligation.to_string(),
                owed.record.to_string(),
                format_utc(owed.time),
                info.grant.to_string(),
                info.debtor.to_string(),
                info.creditor.to_string(),
                symbol(self, info.currency),
                self.currencies.get(info.currency).map_or(info.amount.to_string(), |found| found.number(info.amount)),
                number(info.reverses),
                number(owed.basis.report),
                number(owed.basis.statement),
                owed.outcome.word().to_owned(),
                cycle,
                payment,
                records.join(" "),
                owed.outcome.settled().map(format_utc).unwrap_or_default(),
            ]
        };
        let columns = [
            "obligation",
            "record",
            "time",
            "grant",
            "debtor",
            "creditor",
            "currency",
            "amount",
            "reverses",
            "report_record",
            "statement_record",
            "outcome",
            "cycle",
            "uetr",
            "outcome_records",
            "settled",
        ];
        Table::new(&columns, self.payments.obligations.iter().map(row).collect())
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let payments = &self.payments;
        let mut lines = vec![output.strong(format!("payments of organisation {}", payments.organisation))];
        let mut section = |title: &str, rows: Vec<Vec<String>>, header: &[&str], nothing: &str| {
            lines.push(String::new());
            lines.push(output.strong(title));
            lines.extend(rows_or(nothing, header, rows));
        };
        let header = ["grant", "provider", "consumer", "reported", "stated", "beyond dispute", "billed"];
        let rows = payments.grants.iter().map(|used| use_row(self, used)).collect();
        section("use that costs something", rows, &header, "none");
        let header = ["obligation", "arose", "it", "amount", "for", "report", "statement", "and then"];
        let rows = payments.obligations.iter().map(|owed| obligation_row(self, owed)).collect();
        section("obligations", rows, &header, "none");
        if !payments.bought.is_empty() {
            let header = ["grant", "paid", "by", "to", "amount", "record"];
            let row = |bought: &Bought| {
                vec![
                    bought.grant.to_string(),
                    format_utc(bought.time),
                    bought.debtor.to_string(),
                    bought.creditor.to_string(),
                    amount(self, bought.currency, bought.amount),
                    bought.record.to_string(),
                ]
            };
            section("prices paid at once", payments.bought.iter().map(row).collect(), &header, "none");
        }
        let header = [
            "cycle",
            "opened",
            "computed",
            "settled",
            "it owes",
            "it is owed",
            "it",
            "positions sum to",
            "agrees",
            "obligations",
        ];
        let rows = payments.cycles.iter().map(|cycle| cycle_row(self, cycle)).collect();
        section("netting, by records", rows, &header, "no cycle has a part of it");
        lines.push(String::new());
        let header = ["currency", "what", "opening", "arisen", "paid", "netted", "by bank", "open", "paid at once"];
        lines.extend(rows_or("nothing is or was owed", &header, sum_rows(self)));
        lines.extend(verdict_lines(self, output));
        lines.extend(basis_lines(self.basis(), output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::samples::payments::{records, HOUR, OWN};
    use citynet_answers::{AsOf, Basis};

    fn answer(amount: Amount) -> PaymentsAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_400_000 + 7 * HOUR };
        let basis = Basis { as_of, proven: true };
        PaymentsAnswer::new(OWN, Period::default(), &records(amount), basis)
    }

    #[test]
    fn a_payment_is_told_from_use_to_settlement() {
        let found = answer(2500);
        let expected = "\
payments of organisation 2

use that costs something
grant  provider  consumer  reported  stated  beyond dispute                  billed
5      3         2                           0 accesses, 0 records, 0 bytes  25.00 RUB

obligations
obligation    arose                 it      amount     for      report  statement  and then
1 (record 4)  2026-03-01T16:00:00Z  owes 3  25.00 RUB  grant 5                     netted by cycle 1-1 (records 6, 7)

netting, by records
cycle  opened  computed  settled  it owes    it is owed  it              positions sum to  agrees  obligations
1-1    5       6         7        25.00 RUB  0.00 RUB    pays 25.00 RUB  zero              yes     1

currency  what        opening  arisen  paid  netted  by bank  open  paid at once
RUB       it owes     0.00     25.00   0.00  25.00   0.00     0.00  0.00
RUB       it is owed  0.00     0.00    0.00  0.00    0.00     0.00  0.00
everything reconciles: use, statements, obligations, netting and payments
proven complete up to block 9; the last record in it is of 2026-03-01T19:00:00Z";
        assert_eq!(found.lines(&Output::new(true)).join("\n"), expected);
        assert_eq!(found.done(), Done::Completely);
        let row = &found.table().rows[0];
        assert_eq!(row[..8], ["1", "4", "2026-03-01T16:00:00Z", "5", "2", "3", "RUB", "25.00"]);
        assert_eq!(row[11..13], ["netted", "1-1"]);
        assert!(found.table().to_csv().is_ok());
    }

    #[test]
    fn what_does_not_reconcile_is_said_plainly() {
        let found = answer(2600);
        assert_eq!(found.done(), Done::Refuted);
        let lines = found.lines(&Output::new(true)).join("\n");
        for words in [
            "does NOT reconcile: record 4: obligation 1 is 2600, and by the terms of grant 5 it should be 2500",
            "does NOT reconcile: record 6: in cycle 1-1 the organisation pays 2500 and gets 0, and of its obligations in it, it owes 2600",
            "pays 25.00 RUB  zero              NO",
        ] {
            assert!(lines.contains(words), "{words}: {lines}");
        }
        assert!(!lines.contains("everything reconciles"), "{lines}");
    }
}
