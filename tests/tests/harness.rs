//! The harness itself: what the stories rely on must be able to fail.

use anyhow::Result;
use citynet_merkle::{MemoryTree, Portable};
use citynet_primitives::{Batch, Body, DeviceId, OrganisationId, Record, SchemaId, Signature, RECORD_VERSION};
use citynet_tests::{
    attested,
    index::same,
    node::{rpc_address, EVE, SEATS},
    random::Random,
    readings::{attestable, Row, Sample},
};
use codec::Encode as _;
use serde_json::{json, Value};
use std::{fs, time::Duration};

const DEVICE: DeviceId = DeviceId(3);

#[test]
fn the_address_is_found_in_the_log() {
    let line =
        "2024-03-01 12:00:00.000  INFO main sc_rpc_server: Running JSON-RPC server: addr=127.0.0.1:34567,[::1]:34568";
    assert_eq!(rpc_address(line), Some("127.0.0.1:34567"));
    assert_eq!(rpc_address("Running JSON-RPC server: addr=127.0.0.1:9944,"), Some("127.0.0.1:9944"));
    assert_eq!(rpc_address("Running JSON-RPC server: addr="), None);
    assert_eq!(rpc_address("Prometheus exporter started at 127.0.0.1:9615"), None);
}

#[test]
fn nodes_have_the_ids_that_their_keys_give_them() {
    let peers = SEATS.map(|seat| seat.peer().to_string());
    assert_eq!(peers[0], "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp");
    assert_eq!(peers[3], "12D3KooWSsChzF81YDUKpe9Uk5AHV5oqAaXAcWNSPYgoLauUk4st");
    let others = [EVE.peer().to_string(), SEATS[3].elsewhere(6).peer().to_string()];
    assert!(others.iter().all(|other| other.starts_with("12D3KooW") && !peers.contains(other)));
}

#[tokio::test]
async fn samples_are_what_their_script_says() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (one, two) = (folder.path().join("one.csv"), folder.path().join("two.csv"));
    Sample::new(1_000, "2024-03-01").imperfect().write(&one).await?;
    Sample::new(1_000, "2024-03-01").imperfect().write(&two).await?;
    assert_eq!(fs::read(&one)?, fs::read(&two)?, "the same options give the same bytes");
    let (rows, rejected) = attestable(&one)?;
    assert_eq!((rows.len(), rejected), (994, 6));
    assert!(rows.iter().any(|row| row.raw.contains(";1999.90;")), "saturated values are readings");
    let late = rows.windows(2).filter(|pair| pair[1].observed < pair[0].observed).count();
    assert_eq!(late, 2, "rows out of order are readings");

    Sample::new(500, "2024-02-29").write(&one).await?;
    let (rows, rejected) = attestable(&one)?;
    assert_eq!((rows.len(), rejected), (500, 0));
    assert!(rows.windows(2).all(|pair| pair[0].observed < pair[1].observed));
    Ok(())
}

fn rows(count: u64) -> Vec<Row> {
    let row = |n| Row { raw: format!("15092;SDS011;7647;59.957;30.308;t{n};1.0;;;2.0;;"), observed: 1_000 * n };
    (1..=count).map(row).collect()
}

/// A record as the node answers it, of a batch over `rows[first..first + count]`.
fn view(index: u64, rows: &[Row], first: u64, count: usize) -> Value {
    let from = usize::try_from(first).expect("few rows");
    let of_batch = &rows[from..from + count];
    let leaves = (first..).zip(of_batch).map(|(sequence, row)| row.leaf_hash(DEVICE, sequence));
    let batch = Batch {
        device: DEVICE,
        epoch: 0,
        schema: SchemaId::READING_V1,
        first_sequence: first,
        count: u32::try_from(count).expect("few rows"),
        missing: 0,
        window_start: of_batch[0].observed,
        window_end: of_batch[count - 1].observed,
        root: MemoryTree::<Portable>::from_leaf_hashes(leaves).root(),
        expires: 0,
    };
    let record = Record {
        version: RECORD_VERSION,
        index,
        block: 1,
        time: 0,
        organisation: OrganisationId(1),
        account: [0; 32],
        body: Body::BatchAttested { batch, signature: Signature::default() },
    };
    json!({ "encoded": format!("0x{}", hex::encode(record.encode())) })
}

#[test]
fn attested_rows_are_told_from_lost_doubled_and_changed_ones() {
    let rows = rows(10);
    let good = [view(7, &rows, 0, 4), view(8, &rows, 4, 5), view(12, &rows, 9, 1)];
    let batches = attested::check(DEVICE, &rows, &good).expect("all rows are there once");
    assert_eq!(batches.iter().map(|(record, _)| *record).collect::<Vec<_>>(), [7, 8, 12]);

    let refused =
        |rows: &[Row], records: &[Value]| attested::check(DEVICE, rows, records).expect_err("a difference").to_string();
    assert!(refused(&rows, &good[..2]).contains("9 of 10"));
    assert!(refused(&rows, &[good[0].clone(), good[0].clone()]).contains("should begin at 4"));
    assert!(refused(&rows, &[good[0].clone(), good[2].clone()]).contains("should begin at 4"));
    assert!(refused(&rows[..9], &good).contains("there are 9 rows"));
    let mut changed = rows.clone();
    changed[5].raw.push('0');
    assert!(refused(&changed, &good).contains("another root"));
    let mut swapped = rows.clone();
    swapped.swap(1, 2);
    assert!(refused(&swapped, &good).contains("another root"));
    let other = attested::check(DeviceId(4), &rows, &good).expect_err("another device").to_string();
    assert!(other.contains("is of device 3"));
}

#[test]
fn a_seed_repeats_what_was_chosen() {
    let choices = |seed| {
        let mut random = Random::from_seed(seed);
        let numbers: Vec<u32> = (0..100).map(|_| random.below(3..10)).collect();
        let times: Vec<Duration> = (0..100).map(|_| random.time(Duration::from_secs(3))).collect();
        (numbers, times)
    };
    let (numbers, times) = choices(7);
    assert!((3..10).all(|number| numbers.contains(&number)), "each number comes up: {numbers:?}");
    assert!(numbers.iter().all(|number| (3..10).contains(number)), "and no other: {numbers:?}");
    assert!(times.iter().all(|time| *time < Duration::from_secs(3)), "{times:?}");
    assert!(times.iter().any(|time| *time > Duration::from_secs(2)), "{times:?}");
    assert_eq!(choices(7), (numbers, times));
    assert_ne!(choices(7), choices(8));
}

#[test]
fn indexes_with_other_content_are_told_apart() {
    let [one, two, three] = [[1; 32], [2; 32], [3; 32]];
    assert_eq!(same(&[one, two, three], &[one, two]).expect("the shorter one is a part of the longer one"), 2);
    let difference = same(&[one, two], &[one, three]).expect_err("they differ").to_string();
    assert!(difference.contains("after block 1"), "{difference}");
}

#[test]
fn the_dashboard_has_panels() -> Result<()> {
    let file = fs::read(citynet_tests::programs::repository("ops/grafana/citynet.json"))?;
    let dashboard: Value = serde_json::from_slice(&file)?;
    assert!(dashboard["schemaVersion"].is_u64());
    assert!(dashboard["panels"].as_array().is_some_and(|panels| !panels.is_empty()));
    Ok(())
}
