//! The worst case of every call: terms as large as they can be, whose codes the council added, a grant that stands on
//! as many others as it may, and a consumer that has as many grants as it may.

use crate::{ActiveGrants, Call, Codes, Config, GrantCount, Grants, Pallet};
use alloc::{boxed::Box, vec, vec::Vec};
use citynet_primitives::{
    AccessReport, Action, CodeList, DatasetId, Decision, Denial, Document, GrantId, GrantInfo, GrantState, Hash,
    LegalBasisCode, Moment, Notice, OrganisationId, PersonalData, Price, PurposeCode, ReasonCode, RefusalReport,
    RefusedCount, RefusedCounts, Stranger, SubjectHead, Terms, Text, Usage, UsageLimit, Versions, MAX_DELEGATION_DEPTH,
};
use citynet_support::{Catalogue, Membership};
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{EnsureOrigin, Get},
    BoundedVec,
};
use frame_system::RawOrigin;

/// Codes that the chain was not born with.
const CODES: core::ops::Range<u16> = 1_000..1_008;
const LEGAL_BASIS: LegalBasisCode = LegalBasisCode(1_000);

fn text<const N: u32>(byte: u8) -> Text<N> {
    Text::truncate_from(vec![byte; 256])
}

/// The longest note.
fn note() -> Text<256> {
    text(b'n')
}

fn document() -> Document {
    Document { hash: [7; 32], uri: text(b'u') }
}

/// The caller with an organisation of its own.
fn member<T: Config>() -> (T::AccountId, OrganisationId) {
    let account = whitelisted_caller();
    let organisation = T::Membership::admit(&account);
    (account, organisation)
}

/// Organisations that are not the caller's.
struct Others {
    /// Owns the dataset.
    owner: OrganisationId,
    /// Those between the owner and whoever has the last grant but one.
    between: [OrganisationId; 3],
    controller: OrganisationId,
    /// Provider or consumer of the last grant.
    party: OrganisationId,
}

fn others<T: Config>() -> Others {
    let [owner, one, two, three, controller, party] =
        [0, 1, 2, 3, 4, 5].map(|number| T::Membership::admit(&account("organisation", number, 0)));
    Others { owner, between: [one, two, three], controller, party }
}

/// The largest terms, of the one version that a dataset has.
fn terms<T: Config>(
    dataset: DatasetId,
    provider: OrganisationId,
    consumer: OrganisationId,
    controller: OrganisationId,
    delegation_depth: u8,
) -> Terms {
    for code in CODES {
        Codes::<T>::insert(CodeList::Purpose, code, text::<64>(b'p'));
    }
    Codes::<T>::insert(CodeList::LegalBasis, LEGAL_BASIS.0, text::<64>(b'l'));
    Terms {
        dataset,
        versions: Versions { first: 1, last: Some(1), content: T::Catalogue::content(dataset, 1) },
        provider,
        consumer,
        controller,
        actions: Action::ALL.iter().copied().collect(),
        purposes: BoundedVec::truncate_from(CODES.map(PurposeCode).collect()),
        not_before: 0,
        not_after: Moment::MAX,
        limit: UsageLimit { accesses: Some(u64::MAX), records: Some(u64::MAX), bytes: Some(u64::MAX) },
        price: Price::Contract { contract: document() },
        delegation_depth,
        restricted_delegation: true,
        jurisdiction: Text::truncate_from(b"RU-SPE".to_vec()),
        legal_basis: Some(LEGAL_BASIS),
        personal_data: PersonalData::SpecialCategory,
        consent: None,
        notice: Some(Notice { hash: [7; 32], language: Text::truncate_from(b"ru-Cyrla".to_vec()) }),
        retention_days: Some(u32::MAX),
        recipients: BoundedVec::truncate_from(vec![text(b'r'); 8]),
        assessment: Some([7; 32]),
        withdrawal: Some(text(b'w')),
        agreement: Some(document()),
    }
}

/// Puts a grant straight into storage: through calls, the set-up would take up the block's records.
fn put<T: Config>(terms: Terms, state: GrantState, parent: Option<GrantId>, supersedes: Option<GrantId>) -> GrantId {
    let grant = GrantId(GrantCount::<T>::get().saturating_add(1));
    GrantCount::<T>::put(grant.0);
    if matches!(state, GrantState::Active | GrantState::Suspended) {
        // Of those that do not fit nobody asks.
        ActiveGrants::<T>::mutate(terms.dataset, terms.consumer, |list| list.try_push(grant).unwrap_or_default());
    }
    Grants::<T>::insert(
        grant,
        GrantInfo {
            state,
            parent,
            supersedes,
            binding: true,
            terms_hash: sp_io::hashing::sha2_256(&terms.to_bytes()),
            terms,
            active_since: state.was_active().then_some(0),
            ended: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            head: SubjectHead { count: 1, chain: [7; 32] },
        },
    );
    grant
}

/// As many grants in a line as one may stand on, from the dataset's owner to `last`. Gives the last one.
fn lineage<T: Config>(
    dataset: DatasetId,
    others: &Others,
    last: OrganisationId,
    first_state: GrantState,
) -> Option<GrantId> {
    let [one, two, three] = others.between;
    let holders = [others.owner, one, two, three, last];
    let (mut parent, mut state, mut depth) = (None, first_state, MAX_DELEGATION_DEPTH);
    for (from, to) in holders.iter().zip(holders.iter().skip(1)) {
        parent = Some(put::<T>(terms::<T>(dataset, *from, *to, others.controller, depth), state, parent, None));
        state = GrantState::Active;
        depth = depth.saturating_sub(1);
    }
    parent
}

/// A grant of a dataset's owner.
fn root<T: Config>(provider: OrganisationId, consumer: OrganisationId, others: &Others, state: GrantState) -> GrantId {
    let dataset = T::Catalogue::add(provider);
    put::<T>(terms::<T>(dataset, provider, consumer, others.controller, MAX_DELEGATION_DEPTH), state, None, None)
}

/// Terms of a grant that stands on as many others as it may, its parent, and the grant that it supersedes.
fn leaf<T: Config>(
    provider: OrganisationId,
    consumer: OrganisationId,
    others: &Others,
) -> (Terms, Option<GrantId>, Option<GrantId>) {
    let dataset = T::Catalogue::add(others.owner);
    let parent = lineage::<T>(dataset, others, provider, GrantState::Active);
    let terms = terms::<T>(dataset, provider, consumer, others.controller, 0);
    let superseded = put::<T>(terms.clone(), GrantState::Active, parent, None);
    (terms, parent, Some(superseded))
}

/// Gives a consumer as many grants as it may have, of which it has one.
fn crowd<T: Config>(terms: &Terms, parent: Option<GrantId>) {
    for _ in 1..T::MaxGrantsPerConsumer::get() {
        put::<T>(terms.clone(), GrantState::Active, parent, None);
    }
}

/// As many children as asked for.
fn pass_on<T: Config>(grant: GrantId, provider: OrganisationId, consumer: OrganisationId, children: u32) {
    let Some(info) = Grants::<T>::get(grant) else { return };
    let depth = info.terms.delegation_depth.saturating_sub(1);
    for _ in 0..children {
        let terms = Terms { provider, consumer, delegation_depth: depth, ..info.terms.clone() };
        put::<T>(terms, GrantState::Active, Some(grant), None);
    }
}

/// A grant at this price for other pallets' benchmarks, with the hash of its terms and a use of a thousand of each kind.
pub(crate) fn priced<T: Config>(
    provider: OrganisationId,
    consumer: OrganisationId,
    price: Price,
    state: GrantState,
) -> (GrantId, Hash) {
    let dataset = T::Catalogue::add(provider);
    let terms = Terms { price, ..terms::<T>(dataset, provider, consumer, provider, 0) };
    let terms_hash = sp_io::hashing::sha2_256(&terms.to_bytes());
    let grant = put::<T>(terms, state, None, None);
    Grants::<T>::mutate(grant, |info| {
        if let Some(info) = info {
            info.used = Usage { accesses: 1_000, records: 1_000, bytes: 1_000 };
        }
    });
    (grant, terms_hash)
}

fn info_of<T: Config>(grant: GrantId) -> Result<GrantInfo, BenchmarkError> {
    Grants::<T>::get(grant).ok_or(BenchmarkError::Stop("the grant does not exist"))
}

fn last<T: Config>() -> GrantId {
    GrantId(GrantCount::<T>::get())
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn request() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let superseded = root::<T>(others.owner, organisation, &others, GrantState::Active);
        let terms = info_of::<T>(superseded)?.terms;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), Box::new(terms), Some(superseded));

        assert_eq!(info_of::<T>(last::<T>())?.state, GrantState::Requested);
        Ok(())
    }

    #[benchmark]
    fn offer() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, superseded) = leaf::<T>(organisation, others.party, &others);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), Box::new(terms), true, parent, superseded);

        assert_eq!(info_of::<T>(last::<T>())?.state, GrantState::Offered);
        Ok(())
    }

    #[benchmark]
    fn counter_request() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, superseded) = leaf::<T>(others.party, organisation, &others);
        let grant = put::<T>(terms.clone(), GrantState::Offered, parent, superseded);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, Box::new(terms));

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Requested);
        Ok(())
    }

    #[benchmark]
    fn counter_offer() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, superseded) = leaf::<T>(organisation, others.party, &others);
        let grant = put::<T>(terms.clone(), GrantState::Requested, parent, superseded);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, Box::new(terms), true);

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Offered);
        Ok(())
    }

    /// The offer is binding.
    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, superseded) = leaf::<T>(others.party, organisation, &others);
        crowd::<T>(&terms, parent);
        let grant = put::<T>(terms, GrantState::Offered, parent, superseded);
        let terms_hash = info_of::<T>(grant)?.terms_hash;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, terms_hash);

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Active);
        Ok(())
    }

    #[benchmark]
    fn agree() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(organisation, others.party, &others, GrantState::Requested);
        let terms_hash = info_of::<T>(grant)?.terms_hash;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, terms_hash);

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Agreed);
        Ok(())
    }

    /// The call `verify`, whose name the macro takes.
    #[benchmark]
    fn verify_agreement() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(others.owner, organisation, &others, GrantState::Agreed);

        #[extrinsic_call]
        verify(RawOrigin::Signed(caller), grant);

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Verified);
        Ok(())
    }

    #[benchmark]
    fn finalize() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, superseded) = leaf::<T>(organisation, others.party, &others);
        crowd::<T>(&terms, parent);
        let grant = put::<T>(terms, GrantState::Verified, parent, superseded);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant);

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Active);
        Ok(())
    }

    #[benchmark]
    fn terminate() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(organisation, others.party, &others, GrantState::Requested);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, ReasonCode::NoAgreement, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Terminated);
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(organisation, others.party, &others, GrantState::Active);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, ReasonCode::TermsBroken, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Suspended);
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(organisation, others.party, &others, GrantState::Suspended);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Active);
        Ok(())
    }

    /// `c` grants stand on the one that is revoked.
    #[benchmark]
    fn revoke(c: Linear<0, 200>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(organisation, others.party, &others, GrantState::Active);
        crowd::<T>(&info_of::<T>(grant)?.terms, None);
        let [child, ..] = others.between;
        pass_on::<T>(grant, others.party, child, c);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, ReasonCode::TermsBroken, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Revoked);
        Ok(())
    }

    #[benchmark]
    fn renounce() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(others.owner, organisation, &others, GrantState::Active);
        crowd::<T>(&info_of::<T>(grant)?.terms, None);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, ReasonCode::NotNeeded, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Completed);
        Ok(())
    }

    #[benchmark]
    fn withdraw_consent() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = Others { controller: organisation, ..others::<T>() };
        let grant = root::<T>(others.owner, others.party, &others, GrantState::Active);
        crowd::<T>(&info_of::<T>(grant)?.terms, None);
        Grants::<T>::mutate(grant, |info| {
            if let Some(info) = info {
                info.terms.consent = Some([7; 32]);
            }
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, note());

        assert_eq!(info_of::<T>(grant)?.state, GrantState::Revoked);
        Ok(())
    }

    /// Every grant on the way up counts the use, and access was refused for every reason.
    #[benchmark]
    fn report() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let (terms, parent, _) = leaf::<T>(organisation, others.party, &others);
        let grant = put::<T>(terms, GrantState::Active, parent, None);
        let refused: Vec<RefusedCount> =
            Denial::ALL.iter().map(|reason| RefusedCount { reason: *reason, count: 1 }).collect();
        let refusals = u64::try_from(refused.len()).map_err(|_| BenchmarkError::Stop("too many reasons"))?;
        let reported = AccessReport {
            counter: 1,
            from: 1,
            to: 2,
            usage: Usage { accesses: 1, records: 1, bytes: 1 },
            refused: RefusedCounts::truncate_from(refused),
            receipts: refusals.saturating_add(1),
            root: [7; 32],
        };

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, reported);

        assert_eq!(info_of::<T>(grant)?.last_report, 1);
        Ok(())
    }

    #[benchmark]
    fn contest() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let others = others::<T>();
        let grant = root::<T>(others.owner, organisation, &others, GrantState::Active);
        Grants::<T>::mutate(grant, |info| {
            if let Some(info) = info {
                info.last_report = 1;
                info.reported_until = 1;
            }
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, 1, Usage::default(), note());

        assert_eq!(crate::Contested::<T>::get(grant), Some(1));
        Ok(())
    }

    #[benchmark]
    fn report_refusals(n: Linear<1, 64>) {
        let (caller, organisation) = member::<T>();
        let dataset = T::Catalogue::add(organisation);
        let strangers: Vec<Stranger> = (0..n)
            .map(|number| Stranger { requester: sp_io::hashing::sha2_256(&number.to_le_bytes()), count: 1 })
            .collect();
        let reported = RefusalReport {
            counter: 1,
            from: 1,
            to: 2,
            strangers: BoundedVec::truncate_from(strangers),
            receipts: n.into(),
            root: [7; 32],
        };

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset, reported);

        assert!(crate::RefusalReports::<T>::contains_key(dataset));
    }

    #[benchmark]
    fn add_code() -> Result<(), BenchmarkError> {
        let origin = T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, CodeList::Purpose, u16::MAX, text::<64>(b'c'));

        assert!(Codes::<T>::contains_key(CodeList::Purpose, u16::MAX));
        Ok(())
    }

    /// The consumer has as many grants as it may. Each of them fails at the last grant that it stands on, and on one of
    /// them stand `c` others.
    #[benchmark]
    fn check_access(c: Linear<0, 200>) -> Result<(), BenchmarkError> {
        let (_, organisation) = member::<T>();
        let others = others::<T>();
        let dataset = T::Catalogue::add(others.owner);
        for _ in 0..T::MaxGrantsPerConsumer::get() {
            let parent = lineage::<T>(dataset, &others, others.party, GrantState::Suspended);
            let terms = terms::<T>(dataset, others.party, organisation, others.controller, 0);
            put::<T>(terms, GrantState::Active, parent, None);
        }
        let [child, ..] = others.between;
        pass_on::<T>(last::<T>(), organisation, child, c);
        let decision;

        #[block]
        {
            let purpose = PurposeCode(CODES.start);
            decision = Pallet::<T>::check_access(organisation, dataset, Some(1), Action::Train, purpose, 0);
        }

        let suspended = matches!(decision, Decision::Denied { reason: Denial::Suspended, .. });
        assert!(suspended);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
