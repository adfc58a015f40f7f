//! Who could use a dataset at a time.

use super::Answer;
use crate::{
    access::{access_at, relevant, Act, Contradiction, Past, Right},
    codes::Codes,
    hash,
    names::codes,
    Basis,
};
use citynet_primitives::{Action, DatasetId, Moment, OrganisationId, Record};
use citynet_proofs::time;
use serde_json::{json, Value};

/// What of the answer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Only who may do this.
    pub action: Option<Action>,
    /// To people, also the grants that allowed nothing. Programs have them in any case.
    pub all: bool,
}

/// Who could use a dataset at a time.
#[derive(Clone, Debug)]
pub struct AccessAnswer {
    /// The state then.
    pub past: Past,
    /// What grants allowed, of what is shown.
    pub rights: Vec<Right>,
    /// What is shown.
    pub shown: Shown,
    codes: Codes,
    basis: Basis,
}

impl AccessAnswer {
    /// Computes it from all records about the dataset, its grants, and organisations, by index. Others do no harm.
    ///
    /// # Errors
    ///
    /// [`Contradiction`].
    pub fn new(
        dataset: DatasetId,
        records: &[Record],
        at: Moment,
        shown: Shown,
        basis: Basis,
    ) -> Result<Self, Contradiction> {
        let past = access_at(dataset, relevant(dataset, records, at), at)?;
        let mut rights = past.rights();
        rights.retain(|right| shown.action.is_none_or(|action| right.actions.contains(action)));
        Ok(Self { past, rights, codes: codes(records), basis, shown })
    }

    /// Whether the time is one that the records may not reach.
    pub fn is_forecast(&self) -> bool {
        self.past.at > self.basis.as_of.time
    }

    /// An organisation's name then, or nothing.
    pub fn name(&self, id: OrganisationId) -> String {
        self.past.organisations.get(&id).map(|found| found.name.clone()).unwrap_or_default()
    }

    /// The names of a right's purposes.
    pub fn purposes(&self, right: &Right) -> Vec<String> {
        right.purposes.iter().map(|code| self.codes.purpose_name(*code)).collect()
    }

    /// The name of a right's legal basis.
    pub fn legal_basis(&self, right: &Right) -> Option<String> {
        right.legal_basis.map(|code| self.codes.legal_basis_name(code))
    }
}

impl Answer for AccessAnswer {
    fn query(&self) -> Value {
        json!({
            "question": "access",
            "dataset": self.past.id,
            "at": time::print(self.past.at),
            "action": self.shown.action,
        })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn to_json(&self) -> Value {
        let past = &self.past;
        let act = |act: &Act| {
            json!({
                "organisation": act.organisation,
                "account": hash::print(act.account),
                "record": act.record.to_string(),
                "time": act.time.to_string(),
            })
        };
        let right = |right: &Right| {
            json!({
                "consumer": right.consumer,
                "grant": right.grant(),
                "chain": right.chain,
                "actions": right.actions,
                "purposes": self.purposes(right),
                "versions": right.versions,
                "legalBasis": self.legal_basis(right),
                "personalData": right.personal_data,
                "from": right.from.to_string(),
                "until": right.until.to_string(),
                "provider": right.provider,
                "controller": right.controller,
                "granted": right.granted.as_ref().map(act),
            })
        };
        let without = past.without();
        let without = without.iter().map(
            |found| json!({ "grant": found.grant, "consumer": found.consumer, "reason": found.reason, "by": found.by }),
        );
        let organisations = past
            .organisations
            .iter()
            .map(|(id, found)| json!({ "id": id, "name": found.name, "status": found.status }));
        json!({
            "dataset": past.id,
            "at": past.at.to_string(),
            // Of a proof it cannot be told: a header has no time.
            "forecast": (!self.basis.proven).then(|| self.is_forecast()),
            "asOf": self.basis.to_json(),
            "records": past.records.to_string(),
            "registered": past.dataset.is_some(),
            "title": past.dataset.as_ref().map(|dataset| dataset.title.as_str()),
            "sensitivity": past.dataset.as_ref().map(|dataset| dataset.sensitivity),
            "owner": past.dataset.as_ref().map(|dataset| dataset.owner),
            "ownerMay": past.owner().is_some(),
            "action": self.shown.action,
            "rights": self.rights.iter().map(right).collect::<Vec<_>>(),
            "without": without.collect::<Vec<_>>(),
            "organisations": organisations.collect::<Vec<_>>(),
            "notCovered": ["use that was not reported by then", "what was done with data by who had it"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{samples::access::records, AsOf};
    use citynet_primitives::{Body, CodeList, GrantId, GrantState, OrganisationKind};

    const AT: Moment = 1_772_366_407_000;

    fn basis(proven: bool) -> Basis {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_500_000 };
        Basis { as_of, proven }
    }

    fn answer(at: Moment, action: Option<Action>) -> AccessAnswer {
        let shown = Shown { action, all: true };
        AccessAnswer::new(DatasetId(7), &records(), at, shown, basis(false)).unwrap()
    }

    #[test]
    fn who_could_is_told() {
        let told = answer(AT, None).to_json();
        let right = &told["rights"][0];
        assert_eq!((&right["chain"], &right["purposes"]), (&json!(["5"]), &json!(["dpv:AcademicResearch"])));
        assert_eq!((&right["legalBasis"], &right["granted"]["record"]), (&json!(null), &json!("3")));
        assert_eq!((&told["forecast"], &told["ownerMay"]), (&json!(false), &json!(true)));
        let as_of = json!({
            "genesisHash": format!("0x{}", "01".repeat(32)),
            "block": { "number": 9, "hash": format!("0x{}", "02".repeat(32)) },
            "time": "1772366500000",
            "proven": false,
        });
        assert_eq!(told["asOf"], as_of);
    }

    #[test]
    fn what_was_not_yet_and_what_will_be() {
        let told = answer(AT - 1, None).to_json();
        let without = json!([{ "grant": "5", "consumer": 2, "reason": "not_finalized", "by": "5" }]);
        assert_eq!((&told["rights"], &told["without"]), (&json!([]), &without));
        assert_eq!(answer(1000, None).to_json()["registered"], json!(false));
        assert_eq!(answer(1_772_366_500_001, None).to_json()["forecast"], json!(true));
        let training = answer(AT, Some(Action::Train));
        assert_eq!((&training.to_json()["rights"], &training.query()["action"]), (&json!([]), &json!("train")));
    }

    #[test]
    fn of_a_proof_it_cannot_be_told_whether_the_time_is_to_come() {
        let proven = AccessAnswer::new(DatasetId(7), &records(), AT, Shown::default(), basis(true)).unwrap();
        let told = proven.to_json();
        assert_eq!((&told["asOf"]["proven"], &told["forecast"]), (&json!(true), &json!(null)));
    }

    #[test]
    fn records_about_others_change_nothing() {
        let expected = answer(AT, None).to_json();
        let mut more = records();
        let last = more.last().unwrap().clone();
        let name = b"city:Simulation".to_vec().try_into().unwrap();
        let joined = Body::OrganisationRegistered {
            organisation: OrganisationId(3),
            organisation_kind: OrganisationKind::Telecom,
            name: b"Telecom".to_vec().try_into().unwrap(),
        };
        // A grant of another dataset, which began where nobody looked, and what came later.
        let other = Body::GrantAdvanced { grant: GrantId(6), state: GrantState::Active, terms: [9; 32] };
        let added = Body::CodeAdded { list: CodeList::Purpose, code: 40_000, name };
        for (body, later) in [(joined, 0), (other, 0), (added, 0), (records()[2].body.clone(), 1)] {
            let index = last.index + more.len() as u64;
            more.push(Record { index, time: last.time + later, body, ..last.clone() });
        }
        let shown = Shown { action: None, all: true };
        let found = AccessAnswer::new(DatasetId(7), &more, AT, shown, basis(false)).unwrap();
        assert_eq!(found.to_json(), expected);
    }
}
