//! What each record changes, and which cannot follow those before it.

use super::{terms_hash, Impossible, Past, PastDataset, PastGrant, PastOrganisation};
use citynet_primitives::{
    Body, GrantId, GrantState, Moment, OrganisationId, OrganisationStatus, Record, Terms, Usage, MAX_DELEGATION_DEPTH,
};
use std::collections::BTreeMap;

/// Replaying.
impl Past {
    pub(super) fn apply(&mut self, record: &Record) -> Result<(), Impossible> {
        match &record.body {
            Body::OrganisationRegistered { .. }
            | Body::OrganisationProfileChanged { .. }
            | Body::OrganisationStatusChanged { .. } => self.apply_to_organisation(&record.body),
            Body::DatasetRegistered { dataset, .. }
            | Body::DatasetChanged { dataset, .. }
            | Body::DatasetTransferred { dataset, .. }
            | Body::VersionPublished { dataset, .. }
                if *dataset == self.id =>
            {
                self.apply_to_dataset(&record.body)
            }
            Body::GrantRequested { .. }
            | Body::GrantOffered { .. }
            | Body::GrantAdvanced { .. }
            | Body::GrantStateChanged { .. }
            | Body::AccessReported { .. } => self.apply_to_grant(record),
            _ => Ok(()),
        }
    }

    fn apply_to_organisation(&mut self, body: &Body) -> Result<(), Impossible> {
        match body {
            Body::OrganisationRegistered { organisation, name, .. } => {
                let joined = PastOrganisation { name: text(name), status: OrganisationStatus::Active };
                match self.organisations.insert(*organisation, joined) {
                    None => Ok(()),
                    Some(_) => Err(Impossible::BegunTwice),
                }
            }
            Body::OrganisationProfileChanged { organisation, profile } => {
                self.organisation(*organisation)?.name = text(&profile.name);
                Ok(())
            }
            Body::OrganisationStatusChanged { organisation, status, .. } => {
                self.organisation(*organisation)?.status = *status;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn organisation(&mut self, id: OrganisationId) -> Result<&mut PastOrganisation, Impossible> {
        self.organisations.get_mut(&id).ok_or(Impossible::UnknownOrganisation(id))
    }

    fn apply_to_dataset(&mut self, body: &Body) -> Result<(), Impossible> {
        let unknown = Impossible::UnknownDataset(self.id);
        match body {
            Body::DatasetRegistered { owner, dataset_kind, profile, .. } => {
                let registered = PastDataset {
                    owner: *owner,
                    kind: *dataset_kind,
                    sensitivity: profile.sensitivity,
                    title: text(&profile.title),
                    versions: BTreeMap::new(),
                };
                match self.dataset.replace(registered) {
                    None => Ok(()),
                    Some(_) => Err(Impossible::BegunTwice),
                }
            }
            Body::DatasetChanged { profile, .. } => {
                let dataset = self.dataset.as_mut().ok_or(unknown)?;
                dataset.sensitivity = profile.sensitivity;
                dataset.title = text(&profile.title);
                Ok(())
            }
            Body::DatasetTransferred { dataset: id, from, to } => {
                let dataset = self.dataset.as_mut().ok_or(unknown)?;
                if dataset.owner != *from {
                    return Err(Impossible::WrongOwner(*id));
                }
                dataset.owner = *to;
                Ok(())
            }
            Body::VersionPublished { dataset: id, version, content } => {
                let dataset = self.dataset.as_mut().ok_or(unknown)?;
                let last = dataset.versions.keys().next_back().copied().unwrap_or(0);
                if last.checked_add(1) != Some(*version) {
                    return Err(Impossible::VersionSkipped { dataset: *id, version: *version });
                }
                dataset.versions.insert(*version, content.content);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn apply_to_grant(&mut self, record: &Record) -> Result<(), Impossible> {
        match &record.body {
            Body::GrantRequested { grant, supersedes, terms } => {
                self.put_forward(record, *grant, GrantState::Requested, None, *supersedes, terms)
            }
            Body::GrantOffered { grant, parent, supersedes, binding, terms } => {
                if let Some(parent) = parent {
                    self.grant(*parent)?;
                }
                self.put_forward(record, *grant, GrantState::Offered, *parent, *supersedes, terms)?;
                let info = self.grant_mut(*grant)?;
                info.offered = Some(record.into());
                info.granted = binding.then(|| record.into());
                Ok(())
            }
            Body::GrantAdvanced { grant, state, terms } => {
                let info = self.grant_mut(*grant)?;
                step(*grant, info.state, *state, advances(info.state, *state))?;
                if info.terms_hash != *terms {
                    return Err(Impossible::OtherTerms(*grant));
                }
                info.state = *state;
                info.last_record = record.index;
                // Where an offer was binding, the consumer's acceptance says that the provider agreed.
                if *state == GrantState::Agreed && record.organisation != info.terms.consumer {
                    info.granted = Some(record.into());
                }
                if *state == GrantState::Active {
                    info.active_since = Some(record.time);
                    self.list(*grant, record.time);
                }
                Ok(())
            }
            Body::GrantStateChanged { grant, state, .. } => {
                let info = self.grant_mut(*grant)?;
                step(*grant, info.state, *state, changes(info.state, *state))?;
                info.state = *state;
                info.last_record = record.index;
                let consumer = info.terms.consumer;
                if state.is_final() {
                    self.listed.entry(consumer).or_default().retain(|listed| listed != grant);
                }
                Ok(())
            }
            Body::AccessReported { grant, report } => {
                let info = self.grant_mut(*grant)?;
                let grown = report.usage.checked_sub(&info.used).ok_or(Impossible::UsageShrinks(*grant))?;
                info.used = report.usage;
                info.used_in_all = info.used_in_all.saturating_add(&grown);
                info.last_record = record.index;
                for ancestor in self.ancestors(*grant).unwrap_or_default() {
                    let info = self.grant_mut(ancestor)?;
                    info.used_in_all = info.used_in_all.saturating_add(&grown);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Terms that begin a grant, or that take the place of those before.
    fn put_forward(
        &mut self,
        record: &Record,
        grant: GrantId,
        state: GrantState,
        parent: Option<GrantId>,
        supersedes: Option<GrantId>,
        terms: &Terms,
    ) -> Result<(), Impossible> {
        if let Ok(info) = self.grant_mut(grant) {
            let is_answer = match state {
                GrantState::Requested => info.state == GrantState::Offered,
                _ => info.state == GrantState::Requested,
            };
            step(grant, info.state, state, is_answer)?;
            let parties = |terms: &Terms| (terms.dataset, terms.provider, terms.consumer, terms.controller);
            if parties(terms) != parties(&info.terms) {
                return Err(Impossible::OtherTerms(grant));
            }
            info.state = state;
            info.terms_hash = terms_hash(terms);
            info.terms = terms.clone();
            info.granted = None;
            info.last_record = record.index;
            return Ok(());
        }
        let info = PastGrant {
            state,
            parent,
            supersedes,
            terms_hash: terms_hash(terms),
            terms: terms.clone(),
            active_since: None,
            used: Usage::default(),
            used_in_all: Usage::default(),
            offered: None,
            granted: None,
            last_record: record.index,
        };
        let grants = if terms.dataset == self.id { &mut self.grants } else { &mut self.others };
        grants.insert(grant, info);
        Ok(())
    }

    /// Puts a grant that became active where the chain looks for it; what is over or superseded makes room.
    fn list(&mut self, grant: GrantId, now: Moment) {
        let Some(info) = self.grants.get(&grant) else { return };
        let listed = self.listed.entry(info.terms.consumer).or_default();
        listed.retain(|other| {
            info.supersedes != Some(*other) && self.grants.get(other).is_some_and(|other| now < other.terms.not_after)
        });
        let position = listed.partition_point(|other| *other < grant);
        listed.insert(position, grant);
    }

    fn grant(&self, grant: GrantId) -> Result<&PastGrant, Impossible> {
        self.grants.get(&grant).or_else(|| self.others.get(&grant)).ok_or(Impossible::UnknownGrant(grant))
    }

    fn grant_mut(&mut self, grant: GrantId) -> Result<&mut PastGrant, Impossible> {
        match self.grants.get_mut(&grant) {
            Some(info) => Ok(info),
            None => self.others.get_mut(&grant).ok_or(Impossible::UnknownGrant(grant)),
        }
    }

    /// The grants that one stands on, from its parent to the first. `None` where one is missing or there are more than
    /// there may be.
    pub(super) fn ancestors(&self, grant: GrantId) -> Option<Vec<GrantId>> {
        let mut ancestors = Vec::new();
        let mut next = self.grant(grant).ok()?.parent;
        for _ in 0..MAX_DELEGATION_DEPTH {
            let Some(parent) = next else { break };
            ancestors.push(parent);
            next = self.grant(parent).ok()?.parent;
        }
        next.is_none().then_some(ancestors)
    }
}

fn step(grant: GrantId, from: GrantState, to: GrantState, is_legal: bool) -> Result<(), Impossible> {
    if is_legal {
        Ok(())
    } else {
        Err(Impossible::IllegalStep { grant, from, to })
    }
}

fn advances(from: GrantState, to: GrantState) -> bool {
    use GrantState::{Accepted, Active, Agreed, Offered, Requested, Verified};
    matches!((from, to), (Offered, Accepted) | (Requested | Accepted, Agreed) | (Agreed, Verified) | (Verified, Active))
}

fn changes(from: GrantState, to: GrantState) -> bool {
    use GrantState::{
        Accepted, Active, Agreed, Completed, Offered, Requested, Revoked, Suspended, Terminated, Verified,
    };
    matches!(
        (from, to),
        (Requested | Offered | Accepted | Agreed | Verified, Terminated)
            | (Active, Suspended)
            | (Suspended, Active)
            | (Active | Suspended, Revoked | Completed)
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
