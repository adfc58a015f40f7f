//! Following the finalised chain.

use crate::{
    metrics::{behind, Metrics},
    Block, Error, FinalisedBlock, Header, Inconsistency, Index, Position,
};
use citynet_primitives::{TreeHead, TREE_HEAD_ENGINE};
use citynet_runtime_api::JournalApi;
use codec::DecodeAll;
use futures::{FutureExt, StreamExt};
use sc_client_api::BlockchainEvents;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_runtime::DigestItem;
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;

/// How long to wait after an error before trying again.
const PAUSE: Duration = Duration::from_secs(5);

/// At most so many blocks go into one transaction, which is what makes catching up fast ...
const BATCH_BLOCKS: u32 = 256;

/// ... and no further block is added once it has so many records, which is what keeps its memory small.
const BATCH_RECORDS: usize = 8192;

/// How often to say how far a long catching-up has come.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// Keeps the index at the finalised block, from wherever it stands, until the node ends. Errors are logged and tried again
/// after a pause; only when that cannot help does it return early, having said so. It never stops the node.
pub fn run<C>(client: Arc<C>, index: Index, registry: Option<&Registry>) -> impl Future<Output = ()> + Send
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + BlockchainEvents<Block> + Send + Sync + 'static,
    C::Api: JournalApi<Block>,
{
    let metrics = Metrics::register(registry);
    async move {
        while let Err(error) = follow(&client, &index, &metrics).await {
            metrics.error();
            if error.is_final() {
                tracing::error!(
                    %error,
                    "Indexing has stopped: the chain's data contradict one another or the index. The node goes on without. \
                     Delete the index to have it rebuilt."
                );
                return;
            }
            tracing::warn!(%error, "Indexing was interrupted and will be tried again in {} s.", PAUSE.as_secs());
            tokio::time::sleep(PAUSE).await;
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
async fn follow<C>(client: &Arc<C>, index: &Index, metrics: &Metrics) -> Result<(), Error>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + BlockchainEvents<Block> + Send + Sync + 'static,
    C::Api: JournalApi<Block>,
{
    // Subscribed to before the first look at the chain, so that nothing is finalised unseen in between.
    let mut finality = client.finality_notification_stream();
    let mut report = Instant::now();
    loop {
        // A notification says only that there is something new: not every block has its own. Those that have piled up are
        // let go, because each one pins its block's state.
        while let Some(notification) = finality.next().now_or_never() {
            if notification.is_none() {
                return Ok(());
            }
        }
        let (position, finalised) = {
            let (client, index) = (client.clone(), index.clone());
            tokio::task::spawn_blocking(move || advance(&*client, &index)).await??
        };
        metrics.at(position.as_ref(), finalised);
        if behind(position.as_ref(), finalised) > 0 {
            if report.elapsed() >= REPORT_EVERY {
                let at = position.map_or(0, |position| position.number);
                tracing::info!("Indexing block {at} of {finalised}.");
                report = Instant::now();
            }
            continue;
        }
        report = Instant::now();
        if finality.next().await.is_none() {
            return Ok(());
        }
    }
}

/// Indexes the next blocks that are finalised, if there are any. Returns where the index then stands, and the number of the
/// finalised block.
fn advance<C>(client: &C, index: &Index) -> Result<(Option<Position>, u32), Error>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block>,
    C::Api: JournalApi<Block>,
{
    let info = client.info();
    let finalised = info.finalized_number;
    index.bind(&info.genesis_hash.0)?;
    let mut position = index.position()?;
    if let Some(held) = &position {
        if held.number > finalised {
            // The chain was purged and syncs again. What the index holds is compared once the chain has come that far.
            return Ok((position, finalised));
        }
        if client.hash(held.number)?.map(|hash| hash.0) != Some(held.hash) {
            tracing::warn!(block = held.number, "The index is about another fork and is rebuilt from the chain.");
            index.reset(&info.genesis_hash.0)?;
            position = None;
        }
    }
    let Some(next) = position.as_ref().map_or(Some(0), |held| held.number.checked_add(1)) else {
        return Ok((position, finalised));
    };
    let last = finalised.min(next.saturating_add(BATCH_BLOCKS - 1));
    let mut blocks = Vec::new();
    let mut records = 0;
    for number in next..=last {
        let block = load(client, number)?;
        records += block.entries.len();
        blocks.push(block);
        if records >= BATCH_RECORDS {
            break;
        }
    }
    if !blocks.is_empty() {
        position = index.append(&blocks)?;
    }
    Ok((position, finalised))
}

/// Reads a finalised block.
fn load<C>(client: &C, number: u32) -> Result<FinalisedBlock, Error>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block>,
    C::Api: JournalApi<Block>,
{
    let hash = client.hash(number)?.ok_or(Error::NoBlock(number))?;
    let header = client.header(hash)?.ok_or(Error::NoBlock(number))?;
    let api = client.runtime_api();
    let entries = api.records(hash).map_err(|source| Error::Runtime { number, source })?;
    let head = if number == 0 {
        api.tree_head(hash).map_err(|source| Error::Runtime { number, source })?
    } else {
        tree_head(&header).ok_or(Error::Inconsistent { number, reason: Inconsistency::NoTreeHead })?
    };
    Ok(FinalisedBlock { number, hash: hash.0, parent: header.parent_hash.0, head, entries })
}
