//! What a device attested and what is missing, with which keys, computed from the records about it.
//!
//! Every reading of a device has a sequence number, from 0 on. A batch has a run of them, and says how many before its
//! first one are missing; the chain refuses a batch that leaves out numbers without saying so. So the numbers up to the
//! last one are either attested or declared missing, and a record that was left out shows.

use citynet_primitives::{Body, Calibration, DeviceId, DeviceStatus, Epoch, Moment, OrganisationId, Record};

/// The most gaps that are listed one by one.
pub const MOST_GAPS: usize = 1000;

/// Records about a device cannot be what the chain wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverageError {
    /// What follows is about a device that was not registered.
    #[error("record {record}: device {device} was not registered before; records are missing")]
    NotRegistered {
        /// The record.
        record: u64,
        /// The device.
        device: DeviceId,
    },
    /// Sequence numbers are neither attested nor declared missing, or they are attested twice.
    #[error(
        "record {record}: a batch of device {device} begins with number {first} and says that {missing} before it are \
         missing, but the last one ended before {next}; records are missing or are not of this chain"
    )]
    DoesNotFollow {
        /// The record.
        record: u64,
        /// The device.
        device: DeviceId,
        /// The batch's first number.
        first: u64,
        /// How many it declares missing.
        missing: u64,
        /// The number that should follow.
        next: u64,
    },
    /// A batch is signed with a key that was not there.
    #[error("record {record}: device {device} has no key of epoch {epoch}; records are missing")]
    UnknownEpoch {
        /// The record.
        record: u64,
        /// The device.
        device: DeviceId,
        /// The epoch.
        epoch: Epoch,
    },
}

/// A run of sequence numbers that a batch declares missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first one.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// The record of the batch that says so.
    pub record: u64,
    /// The time of that record.
    pub time: Moment,
}

/// What was done with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyEpoch {
    /// The key's number.
    pub epoch: Epoch,
    /// The record that made it known.
    pub record: u64,
    /// When.
    pub since: Moment,
    /// Batches that it signed.
    pub batches: u64,
    /// Readings in them.
    pub readings: u64,
}

/// A device by its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Its number.
    pub device: DeviceId,
    /// Who answers for it.
    pub owner: OrganisationId,
    /// Make and model.
    pub model: String,
    /// Its calibration certificate.
    pub calibration: Option<Calibration>,
    /// Whether its batches are accepted.
    pub status: DeviceStatus,
    /// From when on it is distrusted.
    pub distrusted_since: Option<Moment>,
    /// Batches.
    pub batches: u64,
    /// Readings in them.
    pub readings: u64,
    /// Numbers that are declared missing.
    pub missing: u64,
    /// The first [`MOST_GAPS`] runs of missing numbers.
    pub gaps: Vec<Gap>,
    /// How many such runs there are.
    pub gap_count: u64,
    /// The number of the next reading.
    pub next_sequence: u64,
    /// The earliest and the latest observation.
    pub observed: Option<(Moment, Moment)>,
    /// The record of the last batch, and its time.
    pub last_batch: Option<(u64, Moment)>,
    /// Its keys, by epoch.
    pub keys: Vec<KeyEpoch>,
    /// Observations that are not within the calibration's time, as batches have them: batches that begin before it or
    /// end after it.
    pub uncalibrated_batches: u64,
}

impl Coverage {
    /// What a registration says.
    fn registered(record: &Record) -> Option<Self> {
        let Body::DeviceRegistered { device, owner, profile, .. } = &record.body else { return None };
        let key = KeyEpoch { epoch: 0, record: record.index, since: record.time, batches: 0, readings: 0 };
        Some(Self {
            device: *device,
            owner: *owner,
            model: String::from_utf8_lossy(&profile.model).into_owned(),
            calibration: profile.calibration.clone(),
            status: DeviceStatus::Active,
            distrusted_since: None,
            batches: 0,
            readings: 0,
            missing: 0,
            gaps: Vec::new(),
            gap_count: 0,
            next_sequence: 0,
            observed: None,
            last_batch: None,
            keys: vec![key],
            uncalibrated_batches: 0,
        })
    }

    fn attested(&mut self, record: &Record) -> Result<(), CoverageError> {
        let Body::BatchAttested { batch, .. } = &record.body else { return Ok(()) };
        let (device, index) = (batch.device, record.index);
        let (first, missing, next) = (batch.first_sequence, batch.missing, self.next_sequence);
        if next.checked_add(missing) != Some(first) {
            return Err(CoverageError::DoesNotFollow { record: index, device, first, missing, next });
        }
        let key = self.keys.iter_mut().find(|key| key.epoch == batch.epoch);
        let key = key.ok_or(CoverageError::UnknownEpoch { record: index, device, epoch: batch.epoch })?;
        let readings = u64::from(batch.count);
        key.batches += 1;
        key.readings += readings;
        self.batches += 1;
        self.readings += readings;
        self.missing += missing;
        if missing > 0 {
            self.gap_count += 1;
            if self.gaps.len() < MOST_GAPS {
                self.gaps.push(Gap { first: next, last: first - 1, record: index, time: record.time });
            }
        }
        self.next_sequence = first.saturating_add(readings);
        let window = (batch.window_start, batch.window_end);
        self.observed = Some(match self.observed {
            None => window,
            Some((start, end)) => (start.min(window.0), end.max(window.1)),
        });
        self.last_batch = Some((index, record.time));
        let within =
            |calibration: &Calibration| calibration.valid_from <= window.0 && window.1 <= calibration.valid_until;
        if self.calibration.as_ref().is_some_and(|calibration| !within(calibration)) {
            self.uncalibrated_batches += 1;
        }
        Ok(())
    }
}

/// Takes the records about one device, in their order.
#[derive(Clone, Debug, Default)]
pub struct Follow(Option<Coverage>);

impl Follow {
    /// The next record.
    ///
    /// # Errors
    ///
    /// [`CoverageError`].
    pub fn add(&mut self, record: &Record) -> Result<(), CoverageError> {
        let device = match &record.body {
            Body::DeviceRegistered { .. } => {
                self.0 = Coverage::registered(record);
                return Ok(());
            }
            Body::BatchAttested { batch, .. } => batch.device,
            Body::DeviceKeyRotated { device, .. }
            | Body::DeviceSuspended { device, .. }
            | Body::DeviceResumed { device, .. }
            | Body::DeviceRetired { device, .. }
            | Body::DeviceDistrusted { device, .. } => *device,
            _ => return Ok(()),
        };
        let found = self.0.as_mut().filter(|found| found.device == device);
        let found = found.ok_or(CoverageError::NotRegistered { record: record.index, device })?;
        match &record.body {
            Body::BatchAttested { .. } => return found.attested(record),
            Body::DeviceKeyRotated { epoch, .. } => {
                let (epoch, since) = (*epoch, record.time);
                found.keys.push(KeyEpoch { epoch, record: record.index, since, batches: 0, readings: 0 });
            }
            Body::DeviceSuspended { .. } => found.status = DeviceStatus::Suspended,
            Body::DeviceResumed { .. } => found.status = DeviceStatus::Active,
            Body::DeviceRetired { .. } => found.status = DeviceStatus::Retired,
            Body::DeviceDistrusted { since, .. } => {
                found.distrusted_since = Some(found.distrusted_since.map_or(*since, |before| before.min(*since)));
            }
            _ => {}
        }
        Ok(())
    }

    /// What they say together; nothing before the registration.
    pub fn coverage(self) -> Option<Coverage> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{AlgorithmId, Batch, DeviceKey, DeviceProfile, Location, SchemaId, RECORD_VERSION};
    use proptest::prelude::*;

    const SENSOR: DeviceId = DeviceId(12);

    fn record(index: u64, body: Body) -> Record {
        let (organisation, account) = (OrganisationId(1), [1; 32]);
        Record { version: RECORD_VERSION, index, block: 1, time: index * 1000, organisation, account, body }
    }

    fn key() -> DeviceKey {
        DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() }
    }

    fn registered() -> Body {
        let profile = DeviceProfile {
            model: b"SDS011".to_vec().try_into().unwrap(),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: Some(Calibration { certificate: [3; 32], valid_from: 100, valid_until: 1000 }),
        };
        Body::DeviceRegistered { device: SENSOR, owner: OrganisationId(1), profile, key: key() }
    }

    fn batch(epoch: Epoch, first_sequence: u64, count: u32, missing: u64, window: (Moment, Moment)) -> Body {
        let batch = Batch {
            device: SENSOR,
            epoch,
            schema: SchemaId::READING_V1,
            first_sequence,
            count,
            missing,
            window_start: window.0,
            window_end: window.1,
            root: [5; 32],
            expires: 0,
        };
        Body::BatchAttested { batch, signature: Default::default() }
    }

    fn follow(bodies: Vec<Body>) -> Result<Coverage, CoverageError> {
        let mut follow = Follow::default();
        for (index, body) in (0..).zip(bodies) {
            follow.add(&record(index, body))?;
        }
        Ok(follow.coverage().unwrap())
    }

    #[test]
    fn a_device_is_summed_up() {
        let rotated = Body::DeviceKeyRotated { device: SENSOR, epoch: 1, key: key(), previous_valid_until: 0 };
        let distrusted = |since| Body::DeviceDistrusted { device: SENSOR, since, reason: Default::default() };
        let found = follow(vec![
            registered(),
            batch(0, 0, 10, 0, (100, 200)),
            rotated,
            batch(1, 15, 5, 5, (300, 400)),
            batch(0, 20, 1, 0, (390, 1001)),
            Body::DeviceSuspended { device: SENSOR, reason: Default::default() },
            distrusted(350),
            distrusted(300),
            distrusted(400),
        ])
        .unwrap();
        assert_eq!((found.batches, found.readings, found.missing, found.next_sequence), (3, 16, 5, 21));
        assert_eq!(found.gaps, [Gap { first: 10, last: 14, record: 3, time: 3000 }]);
        assert_eq!((found.gap_count, found.uncalibrated_batches), (1, 1));
        assert_eq!((found.observed, found.last_batch), (Some((100, 1001)), Some((4, 4000))));
        assert_eq!((found.status, found.distrusted_since), (DeviceStatus::Suspended, Some(300)));
        let keys: Vec<_> = found.keys.iter().map(|key| (key.epoch, key.record, key.batches, key.readings)).collect();
        assert_eq!(keys, [(0, 0, 2, 11), (1, 2, 1, 5)]);
        assert_eq!((found.model.as_str(), found.owner), ("SDS011", OrganisationId(1)));

        let resumed = Body::DeviceResumed { device: SENSOR, reason: Default::default() };
        assert_eq!(follow(vec![registered(), resumed]).unwrap().status, DeviceStatus::Active);
        let retired = Body::DeviceRetired { device: SENSOR, reason: Default::default() };
        assert_eq!(follow(vec![registered(), retired]).unwrap().status, DeviceStatus::Retired);
    }

    #[test]
    fn what_is_left_out_shows() {
        let error = follow(vec![batch(0, 0, 10, 0, (100, 200))]).unwrap_err();
        assert_eq!(error, CoverageError::NotRegistered { record: 0, device: SENSOR });
        let error = follow(vec![registered(), batch(0, 10, 10, 0, (100, 200))]).unwrap_err();
        let expected = CoverageError::DoesNotFollow { record: 1, device: SENSOR, first: 10, missing: 0, next: 0 };
        assert_eq!(error, expected);
        let twice = vec![registered(), batch(0, 0, 10, 0, (100, 200)), batch(0, 9, 10, 0, (100, 200))];
        assert!(matches!(follow(twice), Err(CoverageError::DoesNotFollow { record: 2, .. })));
        let error = follow(vec![registered(), batch(1, 0, 1, 0, (100, 200))]).unwrap_err();
        assert_eq!(error, CoverageError::UnknownEpoch { record: 1, device: SENSOR, epoch: 1 });
    }

    proptest! {
        #[test]
        fn numbers_are_attested_or_missing(runs in proptest::collection::vec((1..50u32, 0..9u64), 1..40), lost: usize) {
            let mut bodies = vec![registered()];
            let mut next = 0;
            for (count, missing) in &runs {
                bodies.push(batch(0, next + missing, *count, *missing, (100, 200)));
                next += missing + u64::from(*count);
            }
            let found = follow(bodies.clone()).unwrap();
            prop_assert_eq!(found.next_sequence, next);
            prop_assert_eq!(found.readings + found.missing, next);
            prop_assert_eq!(found.gap_count, runs.iter().filter(|(_, missing)| *missing > 0).count() as u64);
            prop_assert_eq!(found.gaps.iter().map(|gap| gap.last - gap.first + 1).sum::<u64>(), found.missing);
            // Without any one batch but the last, it does not add up.
            if runs.len() > 1 {
                bodies.remove(1 + lost % (runs.len() - 1));
                let refused = matches!(follow(bodies), Err(CoverageError::DoesNotFollow { .. }));
                prop_assert!(refused);
            }
        }
    }
}
