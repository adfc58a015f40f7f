//! The decision: may this organisation do this with this data, for this purpose, at this time?
//!
//! Nothing is allowed that no grant allows, but for a dataset's owner. A grant allows what itself and all that it
//! stands on allow. Each of them is asked the same, in this order:
//!
//! 1. its state: finalised, not suspended, not ended;
//! 2. its parties: provider and consumer are active members;
//! 3. its time, half-open, and not before it was finalised;
//! 4. its limit: something is left to use, by it and by all that stands on it;
//! 5. its versions;
//! 6. the version's content, where the terms name it;
//! 7. its actions;
//! 8. its purposes;
//! 9. the rules, with the sensitivity that the dataset has now.
//!
//! The first check that fails is the reason. Where a consumer holds several grants and none allows it, the reason is
//! that of the grant that came furthest in this order; of several equally far ones, the one with the highest number.

use crate::{rules, ActiveGrants, Config, Grants, Pallet};
use alloc::vec::Vec;
use citynet_primitives::{
    Action, DatasetId, Decision, Denial, GrantId, GrantInfo, GrantState, Moment, OrganisationId, PurposeCode,
};
use citynet_support::{Access, Catalogue, Clock, DatasetFacts, Membership};
use frame_support::ensure;

/// What every grant of a chain is asked.
struct Question {
    dataset: DatasetId,
    facts: DatasetFacts,
    version: Option<u32>,
    action: Action,
    /// `None` stands for any that the grant has.
    purpose: Option<PurposeCode>,
    time: Moment,
}

/// The grant of a chain that does not allow it, and why.
struct Refusal {
    reason: Denial,
    grant: GrantId,
}

impl Refusal {
    /// How far the question came: the number of the check that failed.
    const fn distance(&self) -> u8 {
        match self.reason {
            Denial::UnknownDataset
            | Denial::UnknownVersion
            | Denial::NoGrant
            | Denial::WrongDataset
            | Denial::WrongConsumer => 0,
            Denial::NotFinalized | Denial::Suspended | Denial::Ended => 1,
            Denial::ProviderInactive | Denial::ConsumerInactive => 2,
            Denial::NotYetValid | Denial::Expired => 3,
            Denial::LimitReached => 4,
            Denial::VersionNotCovered => 5,
            Denial::ContentDiffers => 6,
            Denial::ActionNotGranted => 7,
            Denial::PurposeNotGranted => 8,
            Denial::TermsInsufficient => 9,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Whether `consumer` may do `action` with a version of a dataset for `purpose` at `time`. No version stands for
    /// what has not become one yet, as in a stream.
    ///
    /// Only the grants' own times are compared with `time`: their states, the members, the use and the dataset's
    /// sensitivity are those of this block. What they were at other times, the journal tells.
    ///
    /// A consumer whose every grant is still being negotiated or has ended is answered [`Denial::NoGrant`]: only what
    /// is active or suspended is looked through, so that the answer costs the same however many there ever were.
    pub fn check_access(
        consumer: OrganisationId,
        dataset: DatasetId,
        version: Option<u32>,
        action: Action,
        purpose: PurposeCode,
        time: Moment,
    ) -> Decision {
        let facts = match Self::check_target(dataset, version) {
            Ok(facts) => facts,
            Err(reason) => return Decision::Denied { reason, grant: None },
        };
        if !T::Membership::is_active(consumer) {
            return Decision::Denied { reason: Denial::ConsumerInactive, grant: None };
        }
        if consumer == facts.owner {
            return Decision::Allowed { chain: Vec::new() };
        }

        let question = Question { dataset, facts, version, action, purpose: Some(purpose), time };
        let mut nearest: Option<Refusal> = None;
        for grant in ActiveGrants::<T>::get(dataset, consumer) {
            let Some(info) = Grants::<T>::get(grant) else { continue };
            match Self::ask(grant, &info, &question) {
                Ok(chain) => return Decision::Allowed { chain },
                // Grants ascend, so of those equally far the last one stays.
                Err(refusal) if nearest.as_ref().is_none_or(|other| other.distance() <= refusal.distance()) => {
                    nearest = Some(refusal);
                }
                Err(_) => (),
            }
        }
        match nearest {
            Some(Refusal { reason, grant }) => Decision::Denied { reason, grant: Some(grant) },
            None => Decision::Denied { reason: Denial::NoGrant, grant: None },
        }
    }

    /// What a grant has to be for anything: the first four checks.
    pub(crate) fn check_standing(info: &GrantInfo, time: Moment) -> Result<(), Denial> {
        match info.state {
            GrantState::Requested
            | GrantState::Offered
            | GrantState::Accepted
            | GrantState::Agreed
            | GrantState::Verified => return Err(Denial::NotFinalized),
            GrantState::Active => (),
            GrantState::Suspended => return Err(Denial::Suspended),
            GrantState::Terminated | GrantState::Revoked | GrantState::Completed => return Err(Denial::Ended),
        }
        let provider_is_active = Self::provider_of(info).is_some_and(T::Membership::is_active);
        ensure!(provider_is_active, Denial::ProviderInactive);
        ensure!(T::Membership::is_active(info.terms.consumer), Denial::ConsumerInactive);
        let finalised = info.active_since.ok_or(Denial::NotFinalized)?;
        ensure!(finalised.max(info.terms.not_before) <= time, Denial::NotYetValid);
        ensure!(time < info.terms.not_after, Denial::Expired);
        ensure!(!info.terms.limit.is_used_up(&info.used_in_all), Denial::LimitReached);
        Ok(())
    }

    /// The dataset, given that there is such a version of it.
    fn check_target(dataset: DatasetId, version: Option<u32>) -> Result<DatasetFacts, Denial> {
        let facts = T::Catalogue::facts(dataset).ok_or(Denial::UnknownDataset)?;
        ensure!(version.is_none_or(|version| (1..=facts.versions).contains(&version)), Denial::UnknownVersion);
        Ok(facts)
    }

    /// The chain by which a grant allows what is asked: itself and those that it stands on.
    fn ask(grant: GrantId, info: &GrantInfo, question: &Question) -> Result<Vec<GrantId>, Refusal> {
        let ask = |grant, info: &GrantInfo| Self::ask_one(info, question).map_err(|reason| Refusal { reason, grant });
        ask(grant, info)?;
        let ancestors = Self::ancestors(info).ok_or(Refusal { reason: Denial::NoGrant, grant })?;
        let mut chain = Vec::from([grant]);
        for (grant, info) in &ancestors {
            ask(*grant, info)?;
            chain.push(*grant);
        }
        Ok(chain)
    }

    fn ask_one(info: &GrantInfo, question: &Question) -> Result<(), Denial> {
        Self::check_standing(info, question.time)?;
        let terms = &info.terms;
        ensure!(terms.versions.covers(question.version), Denial::VersionNotCovered);
        if let (Some(content), Some(version)) = (terms.versions.content, question.version) {
            ensure!(T::Catalogue::content(question.dataset, version) == Some(content), Denial::ContentDiffers);
        }
        ensure!(terms.actions.contains(question.action), Denial::ActionNotGranted);
        ensure!(question.purpose.is_none_or(|purpose| terms.purposes.contains(&purpose)), Denial::PurposeNotGranted);
        ensure!(rules::broken(terms, question.facts.sensitivity).is_none(), Denial::TermsInsufficient);
        Ok(())
    }
}

impl<T: Config> Access for Pallet<T> {
    fn permits(
        grant: GrantId,
        consumer: OrganisationId,
        dataset: DatasetId,
        version: Option<u32>,
        action: Action,
    ) -> Result<(), Denial> {
        let info = Grants::<T>::get(grant).ok_or(Denial::NoGrant)?;
        ensure!(info.terms.dataset == dataset, Denial::WrongDataset);
        ensure!(info.terms.consumer == consumer, Denial::WrongConsumer);
        let facts = Self::check_target(dataset, version)?;
        let question = Question { dataset, facts, version, action, purpose: None, time: T::Clock::now() };
        Self::ask(grant, &info, &question).map(|_| ()).map_err(|refusal| refusal.reason)
    }

    fn dataset_of(grant: GrantId) -> Option<DatasetId> {
        Grants::<T>::get(grant).map(|info| info.terms.dataset)
    }

    /// Grants that the two give one another in turn: nobody else is known to be a member.
    #[cfg(feature = "runtime-benchmarks")]
    fn add(provider: OrganisationId, consumer: OrganisationId, dataset: DatasetId) -> GrantId {
        use citynet_primitives::{
            PersonalData, Price, SubjectHead, Terms, Text, Usage, UsageLimit, Versions, MAX_DELEGATION_DEPTH, PURPOSES,
        };
        use frame_support::BoundedVec;

        let mut parent = None;
        let mut last = GrantId::default();
        for depth in (0..=MAX_DELEGATION_DEPTH).rev() {
            let (from, to) = if depth % 2 == 0 { (provider, consumer) } else { (consumer, provider) };
            let terms = Terms {
                dataset,
                versions: Versions { first: 1, last: None, content: None },
                provider: from,
                consumer: to,
                controller: provider,
                actions: Action::ALL.iter().copied().collect(),
                purposes: BoundedVec::truncate_from(PURPOSES.iter().map(|(code, _)| *code).collect()),
                not_before: 0,
                not_after: Moment::MAX,
                limit: UsageLimit { accesses: Some(u64::MAX), records: Some(u64::MAX), bytes: Some(u64::MAX) },
                price: Price::Free,
                delegation_depth: depth,
                restricted_delegation: true,
                jurisdiction: Text::truncate_from(b"RU".to_vec()),
                legal_basis: None,
                personal_data: PersonalData::None,
                consent: None,
                notice: None,
                retention_days: Some(0),
                recipients: BoundedVec::truncate_from(
                    (0..8).map(|category| Text::truncate_from(alloc::vec![b'a' + category; 64])).collect(),
                ),
                assessment: None,
                withdrawal: None,
                agreement: None,
            };
            last = GrantId(crate::GrantCount::<T>::get().saturating_add(1));
            crate::GrantCount::<T>::put(last.0);
            // Who makes more of them than fit asks for each by its number.
            let _ = ActiveGrants::<T>::mutate(dataset, to, |grants| grants.try_push(last));
            let info = GrantInfo {
                state: GrantState::Active,
                parent,
                supersedes: None,
                binding: true,
                terms_hash: sp_io::hashing::sha2_256(&terms.to_bytes()),
                terms,
                active_since: Some(0),
                ended: None,
                last_report: 0,
                reported_until: 0,
                used: Usage::default(),
                used_in_all: Usage::default(),
                head: SubjectHead::default(),
            };
            Grants::<T>::insert(last, info);
            parent = Some(last);
        }
        last
    }
}
