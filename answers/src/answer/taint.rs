//! All that something in doubt touches, and whom to tell.

use super::{lineage::not_in_records, Answer};
use crate::{
    graph::{Graph, GraphError, Taint},
    lineage::{Bounds, Start},
    Basis,
};
use citynet_primitives::{Moment, OrganisationId, Record, VersionId};
use citynet_proofs::time;
use serde_json::{json, Value};

/// All that something in doubt touches, and whom to tell.
#[derive(Clone, Debug)]
pub struct TaintAnswer {
    /// What is in doubt.
    pub of: Start,
    /// How far it was followed.
    pub bounds: Bounds,
    /// What it touches.
    pub taint: Taint,
    /// All that the records say about versions and what these were made from.
    pub graph: Graph,
    left_out: Vec<String>,
    basis: Basis,
}

impl TaintAnswer {
    /// Computes it from all records about the datasets, devices and grants on the way, and organisations' names, by index.
    /// Others do no harm. What is left out of the records has its reasons in `left_out`.
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn new(
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
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn proven(of: Start, since: Option<Moment>, records: &[Record], basis: Basis) -> Result<Self, GraphError> {
        Self::new(of, since, Bounds::default(), records, Vec::new(), basis)
    }

    /// Who owns the dataset of a version.
    pub fn owner(&self, version: VersionId) -> Option<OrganisationId> {
        self.graph.dataset(version.dataset).map(|found| found.owner)
    }

    /// What no record tells, and so nobody can prove: it belongs to the answer.
    pub fn not_in_records(&self) -> &'static [&'static str] {
        not_in_records(self.of, true)
    }
}

impl Answer for TaintAnswer {
    fn query(&self) -> Value {
        json!({
            "question": "taint",
            "of": self.of.to_string(),
            "since": self.taint.since.map(time::print),
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
            "notInRecords": self.not_in_records(),
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer::lineage::BY_WORD,
        samples::lineage::{basis, records, SENSOR},
    };
    use citynet_primitives::{Body, DatasetId};

    #[test]
    fn whom_to_tell_is_told() {
        let since = 1_772_366_430_000;
        let proven = |since| TaintAnswer::proven(Start::Device(SENSOR), Some(since), &records(), basis(false)).unwrap();
        let told = proven(since).to_json();
        assert_eq!((&told["readings"]["readings"], &told["versions"][1]["grants"]), (&json!("10"), &json!(["5"])));
        assert_eq!(told["notify"][0]["owns"], json!(["7@1", "device:12"]));
        assert_eq!(proven(since + 60_000).to_json()["versions"], json!([]));
    }

    #[test]
    fn all_that_a_faulty_version_touches_is_told() {
        let version = Start::Version(VersionId { dataset: DatasetId(7), version: 1 });
        let told = TaintAnswer::proven(version, None, &records(), basis(true)).unwrap().to_json();
        assert_eq!((&told["since"], &told["notInRecords"]), (&json!(null), &json!([BY_WORD])));

        let (dataset, since) = (DatasetId(7), 1_772_366_400_000);
        let body = Body::VersionFlagged { dataset, version: 1, since, reason: Default::default() };
        let mut records = records();
        records.push(Record { index: 9, body, ..records[8].clone() });
        let found = TaintAnswer::proven(version, None, &records, basis(true)).unwrap();
        assert_eq!(found.to_json()["since"], json!(since.to_string()));
        let none = VersionId { dataset, version: 2 };
        let refused = TaintAnswer::proven(Start::Version(none), None, &records, basis(true)).err().unwrap();
        assert_eq!(refused, GraphError::NoVersion(none));
    }
}
