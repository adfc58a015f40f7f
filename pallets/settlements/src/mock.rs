//! A runtime of this pallet, the real assets pallets and the shared mocks, with a currency and six organisations.

use crate::{self as pallet_settlements, Event};
use citynet_primitives::{
    Amount, BankReference, Body, GrantId, Hash, Moment, OrganisationId, Price, Role, Roles, Subject, Text, Tier, Tiers,
    Unit, Usage,
};
use citynet_support::{
    mock::{MockClock, MockGrants, MockJournal, MockMembership},
    AccountBytes, Clock,
};
use frame_support::{
    assert_ok, derive_impl,
    traits::{AsEnsureOriginWithArg, ConstU32, ConstU64},
};
use frame_system::{EnsureNever, EnsureRoot};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

pub const HOUR: Moment = 3_600_000;
pub const DAY: Moment = 24 * HOUR;

pub const CONFIRMATION_WINDOW: Moment = 7 * DAY;
pub const MAX_PAGE: u32 = 700;
pub const MAX_ORGANISATIONS: u32 = 1_024;

/// The agent of [`RUB`].
pub const BANK: OrganisationId = OrganisationId(1);
/// The provider of the grants below.
pub const CITY: OrganisationId = OrganisationId(2);
/// Their consumer.
pub const UNIVERSITY: OrganisationId = OrganisationId(3);
/// No party of them.
pub const CLINIC: OrganisationId = OrganisationId(4);
/// Nor this one.
pub const TELECOM: OrganisationId = OrganisationId(5);
/// No member any more.
pub const GONE: OrganisationId = OrganisationId(6);

/// All that are members.
pub const ORGANISATIONS: [OrganisationId; 5] = [BANK, CITY, UNIVERSITY, CLINIC, TELECOM];

/// The first currency.
pub const RUB: u32 = 1;
/// No currency.
pub const NO_CURRENCY: u32 = 99;

/// What the window of [`metered_price`] is.
pub const DISPUTE_WINDOW: Moment = 3 * DAY;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Assets: pallet_assets,
        AssetsHolder: pallet_assets_holder,
        Settlements: pallet_settlements,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
    type Balance = Amount;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureNever<AccountId32>>;
    type ForceOrigin = EnsureNever<AccountId32>;
    type Holder = AssetsHolder;
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_settlements::Config for Test {
    type Membership = MockMembership;
    type Journal = MockJournal;
    type Clock = MockClock;
    type Grants = MockGrants<Settlements>;
    type CouncilOrigin = EnsureRoot<AccountId32>;
    type Money = Assets;
    type Holds = AssetsHolder;
    type RuntimeHoldReason = RuntimeHoldReason;
    type ConfirmationWindow = ConstU64<CONFIRMATION_WINDOW>;
    type MaxPage = ConstU32<MAX_PAGE>;
    type MaxOrganisations = ConstU32<MAX_ORGANISATIONS>;
    type WeightInfo = ();
}

#[derive(Default)]
pub struct ExtBuilder {
    without_currency: bool,
}

impl ExtBuilder {
    /// Leaves [`RUB`] out.
    pub fn without_currency(mut self) -> Self {
        self.without_currency = true;
        self
    }

    /// Block 1 with the organisations and their accounts, and [`RUB`], which nobody has yet.
    pub fn build(self) -> TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            for organisation in ORGANISATIONS {
                MockMembership::set(&treasurer(organisation), organisation, Roles::of(&[Role::Treasurer]));
                MockMembership::set(&attestor(organisation), organisation, Roles::of(&[Role::Attestor]));
                MockMembership::set(&registrar(organisation), organisation, Roles::of(&[Role::Registrar]));
                let both = Roles::of(&[Role::Treasurer, Role::Registrar]);
                MockMembership::set(&buyer(organisation), organisation, both);
            }
            if !self.without_currency {
                assert_ok!(Settlements::create_currency(RuntimeOrigin::root(), text("RUB"), 2, BANK));
            }
        });
        externalities
    }

    /// Runs a test and then checks that the state it leaves is sound.
    pub fn run(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_ok!(Settlements::do_try_state());
        });
    }
}

/// The organisation's account that handles its money.
pub fn treasurer(organisation: OrganisationId) -> AccountId32 {
    account(0, organisation)
}

/// The organisation's account that states usage.
pub fn attestor(organisation: OrganisationId) -> AccountId32 {
    account(1, organisation)
}

/// The organisation's account that negotiates.
pub fn registrar(organisation: OrganisationId) -> AccountId32 {
    account(2, organisation)
}

/// The organisation's account that negotiates and pays.
pub fn buyer(organisation: OrganisationId) -> AccountId32 {
    account(3, organisation)
}

/// An account of no organisation.
pub fn nobody() -> AccountId32 {
    AccountId32::new([0xff; 32])
}

fn account(kind: u8, organisation: OrganisationId) -> AccountId32 {
    let mut bytes = [kind; 32];
    bytes[..4].copy_from_slice(&organisation.0.to_le_bytes());
    AccountId32::new(bytes)
}

pub fn signed(account: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

pub fn now() -> Moment {
    MockClock::now()
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    bytes(text.as_bytes())
}

pub fn bytes<const N: u32>(bytes: &[u8]) -> Text<N> {
    bytes.to_vec().try_into().unwrap()
}

pub fn reason() -> Text<256> {
    text("as agreed on the phone")
}

/// A payment by bank; each number is another one.
pub fn reference(number: u64) -> BankReference {
    let mut uetr = [0; 16];
    uetr[..6].copy_from_slice(&number.to_le_bytes()[..6]);
    // The marks of a UUID of version 4.
    (uetr[6], uetr[8]) = (0x40, 0x80);
    BankReference { uetr, notification: [number as u8; 32] }
}

/// A payment by bank that nobody named before.
pub fn fresh_reference() -> BankReference {
    (1_000_000..)
        .map(reference)
        .find(|reference| !crate::BankReferences::<Test>::contains_key(reference.uetr))
        .expect("there are more numbers than payments")
}

/// Mints money of [`RUB`] for an organisation.
pub fn fund(organisation: OrganisationId, amount: Amount) {
    fund_in(RUB, organisation, amount);
}

/// Mints money of any currency whose agent is [`BANK`].
pub fn fund_in(currency: u32, organisation: OrganisationId, amount: Amount) {
    let reference = fresh_reference();
    assert_ok!(Settlements::deposit(signed(treasurer(BANK)), currency, organisation, amount, reference));
}

/// What an organisation has free of [`RUB`].
pub fn free(organisation: OrganisationId) -> Amount {
    Settlements::balance(RUB, organisation).0
}

/// What an organisation has on hold of [`RUB`].
pub fn held(organisation: OrganisationId) -> Amount {
    Settlements::balance(RUB, organisation).1
}

pub fn fixed_price(amount: Amount) -> Price {
    Price::Fixed { currency: RUB, amount }
}

/// So much for every day.
pub fn daily_price(amount: Amount) -> Price {
    Price::PerPeriod { currency: RUB, amount, period: DAY }
}

pub fn tiers(tiers: &[(u64, Amount)]) -> Tiers {
    let tiers: Vec<Tier> = tiers.iter().map(|&(above, amount)| Tier { above, amount }).collect();
    tiers.try_into().unwrap()
}

/// So much for every `per` accesses, with [`DISPUTE_WINDOW`].
pub fn metered_price(amount: Amount, per: u64) -> Price {
    Price::Metered {
        currency: RUB,
        unit: Unit::Access,
        per,
        tiers: tiers(&[(0, amount)]),
        dispute_window: DISPUTE_WINDOW,
    }
}

/// An active grant of the city to the university at this price, without any use.
pub fn active_grant(price: Price) -> GrantId {
    new_grant(CITY, UNIVERSITY, price, true)
}

/// A binding offer of the city to the university at this price. Its terms hash to [`MockGrants::TERMS`].
pub fn offered_grant(price: Price) -> GrantId {
    new_grant(CITY, UNIVERSITY, price, false)
}

/// A grant with the next number that is free.
pub fn new_grant(provider: OrganisationId, consumer: OrganisationId, price: Price, active: bool) -> GrantId {
    let grant = (1..).map(GrantId).find(|grant| MockGrants::get(*grant).is_none()).expect("there are enough numbers");
    let facts = if active {
        MockGrants::active(provider, consumer, price)
    } else {
        MockGrants::offered(provider, consumer, price)
    };
    MockGrants::set(grant, &facts);
    grant
}

/// So many accesses, and nothing else.
pub fn accesses(accesses: u64) -> Usage {
    Usage { accesses, ..Usage::default() }
}

/// Has the provider's gateway report this use of a grant.
pub fn report(grant: GrantId, used: Usage) {
    MockGrants::change(grant, |facts| facts.used = used);
}

/// Some root over receipts.
pub const ROOT: Hash = [0x52; 32];

/// This pallet's events since the test began.
pub fn events() -> Vec<Event<Test>> {
    System::read_events_for_pallet()
}

pub fn last_event() -> Event<Test> {
    events().pop().expect("the test caused an event")
}

/// The grant that a record is about, if it is about one.
fn grant_of(body: &Body) -> Option<GrantId> {
    match body {
        Body::PriceHeld { grant, .. }
        | Body::PriceReleased { grant }
        | Body::PricePaid { grant, .. }
        | Body::UsageStated { grant, .. }
        | Body::UsageDisputed { grant, .. }
        | Body::UsageRuled { grant, .. } => Some(*grant),
        Body::ObligationCreated { info, .. } | Body::ObligationReversed { info, .. } => Some(info.grant),
        Body::ObligationPaid { obligation }
        | Body::PaymentDeclared { obligation, .. }
        | Body::PaymentAnswered { obligation, .. }
        | Body::DeclarationWithdrawn { obligation } => Settlements::obligation(*obligation).map(|info| info.grant),
        _ => None,
    }
}

/// Checks the latest record: who wrote it, about which organisations and the grant that it names, and what it says. Gives
/// its index.
#[track_caller]
pub fn assert_recorded(account: &AccountId32, parties: &[OrganisationId], body: &Body) -> u64 {
    let entry = MockJournal::last().expect("the test wrote a record");
    assert_eq!(&entry.record.body, body);
    assert_eq!(entry.record.account, account.account_bytes());
    let organisations = parties.iter().copied().map(Subject::Organisation);
    let subjects: Vec<Subject> = grant_of(body).map(Subject::Grant).into_iter().chain(organisations).collect();
    assert_eq!(entry.subjects.to_vec(), subjects);
    entry.record.index
}
