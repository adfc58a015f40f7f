//! Money with the runtime's own pallets behind one another: from a deposit and a receipt to a cycle that settles.

use crate::chain::{apply, on, open_block, open_block_number};
use citynet_primitives::{
    AccessReport, Action, Actions, Amount, BankReference, CycleId, CyclePhase, DatasetId, DatasetKind, DatasetProfile,
    Document, GrantId, GrantState, ObligationState, OrganisationId, PersonalData, Price, PurposeCode, Sensitivity,
    Subject, Terms, Text, Tier, Unit, Usage, UsageLimit, Versions,
};
use citynet_runtime::{
    configs::{Collective, InherentClock},
    genesis_presets::LOCAL,
    AccountId, Assets, Consortium, Grants, Journal, Runtime, RuntimeCall, RuntimeOrigin, Settlements,
};
use citynet_support::Clock;
use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    traits::{fungibles::Inspect, Get, GetCallMetadata},
    weights::constants::WEIGHT_REF_TIME_PER_MICROS,
};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave};
use sp_runtime::{ApplyExtrinsicResult, DispatchError};

type Call = pallet_settlements::Call<Runtime>;
type Error = pallet_settlements::Error<Runtime>;

const DONE: ApplyExtrinsicResult = Ok(Ok(()));
/// Alice's.
const CITY: OrganisationId = OrganisationId(1);
/// Bob's.
const TELECOM: OrganisationId = OrganisationId(2);
/// Dave's, which holds the bank account.
const AGENT: OrganisationId = OrganisationId(4);
const ROUBLE: u32 = 1;
const AIR: DatasetId = DatasetId(1);
const GRANT: GrantId = GrantId(1);
/// A slot.
const SECOND: u64 = 1_000;

fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().expect("it is short")
}

fn settlements(call: Call) -> RuntimeCall {
    RuntimeCall::Settlements(call)
}

fn refused(error: Error) -> ApplyExtrinsicResult {
    Ok(Err(error.into()))
}

fn payment(number: u8) -> BankReference {
    let mut uetr = [number; 16];
    // The marks of a UUID of version 4.
    (uetr[6], uetr[8]) = (0x40, 0x80);
    BankReference { uetr, notification: [number; 32] }
}

fn balance(organisation: OrganisationId) -> (Amount, Amount) {
    Settlements::balance(ROUBLE, organisation)
}

/// Has the council create the currency, and the telecom deposit that much.
fn money(amount: Amount) {
    let create = |origin| Settlements::create_currency(origin, text("RUB"), 2, AGENT);
    assert_noop!(create(RuntimeOrigin::signed(Alice.to_account_id())), DispatchError::BadOrigin);
    assert_ok!(create(pallet_collective::RawOrigin::<AccountId, Collective>::Members(3, 4).into()));
    let deposit =
        || settlements(Call::deposit { currency: ROUBLE, organisation: TELECOM, amount, reference: payment(1) });
    assert_eq!(apply(Alice, deposit()), refused(Error::NotAgent));
    assert_eq!(apply(Dave, deposit()), DONE);
    assert_eq!(apply(Dave, deposit()), refused(Error::ReferenceUsed));
    assert_eq!(balance(TELECOM), (amount, 0));
}

/// Has the city offer the air to the telecom, so that accepting it is enough. Gives the hash of the terms.
fn offer(price: Price) -> [u8; 32] {
    let profile = DatasetProfile {
        title: text("Air"),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [1; 32], uri: text("") },
        schema: text(""),
        licence: text("CC-BY-4.0"),
    };
    let register = pallet_catalog::Call::register { kind: DatasetKind::Stream, profile };
    assert_eq!(apply(Alice, RuntimeCall::Catalog(register)), DONE);
    let terms = Terms {
        dataset: AIR,
        versions: Versions { first: 1, last: None, content: None },
        provider: CITY,
        consumer: TELECOM,
        controller: CITY,
        actions: [Action::Read].into_iter().collect::<Actions>(),
        purposes: vec![PurposeCode(2)].try_into().expect("it is one"),
        not_before: 1,
        not_after: 4_000_000_000_000,
        limit: UsageLimit::default(),
        price,
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: text("RU"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    };
    let offer = pallet_grants::Call::offer { terms: Box::new(terms), binding: true, parent: None, supersedes: None };
    assert_eq!(apply(Alice, RuntimeCall::Grants(offer)), DONE);
    Grants::grant(GRANT).expect("it was offered").terms_hash
}

fn accept(terms_hash: [u8; 32]) -> RuntimeCall {
    RuntimeCall::Grants(pallet_grants::Call::accept { grant: GRANT, terms_hash })
}

fn state() -> Option<GrantState> {
    Grants::grant(GRANT).map(|info| info.state)
}

/// 3 roubles for a thousand records, 2 from the thousand-and-first on. Five seconds to dispute.
fn metered() -> Price {
    let tiers = vec![Tier { above: 0, amount: 300 }, Tier { above: 1_000, amount: 200 }];
    Price::Metered {
        currency: ROUBLE,
        unit: Unit::Record,
        per: 1_000,
        tiers: tiers.try_into().expect("there are few"),
        dispute_window: 5 * SECOND,
    }
}

#[test]
fn use_is_stated_billed_and_settled() {
    let usage = Usage { accesses: 10, records: 1_500, bytes: 20_000 };
    let cycle = CycleId { currency: ROUBLE, number: 1 };
    let bill = || settlements(Call::bill { grant: GRANT });
    let advance = || settlements(Call::advance_cycle { currency: ROUBLE, max: 10 });
    let phase = || Settlements::cycle(cycle).map(|info| info.phase);
    on(LOCAL, json!({}), || {
        open_block();
        money(1_000);
        let terms_hash = offer(metered());
        assert_eq!(apply(Bob, accept(terms_hash)), DONE);
        let now = InherentClock::now();
        let report = AccessReport {
            counter: 1,
            from: now,
            to: now + 1,
            usage,
            refused: Default::default(),
            receipts: 10,
            root: [7; 32],
        };
        let state = |usage| settlements(Call::state_usage { grant: GRANT, usage, root: [7; 32] });
        assert_eq!(apply(Alice, state(usage)), refused(Error::BeyondReported));
        assert_eq!(apply(Alice, RuntimeCall::Grants(pallet_grants::Call::report { grant: GRANT, report })), DONE);
        assert_eq!(apply(Alice, state(usage)), DONE);

        // Undisputed, it matures by time alone: not a moment earlier, and without a transaction.
        open_block_number(5);
        assert_eq!(InherentClock::now(), now + 4 * SECOND);
        assert_eq!(apply(Charlie, bill()), refused(Error::NothingToBill));
        open_block_number(6);
        assert_eq!(apply(Charlie, bill()), DONE);
        let owed = Settlements::obligation(1).expect("it was billed");
        assert_eq!((owed.debtor, owed.creditor, owed.amount, owed.usage), (TELECOM, CITY, 400, usage));
        assert_eq!(apply(Charlie, bill()), refused(Error::NothingToBill));

        open_block_number(7);
        let cutoff = InherentClock::now();
        let open = || settlements(Call::open_cycle { currency: ROUBLE, cutoff, deadline: cutoff + 60 * SECOND });
        assert_eq!(apply(Alice, open()), refused(Error::NotAgent));
        assert_eq!(apply(Dave, open()), DONE);
        assert_eq!(apply(Charlie, advance()), DONE);
        assert_eq!(phase(), Some(CyclePhase::Funding));
        assert_eq!(balance(TELECOM), (1_000, 0));
        assert_eq!(apply(Charlie, advance()), DONE);
        assert_eq!(phase(), Some(CyclePhase::Settled));
        assert_eq!((balance(TELECOM), balance(CITY)), ((600, 0), (400, 0)));
        assert_eq!(Settlements::obligation(1).map(|info| info.state), Some(ObligationState::Settled));
        // What a step may cost is taken from the block before it is known what it did.
        open_block_number(8);
        assert_eq!(apply(Charlie, advance()), refused(Error::NothingToDo));

        // The journal finds the heads that the two pallets keep.
        let count = |subject| Journal::subject_head(subject).count;
        assert_eq!(count(Subject::Cycle(cycle)), 3, "opened, computed, settled");
        assert_eq!(count(Subject::Grant(GRANT)), 8, "offered, four steps at once, reported, stated, billed");
        assert_eq!(Assets::total_issuance(ROUBLE), 1_000);
    });
}

#[test]
fn a_grant_with_a_fixed_price_is_active_exactly_when_it_is_paid() {
    on(LOCAL, json!({}), || {
        open_block();
        money(1_000);
        let terms_hash = offer(Price::Fixed { currency: ROUBLE, amount: 1_000 });
        assert_eq!(apply(Bob, accept(terms_hash)), refused(Error::NotHeld));
        assert_eq!((state(), balance(TELECOM)), (Some(GrantState::Offered), (1_000, 0)));
        let pay = |terms_hash| settlements(Call::pay_and_accept { grant: GRANT, terms_hash });
        let differs = apply(Bob, pay([0; 32]));
        assert_eq!(differs, Ok(Err(pallet_grants::Error::<Runtime>::TermsDiffer.into())));
        assert_eq!((state(), balance(TELECOM)), (Some(GrantState::Offered), (1_000, 0)));
        assert_eq!(apply(Bob, pay(terms_hash)), DONE);
        assert_eq!(state(), Some(GrantState::Active));
        assert_eq!((balance(TELECOM), balance(CITY)), ((0, 0), (1_000, 0)));
    });
}

#[test]
fn all_that_there_is_can_be_paid_out() {
    let request = |amount| settlements(Call::request_withdrawal { currency: ROUBLE, amount, account: [9; 32] });
    let reason = text("the account is closed");
    on(LOCAL, json!({}), || {
        open_block();
        money(1_000);
        assert_eq!(apply(Bob, request(1_001)), refused(Error::FundsUnavailable));
        assert_eq!(apply(Bob, request(400)), DONE);
        assert_eq!(apply(Bob, request(600)), DONE);
        assert_eq!(balance(TELECOM), (0, 1_000));
        assert_eq!(apply(Dave, settlements(Call::return_withdrawal { withdrawal: 1, reason })), DONE);
        assert_eq!(balance(TELECOM), (400, 600));
        assert_eq!(apply(Bob, request(400)), DONE);
        for (withdrawal, number) in [(2, 2), (3, 3)] {
            let paid = Call::complete_withdrawal { withdrawal, reference: payment(number) };
            assert_eq!(apply(Dave, settlements(paid)), DONE);
        }
        assert_eq!((balance(TELECOM), Assets::total_issuance(ROUBLE)), ((0, 0), 0));
    });
}

#[test]
fn the_largest_step_of_a_cycle_fits_into_what_a_member_can_save_up() {
    on(LOCAL, json!({}), || {
        let max = <Runtime as pallet_settlements::Config>::MaxPage::get();
        let weight = settlements(Call::advance_cycle { currency: ROUBLE, max }).get_dispatch_info().call_weight;
        let [member, ..] = Consortium::parameters().quotas;
        // The last tenth is for admins.
        let burst = u64::from(member.burst) / 10 * 9 * WEIGHT_REF_TIME_PER_MICROS;
        assert!(weight.ref_time() <= burst, "a step costs {} of {burst} ps", weight.ref_time());
    });
}

#[test]
fn assets_have_no_calls_of_their_own() {
    let pallets = RuntimeCall::get_module_names();
    assert!(pallets.contains(&"Settlements"));
    assert!(!pallets.contains(&"Assets") && !pallets.contains(&"AssetsHolder"));
}
