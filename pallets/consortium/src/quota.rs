//! Quotas: how much of the blocks' weight an organisation may use.
//!
//! Every organisation has a token bucket of weight, in picoseconds of `ref_time`. A transaction takes out of it what it
//! weighs at most, and gives back what it did not need. With every block the rate of the organisation's kind flows in,
//! up to the burst. So one member's flood cannot take the others' place in a block.
//!
//! * The last tenth of the burst is for admins: the account of a gateway whose key leaked can be removed while it
//!   floods.
//! * What weighs more than the bucket ever gives passes when the bucket is full, and takes all that it gives. Otherwise
//!   it would never pass.
//! * An organisation without a bucket in storage has a full one.

use crate::{pallet::*, parameters};
use citynet_primitives::{OrganisationId, OrganisationKind, Quota};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::SaturatedConversion;

/// Quotas are in microseconds, `ref_time` is in picoseconds. 2^32 times this fits 64 bits.
pub(crate) fn picoseconds(microseconds: u32) -> u64 {
    u64::from(microseconds).saturating_mul(1_000_000)
}

/// What an organisation may still use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Bucket {
    /// Picoseconds of `ref_time`, as they were in `block`. When the burst was lowered since, it can be more than that,
    /// which counts as full.
    pub level: u64,
    /// The block of the organisation's last transaction.
    pub block: u32,
}

impl Bucket {
    pub(crate) fn full(quota: Quota, block: u32) -> Self {
        Self { level: picoseconds(quota.burst), block }
    }

    /// The bucket in a later block, with what flowed in until then.
    pub(crate) fn at(self, quota: Quota, block: u32) -> Self {
        let passed = u64::from(block.saturating_sub(self.block));
        let level = self.level.saturating_add(picoseconds(quota.rate).saturating_mul(passed));
        Self { level: level.min(picoseconds(quota.burst)), block: block.max(self.block) }
    }

    /// What it keeps for admins, when somebody else asks.
    fn reserve(quota: Quota, admin: bool) -> u64 {
        if admin {
            0
        } else {
            picoseconds(quota.burst) / 10
        }
    }

    /// Takes `cost` and returns how much that was. `None`, and nothing is taken, when there is too little.
    pub(crate) fn take(&mut self, quota: Quota, admin: bool, cost: u64) -> Option<u64> {
        let available = self.level.saturating_sub(Self::reserve(quota, admin));
        let is_full = self.level >= picoseconds(quota.burst);
        if cost > available && !is_full {
            return None;
        }
        let taken = cost.min(available);
        self.level = self.level.saturating_sub(taken);
        Some(taken)
    }

    /// How much of what it can give is there, in thousandths.
    pub(crate) fn fullness(self, quota: Quota, admin: bool) -> u64 {
        let reserve = Self::reserve(quota, admin);
        let whole = picoseconds(quota.burst).saturating_sub(reserve);
        self.level.saturating_sub(reserve).saturating_mul(1_000).checked_div(whole).unwrap_or(0)
    }
}

/// Whose bucket a transaction takes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    pub(crate) organisation: OrganisationId,
    pub(crate) quota: Quota,
    pub(crate) admin: bool,
}

/// What was taken for a transaction before it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    pub(crate) organisation: OrganisationId,
    pub(crate) taken: u64,
}

impl<T: Config> Pallet<T> {
    /// The quota of organisations of a kind.
    pub(crate) fn quota(kind: OrganisationKind) -> Quota {
        parameters::quota(&Self::parameters(), kind)
    }

    /// The number of the current block.
    pub(crate) fn block() -> u32 {
        frame_system::Pallet::<T>::block_number().saturated_into()
    }

    /// The payer's bucket as it is now.
    pub(crate) fn bucket(payer: &Payer) -> Bucket {
        let now = Self::block();
        Buckets::<T>::get(payer.organisation)
            .map_or_else(|| Bucket::full(payer.quota, now), |bucket| bucket.at(payer.quota, now))
    }

    /// Takes `cost` out of the payer's bucket. `None` when there is too little.
    pub(crate) fn pay(payer: &Payer, cost: u64) -> Option<Payment> {
        let mut bucket = Self::bucket(payer);
        let taken = bucket.take(payer.quota, payer.admin, cost)?;
        Buckets::<T>::insert(payer.organisation, bucket);
        Some(Payment { organisation: payer.organisation, taken })
    }

    /// Gives back what was paid beyond `used`, unless the transaction itself made an end of the bucket: an organisation
    /// that leaves has none.
    pub(crate) fn settle(payment: Payment, used: u64) {
        let unused = payment.taken.saturating_sub(used);
        if unused > 0 {
            Buckets::<T>::mutate_extant(payment.organisation, |bucket| {
                bucket.level = bucket.level.saturating_add(unused);
            });
        }
    }
}
