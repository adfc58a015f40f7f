//! The gate: transactions of strangers enter neither pool nor block.

use crate::{pallet::*, WeightInfo};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo},
    pallet_prelude::{TransactionSource, TransactionValidity, TransactionValidityError, ValidTransaction, Weight},
    traits::{Contains, OriginTrait},
    CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;
use sp_runtime::{
    impl_tx_ext_default,
    traits::{DispatchInfoOf, Dispatchable, Implication, TransactionExtension, ValidateResult},
    transaction_validity::InvalidTransaction,
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
}

impl Refusal {
    /// The stable code that clients know it by.
    pub const fn code(self) -> u8 {
        match self {
            Self::NotMember => 1,
            Self::Suspended => 2,
            Self::Expelled => 3,
            Self::NoSigner => 4,
        }
    }
}

impl From<Refusal> for TransactionValidityError {
    fn from(refusal: Refusal) -> Self {
        InvalidTransaction::Custom(refusal.code()).into()
    }
}

/// Refuses every transaction that is not signed by an account of an active organisation. It has no bytes, neither in the
/// transaction nor in what is signed, so that clients which do not know it can leave it out.
///
/// It comes before `CheckNonce`, which would say of a stranger that he cannot pay. Inherents pass. What a member may do is for
/// the pallets to ask, which ask again whether it is one.
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
    T::RuntimeCall: Dispatchable<Info = DispatchInfo>,
{
    const IDENTIFIER: &'static str = "CheckMember";
    type Implicit = ();
    type Val = ();
    type Pre = ();

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
        Pallet::<T>::standing(signer)?;
        Ok((ValidTransaction::default(), (), origin))
    }

    impl_tx_ext_default!(T::RuntimeCall; prepare);

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

    /// Inherents come by here too. They are the mandatory calls, which the pool never takes; nothing before this refuses a bare
    /// call of another kind that an author puts into his block.
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
