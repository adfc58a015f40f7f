use crate::{mock::*, AttestItem, Call, Error, Event, WeightInfo};
use citynet_primitives::{Batch, DeviceId, Signature};
use citynet_support::mock::{MockGenesis, MockJournal, MockMembership};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{GetDispatchInfo, PostDispatchInfo},
    weights::Weight,
};
use sp_runtime::DispatchError;

/// Submits and gives the weight that was used.
fn submit(items: Vec<AttestItem>) -> Weight {
    let PostDispatchInfo { actual_weight, .. } =
        Attestations::attest_many(signed(attestor()), many(items)).expect("a member's attest_many succeeds");
    actual_weight.expect("attest_many says what it used")
}

fn forged(batch: Batch) -> AttestItem {
    AttestItem { batch, signature: Signature::default() }
}

#[test]
fn a_refused_item_does_not_lose_the_others() {
    ExtBuilder::default().run(|| {
        let (first, second) = (register(&pair(1)), register(&pair(2)));
        let proof = prove(&pair(3), &MockGenesis::HASH, TELECOM, DeviceId(0), 0, now());
        assert_ok!(Attestations::register(signed(stranger_registrar()), profile(), key(&pair(3)), proof, now()));
        let foreign = DeviceId(3);
        let records = MockJournal::entries().len() as u64;
        System::reset_events();

        let one = next_batch(first);
        let two = Batch { first_sequence: 10, ..one.clone() };
        submit(vec![
            signed_item(&pair(1), one.clone()),
            // What comes twice in one call is a replay, what follows within it follows.
            signed_item(&pair(1), one.clone()),
            signed_item(&pair(1), two.clone()),
            signed_item(&pair(1), Batch { device: DeviceId(9), ..one.clone() }),
            signed_item(&pair(3), next_batch(foreign)),
            forged(next_batch(second)),
            signed_item(&pair(2), next_batch(second)),
        ]);

        let attested = |device, first_sequence, record| {
            let record = records + record;
            Event::<Test>::BatchAttested { device, first_sequence, count: 10, record }
        };
        let refused = |position, device, first_sequence, error: Error<Test>| Event::<Test>::BatchRefused {
            position,
            device,
            first_sequence,
            error: error.into(),
        };
        assert_eq!(
            events(),
            [
                attested(first, 0, 0),
                refused(1, first, 0, Error::SequenceReplayed),
                attested(first, 10, 1),
                refused(3, DeviceId(9), 0, Error::NotFound),
                refused(4, foreign, 0, Error::NotOwner),
                refused(5, second, 0, Error::InvalidSignature),
                attested(second, 0, 2),
            ]
        );
        assert_eq!(MockJournal::entries().len() as u64, records + 3);
        assert_eq!(info(first).next_sequence, 20);
        assert_eq!(info(first).head.count, 3);
        assert_eq!(info(second).next_sequence, 10);
        assert_eq!(info(foreign).next_sequence, 0);
    });
}

#[test]
fn gives_back_the_weight_of_signatures_not_looked_at() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let unknown = || Batch { device: DeviceId(9), ..next_batch(device) };
        assert_eq!(submit(vec![signed_item(&pair(1), next_batch(device))]), <()>::attest_many(1));
        // A forged signature costs as much as a good one.
        assert_eq!(submit(vec![forged(next_batch(device))]), <()>::attest_many(1));

        let mixed = vec![forged(unknown()), forged(next_batch(device)), forged(unknown())];
        let call = RuntimeCall::Attestations(Call::attest_many { batches: many(mixed.clone()) });
        let declared = call.get_dispatch_info().call_weight;
        assert_eq!(declared, <()>::attest_many(3));
        let used = submit(mixed);
        assert_eq!(used, <()>::attest_many(1) + <()>::attest_many_refused(2));
        assert!(used.ref_time() < declared.ref_time());
    });
}

#[test]
fn takes_as_many_as_the_bound_says_or_none() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let base = next_batch(device);
        let items = (0..32).map(|n| Batch { first_sequence: n * 10, ..base.clone() });
        submit(items.map(|batch| signed_item(&pair(1), batch)).collect());
        assert_eq!(info(device).next_sequence, 320);

        let events_before = events().len();
        submit(vec![]);
        assert_eq!(events().len(), events_before);
    });
}

#[test]
fn refuses_by_membership() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let call = |origin| {
            let items = many(vec![signed_item(&pair(1), next_batch(device))]);
            Attestations::attest_many(origin, items)
        };
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar())), MockMembership::NOT_AUTHORIZED);
    });
}

#[test]
fn an_item_that_the_journal_refuses_leaves_nothing_but_its_event() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let before = info(device);
        let items = vec![signed_item(&pair(1), next_batch(device)), signed_item(&pair(1), next_batch(device))];
        MockJournal::fail(true);
        let used = submit(items.clone());
        // Both reached the journal, so both signatures were paid for.
        assert_eq!(used, <()>::attest_many(2));
        assert_eq!(info(device), before);
        // An event keeps only the kind of such an error, not its text.
        let error = DispatchError::Other("");
        assert_eq!(last_event(), Event::BatchRefused { position: 1, device, first_sequence: 0, error });

        MockJournal::fail(false);
        submit(items);
        assert_eq!(info(device).next_sequence, 10);
    });
}
