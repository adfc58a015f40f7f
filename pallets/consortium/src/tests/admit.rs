use super::{assert_record, only_the_council, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{
    Account, ApplicationStatement, Body, Moment, OrganisationKind, OrganisationProfile, OrganisationStatus,
};
use citynet_support::{
    mock::{MockClock, MockCouncil, MockGenesis, MockJournal},
    Membership,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::{ed25519, Pair};
use sp_runtime::{traits::IdentifyAccount, DispatchError, MultiSignature, MultiSigner};

const KIND: OrganisationKind = OrganisationKind::University;
const EXPIRES: Moment = MockClock::START + 1_000;

/// Lets the council admit the first applicant with this signature.
fn admitted(signature: MultiSignature) -> Result<(), DispatchError> {
    Consortium::admit(council(), profile("Newcomer"), KIND, account_of(&applicant(0)), EXPIRES, signature)
}

fn signature() -> MultiSignature {
    application(&applicant(0), &profile("Newcomer"), KIND, EXPIRES)
}

#[test]
fn the_council_admits_an_organisation() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(admitted(signature()));

        let admin = account_of(&applicant(0));
        assert_eq!(
            Organisations::<Test>::get(NEWCOMER),
            Some(Organisation {
                profile: profile("Newcomer"),
                kind: KIND,
                status: OrganisationStatus::Active,
                accounts: 1,
                admins: 1,
            })
        );
        assert_eq!(Accounts::<Test>::get(&admin), Some(AccountRecord { organisation: NEWCOMER, roles: ADMIN }));
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM, NEWCOMER]);
        assert!(Consortium::is_active(NEWCOMER));

        let registered =
            Body::OrganisationRegistered { organisation: NEWCOMER, organisation_kind: KIND, name: text("Newcomer") };
        let described = Body::OrganisationProfileChanged { organisation: NEWCOMER, profile: profile("Newcomer") };
        let added = Body::AccountAdded { organisation: NEWCOMER, account: admin.clone().into(), roles: ADMIN };
        for (index, body) in (record..).zip([registered, described, added]) {
            assert_record(index, CHAIN, &[NEWCOMER], body);
        }
        assert_eq!(records(), record + 3);
        System::assert_has_event(Event::<Test>::OrganisationRegistered { organisation: NEWCOMER, record }.into());
        System::assert_last_event(
            Event::<Test>::AccountAdded { organisation: NEWCOMER, account: admin, roles: ADMIN, record: record + 2 }
                .into(),
        );
    });
}

#[test]
fn its_admin_acts_at_once() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admitted(signature()));
        let admin = signed(account_of(&applicant(0)));
        assert_ok!(Consortium::add_account(admin, STRANGER, ATTESTOR));
        assert_eq!(Accounts::<Test>::get(STRANGER).unwrap().organisation, NEWCOMER);
    });
}

#[test]
fn an_observer_gets_no_seat() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admit(0, OrganisationKind::Auditor));
        assert!(Consortium::is_active(NEWCOMER));
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| {
        only_the_council(|origin| {
            let admin = account_of(&applicant(0));
            Consortium::admit(origin, profile("Newcomer"), KIND, admin, EXPIRES, signature())
        });
    });
}

#[test]
fn the_profile_is_text_with_a_name() {
    ExtBuilder::default().execute(|| {
        let nameless = OrganisationProfile { name: text(""), ..profile("Newcomer") };
        let no_text = OrganisationProfile { contact: vec![0xff].try_into().unwrap(), ..profile("Newcomer") };
        for profile in [nameless, no_text] {
            let signature = application(&applicant(0), &profile, KIND, EXPIRES);
            let admin = account_of(&applicant(0));
            assert_noop!(
                Consortium::admit(council(), profile, KIND, admin, EXPIRES, signature),
                Error::<Test>::InvalidText
            );
        }
    });
}

#[test]
fn an_application_expires() {
    ExtBuilder::default().execute(|| {
        MockClock::set(EXPIRES + 1);
        assert_noop!(admitted(signature()), Error::<Test>::ApplicationExpired);
        MockClock::set(EXPIRES);
        assert_ok!(admitted(signature()));
    });
}

#[test]
fn an_admin_belongs_to_nobody_yet() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::add_account(signed(BOB), account_of(&applicant(0)), ATTESTOR));
        assert_noop!(admitted(signature()), Error::<Test>::AccountTaken);
    });
}

#[test]
fn an_application_works_once() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admitted(signature()));
        assert_noop!(admitted(signature()), Error::<Test>::AccountTaken);
        assert_ok!(Consortium::leave(signed(account_of(&applicant(0))), why()));
        assert_noop!(admitted(signature()), Error::<Test>::AccountTaken);
    });
}

#[test]
fn the_admin_signed_this_application() {
    ExtBuilder::default().execute(|| {
        let (pair, newcomer) = (applicant(0), profile("Newcomer"));
        let other_profile = OrganisationProfile { legal_id: [0; 32], ..newcomer.clone() };
        for signature in [
            application(&applicant(1), &newcomer, KIND, EXPIRES),
            application(&pair, &newcomer, OrganisationKind::Industry, EXPIRES),
            application(&pair, &newcomer, KIND, EXPIRES + 1),
            application(&pair, &other_profile, KIND, EXPIRES),
            pair.sign(b"anything").into(),
        ] {
            assert_noop!(admitted(signature), Error::<Test>::InvalidApplication);
        }
    });
}

#[test]
fn an_application_is_for_one_chain() {
    ExtBuilder::default().execute(|| {
        let admin: Account = account_of(&applicant(0)).into();
        let signed_for = |genesis| {
            let profile = profile("Newcomer");
            let statement =
                ApplicationStatement { genesis, admin: &admin, kind: KIND, expires: EXPIRES, profile: &profile };
            MultiSignature::from(applicant(0).sign(&statement.to_bytes()))
        };
        assert_noop!(admitted(signed_for(&[0; 32])), Error::<Test>::InvalidApplication);
        assert_ok!(admitted(signed_for(&MockGenesis::HASH)));
    });
}

#[test]
fn any_scheme_of_the_runtime_signs() {
    ExtBuilder::default().execute(|| {
        let pair = ed25519::Pair::from_seed(&[5; 32]);
        let admin = MultiSigner::from(pair.public()).into_account();
        let (account, profile): (Account, _) = (admin.clone().into(), profile("Newcomer"));
        let genesis = &MockGenesis::HASH;
        let statement =
            ApplicationStatement { genesis, admin: &account, kind: KIND, expires: EXPIRES, profile: &profile };
        let signature = MultiSignature::from(pair.sign(&statement.to_bytes()));
        assert_ok!(Consortium::admit(council(), profile, KIND, admin, EXPIRES, signature));
    });
}

#[test]
fn the_council_has_so_many_seats() {
    ExtBuilder::default().execute(|| {
        for number in 2..MockCouncil::MAX_SEATS as u8 {
            assert_ok!(admit(number, KIND));
        }
        assert_noop!(admitted(signature()), Error::<Test>::TooManyMembers);

        // Observers take none, and a seat that falls free can be taken.
        assert_ok!(admit(100, OrganisationKind::Auditor));
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        assert_ok!(admitted(signature()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(admitted(signature()), MockJournal::FAILURE);
    });
}
