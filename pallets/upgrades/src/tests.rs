//! Code waits, is enacted in its block, and does not wait beside other code.

use crate::{mock::*, *};
use citynet_primitives::{Author, Body, Hash, OrganisationId, Subject};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo, BoundedVec};
use frame_system::limits::BlockWeights;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    TryRuntimeError,
};

const CODE: &[u8] = b"the next runtime";

fn hash(code: &[u8]) -> Hash {
    BlakeTwo256::hash(code).0
}

/// As root does it, without a version that could be checked.
fn set_code(code: &[u8]) -> DispatchResultWithPostInfo {
    System::set_code_without_checks(RuntimeOrigin::root(), code.to_vec())
}

fn last_event() -> Event<Test> {
    match System::events().pop().expect("there is an event").event {
        RuntimeEvent::Upgrades(event) => event,
        other => panic!("another pallet's event: {other:?}"),
    }
}

#[test]
fn code_is_scheduled() {
    execute(|| {
        let before = runtime_code();
        assert_ok!(set_code(CODE));

        let (code, block) = (hash(CODE), 1 + DELAY);
        assert_eq!(Scheduled::<Test>::get(), Some(ScheduledUpgrade { code, block }));
        assert_eq!(Code::<Test>::get().expect("it waits").into_inner(), CODE);
        assert_eq!(runtime_code(), before);
        assert_eq!(last_event(), Event::UpgradeScheduled { code, block, record: 0 });

        let entry = MockJournal::last().expect("it is recorded");
        let record = entry.record;
        assert_eq!(record.body, Body::UpgradeScheduled { code, bytes: 16, block });
        assert_eq!((record.organisation, record.account), (Author::CHAIN.organisation, Author::CHAIN.account));
        assert_eq!(entry.subjects.to_vec(), [Subject::Organisation(OrganisationId::CONSORTIUM)]);
    });
}

#[test]
fn what_is_scheduled_is_kept_as_nodes_read_it() {
    use codec::Encode;
    let scheduled = ScheduledUpgrade { code: [7; 32], block: 31 };
    assert_eq!(scheduled.encode(), ([7u8; 32], 31u32).encode());
}

#[test]
fn it_is_enacted_in_its_block_and_not_before() {
    execute(|| {
        let before = runtime_code();
        assert_ok!(set_code(CODE));
        while System::block_number() < u64::from(DELAY) {
            let (weight, header) = run_block();
            assert_eq!(weight, <() as WeightInfo>::on_initialize_idle());
            assert!(!is_replaced(&header));
            assert_eq!(runtime_code(), before);
            assert_eq!(Upgrades::do_try_state(), Ok(()));
        }

        let (weight, header) = run_block();
        assert_eq!(header.number, u64::from(1 + DELAY));
        assert_eq!(weight, BlockWeights::default().max_block);
        assert!(is_replaced(&header));
        assert_eq!(runtime_code(), CODE);
        assert!(!Scheduled::<Test>::exists() && !Code::<Test>::exists());
        assert_eq!(last_event(), Event::UpgradeEnacted { code: hash(CODE) });
        System::assert_has_event(frame_system::Event::<Test>::CodeUpdated { hash: hash(CODE).into() }.into());

        let (weight, header) = run_block();
        assert_eq!(weight, <() as WeightInfo>::on_initialize_idle());
        assert!(!is_replaced(&header));
    });
}

#[test]
fn other_code_waits_until_then() {
    execute(|| {
        assert_ok!(set_code(CODE));
        assert_noop!(set_code(b"another one"), Error::<Test>::AlreadyScheduled);
        run_to(DELAY);
        assert_noop!(set_code(CODE), Error::<Test>::AlreadyScheduled);
        run_to(1 + DELAY);
        assert_ok!(set_code(b"another one"));
        run_to(1 + 2 * DELAY);
        assert_eq!(runtime_code(), b"another one");
    });
}

#[test]
fn code_that_cannot_be_recorded_is_not_scheduled() {
    execute(|| {
        MockJournal::fail(true);
        assert_noop!(set_code(CODE), MockJournal::FAILURE);
    });
}

#[test]
fn code_has_an_end() {
    execute(|| {
        let largest = [0x5a_u8; MAX_CODE as usize];
        assert_noop!(set_code(&[largest.as_slice(), &[0]].concat()), Error::<Test>::TooLarge);
        assert_ok!(set_code(&largest));
    });
}

#[test]
fn the_last_block_number_is_the_last() {
    execute(|| {
        for number in [u32::MAX - DELAY + 1, u32::MAX].map(u64::from).into_iter().chain([u64::from(u32::MAX) + 1]) {
            System::set_block_number(number);
            assert_noop!(set_code(CODE), Error::<Test>::BlockNumberOverflow);
        }
        System::set_block_number(u64::from(u32::MAX - DELAY));
        assert_ok!(set_code(CODE));
    });
}

/// What `try_state` says of code that is scheduled, after `damage`.
fn after(damage: impl FnOnce()) -> Result<(), TryRuntimeError> {
    new_test_ext().execute_with(|| {
        assert_ok!(set_code(CODE));
        damage();
        Upgrades::do_try_state()
    })
}

#[test]
fn what_is_intact_passes() {
    assert_eq!(after(|| ()), Ok(()));
    assert_eq!(new_test_ext().execute_with(Upgrades::do_try_state), Ok(()));
}

#[test]
fn half_an_upgrade_is_noticed() {
    assert_eq!(after(Scheduled::<Test>::kill), Err("there is code that is not scheduled".into()));
    assert_eq!(after(Code::<Test>::kill), Err("an upgrade is scheduled without code".into()));
}

#[test]
fn other_code_is_noticed() {
    let change = || Code::<Test>::put(BoundedVec::<u8, <Test as Config>::MaxCode>::truncate_from(vec![7]));
    assert_eq!(after(change), Err("the scheduled code has another hash".into()));
}

#[test]
fn an_upgrade_that_was_forgotten_is_noticed() {
    let forget = || System::set_block_number(u64::from(1 + DELAY));
    assert_eq!(after(forget), Err("an upgrade that was due was not enacted".into()));
}
