use crate::{mock::*, Contested, Error, Event, RefusalReports};
use citynet_primitives::{
    AccessReport, Body, Denial, GrantId, GrantState, Hash, Moment, OrganisationStatus, RefusalReport, RefusedCount,
    RefusedCounts, Sensitivity, Stranger, Subject, Terms, Usage, UsageLimit,
};
use citynet_support::{
    mock::{MockCatalogue, MockClock, MockJournal, MockMembership},
    AccountBytes,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

/// A root over some receipts.
const ROOT: Hash = [7; 32];

/// The root over no receipts, `SHA256("")`.
const ROOT_OF_NOTHING: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

pub(super) fn usage(accesses: u64, records: u64, bytes: u64) -> Usage {
    Usage { accesses, records, bytes }
}

/// A report about the last second, or what of it was not reported before, in which the grant's own use grew by `grown`.
/// It advances the clock by this second.
pub(super) fn next_report(grant: GrantId, grown: Usage) -> AccessReport {
    MockClock::advance(1_000);
    let info = info(grant);
    AccessReport {
        counter: info.last_report + 1,
        from: info.reported_until.max(now() - 1_000),
        to: now(),
        usage: info.used.checked_add(&grown).expect("the counts are small"),
        refused: RefusedCounts::default(),
        receipts: grown.accesses,
        root: if grown.accesses == 0 { ROOT_OF_NOTHING } else { ROOT },
    }
}

/// The provider reports.
pub(super) fn submit(grant: GrantId, report: AccessReport) -> DispatchResult {
    Grants::report(signed(attestor(provider(grant))), grant, report)
}

/// The provider reports so many accesses more.
pub(super) fn use_accesses(grant: GrantId, accesses: u64) {
    let report = next_report(grant, usage(accesses, 0, 0));
    assert_ok!(submit(grant, report));
}

fn refused(counts: &[(Denial, u64)]) -> RefusedCounts {
    let counts = counts.iter().map(|(reason, count)| RefusedCount { reason: *reason, count: *count });
    counts.collect::<Vec<_>>().try_into().unwrap()
}

fn limit(accesses: u64) -> UsageLimit {
    UsageLimit { accesses: Some(accesses), ..UsageLimit::default() }
}

#[test]
fn reports_what_was_used_and_refused() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let first = AccessReport {
            refused: refused(&[(Denial::Suspended, 2), (Denial::ActionNotGranted, 1)]),
            receipts: 8,
            ..next_report(grant, usage(5, 500, 5_000))
        };
        let before = info(grant);
        assert_ok!(submit(grant, first.clone()));
        let body = Body::AccessReported { grant, report: first.clone() };
        let record = assert_recorded(&attestor(CITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(last_event(), Event::AccessReported { grant, counter: 1, record });
        let after = info(grant);
        assert_eq!((after.last_report, after.reported_until), (1, first.to));
        assert_eq!((after.used, after.used_in_all), (first.usage, first.usage));
        assert_eq!((after.state, after.terms, after.active_since), (before.state, before.terms, before.active_since));

        // Counters may leave out numbers. What was reported is counted on.
        let second = AccessReport { counter: 9, ..next_report(grant, usage(1, 0, 0)) };
        assert_ok!(submit(grant, second));
        assert_eq!((info(grant).last_report, info(grant).used), (9, usage(6, 500, 5_000)));

        // Refusals alone.
        let third = AccessReport {
            refused: refused(&[(Denial::Expired, 3)]),
            receipts: 3,
            root: ROOT,
            ..next_report(grant, Usage::default())
        };
        assert_ok!(submit(grant, third));
        assert_eq!((info(grant).last_report, info(grant).used), (10, usage(6, 500, 5_000)));

        // More records of an access that a receipt was given for before.
        let fourth = next_report(grant, usage(0, 1, 10));
        assert_eq!((fourth.receipts, fourth.root), (0, ROOT_OF_NOTHING));
        assert_ok!(submit(grant, fourth));
        assert_eq!(info(grant).used, usage(6, 501, 5_010));
    });
}

#[test]
fn what_is_used_is_used_of_all_that_it_stands_on() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        let beside = delegate(root, CLINIC);
        for (grant, grown) in [
            (leaf, usage(1, 10, 100)),
            (root, usage(2, 20, 200)),
            (middle, usage(4, 40, 400)),
            (beside, usage(8, 80, 800)),
        ] {
            let others = [root, middle, leaf, beside].map(|other| (other, info(other).used, info(other).last_report));
            let report = next_report(grant, grown);
            assert_ok!(submit(grant, report));
            for (other, used, last_report) in others.into_iter().filter(|(other, ..)| *other != grant) {
                assert_eq!((info(other).used, info(other).last_report), (used, last_report));
            }
            assert_eq!(info(grant).used, grown);
        }
        assert_eq!(info(leaf).used_in_all, usage(1, 10, 100));
        assert_eq!(info(middle).used_in_all, usage(5, 50, 500));
        assert_eq!(info(beside).used_in_all, usage(8, 80, 800));
        assert_eq!(info(root).used_in_all, usage(15, 150, 1_500));
        // The record is about the grant that was used, and each was reported once.
        for grant in [root, middle, leaf, beside] {
            let about = |entry: &citynet_primitives::Entry| entry.subjects.contains(&Subject::Grant(grant));
            let records = MockJournal::entries().into_iter().filter(about);
            assert_eq!(records.filter(|entry| entry.record.body.kind() == "access_reported").count(), 1);
        }
    });
}

#[test]
fn no_limit_is_exceeded() {
    for limit in [
        UsageLimit { accesses: Some(3), ..UsageLimit::default() },
        UsageLimit { records: Some(3), ..UsageLimit::default() },
        UsageLimit { bytes: Some(3), ..UsageLimit::default() },
    ] {
        ExtBuilder::default().run(|| {
            let root = activate(Terms { limit, ..terms() });
            let sub = delegate(root, TELECOM);
            let leaf = delegate(sub, CLINIC);
            let report = next_report(leaf, usage(4, 4, 4));
            assert_noop!(submit(leaf, report), Error::<Test>::LimitExceeded);
            let report = next_report(leaf, usage(2, 2, 2));
            assert_ok!(submit(leaf, report));
            // What is left is left for all of them together.
            for grant in [root, sub, leaf] {
                let report = next_report(grant, usage(2, 2, 2));
                assert_noop!(submit(grant, report), Error::<Test>::LimitExceeded);
            }
            let report = next_report(sub, usage(1, 1, 1));
            assert_ok!(submit(sub, report));
            for grant in [root, sub, leaf] {
                let report = next_report(grant, usage(1, 1, 1));
                assert_noop!(submit(grant, report), Error::<Test>::LimitExceeded);
            }
        });
    }
}

#[test]
fn a_sub_grant_may_have_less() {
    ExtBuilder::default().run(|| {
        let root = activate(Terms { limit: limit(3), ..terms() });
        let sub = delegate_with(root, Terms { limit: limit(1), ..sub_terms(root, TELECOM) });
        let report = next_report(sub, usage(2, 0, 0));
        assert_noop!(submit(sub, report), Error::<Test>::LimitExceeded);
        use_accesses(sub, 1);
        use_accesses(root, 2);
    });
}

#[test]
fn what_has_ended_can_still_be_reported() {
    for state in [GrantState::Suspended, GrantState::Revoked, GrantState::Completed] {
        ExtBuilder::default().run(|| {
            let grant = activate(terms());
            let since = now();
            let report = next_report(grant, usage(1, 1, 1));
            assert_ok!(match state {
                GrantState::Suspended => suspend(grant),
                GrantState::Revoked => revoke(grant),
                _ => renounce(grant),
            });
            assert_ok!(submit(grant, report));
            assert_eq!(info(grant).state, state);

            // But not that it was used afterwards, though that somebody tried.
            let report = next_report(grant, usage(1, 1, 1));
            assert!(report.from > since);
            if state == GrantState::Suspended {
                assert_ok!(submit(grant, report));
            } else {
                assert_noop!(submit(grant, report), Error::<Test>::UsageOutsideGrant);
                let tried = AccessReport {
                    refused: refused(&[(Denial::Ended, 1)]),
                    receipts: 1,
                    root: ROOT,
                    ..next_report(grant, Usage::default())
                };
                assert_ok!(submit(grant, tried));
            }
        });
    }
}

#[test]
fn use_lies_in_the_time_of_the_grant() {
    ExtBuilder::default().run(|| {
        let begin = now() + HOUR;
        let end = begin + HOUR;
        let grant = activate(Terms { not_before: begin, not_after: end, ..terms() });
        let report = |from, to| AccessReport { from, to, ..next_report(grant, usage(1, 1, 1)) };
        MockClock::set(end + HOUR);
        let before = report(begin - 10, begin);
        assert_noop!(submit(grant, before), Error::<Test>::UsageOutsideGrant);
        let after = report(end, end + 10);
        assert_noop!(submit(grant, after), Error::<Test>::UsageOutsideGrant);
        let first = report(begin - 10, begin + 1);
        assert_ok!(submit(grant, first));
        let last = report(end - 1, end + 10);
        assert_ok!(submit(grant, last));
    });
    // Before it was finalised there was nothing to use.
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let since = now();
        let report = |from, to| AccessReport { from, to, ..next_report(grant, usage(1, 1, 1)) };
        let before = report(since - 10, since);
        assert_noop!(submit(grant, before), Error::<Test>::UsageOutsideGrant);
        let first = report(since - 10, since + 1);
        assert_ok!(submit(grant, first));
    });
    // Nor after something that it stands on had ended.
    ExtBuilder::default().run(|| {
        let [root, _, leaf] = chain();
        MockClock::advance(HOUR);
        let ended = now();
        assert_ok!(revoke(root));
        let report = |from, to| AccessReport { from, to, ..next_report(leaf, usage(1, 1, 1)) };
        MockClock::advance(HOUR);
        let after = report(ended, ended + 10);
        assert_noop!(submit(leaf, after), Error::<Test>::UsageOutsideGrant);
        let last = report(ended - 1, ended + 10);
        assert_ok!(submit(leaf, last));
        assert_eq!(info(root).used_in_all, usage(1, 1, 1));
    });
}

#[test]
fn the_gateway_is_that_of_the_provider() {
    ExtBuilder::default().run(|| {
        let [root, middle, _] = chain();
        let report = next_report(middle, usage(1, 1, 1));
        for organisation in [CITY, TELECOM, CLINIC] {
            assert_noop!(
                Grants::report(signed(attestor(organisation)), middle, report.clone()),
                Error::<Test>::NotProvider
            );
        }
        assert_ok!(Grants::report(signed(attestor(UNIVERSITY)), middle, report));

        // Whoever owns the dataset now.
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        let report = next_report(root, usage(1, 1, 1));
        assert_noop!(Grants::report(signed(attestor(CITY)), root, report.clone()), Error::<Test>::NotProvider);
        assert_ok!(Grants::report(signed(attestor(TELECOM)), root, report));
    });
}

#[test]
fn refuses_reports() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        use_accesses(grant, 3);
        let report = next_report(grant, usage(2, 2, 2));
        let report = || report.clone();
        let until = info(grant).reported_until;

        let call = |origin| Grants::report(origin, grant, report());
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar(CITY))), MockMembership::NOT_AUTHORIZED);
        assert_noop!(Grants::report(signed(attestor(CITY)), GrantId(9), report()), Error::<Test>::NotFound);

        let refusal = |report, error: Error<Test>| {
            assert_noop!(submit(grant, report), error);
        };
        for counter in [0, 1] {
            refusal(AccessReport { counter, ..report() }, Error::CounterNotIncreasing);
        }
        for (from, to) in [(until, until), (until + 1, until), (until, now() + MAX_TIME_AHEAD + 1)] {
            refusal(AccessReport { from, to, ..report() }, Error::WindowInvalid);
        }
        refusal(AccessReport { from: until - 1, ..report() }, Error::WindowOverlaps);
        for usage in [usage(2, 9, 9), usage(0, 0, 0)] {
            refusal(AccessReport { usage, ..report() }, Error::UsageDecreased);
        }
        refusal(
            AccessReport { usage: info(grant).used, receipts: 0, root: ROOT_OF_NOTHING, ..report() },
            Error::NothingToReport,
        );
        for counts in [
            &[(Denial::Expired, 1), (Denial::Suspended, 1)][..],
            &[(Denial::Expired, 1), (Denial::Expired, 1)],
            &[(Denial::Expired, 0)],
        ] {
            refusal(AccessReport { refused: refused(counts), receipts: 4, ..report() }, Error::RefusedUnordered);
        }
        for receipts in [0, 1, 3, u64::MAX] {
            refusal(AccessReport { receipts, ..report() }, Error::ReceiptsMiscounted);
        }
        for count in [1, u64::MAX] {
            let refused = refused(&[(Denial::Suspended, 1), (Denial::Expired, count)]);
            refusal(AccessReport { refused, ..report() }, Error::ReceiptsMiscounted);
        }
        let no_access = usage(3, 9, 9);
        refusal(AccessReport { usage: no_access, receipts: 0, root: ROOT, ..report() }, Error::RootOfNothing);

        MockJournal::fail(true);
        assert_noop!(submit(grant, report()), MockJournal::FAILURE);
        MockJournal::fail(false);
        // As far ahead as clocks may be off.
        assert_ok!(submit(grant, AccessReport { to: now() + MAX_TIME_AHEAD, ..report() }));
    });
}

#[test]
fn refuses_reports_of_what_was_never_active() {
    ExtBuilder::default().run(|| {
        for state in [GrantState::Requested, GrantState::Offered, GrantState::Verified, GrantState::Terminated] {
            let grant = grant_in(state, terms());
            let report = next_report(grant, usage(1, 1, 1));
            assert_noop!(submit(grant, report), Error::<Test>::NeverActive);
        }
    });
}

#[test]
fn whatever_is_reported_below_more_can_be_reported_above() {
    ExtBuilder::default().run(|| {
        let [root, middle, _] = chain();
        let report = next_report(middle, usage(1, 0, u64::MAX));
        assert_ok!(submit(middle, report));
        let report = next_report(root, usage(1, 0, 5));
        assert_ok!(submit(root, report));
        assert_eq!((info(root).used, info(root).used_in_all), (usage(1, 0, 5), usage(2, 0, u64::MAX)));
        assert_eq!(info(middle).used_in_all, usage(1, 0, u64::MAX));
    });
}

#[test]
fn contests_the_last_report_once() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        use_accesses(grant, 5);
        let before = info(grant);
        let call = |counter| {
            Grants::contest(signed(registrar(UNIVERSITY)), grant, counter, usage(4, 0, 0), text("one did not arrive"))
        };
        for counter in [0, 2] {
            assert_noop!(call(counter), Error::<Test>::NotLastReport);
        }
        assert_ok!(call(1));
        let body =
            Body::AccessContested { grant, counter: 1, usage: usage(4, 0, 0), reason: text("one did not arrive") };
        let record = assert_recorded(&registrar(UNIVERSITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(last_event(), Event::AccessContested { grant, counter: 1, record });
        assert_eq!(Contested::<Test>::get(grant), Some(1));
        let head = info(grant).head;
        assert_eq!(info(grant), citynet_primitives::GrantInfo { head, ..before });
        assert_noop!(call(1), Error::<Test>::AlreadyContested);

        use_accesses(grant, 1);
        assert_noop!(call(1), Error::<Test>::NotLastReport);
        assert_ok!(call(2));
        assert_noop!(call(2), Error::<Test>::AlreadyContested);

        // After its end too: the last report comes after it.
        let report = next_report(grant, usage(1, 0, 0));
        assert_ok!(revoke(grant));
        assert_ok!(submit(grant, report));
        assert_ok!(call(3));
    });
}

#[test]
fn refuses_to_contest() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let call = |origin, grant, reason| Grants::contest(origin, grant, 1, Usage::default(), reason);
        let consumer = || signed(registrar(UNIVERSITY));
        // There is no report yet, under any number.
        assert_noop!(call(consumer(), grant, note()), Error::<Test>::NotLastReport);
        assert_noop!(Grants::contest(consumer(), grant, 0, Usage::default(), note()), Error::<Test>::NotLastReport);
        use_accesses(grant, 1);
        assert_noop!(call(RuntimeOrigin::none(), grant, note()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), grant, note()), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor(UNIVERSITY)), grant, note()), MockMembership::NOT_AUTHORIZED);
        for organisation in [CITY, CLINIC, TELECOM] {
            assert_noop!(call(signed(registrar(organisation)), grant, note()), Error::<Test>::NotConsumer);
        }
        assert_noop!(call(consumer(), GrantId(9), note()), Error::<Test>::NotFound);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(call(consumer(), grant, reason), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(consumer(), grant, note()), MockJournal::FAILURE);
        MockJournal::fail(false);
        MockMembership::set_status(UNIVERSITY, OrganisationStatus::Suspended);
        assert_noop!(call(consumer(), grant, note()), MockMembership::NOT_MEMBER);
    });
}

fn strangers(counts: &[(u8, u64)]) -> frame_support::BoundedVec<Stranger, frame_support::traits::ConstU32<64>> {
    let strangers = counts.iter().map(|(seed, count)| Stranger { requester: [*seed; 32], count: *count });
    strangers.collect::<Vec<_>>().try_into().unwrap()
}

fn refusals(counter: u64, from: Moment, to: Moment) -> RefusalReport {
    RefusalReport { counter, from, to, strangers: strangers(&[(2, 1), (1, 4)]), receipts: 5, root: ROOT }
}

#[test]
fn reports_refusals_of_strangers() {
    ExtBuilder::default().run(|| {
        let gateway = || signed(attestor(CITY));
        let report = refusals(1, now() - 10, now());
        assert_ok!(Grants::report_refusals(gateway(), AIR, report.clone()));
        let entry = MockJournal::last().expect("the call wrote a record");
        assert_eq!(entry.record.body, Body::RefusalsReported { dataset: AIR, report });
        assert_eq!((entry.record.organisation, entry.record.account), (CITY, attestor(CITY).account_bytes()));
        // Not about the dataset, whose head is kept elsewhere.
        assert_eq!(entry.subjects.to_vec(), [Subject::Organisation(CITY)]);
        let record = entry.record.index;
        assert_eq!(last_event(), Event::RefusalsReported { dataset: AIR, counter: 1, record });
        assert_eq!(RefusalReports::<Test>::get(AIR), (1, now()));

        // Each dataset counts for itself.
        assert_ok!(Grants::report_refusals(gateway(), TRAFFIC, refusals(1, now() - 10, now())));
        // Of a dataset that changed hands, the new owner's gateway counts on.
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        let from = now();
        MockClock::advance(10);
        let next = refusals(2, from, now());
        assert_noop!(Grants::report_refusals(gateway(), AIR, next.clone()), Error::<Test>::NotOwner);
        assert_ok!(Grants::report_refusals(signed(attestor(TELECOM)), AIR, next));
        assert_eq!(RefusalReports::<Test>::get(AIR), (2, now()));
    });
}

#[test]
fn refuses_reports_of_refusals() {
    ExtBuilder::default().run(|| {
        let gateway = || signed(attestor(CITY));
        let until = now();
        assert_ok!(Grants::report_refusals(gateway(), AIR, refusals(3, until - 10, until)));
        MockClock::advance(10);
        let report = || refusals(4, until, now());

        let call = |origin| Grants::report_refusals(origin, AIR, report());
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar(CITY))), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(signed(attestor(UNIVERSITY))), Error::<Test>::NotOwner);
        assert_noop!(Grants::report_refusals(gateway(), NOWHERE, report()), Error::<Test>::UnknownDataset);

        let refusal = |report, error: Error<Test>| {
            assert_noop!(Grants::report_refusals(gateway(), AIR, report), error);
        };
        for counter in [0, 3] {
            refusal(RefusalReport { counter, ..report() }, Error::CounterNotIncreasing);
        }
        for (from, to) in [(until, until), (until + 1, until), (until, now() + MAX_TIME_AHEAD + 1)] {
            refusal(RefusalReport { from, to, ..report() }, Error::WindowInvalid);
        }
        refusal(RefusalReport { from: until - 1, ..report() }, Error::WindowOverlaps);
        refusal(RefusalReport { strangers: strangers(&[]), receipts: 0, ..report() }, Error::NothingToReport);
        for counts in [[(1, 4), (1, 1)], [(1, 5), (2, 0)]] {
            refusal(RefusalReport { strangers: strangers(&counts), ..report() }, Error::InvalidStrangers);
        }
        for receipts in [0, 4, 6] {
            refusal(RefusalReport { receipts, ..report() }, Error::ReceiptsMiscounted);
        }
        let too_many = strangers(&[(1, u64::MAX), (2, 6)]);
        refusal(RefusalReport { strangers: too_many, ..report() }, Error::ReceiptsMiscounted);

        MockJournal::fail(true);
        assert_noop!(Grants::report_refusals(gateway(), AIR, report()), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(Grants::report_refusals(gateway(), AIR, RefusalReport { to: now() + MAX_TIME_AHEAD, ..report() }));
    });
}
