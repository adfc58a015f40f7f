//! `citynet audit reading`.

use super::{
    answer::{basis_lines, Told},
    evidence::EvidenceArgs,
};
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::{bail, ensure};
use citynet_answers::{
    answer::{ReadingAnswer, Seen},
    devices::Gap,
    reading::{in_words, Place},
    Answer as _,
};
use citynet_client::{
    archive::Archive,
    audit::{csv_file::Table, dossier::WithReading},
    grants::render::plural,
    prove::{from_archive, FromArchive},
    time::format_utc,
};
use citynet_primitives::DeviceId;
use citynet_proofs::Question;
use clap::Args;
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

impl Told for ReadingAnswer {
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
        lines.extend(basis_lines(self.basis(), output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::samples::reading::{records, SENSOR};
    use citynet_answers::{AsOf, Basis};

    fn answer(sequence: u64) -> ReadingAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_505_000 };
        let seen = Seen { observed_at: "2026-03-01T12:00:30Z".into(), raw: "1;2;3".into() };
        ReadingAnswer::new(SENSOR, sequence, &records(), Some(seen), Basis { as_of, proven: true }).unwrap()
    }

    #[test]
    fn a_reading_is_placed_between_gaps() {
        let found = answer(22);
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
        assert!(found.table().to_csv().is_ok());
    }
}
