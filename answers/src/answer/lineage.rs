//! Where something comes from, and where it went.

use super::Answer;
use crate::{
    graph::{Down, Graph, GraphError, Up},
    lineage::{Bounds, Start},
    names::Names,
    Basis,
};
use citynet_primitives::{BatchId, Moment, OrganisationId, Record, Source, VersionId};
use citynet_proofs::time;
use serde_json::{json, Value};

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// To what it was made from.
    pub up: bool,
    /// To what was made from it.
    pub down: bool,
}

/// Where something comes from, and where it went.
#[derive(Clone, Debug)]
pub struct LineageAnswer {
    /// What it begins with.
    pub of: Start,
    /// Which way it goes.
    pub ways: Ways,
    /// How far.
    pub bounds: Bounds,
    /// What was found: the way up, then the way down, each the nearest first.
    pub steps: Vec<Step>,
    /// The organisations' names.
    pub names: Names,
    left_out: Vec<String>,
    basis: Basis,
}

impl LineageAnswer {
    /// Computes it from all records about the datasets and devices on the way, and organisations' names, by index. Others do
    /// no harm. What is left out of the records has its reasons in `left_out`.
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn new(
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
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn proven(of: Start, records: &[Record], basis: Basis) -> Result<Self, GraphError> {
        // Nothing is above a device.
        let ways = Ways { up: !matches!(of, Start::Device(_)), down: true };
        Self::new(of, ways, Bounds::default(), records, Vec::new(), basis)
    }

    /// What no record tells, and so nobody can prove: it belongs to the answer.
    pub fn not_in_records(&self) -> &'static [&'static str] {
        not_in_records(self.of, self.ways.down)
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
            "notInRecords": self.not_in_records(),
            "steps": self.steps.iter().map(Step::to_json).collect::<Vec<_>>(),
        })
    }
}

pub(super) const BY_WORD: &str =
    "sources are the publisher's word: what was not published, or does not name them, is in no record";
pub(super) const BY_TIME: &str =
    "what the device fed counts by the times of its versions: whether these have its readings is in no record";

/// What no record tells of what follows from a start.
pub(super) fn not_in_records(of: Start, down: bool) -> &'static [&'static str] {
    match of {
        Start::Version(_) => &[BY_WORD],
        Start::Batch(_) | Start::Device(_) if down => &[BY_WORD, BY_TIME],
        Start::Batch(_) | Start::Device(_) => &[],
    }
}

/// One step, up or down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `up` or `down`.
    pub direction: &'static str,
    /// How many steps it is away from where the walk began.
    pub depth: u32,
    /// What was made: a version such as `7@3`, or a batch such as `batch:12-4000`.
    pub made: String,
    /// What from, such as `7@3`, `device:12:0-999`, `device:12` or `sha256:0x…`.
    pub from: String,
    /// By which grants, with a space between them.
    pub grants: String,
    /// How.
    pub how: String,
    /// By which organisation.
    pub by: OrganisationId,
    /// The record that says so.
    pub record: u64,
    /// When that was written.
    pub time: Moment,
    /// What else is to be said, in words.
    pub remark: String,
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

/// What is to be said about a source.
fn remark(source: &Source, up: &Up, graph: &Graph) -> String {
    match source {
        Source::Version { dataset, version, .. } => {
            let id = VersionId { dataset: *dataset, version: *version };
            match up.versions.get(&id) {
                Some(found) => found.remark(),
                None => "not followed".to_owned(),
            }
        }
        Source::Batches { device, .. } => distrusted(graph.device(*device).and_then(|device| device.distrusted_since)),
        Source::External { .. } => "unknown to the ledger".to_owned(),
    }
}

fn distrusted(since: Option<Moment>) -> String {
    since.map(|since| format!("the device is distrusted since {}", time::print(since))).unwrap_or_default()
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
        remark: reached.made.remark(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer::Verdict,
        samples::lineage::{basis, records, SENSOR},
    };
    use citynet_primitives::{DatasetId, DeviceId};

    #[test]
    fn lineage_is_told_both_ways() {
        let version = VersionId { dataset: DatasetId(7), version: 1 };
        let found = LineageAnswer::proven(Start::Version(version), &records(), basis(true)).unwrap();
        assert_eq!(found.verdict(), Verdict::Complete);
        let told = found.to_json();
        let step = |position: usize| {
            let step = &told["steps"][position];
            ["direction", "made", "from", "remark"].map(|member| step[member].as_str().unwrap().to_owned())
        };
        let remark = "the device is distrusted since 2026-03-01T12:00:00Z";
        assert_eq!(step(0), ["up", "7@1", "device:12:0-9", remark]);
        assert_eq!(step(1), ["down", "9@1", "7@1", ""]);
        assert_eq!((&told["steps"][0]["grants"], &told["steps"][1]["grants"]), (&json!([]), &json!(["5"])));
        assert_eq!((&told["complete"], &told["notInRecords"]), (&json!(true), &json!([BY_WORD])));
    }

    #[test]
    fn what_was_made_from_readings_is_told() {
        let batch = BatchId { device: SENSOR, first_sequence: 0 };
        let found = LineageAnswer::proven(Start::Batch(batch), &records(), basis(true)).unwrap();
        assert_eq!((&found.query()["up"], &found.query()["down"]), (&json!(true), &json!(true)));
        assert_eq!(found.to_json()["notInRecords"], json!([BY_WORD, BY_TIME]));
        let found = LineageAnswer::proven(Start::Device(SENSOR), &records(), basis(true)).unwrap();
        assert_eq!((&found.query()["up"], &found.query()["down"]), (&json!(false), &json!(true)));
        assert_eq!(found.steps.len(), 2);
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let refused = |of| LineageAnswer::proven(of, &records(), basis(true)).err();
        let version = VersionId { dataset: DatasetId(8), version: 1 };
        assert_eq!(refused(Start::Version(version)), Some(GraphError::NoVersion(version)));
        let batch = BatchId { device: SENSOR, first_sequence: 5 };
        assert_eq!(refused(Start::Batch(batch)), Some(GraphError::NoBatch(batch)));
        let device = DeviceId(13);
        assert_eq!(refused(Start::Device(device)), Some(GraphError::NoDevice(device)));
    }

    #[test]
    fn what_is_left_out_is_no_whole_answer() {
        let version = Start::Version(VersionId { dataset: DatasetId(7), version: 1 });
        let (ways, bounds) = (Ways { up: true, down: true }, Bounds { depth: 0, ..Bounds::default() });
        let records = records();
        let found = LineageAnswer::new(version, ways, bounds, &records, vec!["more".into()], basis(false)).unwrap();
        assert_eq!(found.verdict(), Verdict::Incomplete);
        let steps = "more than 0 steps: give --depth a higher number".to_owned();
        assert_eq!(found.left_out(), ["more".to_owned(), steps.clone(), steps]);
        assert_eq!(found.to_json()["complete"], json!(false));
    }
}
