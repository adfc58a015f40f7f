//! Chains start from organisations that make sense, and from no others.

use crate::{mock::*, *};
use citynet_primitives::{
    Author, Body, OrganisationKind, OrganisationProfile, OrganisationStatus, Parameters as ParameterSet, Quota, Role,
    Roles, Subject,
};
use citynet_support::mock::{MockCouncil, MockJournal};
use serde_json::json;
use sp_runtime::{AccountId32, DispatchError};

/// What comes of founding a consortium of the city, changed by `change`, and the telecom.
fn found(change: impl FnOnce(&mut GenesisOrganisation<AccountId32>)) -> Result<(), DispatchError> {
    let mut city = city();
    change(&mut city);
    ExtBuilder::organisations(vec![]).build().execute_with(|| Consortium::found(&[city, telecom()], None))
}

#[test]
fn organisations_and_accounts_are_registered() {
    ExtBuilder::default().execute(|| {
        assert_eq!(OrganisationCount::<Test>::get(), 2);
        assert_eq!(
            Organisations::<Test>::get(CITY),
            Some(Organisation {
                profile: OrganisationProfile {
                    name: text("City"),
                    contact: text("mailto:ledger@city.example"),
                    legal_id: [0xc1; 32],
                },
                kind: OrganisationKind::Government,
                status: OrganisationStatus::Active,
                accounts: 2,
                admins: 1,
            })
        );
        assert_eq!(Accounts::<Test>::get(BOB), Some(AccountRecord { organisation: TELECOM, roles: EVERY_ROLE }));
        assert_eq!(Seats::<Test>::get().into_inner(), [CITY, TELECOM]);
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
        for account in [ALICE, GATEWAY, BOB] {
            assert_eq!(System::providers(&account), 1);
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
            name: text(name),
        };
        let described = |organisation, name: &str, contact: &str, legal_id| Body::OrganisationProfileChanged {
            organisation,
            profile: OrganisationProfile { name: text(name), contact: text(contact), legal_id },
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
                described(CITY, "City", "mailto:ledger@city.example", [0xc1; 32]),
                added(CITY, ALICE, EVERY_ROLE),
                added(CITY, GATEWAY, ATTESTOR),
                registered(TELECOM, "Telecom", OrganisationKind::Telecom),
                described(TELECOM, "Telecom", "", [0; 32]),
                added(TELECOM, BOB, EVERY_ROLE),
            ]
        );
        let entries = MockJournal::entries();
        assert!(entries.iter().all(|entry| entry.record.account == Author::CHAIN.account));
        assert!(entries.iter().all(|entry| entry.record.organisation == Author::CHAIN.organisation));
        assert!(entries[..4].iter().all(|entry| entry.subjects[..] == [Subject::Organisation(CITY)]));
        assert!(entries[4..].iter().all(|entry| entry.subjects[..] == [Subject::Organisation(TELECOM)]));
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
fn a_contact_has_0_to_128_bytes() {
    assert_eq!(found(|city| city.contact = "я".repeat(64)), Ok(()));
    let too_long = DispatchError::Other("an organisation's contact is longer than 128 bytes");
    assert_eq!(found(|city| city.contact = "я".repeat(64) + "!"), Err(too_long));
}

#[test]
fn an_organisation_has_an_admin() {
    let no_admin = |city: &mut GenesisOrganisation<AccountId32>| city.accounts = vec![(GATEWAY, ATTESTOR)];
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
fn observers_have_no_seat() {
    let auditor = GenesisOrganisation { kind: OrganisationKind::Auditor, ..city() };
    ExtBuilder::organisations(vec![auditor, telecom()]).execute(|| {
        assert_eq!(MockCouncil::seats(), [TELECOM]);
    });
}

#[test]
fn the_council_has_so_many_seats() {
    let members = |count: u8| {
        let member =
            |number| GenesisOrganisation { accounts: vec![(AccountId32::new([100 + number; 32]), ADMIN)], ..city() };
        let members: Vec<_> = (0..count).map(member).collect();
        ExtBuilder::organisations(vec![]).build().execute_with(|| Consortium::found(&members, None))
    };
    let most = MockCouncil::MAX_SEATS as u8;
    assert_eq!(members(most), Ok(()));
    assert_eq!(members(most + 1), Err(Error::<Test>::TooManyMembers.into()));
}

#[test]
fn parameters_have_defaults() {
    ExtBuilder::default().execute(|| {
        assert_eq!(Consortium::parameters(), parameters::DEFAULTS);
        assert!(Parameters::<Test>::exists());
    });
    // As long as nobody says otherwise in storage either.
    sp_io::TestExternalities::default().execute_with(|| {
        assert_eq!(Consortium::parameters(), parameters::DEFAULTS);
    });
}

#[test]
fn parameters_are_taken_over() {
    let quotas = [(OrganisationKind::Telecom, GenesisQuota { rate: 1_000, burst: 10_000 })].into();
    let parameters = GenesisParameters {
        min_members: 2,
        min_validators: 2,
        max_validators_per_organisation: 3,
        motion_duration: 10,
        recovery_delay: 11,
        silent_after: 5,
        quotas,
    };
    ExtBuilder::default().parameters(parameters).execute(|| {
        let mut quotas = parameters::DEFAULTS.quotas;
        quotas[1] = Quota { rate: 1_000, burst: 10_000 };
        let expected = ParameterSet {
            min_members: 2,
            min_validators: 2,
            max_validators_per_organisation: 3,
            motion_duration: 10,
            recovery_delay: 11,
            silent_after: 5,
            quotas,
        };
        assert_eq!(Consortium::parameters(), expected);
    });
}

#[test]
fn parameters_are_within_bounds_and_there_are_enough_members() {
    let found = |parameters: GenesisParameters| {
        ExtBuilder::organisations(vec![])
            .build()
            .execute_with(|| Consortium::found(&[city(), telecom()], Some(&parameters)))
    };
    let members = |min_members| GenesisParameters { min_members, ..Default::default() };
    assert_eq!(found(members(2)), Ok(()));
    assert_eq!(found(members(3)), Err("there are fewer members with a seat than minMembers".into()));
    assert_eq!(found(members(65)), Err("minMembers is not between 1 and 64".into()));

    let quota = |rate, burst| GenesisParameters {
        quotas: [(OrganisationKind::Auditor, GenesisQuota { rate, burst })].into(),
        ..Default::default()
    };
    assert_eq!(found(quota(20_000, 20_000)), Ok(()));
    assert_eq!(found(quota(20_000, 19_999)), Err("a quota's burst is less than its rate".into()));
}

#[test]
#[should_panic(expected = "no consortium can start from this genesis configuration")]
fn no_chain_starts_from_a_bad_configuration() {
    ExtBuilder::organisations(vec![city(), city()]).build();
}

#[test]
fn the_configuration_is_readable_json() {
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let legal_id = format!("0x{}", "c1".repeat(32));
    let json = json!({
        "organisations": [{
            "name": "City",
            "contact": "mailto:ledger@city.example",
            "legalId": legal_id,
            "kind": "government",
            "accounts": [[alice, ["admin", "validator"]]],
        }],
        "parameters": {
            "minMembers": 1,
            "minValidators": 1,
            "maxValidatorsPerOrganisation": 4,
            "motionDuration": 20,
            "recoveryDelay": 259_200,
            "silentAfter": 60,
            "quotas": { "settlement_agent": { "rate": 1_000, "burst": 10_000 } },
        },
    });
    let config: GenesisConfig<Test> = serde_json::from_value(json.clone()).unwrap();

    let [organisation] = &config.organisations[..] else { panic!("there is one organisation") };
    assert_eq!(organisation.kind, OrganisationKind::Government);
    assert_eq!(organisation.legal_id.0, [0xc1; 32]);
    assert_eq!(organisation.accounts[0].1, Roles::of(&[Role::Admin, Role::Validator]));
    let parameters = config.parameters.as_ref().unwrap();
    assert_eq!(parameters.motion_duration, 20);
    assert_eq!(parameters.quotas[&OrganisationKind::SettlementAgent], GenesisQuota { rate: 1_000, burst: 10_000 });
    assert_eq!(serde_json::to_value(&config).unwrap(), json);
    // A runtime is given text, not a tree.
    let read: GenesisConfig<Test> = serde_json::from_str(&json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json);
}

#[test]
fn the_configuration_can_be_short() {
    let json = json!({
        "organisations": [{ "name": "City", "kind": "government", "accounts": [] }],
        "parameters": { "silentAfter": 5 },
    });
    let config: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    assert_eq!(config.organisations[0].contact, "");
    assert_eq!(config.organisations[0].legal_id.0, [0; 32]);
    assert_eq!(config.parameters, Some(GenesisParameters { silent_after: 5, ..Default::default() }));

    let config: GenesisConfig<Test> = serde_json::from_value(json!({ "organisations": [] })).unwrap();
    assert_eq!(config.parameters, None);
}

#[test]
fn a_misspelt_configuration_is_refused() {
    for json in [
        json!({ "organisations": [{ "name": "City", "kind": "government", "accounts": [], "validators": [] }] }),
        json!({ "organisations": [], "parameters": { "minMember": 1 } }),
        json!({ "organisations": [], "parameters": { "quotas": { "city": { "rate": 1, "burst": 1 } } } }),
        json!({ "organisations": [], "parameters": { "quotas": { "telecom": { "rate": 1 } } } }),
    ] {
        assert!(serde_json::from_value::<GenesisConfig<Test>>(json).is_err());
    }
}
