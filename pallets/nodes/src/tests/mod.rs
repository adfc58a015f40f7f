//! One module for each call, and for what the pallet does besides.

mod add_peer;
mod conduct;
mod genesis;
mod info;
mod offences;
mod properties;
mod register;
mod register_validator;
mod reinstate_validator;
mod remove_peer;
mod rotate_keys;
mod session;
mod try_state;
mod withdraw_validator;

use crate::mock::*;
use citynet_primitives::OrganisationStatus;
use citynet_support::mock::MockMembership;
use frame_support::assert_noop;
use sp_runtime::{AccountId32, DispatchError};

/// Whatever `member` may do is refused to everybody without its role, also when they got past the pool.
fn only_active_members(member: &AccountId32, call: impl Fn(RuntimeOrigin) -> Result<(), DispatchError>) {
    let by = |account: &AccountId32| call(signed(account.clone()));

    assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
    assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
    assert_noop!(by(&STRANGER), MockMembership::NOT_MEMBER);
    assert_noop!(by(&GATEWAY), MockMembership::NOT_AUTHORIZED);
    for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
        set_status(CITY, status);
        assert_noop!(by(member), MockMembership::NOT_MEMBER);
    }
    set_status(CITY, OrganisationStatus::Active);
}
