//! What a query may cost, and by which way it goes.

use crate::{chain::*, database::*};
use citynet_index::{Error, Filter, Index, Limit, Settings, Snapshot, Thing};
use citynet_merkle::{root_of, NodeStore, Portable};
use citynet_primitives::{Body, CycleId, DatasetKind, DeviceId, Subject};
use std::time::{Duration, Instant};

fn limited(store: &Store, chain: &Chain, settings: Settings) -> Index {
    let index = Index::open_with(store.location(), settings).unwrap();
    index.bind(&GENESIS).unwrap();
    index.append(&chain.blocks).unwrap();
    index
}

/// The limit that a query goes beyond, and what is to be narrowed.
fn refusal<T: std::fmt::Debug>(
    index: &Index,
    query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>,
) -> (Limit, &'static str) {
    let error = index.read(query).unwrap_err();
    assert!(!error.is_final());
    let Error::TooExpensive { limit, narrow } = error else { panic!("{error:?}") };
    (limit, narrow)
}

type Ask = fn(&Snapshot<'_>) -> Result<(), Error>;

#[test]
fn no_query_may_take_longer_than_is_allowed() {
    for store in stores() {
        let time = Duration::ZERO;
        let index = limited(&store, &every_kind(), Settings { time, ..Settings::default() });
        let queries: [(&str, Ask); 17] = [
            ("block", |snapshot| snapshot.block(0).map(drop)),
            ("block_number", |snapshot| snapshot.block_number(&[0; 32]).map(drop)),
            ("record", |snapshot| snapshot.record(0).map(drop)),
            ("records", |snapshot| snapshot.records(&Filter::default(), 0, 9, 9).map(drop)),
            ("records_until", |snapshot| snapshot.records_until(9).map(drop)),
            ("records_naming", |snapshot| snapshot.records_naming(&Thing::Motion(3), None, 0, 9, 9).map(drop)),
            ("devices", |snapshot| snapshot.devices(0, 9, 9).map(drop)),
            ("batch", |snapshot| snapshot.batch(DEVICE, 0).map(drop)),
            ("datasets", |snapshot| snapshot.datasets(0, 9, 9).map(drop)),
            ("delegations", |snapshot| snapshot.delegations(GRANT, 0, 9, 9).map(drop)),
            ("version", |snapshot| snapshot.version(version(1, 1)).map(drop)),
            ("dependents_of_version", |snapshot| snapshot.dependents_of_version(version(1, 1), 9).map(drop)),
            ("dependents_of_device", |snapshot| snapshot.dependents_of_device(DEVICE, 0, 9).map(drop)),
            ("extrinsics_with_hash", |snapshot| snapshot.extrinsics_with_hash(&[0; 32], 9).map(drop)),
            ("extrinsics_of_block", |snapshot| snapshot.extrinsics_of_block(0, 0, 9).map(drop)),
            ("search", |snapshot| snapshot.search("7").map(drop)),
            ("node", |snapshot| snapshot.node(0, 0).map(drop)),
        ];
        for (name, query) in queries {
            let (limit, narrow) = refusal(&index, query);
            assert_eq!(limit, Limit::Time(time), "{name}");
            assert!(!narrow.is_empty(), "{name}");
        }
    }
}

/// A single statement that finds nothing among many rows: only the database itself can end it.
#[test]
fn a_single_long_statement_is_interrupted() {
    for store in stores() {
        let mut chain = Chain::default();
        for _ in 0..4 {
            let removed = |_| {
                let body = Body::AccountRemoved { organisation: CITY, account: [9; 32] };
                (CITY, body, vec![Subject::Organisation(CITY)])
            };
            chain.block_with((0..10_000).map(removed).collect(), Vec::new());
        }
        let slow = Filter { subject: Some(Subject::Organisation(CITY)), account: Some([8; 32]), ..Filter::default() };
        let query = |snapshot: &Snapshot<'_>| snapshot.records(&slow, 0, u64::MAX, 10);
        let patient = limited(&store, &chain, Settings { time: Duration::MAX, ..Settings::default() });
        let begun = Instant::now();
        assert_eq!(read(&patient, query), []);
        let whole = begun.elapsed();
        drop(patient);

        let time = whole / 8;
        let index = limited(&store, &Chain::default(), Settings { time, ..Settings::default() });
        let attempts = (0..5).map(|_| {
            let begun = Instant::now();
            let (limit, narrow) = refusal(&index, query);
            assert_eq!(limit, Limit::Time(time));
            assert!(narrow.contains("a subject"), "{narrow}");
            begun.elapsed()
        });
        // The best of some, since the machine may be busy.
        let shortest = attempts.min().unwrap();
        assert!(shortest < whole, "it goes on for {shortest:?} of {whole:?}");
        // The connections are good to use after it, and each snapshot has the whole time.
        for record in [0, 20_000, 39_999] {
            let found = (0..100).find_map(|_| index.read(|snapshot| snapshot.record(record)).ok()).unwrap();
            assert_eq!(found.unwrap().record.index, record);
        }
    }
}

#[test]
fn no_query_may_read_more_rows_than_are_allowed() {
    for store in stores() {
        let index = limited(&store, &Chain::sample(), Settings { rows: 4, ..Settings::default() });
        let all = Filter::default();
        let records = |limit| move |snapshot: &Snapshot<'_>| snapshot.records(&Filter::default(), 0, 9, limit);
        assert_eq!(read(&index, records(4)).len(), 4);
        let (limit, narrow) = refusal(&index, records(5));
        assert_eq!(limit, Limit::Rows(4));
        let error = Error::TooExpensive { limit, narrow }.to_string();
        assert!(error.starts_with("the query reads more than 4 rows: give a subject, "), "{error}");
        let error = Error::TooExpensive { limit: Limit::Time(Duration::from_secs(2)), narrow }.to_string();
        assert!(error.starts_with("the query takes more than 2000 ms: "), "{error}");
        // All queries of a snapshot share the rows, and the next snapshot has them anew.
        let (limit, _) = refusal(&index, |snapshot| {
            assert_eq!(snapshot.records(&all, 0, 3, 9)?.len(), 3);
            assert!(snapshot.block(0)?.is_some());
            snapshot.block(1)
        });
        assert_eq!(limit, Limit::Rows(4));
        assert_eq!(read(&index, records(4)).len(), 4);
        // The keys of a device count with it.
        assert!(matches!(index.read(|snapshot| snapshot.device(DEVICE)), Ok(Some(_))));
        let other = store.another();
        let index = limited(&other, &Chain::sample(), Settings { rows: 2, ..Settings::default() });
        assert_eq!(refusal(&index, |snapshot| snapshot.device(DEVICE)).0, Limit::Rows(2));
    }
}

#[test]
fn proofs_do_not_count_as_rows() {
    for store in stores() {
        let index = limited(&store, &Chain::sample(), Settings { rows: 0, ..Settings::default() });
        let root = read(&index, |snapshot| root_of::<Portable, _>(snapshot, 6));
        assert_eq!(root, Chain::sample().tree.root());
    }
}

/// The index of SQLite that leads to what a filter asks for, and how.
fn way_on_sqlite(filter: &Filter) -> &'static str {
    match (filter.subject, filter.account, filter.organisation, filter.kind) {
        (Some(_), _, _, None) => "s USING PRIMARY KEY (kind=? AND id=? AND idx>? AND idx<?)",
        (Some(_), _, _, Some(_)) => "subjects_kind (kind=? AND id=? AND record_kind=? AND idx>? AND idx<?)",
        (None, Some(_), _, None) => "records_account (account=? AND rowid>? AND rowid<?)",
        (None, Some(_), _, Some(_)) => "records_account_kind (account=? AND kind=? AND rowid>? AND rowid<?)",
        (None, None, Some(_), None) => "records_organisation (organisation=? AND rowid>? AND rowid<?)",
        (None, None, Some(_), Some(_)) => {
            "records_organisation_kind (organisation=? AND kind=? AND rowid>? AND rowid<?)"
        }
        (None, None, None, Some(_)) => "records_kind (kind=? AND rowid>? AND rowid<?)",
        (None, None, None, None) => "r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    }
}

/// The indices of PostgreSQL that may lead to what a filter asks for: it has no hints, and where several fields are given,
/// statistics say which of them selects most.
fn ways_on_postgres(filter: &Filter) -> Vec<&'static str> {
    let (account, organisation, kind) =
        (filter.account.is_some(), filter.organisation.is_some(), filter.kind.is_some());
    let subject = filter.subject.is_some();
    let ways = [
        ("subjects_pkey", subject && !kind),
        ("subjects_kind", subject && kind),
        ("records_account", !subject && account),
        ("records_account_kind", !subject && account && kind),
        ("records_organisation", !subject && !account && organisation),
        ("records_organisation_kind", !subject && !account && organisation && kind),
        ("records_kind", !subject && kind),
        ("records_pkey", !(subject || account || organisation || kind)),
    ];
    ways.into_iter().filter_map(|(index, fits)| fits.then_some(index)).collect()
}

#[test]
fn every_filter_goes_by_an_index_that_fits() {
    let subjects = [None, Some(Subject::Device(DeviceId(1))), Some(Subject::Cycle(CycleId { currency: 1, number: 2 }))];
    let mut filters = Vec::new();
    for subject in subjects {
        for kind in [None, Some("batch_attested")] {
            for organisation in [None, Some(CITY)] {
                for account in [None, Some([1; 32])] {
                    let (from_time, to_time) = (Some(1), Some(9000));
                    filters.push(Filter { subject, kind, organisation, account, from_time, to_time });
                }
            }
        }
    }
    for store in stores() {
        let mut chain = every_kind();
        chain.block(vec![dataset(9, DatasetKind::Model)]);
        let index = filled(&store, &chain);
        for filter in &filters {
            let plan = read(&index, |snapshot| snapshot.plan(filter));
            match store {
                Store::File(_) => {
                    assert!(plan[0].ends_with(way_on_sqlite(filter)), "{filter:?}: {plan:?}");
                    let rest = plan[1..].iter().all(|step| step.ends_with("USING INTEGER PRIMARY KEY (rowid=?)"));
                    assert!(rest, "{filter:?} sorts or scans: {plan:?}");
                }
                Store::Server(_) => {
                    let scans: Vec<_> = plan.iter().filter(|step| step.contains("Scan")).collect();
                    let goes_by = |step: &str, ways: &[&str]| {
                        ways.iter().any(|index| step.contains(&format!(" using {index} on ")))
                    };
                    assert!(goes_by(scans[0], &ways_on_postgres(filter)), "{filter:?}: {plan:?}");
                    let rest = scans[1..].iter().all(|step| goes_by(step, &["records_pkey", "blocks_pkey"]));
                    assert!(rest && !plan.iter().any(|step| step.contains("Sort")), "{filter:?}: {plan:?}");
                }
            }
            let found = read(&index, |snapshot| snapshot.records(filter, 0, u64::MAX, 100));
            assert!(found.is_sorted_by_key(|found| found.record.index));
        }
    }
}
