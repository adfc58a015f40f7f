//! Datasets and grants with the runtime's own pallets behind one another: whoever makes something from others' data needs
//! their grant, and not a block longer than it is in force.

use crate::chain::{apply, on, open_block};
use citynet_primitives::{
    Action, Actions, Activity, CodeList, DatasetId, DatasetKind, DatasetProfile, Decision, Denial, Document, GrantId,
    OrganisationId, PersonalData, Price, PurposeCode, ReasonCode, Sensitivity, Source, Subject, Terms, Text,
    UsageLimit, VersionContent, Versions,
};
use citynet_runtime::{
    configs::{Collective, InherentClock},
    genesis_presets::LOCAL,
    AccountId, Catalog, Grants, Journal, Runtime, RuntimeCall, RuntimeOrigin,
};
use citynet_support::Clock;
use frame_support::{assert_noop, assert_ok};
use pallet_catalog::SourceDenied;
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use sp_runtime::{ApplyExtrinsicResult, DispatchError};

const DONE: ApplyExtrinsicResult = Ok(Ok(()));
const CITY: OrganisationId = OrganisationId(1);
const TELECOM: OrganisationId = OrganisationId(2);
const POLYTECHNIC: OrganisationId = OrganisationId(3);
/// The city's.
const AIR: DatasetId = DatasetId(1);
/// The telecom's, made from it.
const AVERAGES: DatasetId = DatasetId(2);
/// The polytechnic's model.
const FORECAST: DatasetId = DatasetId(3);
const RESEARCH: PurposeCode = PurposeCode(2);

fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().expect("it is short")
}

fn register(kind: DatasetKind) -> RuntimeCall {
    let profile = DatasetProfile {
        title: text("Air"),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [1; 32], uri: text("") },
        schema: text(""),
        licence: text("CC-BY-4.0"),
    };
    RuntimeCall::Catalog(pallet_catalog::Call::register { kind, profile })
}

fn publish(dataset: DatasetId, sources: Vec<Source>) -> RuntimeCall {
    let content = VersionContent {
        content: [2; 32],
        bytes: 1,
        records: 1,
        media_type: text("text/csv"),
        from: 1,
        to: 2,
        sources: sources.try_into().expect("there are few"),
        activity: Activity::Aggregation,
        parameters: None,
        code: text(""),
    };
    RuntimeCall::Catalog(pallet_catalog::Call::publish { dataset, content })
}

fn air(grant: Option<GrantId>) -> Vec<Source> {
    vec![Source::Version { dataset: AIR, version: 1, grant }]
}

/// Offers the air for research, so that accepting it is enough.
fn offer(provider: OrganisationId, consumer: OrganisationId, depth: u8, parent: Option<GrantId>) -> RuntimeCall {
    let terms = Terms {
        dataset: AIR,
        versions: Versions { first: 1, last: None, content: None },
        provider,
        consumer,
        controller: CITY,
        actions: [Action::Derive, Action::Train].into_iter().collect::<Actions>(),
        purposes: vec![RESEARCH].try_into().expect("it is one"),
        not_before: 1,
        not_after: 4_000_000_000_000,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: depth,
        restricted_delegation: false,
        jurisdiction: text("RU"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    };
    RuntimeCall::Grants(pallet_grants::Call::offer { terms: Box::new(terms), binding: true, parent, supersedes: None })
}

fn accept(grant: GrantId) -> RuntimeCall {
    let terms_hash = Grants::grant(grant).expect("it was offered").terms_hash;
    RuntimeCall::Grants(pallet_grants::Call::accept { grant, terms_hash })
}

fn denied(reason: Denial) -> ApplyExtrinsicResult {
    let denied = SourceDenied { position: 0, reason };
    Ok(Err(pallet_catalog::Error::<Runtime>::SourceDenied(denied).into()))
}

fn decision(consumer: OrganisationId, action: Action) -> Decision {
    Grants::check_access(consumer, AIR, Some(1), action, RESEARCH, InherentClock::now())
}

#[test]
fn what_is_made_from_others_data_needs_a_grant_in_force() {
    let (root, branch) = (GrantId(1), GrantId(2));
    on(LOCAL, json!({}), || {
        open_block();
        assert_eq!(apply(Alice, register(DatasetKind::Snapshot)), DONE);
        assert_eq!(apply(Bob, register(DatasetKind::Derived)), DONE);
        assert_eq!(apply(Charlie, register(DatasetKind::Model)), DONE);
        assert_eq!(apply(Alice, publish(AIR, Vec::new())), DONE);
        assert_eq!(apply(Bob, publish(AVERAGES, air(None))), denied(Denial::NoGrant));

        assert_eq!(apply(Alice, offer(CITY, TELECOM, 1, None)), DONE);
        assert_eq!(apply(Bob, publish(AVERAGES, air(Some(root)))), denied(Denial::NotFinalized));
        assert_eq!(apply(Bob, accept(root)), DONE);
        assert_eq!(apply(Bob, offer(TELECOM, POLYTECHNIC, 0, Some(root))), DONE);
        assert_eq!(apply(Charlie, accept(branch)), DONE);
        assert_eq!(apply(Bob, publish(AVERAGES, air(Some(root)))), DONE);
        assert_eq!(apply(Charlie, publish(FORECAST, air(Some(root)))), denied(Denial::WrongConsumer));
        assert_eq!(apply(Charlie, publish(FORECAST, air(Some(branch)))), DONE);
        assert_eq!(decision(POLYTECHNIC, Action::Train), Decision::Allowed { chain: vec![branch, root] });
        let read = Decision::Denied { reason: Denial::ActionNotGranted, grant: Some(branch) };
        assert_eq!(decision(POLYTECHNIC, Action::Read), read);

        let (reason, note) = (ReasonCode::TermsBroken, text("it was sold"));
        assert_eq!(apply(Alice, RuntimeCall::Grants(pallet_grants::Call::revoke { grant: root, reason, note })), DONE);
        assert_eq!(apply(Bob, publish(AVERAGES, air(Some(root)))), denied(Denial::Ended));
        assert_eq!(apply(Charlie, publish(FORECAST, air(Some(branch)))), denied(Denial::Ended));
        let ended = Decision::Denied { reason: Denial::Ended, grant: Some(root) };
        assert_eq!(decision(POLYTECHNIC, Action::Train), ended);
        assert_eq!(decision(TELECOM, Action::Derive), Decision::Denied { reason: Denial::NoGrant, grant: None });

        assert_eq!(Catalog::dataset(AVERAGES).map(|info| info.versions), Some(1));
        // The journal finds the heads that the two pallets keep.
        let count = |subject| Journal::subject_head(subject).count;
        assert_eq!(count(Subject::Dataset(AIR)), 2);
        assert_eq!(count(Subject::Grant(root)), 6, "offered, four steps at once, revoked");
        assert_eq!(count(Subject::Grant(branch)), 5);
    });
}

#[test]
fn only_the_council_adds_codes() {
    on(LOCAL, json!({}), || {
        open_block();
        let add = |origin| Grants::add_code(origin, CodeList::Purpose, 900, text("cn:SnowRemoval"));
        assert_noop!(add(RuntimeOrigin::signed(Alice.to_account_id())), DispatchError::BadOrigin);
        assert_ok!(add(pallet_collective::RawOrigin::<AccountId, Collective>::Members(3, 4).into()));
        assert_eq!(Grants::codes(CodeList::Purpose).pop(), Some((900, text("cn:SnowRemoval"))));
    });
}
