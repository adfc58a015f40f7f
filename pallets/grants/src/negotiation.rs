//! How a grant comes about: the negotiation of the Dataspace Protocol (2025-1), edge by edge.
//!
//! | from | to | by |
//! |---|---|---|
//! | nothing | requested | consumer |
//! | nothing | offered | provider |
//! | requested | offered, agreed | provider |
//! | offered | requested, accepted | consumer |
//! | accepted | agreed | provider |
//! | agreed | verified | consumer |
//! | verified | active (`FINALIZED`) | provider |
//! | requested, offered | terminated | either |
//! | accepted, verified | terminated | provider |
//! | agreed | terminated | consumer |
//!
//! Every call checks first, then appends to the journal, which may still refuse, and only then writes. The order of the
//! checks, which decides the error that a call with several faults gets:
//!
//! * Terms that are put forward: who acts, the terms by themselves, the dataset and who provides it, codes, time,
//!   parties, content and rules ([`Pallet::check_circumstances`]), the price, the parent, what is superseded.
//! * Any other step: the note, the grant, who acts, the state, the hash.

use crate::{
    delegation::check_within,
    life::{check_optional_note, is_alive},
    rules::{self, check_structure},
    ActiveGrants, BrokenRule, Config, Error, Event, GrantCount, Grants, Pallet,
};
use citynet_primitives::{
    Author, Body, GrantId, GrantInfo, GrantState, Hash, Moment, OrganisationId, ReasonCode, Rule, SubjectHead, Terms,
    Text, Usage,
};
use citynet_support::{Catalogue, Clock, DatasetFacts, Payments};
use frame_support::{ensure, BoundedVec};
use sp_runtime::{DispatchError, DispatchResult};

/// Putting terms forward.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_request(author: &Author, terms: Terms, supersedes: Option<GrantId>) -> DispatchResult {
        ensure!(author.organisation == terms.consumer, Error::<T>::NotConsumer);
        let (grant, mut info) = Self::begin(GrantState::Requested, terms, false, None, supersedes)?;
        Self::record_request(author, grant, &mut info)?;
        GrantCount::<T>::put(grant.0);
        Ok(())
    }

    pub(crate) fn do_offer(
        author: &Author,
        terms: Terms,
        binding: bool,
        parent: Option<GrantId>,
        supersedes: Option<GrantId>,
    ) -> DispatchResult {
        ensure!(author.organisation == terms.provider, Error::<T>::NotProvider);
        let (grant, mut info) = Self::begin(GrantState::Offered, terms, binding, parent, supersedes)?;
        Self::record_offer(author, grant, &mut info)?;
        GrantCount::<T>::put(grant.0);
        Ok(())
    }

    pub(crate) fn do_counter_request(author: &Author, grant: GrantId, terms: Terms) -> DispatchResult {
        let mut info = Self::consumed(author, grant)?;
        ensure!(info.state == GrantState::Offered, Error::<T>::IllegalTransition);
        Self::replace_terms(&mut info, terms)?;
        info.state = GrantState::Requested;
        info.binding = false;
        Self::record_request(author, grant, &mut info)
    }

    pub(crate) fn do_counter_offer(author: &Author, grant: GrantId, terms: Terms, binding: bool) -> DispatchResult {
        let mut info = Self::provided(author, grant)?;
        ensure!(info.state == GrantState::Requested, Error::<T>::IllegalTransition);
        Self::replace_terms(&mut info, terms)?;
        info.state = GrantState::Offered;
        info.binding = binding;
        Self::record_offer(author, grant, &mut info)
    }

    /// A grant that is not stored yet, with the next number.
    fn begin(
        state: GrantState,
        terms: Terms,
        binding: bool,
        parent: Option<GrantId>,
        supersedes: Option<GrantId>,
    ) -> Result<(GrantId, GrantInfo), DispatchError> {
        let info = GrantInfo {
            state,
            parent,
            supersedes,
            binding,
            terms_hash: hash_of(&terms),
            terms,
            active_since: None,
            ended: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            head: SubjectHead::default(),
        };
        let facts = Self::check_put_forward(&info)?;
        ensure!(parent.is_some() || info.terms.provider == facts.owner, Error::<T>::WrongProvider);
        Self::check_proposal(&info, &facts, T::Clock::now())?;
        if let Some(superseded) = supersedes {
            Self::supersedable(superseded, &info)?;
        }
        let count = GrantCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        Ok((GrantId(count), info))
    }

    /// Puts other terms for the same dataset and parties in the place of those before.
    fn replace_terms(info: &mut GrantInfo, terms: Terms) -> DispatchResult {
        let parties = |terms: &Terms| (terms.dataset, terms.provider, terms.consumer, terms.controller);
        ensure!(parties(&terms) == parties(&info.terms), Error::<T>::PartiesChanged);
        info.terms_hash = hash_of(&terms);
        info.terms = terms;
        let facts = Self::check_put_forward(info)?;
        Self::check_proposal(info, &facts, T::Clock::now())
    }

    /// Checks the terms by themselves and finds their dataset.
    fn check_put_forward(info: &GrantInfo) -> Result<DatasetFacts, Error<T>> {
        check_structure::<T>(&info.terms)?;
        T::Catalogue::facts(info.terms.dataset).ok_or(Error::<T>::UnknownDataset)
    }

    fn check_proposal(info: &GrantInfo, facts: &DatasetFacts, now: Moment) -> DispatchResult {
        Self::check_codes(&info.terms)?;
        Self::check_circumstances(&info.terms, Self::present_provider(info, facts), facts, now)?;
        T::Payments::check_price(&info.terms.price)?;
        match info.parent {
            Some(parent) => Self::check_delegation(parent, &info.terms, facts, now),
            None => Ok(()),
        }
    }

    /// As [`Pallet::provider_of`], where the dataset was read already.
    fn present_provider(info: &GrantInfo, facts: &DatasetFacts) -> OrganisationId {
        match info.parent {
            Some(_) => info.terms.provider,
            None => facts.owner,
        }
    }

    /// Checks that the terms pass on what their provider holds by `parent`, which is in force, and nothing beyond it.
    fn check_delegation(parent: GrantId, terms: &Terms, facts: &DatasetFacts, now: Moment) -> DispatchResult {
        let info = Grants::<T>::get(parent).ok_or(Error::<T>::UnknownParent)?;
        ensure!(info.terms.consumer == terms.provider, Error::<T>::NotConsumer);
        ensure!(info.terms.dataset == terms.dataset, Error::<T>::PartiesChanged);
        ensure!(Self::in_force(&info, now), Error::<T>::ParentNotInForce);
        ensure!(info.terms.delegation_depth > 0, Error::<T>::NoDelegation);
        // The dataset may have become restricted after the parent was agreed on.
        ensure!(
            info.terms.restricted_delegation || !rules::is_restricted(facts.sensitivity),
            Error::<T>::RuleBroken(BrokenRule(Rule::RestrictedDelegation))
        );
        check_within(&info, terms).map_err(Error::<T>::Wider)?;
        Ok(())
    }

    /// The grant whose place `info` is to take. Whether its time is over makes no difference: a renewal may come late.
    fn supersedable(superseded: GrantId, info: &GrantInfo) -> Result<GrantInfo, Error<T>> {
        let other = Grants::<T>::get(superseded).ok_or(Error::<T>::CannotSupersede)?;
        let same_parties = other.terms.dataset == info.terms.dataset
            && other.terms.consumer == info.terms.consumer
            && Self::provider_of(&other) == Self::provider_of(info);
        ensure!(same_parties && is_alive(&other), Error::<T>::CannotSupersede);
        Ok(other)
    }

    fn record_request(author: &Author, grant: GrantId, info: &mut GrantInfo) -> DispatchResult {
        let body = Body::GrantRequested { grant, supersedes: info.supersedes, terms: info.terms.clone() };
        let record = Self::record(author, grant, info, body)?;
        Self::deposit_event(Event::GrantRequested { grant, record });
        Ok(())
    }

    fn record_offer(author: &Author, grant: GrantId, info: &mut GrantInfo) -> DispatchResult {
        let GrantInfo { parent, supersedes, binding, .. } = *info;
        let body = Body::GrantOffered { grant, parent, supersedes, binding, terms: info.terms.clone() };
        let record = Self::record(author, grant, info, body)?;
        Self::deposit_event(Event::GrantOffered { grant, record });
        Ok(())
    }
}

/// From terms to a grant in force.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_accept(author: &Author, grant: GrantId, terms_hash: Hash) -> DispatchResult {
        let mut info = Self::consumed(author, grant)?;
        ensure!(info.state == GrantState::Offered, Error::<T>::IllegalTransition);
        ensure!(info.terms_hash == terms_hash, Error::<T>::TermsDiffer);
        // An offer binds who made it. Who owns the dataset now may have promised nothing.
        if !info.binding || Self::provider_of(&info) != Some(info.terms.provider) {
            return Self::advance(author, grant, &mut info, GrantState::Accepted);
        }
        // The provider agreed when it made the offer, so nobody has to say anything more.
        let activation = Self::prepare(grant, &info)?;
        for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified] {
            Self::advance(author, grant, &mut info, state)?;
        }
        Self::activate(author, grant, info, activation)
    }

    pub(crate) fn do_agree(author: &Author, grant: GrantId, terms_hash: Hash) -> DispatchResult {
        let mut info = Self::provided(author, grant)?;
        let agreeable = matches!(info.state, GrantState::Requested | GrantState::Accepted);
        ensure!(agreeable, Error::<T>::IllegalTransition);
        ensure!(info.terms_hash == terms_hash, Error::<T>::TermsDiffer);
        Self::advance(author, grant, &mut info, GrantState::Agreed)
    }

    pub(crate) fn do_verify(author: &Author, grant: GrantId) -> DispatchResult {
        let mut info = Self::consumed(author, grant)?;
        ensure!(info.state == GrantState::Agreed, Error::<T>::IllegalTransition);
        Self::advance(author, grant, &mut info, GrantState::Verified)
    }

    pub(crate) fn do_finalize(author: &Author, grant: GrantId) -> DispatchResult {
        let info = Self::provided(author, grant)?;
        ensure!(info.state == GrantState::Verified, Error::<T>::IllegalTransition);
        let activation = Self::prepare(grant, &info)?;
        Self::activate(author, grant, info, activation)
    }

    pub(crate) fn do_terminate(author: &Author, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
        check_optional_note::<T>(&note)?;
        let mut info = Grants::<T>::get(grant).ok_or(Error::<T>::NotFound)?;
        let is_provider = Self::provider_of(&info) == Some(author.organisation);
        let is_consumer = info.terms.consumer == author.organisation;
        ensure!(is_provider || is_consumer, Error::<T>::NotParty);
        match info.state {
            GrantState::Requested | GrantState::Offered => {}
            GrantState::Accepted | GrantState::Verified => ensure!(is_provider, Error::<T>::NotProvider),
            GrantState::Agreed => ensure!(is_consumer, Error::<T>::NotConsumer),
            GrantState::Active
            | GrantState::Suspended
            | GrantState::Terminated
            | GrantState::Revoked
            | GrantState::Completed => return Err(Error::<T>::IllegalTransition.into()),
        }
        Self::change_state(author, grant, &mut info, GrantState::Terminated, reason, note)
    }

    /// Checks all that can have changed since the terms were put forward.
    fn prepare(grant: GrantId, info: &GrantInfo) -> Result<Activation<T>, DispatchError> {
        let now = T::Clock::now();
        let facts = T::Catalogue::facts(info.terms.dataset).ok_or(Error::<T>::UnknownDataset)?;
        Self::check_circumstances(&info.terms, Self::present_provider(info, &facts), &facts, now)?;
        if let Some(parent) = info.parent {
            Self::check_delegation(parent, &info.terms, &facts, now)?;
        }
        let superseded = match info.supersedes {
            Some(superseded) => Some((superseded, Self::supersedable(superseded, info)?)),
            None => None,
        };

        let mut list = ActiveGrants::<T>::get(info.terms.dataset, info.terms.consumer);
        list.retain(|listed| {
            // What is over or about to be superseded makes room.
            info.supersedes != Some(*listed)
                && Grants::<T>::get(listed).is_some_and(|other| now < other.terms.not_after)
        });
        let position = list.partition_point(|listed| *listed < grant);
        list.try_insert(position, grant).map_err(|_| Error::<T>::TooManyGrants)?;
        Ok(Activation { now, list, superseded })
    }

    /// Makes a grant active, has it paid for, and completes the one whose place it takes. Payment may still refuse, and
    /// the call is undone as a whole then.
    fn activate(author: &Author, grant: GrantId, mut info: GrantInfo, activation: Activation<T>) -> DispatchResult {
        let Activation { now, list, superseded } = activation;
        info.active_since = Some(now);
        Self::advance(author, grant, &mut info, GrantState::Active)?;
        let provider = Self::provider_of(&info).unwrap_or(info.terms.provider);
        T::Payments::capture(author, grant, &info.terms.price, provider)?;
        if let Some((superseded, mut other)) = superseded {
            other.ended = Some(now);
            let (state, reason) = (GrantState::Completed, ReasonCode::Superseded);
            Self::change_state(author, superseded, &mut other, state, reason, Text::default())?;
        }
        ActiveGrants::<T>::insert(info.terms.dataset, info.terms.consumer, list);
        Ok(())
    }

    fn advance(author: &Author, grant: GrantId, info: &mut GrantInfo, state: GrantState) -> DispatchResult {
        info.state = state;
        let body = Body::GrantAdvanced { grant, state, terms: info.terms_hash };
        let record = Self::record(author, grant, info, body)?;
        Self::deposit_event(Event::GrantAdvanced { grant, state, record });
        Ok(())
    }
}

/// What a grant that may become active changes.
struct Activation<T: Config> {
    now: Moment,
    /// The consumer's list with the grant, without what is over or superseded.
    list: BoundedVec<GrantId, T::MaxGrantsPerConsumer>,
    superseded: Option<(GrantId, GrantInfo)>,
}

/// SHA-256 of [`Terms::to_bytes`].
fn hash_of(terms: &Terms) -> Hash {
    sp_io::hashing::sha2_256(&terms.to_bytes())
}
