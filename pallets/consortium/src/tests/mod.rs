//! One module for each call, and for what the register does besides.

mod add_account;
mod check_member;
mod genesis;
mod membership;
mod properties;
mod remove_account;
mod session;
mod set_roles;
mod try_state;

use crate::{mock::*, Error};
use citynet_primitives::OrganisationStatus;
use frame_support::assert_noop;
use sp_runtime::{AccountId32, DispatchError};

/// Whatever an admin may do is refused to everybody else, also when they got past the pool.
fn only_active_admins(call: impl Fn(RuntimeOrigin) -> Result<(), DispatchError>) {
    let by = |account: AccountId32| call(signed(account));

    assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
    assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
    assert_noop!(by(STRANGER), Error::<Test>::NotMember);
    assert_noop!(by(GATEWAY), Error::<Test>::NotAuthorized);
    for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled] {
        set_status(CITY, status);
        assert_noop!(by(ALICE), Error::<Test>::OrganisationNotActive);
    }
    set_status(CITY, OrganisationStatus::Active);
}
