//! Short histories, and what they must tell.

use super::*;
use crate::samples::parts::{profile, some_terms};
use citynet_primitives::{
    AccessReport, Action, Body, Decision, OrganisationKind, ReasonCode, RefusedCounts, UsageLimit, VersionContent,
    RECORD_VERSION,
};

const CITY: OrganisationId = OrganisationId(1);
const UNIVERSITY: OrganisationId = OrganisationId(2);
const PARTNER: OrganisationId = OrganisationId(3);
const AIR: DatasetId = DatasetId(7);
const ACADEMIC: PurposeCode = PurposeCode(2);

/// Records one after the other, each with its time and author.
#[derive(Default)]
struct Written(Vec<Record>);

impl Written {
    fn by(&mut self, time: Moment, organisation: OrganisationId, body: Body) -> &mut Self {
        let index = self.0.len() as u64 * 3;
        let block = time as u32 / 100;
        let account = [organisation.0 as u8; 32];
        self.0.push(Record { version: RECORD_VERSION, index, block, time, organisation, account, body });
        self
    }

    /// Three members, and a dataset of the first one.
    fn begun() -> Self {
        let mut written = Self::default();
        for organisation in [CITY, UNIVERSITY, PARTNER] {
            let name = format!("Organisation {organisation}").into_bytes().try_into().unwrap();
            let organisation_kind = OrganisationKind::University;
            let body = Body::OrganisationRegistered { organisation, organisation_kind, name };
            written.by(0, OrganisationId::CONSORTIUM, body);
        }
        let body = Body::DatasetRegistered {
            dataset: AIR,
            owner: CITY,
            dataset_kind: DatasetKind::Stream,
            profile: profile(Sensitivity::Internal),
        };
        written.by(500, CITY, body);
        written
    }

    fn offered(&mut self, time: Moment, grant: u64, parent: Option<u64>, terms: &Terms) -> &mut Self {
        let body = Body::GrantOffered {
            grant: GrantId(grant),
            parent: parent.map(GrantId),
            supersedes: None,
            binding: true,
            terms: terms.clone(),
        };
        self.by(time, terms.provider, body)
    }

    fn advanced(&mut self, time: Moment, grant: u64, state: GrantState, terms: &Terms) -> &mut Self {
        let body = Body::GrantAdvanced { grant: GrantId(grant), state, terms: terms_hash(terms) };
        self.by(time, terms.consumer, body)
    }

    /// A binding offer and its acceptance.
    fn granted(&mut self, time: Moment, grant: u64, parent: Option<u64>, terms: &Terms) -> &mut Self {
        self.offered(time, grant, parent, terms);
        for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active] {
            self.advanced(time + 100, grant, state, terms);
        }
        self
    }

    fn changed(&mut self, time: Moment, grant: u64, state: GrantState) -> &mut Self {
        let (reason, note) = (ReasonCode::Other, Default::default());
        self.by(time, CITY, Body::GrantStateChanged { grant: GrantId(grant), state, reason, note })
    }

    fn reported(&mut self, time: Moment, grant: u64, accesses: u64) -> &mut Self {
        let report = AccessReport {
            counter: time,
            from: time - 10,
            to: time,
            usage: Usage { accesses, records: accesses, bytes: accesses },
            refused: RefusedCounts::default(),
            receipts: accesses,
            root: [0; 32],
        };
        self.by(time, CITY, Body::AccessReported { grant: GrantId(grant), report })
    }

    fn status(&mut self, time: Moment, organisation: OrganisationId, status: OrganisationStatus) -> &mut Self {
        let reason = Default::default();
        let body = Body::OrganisationStatusChanged { organisation, status, reason };
        self.by(time, OrganisationId::CONSORTIUM, body)
    }

    fn at(&self, at: Moment) -> Past {
        access_at(AIR, &self.0, at).unwrap()
    }

    /// Grants that allow something, and why others do not.
    fn told(&self, at: Moment) -> (Vec<u64>, Vec<(u64, Denial, u64)>) {
        let past = self.at(at);
        let rights = past.rights().iter().map(|right| right.grant().unwrap().0).collect();
        let without = past.without().iter().map(|none| (none.grant.0, none.reason, none.by.0)).collect();
        (rights, without)
    }

    fn refused(&self) -> Contradiction {
        access_at(AIR, &self.0, 100_000).unwrap_err()
    }
}

/// What the university passes on to its partner.
fn passed_on() -> Terms {
    Terms {
        provider: UNIVERSITY,
        consumer: PARTNER,
        actions: [Action::Read].into_iter().collect(),
        purposes: vec![ACADEMIC].try_into().unwrap(),
        not_before: 2000,
        not_after: 8000,
        ..some_terms()
    }
}

#[test]
fn a_right_holds_from_its_first_moment_to_its_last() {
    let mut written = Written::begun();
    written.granted(1500, 1, None, &some_terms());
    assert_eq!(written.told(499), (vec![], vec![]));
    assert!(written.at(499).dataset.is_none());
    assert_eq!(written.told(1499), (vec![], vec![]));
    assert_eq!(written.told(1599), (vec![], vec![(1, Denial::NotFinalized, 1)]));
    assert_eq!(written.told(1600), (vec![1], vec![]));
    assert_eq!(written.told(8999), (vec![1], vec![]));
    assert_eq!(written.told(9000), (vec![], vec![(1, Denial::Expired, 1)]));

    let past = written.at(1600);
    assert_eq!((past.owner(), past.dataset.as_ref().unwrap().title.as_str()), (Some(CITY), "Air"));
    let right = past.rights().remove(0);
    assert_eq!((right.consumer, right.provider, right.controller), (UNIVERSITY, CITY, CITY));
    assert_eq!((right.from, right.until), (1600, 9000));
    assert_eq!((right.legal_basis, right.purposes.len()), (Some(LegalBasisCode::RU152_STATISTICS), 2));
    let granted = right.granted.unwrap();
    assert_eq!((granted.organisation, granted.account, granted.time), (CITY, [1; 32], 1500));
    assert_eq!(written.0.iter().find(|record| record.index == granted.record).unwrap().organisation, CITY);
}

#[test]
fn what_stands_on_a_grant_ends_with_it() {
    let mut written = Written::begun();
    let terms = Terms { delegation_depth: 1, ..some_terms() };
    written.granted(1000, 1, None, &terms).granted(1500, 2, Some(1), &passed_on());
    assert_eq!(written.told(1999), (vec![1], vec![(2, Denial::NotYetValid, 2)]));
    assert_eq!(written.told(2000), (vec![1, 2], vec![]));
    let right = written.at(2000).rights().remove(1);
    assert_eq!((right.chain, right.until), (vec![GrantId(2), GrantId(1)], 8000));
    assert_eq!((right.provider, right.controller), (UNIVERSITY, CITY));

    written.changed(3000, 1, GrantState::Suspended).changed(4000, 1, GrantState::Active);
    written.changed(5000, 1, GrantState::Revoked);
    assert_eq!(written.told(2999), (vec![1, 2], vec![]));
    let suspended = vec![(1, Denial::Suspended, 1), (2, Denial::Suspended, 1)];
    assert_eq!(written.told(3000), (vec![], suspended));
    assert_eq!(written.told(4000), (vec![1, 2], vec![]));
    assert_eq!(written.told(5000), (vec![], vec![(1, Denial::Ended, 1), (2, Denial::Ended, 1)]));
}

#[test]
fn members_must_be_active() {
    let mut written = Written::begun();
    written.granted(1000, 1, None, &some_terms());
    written.status(2000, UNIVERSITY, OrganisationStatus::Suspended);
    written.status(3000, UNIVERSITY, OrganisationStatus::Active);
    written.status(4000, CITY, OrganisationStatus::Expelled);
    assert_eq!(written.told(1999), (vec![1], vec![]));
    assert_eq!(written.told(2000), (vec![], vec![(1, Denial::ConsumerInactive, 1)]));
    let inactive = Decision::Denied { reason: Denial::ConsumerInactive, grant: None };
    assert_eq!(written.at(2000).decide(UNIVERSITY, None, Action::Read, ACADEMIC), inactive);
    assert_eq!(written.told(3000), (vec![1], vec![]));
    assert_eq!(written.told(4000), (vec![], vec![(1, Denial::ProviderInactive, 1)]));
    assert_eq!((written.at(3000).owner(), written.at(4000).owner()), (Some(CITY), None));
}

#[test]
fn use_counts_for_all_above_and_the_sensitivity_is_that_of_the_time() {
    let mut written = Written::begun();
    let limit = UsageLimit { accesses: Some(10), ..UsageLimit::default() };
    let terms = Terms { delegation_depth: 1, limit, ..some_terms() };
    written.granted(1000, 1, None, &terms).granted(1500, 2, Some(1), &Terms { limit, ..passed_on() });
    written.reported(3000, 1, 6).reported(3500, 2, 4);
    assert_eq!(written.told(3499), (vec![1, 2], vec![]));
    let used_up = vec![(1, Denial::LimitReached, 1), (2, Denial::LimitReached, 1)];
    assert_eq!(written.told(3500), (vec![], used_up));

    let mut written = Written::begun();
    written.granted(1000, 1, None, &terms);
    let body = Body::DatasetChanged { dataset: AIR, profile: profile(Sensitivity::Restricted) };
    written.by(2000, CITY, body);
    assert_eq!(written.told(1999), (vec![1], vec![]));
    assert_eq!(written.told(2000), (vec![], vec![(1, Denial::TermsInsufficient, 1)]));
}

#[test]
fn a_dataset_takes_its_grants_along() {
    let mut written = Written::begun();
    written.granted(1000, 1, None, &some_terms());
    written.by(2000, UNIVERSITY, Body::DatasetTransferred { dataset: AIR, from: CITY, to: PARTNER });
    assert_eq!(written.at(1999).rights().remove(0).provider, CITY);
    assert_eq!(written.at(2000).rights().remove(0).provider, PARTNER);
    let decide = |at, who| written.at(at).decide(who, None, Action::Publish, ACADEMIC);
    assert_eq!(decide(2000, PARTNER), Decision::Allowed { chain: vec![] });
    assert_eq!(decide(2000, CITY), Decision::Denied { reason: Denial::NoGrant, grant: None });
    written.status(3000, PARTNER, OrganisationStatus::Left);
    assert_eq!(written.told(3000), (vec![], vec![(1, Denial::ProviderInactive, 1)]));
}

#[test]
fn a_named_content_is_the_version_s() {
    let mut written = Written::begun();
    let versions = Versions { first: 1, last: Some(1), content: Some([9; 32]) };
    written.granted(1000, 1, None, &Terms { versions, ..some_terms() });
    // It may be named before it is there.
    assert_eq!(written.told(1999), (vec![1], vec![]));
    let published = |content: u8| Body::VersionPublished {
        dataset: AIR,
        version: 1,
        content: VersionContent {
            content: [content; 32],
            bytes: 1,
            records: 1,
            media_type: b"text/csv".to_vec().try_into().unwrap(),
            from: 0,
            to: 0,
            sources: Default::default(),
            activity: citynet_primitives::Activity::Collection,
            parameters: None,
            code: Default::default(),
        },
    };
    let mut other = Written(written.0.clone());
    written.by(2000, CITY, published(9));
    other.by(2000, CITY, published(8));
    assert_eq!(written.told(2000), (vec![1], vec![]));
    assert_eq!(other.told(2000), (vec![], vec![(1, Denial::ContentDiffers, 1)]));
    let differs = Decision::Denied { reason: Denial::ContentDiffers, grant: Some(GrantId(1)) };
    assert_eq!(other.at(2000).decide(UNIVERSITY, Some(1), Action::Read, ACADEMIC), differs);
    let none = Decision::Denied { reason: Denial::UnknownVersion, grant: None };
    assert_eq!(other.at(2000).decide(UNIVERSITY, Some(2), Action::Read, ACADEMIC), none);
}

#[test]
fn a_record_that_is_left_out_shows() {
    let mut written = Written::begun();
    written.granted(1000, 1, None, &some_terms()).changed(3000, 1, GrantState::Suspended);
    written.changed(4000, 1, GrantState::Active);
    // Every record up to the last but those of organisations without any part in it.
    for left_out in 3..written.0.len() - 1 {
        let mut records = written.0.clone();
        let missing = records.remove(left_out);
        let found = access_at(AIR, &records, 100_000);
        let is_registration = matches!(missing.body, Body::DatasetRegistered { .. });
        assert_eq!(found.is_err(), !is_registration, "{left_out}: {missing:?}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let grant = GrantId(1);
    let reason = |write: &dyn Fn(&mut Written)| {
        let mut written = Written::begun();
        write(&mut written);
        let Contradiction { record, reason } = written.refused();
        assert_eq!(record, written.0.last().unwrap().index);
        reason
    };
    let (active, offered, terms) = (GrantState::Active, GrantState::Offered, some_terms());
    let illegal = Impossible::IllegalStep { grant, from: offered, to: active };
    assert_eq!(reason(&|w| _ = w.offered(1000, 1, None, &terms).changed(1100, 1, active)), illegal);
    let illegal = Impossible::IllegalStep { grant, from: offered, to: offered };
    assert_eq!(reason(&|w| _ = w.offered(1000, 1, None, &terms).offered(1100, 1, None, &terms)), illegal);
    assert_eq!(reason(&|w| _ = w.changed(1000, 1, active)), Impossible::UnknownGrant(grant));
    assert_eq!(reason(&|w| _ = w.offered(1000, 2, Some(1), &terms)), Impossible::UnknownGrant(grant));
    let other = Terms { not_after: 9001, ..terms.clone() };
    assert_eq!(
        reason(&|w| _ = w.offered(1000, 1, None, &terms).advanced(1100, 1, GrantState::Accepted, &other)),
        Impossible::OtherTerms(grant)
    );
    let others = Terms { consumer: PARTNER, ..terms.clone() };
    let asked = |terms: &Terms| Body::GrantRequested { grant, supersedes: None, terms: terms.clone() };
    assert_eq!(
        reason(&|w| _ = w.offered(1000, 1, None, &terms).by(1100, PARTNER, asked(&others))),
        Impossible::OtherTerms(grant)
    );
    let shrinking = |w: &mut Written| _ = w.granted(1000, 1, None, &terms).reported(2000, 1, 5).reported(2100, 1, 4);
    assert_eq!(reason(&shrinking), Impossible::UsageShrinks(grant));
    let nobody = OrganisationId(9);
    assert_eq!(
        reason(&|w| _ = w.status(1000, nobody, OrganisationStatus::Left)),
        Impossible::UnknownOrganisation(nobody)
    );
    let moved = Body::DatasetTransferred { dataset: AIR, from: PARTNER, to: CITY };
    assert_eq!(reason(&|w| _ = w.by(1000, CITY, moved.clone())), Impossible::WrongOwner(AIR));
    let again = Written::begun().0;
    assert_eq!(reason(&|w| _ = w.by(1000, CITY, again[3].body.clone())), Impossible::BegunTwice);
    assert_eq!(reason(&|w| _ = w.by(1000, CITY, again[0].body.clone())), Impossible::BegunTwice);
    assert_eq!(reason(&|w| _ = w.by(400, CITY, Body::PriceReleased { grant })), Impossible::BackInTime);

    let mut written = Written::begun();
    let changed = Body::DatasetChanged { dataset: AIR, profile: profile(Sensitivity::Open) };
    written.0.remove(3);
    written.0[2].index = 0;
    assert_eq!(written.refused().reason, Impossible::Unordered);
    written.0.truncate(2);
    written.by(1000, CITY, changed);
    assert_eq!(written.refused().reason, Impossible::UnknownDataset(AIR));
    let words = written.refused().to_string();
    assert!(words.starts_with("record 6 contradicts those before it: dataset 7 was not registered"), "{words}");
}

#[test]
fn versions_follow_one_another() {
    let mut written = Written::begun();
    let content = VersionContent {
        content: [1; 32],
        bytes: 1,
        records: 1,
        media_type: b"text/csv".to_vec().try_into().unwrap(),
        from: 0,
        to: 0,
        sources: Default::default(),
        activity: citynet_primitives::Activity::Collection,
        parameters: None,
        code: Default::default(),
    };
    written.by(1000, CITY, Body::VersionPublished { dataset: AIR, version: 2, content });
    assert_eq!(written.refused().reason, Impossible::VersionSkipped { dataset: AIR, version: 2 });
}
