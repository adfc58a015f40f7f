//! What was allowed, and why not: the checks of the chain, in their order.

use super::{Past, PastGrant, Right, Without};
use crate::rules;
use citynet_primitives::{
    Action, Decision, Denial, GrantId, GrantState, OrganisationId, OrganisationStatus, PurposeCode, Sensitivity,
    Versions,
};

/// What every grant of a chain is asked. Where something is open, any will do.
#[derive(Clone, Copy)]
struct Question {
    sensitivity: Sensitivity,
    version: Option<Option<u32>>,
    action: Option<Action>,
    purpose: Option<PurposeCode>,
}

/// How far a question came: the number of the check that failed.
const fn distance(reason: Denial) -> u8 {
    match reason {
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

/// Deciding.
impl Past {
    /// Whether an organisation was an active member.
    pub fn is_active(&self, organisation: OrganisationId) -> bool {
        self.organisations.get(&organisation).is_some_and(|found| found.status == OrganisationStatus::Active)
    }

    /// Who provided the data of a grant: of a sub-grant its parent's consumer, else whoever owned the dataset.
    pub fn provider_of(&self, info: &PastGrant) -> Option<OrganisationId> {
        match info.parent {
            Some(_) => Some(info.terms.provider),
            None => self.dataset.as_ref().map(|dataset| dataset.owner),
        }
    }

    /// The owner, who needs no grant, if it was an active member.
    pub fn owner(&self) -> Option<OrganisationId> {
        self.dataset.as_ref().map(|dataset| dataset.owner).filter(|owner| self.is_active(*owner))
    }

    /// What the chain would have answered: whether a consumer could do something with a version (or with what is none
    /// yet), for a purpose.
    pub fn decide(
        &self,
        consumer: OrganisationId,
        version: Option<u32>,
        action: Action,
        purpose: PurposeCode,
    ) -> Decision {
        let denied = |reason| Decision::Denied { reason, grant: None };
        let Some(dataset) = &self.dataset else { return denied(Denial::UnknownDataset) };
        if version.is_some_and(|version| !dataset.versions.contains_key(&version)) {
            return denied(Denial::UnknownVersion);
        }
        if !self.is_active(consumer) {
            return denied(Denial::ConsumerInactive);
        }
        if consumer == dataset.owner {
            return Decision::Allowed { chain: Vec::new() };
        }
        let question = Question {
            sensitivity: dataset.sensitivity,
            version: Some(version),
            action: Some(action),
            purpose: Some(purpose),
        };
        let mut nearest: Option<(Denial, GrantId)> = None;
        for grant in self.listed.get(&consumer).into_iter().flatten() {
            match self.ask(*grant, &question) {
                Ok(chain) => return Decision::Allowed { chain },
                // Grants ascend, so of those equally far the last one stays.
                Err((reason, by)) => {
                    if nearest.is_none_or(|(other, _)| distance(other) <= distance(reason)) {
                        nearest = Some((reason, by));
                    }
                }
            }
        }
        match nearest {
            Some((reason, grant)) => Decision::Denied { reason, grant: Some(grant) },
            None => denied(Denial::NoGrant),
        }
    }

    /// What every grant allowed that allowed anything, by number. The owner, who needs none, is not among them.
    pub fn rights(&self) -> Vec<Right> {
        self.grants.keys().filter_map(|grant| self.right(*grant).ok()).collect()
    }

    /// The grants that were there and allowed nothing, by number.
    pub fn without(&self) -> Vec<Without> {
        let refused = self.grants.iter().filter_map(|(grant, info)| {
            let (reason, by) = self.right(*grant).err()?;
            Some(Without { grant: *grant, consumer: info.terms.consumer, reason, by })
        });
        refused.collect()
    }

    fn right(&self, grant: GrantId) -> Result<Right, (Denial, GrantId)> {
        let dataset = self.dataset.as_ref().ok_or((Denial::UnknownDataset, grant))?;
        let open = Question { sensitivity: dataset.sensitivity, version: None, action: None, purpose: None };
        let chain = self.ask(grant, &open)?;
        let links: Vec<&PastGrant> = chain.iter().filter_map(|link| self.grants.get(link)).collect();
        let [own, above @ ..] = links.as_slice() else { return Err((Denial::NoGrant, grant)) };
        let since = |link: &PastGrant| link.terms.not_before.max(link.active_since.unwrap_or_default());
        let mut right = Right {
            consumer: own.terms.consumer,
            provider: self.provider_of(own).unwrap_or(own.terms.provider),
            controller: own.terms.controller,
            granted: own.granted,
            actions: own.terms.actions,
            purposes: own.terms.purposes.to_vec(),
            versions: own.terms.versions,
            legal_basis: own.terms.legal_basis,
            personal_data: own.terms.personal_data,
            from: since(own),
            until: own.terms.not_after,
            chain: Vec::new(),
        };
        for link in above {
            let others = link.terms.actions;
            right.actions = right.actions.iter().filter(|action| others.contains(*action)).collect();
            right.purposes.retain(|purpose| link.terms.purposes.contains(purpose));
            right.versions = both(&right.versions, &link.terms.versions);
            right.from = right.from.max(since(link));
            right.until = right.until.min(link.terms.not_after);
        }
        // Terms that go beyond those they stand on are refused by the chain, so nothing is ever empty here.
        if right.versions.last.is_some_and(|last| last < right.versions.first) {
            return Err((Denial::VersionNotCovered, grant));
        }
        if right.actions.is_empty() {
            return Err((Denial::ActionNotGranted, grant));
        }
        if right.purposes.is_empty() {
            return Err((Denial::PurposeNotGranted, grant));
        }
        right.chain = chain;
        Ok(right)
    }

    /// The chain by which a grant allows what is asked, or why not and which grant of it.
    fn ask(&self, grant: GrantId, question: &Question) -> Result<Vec<GrantId>, (Denial, GrantId)> {
        let ask = |grant: GrantId| match self.grants.get(&grant) {
            Some(info) => self.ask_one(info, question).map_err(|reason| (reason, grant)),
            None => Err((Denial::NoGrant, grant)),
        };
        ask(grant)?;
        let ancestors = self.ancestors(grant).ok_or((Denial::NoGrant, grant))?;
        ancestors.iter().try_for_each(|ancestor| ask(*ancestor))?;
        Ok([vec![grant], ancestors].concat())
    }

    fn ask_one(&self, info: &PastGrant, question: &Question) -> Result<(), Denial> {
        let terms = &info.terms;
        let demand = |holds: bool, otherwise: Denial| if holds { Ok(()) } else { Err(otherwise) };
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
        let provider_is_active = self.provider_of(info).is_some_and(|provider| self.is_active(provider));
        demand(provider_is_active, Denial::ProviderInactive)?;
        demand(self.is_active(terms.consumer), Denial::ConsumerInactive)?;
        let finalised = info.active_since.ok_or(Denial::NotFinalized)?;
        demand(finalised.max(terms.not_before) <= self.at, Denial::NotYetValid)?;
        demand(self.at < terms.not_after, Denial::Expired)?;
        demand(!terms.limit.is_used_up(&info.used_in_all), Denial::LimitReached)?;

        demand(question.version.is_none_or(|version| terms.versions.covers(version)), Denial::VersionNotCovered)?;
        // Where terms name a content, they are about one version only.
        let asked = question.version.unwrap_or(terms.versions.last);
        if let (Some(named), Some(version)) = (terms.versions.content, asked) {
            let content = self.dataset.as_ref().and_then(|dataset| dataset.versions.get(&version));
            let is_to_come = question.version.is_none() && content.is_none();
            demand(is_to_come || content == Some(&named), Denial::ContentDiffers)?;
        }
        demand(question.action.is_none_or(|action| terms.actions.contains(action)), Denial::ActionNotGranted)?;
        let for_purpose = question.purpose.is_none_or(|purpose| terms.purposes.contains(&purpose));
        demand(for_purpose, Denial::PurposeNotGranted)?;
        demand(rules::broken(terms, question.sensitivity).is_none(), Denial::TermsInsufficient)
    }
}

/// What is covered by both.
fn both(one: &Versions, other: &Versions) -> Versions {
    let last = match (one.last, other.last) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Versions { first: one.first.max(other.first), last, content: one.content.or(other.content) }
}
