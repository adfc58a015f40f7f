//! One reading among all that its device attested: in which batch it is, by whom that was attested, and whether anything
//! before or after it is missing. Computed from the records about the device alone.

use crate::{
    devices::{Coverage, CoverageError, Follow, Gap},
    lineage::Attested,
};
use citynet_primitives::{Body, DeviceId, Record};

/// A reading cannot be placed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The records about the device are not all, or contradict each other.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// Nothing is known of the device.
    #[error("there is no device {0}; `citynet device list` says which there are")]
    NoDevice(DeviceId),
    /// The device says that it has no such reading.
    #[error("device {device} declares reading {sequence} missing, with {}, in record {}", in_words(.gap), .gap.record)]
    Missing {
        /// The device.
        device: DeviceId,
        /// The reading's number.
        sequence: u64,
        /// The run of numbers that are missing.
        gap: Gap,
    },
    /// It was not attested yet.
    #[error("device {device} has not attested reading {sequence}: the next one that it attests has number {next}")]
    NotYet {
        /// The device.
        device: DeviceId,
        /// The reading's number.
        sequence: u64,
        /// The number of the next reading.
        next: u64,
    },
}

/// `numbers 10 to 14`, or `number 10`.
pub fn in_words(gap: &Gap) -> String {
    if gap.first == gap.last {
        format!("number {}", gap.first)
    } else {
        format!("numbers {} to {}", gap.first, gap.last)
    }
}

/// Where a reading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The reading's number.
    pub sequence: u64,
    /// The batch that has it, with its record.
    pub attested: Attested,
    /// The record that made the key known with which the batch is signed.
    pub key_record: u64,
    /// The first number of the run without a gap that it is in.
    pub run_first: u64,
    /// The last one.
    pub run_last: u64,
    /// The last gap before it.
    pub gap_before: Option<Gap>,
    /// The first gap after it.
    pub gap_after: Option<Gap>,
    /// All that the device attested.
    pub coverage: Coverage,
}

impl Place {
    /// Finds a reading in the records about its device, which are by index. Others do no harm.
    ///
    /// # Errors
    ///
    /// [`PlaceError`].
    pub fn of<'a>(
        device: DeviceId,
        sequence: u64,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Self, PlaceError> {
        let mut follow = Follow::default();
        let mut next = 0;
        let mut found: Option<Attested> = None;
        let (mut before, mut after): (Option<Gap>, Option<Gap>) = (None, None);
        for record in records.into_iter().filter(|record| is_about(device, &record.body)) {
            follow.add(record)?;
            let Some(attested) = Attested::read(record) else { continue };
            let (first, last) = (attested.batch.first_sequence, attested.last_sequence());
            if next < first {
                let gap = Gap { first: next, last: first.saturating_sub(1), record: record.index, time: record.time };
                if gap.first <= sequence && sequence <= gap.last {
                    return Err(PlaceError::Missing { device, sequence, gap });
                }
                if gap.last < sequence {
                    before = Some(gap);
                } else if after.is_none() {
                    after = Some(gap);
                }
            }
            if first <= sequence && sequence <= last {
                found = Some(attested);
            }
            next = last.saturating_add(1);
        }
        let coverage = follow.coverage().ok_or(PlaceError::NoDevice(device))?;
        let attested = found.ok_or(PlaceError::NotYet { device, sequence, next })?;
        let (record, epoch) = (attested.record, attested.batch.epoch);
        let key = coverage.keys.iter().find(|key| key.epoch == epoch);
        let key_record = key.ok_or(CoverageError::UnknownEpoch { record, device, epoch })?.record;
        let run_first = before.map_or(0, |gap| gap.last.saturating_add(1));
        let run_last = after.map_or(next, |gap| gap.first).saturating_sub(1);
        Ok(Self { sequence, attested, key_record, run_first, run_last, gap_before: before, gap_after: after, coverage })
    }

    /// Whether the device is distrusted since a time at or before the batch's last observation.
    pub fn is_in_doubt(&self) -> bool {
        self.coverage.distrusted_since.is_some_and(|since| since <= self.attested.batch.window_end)
    }
}

fn is_about(device: DeviceId, body: &Body) -> bool {
    match body {
        Body::DeviceRegistered { device: named, .. }
        | Body::DeviceKeyRotated { device: named, .. }
        | Body::DeviceSuspended { device: named, .. }
        | Body::DeviceResumed { device: named, .. }
        | Body::DeviceRetired { device: named, .. }
        | Body::DeviceDistrusted { device: named, .. } => *named == device,
        Body::BatchAttested { batch, .. } => batch.device == device,
        _ => false,
    }
}
