//! Membership: who joins, is put on hold, is put out or leaves, and who has a seat.
//!
//! ```text
//! Active ⇄ Suspended      Active → Left      Active or Suspended → Expelled
//! ```
//!
//! There are no other ways, so who left or was expelled never comes back; it can apply anew, with another account. An
//! organisation has a seat while it is active and no observer. Whatever would leave fewer seats, or fewer validators in
//! the next set, than the parameters ask for is refused.

use crate::{pallet::*, Organisation};
use citynet_primitives::{
    ApplicationStatement, Author, Body, Moment, OrganisationId, OrganisationKind, OrganisationProfile,
    OrganisationStatus, Role, Roles, Subject, Text,
};
use citynet_support::{AccountBytes, Clock, Council, Genesis, Journal, ValidatorRegister};
use core::marker::PhantomData;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, BoundedVec};
use sp_runtime::{traits::Verify, ArithmeticError, DispatchError, SaturatedConversion};

/// As many as the council has seats.
pub struct MaxSeats<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxSeats<T> {
    fn get() -> u32 {
        T::Council::max_seats()
    }
}

/// The organisations with a seat, by number.
type SeatList<T> = BoundedVec<OrganisationId, MaxSeats<T>>;

/// Whether a status may follow another.
const fn may_follow(before: OrganisationStatus, after: OrganisationStatus) -> bool {
    use OrganisationStatus::{Active, Expelled, Left, Suspended};
    matches!((before, after), (Active, Suspended | Expelled | Left) | (Suspended, Active | Expelled))
}

/// Joining.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_admit(
        profile: OrganisationProfile,
        kind: OrganisationKind,
        admin: &T::AccountId,
        expires: Moment,
        signature: &T::Signature,
    ) -> DispatchResult {
        Self::ensure_profile(&profile)?;
        ensure!(T::Clock::now() <= expires, Error::<T>::ApplicationExpired);
        ensure!(!Accounts::<T>::contains_key(admin), Error::<T>::AccountTaken);
        let statement = ApplicationStatement {
            genesis: &T::Genesis::genesis_hash(),
            admin: &admin.account_bytes(),
            kind,
            expires,
            profile: &profile,
        }
        .to_bytes();
        ensure!(signature.verify(statement.as_slice(), admin), Error::<T>::InvalidApplication);

        let organisation = Self::register(profile, kind)?;
        Self::add(&Author::CHAIN, organisation, admin, Roles::of(&[Role::Admin]))
    }

    /// Writes a new, active organisation without accounts into the register and the journal, and gives it its seat.
    pub(crate) fn register(
        profile: OrganisationProfile,
        kind: OrganisationKind,
    ) -> Result<OrganisationId, DispatchError> {
        let count = OrganisationCount::<T>::get().checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let id = OrganisationId(count);
        let status = OrganisationStatus::Active;
        let organisation = Organisation { profile, kind, status, accounts: 0, admins: 0 };
        let seats = Self::seats_with(id, organisation.has_seat())?;

        let profile = organisation.profile.clone();
        let registered =
            Body::OrganisationRegistered { organisation: id, organisation_kind: kind, name: profile.name.clone() };
        let record = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(id)], registered)?.index;
        let described = Body::OrganisationProfileChanged { organisation: id, profile };
        T::Journal::append(&Author::CHAIN, &[Subject::Organisation(id)], described)?;

        OrganisationCount::<T>::put(count);
        Organisations::<T>::insert(id, organisation);
        Self::take_seats(seats);
        Self::deposit_event(Event::OrganisationRegistered { organisation: id, record });
        Ok(id)
    }
}

/// What becomes of a member.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_profile(author: &Author, profile: OrganisationProfile) -> DispatchResult {
        Self::ensure_profile(&profile)?;
        let id = author.organisation;
        let mut organisation = Self::registered(id)?;
        let body = Body::OrganisationProfileChanged { organisation: id, profile: profile.clone() };
        let record = T::Journal::append(author, &[Subject::Organisation(id)], body)?.index;
        organisation.profile = profile;
        Organisations::<T>::insert(id, organisation);
        Self::deposit_event(Event::OrganisationProfileChanged { organisation: id, record });
        Ok(())
    }

    pub(crate) fn do_set_status(
        author: &Author,
        id: OrganisationId,
        status: OrganisationStatus,
        reason: Text<256>,
    ) -> DispatchResult {
        Self::ensure_text(&reason)?;
        let mut organisation = Self::registered(id)?;
        ensure!(may_follow(organisation.status, status), Error::<T>::WrongStatus);
        if organisation.status == OrganisationStatus::Active {
            // Of any other, no validator is in the next set.
            Self::ensure_enough_validators_without(id)?;
        }
        organisation.status = status;
        let seats = Self::seats_with(id, organisation.has_seat())?;

        let body = Body::OrganisationStatusChanged { organisation: id, status, reason };
        let record = T::Journal::append(author, &[Subject::Organisation(id)], body)?.index;
        let belongs = organisation.belongs();
        Organisations::<T>::insert(id, organisation);
        Self::take_seats(seats);
        if !belongs {
            Recoveries::<T>::remove(id);
            Buckets::<T>::remove(id);
            T::Validators::forget(id);
        }
        Self::deposit_event(Event::OrganisationStatusChanged { organisation: id, status, record });
        Ok(())
    }

    pub(crate) fn do_set_kind(id: OrganisationId, kind: OrganisationKind, reason: Text<256>) -> DispatchResult {
        Self::ensure_text(&reason)?;
        let mut organisation = Self::registered(id)?;
        ensure!(organisation.belongs(), Error::<T>::WrongStatus);
        ensure!(organisation.kind != kind, Error::<T>::SameKind);
        organisation.kind = kind;
        let seats = Self::seats_with(id, organisation.has_seat())?;

        let body = Body::OrganisationKindChanged { organisation: id, organisation_kind: kind, reason };
        let record = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(id)], body)?.index;
        Organisations::<T>::insert(id, organisation);
        Self::take_seats(seats);
        Self::deposit_event(Event::OrganisationKindChanged { organisation: id, kind, record });
        Ok(())
    }

    pub(crate) fn registered(id: OrganisationId) -> Result<Organisation, DispatchError> {
        Organisations::<T>::get(id).ok_or_else(|| Error::<T>::UnknownOrganisation.into())
    }

    pub(crate) fn ensure_text(text: &[u8]) -> DispatchResult {
        ensure!(!text.is_empty() && core::str::from_utf8(text).is_ok(), Error::<T>::InvalidText);
        Ok(())
    }

    pub(crate) fn ensure_profile(profile: &OrganisationProfile) -> DispatchResult {
        Self::ensure_text(&profile.name)?;
        ensure!(core::str::from_utf8(&profile.contact).is_ok(), Error::<T>::InvalidText);
        Ok(())
    }
}

/// Seats and validators.
impl<T: Config> Pallet<T> {
    /// The seats once an organisation has one, or none. `None` when that changes nothing.
    fn seats_with(id: OrganisationId, seat: bool) -> Result<Option<SeatList<T>>, DispatchError> {
        let mut seats = Seats::<T>::get();
        match (seats.binary_search(&id), seat) {
            (Err(position), true) => {
                seats.try_insert(position, id).map_err(|_| Error::<T>::TooManyMembers)?;
            }
            (Ok(_), false) => {
                seats.retain(|seated| *seated != id);
                let left: u32 = seats.len().saturated_into();
                ensure!(left >= Self::parameters().min_members, Error::<T>::TooFewMembers);
            }
            _ => return Ok(None),
        }
        Ok(Some(seats))
    }

    /// Lets them vote and nobody else, if anything changes.
    fn take_seats(seats: Option<SeatList<T>>) {
        if let Some(seats) = seats {
            T::Council::set_seats(&seats);
            Seats::<T>::put(seats);
        }
    }

    /// How many validators the next set has.
    pub(crate) fn validators() -> u32 {
        // None is the consortium's own.
        T::Validators::count_without(OrganisationId::CONSORTIUM)
    }

    /// Refuses when an organisation's validators cannot be done without. One that has none takes none along, even when
    /// there are too few.
    fn ensure_enough_validators_without(id: OrganisationId) -> DispatchResult {
        let left = T::Validators::count_without(id);
        let enough = left >= Self::parameters().min_validators || left >= Self::validators();
        ensure!(enough, Error::<T>::TooFewValidators);
        Ok(())
    }
}
