//! Who could use a dataset at a time.
//!
//! The index says which grants there were; whether they allowed anything, the chain decides itself, by the state of the
//! last block that is not later than the time.

use crate::{
    as_of::AsOf, page, server::LedgerClient, Anchor, Block, CodeParam, Cursor, Decimal, Error, Hex, Ledger, List,
    NotFound, Page,
};
use citynet_index::{Filter, GrantFilter, IndexedRecord, Snapshot};
use citynet_primitives::{
    Action, CodeList, DatasetId, Decision, GrantId, GrantInfo, GrantState, LegalBasisCode, Moment, OrganisationId,
    PurposeCode, Subject, Versions,
};
use citynet_runtime_api::{CatalogApi, GrantsApi};
use codec::Encode;
use sc_client_api::Backend;
use serde::{Deserialize, Serialize};
use sp_api::ApiError;
use sp_core::H256;
use std::collections::BTreeMap;

/// How many decisions a page asks the runtime for, before it ends with the grant that it is at. Of one grant there are
/// at most 40: five actions for eight purposes.
const MAX_DECISIONS: usize = 1000;

/// What `citynet_accessAt` is asked: who could use this data at this time?
#[derive(Clone, Debug, Deserialize, Encode)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessAtParams {
    /// The dataset.
    pub dataset: Decimal,
    /// When, in milliseconds since 1970; not later than the finalised block.
    pub time: Decimal,
    /// Only grants to this organisation.
    pub consumer: Option<Decimal>,
    /// Which version would be used. Without it, every grant is asked about what is no version yet, as in a stream, or,
    /// if it covers certain versions only, about the last of them that there was.
    pub version: Option<Decimal>,
    /// Only what allows this action.
    pub action: Option<Action>,
    /// Only what allows this purpose.
    pub purpose: Option<CodeParam>,
}

/// Answer of `citynet_accessAt`: a page of the grants on a dataset that there were, by number.
#[derive(Clone, Debug, Serialize)]
pub struct AccessAtAnswer {
    /// The last block that is not later than the time asked about: its state decides.
    pub anchor: Anchor,
    /// The time of that block, in milliseconds since 1970.
    pub time: Decimal,
    /// Who owned the dataset: while it is an active member, it needs no grant.
    pub owner: OrganisationId,
    /// The grants.
    pub items: Vec<GrantAccessView>,
    /// What to ask for the next page with, unless this is the last.
    pub next: Option<String>,
    /// Whether this is the last page.
    pub complete: bool,
}

/// A grant on a dataset, and what its consumer could do.
#[derive(Clone, Debug, Serialize)]
pub struct GrantAccessView {
    /// The grant.
    pub grant: GrantId,
    /// It and the grants that it stands on, from it to the first.
    pub chain: Vec<GrantLinkView>,
    /// What the chain decides for the consumer on each action and purpose of the grant. Nothing is asked, and this is
    /// empty, where the grant was neither active nor suspended: then it allowed nothing.
    pub uses: Vec<UseView>,
}

/// A grant in [`GrantAccessView`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantLinkView {
    /// Its number.
    pub grant: GrantId,
    /// Where it was.
    pub state: GrantState,
    /// The organisation that granted it, as the terms have it.
    pub provider: OrganisationId,
    /// The organisation that it was granted to.
    pub consumer: OrganisationId,
    /// The organisation that decides why and how the data is processed.
    pub controller: OrganisationId,
    /// On which legal basis, if the terms name one.
    pub legal_basis: Option<LegalBasisCode>,
    /// Its first moment, in milliseconds since 1970.
    pub not_before: Decimal,
    /// The moment at which it ends, in milliseconds since 1970.
    pub not_after: Decimal,
    /// When it was finalised, if it was.
    pub active_since: Option<Decimal>,
    /// The last step of its provider in the negotiation, if it was finalised: the binding offer, or what finalised it.
    pub granted: Option<StepView>,
}

/// A record that shows who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// The record.
    pub record: Decimal,
    /// Its kind.
    pub kind: String,
    /// Its time, in milliseconds since 1970.
    pub time: Decimal,
    /// The organisation that acted.
    pub organisation: OrganisationId,
    /// The account that acted.
    pub account: Hex,
}

/// A decision in [`GrantAccessView`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UseView {
    /// What would be done.
    pub action: Action,
    /// For what.
    pub purpose: PurposeCode,
    /// With which version; null for what is no version yet, as in a stream.
    pub version: Option<u32>,
    /// `decision` is `allowed`, with `chain`, or `denied`, with `reason` and `grant`. A consumer with several grants
    /// may be allowed by another one than this: `chain` says by which.
    #[serde(flatten)]
    pub decision: Decision,
}

/// What the chain is asked about every grant.
struct Question {
    dataset: DatasetId,
    /// How many versions there were of it.
    versions: u32,
    time: Moment,
    version: Option<u32>,
    action: Option<Action>,
    purpose: Option<PurposeCode>,
}

/// What the state says about a grant: it and those that it stands on, and what is decided for its consumer.
struct Decided {
    grant: GrantId,
    chain: Vec<(GrantId, GrantInfo)>,
    uses: Vec<UseView>,
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// A page of the grants on a dataset that there were at a time, with what they allowed.
    pub(crate) fn access_as_of(
        &self,
        asked: &AccessAtParams,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AccessAtAnswer, Error> {
        let consumer = asked.consumer.map(Decimal::organisation).transpose()?;
        let version = asked.version.map(Decimal::version).transpose()?;
        let dataset = DatasetId(asked.dataset.0);
        let block = self.block_as_of(AsOf::Time(asked.time.0))?;
        let (info, purpose) = self.at_block(block.hash, block.number, |api, at| {
            let purpose = asked.purpose.as_ref().map(|purpose| purpose.look_up(|| api.codes(at, CodeList::Purpose)));
            Ok((api.dataset(at, dataset)?, purpose.transpose()?))
        })?;
        let info = info.ok_or(Error::NotFound(NotFound::Dataset(dataset.0)))?;
        let purpose = match purpose {
            Some(None) => return Err(Error::invalid("there is no such purpose; see citynet_codes")),
            Some(Some(purpose)) => Some(purpose),
            None => None,
        };
        let (time, versions) = (asked.time.0, info.versions);
        let question = Question { dataset, versions, time, version, action: asked.action, purpose };

        let filter = GrantFilter { dataset: Some(dataset), provider: None, consumer };
        let cursor_to = |next| Cursor::new(List::AccessAt, block.number, block.hash.0, asked, next).text();
        let here = cursor.map_or_else(|| cursor_to(0), str::to_owned);
        let (records, page) = self.at_index(|snapshot| page::granted(snapshot, asked, &filter, &here, limit))?;
        let Page { anchor, items: grants, mut next, complete: _ } = page;
        // The block follows from the time, so only a cursor that was made by hand names another one.
        if anchor.number != block.number {
            return Err(Error::CursorExpired);
        }
        let (decided, left) = within_budget(grants, |grant| {
            let found = self.at_block(block.hash, block.number, |api, at| decide(api, at, &question, grant))?;
            found.ok_or(Error::inconsistent("what is in the index is not in the chain's state"))
        })?;
        if let Some(left) = left {
            next = Some(cursor_to(left.0));
        }
        let steps: BTreeMap<GrantId, Option<StepView>> = self.at_index(|snapshot| {
            let chains = decided.iter().flat_map(|found| &found.chain);
            chains.map(|(grant, info)| Ok((*grant, granted(snapshot, *grant, info, records)?))).collect()
        })?;
        let items = decided.into_iter().map(|found| found.view(&steps)).collect();
        let complete = next.is_none();
        Ok(AccessAtAnswer { anchor, time: Decimal(block.time), owner: info.owner, items, next, complete })
    }
}

/// Asks about grants one after the other, as long as a page may take further decisions. Returns also the grant that
/// comes next, if there is one.
fn within_budget(
    grants: Vec<GrantId>,
    mut ask: impl FnMut(GrantId) -> Result<Decided, Error>,
) -> Result<(Vec<Decided>, Option<GrantId>), Error> {
    let mut decided: Vec<Decided> = Vec::new();
    let mut decisions: usize = 0;
    for grant in grants {
        if decisions >= MAX_DECISIONS {
            return Ok((decided, Some(grant)));
        }
        let found = ask(grant)?;
        decisions = decisions.saturating_add(found.uses.len());
        decided.push(found);
    }
    Ok((decided, None))
}

/// Asks the runtime about a grant.
fn decide<A>(api: &A, at: H256, question: &Question, grant: GrantId) -> Result<Option<Decided>, ApiError>
where
    A: GrantsApi<Block>,
{
    let Some(info) = api.grant(at, grant)? else { return Ok(None) };
    let uses = match info.state {
        GrantState::Active | GrantState::Suspended => uses(api, at, question, &info)?,
        GrantState::Requested
        | GrantState::Offered
        | GrantState::Accepted
        | GrantState::Agreed
        | GrantState::Verified
        | GrantState::Terminated
        | GrantState::Revoked
        | GrantState::Completed => Vec::new(),
    };
    let mut parent = info.parent;
    let mut chain = vec![(grant, info)];
    while let Some(ancestor) = parent {
        let Some(info) = api.grant(at, ancestor)? else { return Ok(None) };
        parent = info.parent;
        chain.push((ancestor, info));
    }
    Ok(Some(Decided { grant, chain, uses }))
}

/// Asks the runtime about each action and purpose of a grant.
fn uses<A>(api: &A, at: H256, question: &Question, info: &GrantInfo) -> Result<Vec<UseView>, ApiError>
where
    A: GrantsApi<Block>,
{
    let Question { dataset, versions, time, version, action, purpose } = *question;
    let terms = &info.terms;
    let version = version.or_else(|| stand_in(&terms.versions, versions));
    let mut uses = Vec::new();
    for of_grant in terms.actions.iter().filter(|of_grant| action.is_none_or(|wanted| wanted == *of_grant)) {
        for code in terms.purposes.iter().copied().filter(|code| purpose.is_none_or(|wanted| wanted == *code)) {
            let decision = api.check_access(at, terms.consumer, dataset, version, of_grant, code, Some(time))?;
            uses.push(UseView { action: of_grant, purpose: code, version, decision });
        }
    }
    Ok(uses)
}

/// The version that a grant is asked about where the question names none: the last one that it covers, of so many that
/// there are. `None` where it also covers what is no version yet.
fn stand_in(covered: &Versions, published: u32) -> Option<u32> {
    covered.last.map(|last| last.min(published).max(covered.first))
}

/// The last step of a grant's provider in its negotiation, by the first `records` records.
fn granted(snapshot: &Snapshot<'_>, grant: GrantId, info: &GrantInfo, records: u64) -> Result<Option<StepView>, Error> {
    if info.active_since.is_none() {
        return Ok(None);
    }
    let mut last: Option<IndexedRecord> = None;
    for kind in ["grant_offered", "grant_advanced"] {
        let filter = Filter { subject: Some(Subject::Grant(grant)), kind: Some(kind), ..Filter::default() };
        // A negotiation has few steps, and the index ends a query that reads too much.
        let steps = snapshot.records(&filter, 0, records, u32::MAX)?.into_iter();
        let provided = steps.filter(|step| step.record.organisation != info.terms.consumer);
        last = last.into_iter().chain(provided).max_by_key(|step| step.record.index);
    }
    Ok(last.map(StepView::from))
}

impl From<IndexedRecord> for StepView {
    fn from(found: IndexedRecord) -> Self {
        let record = found.record;
        Self {
            record: Decimal(record.index),
            kind: record.body.kind().to_owned(),
            time: Decimal(record.time),
            organisation: record.organisation,
            account: record.account.into(),
        }
    }
}

impl Decided {
    fn view(self, steps: &BTreeMap<GrantId, Option<StepView>>) -> GrantAccessView {
        let link = |(grant, info): (GrantId, GrantInfo)| GrantLinkView {
            grant,
            state: info.state,
            provider: info.terms.provider,
            consumer: info.terms.consumer,
            controller: info.terms.controller,
            legal_basis: info.terms.legal_basis,
            not_before: Decimal(info.terms.not_before),
            not_after: Decimal(info.terms.not_after),
            active_since: info.active_since.map(Decimal),
            granted: steps.get(&grant).cloned().flatten(),
        };
        let chain: Vec<_> = self.chain.into_iter().map(link).collect();
        GrantAccessView { grant: self.grant, chain, uses: self.uses }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::Denial;

    #[test]
    fn a_page_ends_with_the_grant_that_takes_its_last_decision() {
        let denied = Decision::Denied { reason: Denial::NoGrant, grant: None };
        let denied = UseView { action: Action::Read, purpose: PurposeCode(2), version: None, decision: denied };
        let ask = |grant: GrantId| {
            let uses = if grant.0.is_multiple_of(2) { Vec::new() } else { vec![denied.clone(); 40] };
            Ok(Decided { grant, chain: Vec::new(), uses })
        };
        let grants = |last: u64| (1..=last).map(GrantId).collect::<Vec<_>>();
        let asked = |last| within_budget(grants(last), ask).map(|(found, left)| (found.len(), left)).unwrap();
        // Every second grant takes 40 decisions: the 49th takes the thousandth.
        assert_eq!(asked(49), (49, None));
        assert_eq!(asked(50), (49, Some(GrantId(50))));
        assert_eq!(asked(60), (49, Some(GrantId(50))));
    }

    #[test]
    fn a_grant_of_certain_versions_is_asked_about_the_last_of_them() {
        let covered = |first, last| Versions { first, last, content: None };
        assert_eq!(stand_in(&covered(1, None), 5), None);
        assert_eq!(stand_in(&covered(1, Some(3)), 5), Some(3));
        assert_eq!(stand_in(&covered(1, Some(9)), 5), Some(5));
        // None of them was published yet: the chain says so.
        assert_eq!(stand_in(&covered(7, Some(9)), 5), Some(7));
    }
}
