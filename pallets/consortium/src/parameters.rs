//! The parameters: what they are by default, and the bounds within which the council may move them.
//!
//! | parameter | default | bounds |
//! |---|---|---|
//! | members with a seat, at least | 1 | 1 to 64, and no more than there are |
//! | validators, at least | 1 | 1 to 64, and no more than there are |
//! | validators of one organisation, at most | 4 | 1 to 16 |
//! | a motion is open for | 604,800 blocks | 10 to 5,184,000 |
//! | a recovery can be objected to for | 259,200 blocks | 10 to 2,592,000 |
//! | a validator is silent after | 60 turns | 3 to 100,000 |
//! | rate of a quota | 150,000 µs, auditors 50,000 µs | 1,000 to 300,000 µs |
//! | burst of a quota | 200,000 µs, auditors 100,000 µs | 10,000 to 10,000,000 µs, and no less than the rate |

use crate::pallet::*;
use citynet_primitives::{
    Author, Body, OrganisationId, OrganisationKind, Parameter, Parameters as ParameterSet, Quota, Subject,
};
use citynet_support::Journal;
use core::ops::RangeInclusive;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use sp_runtime::SaturatedConversion;

const MIN_MEMBERS: RangeInclusive<u32> = 1..=64;
const MIN_VALIDATORS: RangeInclusive<u32> = 1..=64;
const MAX_VALIDATORS_PER_ORGANISATION: RangeInclusive<u32> = 1..=16;
const MOTION_DURATION: RangeInclusive<u32> = 10..=5_184_000;
const RECOVERY_DELAY: RangeInclusive<u32> = 10..=2_592_000;
const SILENT_AFTER: RangeInclusive<u32> = 3..=100_000;
const RATE: RangeInclusive<u32> = 1_000..=300_000;
const BURST: RangeInclusive<u32> = 10_000..=LARGEST_BURST;

/// The upper bound of every burst, in microseconds.
pub(crate) const LARGEST_BURST: u32 = 10_000_000;

const MEMBER: Quota = Quota { rate: 150_000, burst: 200_000 };
const OBSERVER: Quota = Quota { rate: 50_000, burst: 100_000 };

/// What the parameters are unless genesis says otherwise.
pub const DEFAULTS: ParameterSet = ParameterSet {
    min_members: 1,
    min_validators: 1,
    max_validators_per_organisation: 4,
    motion_duration: 604_800,
    recovery_delay: 259_200,
    silent_after: 60,
    quotas: [MEMBER, MEMBER, MEMBER, MEMBER, OBSERVER, MEMBER],
};

/// Gives [`DEFAULTS`] to the storage.
pub struct DefaultParameters;

impl Get<ParameterSet> for DefaultParameters {
    fn get() -> ParameterSet {
        DEFAULTS
    }
}

/// Checks every parameter against its bounds. That the consortium has as many members and validators as it must is not
/// looked at.
///
/// # Errors
///
/// Which one is out of bounds, by its name in JSON.
pub fn check(parameters: &ParameterSet) -> Result<(), &'static str> {
    let numbers = [
        (MIN_MEMBERS, parameters.min_members, "minMembers is not between 1 and 64"),
        (MIN_VALIDATORS, parameters.min_validators, "minValidators is not between 1 and 64"),
        (
            MAX_VALIDATORS_PER_ORGANISATION,
            parameters.max_validators_per_organisation,
            "maxValidatorsPerOrganisation is not between 1 and 16",
        ),
        (MOTION_DURATION, parameters.motion_duration, "motionDuration is not between 10 and 5184000"),
        (RECOVERY_DELAY, parameters.recovery_delay, "recoveryDelay is not between 10 and 2592000"),
        (SILENT_AFTER, parameters.silent_after, "silentAfter is not between 3 and 100000"),
    ];
    for (bounds, value, refusal) in numbers {
        ensure!(bounds.contains(&value), refusal);
    }
    for quota in &parameters.quotas {
        ensure!(RATE.contains(&quota.rate), "a quota's rate is not between 1000 and 300000");
        ensure!(BURST.contains(&quota.burst), "a quota's burst is not between 10000 and 10000000");
        ensure!(quota.burst >= quota.rate, "a quota's burst is less than its rate");
    }
    Ok(())
}

/// The quota of organisations of a kind.
pub fn quota(parameters: &ParameterSet, kind: OrganisationKind) -> Quota {
    of_kind(parameters.quotas, kind)
}

/// The place where that stands.
pub(crate) fn quota_mut(parameters: &mut ParameterSet, kind: OrganisationKind) -> &mut Quota {
    of_kind(parameters.quotas.each_mut(), kind)
}

/// The one of `quotas`, in the order of [`OrganisationKind::ALL`], that belongs to a kind.
fn of_kind<Q>(quotas: [Q; 6], kind: OrganisationKind) -> Q {
    let [government, telecom, university, industry, auditor, settlement_agent] = quotas;
    match kind {
        OrganisationKind::Government => government,
        OrganisationKind::Telecom => telecom,
        OrganisationKind::University => university,
        OrganisationKind::Industry => industry,
        OrganisationKind::Auditor => auditor,
        OrganisationKind::SettlementAgent => settlement_agent,
    }
}

impl<T: Config> Pallet<T> {
    /// All parameters as they are now.
    pub fn parameters() -> ParameterSet {
        Parameters::<T>::get()
    }

    pub(crate) fn do_set_parameter(parameter: Parameter) -> DispatchResult {
        let mut parameters = Self::parameters();
        match parameter {
            Parameter::MinMembers { value } => parameters.min_members = value,
            Parameter::MinValidators { value } => parameters.min_validators = value,
            Parameter::MaxValidatorsPerOrganisation { value } => parameters.max_validators_per_organisation = value,
            Parameter::MotionDuration { value } => parameters.motion_duration = value,
            Parameter::RecoveryDelay { value } => parameters.recovery_delay = value,
            Parameter::SilentAfter { value } => parameters.silent_after = value,
            Parameter::Quota { kind, quota } => *quota_mut(&mut parameters, kind) = quota,
        }
        check(&parameters).map_err(|_| Error::<T>::OutOfBounds)?;
        match parameter {
            Parameter::MinMembers { value } => {
                let seats: u32 = Seats::<T>::get().len().saturated_into();
                ensure!(value <= seats, Error::<T>::TooFewMembers);
            }
            Parameter::MinValidators { value } => {
                ensure!(value <= Self::validators(), Error::<T>::TooFewValidators);
            }
            _ => (),
        }

        let subjects = [Subject::Organisation(OrganisationId::CONSORTIUM)];
        let record = T::Journal::append(&Author::CHAIN, &subjects, Body::ParameterChanged { parameter })?.index;
        Parameters::<T>::put(parameters);
        Self::deposit_event(Event::ParameterChanged { parameter, record });
        Ok(())
    }
}

/// For pallets that ask for the parameters through their `Config`.
impl<T: Config> Get<ParameterSet> for Pallet<T> {
    fn get() -> ParameterSet {
        Self::parameters()
    }
}
