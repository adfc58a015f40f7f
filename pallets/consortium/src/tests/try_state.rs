//! `try_state` notices what is wrong.

use crate::{mock::*, *};
use citynet_primitives::{OrganisationId, OrganisationKind, OrganisationStatus, Roles};
use frame_support::BoundedVec;
use sp_runtime::TryRuntimeError;

/// What `try_state` says of the genesis register after `damage`.
fn after(damage: impl FnOnce()) -> Result<(), TryRuntimeError> {
    ExtBuilder::default().build().execute_with(|| {
        damage();
        Consortium::do_try_state()
    })
}

fn change(organisation: OrganisationId, change: impl FnOnce(&mut Organisation)) {
    Organisations::<Test>::mutate(organisation, |found| change(found.as_mut().unwrap()));
}

#[test]
fn an_intact_register_passes() {
    assert_eq!(after(|| ()), Ok(()));
}

#[test]
fn wrong_organisations_are_noticed() {
    assert_eq!(
        after(|| OrganisationCount::<Test>::put(1)),
        Err("an organisation has a number that was never given".into())
    );
    assert_eq!(after(|| OrganisationCount::<Test>::put(3)), Err("an organisation is missing".into()));
    assert_eq!(
        after(|| change(CITY, |city| city.accounts = MAX_ACCOUNTS + 1)),
        Err("an organisation has more accounts than it may".into())
    );
    assert_eq!(after(|| change(CITY, |city| city.admins = 0)), Err("an active organisation has no admin".into()));
    assert_eq!(
        after(|| change(CITY, |city| city.profile.name = Default::default())),
        Err("an organisation's profile is no text".into())
    );
    assert_eq!(
        after(|| change(CITY, |city| city.accounts = 1)),
        Err("an organisation's accounts are miscounted".into())
    );
}

#[test]
fn wrong_accounts_are_noticed() {
    let homeless = AccountRecord { organisation: OrganisationId(9), roles: ATTESTOR };
    assert_eq!(
        after(|| Accounts::<Test>::insert(GATEWAY, homeless)),
        Err("an account's organisation is missing".into())
    );

    for roles in [Roles(0), Roles(64)] {
        let useless = AccountRecord { organisation: CITY, roles };
        assert_eq!(after(|| Accounts::<Test>::insert(GATEWAY, useless)), Err("an account's roles mean nothing".into()));
    }

    let reap = || {
        System::dec_providers(&GATEWAY).unwrap();
    };
    assert_eq!(after(reap), Err("an account does not exist by itself".into()));
}

#[test]
fn wrong_seats_are_noticed() {
    let wrong = Err(TryRuntimeError::from("the seats are not those of the active members"));
    for seats in [vec![], vec![CITY], vec![TELECOM, CITY], vec![CITY, TELECOM, OrganisationId(3)]] {
        let seats = BoundedVec::<_, MaxSeats<Test>>::truncate_from(seats);
        assert_eq!(after(|| Seats::<Test>::put(seats)), wrong);
    }
    assert_eq!(after(|| change(CITY, |city| city.status = OrganisationStatus::Suspended)), wrong);
    assert_eq!(after(|| change(CITY, |city| city.kind = OrganisationKind::Auditor)), wrong);
}

#[test]
fn wrong_parameters_are_noticed() {
    assert_eq!(
        after(|| Parameters::<Test>::mutate(|all| all.min_members = 3)),
        Err("there are fewer members with a seat than there must be".into())
    );
    assert_eq!(
        after(|| Parameters::<Test>::mutate(|all| all.recovery_delay = 9)),
        Err("recoveryDelay is not between 10 and 2592000".into())
    );
}

#[test]
fn what_belongs_to_no_member_is_noticed() {
    let recovery = Recovery { account: STRANGER, matures: 1 };
    assert_eq!(after(|| Recoveries::<Test>::insert(CITY, recovery.clone())), Ok(()));
    assert_eq!(
        after(|| Recoveries::<Test>::insert(NOBODY, recovery.clone())),
        Err("a recovery is of no member".into())
    );
    let expelled = || {
        Recoveries::<Test>::insert(CITY, recovery.clone());
        set_status(CITY, OrganisationStatus::Expelled);
    };
    assert_eq!(after(expelled), Err("a recovery is of no member".into()));
}

#[test]
fn wrong_buckets_are_noticed() {
    // A burst may be as much as ten seconds.
    let bucket = Bucket { level: 10_000_000_000_000, block: 1 };
    let with = |organisation, bucket| after(|| Buckets::<Test>::insert(organisation, bucket));
    assert_eq!(with(CITY, bucket), Ok(()));
    assert_eq!(with(NOBODY, bucket), Err("a bucket is of no member".into()));
    let overfull = Bucket { level: bucket.level + 1, ..bucket };
    assert_eq!(with(CITY, overfull), Err("a bucket holds more than any may".into()));
    assert_eq!(with(CITY, Bucket { block: 2, ..bucket }), Err("a bucket is of a block to come".into()));
}
