//! `citynet audit account`.

use super::answer::{as_of_line, done, journal, left_out_lines, rows_or, CsvArgs};
use crate::{
    commands::{Done, NodeArgs},
    output::{thousands, Output},
};
use anyhow::bail;
use citynet_client::{
    audit::{
        account::{parse_who, Deed, Tallies, Who},
        csv_file::Table,
        journal::{AsOf, Query},
    },
    keys::ss58,
    time::{format_utc, parse_utc},
};
use clap::Args;
use serde_json::{json, Value};
use std::time::Duration;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit account 3
  citynet audit account 3 --from 2026-03-01T00:00:00Z --to 2026-03-31T23:59:59Z --list --csv march.csv
  citynet audit account 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY

These are the records that it caused. What others did to it is among the records about it: `citynet audit completeness \
organisation:3`. What the chain did by itself, or the council by a motion, has the author 0.")]
pub struct AccountArgs {
    /// An organisation's number, or an account in SS58 or as 0x and hex.
    #[arg(value_name = "ORGANISATION|ACCOUNT", value_parser = parse_who)]
    who: Who,
    /// Only what it did at this time or later (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: Option<u64>,
    /// Only what it did at this time or earlier (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: Option<u64>,
    /// List every record, not only how many of each kind there are.
    #[arg(long)]
    list: bool,
    /// The most records that are counted and listed.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    limit: usize,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: AccountArgs, output: &Output) -> anyhow::Result<Done> {
    if let (Some(from), Some(to)) = (args.from, args.to) {
        if to < from {
            bail!("--to is before --from");
        }
    }
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let mut query = Query { from_time: args.from, to_time: args.to, ..Query::default() };
    match args.who {
        Who::Organisation(organisation) => query.organisation = Some(organisation),
        Who::Account(account) => query.account = Some(account),
    }
    let (mut tallies, mut deeds) = (Tallies::default(), Vec::new());
    let complete = journal
        .each(&query, |found| {
            if deeds.len() == args.limit {
                return false;
            }
            let deed = Deed::from(&found);
            tallies.add(&deed);
            deeds.push(deed);
            true
        })
        .await?;
    let left_out = if complete {
        Vec::new()
    } else {
        vec![format!("there are more than {} records: narrow with --from and --to, or raise --limit", args.limit)]
    };
    let as_of = journal.as_of();
    args.csv.write(&table(&deeds), &asked(&args), as_of, complete, output)?;
    output.result(&to_json(&args, &tallies, &deeds, as_of, &left_out), |output| {
        lines(&args, &tallies, &deeds, as_of, &left_out, output)
    })?;
    Ok(done(&left_out))
}

fn asked(args: &AccountArgs) -> Value {
    json!({
        "question": "account",
        "who": args.who.to_string(),
        "from": args.from.map(format_utc),
        "to": args.to.map(format_utc),
    })
}

fn table(deeds: &[Deed]) -> Table {
    let row = |deed: &Deed| {
        vec![
            deed.record.to_string(),
            deed.block.to_string(),
            format_utc(deed.time),
            deed.organisation.to_string(),
            ss58(&deed.account),
            deed.kind.to_owned(),
            deed.subjects.join(" "),
        ]
    };
    let columns = ["record", "block", "time", "organisation", "account", "kind", "about"];
    Table::new(&columns, deeds.iter().map(row).collect())
}

fn to_json(args: &AccountArgs, tallies: &Tallies, deeds: &[Deed], as_of: &AsOf, left_out: &[String]) -> Value {
    let kinds = tallies.iter().map(|(organisation, account, kind, tally)| {
        json!({
            "organisation": organisation,
            "account": format!("0x{}", hex::encode(account)),
            "kind": kind,
            "count": tally.count.to_string(),
            "first": tally.first.to_string(),
            "last": tally.last.to_string(),
        })
    });
    let mut answer = json!({
        "query": asked(args),
        "asOf": as_of.to_json(),
        "complete": left_out.is_empty(),
        "leftOut": left_out,
        "total": tallies.total().to_string(),
        "kinds": kinds.collect::<Vec<_>>(),
    });
    if args.list {
        let deed = |deed: &Deed| {
            json!({
                "record": deed.record.to_string(),
                "block": deed.block,
                "time": deed.time.to_string(),
                "organisation": deed.organisation,
                "account": format!("0x{}", hex::encode(deed.account)),
                "kind": deed.kind,
                "about": deed.subjects,
            })
        };
        answer["records"] = deeds.iter().map(deed).collect();
    }
    answer
}

fn lines(
    args: &AccountArgs,
    tallies: &Tallies,
    deeds: &[Deed],
    as_of: &AsOf,
    left_out: &[String],
    output: &Output,
) -> Vec<String> {
    let mut lines = vec![output.strong(format!("what {} did: {} records", args.who, thousands(tallies.total())))];
    let rows = tallies.iter().map(|(organisation, account, kind, tally)| {
        vec![
            organisation.to_string(),
            ss58(&account),
            kind.replace('_', " "),
            thousands(tally.count),
            format_utc(tally.first),
            format_utc(tally.last),
        ]
    });
    let header = ["organisation", "account", "what", "times", "first", "last"];
    lines.extend(rows_or("nothing", &header, rows.collect()));
    if args.list && !deeds.is_empty() {
        lines.push(String::new());
        let row = |deed: &Deed| {
            let (record, time) = (deed.record.to_string(), format_utc(deed.time));
            vec![record, time, ss58(&deed.account), deed.kind.replace('_', " "), deed.subjects.join(" ")]
        };
        let header = ["record", "time", "account", "what", "about"];
        lines.extend(rows_or("nothing", &header, deeds.iter().map(row).collect()));
    }
    lines.push(String::new());
    lines.push(as_of_line(as_of));
    lines.extend(left_out_lines(left_out, output));
    lines
}
