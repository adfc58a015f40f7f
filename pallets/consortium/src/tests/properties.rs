//! Any calls by anybody keep the register whole, and those that fail change nothing.

use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationId, Roles};
use citynet_support::mock::MockJournal;
use proptest::prelude::*;
use sp_runtime::{AccountId32, StateVersion};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Action {
    Add(u8, u16),
    SetRoles(u8, u16),
    Remove(u8),
}

fn action() -> impl Strategy<Value = (u8, Action)> {
    // Accounts 1 to 3 are those of genesis. Roles: the known bits, now and then one more, now and then none.
    let actor = 1..8u8;
    let roles = 0..80u16;
    let action = prop_oneof![
        3 => (1..8u8, roles.clone()).prop_map(|(account, roles)| Action::Add(account, roles)),
        2 => (1..8u8, roles).prop_map(|(account, roles)| Action::SetRoles(account, roles)),
        1 => (1..8u8).prop_map(Action::Remove),
    ];
    (actor, action)
}

fn account(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_register_stays_whole(actions in prop::collection::vec(action(), 1..60)) {
        ExtBuilder::default().execute(|| {
            for (actor, action) in actions {
                let origin = signed(account(actor));
                let before = (sp_io::storage::root(StateVersion::V1), MockJournal::entries().len());
                let outcome = match action {
                    Action::Add(subject, roles) => Consortium::add_account(origin, account(subject), Roles(roles)),
                    Action::SetRoles(subject, roles) => Consortium::set_roles(origin, account(subject), Roles(roles)),
                    Action::Remove(subject) => Consortium::remove_account(origin, account(subject)),
                };
                match outcome {
                    Ok(()) => assert_eq!(MockJournal::entries().len(), before.1 + 1),
                    Err(_) => assert_eq!(sp_io::storage::root(StateVersion::V1), before.0),
                }
                assert_eq!(Consortium::do_try_state(), Ok(()));
            }

            // The records alone tell whose every account is.
            let mut told = BTreeMap::<AccountId32, (OrganisationId, Roles)>::new();
            for body in MockJournal::bodies() {
                match body {
                    Body::AccountAdded { organisation, account, roles }
                    | Body::AccountRolesChanged { organisation, account, roles } => {
                        told.insert(account.into(), (organisation, roles));
                    }
                    Body::AccountRemoved { account, .. } => {
                        told.remove(&AccountId32::from(account));
                    }
                    _ => (),
                }
            }
            let held: BTreeMap<_, _> =
                Accounts::<Test>::iter().map(|(account, record)| (account, (record.organisation, record.roles))).collect();
            assert_eq!(told, held);
        });
    }
}
