//! Who runs the ledger and who decided what.

use super::Answer;
use crate::{
    governance::{Governance, GovernanceError, Motion, Organisation, Tally, Vote},
    hash, Basis,
};
use citynet_primitives::{OrganisationId, Record};
use serde_json::{json, Value};

/// Who runs the ledger and who decided what.
#[derive(Clone, Debug)]
pub struct GovernanceAnswer {
    /// All of it.
    pub governance: Governance,
    /// If only one organisation is shown, which.
    pub only: Option<OrganisationId>,
    basis: Basis,
}

impl GovernanceAnswer {
    /// Computes it from the records about all organisations, by index. Others do no harm.
    ///
    /// # Errors
    ///
    /// [`GovernanceError`].
    pub fn new(only: Option<OrganisationId>, records: &[Record], basis: Basis) -> Result<Self, GovernanceError> {
        Ok(Self { governance: Governance::of(records)?, only, basis })
    }

    /// The organisations that are shown.
    pub fn organisations(&self) -> impl Iterator<Item = (OrganisationId, &Organisation)> {
        let all = self.governance.organisations.iter().map(|(id, found)| (*id, found));
        all.filter(|(id, _)| self.only.is_none_or(|only| only == *id))
    }

    /// The motions that are shown: of one organisation those that it proposed or voted on.
    pub fn motions(&self) -> impl Iterator<Item = (u32, &Motion)> {
        let concerns = |motion: &Motion, only| {
            motion.organisation == only || motion.votes.iter().any(|vote| vote.organisation == only)
        };
        let all = self.governance.motions.iter().map(|(number, motion)| (*number, motion));
        all.filter(move |(_, motion)| self.only.is_none_or(|only| concerns(motion, only)))
    }

    /// The votes on a motion that are shown.
    pub fn votes<'a>(&self, motion: &'a Motion) -> impl Iterator<Item = &'a Vote> {
        let only = self.only;
        motion.votes.iter().filter(move |vote| only.is_none_or(|only| vote.organisation == only))
    }

    /// Who did what how often; `None` stands for the chain itself.
    pub fn deeds(&self) -> Vec<(Option<OrganisationId>, &'static str, Tally)> {
        let own = self
            .organisations()
            .flat_map(|(id, found)| found.deeds.iter().map(move |(kind, tally)| (Some(id), *kind, *tally)));
        let by_itself = self.governance.by_itself.iter().map(|(kind, tally)| (None, *kind, *tally));
        own.chain(by_itself.filter(|_| self.only.is_none())).collect()
    }
}

impl Answer for GovernanceAnswer {
    fn query(&self) -> Value {
        json!({ "question": "governance", "organisation": self.only })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn to_json(&self) -> Value {
        let organisations = self.organisations().map(|(id, found)| {
            let validators = found.validators.iter().map(|(of, validator)| {
                let (standing, record) = (validator.standing.as_str(), validator.record.to_string());
                json!({ "account": hash::print(of), "standing": standing, "record": record })
            });
            json!({
                "id": id,
                "name": found.name,
                "kind": found.kind,
                "status": found.status,
                "seat": found.has_seat(),
                "record": found.record.to_string(),
                "joined": found.joined.to_string(),
                "validators": validators.collect::<Vec<_>>(),
            })
        });
        let motions = self.motions().map(|(number, motion)| {
            let votes = self.votes(motion).map(|vote| {
                json!({
                    "organisation": vote.organisation,
                    "account": hash::print(vote.account),
                    "approve": vote.approve,
                    "reason": vote.reason,
                    "record": vote.record.to_string(),
                    "time": vote.time.to_string(),
                })
            });
            let closed = motion.closed.as_ref().map(|closed| {
                let changed =
                    closed.changed.iter().map(|(record, kind)| json!({ "record": record.to_string(), "kind": kind }));
                json!({
                    "approved": closed.approved,
                    "yes": closed.yes,
                    "no": closed.no,
                    "seats": closed.seats,
                    "organisation": closed.organisation,
                    "account": hash::print(closed.account),
                    "record": closed.record.to_string(),
                    "time": closed.time.to_string(),
                    "changed": changed.collect::<Vec<_>>(),
                })
            });
            json!({
                "number": number,
                "callHash": hash::print(motion.hash),
                "call": hash::print(&motion.call),
                "reason": motion.reason,
                "threshold": motion.threshold,
                "organisation": motion.organisation,
                "account": hash::print(motion.account),
                "record": motion.record.to_string(),
                "time": motion.time.to_string(),
                "votes": votes.collect::<Vec<_>>(),
                "closed": closed,
                "countedRight": motion.is_counted_right(),
            })
        });
        let deeds = self.deeds().into_iter().map(|(organisation, kind, tally)| {
            json!({
                "organisation": organisation.unwrap_or(OrganisationId::CONSORTIUM),
                "kind": kind,
                "count": tally.count.to_string(),
                "first": tally.first.to_string(),
                "last": tally.last.to_string(),
            })
        });
        json!({
            "query": self.query(),
            "asOf": self.basis.to_json(),
            "records": self.governance.records.to_string(),
            "organisations": organisations.collect::<Vec<_>>(),
            "motions": motions.collect::<Vec<_>>(),
            "deeds": deeds.collect::<Vec<_>>(),
            "notCovered": ["attested batches, which are about devices", "the computing and settling of cycles"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{samples::governance::records, AsOf};

    fn answer(only: Option<u32>) -> GovernanceAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_500_000 };
        GovernanceAnswer::new(only.map(OrganisationId), &records(), Basis::node(&as_of)).unwrap()
    }

    #[test]
    fn who_decided_what_is_told() {
        let told = answer(None).to_json();
        let motion = &told["motions"][0];
        assert_eq!((&motion["call"], &motion["countedRight"]), (&json!("0x010203"), &json!(true)));
        assert_eq!(motion["callHash"], format!("0x{}", "07".repeat(32)));
        assert_eq!(motion["votes"][0]["account"], format!("0x{}", "01".repeat(32)));
        assert_eq!(motion["closed"]["changed"], json!([{ "record": "4", "kind": "organisation_registered" }]));
        let validator = json!({
            "account": format!("0x{}", "08".repeat(32)),
            "standing": "since genesis",
            "record": "1",
        });
        assert_eq!(told["organisations"][0]["validators"], json!([validator]));
        assert_eq!((&told["asOf"]["proven"], &told["records"]), (&json!(false), &json!("6")));
    }

    #[test]
    fn one_organisation_may_be_shown_alone() {
        let found = answer(Some(2));
        let told = found.to_json();
        assert_eq!(told["organisations"].as_array().unwrap().len(), 1);
        assert_eq!((&told["motions"], &told["deeds"]), (&json!([]), &json!([])));
        assert_eq!(found.query()["organisation"], json!(2));
    }
}
