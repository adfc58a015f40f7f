//! `citynet watch`.

use super::{audit::completeness, Done, NodeArgs};
use crate::output::Output;
use anyhow::Context as _;
use citynet_client::{
    audit::journal::Query,
    keys::parse_account,
    watch::{Batch, News, Watch},
};
use citynet_primitives::{Account, Body, OrganisationId, Record, Subject};
use clap::{builder::PossibleValuesParser, Args};
use serde_json::{json, Value};
use std::{fmt::Display, io, sync::LazyLock, time::Duration};

/// For how long one attempt to connect again goes on. The pauses between attempts grow.
const ATTEMPT: Duration = Duration::from_secs(1);

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet watch
  citynet watch --subject grant:5 --from genesis
  citynet watch --kind grant_state_changed --kind usage_disputed --json
  citynet watch --org 3 --from 1742 --limit 100

Each record is one line, as soon as its block is final. When the connection breaks, it is opened again, and records go on \
where they ended: none is left out, none comes twice. Ctrl-C ends it, with exit code 0, and says from which index to go on.

With --json each line is one record, and the last line is {\"next\":\"1743\"}: what to give --from to go on.")]
pub struct WatchArgs {
    /// Only records about organisation:N, dataset:N, device:N, grant:N or cycle:CURRENCY-N.
    #[arg(long)]
    subject: Option<Subject>,
    /// Only records that name this, such as motion:7, currency:1 or payment:UUID. It does not go with --subject, --org or
    /// --account.
    #[arg(long, value_name = "THING", conflicts_with_all = ["subject", "org", "account"])]
    naming: Option<String>,
    /// Only records of this kind, such as grant_state_changed. May be given more than once.
    #[arg(long, value_parser = PossibleValuesParser::new(Body::KINDS.iter().copied()), hide_possible_values = true)]
    kind: Vec<String>,
    /// Only what this organisation did.
    #[arg(long, value_name = "ORGANISATION")]
    org: Option<u32>,
    /// Only what this account did: in SS58 or as 0x and hex.
    #[arg(long, value_parser = parse_account)]
    account: Option<Account>,
    /// Where to begin: with the record of this index, with the chain's first one (genesis), or with the next that is
    /// written (now).
    #[arg(long, value_name = "INDEX|now|genesis", default_value = "now", value_parser = parse_start)]
    from: Start,
    /// End after so many records.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// With the next record that is written.
    Now,
    /// With a record's index.
    Index(u64),
}

/// A text says nowhere to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is the index of a record, now or genesis")]
struct NoStart;

fn parse_start(text: &str) -> Result<Start, NoStart> {
    match text {
        "now" => Ok(Start::Now),
        "genesis" => Ok(Start::Index(0)),
        index => index.parse().map(Start::Index).map_err(|_| NoStart),
    }
}

impl WatchArgs {
    /// What the node is asked for.
    fn filter(&self) -> Value {
        let kind = match self.kind.as_slice() {
            [only] => Body::KINDS.iter().copied().find(|kind| kind == only),
            // The node knows one kind at a time.
            _ => None,
        };
        let organisation = self.org.map(OrganisationId);
        let query = Query { subject: self.subject, kind, organisation, account: self.account, ..Query::default() };
        let mut filter = query.to_json();
        if let Some(naming) = &self.naming {
            filter["naming"] = json!(naming);
        }
        filter
    }

    fn shows(&self, record: &Record) -> bool {
        self.kind.is_empty() || self.kind.iter().any(|kind| kind == record.body.kind())
    }
}

/// Prints records until it is told to stop.
struct Printer<'a> {
    args: &'a WatchArgs,
    output: &'a Output,
    printed: u64,
    /// Where to go on.
    next: Option<u64>,
}

impl Printer<'_> {
    /// Whether there is to be more.
    fn wants_more(&self) -> bool {
        self.args.limit.is_none_or(|limit| self.printed < limit)
    }

    fn print(&mut self, batch: &Batch) -> anyhow::Result<()> {
        for view in &batch.items {
            let record = view.record()?;
            if self.args.shows(&record) {
                if !self.wants_more() {
                    return Ok(());
                }
                self.output.line(view, || columns(completeness::row(&record)))?;
                self.printed += 1;
            }
            self.next = Some(record.index.saturating_add(1));
        }
        if self.wants_more() {
            self.next = Some(batch.next.0);
        }
        Ok(())
    }

    /// Says where to go on.
    fn end(&self) -> io::Result<()> {
        let Some(next) = self.next else { return Ok(()) };
        self.output.line(&json!({ "next": next.to_string() }), || format!("--from {next} goes on from here"))
    }
}

pub async fn run(args: WatchArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(ATTEMPT).await?;
    let from = match args.from {
        Start::Now => None,
        Start::Index(index) => Some(index),
    };
    let mut watch = Watch::new(&ledger, args.filter(), from);
    let mut printer = Printer { args: &args, output, printed: 0, next: from };
    let interrupt = tokio::signal::ctrl_c();
    tokio::pin!(interrupt);
    output.note(columns(completeness::HEADER));
    while printer.wants_more() {
        let news = tokio::select! {
            news = watch.next() => news?,
            told = &mut interrupt => {
                told.context("cannot listen for Ctrl-C")?;
                break;
            }
        };
        match news {
            News::Records(batch) => match printer.print(&batch) {
                // Whoever read what is printed has seen enough.
                Err(error) if is_unread(&error) => return Ok(Done::Completely),
                printed => printed?,
            },
            News::Interrupted { reason, pause } => {
                output.note(format!("{reason}; asking again in {:.1} s", pause.as_secs_f64()));
            }
        }
    }
    printer.end()?;
    Ok(Done::Completely)
}

fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// How wide the longest kind is.
static KIND: LazyLock<usize> = LazyLock::new(|| Body::KINDS.iter().map(|kind| kind.len()).max().unwrap_or_default());

/// The columns of [`completeness`], each as wide as it can become, since the rows to come are not known.
fn columns([index, time, kind, organisation, account]: [impl Display; 5]) -> String {
    format!("{index:<8}  {time:<20}  {kind:<width$}  {organisation:<15}  {account}", width = *KIND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: WatchArgs,
    }

    fn args(words: &[&str]) -> Result<WatchArgs, clap::Error> {
        Line::try_parse_from([&["citynet"][..], words].concat()).map(|line| line.args)
    }

    #[test]
    fn the_node_is_asked_for_what_it_can_choose() {
        let filter = |words: &[&str]| args(words).unwrap().filter();
        assert_eq!(filter(&[]), json!({}));
        let account = format!("0x{}", "0a".repeat(32));
        let words = ["--subject", "grant:5", "--kind", "account_added", "--org", "3", "--account", &account];
        let expected = json!({ "subject": "grant:5", "kind": "account_added", "organisation": 3, "account": account });
        assert_eq!(filter(&words), expected);
        assert_eq!(filter(&["--naming", "motion:7"]), json!({ "naming": "motion:7" }));
        // Of several kinds, the command chooses.
        assert_eq!(filter(&["--kind", "account_added", "--kind", "account_removed"]), json!({}));
    }

    #[test]
    fn it_begins_where_it_is_told() {
        let from = |words: &[&str]| args(words).map(|args| args.from).ok();
        assert_eq!(from(&[]), Some(Start::Now));
        assert_eq!(from(&["--from", "now"]), Some(Start::Now));
        assert_eq!(from(&["--from", "genesis"]), Some(Start::Index(0)));
        assert_eq!(from(&["--from", "18446744073709551615"]), Some(Start::Index(u64::MAX)));
        for wrong in ["18446744073709551616", "-1", "0x1", "then", ""] {
            assert_eq!(from(&["--from", wrong]), None, "{wrong}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for words in [
            &["--subject", "motion:7"][..],
            &["--kind", "no_such"],
            &["--naming", "motion:7", "--org", "3"],
            &["--naming", "motion:7", "--subject", "grant:5"],
            &["--account", "0x0a"],
            &["--limit", "-1"],
        ] {
            assert!(args(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn columns_line_up() {
        assert_eq!(columns(completeness::HEADER).find("account"), Some(8 + 2 + 20 + 2 + *KIND + 2 + 15 + 2));
    }
}
