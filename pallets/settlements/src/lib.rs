//! Settlement: money that adds up.
//!
//! What organisations use of each other's data is turned into obligations, these are netted, and what is left is paid.
//! Every unit can be followed from a receipt to a payment.
//!
//! # Terminology
//!
//! * A *currency* is an asset of `pallet-assets` that the council creates. Its *agent* is the organisation that holds
//!   the bank account behind it: it mints what was deposited there and burns what was paid out.
//! * Every organisation has a *treasury*, an account without a key, which only this pallet moves. Money on *hold* still
//!   belongs to its organisation: for a withdrawal, for a grant that is not active yet, or for a netting cycle.
//! * A *usage statement* is what a provider says was used of a grant since it began. It *matures* by time alone, where
//!   its consumer does not dispute it, and only mature use is billed.
//! * An *obligation* is what one organisation owes another. It is never edited: a correction is another obligation the
//!   other way round.
//! * *Settled* is what was paid on the ledger, at once or by a netting cycle. *Booked* is what was paid by bank, as the
//!   creditor confirms.
//! * A *netting cycle* of a currency collects obligations up to a cut-off, computes what everybody pays or gets in all,
//!   and settles that in one step, or not at all.
//!
//! # Assumptions
//!
//! * An agent mints nothing that was not deposited, and pays out what it burns. The chain sees only references.
//! * Block time is right to within a few seconds. Every window is half-open: its end is not part of it.
//! * Clients act on finalised blocks only. What this pallet calls settled is final where its block is.
//! * Weights are measured in the runtime with its real journal, membership and assets. They contain the append of the
//!   records; `Journal::append_weight` is not added to them.
//!
//! # What it does not guarantee
//!
//! It knows no rates between currencies and no credit: nobody's balance goes below zero, and a debtor without money
//! stays a debtor. That an account at a bank exists, or is the organisation's, it cannot know.
//!
//! # State
//!
//! Balances are in `pallet-assets`, amounts on hold in `pallet-assets-holder`. Here are the reasons for what is on
//! hold, one value per grant that is used by price, and one value per obligation.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod funding;
#[cfg(test)]
mod mock;
mod money;
mod netting;
mod payments;
mod queue;
pub mod tariff;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod usage;
pub mod weights;

pub use funding::Share;
pub use netting::{Sums, Work, MAX_NETTED};
pub use pallet::*;
pub use queue::Word;
pub use weights::WeightInfo;

/// The pallet.
#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::{
        netting::{shares, Did, Kind, Step},
        Share, WeightInfo, Word, Work,
    };
    use citynet_primitives::{
        Account, Amount, BankReference, CurrencyInfo, CycleId, CycleInfo, CyclePhase, GrantAccount, GrantId, Hash,
        Moment, NetPositions, ObligationInfo, OrganisationId, Role, Text, Uetr, Usage, WithdrawalInfo,
    };
    use citynet_support::{AccountBytes, Clock, GrantRegister, Journal, Membership};
    use frame_support::{pallet_prelude::*, traits::fungibles};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet's type.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the runtime provides.
    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: AccountBytes + From<Account>> {
        /// Who stands behind an account.
        type Membership: Membership<Self::AccountId>;
        /// Where facts are recorded.
        type Journal: Journal;
        /// The time of the block.
        type Clock: Clock;
        /// The grants.
        type Grants: GrantRegister;
        /// Who creates currencies and rules on disputes.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The balances, by a currency's number. Assets of one unit exist.
        type Money: fungibles::Inspect<Self::AccountId, AssetId = u32, Balance = Amount>
            + fungibles::Create<Self::AccountId>
            + fungibles::Mutate<Self::AccountId>;
        /// What is on hold of the same balances.
        type Holds: fungibles::Inspect<Self::AccountId, AssetId = u32, Balance = Amount>
            + fungibles::InspectHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + fungibles::MutateHold<Self::AccountId>;
        /// Why money is on hold.
        type RuntimeHoldReason: From<HoldReason>;
        /// For how many milliseconds a creditor alone can answer a declared payment.
        #[pallet::constant]
        type ConfirmationWindow: Get<Moment>;
        /// How many obligations a step of a netting cycle handles at most. Organisations cost more: it handles a fifth as
        /// many.
        #[pallet::constant]
        type MaxPage: Get<u32>;
        /// How many organisations a netting cycle can have. At most 1024, which is what a record holds.
        #[pallet::constant]
        type MaxOrganisations: Get<u32>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Why money is on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// It is to be paid out by the agent.
        Withdrawal,
        /// It is the price of a grant that is not active yet.
        Grant,
        /// It is what a netting cycle takes.
        Netting,
    }

    /// The currencies.
    #[pallet::storage]
    pub type Currencies<T: Config> = StorageMap<_, Blake2_128Concat, u32, CurrencyInfo>;

    /// How many currencies there are; the last one has this number.
    #[pallet::storage]
    pub type CurrencyCount<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// Of each currency: what was deposited and not paid out.
    #[pallet::storage]
    pub type Supply<T: Config> = StorageMap<_, Blake2_128Concat, u32, Amount, ValueQuery>;

    /// Every payment by bank that was ever named: deposits, paid withdrawals, declared payments. None counts twice.
    #[pallet::storage]
    pub type BankReferences<T: Config> = StorageMap<_, Blake2_128Concat, Uetr, ()>;

    /// The withdrawals that wait for the agent.
    #[pallet::storage]
    pub type Withdrawals<T: Config> = StorageMap<_, Blake2_128Concat, u64, WithdrawalInfo>;

    /// How many withdrawals there ever were; the last one has this number.
    #[pallet::storage]
    pub type WithdrawalCount<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The prices that are on hold for grants that are not active yet: currency, consumer, amount.
    #[pallet::storage]
    pub type Escrows<T: Config> = StorageMap<_, Blake2_128Concat, GrantId, (u32, OrganisationId, Amount)>;

    /// What is stated and billed of each grant.
    #[pallet::storage]
    pub type Accounts<T: Config> = StorageMap<_, Blake2_128Concat, GrantId, GrantAccount, ValueQuery>;

    /// Every obligation. What a cycle has settled still says `Netting` here: see [`Pallet::obligation`].
    #[pallet::storage]
    pub type Obligations<T: Config> = StorageMap<_, Blake2_128Concat, u64, ObligationInfo>;

    /// How many obligations there ever were; the last one has this number.
    #[pallet::storage]
    pub type ObligationCount<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The obligations of each cycle, and under number 0 those of its currency that are open and wait for one: ordered
    /// sets in words of 256 bits, by their level and place.
    #[pallet::storage]
    pub type Listed<T: Config> = StorageDoubleMap<_, Blake2_128Concat, CycleId, Blake2_128Concat, (u8, u64), Word>;

    /// The netting cycles.
    #[pallet::storage]
    pub type Cycles<T: Config> = StorageMap<_, Blake2_128Concat, CycleId, CycleInfo>;

    /// Of each currency the number of its last netting cycle.
    #[pallet::storage]
    pub type LastCycle<T: Config> = StorageMap<_, Blake2_128Concat, u32, u32, ValueQuery>;

    /// Of each currency with a cycle in which there is something to do: how far it is.
    #[pallet::storage]
    pub type CycleWork<T: Config> = StorageMap<_, Blake2_128Concat, u32, Work>;

    /// What everybody pays or gets in a cycle, as it was last computed.
    #[pallet::storage]
    pub type Positions<T: Config> = StorageMap<_, Blake2_128Concat, CycleId, NetPositions, ValueQuery>;

    /// By currency and organisation: what the last cycle moves of its money and has not moved yet. It counts as moved from
    /// when the cycle is settled: see [`Pallet::balance`].
    #[pallet::storage]
    pub type Netted<T: Config> = StorageDoubleMap<_, Blake2_128Concat, u32, Blake2_128Concat, OrganisationId, Share>;

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The council created a currency.
        CurrencyCreated {
            /// The currency.
            currency: u32,
            /// The record.
            record: u64,
        },
        /// An agent minted money against a deposit.
        Deposited {
            /// The currency.
            currency: u32,
            /// Whose money it is.
            organisation: OrganisationId,
            /// How much.
            amount: Amount,
            /// The record.
            record: u64,
        },
        /// An organisation asked for money to be paid out.
        WithdrawalRequested {
            /// The withdrawal.
            withdrawal: u64,
            /// The record.
            record: u64,
        },
        /// An agent paid out, and burned the money.
        WithdrawalPaid {
            /// The withdrawal.
            withdrawal: u64,
            /// The record.
            record: u64,
        },
        /// An agent did not pay out, and the money is free again.
        WithdrawalReturned {
            /// The withdrawal.
            withdrawal: u64,
            /// The record.
            record: u64,
        },
        /// A consumer put the price of a grant on hold.
        PriceHeld {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// The price of a grant is free again.
        PriceReleased {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// The price of a grant was paid.
        PricePaid {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// A provider stated the use of a grant, or stated it anew.
        UsageStated {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// A consumer disputes a statement.
        UsageDisputed {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// The council ruled on a disputed statement.
        UsageRuled {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// Something is owed.
        ObligationCreated {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// An obligation was paid at once on the ledger.
        ObligationPaid {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// A debtor says that it paid by bank.
        PaymentDeclared {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// The creditor has the payment.
        PaymentConfirmed {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// The creditor does not have the payment.
        PaymentDenied {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// The debtor took back what nobody had answered.
        DeclarationWithdrawn {
            /// The obligation.
            obligation: u64,
            /// The record.
            record: u64,
        },
        /// A netting cycle began.
        CycleOpened {
            /// The cycle.
            cycle: CycleId,
            /// The record.
            record: u64,
        },
        /// A netting cycle handled a page of obligations or of organisations. There is no record of a page.
        CycleAdvanced {
            /// The cycle.
            cycle: CycleId,
            /// How many it handled.
            handled: u32,
        },
        /// A netting cycle's positions are computed.
        CycleComputed {
            /// The cycle.
            cycle: CycleId,
            /// The record.
            record: u64,
        },
        /// A debtor could not cover its position by the deadline.
        CycleDefaulted {
            /// The cycle.
            cycle: CycleId,
            /// The debtor.
            debtor: OrganisationId,
            /// What it should have paid.
            amount: Amount,
            /// The record.
            record: u64,
        },
        /// A netting cycle is settled.
        CycleSettled {
            /// The cycle.
            cycle: CycleId,
            /// The record.
            record: u64,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account belongs to no active organisation.
        NotMember,
        /// The organisation is not an active member.
        OrganisationInactive,
        /// There is no such currency.
        UnknownCurrency,
        /// There is no such grant.
        UnknownGrant,
        /// There is no such withdrawal, or it was answered before.
        UnknownWithdrawal,
        /// There is no such obligation.
        UnknownObligation,
        /// Only the currency's agent may do this.
        NotAgent,
        /// Only the grant's provider may do this.
        NotProvider,
        /// Only the grant's consumer may do this.
        NotConsumer,
        /// Only the obligation's debtor may do this.
        NotDebtor,
        /// Only the obligation's creditor may do this.
        NotCreditor,
        /// The symbol is not of 3 to 8 capital letters and digits.
        InvalidSymbol,
        /// The exponent is above 18.
        InvalidExponent,
        /// A text is empty or not UTF-8.
        InvalidText,
        /// The amount is zero.
        AmountZero,
        /// The payment by bank was named before.
        ReferenceUsed,
        /// An amount does not fit in 128 bits.
        Overflow,
        /// No more can be made: the numbers are used up.
        NumbersExhausted,
        /// The organisation has not so much free money.
        FundsUnavailable,
        /// A period has no length.
        PeriodZero,
        /// The tiers' amounts are for no unit.
        PerZero,
        /// There is no tier, the first is not above 0, or the others do not ascend.
        TiersUnordered,
        /// The grant has no fixed price.
        NotFixed,
        /// The grant has no price that is billed.
        NotPriced,
        /// The grant's use has no price.
        NotMetered,
        /// The grant is not under negotiation.
        NotNegotiated,
        /// A price is on hold for the grant already.
        AlreadyHeld,
        /// The grant's present price is not on hold.
        NotHeld,
        /// The grant was never active.
        NeverActive,
        /// A count of use is below what is beyond dispute.
        UsageDecreased,
        /// A count of use is above what was reported.
        BeyondReported,
        /// The statement before can still be disputed, or is disputed.
        StatementOpen,
        /// There is no statement that could be disputed or ruled on.
        NoStatement,
        /// The time to dispute the statement is over.
        DisputeOver,
        /// The statement is disputed already.
        AlreadyDisputed,
        /// The statement is not disputed.
        NotDisputed,
        /// There is nothing to bill that was not billed before.
        NothingToBill,
        /// More would be reversed than is owed.
        ReversalTooLarge,
        /// A reversal cannot be reversed.
        ReversalOfReversal,
        /// The obligation is not open.
        NotOpen,
        /// No payment is declared.
        NotDeclared,
        /// The creditor still has time to answer.
        ConfirmationPending,
        /// The cycle before is not over.
        CycleRunning,
        /// The cut-off is in the future.
        CutoffInFuture,
        /// The deadline is not in the future.
        DeadlineOver,
        /// The page is empty or too large.
        InvalidPage,
        /// There is nothing to do.
        NothingToDo,
        /// A debtor has not enough free money, and still has time.
        NotFunded,
        /// The payment's UETR is no UUID of version 4.
        InvalidReference,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            // A record of net positions holds so many.
            assert!(T::MaxOrganisations::get() <= 1024, "a cycle with so many organisations fits no record");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// What is done for an organisation is for accounts with the role treasurer; usage may also be stated by attestors.
    /// What [`Membership::ensure`] refuses, every call refuses first.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Creates a currency: `symbol` as in ISO 4217, 3 to 8 capital letters and digits; `exponent` decimals, at most
        /// 18; `agent` holds the bank account behind it.
        ///
        /// Origin: [`Config::CouncilOrigin`]. Event: [`Event::CurrencyCreated`].
        ///
        /// Errors: `InvalidSymbol`, `InvalidExponent`, `OrganisationInactive`, `NumbersExhausted`, and those of the
        /// assets and the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::create_currency())]
        pub fn create_currency(
            origin: OriginFor<T>,
            symbol: Text<8>,
            exponent: u8,
            agent: OrganisationId,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let (currency, record) = Self::do_create_currency(symbol, exponent, agent)?;
            Self::deposit_event(Event::CurrencyCreated { currency, record });
            Ok(())
        }

        /// Mints what an organisation deposited at the agent's bank. `reference` is the deposit, which counts once.
        ///
        /// Origin: signed by a treasurer of the currency's agent. Event: [`Event::Deposited`].
        ///
        /// Errors: `UnknownCurrency`, `NotAgent`, `AmountZero`, `OrganisationInactive`, `InvalidReference`,
        /// `ReferenceUsed`, `Overflow`, and those of the membership, the assets and the journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::deposit())]
        pub fn deposit(
            origin: OriginFor<T>,
            currency: u32,
            organisation: OrganisationId,
            amount: Amount,
            reference: BankReference,
        ) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_deposit(&author, currency, organisation, amount, reference)?;
            Self::deposit_event(Event::Deposited { currency, organisation, amount, record });
            Ok(())
        }

        /// Asks for money to be paid out, and puts it on hold. `account` is a salted commitment to the account at a
        /// bank that it goes to.
        ///
        /// Origin: signed by a treasurer. Event: [`Event::WithdrawalRequested`].
        ///
        /// Errors: `UnknownCurrency`, `AmountZero`, `FundsUnavailable`, `NumbersExhausted`, and those of the
        /// membership, the assets and the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::request_withdrawal())]
        pub fn request_withdrawal(
            origin: OriginFor<T>,
            currency: u32,
            amount: Amount,
            account: Hash,
        ) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let (withdrawal, record) = Self::do_request_withdrawal(&author, currency, amount, account)?;
            Self::deposit_event(Event::WithdrawalRequested { withdrawal, record });
            Ok(())
        }

        /// Burns what was paid out. `reference` is the payment, which counts once.
        ///
        /// Origin: signed by a treasurer of the currency's agent. Event: [`Event::WithdrawalPaid`].
        ///
        /// Errors: `UnknownWithdrawal`, `UnknownCurrency`, `NotAgent`, `InvalidReference`, `ReferenceUsed`, and those of
        /// the membership, the assets and the journal.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::complete_withdrawal())]
        pub fn complete_withdrawal(origin: OriginFor<T>, withdrawal: u64, reference: BankReference) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_complete_withdrawal(&author, withdrawal, reference)?;
            Self::deposit_event(Event::WithdrawalPaid { withdrawal, record });
            Ok(())
        }

        /// Gives back what is not paid out: the money is free again. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a treasurer of the currency's agent. Event: [`Event::WithdrawalReturned`].
        ///
        /// Errors: `InvalidText`, `UnknownWithdrawal`, `UnknownCurrency`, `NotAgent`, and those of the membership, the
        /// assets and the journal.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::return_withdrawal())]
        pub fn return_withdrawal(origin: OriginFor<T>, withdrawal: u64, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_return_withdrawal(&author, withdrawal, reason)?;
            Self::deposit_event(Event::WithdrawalReturned { withdrawal, record });
            Ok(())
        }

        /// Puts the fixed price of a grant that is under negotiation on hold, so that it can become active.
        ///
        /// Origin: signed by a treasurer of the consumer. Event: [`Event::PriceHeld`].
        ///
        /// Errors: `UnknownGrant`, `NotConsumer`, `NotNegotiated`, `NotFixed`, `AlreadyHeld`, `UnknownCurrency`,
        /// `FundsUnavailable`, and those of the membership, the assets and the journal.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::hold_price())]
        pub fn hold_price(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_hold_price(&author, grant)?;
            Self::deposit_event(Event::PriceHeld { grant, record });
            Ok(())
        }

        /// Takes the price of a grant off hold. What is still on hold belongs to a grant that has not become active: it
        /// is under negotiation, or terminated.
        ///
        /// Origin: signed by a treasurer of the consumer. Event: [`Event::PriceReleased`].
        ///
        /// Errors: `NotHeld`, `NotConsumer`, and those of the membership, the assets and the journal.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::release_price())]
        pub fn release_price(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_release_price(&author, grant)?;
            Self::deposit_event(Event::PriceReleased { grant, record });
            Ok(())
        }

        /// Puts the fixed price of an offered grant on hold, where it is not already, and accepts the offer, both or
        /// neither. A binding offer is active and paid with that; of any other the price stays on hold until the
        /// provider finalises it.
        ///
        /// Origin: signed by an account of the consumer that is treasurer and registrar. Events: [`Event::PriceHeld`]
        /// where it was not on hold before, [`Event::PricePaid`] of a binding offer, and those of the grants.
        ///
        /// Errors: `UnknownGrant`, `NotConsumer`, `NotNegotiated`, `NotFixed`, `AlreadyHeld` (at another price),
        /// `UnknownCurrency`, `FundsUnavailable`, and those of the membership, the grants, the assets and the journal.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::hold_price().saturating_add(T::Grants::accept_weight()))]
        pub fn pay_and_accept(origin: OriginFor<T>, grant: GrantId, terms_hash: Hash) -> DispatchResult {
            let author = Self::ensure_role(origin.clone(), Role::Treasurer)?;
            Self::ensure_role(origin, Role::Registrar)?;
            if let Some(record) = Self::ensure_price_held(&author, grant)? {
                Self::deposit_event(Event::PriceHeld { grant, record });
            }
            T::Grants::accept(&author, grant, terms_hash)
        }

        /// States the use of a grant since it began, with the RFC 9162 root over the receipts that it adds. The
        /// statement before must be mature.
        ///
        /// Origin: signed by an attestor or treasurer of the provider. Event: [`Event::UsageStated`].
        ///
        /// Errors: `UnknownGrant`, `NotProvider`, `NotMetered`, `NeverActive`, `StatementOpen`, `UsageDecreased`,
        /// `BeyondReported`, `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::state_usage())]
        pub fn state_usage(origin: OriginFor<T>, grant: GrantId, usage: Usage, root: Hash) -> DispatchResult {
            let author = Self::ensure_meter(origin)?;
            let record = Self::do_state_usage(&author, grant, usage, root)?;
            Self::deposit_event(Event::UsageStated { grant, record });
            Ok(())
        }

        /// Disputes a statement within its window: `usage` is what the consumer counts. `reason` is text for people,
        /// not empty.
        ///
        /// Origin: signed by a treasurer of the consumer. Event: [`Event::UsageDisputed`].
        ///
        /// Errors: `InvalidText`, `UnknownGrant`, `NotConsumer`, `NoStatement`, `AlreadyDisputed`, `DisputeOver`, and
        /// those of the membership and the journal.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::dispute_usage())]
        pub fn dispute_usage(origin: OriginFor<T>, grant: GrantId, usage: Usage, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_dispute_usage(&author, grant, usage, reason)?;
            Self::deposit_event(Event::UsageDisputed { grant, record });
            Ok(())
        }

        /// States a disputed use anew. The consumer has a whole window again.
        ///
        /// Origin: signed by an attestor or treasurer of the provider. Event: [`Event::UsageStated`].
        ///
        /// Errors: `UnknownGrant`, `NotProvider`, `NoStatement`, `NotDisputed`, `UsageDecreased`, `BeyondReported`, and
        /// those of the membership and the journal.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::restate_usage())]
        pub fn restate_usage(origin: OriginFor<T>, grant: GrantId, usage: Usage, root: Hash) -> DispatchResult {
            let author = Self::ensure_meter(origin)?;
            let record = Self::do_restate_usage(&author, grant, usage, root)?;
            Self::deposit_event(Event::UsageStated { grant, record });
            Ok(())
        }

        /// Rules on a disputed statement: `usage` is beyond dispute at once. `reason` is text for people, not empty.
        ///
        /// Origin: [`Config::CouncilOrigin`]. Event: [`Event::UsageRuled`].
        ///
        /// Errors: `InvalidText`, `UnknownGrant`, `NoStatement`, `NotDisputed`, `UsageDecreased`, `BeyondReported`, and
        /// those of the journal.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::rule_usage())]
        pub fn rule_usage(origin: OriginFor<T>, grant: GrantId, usage: Usage, reason: Text<256>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let record = Self::do_rule_usage(grant, usage, reason)?;
            Self::deposit_event(Event::UsageRuled { grant, record });
            Ok(())
        }

        /// Bills what a grant costs by now and was not billed before: an obligation of the consumer.
        ///
        /// Origin: signed by any account of a member. Event: [`Event::ObligationCreated`].
        ///
        /// Errors: `NotMember`, `UnknownGrant`, `NotPriced`, `NeverActive`, `NothingToBill`, `Overflow`,
        /// `NumbersExhausted`, and those of the journal.
        // The event is deposited where the obligation is made.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::bill())]
        pub fn bill(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let author = Self::ensure_member(origin)?;
            Self::do_bill(&author, grant)?;
            Ok(())
        }

        /// Reverses an obligation, or part of it: another obligation the other way round. `reason` is text for people,
        /// not empty.
        ///
        /// Origin: signed by a treasurer of the creditor. Event: [`Event::ObligationCreated`].
        ///
        /// Errors: `InvalidText`, `AmountZero`, `UnknownObligation`, `NotCreditor`, `ReversalOfReversal`,
        /// `ReversalTooLarge`, `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::reverse())]
        pub fn reverse(origin: OriginFor<T>, obligation: u64, amount: Amount, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            Self::do_reverse(&author, obligation, amount, reason)?;
            Ok(())
        }

        /// Pays an obligation at once on the ledger.
        ///
        /// Origin: signed by a treasurer of the debtor. Event: [`Event::ObligationPaid`].
        ///
        /// Errors: `UnknownObligation`, `NotDebtor`, `NotOpen`, `FundsUnavailable`, and those of the membership, the
        /// assets and the journal.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::pay())]
        pub fn pay(origin: OriginFor<T>, obligation: u64) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_pay(&author, obligation)?;
            Self::deposit_event(Event::ObligationPaid { obligation, record });
            Ok(())
        }

        /// Says that an obligation was paid by bank. `reference` is the payment, which counts once.
        ///
        /// Origin: signed by a treasurer of the debtor. Event: [`Event::PaymentDeclared`].
        ///
        /// Errors: `UnknownObligation`, `NotDebtor`, `NotOpen`, `InvalidReference`, `ReferenceUsed`, and those of the
        /// membership and the journal.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::declare_payment())]
        pub fn declare_payment(origin: OriginFor<T>, obligation: u64, reference: BankReference) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_declare_payment(&author, obligation, reference)?;
            Self::deposit_event(Event::PaymentDeclared { obligation, record });
            Ok(())
        }

        /// Says that a declared payment has arrived: the obligation is booked.
        ///
        /// Origin: signed by a treasurer of the creditor. Event: [`Event::PaymentConfirmed`].
        ///
        /// Errors: `UnknownObligation`, `NotCreditor`, `NotDeclared`, and those of the membership and the journal.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::confirm_payment())]
        pub fn confirm_payment(origin: OriginFor<T>, obligation: u64) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_confirm_payment(&author, obligation)?;
            Self::deposit_event(Event::PaymentConfirmed { obligation, record });
            Ok(())
        }

        /// Says that a declared payment has not arrived: the obligation is open again. `reason` is text for people, not
        /// empty.
        ///
        /// Origin: signed by a treasurer of the creditor. Event: [`Event::PaymentDenied`].
        ///
        /// Errors: `InvalidText`, `UnknownObligation`, `NotCreditor`, `NotDeclared`, and those of the membership and
        /// the journal.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::deny_payment())]
        pub fn deny_payment(origin: OriginFor<T>, obligation: u64, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_deny_payment(&author, obligation, reason)?;
            Self::deposit_event(Event::PaymentDenied { obligation, record });
            Ok(())
        }

        /// Takes back a declaration that the creditor has not answered within [`Config::ConfirmationWindow`]: the
        /// obligation is open again. The payment's reference stays used.
        ///
        /// Origin: signed by a treasurer of the debtor. Event: [`Event::DeclarationWithdrawn`].
        ///
        /// Errors: `UnknownObligation`, `NotDebtor`, `NotDeclared`, `ConfirmationPending`, and those of the membership
        /// and the journal.
        // It does what a denial with the longest reason does.
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::deny_payment())]
        pub fn withdraw_declaration(origin: OriginFor<T>, obligation: u64) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let record = Self::do_withdraw_declaration(&author, obligation)?;
            Self::deposit_event(Event::DeclarationWithdrawn { obligation, record });
            Ok(())
        }

        /// Begins a netting cycle with the obligations that arose before `cutoff`, whose debtors have until `deadline`
        /// to have the money.
        ///
        /// Origin: signed by a treasurer of the currency's agent. Event: [`Event::CycleOpened`].
        ///
        /// Errors: `UnknownCurrency`, `NotAgent`, `CutoffInFuture`, `DeadlineOver`, `CycleRunning`,
        /// `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::open_cycle())]
        pub fn open_cycle(origin: OriginFor<T>, currency: u32, cutoff: Moment, deadline: Moment) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Treasurer)?;
            let (cycle, record) = Self::do_open_cycle(&author, currency, cutoff, deadline)?;
            Self::deposit_event(Event::CycleOpened { cycle, record });
            Ok(())
        }

        /// Takes the currency's cycle one step on: the next page of at most `max` obligations, or of a fifth as many
        /// organisations whose money is set aside, named as missing, or moved. Twice does no harm.
        ///
        /// Origin: signed by any account of a member. Events: [`Event::CycleAdvanced`], [`Event::CycleComputed`],
        /// [`Event::CycleDefaulted`], [`Event::CycleSettled`].
        ///
        /// Errors: `NotMember`, `InvalidPage`, `NothingToDo`, `NotFunded`, and those of the assets and the journal.
        #[pallet::call_index(20)]
        #[pallet::weight(
            // A call does one of these.
            T::WeightInfo::advance_cycle(*max)
                .max(weight_of_shares::<T>(shares(*max)))
                .max(T::WeightInfo::fund_late(shares(*max)))
                .max(T::WeightInfo::name_defaulters(shares(*max)))
        )]
        pub fn advance_cycle(origin: OriginFor<T>, currency: u32, max: u32) -> DispatchResultWithPostInfo {
            let author = Self::ensure_member(origin)?;
            let Step { cycle, phase, did: Did { kind, handled, record } } =
                Self::do_advance_cycle(&author, currency, max)?;
            match (kind, phase, record) {
                (Kind::Obligations, _, Some(record)) => Self::deposit_event(Event::CycleComputed { cycle, record }),
                (_, CyclePhase::Settled, Some(record)) => Self::deposit_event(Event::CycleSettled { cycle, record }),
                // Every defaulter has its event already.
                (Kind::Late, _, Some(_)) => {}
                (_, _, _) => Self::deposit_event(Event::CycleAdvanced { cycle, handled }),
            }
            let weight = match kind {
                Kind::Obligations => Some(T::WeightInfo::advance_cycle(handled)),
                Kind::Shares => Some(weight_of_shares::<T>(handled)),
                Kind::Late => None,
            };
            Ok(weight.into())
        }
    }

    /// What a step costs that handles so many organisations. It is measured in a cycle of just these; how far a cycle of
    /// many more is must be read and written as well.
    fn weight_of_shares<T: Config>(organisations: u32) -> Weight {
        T::WeightInfo::settle_cycle(organisations).saturating_add(T::WeightInfo::advance_cycle(0))
    }
}
