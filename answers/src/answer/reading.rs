//! Where a reading is among all that its device attested.

use super::Answer;
use crate::{
    devices::Gap,
    reading::{Place, PlaceError},
    Basis,
};
use citynet_primitives::{DeviceId, Record};
use citynet_proofs::{evidence::ReadingProof, VerifiedReading};
use serde_json::{json, Value};

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When, as the leaf writes it.
    pub observed_at: String,
    /// The source line.
    pub raw: String,
}

impl From<&VerifiedReading> for Seen {
    fn from(reading: &VerifiedReading) -> Self {
        let raw = String::from_utf8_lossy(&reading.raw).into_owned();
        Self { observed_at: reading.observed_at.clone(), raw }
    }
}

impl From<&ReadingProof> for Seen {
    fn from(reading: &ReadingProof) -> Self {
        let observed_at = reading.leaf.get("observedAt").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { observed_at, raw: String::from_utf8_lossy(&reading.raw).into_owned() }
    }
}

/// Where a reading is.
#[derive(Clone, Debug)]
pub struct ReadingAnswer {
    /// Where.
    pub place: Place,
    /// What was observed, if that is known.
    pub seen: Option<Seen>,
    basis: Basis,
}

impl ReadingAnswer {
    /// Computes it from all records about the device, by index. Others do no harm.
    ///
    /// # Errors
    ///
    /// [`PlaceError`].
    pub fn new(
        device: DeviceId,
        sequence: u64,
        records: &[Record],
        seen: Option<Seen>,
        basis: Basis,
    ) -> Result<Self, PlaceError> {
        Ok(Self { place: Place::of(device, sequence, records)?, seen, basis })
    }
}

fn gap_json(gap: &Gap) -> Value {
    json!({
        "first": gap.first.to_string(),
        "last": gap.last.to_string(),
        "record": gap.record.to_string(),
        "time": gap.time.to_string(),
    })
}

impl Answer for ReadingAnswer {
    fn query(&self) -> Value {
        json!({
            "question": "reading",
            "device": self.place.coverage.device,
            "sequence": self.place.sequence.to_string(),
        })
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn to_json(&self) -> Value {
        let Place { attested, coverage, .. } = &self.place;
        json!({
            "query": self.query(),
            "asOf": self.basis.to_json(),
            "owner": coverage.owner,
            "model": coverage.model,
            "observedAt": self.seen.as_ref().map(|seen| seen.observed_at.as_str()),
            "sourceLine": self.seen.as_ref().map(|seen| seen.raw.as_str()),
            "batch": {
                "id": attested.batch.id().to_string(),
                "record": attested.record.to_string(),
                "time": attested.time.to_string(),
                "organisation": attested.organisation,
                "count": attested.batch.count,
                "epoch": attested.batch.epoch,
                "keyRecord": self.place.key_record.to_string(),
            },
            "withoutGap": { "first": self.place.run_first.to_string(), "last": self.place.run_last.to_string() },
            "gapBefore": self.place.gap_before.as_ref().map(gap_json),
            "gapAfter": self.place.gap_after.as_ref().map(gap_json),
            "device": {
                "batches": coverage.batches.to_string(),
                "readings": coverage.readings.to_string(),
                "missing": coverage.missing.to_string(),
                "gaps": coverage.gap_count.to_string(),
                "nextSequence": coverage.next_sequence.to_string(),
                "distrustedSince": coverage.distrusted_since.map(|since| since.to_string()),
            },
            "inDoubt": self.place.is_in_doubt(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::reading::{records, SENSOR},
        AsOf,
    };

    fn answer(sequence: u64) -> Result<ReadingAnswer, PlaceError> {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_505_000 };
        let seen = Seen { observed_at: "2026-03-01T12:00:30Z".into(), raw: "1;2;3".into() };
        ReadingAnswer::new(SENSOR, sequence, &records(), Some(seen), Basis { as_of, proven: true })
    }

    #[test]
    fn a_reading_is_placed_between_gaps() {
        let found = answer(22).unwrap();
        let told = found.to_json();
        assert_eq!(found.query(), json!({ "question": "reading", "device": "12", "sequence": "22" }));
        assert_eq!((&told["sourceLine"], &told["batch"]["id"]), (&json!("1;2;3"), &json!("12-13")));
        assert_eq!(told["withoutGap"], json!({ "first": "13", "last": "32" }));
        assert_eq!((&told["gapBefore"]["last"], &told["inDoubt"]), (&json!("12"), &json!(true)));
    }

    #[test]
    fn a_reading_that_is_not_there_is_refused() {
        let refused = |sequence| answer(sequence).err().unwrap().to_string();
        assert_eq!(refused(11), "device 12 declares reading 11 missing, with numbers 10 to 12, in record 2");
        let expected = "device 12 has not attested reading 44: the next one that it attests has number 44";
        assert_eq!(refused(44), expected);
        let (device, as_of) = (DeviceId(13), AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 0 });
        let other = ReadingAnswer::new(device, 0, &[], None, Basis::node(&as_of)).err().unwrap().to_string();
        assert!(other.starts_with("there is no device 13"), "{other}");
    }
}
