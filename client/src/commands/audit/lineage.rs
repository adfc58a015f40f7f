//! `citynet audit lineage` and `citynet audit taint`.

use super::{
    answer::{basis_lines, journal, left_out_lines, rows_or, CsvArgs, Told},
    evidence::{EvidenceArgs, Found},
};
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::bail;
use citynet_answers::{
    answer::{LineageAnswer, Step, TaintAnswer, Ways},
    graph::{GraphError, Readings},
    lineage::{Bounds, Start},
    names::Names,
    Answer as _,
};
use citynet_client::{
    audit::{
        csv_file::Table,
        lineage::{gather, Directions},
    },
    grants::render::plural,
    ledger::Ledger,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{DeviceId, Moment};
use citynet_proofs::Question;
use clap::Args;
use std::collections::BTreeSet;

#[derive(Args, Clone, Copy, Debug)]
pub struct BoundArgs {
    /// The most steps.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth)]
    depth: u32,
    /// The most versions.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().versions)]
    versions: usize,
}

impl BoundArgs {
    fn bounds(self) -> Bounds {
        Bounds { depth: self.depth, versions: self.versions, ..Bounds::default() }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit lineage 9@1                     # what it was made from, and by which grants
  citynet audit lineage 7@3 --down              # what was made from it
  citynet audit lineage batch:12-4000 --down    # of device 12, the batch whose first reading has number 4000
  citynet audit lineage device:12 --depth 2 --csv lineage.csv
  citynet audit lineage 9@1 --evidence lineage.json             # both ways
  citynet audit lineage batch:12-4000 --evidence batch.json     # both ways
  citynet audit lineage device:12 --evidence device.json        # down

Without a direction it goes up from a version and from a batch, and down from a device. Every step is read from the records that \
published the versions; `docs/grants.md` has the rule. Without --evidence, which versions were made from something the node says. \
What is proven, and written to the file, is always both ways of a version or a batch, and the way down from a device; directions \
and bounds only choose what is shown. What a version does not say of its sources, no record does. The exit code is 2 when the \
answer is not complete.")]
pub struct LineageArgs {
    /// A version such as 7@3, a batch such as batch:12-4000, or a device such as device:12.
    #[arg(value_name = "VERSION|BATCH|DEVICE")]
    of: Start,
    /// What it was made from.
    #[arg(long)]
    up: bool,
    /// What was made from it.
    #[arg(long)]
    down: bool,
    #[command(flatten)]
    bounds: BoundArgs,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit taint device:12 --since 2026-03-01T00:00:00Z
  citynet audit taint device:12                 # since when it is distrusted, as its owner said
  citynet audit taint 7@3 --csv tainted.csv
  citynet audit taint device:12 --since 2026-03-01T00:00:00Z --evidence taint.json
  citynet audit taint 7@3 --evidence taint.json

Named are all readings of the device from the first batch on that has an observation of that time or later, all versions that \
were made from them or from the version, directly or not, who owns these, and who could have had them by a grant. Rather too \
much than too little is named. The exit code is 2 when the answer is not complete.")]
pub struct TaintArgs {
    /// A version such as 7@3, or a device such as device:12.
    #[arg(value_name = "VERSION|DEVICE")]
    of: Start,
    /// From when on the device's observations are in doubt (UTC). By default since when it is distrusted.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    since: Option<u64>,
    #[command(flatten)]
    bounds: BoundArgs,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

impl LineageArgs {
    fn ways(&self) -> anyhow::Result<Ways> {
        Ok(match (self.up, self.down, self.of) {
            (false, false, Start::Device(_)) => Ways { up: false, down: true },
            // What is proven is both.
            (false, false, _) => Ways { up: true, down: self.evidence.is_asked() },
            (true, _, Start::Device(device)) => {
                bail!("nothing is above a device: `citynet device show {device}` says what it is, and --down what was made from it")
            }
            (up, down, _) => Ways { up, down },
        })
    }

    /// What a dossier answers.
    fn question(&self) -> Question {
        match self.of {
            Start::Version(version) => Question::Lineage { version },
            Start::Device(device) => Question::DeviceLineage { device },
            Start::Batch(batch) => Question::BatchLineage { batch },
        }
    }
}

pub async fn run(args: LineageArgs, output: &Output) -> anyhow::Result<Done> {
    let (ways, bounds) = (args.ways()?, args.bounds.bounds());
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let (found, left_out) = if args.evidence.is_asked() {
        (args.evidence.find(&ledger, args.question(), None, output).await?, Vec::new())
    } else {
        let directions = Directions { up: ways.up, down: ways.down, grants: false };
        trusted(&ledger, args.of, None, directions, bounds).await?
    };
    let answer = LineageAnswer::new(args.of, ways, bounds, &found.records, left_out, found.basis.clone())?;
    found.tell(&answer, Some(&args.csv), output)
}

/// The records for a walk from a node, and what it left out.
async fn trusted(
    ledger: &Ledger,
    start: Start,
    since: Option<Moment>,
    directions: Directions,
    bounds: Bounds,
) -> anyhow::Result<(Found, Vec<String>)> {
    let journal = journal(ledger).await?;
    let (records, left_out) = gather(&journal, start, since, directions, bounds).await?;
    Ok((Found::trusted(records, &journal), left_out))
}

impl Told for LineageAnswer {
    fn table(&self) -> Table {
        table(&self.steps)
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let mut lines = vec![output.strong(self.of)];
        for (is_asked, direction, title, nothing) in [
            (self.ways.up, "up", "made from", "it was made from nothing that it names"),
            (self.ways.down, "down", "what was made from it", "nothing was made from it"),
        ] {
            if is_asked {
                lines.push(String::new());
                lines.push(title.to_owned());
                lines.extend(step_lines(&self.steps, direction, nothing, &self.names));
            }
        }
        lines.push(String::new());
        lines.extend(basis_lines(self.basis(), output));
        lines.extend(self.not_in_records().iter().copied().map(ToOwned::to_owned));
        lines.extend(left_out_lines(self.left_out(), output));
        lines
    }
}

fn table(steps: &[Step]) -> Table {
    let row = |step: &Step| {
        vec![
            step.direction.to_owned(),
            step.depth.to_string(),
            step.made.clone(),
            step.from.clone(),
            step.grants.clone(),
            step.how.clone(),
            step.by.to_string(),
            step.record.to_string(),
            format_utc(step.time),
            step.remark.clone(),
        ]
    };
    let columns = ["direction", "steps", "made", "made_from", "grants", "how", "by", "record", "time", "remark"];
    Table::new(&columns, steps.iter().map(row).collect())
}

fn step_lines(steps: &[Step], direction: &str, nothing: &str, names: &Names) -> Vec<String> {
    let row = |step: &Step| {
        vec![
            step.depth.to_string(),
            step.made.clone(),
            step.from.clone(),
            by_grant(step),
            step.how.clone(),
            names.numbered(step.by),
            format_utc(step.time),
            step.remark.clone(),
        ]
    };
    let rows = steps.iter().filter(|step| step.direction == direction).map(row).collect();
    rows_or(nothing, &["steps", "version", "made from", "by grant", "how", "by", "published", "remark"], rows)
}

/// By which grants; what the ledger does not know needs none, and nobody can say whether it should.
fn by_grant(step: &Step) -> String {
    match step.grants.as_str() {
        "" if step.from.starts_with("sha256:") => String::new(),
        "" => "none: its own".to_owned(),
        grants => grants.to_owned(),
    }
}

pub async fn taint(args: TaintArgs, output: &Output) -> anyhow::Result<Done> {
    let question = match args.of {
        Start::Batch(_) => bail!("a batch is distrusted with its device: give the device and --since"),
        Start::Version(_) if args.since.is_some() => {
            bail!("--since is about what a device observed; a version is used as a whole")
        }
        Start::Version(version) => Question::VersionTaint { version },
        Start::Device(device) => Question::Taint { device, since: args.since.unwrap_or_default() },
    };
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let (question, since) = match (question, args.since) {
        (Question::Taint { device, .. }, None) => {
            let since = distrusted_since(&ledger, device).await?;
            (Question::Taint { device, since }, Some(since))
        }
        asked => asked,
    };
    let bounds = args.bounds.bounds();
    let (found, left_out) = if args.evidence.is_asked() {
        (args.evidence.find(&ledger, question, None, output).await?, Vec::new())
    } else {
        let directions = Directions { up: false, down: true, grants: true };
        trusted(&ledger, args.of, since, directions, bounds).await?
    };
    let answer = TaintAnswer::new(args.of, since, bounds, &found.records, left_out, found.basis.clone())?;
    found.tell(&answer, Some(&args.csv), output)
}

/// Since when a device is distrusted, as its owner said.
async fn distrusted_since(ledger: &Ledger, device: DeviceId) -> anyhow::Result<Moment> {
    match ledger.rpc().device(device).await?.distrusted_since {
        Some(since) => Ok(since.0),
        None => Err(GraphError::NotDistrusted(device).into()),
    }
}

fn taint_facts(answer: &TaintAnswer, output: &Output) -> Vec<String> {
    let mut rows = vec![("in doubt", output.strong(answer.of))];
    if let Some(since) = answer.taint.since {
        rows.push(("since", format_utc(since)));
    }
    if let Start::Device(_) = answer.of {
        let told = answer.taint.readings.map_or_else(
            || "none".to_owned(),
            |Readings { first, last, batches, readings }| {
                let many = plural(batches, "batch", "batches");
                format!("{} in {} {many}, numbers {first} to {last}", thousands(readings), thousands(batches))
            },
        );
        rows.push(("readings", told));
    }
    rows.push(("versions", thousands(answer.taint.down.reached.len() as u64)));
    facts(&rows)
}

impl Told for TaintAnswer {
    fn table(&self) -> Table {
        let rows = self.taint.down.reached.iter().map(|reached| {
            vec![
                reached.version.to_string(),
                self.graph.title(reached.version.dataset),
                reached.made.depth.to_string(),
                reached.via.clone(),
                reached.grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                self.owner(reached.version).map(|owner| owner.to_string()).unwrap_or_default(),
                reached.made.publisher.to_string(),
                reached.made.record.to_string(),
                format_utc(reached.made.time),
                reached.made.faulty_since.map(format_utc).unwrap_or_default(),
            ]
        });
        let columns = [
            "version",
            "title",
            "steps",
            "made_from",
            "grants",
            "owner",
            "publisher",
            "record",
            "published",
            "faulty_since",
        ];
        Table::new(&columns, rows.collect())
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let mut lines = taint_facts(self, output);
        lines.push(String::new());
        let reached = self.taint.down.reached.iter().map(|reached| {
            vec![
                reached.version.to_string(),
                self.graph.title(reached.version.dataset),
                reached.made.depth.to_string(),
                reached.via.clone(),
                self.owner(reached.version).map(|owner| self.graph.names().numbered(owner)).unwrap_or_default(),
                reached.made.remark(),
            ]
        });
        let header = ["version", "title", "steps", "made from", "owner", "flagged"];
        lines.extend(rows_or("nothing was made from it", &header, reached.collect()));
        lines.push(String::new());
        lines.push(output.strong("to be told"));
        let concern = self.taint.concerns.iter().map(|(id, concern)| {
            let contact = self.graph.names().get(*id).map(|found| found.contact.clone()).unwrap_or_default();
            let list = |items: &BTreeSet<String>| items.iter().cloned().collect::<Vec<_>>().join(", ");
            vec![self.graph.names().numbered(*id), contact, list(&concern.owns), list(&concern.had)]
        });
        lines.extend(rows_or("nobody", &["organisation", "contact", "owns", "could have"], concern.collect()));
        lines.push(String::new());
        lines.extend(basis_lines(self.basis(), output));
        lines.extend(self.not_in_records().iter().copied().map(ToOwned::to_owned));
        lines.extend(left_out_lines(self.left_out(), output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::samples::lineage::{basis, records, SENSOR};
    use citynet_primitives::{BatchId, Body, DatasetId, OrganisationId, Record, VersionId};

    #[test]
    fn steps_are_written_as_csv() {
        let step = Step {
            direction: "up",
            depth: 1,
            made: "9@1".into(),
            from: "7@3".into(),
            grants: "5 6".into(),
            how: "aggregation".into(),
            by: OrganisationId(3),
            record: 40,
            time: 1_772_366_400_000,
            remark: "faulty since 2026-03-01T12:00:00Z".into(),
        };
        assert_eq!(by_grant(&step), "5 6");
        let of = |from: &str| by_grant(&Step { grants: String::new(), from: from.into(), ..step.clone() });
        assert_eq!(of("7@3"), "none: its own");
        assert_eq!(of("sha256:0xab"), "");
        let csv = String::from_utf8(table(&[step]).to_csv().unwrap()).unwrap();
        assert_eq!(
            csv,
            "direction,steps,made,made_from,grants,how,by,record,time,remark\n\
             up,1,9@1,7@3,5 6,aggregation,3,40,2026-03-01T12:00:00Z,faulty since 2026-03-01T12:00:00Z\n"
        );
    }

    #[test]
    fn lineage_is_told_both_ways() {
        let version = VersionId { dataset: DatasetId(7), version: 1 };
        let found = LineageAnswer::proven(Start::Version(version), &records(), basis(true)).unwrap();
        let expected = "\
7@1

made from
steps  version  made from      by grant       how          by      published             remark
1      7@1      device:12:0-9  none: its own  aggregation  1 City  2026-03-01T12:01:45Z  the device is distrusted since 2026-03-01T12:00:00Z

what was made from it
steps  version  made from  by grant  how          by            published             remark
1      9@1      7@1        5         aggregation  2 University  2026-03-01T12:01:47Z

proven complete up to block 9; the last record in it is of 2026-03-01T12:01:48Z
sources are the publisher's word: what was not published, or does not name them, is in no record";
        assert_eq!(found.lines(&Output::new(true)).join("\n"), expected);
        assert_eq!((found.table().rows.len(), found.done()), (2, Done::Completely));
    }

    #[test]
    fn what_was_made_from_readings_is_told() {
        let batch = BatchId { device: SENSOR, first_sequence: 0 };
        let found = LineageAnswer::proven(Start::Batch(batch), &records(), basis(true)).unwrap();
        let down = "
what was made from it
steps  version  made from  by grant       how          by            published             remark
1      7@1      device:12  none: its own  aggregation  1 City        2026-03-01T12:01:45Z
2      9@1      7@1        5              aggregation  2 University  2026-03-01T12:01:47Z

proven complete up to block 9; the last record in it is of 2026-03-01T12:01:48Z
sources are the publisher's word: what was not published, or does not name them, is in no record
what the device fed counts by the times of its versions: whether these have its readings is in no record";
        let up = "
made from
steps  version     made from  by grant       how          by      published             remark
1      batch:12-0  device:12  none: its own  attestation  1 City  2026-03-01T12:01:43Z  the device is distrusted since 2026-03-01T12:00:00Z
";
        assert_eq!(found.lines(&Output::new(true)).join("\n"), format!("batch:12-0\n{up}{down}"));

        let found = LineageAnswer::proven(Start::Device(SENSOR), &records(), basis(true)).unwrap();
        assert_eq!(found.lines(&Output::new(true)).join("\n"), format!("device:12\n{down}"));
    }

    #[test]
    fn whom_to_tell_is_told() {
        let since = 1_772_366_430_000;
        let proven = |since| TaintAnswer::proven(Start::Device(SENSOR), Some(since), &records(), basis(false)).unwrap();
        let found = proven(since);
        let expected = "\
in doubt  device:12
since     2026-03-01T12:00:30Z
readings  10 in 1 batch, numbers 0 to 9
versions  2

version  title  steps  made from  owner         flagged
7@1      Air    1      device:12  1 City
9@1      Air    2      7@1        2 University

to be told
organisation  contact  owns            could have
1 City                 7@1, device:12
2 University           9@1

as of block 9 (2026-03-01T12:01:48Z)
the node is trusted to have left nothing out: --evidence FILE proves it
sources are the publisher's word: what was not published, or does not name them, is in no record
what the device fed counts by the times of its versions: whether these have its readings is in no record";
        assert_eq!(found.lines(&Output::new(true)).join("\n"), expected);
        let none = proven(since + 60_000);
        assert!(none.lines(&Output::new(true)).join("\n").contains("nothing was made from it"));
    }

    #[test]
    fn all_that_a_faulty_version_touches_is_told() {
        let version = Start::Version(VersionId { dataset: DatasetId(7), version: 1 });
        let found = TaintAnswer::proven(version, None, &records(), basis(true)).unwrap();
        let expected = "\
in doubt  7@1
versions  1

version  title  steps  made from  owner         flagged
9@1      Air    1      7@1        2 University

to be told
organisation  contact  owns  could have
1 City                 7@1
2 University           9@1

proven complete up to block 9; the last record in it is of 2026-03-01T12:01:48Z
sources are the publisher's word: what was not published, or does not name them, is in no record";
        assert_eq!(found.lines(&Output::new(true)).join("\n"), expected);

        let (dataset, since) = (DatasetId(7), 1_772_366_400_000);
        let body = Body::VersionFlagged { dataset, version: 1, since, reason: Default::default() };
        let mut records = records();
        records.push(Record { index: 9, body, ..records[8].clone() });
        let found = TaintAnswer::proven(version, None, &records, basis(true)).unwrap();
        assert!(found.lines(&Output::new(true)).join("\n").contains("since     2026-03-01T12:00:00Z"));
    }

    #[test]
    fn what_is_left_out_is_no_whole_answer() {
        let version = Start::Version(VersionId { dataset: DatasetId(7), version: 1 });
        let (ways, bounds) = (Ways { up: true, down: true }, Bounds { depth: 0, ..Bounds::default() });
        let records = records();
        let found = LineageAnswer::new(version, ways, bounds, &records, vec!["more".into()], basis(false)).unwrap();
        assert_eq!(found.done(), Done::Incomplete);
        let lines = found.lines(&Output::new(true)).join("\n");
        assert!(lines.contains("NOT complete: more than 0 steps: give --depth a higher number"), "{lines}");
    }
}
