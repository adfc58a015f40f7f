//! Following the finalised chain.

use crate::{
    metrics::{behind, Metrics, Speed},
    Block, Error, FinalisedBlock, Header, Inconsistency, Index, Position,
};
use citynet_primitives::{Hash, TreeHead, TREE_HEAD_ENGINE};
use citynet_runtime_api::JournalApi;
use codec::DecodeAll;
use futures::{stream::BoxStream, FutureExt, StreamExt};
use sc_client_api::{BlockBackend, BlockchainEvents};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_runtime::DigestItem;
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;

/// At most so many blocks go into one transaction, which is what makes catching up fast ...
const BATCH_BLOCKS: u32 = 256;

/// ... and no further block is added once it has so many records or extrinsics, which is what keeps its memory small.
const BATCH_ROWS: usize = 8192;

/// How often to say how far a long catching-up has come.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// The finalised chain, as the index follows it. The client of every node of the ledger is one.
pub trait FinalisedChain: Send + Sync + 'static {
    /// The hash of the first block.
    fn genesis(&self) -> Hash;

    /// The number of the last block that is finalised.
    fn finalised(&self) -> u32;

    /// The hash of the block with a number on the best chain.
    ///
    /// # Errors
    ///
    /// When the chain's database cannot be read.
    fn hash_of(&self, number: u32) -> Result<Option<Hash>, Error>;

    /// A block that is finalised.
    ///
    /// # Errors
    ///
    /// When the chain's database does not have it, or not all of it.
    fn load(&self, number: u32) -> Result<FinalisedBlock, Error>;

    /// Yields something whenever blocks were finalised; not for each one. It ends with the node.
    fn finality(&self) -> BoxStream<'static, ()>;
}

impl<C> FinalisedChain for C
where
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + BlockBackend<Block>
        + BlockchainEvents<Block>
        + Send
        + Sync
        + 'static,
    C::Api: JournalApi<Block>,
{
    fn genesis(&self) -> Hash {
        self.info().genesis_hash.0
    }

    fn finalised(&self) -> u32 {
        self.info().finalized_number
    }

    fn hash_of(&self, number: u32) -> Result<Option<Hash>, Error> {
        Ok(self.hash(number)?.map(|hash| hash.0))
    }

    fn load(&self, number: u32) -> Result<FinalisedBlock, Error> {
        let hash = self.hash(number)?.ok_or(Error::NoBlock(number))?;
        let header = self.header(hash)?.ok_or(Error::NoBlock(number))?;
        let extrinsics = self.block_body(hash)?.ok_or(Error::NoBody(number))?;
        let api = self.runtime_api();
        let entries = api.records(hash).map_err(|source| Error::Runtime { number, source })?;
        let head = if number == 0 {
            api.tree_head(hash).map_err(|source| Error::Runtime { number, source })?
        } else {
            tree_head(&header).ok_or(Error::Inconsistent { number, reason: Inconsistency::NoTreeHead })?
        };
        Ok(FinalisedBlock { number, hash: hash.0, parent: header.parent_hash.0, head, entries, extrinsics })
    }

    fn finality(&self) -> BoxStream<'static, ()> {
        // Each notification pins its block's state, so it is let go at once.
        self.finality_notification_stream().map(drop).boxed()
    }
}

/// Keeps the index at the finalised block, from wherever it stands, until the node ends. It opens the index unless it is
/// open. Errors, such as a full disk, a locked file or a server that is away, are logged and tried again after a pause; only
/// when that cannot help does it return early, having said so. It never stops the node.
pub fn run<C: FinalisedChain>(
    chain: Arc<C>,
    index: Index,
    registry: Option<&Registry>,
) -> impl Future<Output = ()> + Send {
    let metrics = Metrics::register(registry);
    async move {
        while let Err(error) = follow(&chain, &index, &metrics).await {
            metrics.error(chain.finalised());
            if error.is_final() {
                tracing::error!(
                    %error,
                    "Indexing has stopped: the index is damaged, or the chain's data contradict one another or the index. The \
                     node goes on without. Delete the index to have it rebuilt."
                );
                return;
            }
            let pause = index.settings().retry;
            tracing::warn!(%error, "Indexing was interrupted and will be tried again in {} s.", pause.as_secs());
            tokio::time::sleep(pause).await;
        }
    }
}

/// The tree head that a header commits to; `None` in the genesis block's.
pub fn tree_head(header: &Header) -> Option<TreeHead> {
    header.digest.convert_first(|item| match item {
        DigestItem::Consensus(TREE_HEAD_ENGINE, bytes) => TreeHead::decode_all(&mut bytes.as_slice()).ok(),
        _ => None,
    })
}

/// Follows until the node ends.
async fn follow<C: FinalisedChain>(chain: &Arc<C>, index: &Index, metrics: &Metrics) -> Result<(), Error> {
    // Subscribed to before the first look at the chain, so that nothing is finalised unseen in between.
    let mut finality = chain.finality();
    let mut report = Instant::now();
    let mut speed = Speed::new();
    loop {
        // A notification says only that there is something new: not every block has its own. So those that have piled up
        // are let go.
        while let Some(notification) = finality.next().now_or_never() {
            if notification.is_none() {
                return Ok(());
            }
        }
        let advanced = {
            let (chain, index) = (chain.clone(), index.clone());
            tokio::task::spawn_blocking(move || advance(&*chain, &index)).await??
        };
        let Advanced { position, finalised, blocks } = advanced;
        let behind = behind(position.as_ref(), finalised);
        metrics.at(position.as_ref(), finalised);
        metrics.wrote(blocks);
        if let Some(speed) = speed.after(blocks, behind > 0) {
            metrics.speed(speed);
        }
        if behind > 0 {
            if report.elapsed() >= REPORT_EVERY {
                let at = position.map_or(0, |position| position.number);
                tracing::info!("Indexing block {at} of {finalised}.");
                report = Instant::now();
            }
            continue;
        }
        if finality.next().await.is_none() {
            return Ok(());
        }
        // The time of waiting is no time of work.
        (report, speed) = (Instant::now(), Speed::new());
    }
}

/// What one step did.
struct Advanced {
    /// Where the index stands after it.
    position: Option<Position>,
    /// The number of the finalised block.
    finalised: u32,
    /// How many blocks it wrote.
    blocks: u64,
}

/// Indexes the next blocks that are finalised, if there are any.
fn advance<C: FinalisedChain>(chain: &C, index: &Index) -> Result<Advanced, Error> {
    index.connect()?;
    let (genesis, finalised) = (chain.genesis(), chain.finalised());
    index.bind(&genesis)?;
    let mut position = index.position()?;
    if let Some(held) = &position {
        if held.number > finalised {
            // The chain was purged and syncs again. What the index holds is compared once the chain has come that far.
            return Ok(Advanced { position, finalised, blocks: 0 });
        }
        if chain.hash_of(held.number)? != Some(held.hash) {
            tracing::warn!(block = held.number, "The index is about another fork and is rebuilt from the chain.");
            index.reset(&genesis)?;
            position = None;
        }
    }
    let Some(next) = position.as_ref().map_or(Some(0), |held| held.number.checked_add(1)) else {
        return Ok(Advanced { position, finalised, blocks: 0 });
    };
    let last = finalised.min(next.saturating_add(BATCH_BLOCKS - 1));
    let mut blocks = Vec::new();
    let mut rows = 0_usize;
    for number in next..=last {
        let block = chain.load(number)?;
        rows = rows.saturating_add(block.entries.len()).saturating_add(block.extrinsics.len());
        blocks.push(block);
        if rows >= BATCH_ROWS {
            break;
        }
    }
    if !blocks.is_empty() {
        position = index.append(&blocks)?;
    }
    Ok(Advanced { position, finalised, blocks: u64::try_from(blocks.len()).unwrap_or(u64::MAX) })
}
