//! `try_state` notices what is wrong.

use crate::{mock::*, *};
use citynet_primitives::{OrganisationId, Roles};
use sp_runtime::AccountId32;

/// What `try_state` says of the genesis register after `damage`.
fn after(damage: impl FnOnce()) -> Result<(), sp_runtime::TryRuntimeError> {
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
        System::dec_sufficients(&GATEWAY);
    };
    assert_eq!(after(reap), Err("an account does not exist by itself".into()));
}

#[test]
fn wrong_validators_are_noticed() {
    let validators = |list: Vec<(OrganisationId, AccountId32)>| {
        after(|| {
            Validators::<Test>::put(
                frame_support::BoundedVec::<_, <Test as Config>::MaxValidators>::try_from(list).unwrap(),
            )
        })
    };
    assert_eq!(validators(vec![(CITY, STRANGER)]), Err("a validator is nobody's account".into()));
    assert_eq!(validators(vec![(CITY, BOB)]), Err("a validator is another organisation's account".into()));
    assert_eq!(validators(vec![(CITY, GATEWAY)]), Err("a validator lacks the role".into()));
    assert_eq!(validators(vec![(CITY, ALICE), (CITY, ALICE)]), Err("a validator counts twice".into()));
}
