//! `citynet audit devices`.

use super::answer::{as_of_line, journal, rows_or, CsvArgs};
use crate::{
    commands::{Done, NodeArgs},
    output::{thousands, Output},
};
use citynet_client::{
    audit::{
        csv_file::Table,
        devices::{Coverage, CoverageError, Follow, Gap, KeyEpoch, MOST_GAPS},
        journal::{AsOf, Query},
    },
    time::format_utc,
};
use citynet_primitives::{DeviceId, Moment, Subject};
use clap::Args;
use serde_json::{json, Value};
use std::time::Duration;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit devices
  citynet audit devices --device 12 --device 13 --csv devices.csv

Every reading has a number, and a batch says how many numbers before it are missing. The whole history of each device is read \
and must add up: a record that the node leaves out between two others shows. The exit code is 0 also where readings are \
missing: a gap that is declared is an honest one.")]
pub struct DevicesArgs {
    /// Only this device; may be given several times.
    #[arg(long, value_name = "DEVICE")]
    device: Vec<u64>,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: DevicesArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let mut devices: Vec<DeviceId> = args.device.iter().map(|device| DeviceId(*device)).collect();
    if devices.is_empty() {
        devices = ledger.rpc().devices().await?.iter().map(|device| DeviceId(device.device.0)).collect();
    }
    let bar = output.progress("{spinner} {pos} records ({elapsed})");
    let mut found = Vec::new();
    for device in devices {
        let (mut follow, mut wrong): (Follow, Option<CoverageError>) = (Follow::default(), None);
        journal
            .each(&Query::about(Subject::Device(device)), |found| {
                bar.inc(1);
                wrong = follow.add(&found.record).err();
                wrong.is_none()
            })
            .await?;
        if let Some(wrong) = wrong {
            return Err(wrong.into());
        }
        match follow.coverage() {
            Some(coverage) => found.push(coverage),
            // One that was registered since, or that there is none.
            None if args.device.is_empty() => {}
            None => anyhow::bail!("there is no device {device}; `citynet device list` says which there are"),
        }
    }
    bar.finish_and_clear();
    let as_of = journal.as_of();
    let query = json!({ "question": "devices", "devices": args.device.iter().map(u64::to_string).collect::<Vec<_>>() });
    args.csv.write(&table(&found), &query, as_of, true, output)?;
    output.result(&to_json(&found, as_of), |output| lines(&found, as_of, output))?;
    Ok(Done::Completely)
}

/// The share of numbers that are attested, in per cent with two decimals, rounded down: 100.00 only where none is missing.
fn share(coverage: &Coverage) -> String {
    let total = u128::from(coverage.readings) + u128::from(coverage.missing);
    match (u128::from(coverage.readings) * 10_000).checked_div(total) {
        None => String::new(),
        Some(share) => format!("{}.{:02}", share / 100, share % 100),
    }
}

fn status(coverage: &Coverage) -> String {
    match coverage.distrusted_since {
        None => coverage.status.to_string(),
        Some(since) => format!("{}, distrusted since {}", coverage.status, format_utc(since)),
    }
}

fn calibration(coverage: &Coverage) -> String {
    match &coverage.calibration {
        None => "none".to_owned(),
        Some(calibration) => {
            let window = format!("{} to {}", format_utc(calibration.valid_from), format_utc(calibration.valid_until));
            match coverage.uncalibrated_batches {
                0 => window,
                batches => format!("{window}; {} batches outside of it", thousands(batches)),
            }
        }
    }
}

fn table(found: &[Coverage]) -> Table {
    let moment = |time: Option<Moment>| time.map(format_utc).unwrap_or_default();
    let row = |coverage: &Coverage| {
        let (first, last) = (coverage.observed.map(|times| times.0), coverage.observed.map(|times| times.1));
        let calibration = coverage.calibration.as_ref();
        vec![
            coverage.device.to_string(),
            coverage.owner.to_string(),
            coverage.model.clone(),
            coverage.status.to_string(),
            moment(coverage.distrusted_since),
            coverage.batches.to_string(),
            coverage.readings.to_string(),
            coverage.missing.to_string(),
            coverage.gap_count.to_string(),
            coverage.next_sequence.to_string(),
            moment(first),
            moment(last),
            coverage.last_batch.map(|(record, _)| record.to_string()).unwrap_or_default(),
            moment(coverage.last_batch.map(|(_, time)| time)),
            coverage.keys.len().to_string(),
            moment(calibration.map(|found| found.valid_from)),
            moment(calibration.map(|found| found.valid_until)),
            coverage.uncalibrated_batches.to_string(),
        ]
    };
    let columns = [
        "device",
        "owner",
        "model",
        "status",
        "distrusted_since",
        "batches",
        "readings",
        "missing",
        "gaps",
        "next_sequence",
        "first_observed",
        "last_observed",
        "last_record",
        "last_attested",
        "key_epochs",
        "calibrated_from",
        "calibrated_until",
        "uncalibrated_batches",
    ];
    Table::new(&columns, found.iter().map(row).collect())
}

fn to_json(found: &[Coverage], as_of: &AsOf) -> Value {
    let gap = |gap: &Gap| {
        let Gap { first, last, record, time } = gap;
        let (first, last) = (first.to_string(), last.to_string());
        json!({ "first": first, "last": last, "record": record.to_string(), "time": time.to_string() })
    };
    let key = |key: &KeyEpoch| {
        json!({
            "epoch": key.epoch,
            "record": key.record.to_string(),
            "since": key.since.to_string(),
            "batches": key.batches.to_string(),
            "readings": key.readings.to_string(),
        })
    };
    let device = |coverage: &Coverage| {
        json!({
            "device": coverage.device,
            "owner": coverage.owner,
            "model": coverage.model,
            "status": coverage.status,
            "distrustedSince": coverage.distrusted_since.map(|time| time.to_string()),
            "batches": coverage.batches.to_string(),
            "readings": coverage.readings.to_string(),
            "missing": coverage.missing.to_string(),
            "gapCount": coverage.gap_count.to_string(),
            "gaps": coverage.gaps.iter().map(gap).collect::<Vec<_>>(),
            "nextSequence": coverage.next_sequence.to_string(),
            "observed": coverage.observed.map(|(from, to)| json!({ "from": from.to_string(), "to": to.to_string() })),
            "lastBatch": coverage.last_batch.map(|(record, time)| {
                json!({ "record": record.to_string(), "time": time.to_string() })
            }),
            "keys": coverage.keys.iter().map(key).collect::<Vec<_>>(),
            "calibration": coverage.calibration,
            "uncalibratedBatches": coverage.uncalibrated_batches.to_string(),
        })
    };
    json!({ "asOf": as_of.to_json(), "devices": found.iter().map(device).collect::<Vec<_>>() })
}

fn lines(found: &[Coverage], as_of: &AsOf, output: &Output) -> Vec<String> {
    let row = |coverage: &Coverage| {
        vec![
            coverage.device.to_string(),
            coverage.model.clone(),
            coverage.owner.to_string(),
            status(coverage),
            thousands(coverage.readings),
            thousands(coverage.missing),
            thousands(coverage.gap_count),
            share(coverage),
            coverage.keys.len().to_string(),
            calibration(coverage),
        ]
    };
    let header =
        ["device", "model", "owner", "status", "readings", "missing", "gaps", "attested %", "keys", "calibrated"];
    let mut lines = rows_or("there is no device", &header, found.iter().map(row).collect());
    for coverage in found.iter().filter(|coverage| !coverage.gaps.is_empty()) {
        lines.push(String::new());
        lines.push(output.strong(format!("missing from device {}", coverage.device)));
        let row = |gap: &Gap| {
            let count = gap.last.saturating_sub(gap.first).saturating_add(1);
            vec![
                gap.first.to_string(),
                gap.last.to_string(),
                thousands(count),
                gap.record.to_string(),
                format_utc(gap.time),
            ]
        };
        let header = ["from number", "to number", "readings", "declared by record", "at"];
        lines.extend(rows_or("nothing", &header, coverage.gaps.iter().map(row).collect()));
        if coverage.gap_count > coverage.gaps.len() as u64 {
            lines.push(format!("and more: the first {MOST_GAPS} are listed"));
        }
    }
    for coverage in found.iter().filter(|coverage| coverage.keys.len() > 1) {
        lines.push(String::new());
        lines.push(output.strong(format!("keys of device {}", coverage.device)));
        let row = |key: &KeyEpoch| {
            let (batches, readings) = (thousands(key.batches), thousands(key.readings));
            vec![key.epoch.to_string(), key.record.to_string(), format_utc(key.since), batches, readings]
        };
        let header = ["epoch", "record", "since", "batches", "readings"];
        lines.extend(rows_or("none", &header, coverage.keys.iter().map(row).collect()));
    }
    lines.push(String::new());
    lines.push(as_of_line(as_of));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{DeviceStatus, OrganisationId};

    fn coverage(readings: u64, missing: u64) -> Coverage {
        Coverage {
            device: DeviceId(12),
            owner: OrganisationId(1),
            model: "SDS011".into(),
            calibration: None,
            status: DeviceStatus::Active,
            distrusted_since: Some(1_772_366_400_000),
            batches: 2,
            readings,
            missing,
            gaps: vec![Gap { first: 10, last: 14, record: 7, time: 1_772_366_400_000 }],
            gap_count: 1,
            next_sequence: readings.saturating_add(missing),
            observed: Some((1_772_366_400_000, 1_772_366_401_000)),
            last_batch: Some((7, 1_772_366_402_000)),
            keys: vec![KeyEpoch { epoch: 0, record: 3, since: 0, batches: 2, readings }],
            uncalibrated_batches: 0,
        }
    }

    #[test]
    fn only_all_is_all() {
        assert_eq!(share(&coverage(100, 0)), "100.00");
        assert_eq!(share(&coverage(99_999_999, 1)), "99.99");
        assert_eq!(share(&coverage(2, 1)), "66.66");
        assert_eq!(share(&coverage(0, 5)), "0.00");
        assert_eq!(share(&coverage(0, 0)), "");
        assert_eq!(share(&coverage(u64::MAX, u64::MAX)), "50.00");
    }

    #[test]
    fn what_is_missing_is_listed() {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_500_000 };
        let found = [coverage(16, 5)];
        let told = lines(&found, &as_of, &Output::new(true)).join("\n");
        for words in [
            "active, distrusted since 2026-03-01T12:00:00Z  16        5        1     76.19",
            "missing from device 12",
            "10           14         5         7                   2026-03-01T12:00:00Z",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert_eq!(to_json(&found, &as_of)["devices"][0]["gaps"][0]["last"], "14");
        assert!(table(&found).to_csv().is_ok());
    }
}
