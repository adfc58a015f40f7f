//! Who runs the ledger, who voted for what, and what each organisation did, computed from records alone.
//!
//! # What it does not cover
//!
//! * **Batches and netting.** The record of a batch is about its device, and those by which a cycle is computed and settled
//!   are about the cycle: none of them about an organisation. [`crate::devices`] and [`crate::payments`] have them.
//! * **What a motion's call says.** The record has it in SCALE, as the runtime of its block encodes calls; here is its
//!   reason, and what it changed: the chain's own records right before the one that closes the vote.
//! * **Validators of genesis.** No record names them. Whose account had the role from genesis on is told instead.

use crate::names::text;
use citynet_primitives::{
    Account, Body, Hash, Moment, OrganisationId, OrganisationKind, OrganisationStatus, Record, Role,
};
use std::collections::BTreeMap;

/// How a validator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its account has had the role since genesis.
    Founding,
    /// It was registered, or voted back.
    Registered,
    /// It signed two things of which it may sign one.
    Suspended,
    /// It left the set.
    Withdrawn,
}

impl Standing {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Founding => "since genesis",
            Self::Registered => "registered",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validator {
    /// How it stands.
    pub standing: Standing,
    /// The record that says so.
    pub record: u64,
}

/// How often somebody did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// When first.
    pub first: Moment,
    /// When last.
    pub last: Moment,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Whether its accounts may act.
    pub status: OrganisationStatus,
    /// The record by which it joined.
    pub record: u64,
    /// When; 0 for those of genesis.
    pub joined: Moment,
    /// Its validators, by account.
    pub validators: BTreeMap<Account, Validator>,
    /// What its accounts did for it, by the kind of record.
    pub deeds: BTreeMap<&'static str, Tally>,
}

impl Organisation {
    /// Whether it has a vote.
    pub fn has_seat(&self) -> bool {
        self.status == OrganisationStatus::Active && self.kind.has_seat()
    }
}

/// A vote. An organisation may vote again, and then the last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Whose.
    pub organisation: OrganisationId,
    /// By which account.
    pub account: Account,
    /// Whether it approves.
    pub approve: bool,
    /// Why.
    pub reason: String,
    /// The record.
    pub record: u64,
    /// When.
    pub time: Moment,
}

/// The end of a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Whether enough seats approved.
    pub approved: bool,
    /// How many approved.
    pub yes: u32,
    /// How many did not.
    pub no: u32,
    /// How many there were.
    pub seats: u32,
    /// Who closed it.
    pub organisation: OrganisationId,
    /// By which account.
    pub account: Account,
    /// The record.
    pub record: u64,
    /// When.
    pub time: Moment,
    /// What its call changed, as far as records tell: their indices and kinds.
    pub changed: Vec<(u64, &'static str)>,
}

/// Something that was put to the vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
    /// Blake2b-256 of the call.
    pub hash: Hash,
    /// The call in SCALE.
    pub call: Vec<u8>,
    /// How many seats must approve.
    pub threshold: u32,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub organisation: OrganisationId,
    /// By which account.
    pub account: Account,
    /// The record.
    pub record: u64,
    /// When.
    pub time: Moment,
    /// Every vote, in the order of the records.
    pub votes: Vec<Vote>,
    /// How it ended, if it did.
    pub closed: Option<Closed>,
}

impl Motion {
    /// The last vote of each organisation.
    pub fn last_votes(&self) -> BTreeMap<OrganisationId, &Vote> {
        self.votes.iter().map(|vote| (vote.organisation, vote)).collect()
    }

    /// Whether as many seats were counted as approving as organisations approved. It may be fewer where one has lost its seat
    /// since.
    pub fn is_counted_right(&self) -> bool {
        let approving = self.last_votes().values().filter(|vote| vote.approve).count();
        self.closed.as_ref().is_none_or(|closed| u32::try_from(approving) == Ok(closed.yes))
    }
}

/// Records cannot be what a chain wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GovernanceError {
    /// About an organisation that did not join.
    #[error("record {record}: organisation {organisation} did not join; records are missing")]
    UnknownOrganisation {
        /// The record.
        record: u64,
        /// The organisation.
        organisation: OrganisationId,
    },
    /// About a motion that nobody proposed.
    #[error("record {record}: nobody proposed motion {number}; records are missing")]
    UnknownMotion {
        /// The record.
        record: u64,
        /// The motion.
        number: u32,
    },
}

/// How the consortium is governed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Governance {
    /// The organisations.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// What the chain did by itself, or the council by a motion.
    pub by_itself: BTreeMap<&'static str, Tally>,
    /// The motions, by number.
    pub motions: BTreeMap<u32, Motion>,
    /// How many records count.
    pub records: u64,
    /// The records that the chain wrote last by itself, one right after the other: in which block, and which.
    run: (u32, Vec<(u64, &'static str)>),
}

impl Governance {
    /// What the records about all organisations say, which are by index. Others are left out.
    ///
    /// # Errors
    ///
    /// [`GovernanceError`].
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Self, GovernanceError> {
        let mut governance = Self::default();
        for record in records.into_iter().filter(|record| is_about_organisations(&record.body)) {
            governance.take(record)?;
            governance.note_run(record);
            governance.records = governance.records.saturating_add(1);
        }
        Ok(governance)
    }

    fn take(&mut self, record: &Record) -> Result<(), GovernanceError> {
        match &record.body {
            Body::OrganisationRegistered { organisation, organisation_kind, name } => {
                let joined = Organisation {
                    name: text(name),
                    kind: *organisation_kind,
                    status: OrganisationStatus::Active,
                    record: record.index,
                    joined: record.time,
                    validators: BTreeMap::new(),
                    deeds: BTreeMap::new(),
                };
                self.organisations.insert(*organisation, joined);
            }
            Body::OrganisationProfileChanged { organisation, profile } => {
                self.organisation(*organisation, record)?.name = text(&profile.name);
            }
            Body::OrganisationStatusChanged { organisation, status, .. } => {
                self.organisation(*organisation, record)?.status = *status;
            }
            Body::OrganisationKindChanged { organisation, organisation_kind, .. } => {
                self.organisation(*organisation, record)?.kind = *organisation_kind;
            }
            // A validator that joins later registers itself.
            Body::AccountAdded { organisation, account, roles }
                if record.block == 0 && roles.contains(Role::Validator) =>
            {
                self.stand(*organisation, *account, Standing::Founding, record)?;
            }
            Body::ValidatorRegistered { organisation, account, .. }
            | Body::ValidatorReinstated { organisation, account, .. } => {
                self.stand(*organisation, *account, Standing::Registered, record)?;
            }
            Body::ValidatorSuspended { organisation, account, .. } => {
                self.stand(*organisation, *account, Standing::Suspended, record)?;
            }
            Body::ValidatorWithdrawn { organisation, account, .. } => {
                self.stand(*organisation, *account, Standing::Withdrawn, record)?;
            }
            Body::MotionProposed { .. } | Body::MotionVoted { .. } | Body::MotionClosed { .. } => {
                self.take_motion(record)?;
            }
            _ => {}
        }
        self.count(record)
    }

    fn take_motion(&mut self, record: &Record) -> Result<(), GovernanceError> {
        let Record { index, time, organisation, account, .. } = *record;
        match &record.body {
            Body::MotionProposed { motion, number, threshold, call, reason } => {
                let proposed = Motion {
                    hash: *motion,
                    call: call.to_vec(),
                    threshold: *threshold,
                    reason: text(reason),
                    organisation,
                    account,
                    record: index,
                    time,
                    votes: Vec::new(),
                    closed: None,
                };
                self.motions.insert(*number, proposed);
            }
            Body::MotionVoted { number, approve, reason, .. } => {
                let reason = text(reason);
                let vote = Vote { organisation, account, approve: *approve, reason, record: index, time };
                self.motion(*number, index)?.votes.push(vote);
            }
            Body::MotionClosed { number, approved, yes, no, seats, .. } => {
                let changed = if *approved { self.run_before(record) } else { Vec::new() };
                let (approved, yes, no, seats) = (*approved, *yes, *no, *seats);
                let closed = Closed { approved, yes, no, seats, organisation, account, record: index, time, changed };
                self.motion(*number, index)?.closed = Some(closed);
            }
            _ => {}
        }
        Ok(())
    }

    /// Counts what somebody did.
    fn count(&mut self, record: &Record) -> Result<(), GovernanceError> {
        let deeds = match record.organisation {
            OrganisationId::CONSORTIUM => &mut self.by_itself,
            organisation => &mut self.organisation(organisation, record)?.deeds,
        };
        let first = Tally { count: 0, first: record.time, last: record.time };
        let tally = deeds.entry(record.body.kind()).or_insert(first);
        tally.count = tally.count.saturating_add(1);
        tally.last = record.time;
        Ok(())
    }

    /// Notes a record of the chain itself: the call of a motion writes them one after the other.
    fn note_run(&mut self, record: &Record) {
        // These are written by what runs before a block's calls.
        let is_hook = matches!(record.body, Body::ValidatorSilent { .. } | Body::ValidatorSuspended { .. });
        if record.organisation != OrganisationId::CONSORTIUM || record.account != [0; 32] || is_hook {
            self.run.1.clear();
            return;
        }
        let follows = self.run.1.last().is_some_and(|(last, _)| last.checked_add(1) == Some(record.index));
        if self.run.0 != record.block || !follows {
            self.run = (record.block, Vec::new());
        }
        self.run.1.push((record.index, record.body.kind()));
    }

    /// The chain's own records right before one, in its block.
    fn run_before(&self, record: &Record) -> Vec<(u64, &'static str)> {
        let (block, run) = &self.run;
        let is_next = run.last().is_some_and(|(last, _)| last.checked_add(1) == Some(record.index));
        if *block == record.block && is_next {
            run.clone()
        } else {
            Vec::new()
        }
    }

    fn stand(
        &mut self,
        organisation: OrganisationId,
        account: Account,
        standing: Standing,
        record: &Record,
    ) -> Result<(), GovernanceError> {
        let validators = &mut self.organisation(organisation, record)?.validators;
        validators.insert(account, Validator { standing, record: record.index });
        Ok(())
    }

    fn organisation(
        &mut self,
        organisation: OrganisationId,
        record: &Record,
    ) -> Result<&mut Organisation, GovernanceError> {
        let unknown = GovernanceError::UnknownOrganisation { record: record.index, organisation };
        self.organisations.get_mut(&organisation).ok_or(unknown)
    }

    fn motion(&mut self, number: u32, record: u64) -> Result<&mut Motion, GovernanceError> {
        self.motions.get_mut(&number).ok_or(GovernanceError::UnknownMotion { record, number })
    }

    /// An organisation's name with its number, or its number.
    pub fn name(&self, organisation: OrganisationId) -> String {
        match (organisation, self.organisations.get(&organisation)) {
            (OrganisationId::CONSORTIUM, _) => "the consortium".to_owned(),
            (_, Some(found)) => format!("{organisation} {}", found.name),
            (_, None) => organisation.to_string(),
        }
    }
}

/// Whether a record is about any organisation.
fn is_about_organisations(body: &Body) -> bool {
    !matches!(body, Body::BatchAttested { .. } | Body::CycleComputed { .. } | Body::CycleSettled { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{OrganisationProfile, Roles, RECORD_VERSION};

    const CITY: OrganisationId = OrganisationId(1);
    const UNIVERSITY: OrganisationId = OrganisationId(2);

    fn joined(organisation: OrganisationId, kind: OrganisationKind, name: &str) -> Body {
        let name = name.as_bytes().to_vec().try_into().unwrap();
        Body::OrganisationRegistered { organisation, organisation_kind: kind, name }
    }

    fn written(index: u64, block: u32, organisation: OrganisationId, body: Body) -> Record {
        let account = if organisation == OrganisationId::CONSORTIUM { [0; 32] } else { [organisation.0 as u8; 32] };
        let time = u64::from(block) * 1000;
        Record { version: RECORD_VERSION, index, block, time, organisation, account, body }
    }

    /// Two organisations, the second of which joined by a motion.
    fn history() -> Vec<Record> {
        let chain = OrganisationId::CONSORTIUM;
        let text = |words: &str| words.as_bytes().to_vec().try_into().unwrap();
        let voted = |approve, words| Body::MotionVoted { motion: [7; 32], number: 1, approve, reason: text(words) };
        let call = vec![1, 2, 3].try_into().unwrap();
        let proposed =
            Body::MotionProposed { motion: [7; 32], number: 1, threshold: 1, call, reason: text("Admit it") };
        let closed = Body::MotionClosed { motion: [7; 32], number: 1, approved: true, yes: 1, no: 0, seats: 1 };
        let name = b"State University".to_vec().try_into().unwrap();
        let profile = OrganisationProfile { name, contact: Default::default(), legal_id: [0; 32] };
        let roles = Roles::of(&[Role::Admin, Role::Validator]);
        let suspended =
            Body::ValidatorSuspended { organisation: CITY, account: [8; 32], session: 1, evidence: [9; 32] };
        vec![
            written(0, 0, chain, joined(CITY, OrganisationKind::Government, "City")),
            written(1, 0, chain, Body::AccountAdded { organisation: CITY, account: [8; 32], roles }),
            written(2, 1, CITY, proposed),
            written(3, 1, CITY, voted(false, "not yet")),
            written(4, 2, CITY, voted(true, "now")),
            written(5, 3, chain, suspended),
            written(6, 3, chain, joined(UNIVERSITY, OrganisationKind::University, "University")),
            written(7, 3, chain, Body::OrganisationProfileChanged { organisation: UNIVERSITY, profile }),
            written(8, 3, CITY, closed),
            written(9, 4, UNIVERSITY, Body::AccountAdded { organisation: UNIVERSITY, account: [4; 32], roles }),
            written(
                10,
                5,
                UNIVERSITY,
                Body::ValidatorRegistered { organisation: UNIVERSITY, account: [4; 32], keys: Default::default() },
            ),
        ]
    }

    #[test]
    fn everything_is_told_of_whom_and_what() {
        let found = Governance::of(&history()).unwrap();
        let (city, university) = (&found.organisations[&CITY], &found.organisations[&UNIVERSITY]);
        assert_eq!((city.name.as_str(), university.name.as_str()), ("City", "State University"));
        assert_eq!((university.kind, university.record, university.joined), (OrganisationKind::University, 6, 3000));
        // Only a validator of genesis is one by its role alone.
        assert_eq!(city.validators[&[8; 32]], Validator { standing: Standing::Suspended, record: 5 });
        assert_eq!(university.validators[&[4; 32]], Validator { standing: Standing::Registered, record: 10 });
        assert_eq!(university.validators.len(), 1);
        let founding = Governance::of(&history()[..2]).unwrap();
        assert_eq!(founding.organisations[&CITY].validators[&[8; 32]].standing, Standing::Founding);

        let motion = &found.motions[&1];
        assert_eq!((motion.organisation, motion.account, motion.record), (CITY, [1; 32], 2));
        let votes: Vec<_> = motion.votes.iter().map(|vote| (vote.approve, vote.record, vote.reason.as_str())).collect();
        assert_eq!(votes, [(false, 3, "not yet"), (true, 4, "now")]);
        let closed = motion.closed.as_ref().unwrap();
        assert_eq!((closed.approved, closed.yes, closed.record), (true, 1, 8));
        // The suspension is not the motion's doing.
        assert_eq!(closed.changed, [(6, "organisation_registered"), (7, "organisation_profile_changed")]);
        assert!(motion.is_counted_right());

        let tally = |count, first, last| Tally { count, first, last };
        assert_eq!(city.deeds["motion_voted"], tally(2, 1000, 2000));
        assert_eq!(found.by_itself["organisation_registered"], tally(2, 0, 3000));
        assert_eq!(found.records, 11);
    }

    #[test]
    fn status_and_kind_decide_about_a_seat() {
        let status =
            |status| Body::OrganisationStatusChanged { organisation: CITY, status, reason: Default::default() };
        let kind = Body::OrganisationKindChanged {
            organisation: CITY,
            organisation_kind: OrganisationKind::Auditor,
            reason: Default::default(),
        };
        for (body, has_seat) in [
            (None, true),
            (Some(status(OrganisationStatus::Suspended)), false),
            (Some(status(OrganisationStatus::Active)), true),
            (Some(kind), false),
        ] {
            let mut records = history();
            records.extend(body.map(|body| written(11, 6, OrganisationId::CONSORTIUM, body)));
            assert_eq!(Governance::of(&records).unwrap().organisations[&CITY].has_seat(), has_seat);
        }
    }

    #[test]
    fn votes_that_were_not_counted_are_told() {
        let mut records = history();
        records.retain(|record| record.index != 4);
        assert!(!Governance::of(&records).unwrap().motions[&1].is_counted_right());
        // One that is still open has not been counted.
        records.retain(|record| record.index != 8);
        assert!(Governance::of(&records).unwrap().motions[&1].is_counted_right());
    }

    #[test]
    fn only_what_comes_right_before_is_the_effect() {
        let changed = |records: &[Record]| {
            let found = Governance::of(records).unwrap();
            found.motions[&1].closed.as_ref().unwrap().changed.iter().map(|(record, _)| *record).collect::<Vec<_>>()
        };
        assert_eq!(changed(&history()), [6, 7]);
        // A batch lies between: it has a number and is about no organisation.
        let mut apart = history();
        apart.iter_mut().filter(|record| record.index >= 8).for_each(|record| record.index += 1);
        assert_eq!(changed(&apart), Vec::<u64>::new());
        // Those before are of another block.
        let mut earlier = history();
        earlier.iter_mut().filter(|record| record.index == 6).for_each(|record| record.block = 2);
        assert_eq!(changed(&earlier), [7]);
        let mut rejected = history();
        for record in &mut rejected {
            if let Body::MotionClosed { approved, .. } = &mut record.body {
                *approved = false;
            }
        }
        assert_eq!(changed(&rejected), Vec::<u64>::new());
    }

    #[test]
    fn what_is_left_out_shows() {
        let without = |index: u64| {
            let mut records = history();
            records.retain(|record| record.index != index);
            Governance::of(&records)
        };
        let organisation = CITY;
        assert_eq!(without(0), Err(GovernanceError::UnknownOrganisation { record: 1, organisation }));
        assert_eq!(without(2), Err(GovernanceError::UnknownMotion { record: 3, number: 1 }));
        assert!(without(9).is_ok());
    }
}
