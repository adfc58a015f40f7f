//! The gate: transactions of strangers enter neither pool nor block, and those of members only as far as the quota
//! goes.

use crate::{
    pallet::*,
    quota::{Payer, Payment},
    WeightInfo,
};
use citynet_primitives::Role;
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
    pallet_prelude::{TransactionSource, TransactionValidity, TransactionValidityError, ValidTransaction, Weight},
    traits::{Contains, OriginTrait},
    CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{DispatchInfoOf, Dispatchable, Implication, PostDispatchInfoOf, TransactionExtension, ValidateResult},
    transaction_validity::InvalidTransaction,
    DispatchResult,
};

/// Why [`CheckMember`] refuses a transaction. Callers see `InvalidTransaction::Custom` with [`Refusal::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Code 1: the signer belongs to no organisation.
    NotMember,
    /// Code 2: the signer's organisation is suspended.
    Suspended,
    /// Code 3: the signer's organisation is expelled.
    Expelled,
    /// Code 4: nobody signed, and the call is not one that may come so.
    NoSigner,
    /// Code 5: the signer's organisation left.
    Left,
}

impl Refusal {
    /// The stable code that clients know it by.
    pub const fn code(self) -> u8 {
        match self {
            Self::NotMember => 1,
            Self::Suspended => 2,
            Self::Expelled => 3,
            Self::NoSigner => 4,
            Self::Left => 5,
        }
    }
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal.code()).into()
    }
}

/// Refuses every transaction that is not signed by an account of an active organisation, or that is more than the
/// organisation may use. It has no bytes, neither in the transaction nor in what is signed, so that clients which do
/// not know it can leave it out.
///
/// It comes before `CheckNonce`, which would say of a stranger that he cannot pay. Inherents pass, and so do the calls
/// that prove themselves; nobody's quota is charged with them. What a member may do is for the pallets to ask, which
/// ask again whether it is one.
///
/// The quota is looked at only when a block is built. The author then skips the transaction and keeps it
/// (`InvalidTransaction::ExhaustsResources`), while a refusal by the pool would ban it for half an hour. In the pool,
/// transactions of an organisation rank the lower the less of its quota is left, so that a flood is what a full pool
/// drops first. Operational calls are charged as any other.
#[derive(
    Encode,
    Decode,
    DecodeWithMemTracking,
    CloneNoBound,
    EqNoBound,
    PartialEqNoBound,
    DebugNoBound,
    DefaultNoBound,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct CheckMember<T>(PhantomData<T>);

impl<T> CheckMember<T> {
    /// The extension.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for CheckMember<T>
where
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
{
    const IDENTIFIER: &'static str = "CheckMember";
    type Implicit = ();
    type Val = Payer;
    type Pre = Payment;

    fn weight(&self, _: &T::RuntimeCall) -> Weight {
        T::WeightInfo::check_member()
    }

    fn validate(
        &self,
        origin: T::RuntimeOrigin,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
        _self_implicit: Self::Implicit,
        _inherited_implication: &impl Implication,
        _source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        let signer = origin.as_signer().ok_or(Refusal::NoSigner)?;
        let (member, kind) = Pallet::<T>::standing(signer)?;
        let payer = Payer {
            organisation: member.organisation,
            quota: Pallet::<T>::quota(kind),
            admin: member.roles.contains(Role::Admin),
        };
        let priority = Pallet::<T>::bucket(&payer).fullness(payer.quota, payer.admin);
        Ok((ValidTransaction { priority, ..ValidTransaction::default() }, payer, origin))
    }

    fn prepare(
        self,
        payer: Self::Val,
        _origin: &T::RuntimeOrigin,
        _call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        let cost = info.total_weight().ref_time();
        Pallet::<T>::pay(&payer, cost).ok_or_else(|| InvalidTransaction::ExhaustsResources.into())
    }

    fn post_dispatch_details(
        payment: Self::Pre,
        info: &DispatchInfoOf<T::RuntimeCall>,
        post_info: &PostDispatchInfoOf<T::RuntimeCall>,
        _len: usize,
        _result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        Pallet::<T>::settle(payment, post_info.calc_actual_weight(info).ref_time());
        Ok(Weight::zero())
    }

    fn bare_validate(
        call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> TransactionValidity {
        if T::BareCalls::contains(call) {
            Ok(ValidTransaction::default())
        } else {
            Err(Refusal::NoSigner.into())
        }
    }

    /// Inherents come by here too. They are the mandatory calls, which the pool never takes; nothing before this
    /// refuses a bare call of another kind that an author puts into his block.
    fn bare_validate_and_prepare(
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<(), TransactionValidityError> {
        if info.class == DispatchClass::Mandatory || T::BareCalls::contains(call) {
            Ok(())
        } else {
            Err(Refusal::NoSigner.into())
        }
    }
}
