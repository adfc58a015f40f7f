//! What other pallets and the runtime API are told.

use crate::{mock::*, *};
use citynet_primitives::{
    AccountRoles, Author, OrganisationId, OrganisationInfo, OrganisationKind, OrganisationProfile, OrganisationStatus,
    RecoveryInfo, Role,
};
use citynet_support::{Member, Membership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::AccountId32;

#[test]
fn a_member_has_an_organisation_and_roles() {
    ExtBuilder::default().execute(|| {
        assert_eq!(Consortium::member(&GATEWAY), Some(Member { organisation: CITY, roles: ATTESTOR }));
        assert_eq!(Consortium::member(&STRANGER), None);
        assert_eq!(
            Consortium::ensure(&GATEWAY, Role::Attestor),
            Ok(Author { organisation: CITY, account: GATEWAY.into() })
        );
        assert_noop!(Consortium::ensure(&GATEWAY, Role::Registrar), Error::<Test>::NotAuthorized);
        assert_noop!(Consortium::ensure(&STRANGER, Role::Attestor), Error::<Test>::NotMember);
    });
}

#[test]
fn an_organisation_that_may_not_act_has_no_members() {
    ExtBuilder::default().execute(|| {
        assert!(Consortium::is_active(CITY));
        for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert!(!Consortium::is_active(CITY));
            assert_eq!(Consortium::member(&ALICE), None);
            assert_noop!(Consortium::ensure(&ALICE, Role::Admin), Error::<Test>::OrganisationNotActive);
            assert!(Consortium::member(&BOB).is_some());
        }
        assert!(!Consortium::is_active(OrganisationId::CONSORTIUM));
        assert!(!Consortium::is_active(OrganisationId(3)));
    });
}

#[test]
fn organisations_are_listed_with_their_accounts() {
    ExtBuilder::default().execute(|| {
        let city = OrganisationInfo {
            id: CITY,
            profile: OrganisationProfile {
                name: text("City"),
                contact: text("mailto:ledger@city.example"),
                legal_id: [0xc1; 32],
            },
            kind: OrganisationKind::Government,
            status: OrganisationStatus::Active,
            seat: true,
            accounts: vec![
                AccountRoles { account: ALICE.into(), roles: EVERY_ROLE },
                AccountRoles { account: GATEWAY.into(), roles: ATTESTOR },
            ],
        };
        let telecom = OrganisationInfo {
            id: TELECOM,
            profile: OrganisationProfile { name: text("Telecom"), contact: text(""), legal_id: [0; 32] },
            kind: OrganisationKind::Telecom,
            status: OrganisationStatus::Active,
            seat: true,
            accounts: vec![AccountRoles { account: BOB.into(), roles: EVERY_ROLE }],
        };
        assert_eq!(Consortium::organisation(CITY), Some(city.clone()));
        assert_eq!(Consortium::organisation(OrganisationId(3)), None);
        assert_eq!(Consortium::organisations(), vec![city, telecom]);

        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));
        assert_eq!(Consortium::organisation(CITY).unwrap().accounts.len(), 1);
    });
}

#[test]
fn who_has_a_seat_is_listed() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admit(0, OrganisationKind::Auditor));
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        let seats: Vec<_> = Consortium::organisations().into_iter().map(|info| (info.id, info.seat)).collect();
        assert_eq!(seats, [(CITY, false), (TELECOM, true), (NEWCOMER, false)]);
    });
}

#[test]
fn recoveries_are_listed() {
    ExtBuilder::default().execute(|| {
        assert!(Consortium::recoveries().is_empty());
        assert_ok!(Consortium::recover(council(), TELECOM, AccountId32::new([9; 32]), why()));
        System::set_block_number(5);
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));

        let delay = Consortium::parameters().recovery_delay;
        let recovery = |organisation, account, matures| RecoveryInfo { organisation, account, matures };
        assert_eq!(
            Consortium::recoveries(),
            [recovery(CITY, STRANGER.into(), 5 + delay), recovery(TELECOM, [9; 32], 1 + delay)]
        );
    });
}
