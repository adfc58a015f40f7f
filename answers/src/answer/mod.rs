//! Whole answers: what is told of what the other modules compute, and on what it rests.
//!
//! 64-bit numbers and times are decimal strings in JSON, times in milliseconds since 1970; hashes and accounts are `0x` and
//! hex. An answer to the question of a dossier takes nothing but the dossier: whoever has one comes to the same JSON.

mod access;
mod governance;
mod lineage;
mod payments;
mod reading;
mod taint;

pub use access::{AccessAnswer, Shown};
pub use governance::GovernanceAnswer;
pub use lineage::{LineageAnswer, Step, Ways};
pub use payments::PaymentsAnswer;
pub use reading::{ReadingAnswer, Seen};
pub use taint::TaintAnswer;

use crate::{
    access::Contradiction, governance::GovernanceError, graph::GraphError, lineage::Start, reading::PlaceError, Basis,
    Period,
};
use citynet_proofs::{Question, VerifiedDossier};
use serde_json::Value;

/// An answer, computed from records. Whoever has the same records has the same answer.
pub trait Answer {
    /// What was asked.
    fn query(&self) -> Value;
    /// On what it rests.
    fn basis(&self) -> &Basis;
    /// All of it.
    fn to_json(&self) -> Value;

    /// Why it is not complete; nothing when it is.
    fn left_out(&self) -> &[String] {
        &[]
    }

    /// What it comes to.
    fn verdict(&self) -> Verdict {
        if self.left_out().is_empty() {
            Verdict::Complete
        } else {
            Verdict::Incomplete
        }
    }
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the whole answer, and nothing is wrong.
    Complete,
    /// What it says is true, but it is not all.
    Incomplete,
    /// It is the whole answer, and what it is about does not reconcile.
    Refuted,
}

/// The answer to the question of a dossier.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one for each dossier, whose records are far larger")]
pub enum Answered {
    /// To [`Question::Reading`].
    Reading(ReadingAnswer),
    /// To [`Question::Access`].
    Access(AccessAnswer),
    /// To [`Question::Lineage`], [`Question::DeviceLineage`] and [`Question::BatchLineage`].
    Lineage(LineageAnswer),
    /// To [`Question::Taint`] and [`Question::VersionTaint`].
    Taint(TaintAnswer),
    /// To [`Question::Payments`].
    Payments(PaymentsAnswer),
    /// To [`Question::Governance`].
    Governance(GovernanceAnswer),
}

impl Answered {
    fn inner(&self) -> &dyn Answer {
        match self {
            Self::Reading(answer) => answer,
            Self::Access(answer) => answer,
            Self::Lineage(answer) => answer,
            Self::Taint(answer) => answer,
            Self::Payments(answer) => answer,
            Self::Governance(answer) => answer,
        }
    }
}

impl Answer for Answered {
    fn query(&self) -> Value {
        self.inner().query()
    }

    fn basis(&self) -> &Basis {
        self.inner().basis()
    }

    fn to_json(&self) -> Value {
        self.inner().to_json()
    }

    fn left_out(&self) -> &[String] {
        self.inner().left_out()
    }

    fn verdict(&self) -> Verdict {
        self.inner().verdict()
    }
}

/// A question has no answer: there is nothing of what it asks for, or no chain can have written the records.
///
/// Of a verified dossier that is proven as an answer is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The reading cannot be placed.
    #[error(transparent)]
    Reading(#[from] PlaceError),
    /// The records about the dataset and its grants contradict each other.
    #[error(transparent)]
    Access(#[from] Contradiction),
    /// There is nothing to begin with.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The records about organisations contradict each other.
    #[error(transparent)]
    Governance(#[from] GovernanceError),
}

/// The whole answer to the question of a verified dossier, computed from its records.
///
/// # Errors
///
/// [`NoAnswer`].
pub fn answer_of(verified: &VerifiedDossier) -> Result<Answered, NoAnswer> {
    let (records, basis) = (verified.records.as_slice(), Basis::of(verified));
    let lineage = |of, basis| LineageAnswer::proven(of, records, basis).map(Answered::Lineage);
    let taint = |of, since, basis| TaintAnswer::proven(of, since, records, basis).map(Answered::Taint);
    Ok(match verified.question {
        Question::Reading { device, sequence } => {
            let seen = verified.reading.as_ref().map(Seen::from);
            Answered::Reading(ReadingAnswer::new(device, sequence, records, seen, basis)?)
        }
        Question::Access { dataset, at } => {
            Answered::Access(AccessAnswer::new(dataset, records, at, Shown::default(), basis)?)
        }
        Question::Lineage { version } => lineage(Start::Version(version), basis)?,
        Question::DeviceLineage { device } => lineage(Start::Device(device), basis)?,
        Question::BatchLineage { batch } => lineage(Start::Batch(batch), basis)?,
        Question::Taint { device, since } => taint(Start::Device(device), Some(since), basis)?,
        Question::VersionTaint { version } => taint(Start::Version(version), None, basis)?,
        Question::Payments { organisation } => {
            Answered::Payments(PaymentsAnswer::new(organisation, Period::default(), records, basis))
        }
        Question::Governance => Answered::Governance(GovernanceAnswer::new(None, records, basis)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lineage::Bounds,
        samples::lineage::{basis, records, SENSOR},
    };
    use citynet_primitives::{BatchId, DatasetId, VersionId};
    use citynet_proofs::finality::Block;

    /// A dossier is answered as whoever asked with the same records was.
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
}
