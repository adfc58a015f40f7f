//! What all calls share: who acts, who the parties are, how a record is written, and the code lists.

use crate::{ActiveGrants, Codes, Config, Error, GrantCount, Grants, Pallet, WeightInfo};
use alloc::vec::Vec;
use citynet_primitives::{
    Author, Body, CodeList, GrantId, GrantInfo, Hash, LegalBasisCode, OrganisationId, PurposeCode, Role, Subject,
    SubjectHead, Text, LEGAL_BASES, PURPOSES,
};
use citynet_support::{Appended, Catalogue, GrantFacts, GrantRegister, HeldHeads, Journal, Membership, Payments};
use frame_support::{ensure, pallet_prelude::DispatchError, weights::Weight};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::DispatchResult;

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// A grant.
    pub fn grant(id: GrantId) -> Option<GrantInfo> {
        Grants::<T>::get(id)
    }

    /// How many grants were ever requested or offered; the last one has this number.
    pub fn grant_count() -> u64 {
        GrantCount::<T>::get()
    }

    /// Every code of a list with its name, by number: those that the chain was born with and those that the council
    /// added.
    pub fn codes(list: CodeList) -> Vec<(u16, Text<64>)> {
        let named = |code: u16, name: &str| (code, Text::truncate_from(name.as_bytes().to_vec()));
        let mut codes: Vec<(u16, Text<64>)> = match list {
            CodeList::Purpose => PURPOSES.iter().map(|(code, name)| named(code.0, name)).collect(),
            CodeList::LegalBasis => LEGAL_BASES.iter().map(|(code, name)| named(code.0, name)).collect(),
        };
        codes.extend(Codes::<T>::iter_prefix(list));
        codes.sort_unstable_by_key(|(code, _)| *code);
        codes
    }
}

impl<T: Config> HeldHeads for Pallet<T> {
    /// The head of a grant; of one that does not exist, the empty head.
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        match subject {
            Subject::Grant(id) => Some(Grants::<T>::get(id).map(|info| info.head).unwrap_or_default()),
            Subject::Organisation(_) | Subject::Dataset(_) | Subject::Device(_) | Subject::Cycle(_) => None,
        }
    }
}

/// What settlement asks.
impl<T: Config> GrantRegister for Pallet<T> {
    fn facts(grant: GrantId) -> Option<GrantFacts> {
        let info = Grants::<T>::get(grant)?;
        Some(GrantFacts {
            state: info.state,
            provider: Self::provider_of(&info)?,
            consumer: info.terms.consumer,
            not_before: info.terms.not_before,
            not_after: info.terms.not_after,
            price: info.terms.price,
            active_since: info.active_since,
            ended: info.ended,
            used: info.used,
        })
    }

    fn append(author: &Author, grant: GrantId, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError> {
        Grants::<T>::try_mutate(grant, |stored| {
            let info = stored.as_mut().ok_or(Error::<T>::NotFound)?;
            T::Journal::append_held(author, (Subject::Grant(grant), &mut info.head), subjects, body)
        })
    }

    fn accept(author: &Author, grant: GrantId, terms_hash: Hash) -> DispatchResult {
        Self::do_accept(author, grant, terms_hash)
    }

    fn accept_weight() -> Weight {
        T::WeightInfo::accept().saturating_add(T::Payments::capture_weight())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add_priced(provider: OrganisationId, consumer: OrganisationId, price: citynet_primitives::Price) -> GrantId {
        crate::benchmarking::priced::<T>(provider, consumer, price, citynet_primitives::GrantState::Active).0
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn offer_priced(
        provider: OrganisationId,
        consumer: OrganisationId,
        price: citynet_primitives::Price,
    ) -> (GrantId, Hash) {
        crate::benchmarking::priced::<T>(provider, consumer, price, citynet_primitives::GrantState::Offered)
    }
}

/// Parties.
impl<T: Config> Pallet<T> {
    pub(crate) fn ensure_role(origin: OriginFor<T>, role: Role) -> Result<Author, DispatchError> {
        T::Membership::ensure(&frame_system::ensure_signed(origin)?, role)
    }

    /// Who provides the data now: of a sub-grant its parent's consumer, which never changes; of any other whoever owns
    /// the dataset, since one that changes hands takes its grants along. `None` where there is no such dataset.
    pub(crate) fn provider_of(info: &GrantInfo) -> Option<OrganisationId> {
        match info.parent {
            Some(_) => Some(info.terms.provider),
            None => T::Catalogue::facts(info.terms.dataset).map(|facts| facts.owner),
        }
    }

    /// The grant, given that the author acts for its provider.
    pub(crate) fn provided(author: &Author, grant: GrantId) -> Result<GrantInfo, Error<T>> {
        let info = Grants::<T>::get(grant).ok_or(Error::<T>::NotFound)?;
        ensure!(Self::provider_of(&info) == Some(author.organisation), Error::<T>::NotProvider);
        Ok(info)
    }

    /// The grant, given that the author acts for its consumer.
    pub(crate) fn consumed(author: &Author, grant: GrantId) -> Result<GrantInfo, Error<T>> {
        let info = Grants::<T>::get(grant).ok_or(Error::<T>::NotFound)?;
        ensure!(info.terms.consumer == author.organisation, Error::<T>::NotConsumer);
        Ok(info)
    }
}

/// Records.
impl<T: Config> Pallet<T> {
    /// Appends a record about the grant and its parties, then stores the grant. Gives the record's index.
    pub(crate) fn record(
        author: &Author,
        grant: GrantId,
        info: &mut GrantInfo,
        body: Body,
    ) -> Result<u64, DispatchError> {
        // Parties may coincide. The dataset is no subject: the catalogue holds its head, and the journal, which knows
        // nothing of that, would keep a second one.
        let mut parties = Vec::from([Self::provider_of(info).unwrap_or(info.terms.provider)]);
        for party in [info.terms.consumer, info.terms.controller] {
            if !parties.contains(&party) {
                parties.push(party);
            }
        }
        let subjects: Vec<Subject> = parties.into_iter().map(Subject::Organisation).collect();
        let appended = T::Journal::append_held(author, (Subject::Grant(grant), &mut info.head), &subjects, body)?;
        Grants::<T>::insert(grant, &*info);
        Ok(appended.index)
    }

    /// Takes a grant that has ended out of the list of its dataset and consumer.
    pub(crate) fn unlist(grant: GrantId, info: &GrantInfo) {
        ActiveGrants::<T>::mutate_exists(info.terms.dataset, info.terms.consumer, |stored| {
            let Some(list) = stored else { return };
            list.retain(|listed| *listed != grant);
            if list.is_empty() {
                *stored = None;
            }
        });
    }
}

/// Code lists.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_code(list: CodeList, code: u16, name: Text<64>) -> Result<u64, DispatchError> {
        ensure!(!name.is_empty() && core::str::from_utf8(&name).is_ok(), Error::<T>::InvalidText);
        ensure!(!Self::has_code(list, code), Error::<T>::CodeExists);
        let subjects = [Subject::Organisation(OrganisationId::CONSORTIUM)];
        let body = Body::CodeAdded { list, code, name: name.clone() };
        let appended = T::Journal::append(&Author::CHAIN, &subjects, body)?;
        Codes::<T>::insert(list, code, name);
        Ok(appended.index)
    }

    /// Whether a list has a code of that number.
    pub(crate) fn has_code(list: CodeList, code: u16) -> bool {
        let is_built_in = match list {
            CodeList::Purpose => PurposeCode(code).name().is_some(),
            CodeList::LegalBasis => LegalBasisCode(code).name().is_some(),
        };
        is_built_in || Codes::<T>::contains_key(list, code)
    }
}
