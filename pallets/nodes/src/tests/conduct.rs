//! Whose skipped slots are counted, and who is silent.

use crate::{mock::*, *};
use citynet_primitives::{Author, Body};
use citynet_support::mock::MockJournal;
use frame_support::assert_ok;

fn skipped() -> [u64; 4] {
    [ALICE, BOB, CHARLIE, DAVE].map(|account| conduct(&account).skipped)
}

fn streaks() -> [u32; 4] {
    [ALICE, BOB, CHARLIE, DAVE].map(|account| conduct(&account).streak)
}

fn silences() -> usize {
    MockJournal::bodies().iter().filter(|body| matches!(body, Body::ValidatorSilent { .. })).count()
}

/// Blocks in all slots of these, except Bob's.
fn without_bob(slots: core::ops::Range<u64>) {
    for slot in slots.filter(|slot| slot % 4 != 1) {
        block(slot);
    }
}

#[test]
fn the_chain_begins_in_any_slot() {
    ExtBuilder::default().execute(|| {
        assert_eq!(block(1_700_000_000), <() as WeightInfo>::on_initialize(0));
        assert_eq!(LastSlot::<Test>::get(), Some(1_700_000_000));
        assert_eq!(Conducts::<Test>::iter().count(), 0);
    });
}

#[test]
fn skipped_slots_are_counted_for_their_owners() {
    ExtBuilder::default().execute(|| {
        block(4);
        block(5);
        assert_eq!(skipped(), [0, 0, 0, 0]);

        assert_eq!(block(8), <() as WeightInfo>::on_initialize(2));
        assert_eq!(skipped(), [0, 0, 1, 1]);
        assert_eq!(streaks(), [0, 0, 1, 1]);
        block(10);
        assert_eq!(skipped(), [0, 1, 1, 1]);
        // Who authored has no streak any more.
        assert_eq!(streaks(), [0, 1, 0, 1]);
        assert_eq!(LastSlot::<Test>::get(), Some(10));
    });
}

#[test]
fn nobody_is_silent_while_the_chain_stands_still() {
    ExtBuilder::default().execute(|| {
        block(4);
        block(6);
        assert_eq!(streaks(), [0, 1, 0, 0]);

        // A whole round and two slots more: 7, 8, 9, 10, 11, 12.
        assert_eq!(block(13), <() as WeightInfo>::on_initialize(4));
        assert_eq!(skipped(), [2, 2, 1, 2]);
        assert_eq!(streaks(), [0, 0, 0, 0]);
    });
}

#[test]
fn a_standstill_neither_lengthens_nor_ends_a_streak() {
    ExtBuilder::default().execute(|| {
        block(4);
        block(6);
        assert_eq!(conduct(&BOB).streak, 1);
        // 7 to 10 are skipped, 11 is Dave's.
        block(11);
        assert_eq!((conduct(&BOB).streak, conduct(&BOB).skipped), (1, 2));
        // The longest gap that there can be.
        block(u64::MAX);
        assert_eq!(conduct(&BOB).streak, 1);
        assert_eq!(silences(), 0);
    });
}

#[test]
fn a_silent_validator_is_told_of_once() {
    ExtBuilder::default().execute(|| {
        without_bob(4..13);
        assert_eq!(conduct(&BOB), Conduct { skipped: 2, streak: 2, silent: false });

        without_bob(13..15);
        assert_eq!(conduct(&BOB), Conduct { skipped: 3, streak: 3, silent: true });
        let body = Body::ValidatorSilent { organisation: TELECOM, account: BOB.into(), skipped: 3 };
        let record = assert_recorded(&Author::CHAIN, TELECOM, &body);
        assert_eq!(last_event(), Event::ValidatorSilent { organisation: TELECOM, account: BOB, skipped: 3, record });

        without_bob(15..40);
        assert_eq!(silences(), 1);
        // It stays in the set.
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE]);

        // It authors, and is silent once more.
        block(40);
        block(41);
        assert_eq!(conduct(&BOB), Conduct { skipped: 9, streak: 0, silent: false });
        without_bob(42..80);
        assert_eq!(silences(), 2);
    });
}

#[test]
fn all_but_one_turn_silent_at_once() {
    ExtBuilder::default().execute(|| {
        for slot in [4, 8, 12] {
            block(slot);
        }
        assert_eq!(silences(), 0);
        assert_eq!(block(16), <() as WeightInfo>::on_initialize(3));
        assert_eq!(silences(), 3);
        assert_eq!(streaks(), [0, 3, 3, 3]);
    });
}

#[test]
fn the_council_says_how_long_silence_is() {
    ExtBuilder::default().execute(|| {
        set_rules(|rules| rules.silent_after = 100);
        without_bob(4..40);
        assert_eq!((conduct(&BOB).streak, silences()), (9, 0));
        set_rules(|rules| rules.silent_after = 5);
        without_bob(40..43);
        assert_eq!((conduct(&BOB).streak, silences()), (10, 1));
    });
}

#[test]
fn what_the_journal_does_not_take_is_said_later() {
    ExtBuilder::default().execute(|| {
        without_bob(4..13);
        MockJournal::fail(true);
        without_bob(13..16);
        assert_eq!(conduct(&BOB), Conduct { skipped: 3, streak: 3, silent: false });

        MockJournal::fail(false);
        without_bob(16..19);
        assert_eq!(conduct(&BOB), Conduct { skipped: 4, streak: 4, silent: true });
        assert_eq!(silences(), 1);
    });
}

#[test]
fn the_silence_of_a_suspended_validator_is_no_news() {
    ExtBuilder::default().execute(|| {
        suspend(&BOB);
        without_bob(4..28);
        assert_eq!(conduct(&BOB), Conduct { skipped: 6, streak: 0, silent: false });
    });
}

#[test]
fn nobody_answers_for_the_slots_of_one_that_withdrew() {
    ExtBuilder::default().execute(|| {
        block(4);
        assert_ok!(withdraw(BOB));
        // Its slot is still skipped, since it is in the set of this session.
        assert_eq!(block(6), <() as WeightInfo>::on_initialize(1));
        assert!(!Conducts::<Test>::contains_key(BOB));
        assert_eq!(Conducts::<Test>::iter().count(), 0);
    });
}

#[test]
fn slots_belong_to_the_validators_of_the_session() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        next_session();
        next_session();
        assert_eq!(Session::validators().len(), 5);
        block(10);
        // 11, 12, 13; 14 is the fifth's.
        block(14);
        assert_eq!(skipped(), [0, 1, 1, 1]);
        block(16);
        assert_eq!(skipped(), [1, 1, 1, 1]);
        assert_eq!(conduct(&founder(5)), Conduct::default());
    });
}

#[test]
fn without_validators_nothing_is_counted() {
    ExtBuilder::founders(0).execute(|| {
        block(4);
        assert_eq!(block(9), <() as WeightInfo>::on_initialize(0));
        assert_eq!(LastSlot::<Test>::get(), Some(9));
    });
}
