//! `citynet audit completeness`.

use crate::{
    commands::{Done, NodeArgs},
    output::{table, thousands, Output},
};
use anyhow::Context as _;
use citynet_client::{
    audit::completeness::{complete, Complete},
    keys::ss58,
    time::{format_utc, parse_duration, parse_utc},
};
use citynet_primitives::{Body, Moment, Record, Subject};
use citynet_proofs::{verify_list, CompleteRecord, Trust, VerifiedList};
use clap::{builder::PossibleValuesParser, Args};
use serde_json::json;
use std::{fs, path::PathBuf, time::Duration};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit completeness grant:5
  citynet audit completeness device:12 --evidence device-12.json
  citynet audit completeness organisation:3 --kind account_added --from 2026-01-01T00:00:00Z
  citynet verify device-12.json --genesis 0x…

The node is not trusted: nothing is printed that is not proven from the genesis hash which is printed with it. That this is \
your chain's, you must know. --kind, --from and --to only choose what is shown; what is proven, and written to the file, are \
always all records about the subject.")]
pub struct CompletenessArgs {
    /// organisation:N, dataset:N, device:N, grant:N or cycle:CURRENCY-N.
    subject: Subject,
    /// Show only records of this kind, such as grant_state_changed. May be given more than once.
    #[arg(long, value_parser = PossibleValuesParser::new(Body::KINDS.iter().copied()), hide_possible_values = true)]
    kind: Vec<String>,
    /// Show only records made at this time or later (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: Option<Moment>,
    /// Show only records made at this time or earlier (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: Option<Moment>,
    /// Write all records with what proves them complete into this file.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Put the records that are not shown into the file by their hashes alone: its readers see how many there are, and not
    /// what they say.
    #[arg(long, requires = "evidence")]
    conceal: bool,
    /// For how long to wait until the node has the proof.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    patience: u64,
    #[command(flatten)]
    node: NodeArgs,
}

impl CompletenessArgs {
    fn shows(&self, record: &Record) -> bool {
        (self.kind.is_empty() || self.kind.iter().any(|kind| kind == record.body.kind()))
            && self.from.is_none_or(|from| record.time >= from)
            && self.to.is_none_or(|to| record.time <= to)
    }

    /// Writes the file. Gives its name and length.
    fn write(&self, complete: &Complete) -> anyhow::Result<Option<(String, usize)>> {
        let Some(file) = &self.evidence else { return Ok(None) };
        let shown = file.display().to_string();
        let text = complete.text(|record| !self.conceal || self.shows(record));
        verify_list(text.as_bytes(), &Trust::Genesis(complete.verified.genesis))?;
        // Beside it first, so that a list is there as a whole or not at all.
        let temporary = PathBuf::from(format!("{shown}.new"));
        fs::write(&temporary, &text)
            .and_then(|()| fs::rename(&temporary, file))
            .with_context(|| format!("cannot write {shown}"))?;
        Ok(Some((shown, text.len())))
    }
}

pub async fn run(args: CompletenessArgs, output: &Output) -> anyhow::Result<Done> {
    let patience = Duration::from_millis(args.patience);
    let ledger = args.node.connect(patience).await?;
    let bar = output.progress("{spinner} {msg} ({elapsed})");
    bar.set_message("asking the node for the records");
    let mut waiting = |reason: &str| bar.set_message(format!("waiting: {reason}"));
    let completed = complete(&ledger, args.subject, patience, &mut waiting).await;
    bar.finish_and_clear();
    let completed = completed?;
    let file = args.write(&completed)?;

    let verified = &completed.verified;
    let records = verified.records.iter().filter_map(|listed| listed.record.as_ref());
    let shown: Vec<&Record> = records.filter(|record| args.shows(record)).collect();
    let genesis = format!("0x{}", hex::encode(verified.genesis));
    let mut result = json!({
        "subject": args.subject.to_string(),
        "complete": true,
        "count": verified.head.count.to_string(),
        "chain": format!("0x{}", hex::encode(verified.head.chain)),
        "block": verified.block,
        "genesisHash": genesis,
        "records": shown,
    });
    if let Some((name, bytes)) = &file {
        result["evidence"] = json!({ "file": name, "bytes": bytes });
    }
    output.result(&result, |output| {
        let mut lines = if shown.is_empty() {
            Vec::new()
        } else {
            table(&HEADER, shown.iter().map(|record| row(record).into()).collect())
        };
        lines.push(output.good(verdict(verified)));
        if shown.len() < verified.records.len() {
            lines.push(format!("{} of them are shown", shown.len()));
        }
        lines.push(format!("on the chain with genesis {genesis}"));
        if let Some((name, bytes)) = file {
            lines.push(format!("{name}, {bytes} bytes; anyone can check it with no network:"));
            lines.push(format!("  citynet verify {name} --genesis {genesis}"));
        }
        lines
    })?;
    Ok(Done::Completely)
}

/// The columns of a record.
pub(in crate::commands) const HEADER: [&str; 5] = ["record", "time", "kind", "by organisation", "account"];

/// A record in these columns.
pub(in crate::commands) fn row(record: &Record) -> [String; 5] {
    // Genesis and hooks act without an account.
    let account = if record.account == [0; 32] { "the chain itself".to_owned() } else { ss58(&record.account) };
    [
        record.index.to_string(),
        format_utc(record.time),
        record.body.kind().to_owned(),
        record.organisation.to_string(),
        account,
    ]
}

/// What a verified list shows, as `citynet verify` prints it.
pub(in crate::commands) fn lines(verified: &VerifiedList) -> Vec<String> {
    if verified.records.is_empty() {
        return Vec::new();
    }
    let line = |listed: &CompleteRecord| match &listed.record {
        Some(record) => row(record).into(),
        None => vec![String::new(), String::new(), format!("concealed: 0x{}", hex::encode(listed.leaf))],
    };
    table(&HEADER, verified.records.iter().map(line).collect())
}

/// The sentence for which all of it is done.
pub(in crate::commands) fn verdict(verified: &VerifiedList) -> String {
    let block = verified.block.number;
    match verified.head.count {
        0 => format!("complete: no record up to block {block}"),
        1 => format!("complete: 1 record, all there is up to block {block}"),
        count => format!("complete: {} records, all there are up to block {block}", thousands(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{OrganisationId, RECORD_VERSION};
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: CompletenessArgs,
    }

    fn args(words: &[&str]) -> Result<CompletenessArgs, clap::Error> {
        Line::try_parse_from([&["citynet"][..], words].concat()).map(|line| line.args)
    }

    fn record(time: Moment) -> Record {
        Record {
            version: RECORD_VERSION,
            index: 3,
            block: 2,
            time,
            organisation: OrganisationId(1),
            account: [0; 32],
            body: Body::AccountRemoved { organisation: OrganisationId(1), account: [1; 32] },
        }
    }

    #[test]
    fn records_are_shown_by_kind_and_time() {
        let shows = |words: &[&str], time| args(&[&["grant:5"], words].concat()).unwrap().shows(&record(time));
        assert!(shows(&[], 0));
        assert!(shows(&["--kind", "account_added", "--kind", "account_removed"], 0));
        assert!(!shows(&["--kind", "account_added"], 0));
        let second = ["--from", "1970-01-01T00:00:02Z", "--to", "1970-01-01T00:00:02Z"];
        for (time, expected) in [(1_999, false), (2_000, true), (2_001, false)] {
            assert_eq!(shows(&second, time), expected, "{time}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for words in [&["grant"][..], &["sensor:5"], &["grant:5", "--kind", "no_such"], &["grant:5", "--conceal"], &[]]
        {
            assert!(args(words).is_err(), "{words:?}");
        }
        assert!(args(&["cycle:1-7", "--conceal", "--evidence", "list.json"]).is_ok());
    }

    #[test]
    fn a_row_says_who_did_it() {
        assert_eq!(row(&record(2_000)), ["3", "1970-01-01T00:00:02Z", "account_removed", "1", "the chain itself"]);
        let by = Record { account: [1; 32], ..record(0) };
        assert_eq!(row(&by)[4], ss58(&[1; 32]));
    }
}
