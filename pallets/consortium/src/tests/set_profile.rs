use super::{assert_record, author, only_active_admins, records};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationProfile};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

#[test]
fn an_admin_changes_the_profile() {
    ExtBuilder::default().execute(|| {
        let record = records();
        let before = Organisations::<Test>::get(CITY).unwrap();
        let profile = OrganisationProfile { contact: text(""), ..profile("City of Light") };
        assert_ok!(Consortium::set_profile(signed(ALICE), profile.clone()));

        let after = Organisation { profile: profile.clone(), ..before };
        assert_eq!(Organisations::<Test>::get(CITY), Some(after));
        let body = Body::OrganisationProfileChanged { organisation: CITY, profile };
        assert_record(record, author(CITY, ALICE), &[CITY], body);
        System::assert_last_event(Event::<Test>::OrganisationProfileChanged { organisation: CITY, record }.into());
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| {
        only_active_admins(|origin| Consortium::set_profile(origin, profile("City of Light")));
    });
}

#[test]
fn a_profile_is_text_with_a_name() {
    ExtBuilder::default().execute(|| {
        let latin1 = b"Universit\xe4t".to_vec();
        let nameless = OrganisationProfile { name: text(""), ..profile("City") };
        let no_name = OrganisationProfile { name: latin1.clone().try_into().unwrap(), ..profile("City") };
        let no_contact = OrganisationProfile { contact: latin1.try_into().unwrap(), ..profile("City") };
        for profile in [nameless, no_name, no_contact] {
            assert_noop!(Consortium::set_profile(signed(ALICE), profile), Error::<Test>::InvalidText);
        }
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::set_profile(signed(ALICE), profile("City of Light")), MockJournal::FAILURE);
    });
}
