//! Whether the journal holds a device's readings: each once, in order, none missing. Every root is computed again from
//! the source, so this trusts neither the client's count nor its archive.

use crate::{chain::bytes, readings::Row};
use anyhow::{ensure, Context as _, Result};
use citynet_merkle::{MemoryTree, Portable};
use citynet_primitives::{Batch, Body, DeviceId, Record};
use codec::DecodeAll as _;
use serde_json::Value;

/// The record in what `citynet_record` and `citynet_records` answer.
///
/// # Errors
///
/// When there is none.
pub fn record(view: &Value) -> Result<Record> {
    let encoded = view["encoded"].as_str().context("a record has its bytes")?;
    Ok(Record::decode_all(&mut bytes(encoded)?.as_slice())?)
}

/// The batches among records, with the index of their record.
///
/// # Errors
///
/// When one is no record.
pub fn batches(records: &[Value]) -> Result<Vec<(u64, Batch)>> {
    let mut batches = Vec::new();
    for view in records {
        let record = record(view)?;
        if let Body::BatchAttested { batch, .. } = record.body {
            batches.push((record.index, batch));
        }
    }
    Ok(batches)
}

/// Checks that the device's records attest exactly these rows. Gives the batches, with the index of their record.
///
/// # Errors
///
/// The first difference.
pub fn check(device: DeviceId, rows: &[Row], records: &[Value]) -> Result<Vec<(u64, Batch)>> {
    let batches = batches(records)?;
    let mut next = 0u64;
    for (record, batch) in &batches {
        let name = format!("record {record}, the batch from {} on", batch.first_sequence);
        ensure!(batch.device == device, "{name}, is of device {}", batch.device);
        ensure!(batch.first_sequence == next, "{name}, should begin at {next}");
        ensure!(batch.missing == 0, "{name}, declares {} readings missing", batch.missing);
        let end = next.saturating_add(batch.count.into());
        let of_batch = rows.get(usize::try_from(next)?..usize::try_from(end)?);
        let of_batch = of_batch.with_context(|| format!("{name}, ends at {end}; there are {} rows", rows.len()))?;
        let leaves = (next..).zip(of_batch).map(|(sequence, row)| row.leaf_hash(device, sequence));
        let root = MemoryTree::<Portable>::from_leaf_hashes(leaves).root();
        ensure!(root == batch.root, "{name}, has another root than its rows");
        let times = of_batch.iter().map(|row| row.observed);
        let window = (times.clone().min(), times.max());
        ensure!(window == (Some(batch.window_start), Some(batch.window_end)), "{name}, has another window");
        next = end;
    }
    ensure!(next == rows.len() as u64, "{next} of {} rows are attested", rows.len());
    Ok(batches)
}
