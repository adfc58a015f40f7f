//! Chains start from organisations that make sense, and from no others.

use crate::{mock::*, *};
use citynet_primitives::{Author, Body, OrganisationKind, OrganisationStatus, Role, Roles, Subject};
use citynet_support::mock::MockJournal;
use serde_json::json;
use sp_runtime::{AccountId32, DispatchError};

/// What comes of founding a consortium of the city, changed by `change`, and the telecom.
fn found(change: impl FnOnce(&mut GenesisOrganisation<AccountId32>)) -> Result<(), DispatchError> {
    let mut city = city();
    change(&mut city);
    ExtBuilder::organisations(vec![]).build().execute_with(|| Consortium::found(&[city, telecom()]))
}

#[test]
fn organisations_accounts_and_validators_are_registered() {
    ExtBuilder::default().execute(|| {
        assert_eq!(OrganisationCount::<Test>::get(), 2);
        assert_eq!(
            Organisations::<Test>::get(CITY),
            Some(Organisation {
                name: b"City".to_vec().try_into().unwrap(),
                kind: OrganisationKind::Government,
                status: OrganisationStatus::Active,
                accounts: 2,
                admins: 1,
            })
        );
        assert_eq!(Accounts::<Test>::get(BOB), Some(AccountRecord { organisation: TELECOM, roles: EVERY_ROLE }));
        assert_eq!(Validators::<Test>::get().into_inner(), [(CITY, ALICE), (TELECOM, BOB)]);
        for account in [ALICE, GATEWAY, BOB] {
            assert_eq!(System::sufficients(&account), 1);
            assert_eq!(System::account_nonce(&account), 0);
        }
    });
}

#[test]
fn the_chain_itself_records_them() {
    ExtBuilder::default().execute(|| {
        let registered = |organisation, name: &str, organisation_kind| Body::OrganisationRegistered {
            organisation,
            organisation_kind,
            name: name.as_bytes().to_vec().try_into().unwrap(),
        };
        let added = |organisation, account: AccountId32, roles| Body::AccountAdded {
            organisation,
            account: account.into(),
            roles,
        };
        assert_eq!(
            MockJournal::bodies(),
            [
                registered(CITY, "City", OrganisationKind::Government),
                added(CITY, ALICE, EVERY_ROLE),
                added(CITY, GATEWAY, ATTESTOR),
                registered(TELECOM, "Telecom", OrganisationKind::Telecom),
                added(TELECOM, BOB, EVERY_ROLE),
            ]
        );
        let entries = MockJournal::entries();
        assert!(entries.iter().all(|entry| entry.record.account == Author::CHAIN.account));
        assert!(entries.iter().all(|entry| entry.record.organisation == Author::CHAIN.organisation));
        assert!(entries[..3].iter().all(|entry| entry.subjects[..] == [Subject::Organisation(CITY)]));
        assert!(entries[3..].iter().all(|entry| entry.subjects[..] == [Subject::Organisation(TELECOM)]));
    });
}

#[test]
fn a_sound_configuration_is_accepted() {
    assert_eq!(found(|_| ()), Ok(()));
}

#[test]
fn a_name_has_1_to_64_bytes() {
    assert_eq!(found(|city| city.name = "я".repeat(32)), Ok(()));
    let too_long = DispatchError::Other("an organisation's name is longer than 64 bytes");
    assert_eq!(found(|city| city.name = "я".repeat(32) + "!"), Err(too_long));
    assert_eq!(found(|city| city.name.clear()), Err("an organisation has no name".into()));
}

#[test]
fn an_organisation_has_an_admin() {
    let no_admin = |city: &mut GenesisOrganisation<AccountId32>| {
        city.accounts = vec![(GATEWAY, ATTESTOR)];
        city.validators.clear();
    };
    assert_eq!(found(no_admin), Err("an organisation has no admin".into()));
}

#[test]
fn accounts_follow_the_rules_of_the_calls() {
    let taken = |city: &mut GenesisOrganisation<AccountId32>| city.accounts.push((BOB, ATTESTOR));
    assert_eq!(found(taken), Err(Error::<Test>::AccountTaken.into()));

    let no_roles = |city: &mut GenesisOrganisation<AccountId32>| city.accounts.push((STRANGER, Roles::NONE));
    assert_eq!(found(no_roles), Err(Error::<Test>::NoRoles.into()));

    let unknown = |city: &mut GenesisOrganisation<AccountId32>| city.accounts.push((STRANGER, Roles(u16::MAX)));
    assert_eq!(found(unknown), Err(Error::<Test>::UnknownRole.into()));

    let too_many = |city: &mut GenesisOrganisation<AccountId32>| {
        city.accounts.extend((0..MAX_ACCOUNTS as u8).map(|number| (AccountId32::new([100 + number; 32]), ATTESTOR)));
    };
    assert_eq!(found(too_many), Err(Error::<Test>::TooManyAccounts.into()));
}

#[test]
fn a_validator_is_an_own_account_with_the_role() {
    let refused: Result<(), DispatchError> =
        Err("a validator is no account of its organisation with the role validator".into());
    for account in [GATEWAY, BOB, STRANGER] {
        assert_eq!(found(|city| city.validators.push(account)), refused);
    }
    assert_eq!(found(|city| city.validators.push(ALICE)), Err("a validator is named twice".into()));

    let too_many = |city: &mut GenesisOrganisation<AccountId32>| {
        let more: Vec<_> = (0..3u8).map(|number| AccountId32::new([100 + number; 32])).collect();
        city.accounts.extend(more.iter().map(|account| (account.clone(), Roles::of(&[Role::Validator]))));
        city.validators.extend(more);
    };
    assert_eq!(MAX_VALIDATORS, 3);
    assert_eq!(found(too_many), Err("there are more validators than there may be".into()));
}

#[test]
#[should_panic(expected = "no consortium can start from this genesis configuration")]
fn no_chain_starts_from_a_bad_configuration() {
    ExtBuilder::organisations(vec![city(), city()]).build();
}

#[test]
fn the_configuration_is_readable_json() {
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let json = json!({ "organisations": [{
        "name": "City",
        "kind": "government",
        "accounts": [[alice, ["admin", "validator"]]],
        "validators": [alice],
    }]});
    let config: GenesisConfig<Test> = serde_json::from_value(json.clone()).unwrap();

    let [organisation] = &config.organisations[..] else { panic!("there is one organisation") };
    assert_eq!(organisation.kind, OrganisationKind::Government);
    assert_eq!(organisation.accounts[0].1, Roles::of(&[Role::Admin, Role::Validator]));
    assert_eq!(organisation.validators, [organisation.accounts[0].0.clone()]);
    assert_eq!(serde_json::to_value(&config).unwrap(), json);

    let misspelt = json!({ "organisations": [{
        "name": "City", "kind": "government", "accounts": [], "validators": [], "validator": [],
    }]});
    assert!(serde_json::from_value::<GenesisConfig<Test>>(misspelt).is_err());
}
