//! Motions: what the members put to the vote.
//!
//! An admin acts for its organisation, which has one vote whatever its number of accounts. Counting is the council's
//! business; here it is asked who may, and every motion, vote and outcome is recorded with its reason.

use crate::{pallet::*, WeightInfo};
use citynet_primitives::{Author, Body, EncodedCall, Hash, OrganisationId, Subject, Text};
use citynet_support::{Council, Journal, Proposed, Tally};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchResult, DispatchResultWithPostInfo},
    ensure,
    weights::Weight,
};

/// What a motion's records are about.
fn subjects(organisation: OrganisationId) -> [Subject; 2] {
    [Subject::Organisation(OrganisationId::CONSORTIUM), Subject::Organisation(organisation)]
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_propose(author: &Author, call: T::RuntimeCall, reason: Text<256>) -> DispatchResult {
        Self::ensure_seat(author)?;
        Self::ensure_text(&reason)?;
        let encoded = EncodedCall::try_from(call.encode()).map_err(|_| Error::<T>::CallTooLong)?;

        let Proposed { motion, number, threshold } = T::Council::propose(author.organisation, call)?;
        let body = Body::MotionProposed { motion, number, threshold, call: encoded, reason: reason.clone() };
        let record = T::Journal::append(author, &subjects(author.organisation), body)?.index;
        let organisation = author.organisation;
        Self::deposit_event(Event::MotionProposed { motion, number, threshold, organisation, record });
        Self::cast(author, motion, number, true, reason)
    }

    pub(crate) fn do_vote(
        author: &Author,
        motion: Hash,
        number: u32,
        approve: bool,
        reason: Text<256>,
    ) -> DispatchResult {
        Self::ensure_seat(author)?;
        Self::ensure_text(&reason)?;
        Self::cast(author, motion, number, approve, reason)
    }

    pub(crate) fn do_close(
        author: &Author,
        motion: Hash,
        number: u32,
        call_weight: Weight,
        call_length: u32,
    ) -> DispatchResultWithPostInfo {
        let own = T::WeightInfo::close();
        let closed = T::Council::close(motion, number, call_weight, call_length).map_err(|mut refused| {
            let used = &mut refused.post_info.actual_weight;
            *used = used.map(|weight| weight.saturating_add(own));
            refused
        });
        let (Tally { approved, yes, no, seats }, weight) = closed?;

        let body = Body::MotionClosed { motion, number, approved, yes, no, seats };
        let subjects = [Subject::Organisation(OrganisationId::CONSORTIUM)];
        let record = T::Journal::append(author, &subjects, body)?.index;
        Self::deposit_event(Event::MotionClosed { motion, number, approved, record });
        Ok(Some(weight.saturating_add(own)).into())
    }

    fn cast(author: &Author, motion: Hash, number: u32, approve: bool, reason: Text<256>) -> DispatchResult {
        let organisation = author.organisation;
        T::Council::vote(organisation, motion, number, approve)?;
        let body = Body::MotionVoted { motion, number, approve, reason };
        let record = T::Journal::append(author, &subjects(organisation), body)?.index;
        Self::deposit_event(Event::MotionVoted { motion, number, organisation, approve, record });
        Ok(())
    }

    fn ensure_seat(author: &Author) -> DispatchResult {
        ensure!(Seats::<T>::get().binary_search(&author.organisation).is_ok(), Error::<T>::NoSeat);
        Ok(())
    }
}
