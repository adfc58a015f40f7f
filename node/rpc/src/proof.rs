//! Collecting what proves a record from the genesis hash on.

use crate::{
    server::{Ledger, LedgerClient, MAX_PROVEN},
    AuthoritiesView, Block, ChangeView, Error, GenesisView, Header, Hex, NotFound, ProofView, RecordProofView,
};
use citynet_index::{tree_head, Snapshot};
use citynet_merkle::{inclusion_proof, Portable};
use codec::Encode;
use sc_client_api::Backend;
use sc_consensus_grandpa::{best_justification, find_scheduled_change};
use sp_consensus_grandpa::GRANDPA_ENGINE_ID;
use sp_core::H256;
use sp_crypto_hashing::twox_128;
use std::ops::RangeInclusive;

/// How many blocks to go back for a stored justification: many times the period in which a node stores one.
const MAX_SEARCH: u32 = 512;

/// A finalised block with the justification that shows it.
#[derive(Clone)]
pub(crate) struct Justified {
    pub(crate) number: u32,
    pub(crate) header: Header,
    /// SCALE-encoded.
    pub(crate) justification: Vec<u8>,
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// Proves records, all of them under the tree head of one header.
    pub(crate) fn prove(&self, indices: &[u64]) -> Result<ProofView, Error> {
        let newest = *indices.iter().max().ok_or(Error::invalid("at least one index must be given"))?;
        if u32::try_from(indices.len()).map_or(true, |count| count > MAX_PROVEN) {
            return Err(Error::LimitExceeded { what: "records", limit: MAX_PROVEN });
        }
        let (justified, records) = self.at_index(|snapshot| {
            let Some(newest) = snapshot.record(newest)? else {
                return Err(self.why_missing(newest, snapshot)?);
            };
            // The genesis block has no tree head in its header; its records are covered by the next one.
            let justified = self.justified(newest.record.block.max(1), snapshot.position().number)?;
            let justified = justified.ok_or(Error::NotFinalYet)?;
            let records = paths(snapshot, indices, &justified.header)?;
            Ok((justified, records))
        })?;
        Ok(ProofView {
            genesis_hash: self.client.info().genesis_hash.0.into(),
            records,
            header: justified.header.encode().into(),
            justification: justified.justification.into(),
            authorities: AuthoritiesView {
                genesis: self.genesis_authorities()?,
                changes: self.set_changes(justified.number)?,
            },
        })
    }

    /// Why a record is not in the index: it is in a block that is not final, or in none.
    fn why_missing(&self, index: u64, snapshot: &Snapshot<'_>) -> Result<Error, Error> {
        let info = self.client.info();
        let best = tree_head(&self.header(info.best_hash, info.best_number)?);
        Ok(match best {
            Some(head) if head.size > index => Error::NotFinalYet,
            Some(_) | None => Error::NotFound(NotFound::Record { index, records: snapshot.position().records() }),
        })
    }

    /// The first block from `from` to `to` with a justification. Justifications are stored with some blocks: those at which
    /// the authority set changes, one in every period of the node's configuration, and those that were synced with
    /// one. The newest is stored aside and replaced by the next; it serves the blocks since the last stored one. So the
    /// search is as long as the longest time without a stored justification, rarely more than two periods.
    fn justified(&self, from: u32, to: u32) -> Result<Option<Justified>, Error> {
        for number in from..=to {
            let hash = self.hash(number)?;
            if let Some(justification) = self.stored_justification(hash)? {
                let header = self.header(hash, number)?;
                return Ok(Some(Justified { number, header, justification }));
            }
        }
        // Beyond `to` the index may not have the nodes of the tree yet.
        self.justified_aside(from..=to)
    }

    /// The newest block up to `to` with a justification: nearly always the finalised head. Where `to`, up to which the
    /// index is, lies before that, the last stored one: see [`Ledger::justified`].
    pub(crate) fn newest_justified(&self, to: u32) -> Result<Option<Justified>, Error> {
        if let Some(newest) = self.justified_aside(0..=to)? {
            return Ok(Some(newest));
        }
        for number in (to.saturating_sub(MAX_SEARCH).max(1)..=to).rev() {
            let hash = self.hash(number)?;
            if let Some(justification) = self.stored_justification(hash)? {
                return Ok(Some(Justified { number, header: self.header(hash, number)?, justification }));
            }
        }
        Ok(None)
    }

    /// A block with its justification, where that is stored with it, is the newest, or was handed out lately.
    pub(crate) fn justified_at(&self, number: u32) -> Result<Option<Justified>, Error> {
        let hash = self.hash(number)?;
        if let Some(justification) = self.stored_justification(hash)? {
            return Ok(Some(Justified { number, header: self.header(hash, number)?, justification }));
        }
        Ok(self.justified_aside(number..=number)?.or_else(|| self.anchors.find(number)))
    }

    /// The newest justification, if its block is one of these.
    fn justified_aside(&self, blocks: RangeInclusive<u32>) -> Result<Option<Justified>, Error> {
        let Some(newest) = best_justification::<B, Block>(&*self.backend)? else { return Ok(None) };
        let (number, hash) = newest.target();
        if !blocks.contains(&number) || self.hash(number)? != hash {
            return Ok(None);
        }
        Ok(Some(Justified { number, header: self.header(hash, number)?, justification: newest.encode() }))
    }

    fn stored_justification(&self, hash: H256) -> Result<Option<Vec<u8>>, Error> {
        let justifications = self.client.justifications(hash)?;
        Ok(justifications.and_then(|justifications| justifications.into_justification(GRANDPA_ENGINE_ID)))
    }

    pub(crate) fn hash(&self, number: u32) -> Result<H256, Error> {
        self.client.hash(number)?.ok_or(Error::Pruned { what: "hash", block: number })
    }

    /// Each handover from set 0 to the set that is in force at block `at`. The last block of a set is the one that names
    /// the next authorities, and is justified by the set that ends with it.
    ///
    /// Read after the justification was: a change that the node learns of meanwhile is after `at` and not asked for.
    pub(crate) fn set_changes(&self, at: u32) -> Result<Vec<ChangeView>, Error> {
        let known = self.authority_set.authority_set_changes();
        let gap = Error::Pruned { what: "authority set changes", block: 0 };
        let mut changes = Vec::new();
        for (expected, (set, last)) in (0u64..).zip(known.iter_from(0).ok_or(gap)?) {
            if *last >= at {
                break;
            }
            if *set != expected {
                return Err(Error::inconsistent("the node does not know every change of the authority set"));
            }
            let hash = self.hash(*last)?;
            let header = self.header(hash, *last)?;
            if find_scheduled_change::<Block>(&header).is_none() {
                return Err(Error::inconsistent("an authority set was changed by force, which leaves no proof"));
            }
            let justification = self.stored_justification(hash)?;
            let justification = justification.ok_or(Error::Pruned { what: "justification", block: *last })?;
            changes.push(ChangeView { header: header.encode().into(), justification: justification.into() });
        }
        Ok(changes)
    }

    /// The trie nodes that show `Grandpa::Authorities` in the genesis state.
    pub(crate) fn genesis_authorities(&self) -> Result<GenesisView, Error> {
        if let Some(known) = self.genesis.get() {
            return Ok(known.clone());
        }
        let hash = self.client.info().genesis_hash;
        let key = [twox_128(b"Grandpa"), twox_128(b"Authorities")].concat();
        let proof = self.state_proof(hash, 0, &key)?;
        let view = GenesisView {
            state_root: self.header(hash, 0)?.state_root.0.into(),
            proof: proof.into_iter().map(Hex).collect(),
        };
        Ok(self.genesis.get_or_init(|| view).clone())
    }

    /// The trie nodes on the way to a value in the state of a block, or to where it would be, and no others. Ascending.
    pub(crate) fn state_proof(&self, hash: H256, block: u32, key: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        let proof = self.client.read_proof(hash, &mut std::iter::once(key)).map_err(|error| match error {
            sp_blockchain::Error::UnknownBlock(_) => Error::Pruned { what: "state", block },
            error => error.into(),
        })?;
        Ok(proof.into_iter_nodes().collect())
    }
}

/// The records with their paths to the tree head of a header.
fn paths(snapshot: &Snapshot<'_>, indices: &[u64], header: &Header) -> Result<Vec<RecordProofView>, Error> {
    let head = tree_head(header).ok_or(Error::inconsistent("a block's header has no tree head"))?;
    let prove = |index: &u64| -> Result<RecordProofView, Error> {
        let found =
            snapshot.record(*index)?.ok_or(Error::inconsistent("a record before another is not in the index"))?;
        let path = inclusion_proof::<Portable, _>(snapshot, *index, head.size)?;
        Ok(RecordProofView { record: found.encoded.into(), path: path.into_iter().map(Into::into).collect() })
    };
    indices.iter().map(prove).collect()
}
