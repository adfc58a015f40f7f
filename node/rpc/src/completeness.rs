//! Every record about a subject, with what proves that these are all.

use crate::{
    page, proof::Justified, server::LedgerClient, Anchor, AuthoritiesView, Block, Cursor, Error, Hex, Ledger, List,
    NotFound, Page, RecordView,
};
use citynet_primitives::{Subject, SubjectHead};
use citynet_proofs::head;
use codec::Encode;
use sc_client_api::Backend;
use serde::Serialize;
use sp_core::H256;

/// Answer of `citynet_completeness`: a page of the records about a subject, in their order.
#[derive(Clone, Debug, Serialize)]
pub struct CompletenessView {
    /// The justified block that every page of the walk is true for.
    pub anchor: Anchor,
    /// The subject.
    pub subject: String,
    /// The records.
    pub items: Vec<RecordView>,
    /// What to ask for the next page with, unless this is the last.
    pub next: Option<String>,
    /// Whether this is the last page.
    pub complete: bool,
    /// On the first page, what proves that the records of all pages are all that there are. Null on the others.
    pub proof: Option<CompletenessProofView>,
}

/// What `citynet-proofs` needs, besides the records or their leaf hashes, to verify that these are all.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletenessProofView {
    /// The hash of the chain's first block.
    pub genesis_hash: Hex,
    /// How many records there are, and the chain hash over their leaf hashes.
    pub head: SubjectHead,
    /// The trie nodes that show this head in the state of the anchor, or that there is none.
    pub state: Vec<Hex>,
    /// The SCALE-encoded header of the anchor.
    pub header: Hex,
    /// The SCALE-encoded GRANDPA justification of that header.
    pub justification: Hex,
    /// How its authorities follow from the genesis block.
    pub authorities: AuthoritiesView,
}

impl CompletenessView {
    /// Puts a page of records and what proves them together.
    pub fn new(subject: Subject, page: Page<RecordView>, proof: Option<CompletenessProofView>) -> Self {
        let Page { anchor, items, next, complete } = page;
        Self { anchor, subject: subject.to_string(), items, next, complete, proof }
    }
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// A page of all records about a subject. The first one is anchored at block `at`, or else at the newest one that
    /// the index holds, which must have a justification, since only that makes a state root worth anything to a reader.
    /// A cursor keeps that anchor.
    pub(crate) fn complete(
        &self,
        subject: &str,
        cursor: Option<&str>,
        limit: u32,
        at: Option<u32>,
    ) -> Result<CompletenessView, Error> {
        let subject = subject.parse::<Subject>().map_err(|error| Error::InvalidParams(error.to_string()))?;
        if let Some(cursor) = cursor {
            let page = self.at_index(|snapshot| page::completeness(snapshot, subject, cursor, limit))?;
            let anchor = page.anchor.number;
            if at.is_some_and(|at| at != anchor) {
                let reason = format!("the cursor goes on at block {anchor}; give that as `at` or leave `at` out");
                return Err(Error::InvalidParams(reason));
            }
            return Ok(CompletenessView::new(subject, page, None));
        }
        let (justified, hash, page) = self.at_index(|snapshot| {
            let justified = self.anchor(at, snapshot.position().number)?;
            let hash = self.hash(justified.number)?;
            let first = Cursor::new(List::Completeness, justified.number, hash.0, &subject, 0).text();
            Ok((justified, hash, page::completeness(snapshot, subject, &first, limit)?))
        })?;
        let proof = self.prove_head(subject, &justified, hash)?;
        Ok(CompletenessView::new(subject, page, Some(proof)))
    }

    /// The block that a list is anchored at, given the last one that the index holds.
    fn anchor(&self, at: Option<u32>, indexed: u32) -> Result<Justified, Error> {
        let justified = match at {
            Some(at) => {
                let finalized = self.client.info().finalized_number;
                if at > finalized {
                    return Err(Error::NotFinalYet);
                }
                if at > indexed {
                    return Err(Error::NotSynced { indexed: Some(indexed), finalized });
                }
                self.justified_at(at)?.ok_or(Error::NotFound(NotFound::Justification(at)))?
            }
            None => self.newest_justified(indexed)?.ok_or(Error::NotFinalYet)?,
        };
        self.anchors.keep(&justified);
        Ok(justified)
    }

    fn prove_head(&self, subject: Subject, justified: &Justified, hash: H256) -> Result<CompletenessProofView, Error> {
        let state = self.state_proof(hash, justified.number, &head::storage_key(&subject))?;
        let head = head::in_state(&justified.header.state_root.0, &subject, &state);
        Ok(CompletenessProofView {
            genesis_hash: self.client.info().genesis_hash.0.into(),
            head: head.map_err(|_| Error::inconsistent("the state does not prove the head of a subject"))?,
            state: state.into_iter().map(Hex).collect(),
            header: justified.header.encode().into(),
            justification: justified.justification.clone().into(),
            authorities: AuthoritiesView {
                genesis: self.genesis_authorities()?,
                changes: self.set_changes(justified.number)?,
            },
        })
    }
}
