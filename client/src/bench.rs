//! How fast this machine and the ledger are: readings through the client, batches through the chain.

use crate::{
    archive::SignedBatch,
    attest::{self, Chain},
    keys::DeviceSigner,
    ledger::SendError,
    sources::{Format, Row},
};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{Batch, DeviceId, SchemaId};
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde::Serialize;
use std::time::{Duration, Instant};

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

#[cfg(test)]
mod tests {
    use super::*;

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
