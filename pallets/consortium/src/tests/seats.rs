//! Whatever happens, the council has the seats of the active members that are no observers, and not too few.

use crate::{mock::*, *};
use citynet_primitives::{Moment, OrganisationId, OrganisationKind, Parameter};
use citynet_support::mock::{MockCouncil, MockValidators};
use proptest::prelude::*;
use sp_runtime::{DispatchError, StateVersion};

#[derive(Clone, Debug)]
enum Action {
    Admit(u8, OrganisationKind),
    Suspend(u32),
    Reinstate(u32),
    Expel(u32),
    SetKind(u32, OrganisationKind),
    Leave(u8),
    SetMinMembers(u32),
    SetMinValidators(u32),
    /// Of the city or the telecom.
    AddValidator(bool),
}

fn action() -> impl Strategy<Value = Action> {
    let organisation = || 1..12u32;
    let kind = || prop::sample::select(OrganisationKind::ALL);
    prop_oneof![
        4 => (0..10u8, kind()).prop_map(|(number, kind)| Action::Admit(number, kind)),
        2 => organisation().prop_map(Action::Suspend),
        3 => organisation().prop_map(Action::Reinstate),
        1 => organisation().prop_map(Action::Expel),
        2 => (organisation(), kind()).prop_map(|(id, kind)| Action::SetKind(id, kind)),
        1 => (0..12u8).prop_map(Action::Leave),
        1 => (0..7u32).prop_map(Action::SetMinMembers),
        1 => (0..4u32).prop_map(Action::SetMinValidators),
        1 => any::<bool>().prop_map(Action::AddValidator),
    ]
}

fn apply(action: Action) -> Result<(), DispatchError> {
    match action {
        Action::Admit(number, kind) => {
            let (pair, profile) = (applicant(number), profile("Newcomer"));
            let signature = application(&pair, &profile, kind, Moment::MAX);
            Consortium::admit(council(), profile, kind, account_of(&pair), Moment::MAX, signature)
        }
        Action::Suspend(id) => Consortium::suspend(council(), OrganisationId(id), why()),
        Action::Reinstate(id) => Consortium::reinstate(council(), OrganisationId(id), why()),
        Action::Expel(id) => Consortium::expel(council(), OrganisationId(id), why()),
        Action::SetKind(id, kind) => Consortium::set_kind(council(), OrganisationId(id), kind, why()),
        Action::Leave(number) => {
            let account = match number {
                10 => ALICE,
                11 => BOB,
                number => account_of(&applicant(number)),
            };
            Consortium::leave(signed(account), why())
        }
        Action::SetMinMembers(value) => Consortium::set_parameter(council(), Parameter::MinMembers { value }),
        Action::SetMinValidators(value) => Consortium::set_parameter(council(), Parameter::MinValidators { value }),
        Action::AddValidator(city) => {
            // The mock takes them also from organisations that are gone.
            let (organisation, account) = if city { (CITY, ALICE) } else { (TELECOM, BOB) };
            if Organisations::<Test>::get(organisation).is_some_and(|found| found.has_seat()) {
                MockValidators::add(organisation, &account);
            }
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn seats_are_those_of_the_active_members(actions in prop::collection::vec(action(), 1..40)) {
        ExtBuilder::default().execute(|| {
            for action in actions {
                let before = sp_io::storage::root(StateVersion::V1);
                if apply(action).is_err() {
                    assert_eq!(sp_io::storage::root(StateVersion::V1), before);
                }

                let entitled: Vec<_> = Consortium::organisations()
                    .into_iter()
                    .filter(|organisation| organisation.seat)
                    .map(|organisation| organisation.id)
                    .collect();
                assert_eq!(MockCouncil::seats(), entitled);
                assert!(entitled.len() as u32 <= MockCouncil::MAX_SEATS);
                assert!(entitled.len() as u32 >= Consortium::parameters().min_members);
                assert_sound();
            }
        });
    }
}
