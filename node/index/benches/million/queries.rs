//! What is asked of the index: every kind of query, each time about something else that is there.

use crate::journal::{self, account, first_sequence, hash_of, inherent, time_of, Random, Written, CURRENCIES, STRIDE};
use citynet_index::{BatchLookup, Error, ExtrinsicId, Filter, GrantFilter, ObligationFilter, Snapshot, Thing};
use citynet_merkle::{consistency_proof, inclusion_proof, NodeStore, Portable, ProofError};
use citynet_primitives::{
    Account, BatchId, DatasetId, DeviceId, GrantId, Hash, Moment, OrganisationId, Subject, VersionId,
};
use codec::Encode;
use std::cell::Cell;

/// How many items a page has.
const PAGE: u32 = 100;
/// How many dependents are asked for.
const DEPENDENTS: u32 = 100;
/// How long the ranges of time are that are asked for, in milliseconds.
const HOUR: Moment = 3_600_000;

/// A question that was thought of before the clock runs. Its answer is how many things were found; of a proof, how many
/// nodes of the tree were read.
pub type Question = Box<dyn Fn(&Snapshot<'_>) -> Result<usize, Error>>;

/// Thinks of one.
pub type Think = fn(&mut Thinker<'_>) -> Question;

/// Chooses among what is in the journal, so that every question has something to find.
pub struct Thinker<'w> {
    random: Random,
    written: &'w Written,
}

impl<'w> Thinker<'w> {
    pub fn new(seed: u64, written: &'w Written) -> Self {
        Self { random: Random::new(seed), written }
    }

    /// The index of a record.
    pub fn record(&mut self) -> u64 {
        self.random.below(self.written.records())
    }

    fn block(&mut self) -> u32 {
        u32::try_from(self.random.below(self.written.blocks.into())).expect("it is below a u32; qed")
    }

    fn time(&mut self) -> Moment {
        time_of(self.block())
    }

    fn organisation(&mut self) -> OrganisationId {
        self.random.organisation()
    }

    fn account(&mut self) -> Account {
        let of = self.organisation();
        account(of, self.random.below(journal::ACCOUNTS))
    }

    fn currency(&mut self) -> u32 {
        1 + u32::try_from(self.random.below(CURRENCIES.into())).expect("it is below a u32; qed")
    }

    fn numbered<T>(&mut self, list: &[T]) -> u64 {
        1 + u64::try_from(self.random.position(list)).expect("memory holds fewer than 2^64 things; qed")
    }

    fn device(&mut self) -> DeviceId {
        DeviceId(self.numbered(&self.written.devices))
    }

    /// A batch by its device and its position among that device's.
    fn batch(&mut self) -> (DeviceId, u64) {
        loop {
            let position = self.random.position(&self.written.devices);
            let batches = self.written.devices[position].batches;
            if batches > 0 {
                let device = u64::try_from(position + 1).expect("memory holds fewer than 2^64 things; qed");
                return (DeviceId(device), self.random.below(batches));
            }
        }
    }

    fn dataset(&mut self) -> DatasetId {
        DatasetId(self.numbered(&self.written.datasets))
    }

    fn version(&mut self) -> VersionId {
        loop {
            let position = self.random.position(&self.written.datasets);
            let versions = self.written.datasets[position].versions;
            if versions > 0 {
                let dataset = u64::try_from(position + 1).expect("memory holds fewer than 2^64 things; qed");
                let version = 1 + u32::try_from(self.random.below(versions.into())).expect("it is below a u32; qed");
                return VersionId { dataset: DatasetId(dataset), version };
            }
        }
    }

    fn grant(&mut self) -> GrantId {
        GrantId(self.numbered(&self.written.grants))
    }

    fn motion(&mut self) -> u32 {
        u32::try_from(self.random.below(self.written.motions.max(1).into())).expect("it is below a u32; qed")
    }

    /// A kind that some records have, the frequent ones and the rare ones alike.
    fn kind(&mut self) -> &'static str {
        let kinds = [
            "batch_attested",
            "access_reported",
            "usage_stated",
            "obligation_created",
            "version_published",
            "grant_advanced",
            "device_registered",
            "dataset_registered",
            "motion_voted",
        ];
        kinds[self.random.position(&kinds)]
    }
}

/// A page of records from a random place of the journal on.
fn records(think: &mut Thinker<'_>, filter: Filter) -> Question {
    let first = think.record();
    Box::new(move |snapshot| Ok(snapshot.records(&filter, first, u64::MAX, PAGE)?.len()))
}

fn naming(thing: Thing, kind: Option<&'static str>) -> Question {
    Box::new(move |snapshot| Ok(snapshot.records_naming(&thing, kind, 0, u64::MAX, PAGE)?.len()))
}

fn search(text: String) -> Question {
    Box::new(move |snapshot| Ok(snapshot.search(&text)?.hits.len()))
}

fn grants(filter: GrantFilter) -> Question {
    Box::new(move |snapshot| Ok(snapshot.grants(&filter, 0, snapshot.position().records(), PAGE)?.len()))
}

fn obligations(think: &mut Thinker<'_>, filter: ObligationFilter) -> Question {
    let first = think.numbered(&think.written.obligations);
    Box::new(move |snapshot| Ok(snapshot.obligations(&filter, first, snapshot.position().records(), PAGE)?.len()))
}

/// The nodes of a snapshot's tree, and how many were read.
struct Counted<'s, 'c> {
    snapshot: &'s Snapshot<'c>,
    reads: Cell<usize>,
}

impl NodeStore for Counted<'_, '_> {
    type Error = Error;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Error> {
        self.reads.set(self.reads.get() + 1);
        self.snapshot.node(level, index)
    }
}

/// Makes a proof, and says how many nodes it took.
fn proof(
    snapshot: &Snapshot<'_>,
    prove: impl FnOnce(&Counted<'_, '_>) -> Result<Vec<Hash>, ProofError<Error>>,
) -> Result<usize, Error> {
    let counted = Counted { snapshot, reads: Cell::new(0) };
    match prove(&counted) {
        Ok(_) => Ok(counted.reads.get()),
        Err(ProofError::Store(error)) => Err(error),
        Err(other) => panic!("what is asked for is in the tree, but {other}"),
    }
}

/// Every kind of query, by what it asks for.
pub const KINDS: &[(&str, Think)] = &[
    ("block by number", |think| {
        let block = think.block();
        Box::new(move |snapshot| Ok(snapshot.block(block)?.iter().count()))
    }),
    ("block by hash", |think| {
        let hash = hash_of("block", think.block().into(), 0);
        Box::new(move |snapshot| Ok(snapshot.block_number(&hash)?.iter().count()))
    }),
    ("content hash of a block", |think| {
        let block = think.block();
        Box::new(move |snapshot| Ok(snapshot.content(block)?.iter().count()))
    }),
    ("record by index", |think| {
        let record = think.record();
        Box::new(move |snapshot| Ok(snapshot.record(record)?.iter().count()))
    }),
    ("records, first page", |_| {
        Box::new(|snapshot| Ok(snapshot.records(&Filter::default(), 0, u64::MAX, PAGE)?.len()))
    }),
    ("records, any page", |think| records(think, Filter::default())),
    ("records about a device", |think| {
        let filter = Filter { subject: Some(Subject::Device(think.device())), ..Filter::default() };
        Box::new(move |snapshot| Ok(snapshot.records(&filter, 0, u64::MAX, PAGE)?.len()))
    }),
    ("records about an organisation", |think| {
        let subject = Some(Subject::Organisation(think.organisation()));
        records(think, Filter { subject, ..Filter::default() })
    }),
    ("records about it, of a kind", |think| {
        let (subject, kind) = (Some(Subject::Organisation(think.organisation())), Some(think.kind()));
        records(think, Filter { subject, kind, ..Filter::default() })
    }),
    ("records of a kind", |think| {
        let kind = Some(think.kind());
        records(think, Filter { kind, ..Filter::default() })
    }),
    ("records by an organisation", |think| {
        let organisation = Some(think.organisation());
        records(think, Filter { organisation, ..Filter::default() })
    }),
    ("records by it, of a kind", |think| {
        let (organisation, kind) = (Some(think.organisation()), Some(think.kind()));
        records(think, Filter { organisation, kind, ..Filter::default() })
    }),
    ("records by an account", |think| {
        let account = Some(think.account());
        records(think, Filter { account, ..Filter::default() })
    }),
    ("records of an hour", |think| {
        let from = think.time();
        let filter = Filter { from_time: Some(from), to_time: Some(from + HOUR), ..Filter::default() };
        Box::new(move |snapshot| Ok(snapshot.records(&filter, 0, u64::MAX, PAGE)?.len()))
    }),
    ("how many records until a time", |think| {
        let time = think.time();
        Box::new(move |snapshot| snapshot.records_until(time).map(|_| 1))
    }),
    ("records naming a grant", |think| naming(Thing::Grant(think.grant()), None)),
    ("records naming a grant, of a kind", |think| naming(Thing::Grant(think.grant()), Some("usage_stated"))),
    ("records naming an organisation", |think| naming(Thing::Organisation(think.organisation()), None)),
    ("records naming a motion", |think| naming(Thing::Motion(think.motion()), None)),
    ("records naming a hash", |think| {
        let VersionId { dataset, version } = think.version();
        naming(Thing::Hash(hash_of("version", dataset.0, version.into())), None)
    }),
    ("device", |think| {
        let device = think.device();
        Box::new(move |snapshot| Ok(snapshot.device(device)?.iter().count()))
    }),
    ("devices, any page", |think| {
        let first = think.device().0;
        Box::new(move |snapshot| Ok(snapshot.devices(first, snapshot.position().records(), PAGE)?.len()))
    }),
    ("batch of a reading", |think| {
        let (device, batch) = think.batch();
        let sequence = first_sequence(batch) + think.random.below(STRIDE / 2);
        Box::new(move |snapshot| {
            let found = snapshot.batch(device, sequence)?;
            Ok(usize::from(matches!(found, BatchLookup::Found(_))))
        })
    }),
    ("datasets, any page", |think| {
        let first = think.dataset().0;
        Box::new(move |snapshot| Ok(snapshot.datasets(first, snapshot.position().records(), PAGE)?.len()))
    }),
    ("version", |think| {
        let version = think.version();
        Box::new(move |snapshot| Ok(snapshot.version(version)?.iter().count()))
    }),
    ("dependents of a version", |think| {
        let version = think.version();
        Box::new(move |snapshot| Ok(snapshot.dependents_of_version(version, DEPENDENTS)?.found.len()))
    }),
    ("dependents of a device, since a time", |think| {
        let (device, since) = (think.device(), think.time());
        Box::new(move |snapshot| Ok(snapshot.dependents_of_device(device, since, DEPENDENTS)?.found.len()))
    }),
    ("grants of a dataset", |think| grants(GrantFilter { dataset: Some(think.dataset()), ..GrantFilter::default() })),
    ("grants of a consumer", |think| {
        grants(GrantFilter { consumer: Some(think.organisation()), ..GrantFilter::default() })
    }),
    ("grants that pass a grant on", |think| {
        let grant = think.grant();
        Box::new(move |snapshot| Ok(snapshot.delegations(grant, 0, snapshot.position().records(), PAGE)?.len()))
    }),
    ("grants that take its place", |think| {
        let grant = think.grant();
        Box::new(move |snapshot| Ok(snapshot.successors(grant, 0, snapshot.position().records(), PAGE)?.len()))
    }),
    ("obligations in a currency", |think| {
        let currency = Some(think.currency());
        obligations(think, ObligationFilter { currency, ..ObligationFilter::default() })
    }),
    ("obligations of a debtor", |think| {
        let debtor = Some(think.organisation());
        obligations(think, ObligationFilter { debtor, ..ObligationFilter::default() })
    }),
    ("obligations of a grant", |think| {
        let filter = ObligationFilter { grant: Some(think.grant()), ..ObligationFilter::default() };
        Box::new(move |snapshot| Ok(snapshot.obligations(&filter, 0, snapshot.position().records(), PAGE)?.len()))
    }),
    ("extrinsic by hash", |think| {
        let hash = sp_crypto_hashing::blake2_256(&inherent(think.block()).encode());
        Box::new(move |snapshot| Ok(snapshot.extrinsics_with_hash(&hash, 1)?.len()))
    }),
    ("extrinsics of an account", |think| {
        let (account, first) = (think.account(), ExtrinsicId { block: think.block(), position: 0 });
        Box::new(move |snapshot| Ok(snapshot.extrinsics_of_account(&account, first, u32::MAX, PAGE)?.len()))
    }),
    ("extrinsics of a block", |think| {
        let block = think.block();
        Box::new(move |snapshot| Ok(snapshot.extrinsics_of_block(block, 0, PAGE)?.len()))
    }),
    ("search for a number", |think| search(think.record().to_string())),
    ("search for a leaf hash", |think| {
        let leaf = think.written.leaves[think.random.position(&think.written.leaves)];
        search(hex::encode(leaf))
    }),
    ("search for a batch", |think| {
        let (device, batch) = think.batch();
        search(BatchId { device, first_sequence: first_sequence(batch) }.to_string())
    }),
    ("search for a batch's root", |think| {
        let (device, batch) = think.batch();
        search(hex::encode(hash_of("batch", device.0, batch)))
    }),
    ("search for an account", |think| search(hex::encode(think.account()))),
    ("proof of inclusion (nodes read)", |think| {
        let record = think.record();
        Box::new(move |snapshot| {
            proof(snapshot, |nodes| inclusion_proof::<Portable, _>(nodes, record, snapshot.position().records()))
        })
    }),
    ("proof of consistency (nodes read)", |think| {
        let first = think.record() + 1;
        Box::new(move |snapshot| {
            proof(snapshot, |nodes| consistency_proof::<Portable, _>(nodes, first, snapshot.position().records()))
        })
    }),
];
