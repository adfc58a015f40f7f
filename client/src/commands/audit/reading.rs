//! `citynet audit reading`.

use super::{
    answer::{basis_lines, Answer},
    evidence::EvidenceArgs,
};
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::{bail, ensure};
use citynet_client::{
    archive::Archive,
    audit::{
        csv_file::Table,
        devices::Gap,
        dossier::{Basis, WithReading},
        reading::{in_words, Place, PlaceError},
    },
    grants::render::plural,
    prove::{from_archive, FromArchive},
    time::format_utc,
};
use citynet_primitives::{DeviceId, Record};
use citynet_proofs::{evidence::ReadingProof, Question, VerifiedReading};
use clap::Args;
use serde_json::{json, Value};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit reading --archive ./archive --device 1 --sequence 4711
  citynet audit reading --archive ./archive --device 1 --sequence 4711 --evidence reading.json
  citynet verify reading.json --genesis 0x…

Says in which batch the reading is, who attested it when and with which key, and between which readings nothing is missing: \
every reading has a number, and a batch says how many numbers before it are missing. The file has the source line and every \
record about the device, so it proves the gaps too. Who needs no more than the reading itself asks `citynet prove`, whose file \
stays small.")]
pub struct ReadingArgs {
    /// The archive that `citynet attest` wrote.
    #[arg(long, value_name = "DIR")]
    archive: PathBuf,
    /// The device's number.
    #[arg(long, value_name = "DEVICE")]
    device: u64,
    /// The reading's number among those of the device.
    #[arg(long, value_name = "SEQ")]
    sequence: u64,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: ReadingArgs, output: &Output) -> anyhow::Result<Done> {
    let archive = Archive::open(&args.archive)?;
    let (device, sequence) = (DeviceId(args.device), args.sequence);
    if archive.device() != device {
        bail!("the archive has readings of device {}, and not of device {device}", archive.device());
    }
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let FromArchive { reading, batch, receipt } = from_archive(&archive, ledger.genesis(), sequence)?;
    let with = WithReading { reading: reading.clone(), block: receipt.block };
    let question = Question::Reading { device, sequence };
    let found = args.evidence.find(&ledger, question, Some(with), output).await?;
    let seen = match &found.reading {
        Some(verified) => Seen::from(verified),
        None => Seen::from(&reading),
    };
    let answer = ReadingAnswer::new(device, sequence, &found.records, Some(seen), found.basis.clone())?;
    // The archive's leaves lead to its own root, so it is the ledger's that must be the same.
    let on_ledger = answer.place.attested.batch.root;
    ensure!(
        on_ledger == batch.root,
        "the archive is not what was attested: the batch of reading {sequence} has another root"
    );
    found.tell(&answer, None, output)
}

/// What was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When, as the leaf writes it.
    observed_at: String,
    /// The source line.
    raw: String,
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

/// Where a reading is, ready to be told.
pub struct ReadingAnswer {
    place: Place,
    seen: Option<Seen>,
    basis: Basis,
}

impl ReadingAnswer {
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

    /// One row: the reading.
    fn table(&self) -> Table {
        let Place { sequence, attested, run_first, run_last, .. } = &self.place;
        let seen = |told: &dyn Fn(&Seen) -> String| self.seen.as_ref().map(told).unwrap_or_default();
        let columns =
            ["device", "sequence", "observed_at", "source_line", "batch", "record", "attested", "first", "last"];
        let row = vec![
            self.place.coverage.device.to_string(),
            sequence.to_string(),
            seen(&|seen| seen.observed_at.clone()),
            seen(&|seen| seen.raw.clone()),
            attested.batch.id().to_string(),
            attested.record.to_string(),
            format_utc(attested.time),
            run_first.to_string(),
            run_last.to_string(),
        ];
        Table::new(&columns, vec![row])
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let Place { sequence, attested, key_record, run_first, run_last, gap_before, gap_after, coverage } =
            &self.place;
        let mut lines =
            vec![output.strong(format!("reading {sequence} of device {}, {}", coverage.device, coverage.model))];
        let mut rows = Vec::new();
        if let Some(seen) = &self.seen {
            rows.push(("observed", seen.observed_at.clone()));
            rows.push(("source line", seen.raw.clone()));
        }
        let batch = &attested.batch;
        rows.push(("attested", format!("{} by organisation {}", format_utc(attested.time), attested.organisation)));
        let readings = plural(batch.count.into(), "reading", "readings");
        rows.push(("batch", format!("{}, {} {readings}, record {}", batch.id(), batch.count, attested.record)));
        rows.push(("key", format!("of epoch {}, record {key_record}", batch.epoch)));
        let gap = |gap: &Option<Gap>| {
            gap.as_ref().map_or_else(|| "none".to_owned(), |gap| format!("{}, record {}", in_words(gap), gap.record))
        };
        rows.push(("gap before", gap(gap_before)));
        rows.push(("gap after", gap(gap_after)));
        let gaps = plural(coverage.gap_count, "gap", "gaps");
        let missing = format!("{} in {} {gaps}", thousands(coverage.missing), thousands(coverage.gap_count));
        rows.push(("device in all", format!("{} readings attested, {missing} missing", thousands(coverage.readings))));
        lines.extend(facts(&rows));
        lines.push(output.good(format!("nothing is missing between readings {run_first} and {run_last}")));
        if let Some(since) = coverage.distrusted_since.filter(|_| self.place.is_in_doubt()) {
            lines.push(output.bad(format!("the device is distrusted since {}", format_utc(since))));
        }
        lines.extend(basis_lines(&self.basis, output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_client::audit::journal::AsOf;
    use citynet_primitives::{
        AlgorithmId, Batch, Body, DeviceKey, DeviceProfile, Location, OrganisationId, SchemaId, RECORD_VERSION,
    };

    const SENSOR: DeviceId = DeviceId(12);

    fn records() -> Vec<Record> {
        let profile = DeviceProfile {
            model: b"SDS011".to_vec().try_into().unwrap(),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: None,
        };
        let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
        let batch = |first_sequence, missing| {
            let batch = Batch {
                device: SENSOR,
                epoch: 0,
                schema: SchemaId::READING_V1,
                first_sequence,
                count: 10,
                missing,
                window_start: 1_772_366_400_000,
                window_end: 1_772_366_460_000,
                root: [5; 32],
                expires: 0,
            };
            Body::BatchAttested { batch, signature: Default::default() }
        };
        let distrusted =
            Body::DeviceDistrusted { device: SENSOR, since: 1_772_366_430_000, reason: Default::default() };
        let bodies = vec![
            Body::DeviceRegistered { device: SENSOR, owner: OrganisationId(1), profile, key },
            batch(0, 0),
            batch(13, 3),
            batch(23, 0),
            batch(34, 1),
            distrusted,
        ];
        let record = |(index, body)| Record {
            version: RECORD_VERSION,
            index,
            block: 1,
            time: 1_772_366_500_000 + index * 1000,
            organisation: OrganisationId(1),
            account: [1; 32],
            body,
        };
        (0..).zip(bodies).map(record).collect()
    }

    fn answer(sequence: u64) -> Result<ReadingAnswer, PlaceError> {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_505_000 };
        let seen = Seen { observed_at: "2026-03-01T12:00:30Z".into(), raw: "1;2;3".into() };
        ReadingAnswer::new(SENSOR, sequence, &records(), Some(seen), Basis { as_of, proven: true })
    }

    #[test]
    fn a_reading_is_placed_between_gaps() {
        let found = answer(22).unwrap();
        let lines = found.lines(&Output::new(true)).join("\n");
        let expected = "\
reading 22 of device 12, SDS011
observed       2026-03-01T12:00:30Z
source line    1;2;3
attested       2026-03-01T12:01:42Z by organisation 1
batch          12-13, 10 readings, record 2
key            of epoch 0, record 0
gap before     numbers 10 to 12, record 2
gap after      number 33, record 4
device in all  40 readings attested, 4 in 2 gaps missing
nothing is missing between readings 13 and 32
the device is distrusted since 2026-03-01T12:00:30Z
proven complete up to block 9; the last record in it is of 2026-03-01T12:01:45Z";
        assert_eq!(lines, expected);
        let told = found.to_json();
        assert_eq!(told["withoutGap"], json!({ "first": "13", "last": "32" }));
        assert_eq!((&told["gapBefore"]["last"], &told["inDoubt"]), (&json!("12"), &json!(true)));
        assert!(found.table().to_csv().is_ok());
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
