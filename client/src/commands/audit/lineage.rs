//! `citynet audit lineage` and `citynet audit taint`.

use super::{
    answer::{basis_lines, journal, left_out_lines, rows_or, Answer, CsvArgs},
    evidence::{EvidenceArgs, Found},
};
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::bail;
use citynet_client::{
    audit::{
        csv_file::Table,
        dossier::Basis,
        graph::{Down, Graph, GraphError, Readings, Taint, Up},
        lineage::{gather, Bounds, Directions, Start},
        names::Names,
    },
    grants::render::plural,
    ledger::Ledger,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{BatchId, DeviceId, Moment, OrganisationId, Record, Source, VersionId};
use citynet_proofs::Question;
use clap::Args;
use serde_json::{json, Value};
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

/// Which way, as it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ways {
    up: bool,
    down: bool,
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

/// Where something comes from and where it went, ready to be told.
pub struct LineageAnswer {
    of: Start,
    ways: Ways,
    bounds: Bounds,
    steps: Vec<Step>,
    names: Names,
    left_out: Vec<String>,
    basis: Basis,
}

impl LineageAnswer {
    fn new(
        of: Start,
        ways: Ways,
        bounds: Bounds,
        records: &[Record],
        mut left_out: Vec<String>,
        basis: Basis,
    ) -> Result<Self, GraphError> {
        let graph = Graph::of(records);
        let mut steps = Vec::new();
        if ways.up {
            match of {
                Start::Version(version) => {
                    let up = graph.up(version, bounds)?;
                    steps.extend(steps_up(&up, &graph));
                    left_out.extend(up.left_out);
                }
                Start::Batch(id) => steps.push(step_to_device(&graph, id)?),
                Start::Device(_) => {}
            }
        }
        if ways.down {
            let down = graph.down(of, None, bounds)?;
            steps.extend(steps_down(&down));
            left_out.extend(down.left_out);
        }
        Ok(Self { of, ways, bounds, steps, names: graph.names().clone(), left_out, basis })
    }

    /// The whole answer to the question of a dossier.
    pub fn proven(of: Start, records: &[Record], basis: Basis) -> Result<Self, GraphError> {
        // Nothing is above a device.
        let ways = Ways { up: !matches!(of, Start::Device(_)), down: true };
        Self::new(of, ways, Bounds::default(), records, Vec::new(), basis)
    }
}

impl Answer for LineageAnswer {
    fn query(&self) -> Value {
        json!({
            "question": "lineage",
            "of": self.of.to_string(),
            "up": self.ways.up,
            "down": self.ways.down,
            "depth": self.bounds.depth,
            "versions": self.bounds.versions,
        })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn left_out(&self) -> &[String] {
        &self.left_out
    }

    fn to_json(&self) -> Value {
        json!({
            "query": self.query(),
            "asOf": self.basis.to_json(),
            "complete": self.left_out.is_empty(),
            "leftOut": self.left_out,
            "notInRecords": not_in_records(self.of, self.ways.down),
            "steps": self.steps.iter().map(Step::to_json).collect::<Vec<_>>(),
        })
    }

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
        lines.extend(basis_lines(&self.basis, output));
        lines.extend(not_in_records(self.of, self.ways.down).iter().copied().map(ToOwned::to_owned));
        lines.extend(left_out_lines(&self.left_out, output));
        lines
    }
}

const BY_WORD: &str =
    "sources are the publisher's word: what was not published, or does not name them, is in no record";
const BY_TIME: &str =
    "what the device fed counts by the times of its versions: whether these have its readings is in no record";

/// What no record tells, and so nobody can prove: it belongs to the answer.
fn not_in_records(of: Start, down: bool) -> &'static [&'static str] {
    match of {
        Start::Version(_) => &[BY_WORD],
        Start::Batch(_) | Start::Device(_) if down => &[BY_WORD, BY_TIME],
        Start::Batch(_) | Start::Device(_) => &[],
    }
}

/// One step, up or down.
#[derive(Clone, Debug)]
struct Step {
    direction: &'static str,
    depth: u32,
    made: String,
    from: String,
    grants: String,
    how: String,
    by: OrganisationId,
    record: u64,
    time: Moment,
    remark: String,
}

impl Step {
    fn to_json(&self) -> Value {
        json!({
            "direction": self.direction,
            "depth": self.depth,
            "made": self.made,
            "from": self.from,
            "grants": self.grants.split_whitespace().collect::<Vec<_>>(),
            "how": self.how,
            "by": self.by,
            "record": self.record.to_string(),
            "time": self.time.to_string(),
            "remark": self.remark,
        })
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

/// What is to be said about a source.
fn remark(source: &Source, up: &Up, graph: &Graph) -> String {
    match source {
        Source::Version { dataset, version, .. } => {
            let id = VersionId { dataset: *dataset, version: *version };
            match up.versions.get(&id) {
                Some(found) => faulty(found.faulty_since),
                None => "not followed".to_owned(),
            }
        }
        Source::Batches { device, .. } => distrusted(graph.device(*device).and_then(|device| device.distrusted_since)),
        Source::External { .. } => "unknown to the ledger".to_owned(),
    }
}

fn faulty(since: Option<Moment>) -> String {
    since.map(|since| format!("faulty since {}", format_utc(since))).unwrap_or_default()
}

fn distrusted(since: Option<Moment>) -> String {
    since.map(|since| format!("the device is distrusted since {}", format_utc(since))).unwrap_or_default()
}

fn steps_up(up: &Up, graph: &Graph) -> Vec<Step> {
    let steps = up.uses.iter().filter_map(|found| {
        let made = up.versions.get(&found.version)?;
        Some(Step {
            direction: "up",
            depth: found.depth,
            made: found.version.to_string(),
            from: found.source(),
            grants: found.grant().map(|grant| grant.to_string()).unwrap_or_default(),
            how: made.content.activity.to_string(),
            by: made.publisher,
            record: made.record,
            time: made.time,
            remark: remark(&found.source, up, graph),
        })
    });
    steps.collect()
}

fn steps_down(down: &Down) -> Vec<Step> {
    let steps = down.reached.iter().map(|reached| Step {
        direction: "down",
        depth: reached.made.depth,
        made: reached.version.to_string(),
        from: reached.via.clone(),
        grants: reached.grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        how: reached.made.content.activity.to_string(),
        by: reached.made.publisher,
        record: reached.made.record,
        time: reached.made.time,
        remark: faulty(reached.made.faulty_since),
    });
    steps.collect()
}

/// A batch comes from its device.
fn step_to_device(graph: &Graph, id: BatchId) -> Result<Step, GraphError> {
    let attested = graph.batch(id).ok_or(GraphError::NoBatch(id))?;
    let since = graph.device(id.device).and_then(|device| device.distrusted_since);
    let in_doubt = since.filter(|since| *since <= attested.batch.window_end);
    Ok(Step {
        direction: "up",
        depth: 1,
        made: format!("batch:{id}"),
        from: format!("device:{}", id.device),
        grants: String::new(),
        how: "attestation".to_owned(),
        by: attested.organisation,
        record: attested.record,
        time: attested.time,
        remark: distrusted(in_doubt),
    })
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

/// All that something in doubt touches, ready to be told.
pub struct TaintAnswer {
    of: Start,
    bounds: Bounds,
    taint: Taint,
    graph: Graph,
    left_out: Vec<String>,
    basis: Basis,
}

impl TaintAnswer {
    fn new(
        of: Start,
        since: Option<Moment>,
        bounds: Bounds,
        records: &[Record],
        mut left_out: Vec<String>,
        basis: Basis,
    ) -> Result<Self, GraphError> {
        let graph = Graph::of(records);
        let taint = graph.taint(of, since, bounds)?;
        left_out.extend(taint.down.left_out.iter().cloned());
        Ok(Self { of, bounds, taint, graph, left_out, basis })
    }

    /// The whole answer to the question of a dossier.
    pub fn proven(of: Start, since: Option<Moment>, records: &[Record], basis: Basis) -> Result<Self, GraphError> {
        Self::new(of, since, Bounds::default(), records, Vec::new(), basis)
    }

    fn owner(&self, version: VersionId) -> Option<OrganisationId> {
        self.graph.dataset(version.dataset).map(|found| found.owner)
    }

    fn facts(&self, output: &Output) -> Vec<String> {
        let mut rows = vec![("in doubt", output.strong(self.of))];
        if let Some(since) = self.taint.since {
            rows.push(("since", format_utc(since)));
        }
        if let Start::Device(_) = self.of {
            let told = self.taint.readings.map_or_else(
                || "none".to_owned(),
                |Readings { first, last, batches, readings }| {
                    let many = plural(batches, "batch", "batches");
                    format!("{} in {} {many}, numbers {first} to {last}", thousands(readings), thousands(batches))
                },
            );
            rows.push(("readings", told));
        }
        rows.push(("versions", thousands(self.taint.down.reached.len() as u64)));
        facts(&rows)
    }
}

impl Answer for TaintAnswer {
    fn query(&self) -> Value {
        json!({
            "question": "taint",
            "of": self.of.to_string(),
            "since": self.taint.since.map(format_utc),
            "depth": self.bounds.depth,
            "versions": self.bounds.versions,
        })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn left_out(&self) -> &[String] {
        &self.left_out
    }

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

    fn to_json(&self) -> Value {
        let reached = self.taint.down.reached.iter().map(|reached| {
            json!({
                "version": reached.version.to_string(),
                "title": self.graph.title(reached.version.dataset),
                "depth": reached.made.depth,
                "via": reached.via,
                "grants": reached.grants,
                "owner": self.owner(reached.version),
                "publisher": reached.made.publisher,
                "record": reached.made.record.to_string(),
                "time": reached.made.time.to_string(),
                "faultySince": reached.made.faulty_since.map(|since| since.to_string()),
            })
        });
        let notify = self.taint.concerns.iter().map(|(id, concern)| {
            let found = self.graph.names().get(*id);
            json!({
                "organisation": id,
                "name": found.map(|found| found.name.as_str()),
                "contact": found.map(|found| found.contact.as_str()),
                "owns": concern.owns,
                "couldHave": concern.had,
            })
        });
        json!({
            "query": self.query(),
            "asOf": self.basis.to_json(),
            "since": self.taint.since.map(|since| since.to_string()),
            "complete": self.left_out.is_empty(),
            "leftOut": self.left_out,
            "notInRecords": not_in_records(self.of, true),
            "readings": self.taint.readings.map(|found| json!({
                "first": found.first.to_string(),
                "last": found.last.to_string(),
                "batches": found.batches.to_string(),
                "readings": found.readings.to_string(),
            })),
            "versions": reached.collect::<Vec<_>>(),
            "notify": notify.collect::<Vec<_>>(),
        })
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let mut lines = self.facts(output);
        lines.push(String::new());
        let reached = self.taint.down.reached.iter().map(|reached| {
            vec![
                reached.version.to_string(),
                self.graph.title(reached.version.dataset),
                reached.made.depth.to_string(),
                reached.via.clone(),
                self.owner(reached.version).map(|owner| self.graph.names().numbered(owner)).unwrap_or_default(),
                faulty(reached.made.faulty_since),
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
        lines.extend(basis_lines(&self.basis, output));
        lines.extend(not_in_records(self.of, true).iter().copied().map(ToOwned::to_owned));
        lines.extend(left_out_lines(&self.left_out, output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::answer_of;
    use citynet_client::audit::journal::AsOf;
    use citynet_primitives::{
        Activity, AlgorithmId, Batch, Body, DatasetId, DatasetKind, DatasetProfile, DeviceKey, DeviceProfile, Document,
        GrantId, Location, OrganisationKind, SchemaId, Sensitivity, VersionContent, RECORD_VERSION,
    };
    use citynet_proofs::{finality::Block, VerifiedDossier};

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
            remark: faulty(Some(1_772_366_400_000)),
        };
        assert_eq!(step.to_json()["grants"], json!(["5", "6"]));
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

    const SENSOR: DeviceId = DeviceId(12);

    /// The city's device feeds its dataset 7, of which the university made 9@1 by a grant.
    fn records() -> Vec<Record> {
        let text = |words: &str| words.as_bytes().to_vec();
        let (city, university, grant) = (OrganisationId(1), OrganisationId(2), GrantId(5));
        let joined = |organisation, name: &str| Body::OrganisationRegistered {
            organisation,
            organisation_kind: OrganisationKind::University,
            name: text(name).try_into().unwrap(),
        };
        let profile = DeviceProfile {
            model: Default::default(),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: None,
        };
        let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
        let batch = Batch {
            device: SENSOR,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence: 0,
            count: 10,
            missing: 0,
            window_start: 1_772_366_400_000,
            window_end: 1_772_366_460_000,
            root: [5; 32],
            expires: 0,
        };
        let registered = |dataset, owner| {
            let profile = DatasetProfile {
                title: text("Air").try_into().unwrap(),
                sensitivity: Sensitivity::Open,
                description: Document { hash: [4; 32], uri: Default::default() },
                schema: Default::default(),
                licence: text("CC-BY-4.0").try_into().unwrap(),
            };
            Body::DatasetRegistered { dataset: DatasetId(dataset), owner, dataset_kind: DatasetKind::Derived, profile }
        };
        let published = |dataset, source| {
            let content = VersionContent {
                content: [1; 32],
                bytes: 1,
                records: 1,
                media_type: text("text/csv").try_into().unwrap(),
                from: 0,
                to: 0,
                sources: vec![source].try_into().unwrap(),
                activity: Activity::Aggregation,
                parameters: None,
                code: Default::default(),
            };
            Body::VersionPublished { dataset: DatasetId(dataset), version: 1, content }
        };
        let readings = Source::Batches { device: SENSOR, first_sequence: 0, last_sequence: 9, grant: None };
        let version = Source::Version { dataset: DatasetId(7), version: 1, grant: Some(grant) };
        let (since, reason) = (1_772_366_400_000, Default::default());
        let bodies = vec![
            (city, joined(city, "City")),
            (university, joined(university, "University")),
            (city, Body::DeviceRegistered { device: SENSOR, owner: city, profile, key }),
            (city, Body::BatchAttested { batch, signature: Default::default() }),
            (city, registered(7, city)),
            (city, published(7, readings)),
            (university, registered(9, university)),
            (university, published(9, version)),
            (city, Body::DeviceDistrusted { device: SENSOR, since, reason }),
        ];
        let record = |(index, (organisation, body)): (u64, (OrganisationId, Body))| Record {
            version: RECORD_VERSION,
            index,
            block: 1,
            time: 1_772_366_500_000 + index * 1000,
            organisation,
            account: [1; 32],
            body,
        };
        (0..).zip(bodies).map(record).collect()
    }

    fn basis(proven: bool) -> Basis {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_508_000 };
        Basis { as_of, proven }
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
        let none = VersionId { dataset: DatasetId(8), version: 1 };
        let refused = LineageAnswer::proven(Start::Version(none), &records(), basis(true)).err().unwrap();
        assert_eq!(refused, GraphError::NoVersion(none));
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
        assert_eq!((found.query()["up"].clone(), found.query()["down"].clone()), (json!(true), json!(true)));
        assert_eq!(found.to_json()["notInRecords"], json!([BY_WORD, BY_TIME]));

        let found = LineageAnswer::proven(Start::Device(SENSOR), &records(), basis(true)).unwrap();
        assert_eq!(found.lines(&Output::new(true)).join("\n"), format!("device:12\n{down}"));
        let none = BatchId { first_sequence: 5, ..batch };
        let refused = LineageAnswer::proven(Start::Batch(none), &records(), basis(true)).err().unwrap();
        assert_eq!(refused, GraphError::NoBatch(none));
        let none = DeviceId(13);
        let refused = LineageAnswer::proven(Start::Device(none), &records(), basis(true)).err().unwrap();
        assert_eq!(refused, GraphError::NoDevice(none));
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
        let told = found.to_json();
        assert_eq!((&told["readings"]["readings"], &told["versions"][1]["grants"]), (&json!("10"), &json!(["5"])));
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
        assert_eq!((&found.to_json()["since"], &found.to_json()["notInRecords"]), (&json!(null), &json!([BY_WORD])));

        let (dataset, since) = (DatasetId(7), 1_772_366_400_000);
        let body = Body::VersionFlagged { dataset, version: 1, since, reason: Default::default() };
        let mut records = records();
        records.push(Record { index: 9, body, ..records[8].clone() });
        let found = TaintAnswer::proven(version, None, &records, basis(true)).unwrap();
        assert_eq!(found.to_json()["since"], json!(since.to_string()));
        assert!(found.lines(&Output::new(true)).join("\n").contains("since     2026-03-01T12:00:00Z"));
        let none = VersionId { dataset, version: 2 };
        let refused = TaintAnswer::proven(Start::Version(none), None, &records, basis(true)).err().unwrap();
        assert_eq!(refused, GraphError::NoVersion(none));
    }

    /// `citynet verify` answers every such question as the command did that asked it.
    #[test]
    fn what_a_dossier_asks_is_answered_again() {
        let (version, device) = (VersionId { dataset: DatasetId(7), version: 1 }, SENSOR);
        let batch = BatchId { device, first_sequence: 0 };
        let since = 1_772_366_430_000;
        let again = |question| {
            let verified = VerifiedDossier {
                genesis: [1; 32],
                block: Block { number: 9, hash: [2; 32] },
                set_id: 0,
                question,
                lists: Default::default(),
                records: records(),
                reading: None,
                steps: Vec::new(),
            };
            answer_of(&verified).unwrap().to_json()
        };
        let both = Ways { up: true, down: true };
        for (question, of, ways) in [
            (Question::Lineage { version }, Start::Version(version), both),
            (Question::BatchLineage { batch }, Start::Batch(batch), both),
            (Question::DeviceLineage { device }, Start::Device(device), Ways { up: false, ..both }),
        ] {
            let told = LineageAnswer::new(of, ways, Bounds::default(), &records(), Vec::new(), basis(true)).unwrap();
            assert_eq!(again(question), told.to_json());
        }
        for (question, of, since) in [
            (Question::Taint { device, since }, Start::Device(device), Some(since)),
            (Question::VersionTaint { version }, Start::Version(version), None),
        ] {
            let told = TaintAnswer::new(of, since, Bounds::default(), &records(), Vec::new(), basis(true)).unwrap();
            assert_eq!(again(question), told.to_json());
        }
    }

    #[test]
    fn what_is_left_out_is_no_whole_answer() {
        let version = Start::Version(VersionId { dataset: DatasetId(7), version: 1 });
        let (ways, bounds) = (Ways { up: true, down: true }, Bounds { depth: 0, ..Bounds::default() });
        let records = records();
        let found = LineageAnswer::new(version, ways, bounds, &records, vec!["more".into()], basis(false)).unwrap();
        assert_eq!(found.done(), Done::Incomplete);
        let steps = "more than 0 steps: give --depth a higher number".to_owned();
        assert_eq!(found.left_out(), ["more".to_owned(), steps.clone(), steps]);
        assert_eq!(found.to_json()["complete"], json!(false));
    }
}
