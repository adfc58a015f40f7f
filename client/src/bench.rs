//! How fast this machine and the ledger are: readings through the client, batches through the chain, blocks to finality.

use crate::{
    archive::SignedBatch,
    attest::{self, Chain},
    connection::{Connection, NodeError},
    keys::DeviceSigner,
    ledger::SendError,
    sources::{Format, Row},
};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{Batch, DeviceId, Hash, SchemaId};
use codec::Encode as _;
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde::Serialize;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use subxt::{
    config::{
        substrate::{BlakeTwo256, SubstrateHeader},
        Hasher as _,
    },
    utils::H256,
};

const HEADER: &[u8] = b"sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2";

/// One line of a sensor, a second after the one before, from 2018 on.
fn line(number: u64) -> Vec<u8> {
    let time = crate::time::format_utc(1_536_019_200_000 + number % 1_000_000 * 1000);
    let (whole, part) = (number % 40, number % 100);
    format!("15092;SDS011;7647;56.963;-2.211;{};{whole}.{part:02};;;1.80;;", time.trim_end_matches('Z')).into_bytes()
}

/// How long the client takes for readings, step by step.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientSpeed {
    /// Readings.
    pub readings: u64,
    /// Readings in a batch.
    pub batch_size: usize,
    /// Readings per second, all steps together.
    pub readings_per_second: f64,
    /// Share of each step in the time, in percent.
    pub share_percent: Shares,
}

/// What each step takes, in percent or seconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Shares {
    /// From the line to its fields.
    pub parse: f64,
    /// From the fields to the canonical leaf.
    pub canonicalise: f64,
    /// From the leaves to the root.
    pub hash: f64,
    /// From the root to the signature.
    pub sign: f64,
}

/// Measures the client alone: nothing is sent or stored.
pub fn client(readings: u64, batch_size: usize, signer: &DeviceSigner) -> Option<ClientSpeed> {
    let rows = Format::SensorCommunity.begin(HEADER).ok()?;
    let (device, genesis) = (DeviceId(1), [7; 32]);
    let mut spent = Shares::default();
    let mut done = 0u64;
    while done < readings {
        let lines: Vec<Vec<u8>> = (done..).take(batch_size).map(line).collect();
        let parsed =
            timed(&mut spent.parse, || lines.iter().filter_map(|line| rows.row(line).ok()).collect::<Vec<Row>>());
        let leaves = timed(&mut spent.canonicalise, || {
            let numbered = (done..).zip(parsed.iter().zip(&lines));
            numbered.map(|(sequence, (row, raw))| attest::leaf(device, sequence, row, raw)).collect::<Vec<String>>()
        });
        let root = timed(&mut spent.hash, || {
            MemoryTree::<Portable>::from_leaf_hashes(leaves.iter().map(|leaf| leaf_hash::<Portable>(leaf.as_bytes())))
                .root()
        });
        let batch = batch_of(device, done, u32::try_from(leaves.len()).ok()?, root);
        timed(&mut spent.sign, || std::hint::black_box(attest::sign(&genesis, batch, signer)));
        done += u64::try_from(leaves.len()).ok().filter(|count| *count > 0)?;
    }
    let all = spent.parse + spent.canonicalise + spent.hash + spent.sign;
    let percent = |part: f64| part / all * 100.0;
    Some(ClientSpeed {
        readings: done,
        batch_size,
        readings_per_second: per_second(done, all),
        share_percent: Shares {
            parse: percent(spent.parse),
            canonicalise: percent(spent.canonicalise),
            hash: percent(spent.hash),
            sign: percent(spent.sign),
        },
    })
}

fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    *seconds += begin.elapsed().as_secs_f64();
    done
}

fn per_second(count: u64, seconds: f64) -> f64 {
    // A count of things that were done one by one is far below 2^53.
    let count = count as f64;
    count / seconds
}

fn batch_of(device: DeviceId, first_sequence: u64, count: u32, root: [u8; 32]) -> Batch {
    let observed = 1_536_019_200_000;
    Batch {
        device,
        epoch: 0,
        schema: SchemaId::READING_V1,
        first_sequence,
        count,
        missing: 0,
        window_start: observed,
        window_end: observed,
        root,
        expires: crate::time::now() + 60 * 60 * 1000,
    }
}

/// How fast the chain finalises batches.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainSpeed {
    /// Batches in a transaction.
    pub per_transaction: usize,
    /// Transactions on their way at once, at most.
    pub in_flight: usize,
    /// Batches that became final.
    pub batches: u64,
    /// From the first sent to the last final.
    pub seconds: f64,
    /// Batches per second.
    pub attestations_per_second: f64,
    /// From being sent to being final: the median transaction, in seconds.
    pub median_seconds: f64,
    /// The slowest transaction, in seconds.
    pub slowest_seconds: f64,
}

/// What a chain is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Batches.
    pub batches: u64,
    /// Readings that each batch claims to have.
    pub batch_size: u32,
    /// Batches in a transaction.
    pub per_transaction: usize,
    /// Transactions on their way at once, at most.
    pub in_flight: usize,
}

/// Sends batches of a device whose next reading is `first_sequence`, and measures until all are final. The roots are made
/// up: the chain never sees readings. Gives the device's next sequence number too.
///
/// # Errors
///
/// [`SendError`] when one is refused.
pub async fn chain<C: Chain>(
    chain: &C,
    device: DeviceId,
    first_sequence: u64,
    signer: &DeviceSigner,
    load: Load,
    progress: &mut dyn FnMut(u64),
) -> Result<(ChainSpeed, u64), SendError> {
    let genesis = chain.genesis();
    chain.begin().await?;
    let (mut sent, mut final_batches, mut next) = (0, 0, first_sequence);
    let mut latencies: Vec<Duration> = Vec::new();
    let begin = Instant::now();
    let mut flight = FuturesUnordered::new();
    while final_batches < load.batches {
        while flight.len() < load.in_flight && sent < load.batches {
            let mut group = Vec::new();
            while group.len() < load.per_transaction && sent < load.batches {
                let root = citynet_merkle::leaf_hash::<Portable>(&next.to_le_bytes());
                group.push(attest::sign(&genesis, batch_of(device, next, load.batch_size, root), signer));
                next += u64::from(load.batch_size);
                sent += 1;
            }
            flight.push(measure(chain, group));
        }
        let Some((latency, outcomes)) = flight.next().await else { break };
        for outcome in outcomes? {
            outcome.map_err(SendError::Failed)?;
            final_batches += 1;
        }
        latencies.push(latency);
        progress(final_batches);
    }
    let seconds = begin.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let speed = ChainSpeed {
        per_transaction: load.per_transaction,
        in_flight: load.in_flight,
        batches: final_batches,
        seconds,
        attestations_per_second: per_second(final_batches, seconds),
        median_seconds: latencies.get(latencies.len() / 2).map(Duration::as_secs_f64).unwrap_or_default(),
        slowest_seconds: latencies.last().map(Duration::as_secs_f64).unwrap_or_default(),
    };
    Ok((speed, next))
}

type Outcomes = Result<Vec<Result<crate::archive::Receipt, crate::ledger::Refusal>>, SendError>;

/// Not an `async fn`: the place in the sequence of transactions is taken when it is called, not when it is polled.
fn measure<'c, C: Chain>(
    chain: &'c C,
    group: Vec<SignedBatch>,
) -> impl std::future::Future<Output = (Duration, Outcomes)> + use<'c, C> {
    let begin = Instant::now();
    let submitted = chain.submit(group);
    async move {
        let outcomes = submitted.await;
        (begin.elapsed(), outcomes)
    }
}

/// For how long no block may become final before the measurement ends. Many times what finality takes when it works.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why the time to finality cannot be measured.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FinalityError {
    /// The node does not answer, or does not go on.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// Blocks may come, but do not become final.
    #[error(
        "no block became final for {} seconds; see that more than two thirds of the validators run and reach each other",
        PATIENCE.as_secs()
    )]
    Stalled,
}

/// How long blocks take from being imported to being final, as one node sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FinalitySpeed {
    /// Blocks that became final.
    pub blocks: u64,
    /// What half of the blocks did not exceed, in milliseconds.
    pub p50_milliseconds: f64,
    /// What 99 of 100 blocks did not exceed, in milliseconds. Of fewer than 100 blocks, the slowest.
    pub p99_milliseconds: f64,
    /// The slowest block, in milliseconds.
    pub max_milliseconds: f64,
}

impl FinalitySpeed {
    fn new(blocks: u64, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let percentile = |percent| nearest_rank(&times, percent).as_secs_f64() * 1000.0;
        Self {
            blocks,
            p50_milliseconds: percentile(50),
            p99_milliseconds: percentile(99),
            max_milliseconds: percentile(100),
        }
    }
}

/// The least of the sorted times that so many percent of them do not exceed.
fn nearest_rank(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// Measures until `blocks` blocks that were imported meanwhile are final; some more when the last ones become final
/// together. Nothing is sent to the ledger.
///
/// # Errors
///
/// [`FinalityError`].
pub async fn finality(
    connection: &Connection,
    blocks: u64,
    progress: &mut dyn FnMut(u64),
) -> Result<FinalitySpeed, FinalityError> {
    // In this order, so that no block that is measured becomes final unnoticed.
    let finalized = connection.methods.chain_subscribe_finalized_heads().await;
    let mut finalized = finalized.map_err(|error| connection.failed(error))?;
    let imported = connection.methods.chain_subscribe_new_heads().await;
    let mut imported = imported.map_err(|error| connection.failed(error))?;
    // The node begins with its best block, which it imported before.
    head(connection, imported.next().await)?;

    let (mut pending, mut times, mut measured) = (Pending::default(), Vec::new(), 0);
    let mut deadline = Instant::now() + PATIENCE;
    while measured < blocks {
        tokio::select! {
            // A block is imported before it is final.
            biased;
            next = imported.next() => pending.imported(&head(connection, next)?, Instant::now()),
            next = finalized.next() => {
                let now = Instant::now();
                for time in pending.finalized(&head(connection, next)?, now) {
                    times.push(time);
                    measured += 1;
                    deadline = now + PATIENCE;
                }
                progress(measured);
            }
            () = tokio::time::sleep_until(deadline.into()) => return Err(FinalityError::Stalled),
        }
    }
    Ok(FinalitySpeed::new(measured, times))
}

/// A block as a node announces it.
#[derive(Clone, Copy, Debug)]
struct Head {
    hash: Hash,
    number: u64,
    parent: Hash,
}

/// The next head of a subscription.
fn head(
    connection: &Connection,
    next: Option<Result<SubstrateHeader<H256>, subxt::rpcs::Error>>,
) -> Result<Head, NodeError> {
    let ended = || Err(subxt::rpcs::Error::Client("the node ended the subscription".into()));
    let header = next.unwrap_or_else(ended).map_err(|error| connection.failed(error))?;
    // A header does not say its own hash.
    let hash = BlakeTwo256.hash(&header.encode()).0;
    Ok(Head { hash, number: header.number, parent: header.parent_hash.0 })
}

/// Blocks that were imported and are not final yet.
#[derive(Debug, Default)]
struct Pending {
    blocks: HashMap<Hash, Imported>,
    /// The number of the last final block.
    finalized: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Imported {
    number: u64,
    parent: Hash,
    at: Instant,
}

impl Pending {
    /// A block was imported. One that is not above the last final block is final already or never will be.
    fn imported(&mut self, head: &Head, at: Instant) {
        if self.finalized.is_none_or(|finalized| head.number > finalized) {
            self.blocks.entry(head.hash).or_insert(Imported { number: head.number, parent: head.parent, at });
        }
    }

    /// A block became final, and with it those before it: how long each of them took, the newest first. Not every final
    /// block is announced. Blocks of forks that lost are forgotten.
    fn finalized(&mut self, head: &Head, now: Instant) -> Vec<Duration> {
        let mut times = Vec::new();
        // A block that was never announced as the best one is not known, but its parent may be.
        let mut next = self.blocks.remove(&head.hash).or_else(|| self.blocks.remove(&head.parent));
        while let Some(block) = next {
            times.push(now.saturating_duration_since(block.at));
            next = self.blocks.remove(&block.parent);
        }
        self.blocks.retain(|_, block| block.number > head.number);
        self.finalized = self.finalized.max(Some(head.number));
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Block `number` of a fork, on a block of a fork.
    fn block(number: u8, fork: u8, parent_fork: u8) -> Head {
        let hash = |number: u8, fork: u8| {
            let mut hash = [0; 32];
            (hash[0], hash[1]) = (number, fork);
            hash
        };
        Head { hash: hash(number, fork), number: number.into(), parent: hash(number - 1, parent_fork) }
    }

    fn seconds(times: &[u64]) -> Vec<Duration> {
        times.iter().copied().map(Duration::from_secs).collect()
    }

    #[test]
    fn a_final_block_makes_its_ancestors_final_and_no_fork() {
        let begin = Instant::now();
        let at = |second| begin + Duration::from_secs(second);
        let mut pending = Pending::default();
        pending.imported(&block(1, 0, 0), at(0));
        pending.imported(&block(2, 0, 0), at(1));
        // Two blocks on block 2, one on each of them.
        pending.imported(&block(3, 1, 0), at(2));
        pending.imported(&block(3, 0, 0), at(3));
        pending.imported(&block(4, 1, 1), at(4));
        pending.imported(&block(4, 0, 0), at(5));
        // A block that is announced again was not imported again.
        pending.imported(&block(4, 0, 0), at(6));

        // Blocks 1 and 2 are not announced as final.
        assert_eq!(pending.finalized(&block(3, 0, 0), at(10)), seconds(&[7, 9, 10]));
        assert_eq!(pending.finalized(&block(3, 0, 0), at(11)), seconds(&[]));
        // Too late for its number, whatever fork it is of.
        pending.imported(&block(3, 2, 0), at(12));
        assert_eq!(pending.finalized(&block(4, 0, 0), at(15)), seconds(&[10]));
        assert!(pending.blocks.is_empty());
    }

    #[test]
    fn blocks_that_were_not_seen_are_not_measured() {
        let begin = Instant::now();
        let at = |second| begin + Duration::from_secs(second);
        let mut pending = Pending::default();
        assert_eq!(pending.finalized(&block(1, 0, 0), at(0)), seconds(&[]));
        pending.imported(&block(3, 0, 0), at(1));
        pending.imported(&block(5, 0, 0), at(3));
        pending.imported(&block(6, 0, 0), at(4));
        // Neither block 7 was seen nor block 4, from which alone it could be known that block 3 is final.
        assert_eq!(pending.finalized(&block(7, 0, 0), at(6)), seconds(&[2, 3]));
        assert!(pending.blocks.is_empty());
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let milliseconds = |numbers: std::ops::RangeInclusive<u64>| numbers.map(Duration::from_millis).rev().collect();
        let speed = |p50_milliseconds, p99_milliseconds, max_milliseconds, blocks| FinalitySpeed {
            blocks,
            p50_milliseconds,
            p99_milliseconds,
            max_milliseconds,
        };
        assert_eq!(FinalitySpeed::new(1, milliseconds(250..=250)), speed(250.0, 250.0, 250.0, 1));
        assert_eq!(FinalitySpeed::new(60, milliseconds(1..=60)), speed(30.0, 60.0, 60.0, 60));
        assert_eq!(FinalitySpeed::new(1000, milliseconds(1..=1000)), speed(500.0, 990.0, 1000.0, 1000));
    }

    #[test]
    fn every_step_of_the_client_takes_its_share() {
        let speed = client(600, 256, &DeviceSigner::random().unwrap()).unwrap();
        assert_eq!(speed.readings, 768);
        let Shares { parse, canonicalise, hash, sign } = speed.share_percent;
        assert!([parse, canonicalise, hash, sign].iter().all(|share| *share > 0.0));
        assert!((parse + canonicalise + hash + sign - 100.0).abs() < 1e-6);
        assert!(speed.readings_per_second > 0.0);
    }
}
