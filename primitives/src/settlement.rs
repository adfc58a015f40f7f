//! Money: currencies, usage statements, obligations, and how they are settled.
//!
//! Amounts are whole numbers of a currency's smallest unit.

use crate::{json, organisation::closed_list, GrantId, Hash, Moment, OrganisationId, SubjectHead, Text, Usage};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An amount in the smallest unit of its currency.
pub type Amount = u128;

/// A Unique End-to-end Transaction Reference (UUID version 4, ISO 20022): its 16 bytes.
pub type Uetr = [u8; 16];

/// A payment as a bank shows it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct BankReference {
    /// The payment's UETR.
    #[serde(serialize_with = "json::hex")]
    pub uetr: Uetr,
    /// SHA-256 of the bank's notification (camt.054).
    #[serde(serialize_with = "json::hex")]
    pub notification: Hash,
}

/// A currency.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyInfo {
    /// Its code, as in ISO 4217, such as `RUB`: 3 to 8 bytes of capital letters and digits.
    #[serde(serialize_with = "json::text")]
    pub symbol: Text<8>,
    /// How many decimals its usual unit has: 2 where the smallest unit is a hundredth. At most 18.
    pub exponent: u8,
    /// The organisation that holds the bank account behind it, mints and burns.
    pub agent: OrganisationId,
}

closed_list!(
    /// What a metered price counts.
    Unit {
        /// Accesses.
        Access = 0 => "access",
        /// Records.
        Record = 1 => "record",
        /// Bytes.
        Byte = 2 => "byte",
    }
);

/// A step of a metered price.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    /// It is for the units above so many, up to where the next step begins.
    #[serde(serialize_with = "json::decimal")]
    pub above: u64,
    /// What `per` units cost.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
}

/// 1 to 8 steps: the first above 0, the others ascending.
pub type Tiers = BoundedVec<Tier, ConstU32<8>>;

/// A withdrawal that was asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawalInfo {
    /// The currency.
    pub currency: u32,
    /// Whose money it is.
    pub organisation: OrganisationId,
    /// How much, which is on hold.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
    /// A salted commitment to the account at a bank that it goes to.
    #[serde(serialize_with = "json::hex")]
    pub account: Hash,
}

/// A dispute of a usage statement.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Dispute {
    /// Use as the consumer counts it.
    pub usage: Usage,
    /// When it was disputed.
    #[serde(serialize_with = "json::decimal")]
    pub at: Moment,
}

/// A usage statement that is not mature, or was not found to be yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct OpenStatement {
    /// Use since the grant began.
    pub usage: Usage,
    /// RFC 9162 root over the receipts that it adds.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
    /// When it was stated or restated.
    #[serde(serialize_with = "json::decimal")]
    pub at: Moment,
    /// Whether the consumer disputes it.
    pub dispute: Option<Dispute>,
}

/// What is stated and billed of a grant.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct GrantAccount {
    /// How many statements there were.
    pub statements: u32,
    /// Use that is beyond dispute.
    pub matured: Usage,
    /// The last statement, where it is not part of `matured` yet.
    pub open: Option<OpenStatement>,
    /// What was billed in all, before reversals.
    #[serde(serialize_with = "json::decimal")]
    pub billed: Amount,
}

closed_list!(
    /// Where an obligation is.
    ObligationState {
        /// It is owed.
        Open = 0 => "open",
        /// A netting cycle has it.
        Netting = 1 => "netting",
        /// The debtor says that it was paid by bank.
        Declared = 2 => "declared",
        /// Paid on the ledger, at once or by a cycle.
        Settled = 3 => "settled",
        /// Paid by bank, as the creditor confirms.
        Booked = 4 => "booked",
    }
);

/// What one organisation owes another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct ObligationInfo {
    /// Where it is.
    pub state: ObligationState,
    /// The currency.
    pub currency: u32,
    /// Who owes.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
    /// How much.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
    /// The grant that it comes from.
    pub grant: GrantId,
    /// Use up to which it bills the grant. Of a reversal, that of the obligation it reverses.
    pub usage: Usage,
    /// The obligation that it reverses, if it does.
    #[serde(serialize_with = "json::optional_decimal")]
    pub reverses: Option<u64>,
    /// How much of it was reversed by others.
    #[serde(serialize_with = "json::decimal")]
    pub reversed: Amount,
    /// When it arose.
    #[serde(serialize_with = "json::decimal")]
    pub since: Moment,
    /// The netting cycle of its currency that has or settled it, or 0.
    pub cycle: u32,
    /// The payment by bank, where one was declared.
    pub payment: Option<BankReference>,
    /// When it was declared.
    #[serde(serialize_with = "json::optional_decimal")]
    pub declared: Option<Moment>,
}

closed_list!(
    /// Where a netting cycle is.
    CyclePhase {
        /// It collects obligations, page by page.
        Collecting = 0 => "collecting",
        /// Positions are known; debtors have until the deadline to have the money.
        Funding = 1 => "funding",
        /// Debtors could not pay: positions are computed without what they owe, page by page.
        Removing = 2 => "removing",
        /// It is settled.
        Settled = 3 => "settled",
        /// It had nothing to settle.
        Empty = 4 => "empty",
    }
);

/// A netting cycle of a currency.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct CycleInfo {
    /// Where it is.
    pub phase: CyclePhase,
    /// It takes obligations that arose before this time.
    #[serde(serialize_with = "json::decimal")]
    pub cutoff: Moment,
    /// Until when debtors must have the money.
    #[serde(serialize_with = "json::decimal")]
    pub deadline: Moment,
    /// How many obligations it has.
    #[serde(serialize_with = "json::decimal")]
    pub obligations: u64,
    /// What they sum up to.
    #[serde(serialize_with = "json::decimal")]
    pub gross: Amount,
    /// What moves: the sum of what net debtors pay.
    #[serde(serialize_with = "json::decimal")]
    pub net: Amount,
    /// RFC 9162 root over the obligations, each as [`GrossLeaf`] in SCALE, in the order of their numbers.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
    /// Whether all that it settled has moved between treasuries. Balances count it as moved as soon as it is settled.
    pub moved: bool,
    /// Count and chain hash of its records.
    pub head: SubjectHead,
}

/// The leaf of an obligation in a cycle's gross list: its SCALE encoding is hashed as RFC 9162 says.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct GrossLeaf {
    /// The obligation.
    #[serde(serialize_with = "json::decimal")]
    pub obligation: u64,
    /// Who owes.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
    /// How much.
    #[serde(serialize_with = "json::decimal")]
    pub amount: Amount,
}

/// What an organisation pays or gets in a cycle: exactly one of both is above 0.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct NetPosition {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What it pays.
    #[serde(serialize_with = "json::decimal")]
    pub pays: Amount,
    /// What it gets.
    #[serde(serialize_with = "json::decimal")]
    pub gets: Amount,
}

/// The net positions of a cycle, ascending by organisation.
pub type NetPositions = BoundedVec<NetPosition, ConstU32<1024>>;
