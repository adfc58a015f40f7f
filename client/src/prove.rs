//! Proving: an evidence bundle out of the archive and what a node adds to it.
//!
//! The node is not trusted: the bundle is verified before it is handed out.

use crate::{
    archive::{Archive, ArchiveError, Receipt, SignedBatch},
    connection::{NodeError, NOT_FINAL_YET, NOT_FOUND, NOT_SYNCED},
    ledger::Ledger,
    rpc::{self, Proof},
};
use citynet_merkle::{MemoryTree, Portable};
use citynet_primitives::{Batch, Epoch, Hash};
use citynet_proofs::{
    evidence::{AuthoritiesProof, Format, FormatError, GenesisProof, JustifiedHeader, ReadingProof, RecordProof},
    verify, Evidence, Failure, Trust, Verified,
};
use std::time::{Duration, Instant};

/// A reading cannot be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The archive cannot be used or lacks the reading.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The node does not help.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The archive is of another chain.
    #[error("the archive is of the chain with genesis 0x{}, the node of the one with genesis 0x{}", hex::encode(.archive), hex::encode(.node))]
    OtherChain {
        /// The archive's.
        archive: Hash,
        /// The node's.
        node: Hash,
    },
    /// The reading is in the archive but not on the chain.
    #[error("reading {0} was prepared but is not final on the chain yet; run the same `citynet attest` again and let it finish")]
    NotAttested(u64),
    /// The node does not know the key that signed.
    #[error("the node knows no record for the device's key of epoch {0}")]
    NoKeyRecord(Epoch),
    /// The archive's leaves do not belong together.
    #[error("the archive's leaves do not make up the root of the batch that has reading {0}: the archive is damaged")]
    Damaged(u64),
    /// The node's answer has not what was asked for.
    #[error("the node's proof has {0} records instead of two")]
    Incomplete(usize),
    /// It took too long.
    #[error("the record was not final after {0} seconds; try again later")]
    NotFinal(u64),
    /// A bundle cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The node's proof is wrong.
    #[error("the bundle made from the node's proof does not verify, at step {0}")]
    Wrong(#[from] Failure),
}

/// Makes the evidence bundle of a reading and verifies it against the chain's genesis. Waits for at most `patience` until
/// the record is covered by a justification; `waiting` is told so.
///
/// # Errors
///
/// [`ProveError`].
pub async fn prove(
    ledger: &Ledger,
    archive: &Archive,
    sequence: u64,
    patience: Duration,
    waiting: &mut dyn FnMut(&str),
) -> Result<(String, Verified), ProveError> {
    let genesis = *ledger.genesis();
    let FromArchive { reading, batch, receipt } = from_archive(archive, &genesis, sequence)?;

    let begin = Instant::now();
    let device = patiently(begin, patience, waiting, async || ledger.rpc().device(batch.device).await).await?;
    let key = device.key_records.iter().find(|key| key.epoch == batch.epoch);
    let key = key.ok_or(ProveError::NoKeyRecord(batch.epoch))?.record.0;
    let asked = [receipt.record, key];
    let proof = patiently(begin, patience, waiting, async || ledger.rpc().proof(&asked).await).await?;

    let evidence = assemble(genesis, proof, reading)?.to_json()?;
    let verified = verify(evidence.as_bytes(), &Trust::Genesis(genesis))?;
    Ok((evidence, verified))
}

/// What an archive has of a reading.
#[derive(Clone, Debug)]
pub struct FromArchive {
    /// The reading, with its path to the root of its batch.
    pub reading: ReadingProof,
    /// The batch.
    pub batch: Batch,
    /// Where the batch is on the chain.
    pub receipt: Receipt,
}

/// Takes a reading out of the archive of a chain.
///
/// # Errors
///
/// [`ProveError`].
pub fn from_archive(archive: &Archive, genesis: &Hash, sequence: u64) -> Result<FromArchive, ProveError> {
    if archive.genesis() != genesis {
        return Err(ProveError::OtherChain { archive: *archive.genesis(), node: *genesis });
    }
    let (reading, SignedBatch { batch, .. }, receipt) = archive.reading(sequence)?;
    let receipt = receipt.ok_or(ProveError::NotAttested(sequence))?;
    let tree = MemoryTree::<Portable>::from_leaf_hashes(archive.leaf_hashes(&batch)?);
    if tree.root() != batch.root {
        return Err(ProveError::Damaged(sequence));
    }
    let path = tree.inclusion_proof(sequence - batch.first_sequence).map_err(|_| ProveError::Damaged(sequence))?;
    let leaf = serde_json::from_str(&reading.leaf).map_err(|_| ProveError::Damaged(sequence))?;
    Ok(FromArchive { reading: ReadingProof { leaf, path, raw: reading.raw }, batch, receipt })
}

/// Asks until the node knows, or `patience` is over.
async fn patiently<T>(
    begin: Instant,
    patience: Duration,
    waiting: &mut dyn FnMut(&str),
    ask: impl AsyncFn() -> Result<T, NodeError>,
) -> Result<T, ProveError> {
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => match error.code() {
                Some(NOT_FINAL_YET | NOT_SYNCED | NOT_FOUND) if begin.elapsed() < patience => {
                    waiting(&error.to_string());
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                Some(NOT_FINAL_YET) => return Err(ProveError::NotFinal(patience.as_secs())),
                _ => return Err(error.into()),
            },
        }
    }
}

/// Puts the node's proof of the batch's and the key's record around a reading.
fn assemble(genesis: Hash, proof: Proof, reading: ReadingProof) -> Result<Evidence, ProveError> {
    let records = proof.records.len();
    let [record, key]: [rpc::ProvenRecord; 2] =
        proof.records.try_into().map_err(|_| ProveError::Incomplete(records))?;
    let sets = proof.authorities;
    Ok(Evidence {
        authorities: AuthoritiesProof {
            changes: sets.changes.into_iter().map(|change| justified(change.header, change.justification)).collect(),
            genesis: Some(GenesisProof {
                proof: sets.genesis.proof.into_iter().map(|node| node.0).collect(),
                state_root: sets.genesis.state_root.hash()?,
            }),
        },
        device_key: Some(proven(key)?),
        finality: justified(proof.header, proof.justification),
        format: Format::V1,
        genesis_hash: genesis,
        reading: Some(reading),
        record: proven(record)?,
    })
}

fn justified(header: rpc::Hex, justification: rpc::Hex) -> JustifiedHeader {
    JustifiedHeader { header: header.0, justification: justification.0 }
}

fn proven(record: rpc::ProvenRecord) -> Result<RecordProof, NodeError> {
    let path = record.path.iter().map(rpc::Hex::hash).collect::<Result<_, _>>()?;
    Ok(RecordProof { path, record: record.record.0 })
}
