//! One module for each call, and for what the register does besides.

mod add_account;
mod admit;
mod check_member;
mod close;
mod complete_recovery;
mod expel;
mod genesis;
mod leave;
mod membership;
mod object;
mod properties;
mod propose;
mod quota;
mod recover;
mod reinstate;
mod remove_account;
mod seats;
mod set_kind;
mod set_parameter;
mod set_profile;
mod set_roles;
mod suspend;
mod try_state;
mod vote;

use crate::{mock::*, Error};
use citynet_primitives::{Account, Author, Body, OrganisationId, OrganisationStatus, Subject, Text};
use citynet_support::mock::MockJournal;
use frame_support::assert_noop;
use sp_runtime::{AccountId32, DispatchError};

/// Whatever a member may do is refused to everybody else, also when they got past the pool. Alice may do it.
fn only_active_members(call: impl Fn(RuntimeOrigin) -> Result<(), DispatchError>) {
    assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
    assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
    assert_noop!(call(signed(STRANGER)), Error::<Test>::NotMember);
    for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
        set_status(CITY, status);
        assert_noop!(call(signed(ALICE)), Error::<Test>::OrganisationNotActive);
    }
    set_status(CITY, OrganisationStatus::Active);
}

/// Whatever an admin may do is refused to everybody else.
fn only_active_admins(call: impl Fn(RuntimeOrigin) -> Result<(), DispatchError>) {
    assert_noop!(call(signed(GATEWAY)), Error::<Test>::NotAuthorized);
    only_active_members(call);
}

/// Whatever the council may do is refused to everybody else.
fn only_the_council(call: impl Fn(RuntimeOrigin) -> Result<(), DispatchError>) {
    assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
    assert_noop!(call(signed(ALICE)), DispatchError::BadOrigin);
}

/// Whatever takes a reason is refused without one.
fn only_with_a_reason(call: impl Fn(Text<256>) -> Result<(), DispatchError>) {
    for reason in [vec![], vec![0xff, 0xfe]] {
        let reason = Text::try_from(reason).unwrap();
        assert_noop!(call(reason), Error::<Test>::InvalidText);
    }
}

/// The author of what the council decided.
const CHAIN: Author = Author::CHAIN;

fn author(organisation: OrganisationId, account: AccountId32) -> Author {
    let account: Account = account.into();
    Author { organisation, account }
}

/// Checks the record at an index: by whom, about which organisations, and what it says.
fn assert_record(index: u64, by: Author, about: &[OrganisationId], body: Body) {
    let entry = MockJournal::entries().swap_remove(index as usize);
    assert_eq!(entry.record.body, body);
    assert_eq!(Author { organisation: entry.record.organisation, account: entry.record.account }, by);
    let subjects: Vec<_> = about.iter().copied().map(Subject::Organisation).collect();
    assert_eq!(entry.subjects[..], subjects);
}

/// How many records there are, which is the index of the next one.
fn records() -> u64 {
    MockJournal::entries().len() as u64
}
