//! What holds after any sequence of calls and for any course of the chain.

use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationId, OrganisationStatus, Role, Roles, ValidatorStatus};
use citynet_support::{
    mock::{MockJournal, MockMembership},
    Membership,
};
use proptest::prelude::*;
use sp_runtime::{AccountId32, StateVersion};
use std::collections::BTreeMap;

const ORGANISATIONS: u8 = 6;
const ACCOUNTS: u8 = 3;

#[derive(Clone, Debug)]
enum Action {
    Register(u8, u8),
    Rotate(u8, u8),
    Withdraw(u8, u8),
    Equivocate(u8, u8),
    Reinstate(u8, u8),
    SetStatus(u8, OrganisationStatus),
    Forget(u8),
    NextSession,
}

fn action() -> impl Strategy<Value = Action> {
    let organisation = || 1..=ORGANISATIONS;
    let validator = || (1..=ORGANISATIONS, 0..ACCOUNTS);
    prop_oneof![
        8 => validator().prop_map(|(organisation, account)| Action::Register(organisation, account)),
        2 => validator().prop_map(|(organisation, account)| Action::Rotate(organisation, account)),
        3 => validator().prop_map(|(organisation, account)| Action::Withdraw(organisation, account)),
        2 => validator().prop_map(|(organisation, account)| Action::Equivocate(organisation, account)),
        2 => validator().prop_map(|(organisation, account)| Action::Reinstate(organisation, account)),
        3 => (organisation(), prop::sample::select(OrganisationStatus::ALL))
            .prop_map(|(organisation, status)| Action::SetStatus(organisation, status)),
        1 => organisation().prop_map(Action::Forget),
        3 => Just(Action::NextSession),
    ]
}

/// The accounts of an organisation. The first is that of genesis, if it had one.
fn account(organisation: u8, number: u8) -> AccountId32 {
    AccountId32::new([organisation + 40 * number; 32])
}

fn status_is_active(organisation: OrganisationId) -> bool {
    <MockMembership as Membership<AccountId32>>::is_active(organisation)
}

/// The set by the rule's words: from an organisation that has more than one and a third of all, the newest is taken;
/// then it is looked again. Which of several organisations loses first is `choice`'s, and must not matter.
fn slow_election(choice: usize) -> Vec<AccountId32> {
    let mut set: Vec<_> = Validators::<Test>::get()
        .into_iter()
        .filter(|validator| validator.status == ValidatorStatus::Registered)
        .filter(|validator| status_is_active(validator.organisation))
        .collect();
    loop {
        let count = |of: OrganisationId| set.iter().filter(|validator| validator.organisation == of).count();
        let mut too_large: Vec<OrganisationId> = set
            .iter()
            .map(|validator| validator.organisation)
            .filter(|of| count(*of) > 1 && 3 * count(*of) >= set.len())
            .collect();
        too_large.dedup();
        if too_large.is_empty() {
            return set.into_iter().map(|validator| validator.account).collect();
        }
        let loser = too_large[choice % too_large.len()];
        let newest = set.iter().rposition(|validator| validator.organisation == loser).unwrap();
        set.remove(newest);
    }
}

fn check_election() {
    let elected = Nodes::elected();
    for choice in 0..3 {
        assert_eq!(elected, slow_election(choice));
    }
    let validators = Validators::<Test>::get();
    let organisation_of = |account: &AccountId32| {
        validators.iter().find(|validator| validator.account == *account).expect("elected are registered").organisation
    };
    let mut counts = BTreeMap::<OrganisationId, usize>::new();
    for account in &elected {
        *counts.entry(organisation_of(account)).or_default() += 1;
    }
    for count in counts.values() {
        assert!(*count == 1 || 3 * count < elected.len(), "{counts:?}");
    }
    let eligible = validators
        .iter()
        .any(|validator| validator.status == ValidatorStatus::Registered && status_is_active(validator.organisation));
    assert_eq!(elected.is_empty(), !eligible);
}

/// Does it, and tells whether it was allowed.
fn perform(action: &Action, fresh_key: u64) -> bool {
    match action {
        Action::Register(organisation, number) => register(account(*organisation, *number), fresh_key).is_ok(),
        Action::Rotate(organisation, number) => rotate(account(*organisation, *number), fresh_key).is_ok(),
        Action::Withdraw(organisation, number) => withdraw(account(*organisation, *number)).is_ok(),
        Action::Reinstate(organisation, number) => reinstate(account(*organisation, *number)).is_ok(),
        Action::Equivocate(organisation, number) => {
            suspend(&account(*organisation, *number));
            true
        }
        Action::SetStatus(organisation, status) => {
            set_status(OrganisationId((*organisation).into()), *status);
            true
        }
        Action::Forget(organisation) => {
            let organisation = OrganisationId((*organisation).into());
            <Nodes as citynet_support::ValidatorRegister<AccountId32>>::forget(organisation);
            true
        }
        Action::NextSession => {
            next_session();
            true
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// No organisation with more than one validator ever has a third; the set is empty only when nobody can be in it;
    /// it does not depend on how it came about; and calls that fail change nothing.
    #[test]
    fn every_set_is_fair(actions in prop::collection::vec(action(), 1..80)) {
        ExtBuilder::default().execute(|| {
            for organisation in 1..=ORGANISATIONS {
                for number in 0..ACCOUNTS {
                    let id = OrganisationId(organisation.into());
                    MockMembership::set(&account(organisation, number), id, Roles::of(&[Role::Validator]));
                }
            }
            for (fresh_key, action) in (1_000..).zip(&actions) {
                let before = sp_io::storage::root(StateVersion::V1);
                let allowed = perform(action, fresh_key);
                if !allowed {
                    assert_eq!(sp_io::storage::root(StateVersion::V1), before, "{action:?}");
                }
                if let (Action::Register(organisation, number), true) = (action, allowed) {
                    assert!(Nodes::elected().contains(&account(*organisation, *number)));
                }
                if let (Action::Withdraw(..), true) = (action, allowed) {
                    assert!(!Nodes::elected().is_empty());
                }
                check_election();
                assert!(!Authorities::get().is_empty());
                assert_eq!(Nodes::do_try_state(), Ok(()));
            }

            // Two sessions later the set is what was elected, unless nobody was, and nothing more changes.
            let elected = Nodes::elected();
            next_session();
            next_session();
            let set = SetId::get();
            if !elected.is_empty() {
                assert_eq!(Session::validators(), elected);
                let key = |account: AccountId32| pallet_session::NextKeys::<Test>::get(account).unwrap().dummy.0;
                assert_eq!(Authorities::get(), elected.into_iter().map(key).collect::<Vec<_>>());
                next_session();
                assert_eq!(SetId::get(), set);
            }
        });
    }

    /// Whatever the gaps, slots are counted as if one looked at each of them.
    #[test]
    fn slots_are_counted_as_one_by_one(
        count in 1..=8u8,
        begin in 0..1_000u64,
        gaps in prop::collection::vec(prop_oneof![4 => 0..4u64, 2 => 0..10u64, 1 => 0..100u64], 1..120),
    ) {
        ExtBuilder::founders(count).execute(|| {
            let silent_after = Rules::get().silent_after;
            let owners = u64::from(count);
            let mut conducts = vec![Conduct::default(); count.into()];
            let mut told = vec![];

            block(begin);
            let mut slot = begin;
            for gap in gaps {
                for skipped in slot + 1..=slot + gap {
                    let index = (skipped % owners) as usize;
                    let conduct = &mut conducts[index];
                    conduct.skipped += 1;
                    if gap < owners {
                        conduct.streak += 1;
                        if conduct.streak >= silent_after && !conduct.silent {
                            conduct.silent = true;
                            told.push((founder(index as u8 + 1), conduct.skipped));
                        }
                    }
                }
                slot += gap + 1;
                let author = &mut conducts[(slot % owners) as usize];
                (author.streak, author.silent) = (0, false);

                let weight = block(slot);
                assert_eq!(weight, <() as WeightInfo>::on_initialize(gap.min(owners) as u32));
                for (number, expected) in (1..).zip(&conducts) {
                    assert_eq!(conduct(&founder(number)), *expected);
                }
            }

            let silences = MockJournal::bodies().into_iter().filter_map(|body| match body {
                Body::ValidatorSilent { account, skipped, .. } => Some((AccountId32::from(account), skipped)),
                _ => None,
            });
            assert_eq!(silences.collect::<Vec<_>>(), told);
        });
    }
}
