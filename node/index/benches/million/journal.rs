//! A journal that no chain wrote, but whose records are of the kinds and sizes of a city's, and name each other as those do.
//!
//! Of a thousand acts about nine hundred are batches; the rest are reports of use, statements with obligations, versions,
//! grants, devices, datasets, votes. All that there is grows with the journal, in proportion: devices, datasets, grants. So
//! an answer is as long in a large journal as in a small one, and only what it takes to find it can grow. The organisations
//! stay the same ones: what each of them did grows most of all, and is read page by page.
//!
//! The same seed gives the same journal.

use citynet_index::FinalisedBlock;
use citynet_merkle::{leaf_hash, Portable, RightEdge};
use citynet_primitives::{
    AccessReport, Account, Action, Activity, AlgorithmId, Batch, Body, CurrencyInfo, DatasetId, DatasetKind,
    DatasetProfile, DeviceId, DeviceKey, DeviceProfile, Document, Entry, GrantId, GrantState, Hash, Location, Moment,
    ObligationInfo, ObligationState, OrganisationId, OrganisationKind, PersonalData, Price, PurposeCode, Record,
    RefusalReport, Role, Roles, SchemaId, Sensitivity, Source, Stranger, Subject, Terms, Text, TreeHead, Usage,
    UsageLimit, VersionContent, Versions, RECORD_VERSION,
};
use codec::Encode;
use sp_runtime::OpaqueExtrinsic;
use std::collections::BTreeSet;

/// The genesis hash of the chain that the index is bound to.
pub const GENESIS: Hash = [0x67; 32];
/// Organisations, from number 1 on.
pub const ORGANISATIONS: u32 = 64;
/// Accounts of each organisation.
pub const ACCOUNTS: u64 = 8;
/// Currencies, from number 1 on.
pub const CURRENCIES: u32 = 2;
/// Sequence numbers that a batch takes, those that it declares missing included.
pub const STRIDE: u64 = 64;

/// Time of the genesis block: 2026-06-01T00:00:00Z.
const BEGIN: Moment = 1_780_272_000_000;
/// From block to block, in milliseconds.
const SLOT: Moment = 2_000;
/// Every so many batches of a device one declares numbers missing, ...
const GAP_EVERY: u64 = 16;
/// ... and so many.
const GAP: u64 = 4;
/// What must be there before anything refers to it.
const FIRST_DEVICES: usize = 32;
const FIRST_DATASETS: usize = 8;
const FIRST_GRANTS: usize = 8;

/// SplitMix64: random enough for samples, and the same on every machine.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, of which there must be one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.word() % end
    }

    /// A position in a list, which must not be empty.
    pub fn position<T>(&mut self, list: &[T]) -> usize {
        usize::try_from(self.below(wide(list.len()))).expect("it is below a length; qed")
    }

    /// An organisation.
    pub fn organisation(&mut self) -> OrganisationId {
        OrganisationId(1 + u32::try_from(self.below(ORGANISATIONS.into())).expect("it is below a u32; qed"))
    }
}

/// A device.
pub struct Device {
    pub owner: OrganisationId,
    /// How many batches it has.
    pub batches: u64,
    epoch: u32,
}

/// A dataset.
pub struct Dataset {
    pub owner: OrganisationId,
    /// How many versions it has.
    pub versions: u32,
    /// Those that feed it; none of a dataset that is derived.
    devices: Vec<DeviceId>,
}

/// A grant.
pub struct Grant {
    pub dataset: DatasetId,
    pub provider: OrganisationId,
    pub consumer: OrganisationId,
    reports: u64,
    statements: u32,
}

/// What is in the journal: enough to ask for things that are there.
#[derive(Default)]
pub struct Written {
    /// How many blocks there are.
    pub blocks: u32,
    /// The leaf hash of each record.
    pub leaves: Vec<Hash>,
    pub devices: Vec<Device>,
    pub datasets: Vec<Dataset>,
    pub grants: Vec<Grant>,
    /// Debtor of each obligation, from number 1 on.
    pub obligations: Vec<OrganisationId>,
    /// How many motions there are, from number 0 on.
    pub motions: u32,
}

impl Written {
    /// How many records there are.
    pub fn records(&self) -> u64 {
        wide(self.leaves.len())
    }
}

/// Makes blocks that follow one another.
pub struct Journal {
    random: Random,
    edge: RightEdge,
    parent: Hash,
    per_block: usize,
    entries: Vec<Entry>,
    extrinsics: Vec<OpaqueExtrinsic>,
    pub written: Written,
}

/// The hash of something, by what it is and two numbers.
pub fn hash_of(what: &str, first: u64, second: u64) -> Hash {
    leaf_hash::<Portable>(&(what, first, second).encode())
}

/// One of the accounts of an organisation.
pub fn account(of: OrganisationId, position: u64) -> Account {
    hash_of("account", of.0.into(), position)
}

/// The time of a block.
pub fn time_of(block: u32) -> Moment {
    BEGIN + u64::from(block) * SLOT
}

/// The first extrinsic of a block, which is in no other.
pub fn inherent(block: u32) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob([&[5][..], &time_of(block).encode()].concat())
}

/// The sequence number of the first reading in batch `position` of a device.
pub fn first_sequence(position: u64) -> u64 {
    position * STRIDE + missing(position)
}

/// How many sequence numbers batch `position` of a device declares missing.
fn missing(position: u64) -> u64 {
    if position % GAP_EVERY == GAP_EVERY - 1 {
        GAP
    } else {
        0
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).expect("memory holds fewer than 2^64 things; qed")
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().expect("the text is a short one of this file; qed")
}

/// Each of them once.
fn about(first: Subject, parties: &[OrganisationId]) -> Vec<Subject> {
    let parties: BTreeSet<_> = parties.iter().copied().collect();
    std::iter::once(first).chain(parties.into_iter().map(Subject::Organisation)).collect()
}

impl Journal {
    /// A journal without blocks. Each will have `per_block` records or a few more.
    pub fn new(seed: u64, per_block: usize) -> Self {
        Self {
            random: Random::new(seed),
            edge: RightEdge::new(),
            parent: [0; 32],
            per_block,
            entries: Vec::new(),
            extrinsics: Vec::new(),
            written: Written::default(),
        }
    }

    /// Makes the next block.
    pub fn block(&mut self) -> FinalisedBlock {
        let number = self.written.blocks;
        self.extrinsics.push(inherent(number));
        if number == 0 {
            self.genesis();
        }
        while self.entries.len() < self.per_block {
            self.act();
        }
        self.written.blocks += 1;
        let hash = hash_of("block", number.into(), 0);
        FinalisedBlock {
            number,
            hash,
            parent: std::mem::replace(&mut self.parent, hash),
            head: TreeHead { size: self.edge.size(), root: self.edge.root::<Portable>() },
            entries: std::mem::take(&mut self.entries),
            extrinsics: std::mem::take(&mut self.extrinsics),
        }
    }

    fn now(&self) -> Moment {
        time_of(self.written.blocks)
    }

    /// A record of an organisation's account, or of the chain itself.
    fn record(&mut self, organisation: OrganisationId, body: Body, subjects: Vec<Subject>) {
        let account = match organisation {
            OrganisationId::CONSORTIUM => [0; 32],
            organisation => account(organisation, self.edge.size() % ACCOUNTS),
        };
        let record = Record {
            version: RECORD_VERSION,
            index: self.edge.size(),
            block: self.written.blocks,
            time: self.now(),
            organisation,
            account,
            body,
        };
        let leaf = leaf_hash::<Portable>(&record.encode());
        self.edge.push::<Portable>(leaf).expect("the tree has room for 2^64 leaves; qed");
        self.written.leaves.push(leaf);
        let subjects = subjects.try_into().expect("a record of this file has at most 5 subjects; qed");
        self.entries.push(Entry { record, subjects });
    }

    /// A transaction of an organisation, for what it records next.
    fn transaction(&mut self, by: OrganisationId) {
        let nonce = self.edge.size();
        let signature = [&[1][..], &[7; 64]].concat();
        let blob = [&[0x84, 0][..], &account(by, nonce % ACCOUNTS), &signature, &nonce.encode(), &[0; 120]].concat();
        self.extrinsics.push(OpaqueExtrinsic::from_blob(blob));
    }

    /// Who is there from the beginning, and the first of everything.
    fn genesis(&mut self) {
        for number in 1..=ORGANISATIONS {
            let organisation = OrganisationId(number);
            let body = Body::OrganisationRegistered {
                organisation,
                organisation_kind: OrganisationKind::University,
                name: text(&format!("Organisation {number}")),
            };
            self.record(OrganisationId::CONSORTIUM, body, vec![Subject::Organisation(organisation)]);
        }
        for currency in 1..=CURRENCIES {
            let info = CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: OrganisationId(currency) };
            let subjects = about(Subject::Organisation(OrganisationId::CONSORTIUM), &[info.agent]);
            self.record(OrganisationId::CONSORTIUM, Body::CurrencyCreated { currency, info }, subjects);
        }
        (0..FIRST_DEVICES).for_each(|_| self.register_device());
        (0..FIRST_DATASETS).for_each(|_| self.register_dataset());
        (0..FIRST_GRANTS).for_each(|_| self.grant());
    }

    /// What happens next.
    fn act(&mut self) {
        match self.random.below(1000) {
            0..40 => self.report_access(),
            40..52 => self.state_usage(),
            52..62 => self.publish(),
            62..66 => self.register_device(),
            66..69 => self.grant(),
            69..71 => self.vote(),
            71 => self.register_dataset(),
            72 => self.rotate_key(),
            73 => self.report_refusals(),
            74 => self.add_account(),
            _ => self.attest(),
        }
    }

    fn attest(&mut self) {
        let position = self.random.position(&self.written.devices);
        let device = DeviceId(wide(position) + 1);
        let Device { owner, batches, epoch } = &mut self.written.devices[position];
        let (owner, epoch, batch) = (*owner, *epoch, *batches);
        *batches += 1;
        let now = self.now();
        let batch = Batch {
            device,
            epoch,
            schema: SchemaId::READING_V1,
            first_sequence: first_sequence(batch),
            count: u32::try_from(STRIDE - missing(batch)).expect("it is at most 64; qed"),
            missing: missing(batch),
            window_start: now - 3_600_000,
            window_end: now - 1_000,
            root: hash_of("batch", device.0, batch),
            expires: now + 3_600_000,
        };
        let words: Vec<u8> = (0..8).flat_map(|_| self.random.word().to_le_bytes()).collect();
        let signature = words.try_into().expect("64 bytes are fewer than the bound; qed");
        self.transaction(owner);
        self.record(owner, Body::BatchAttested { batch, signature }, vec![Subject::Device(device)]);
    }

    fn register_device(&mut self) {
        let owner = self.random.organisation();
        self.written.devices.push(Device { owner, batches: 0, epoch: 0 });
        let device = DeviceId(wide(self.written.devices.len()));
        let profile = DeviceProfile {
            model: text("Nova SDS011"),
            properties: vec![text("P1"), text("P2")].try_into().expect("two are fewer than 16; qed"),
            location: Location::Geohash(text("udtscze")),
            calibration: None,
        };
        self.transaction(owner);
        let body = Body::DeviceRegistered { device, owner, profile, key: key(device, 0) };
        self.record(owner, body, about(Subject::Device(device), &[owner]));
    }

    fn rotate_key(&mut self) {
        let position = self.random.position(&self.written.devices);
        let device = DeviceId(wide(position) + 1);
        let Device { owner, epoch, .. } = &mut self.written.devices[position];
        *epoch += 1;
        let (owner, epoch) = (*owner, *epoch);
        let previous_valid_until = self.now() + 3_600_000;
        self.transaction(owner);
        let body = Body::DeviceKeyRotated { device, epoch, key: key(device, epoch), previous_valid_until };
        self.record(owner, body, about(Subject::Device(device), &[owner]));
    }

    /// Seven of ten are streams of some devices; the others are derived.
    fn register_dataset(&mut self) {
        let owner = self.random.organisation();
        let stream = self.random.below(10) < 7;
        let feeding = if stream { 1 + self.random.below(8) } else { 0 };
        let devices: BTreeSet<_> =
            (0..feeding).map(|_| DeviceId(wide(self.random.position(&self.written.devices)) + 1)).collect();
        let devices: Vec<_> = devices.into_iter().collect();
        self.written.datasets.push(Dataset { owner, versions: 0, devices: devices.clone() });
        let dataset = DatasetId(wide(self.written.datasets.len()));
        let profile = DatasetProfile {
            title: text("Particulate matter, by district and hour"),
            sensitivity: Sensitivity::Internal,
            description: Document {
                hash: hash_of("description", dataset.0, 0),
                uri: text("https://data.example.org/datasets/air/dcat.json"),
            },
            schema: Default::default(),
            licence: text("CC-BY-4.0"),
        };
        let dataset_kind = if stream { DatasetKind::Stream } else { DatasetKind::Derived };
        self.transaction(owner);
        let subjects = about(Subject::Dataset(dataset), &[owner]);
        self.record(owner, Body::DatasetRegistered { dataset, owner, dataset_kind, profile }, subjects.clone());
        if stream {
            let added = devices.try_into().expect("8 are fewer than 64; qed");
            let body = Body::DatasetDevicesChanged { dataset, added, removed: Default::default() };
            self.record(owner, body, subjects);
        }
    }

    /// The next version of a dataset: of a stream from what its devices attested last, of another one from the last versions
    /// of other datasets.
    fn publish(&mut self) {
        let position = self.random.position(&self.written.datasets);
        let dataset = DatasetId(wide(position) + 1);
        let devices = self.written.datasets[position].devices.clone();
        let sources = if devices.is_empty() { self.versions_used() } else { self.readings_used(&devices) };
        let Dataset { owner, versions, .. } = &mut self.written.datasets[position];
        *versions += 1;
        let (owner, version) = (*owner, *versions);
        let content = VersionContent {
            content: hash_of("version", dataset.0, version.into()),
            bytes: 1 << 20,
            records: 10_000,
            media_type: text("text/csv"),
            from: self.now() - 86_400_000,
            to: self.now() - 1_000,
            sources: sources.try_into().expect("8 are fewer than 64; qed"),
            activity: Activity::Aggregation,
            parameters: None,
            code: text("https://example.org/air.git#4f2a9c1"),
        };
        self.transaction(owner);
        let subjects = about(Subject::Dataset(dataset), &[owner]);
        self.record(owner, Body::VersionPublished { dataset, version, content }, subjects);
    }

    fn readings_used(&self, devices: &[DeviceId]) -> Vec<Source> {
        let used = |device: &DeviceId| {
            let position = usize::try_from(device.0 - 1).expect("it is one of a list's; qed");
            let last = self.written.devices[position].batches.checked_sub(1)?;
            Some(Source::Batches {
                device: *device,
                first_sequence: first_sequence(last.saturating_sub(24)),
                last_sequence: last * STRIDE + STRIDE - 1,
                grant: None,
            })
        };
        devices.iter().filter_map(used).collect()
    }

    fn versions_used(&mut self) -> Vec<Source> {
        let mut sources = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let position = self.random.position(&self.written.datasets);
            let grant = GrantId(wide(self.random.position(&self.written.grants)) + 1);
            let dataset = DatasetId(wide(position) + 1);
            sources.push(match self.written.datasets[position].versions {
                0 => Source::External {
                    content: hash_of("external", self.edge.size(), dataset.0),
                    uri: Default::default(),
                },
                version => Source::Version { dataset, version, grant: Some(grant) },
            });
        }
        sources
    }

    /// A binding offer, accepted and finalised. One of eight passes another one on, one of sixteen takes another's place.
    fn grant(&mut self) {
        let (kind, earlier) = (self.random.below(16), self.written.grants.len());
        let earlier = (earlier > 0).then(|| self.random.position(&self.written.grants));
        let id = |position: usize| GrantId(wide(position) + 1);
        let (parent, supersedes) = match kind {
            0 | 1 => (earlier, None),
            2 => (None, earlier),
            _ => (None, None),
        };
        let (dataset, provider) = match parent.map(|position| &self.written.grants[position]) {
            Some(above) => (above.dataset, above.consumer),
            None => {
                let position = self.random.position(&self.written.datasets);
                (DatasetId(wide(position) + 1), self.written.datasets[position].owner)
            }
        };
        let consumer = self.random.organisation();
        self.written.grants.push(Grant { dataset, provider, consumer, reports: 0, statements: 0 });
        let grant = GrantId(wide(self.written.grants.len()));
        let terms = terms(dataset, provider, consumer, self.now());
        let hash = leaf_hash::<Portable>(&terms.to_bytes());
        let subjects = about(Subject::Grant(grant), &[provider, consumer]);
        let (parent, supersedes) = (parent.map(id), supersedes.map(id));
        let offered = Body::GrantOffered { grant, parent, supersedes, binding: true, terms };
        self.transaction(provider);
        self.record(provider, offered, subjects.clone());
        self.transaction(consumer);
        for (by, state) in [
            (consumer, GrantState::Accepted),
            (provider, GrantState::Agreed),
            (consumer, GrantState::Verified),
            (provider, GrantState::Active),
        ] {
            self.record(by, Body::GrantAdvanced { grant, state, terms: hash }, subjects.clone());
        }
    }

    /// A grant with its number.
    fn some_grant(&mut self) -> (GrantId, &mut Grant) {
        let position = self.random.position(&self.written.grants);
        (GrantId(wide(position) + 1), &mut self.written.grants[position])
    }

    fn report_access(&mut self) {
        let now = self.now();
        let (grant, info) = self.some_grant();
        info.reports += 1;
        let (provider, consumer, counter) = (info.provider, info.consumer, info.reports);
        let report = AccessReport {
            counter,
            from: now - 3_600_000,
            to: now - 1_000,
            usage: usage(counter),
            refused: Default::default(),
            receipts: 24,
            root: hash_of("receipts", grant.0, counter),
        };
        self.transaction(provider);
        let subjects = about(Subject::Grant(grant), &[provider, consumer]);
        self.record(provider, Body::AccessReported { grant, report }, subjects);
    }

    fn report_refusals(&mut self) {
        let position = self.random.position(&self.written.datasets);
        let (dataset, owner, counter) =
            (DatasetId(wide(position) + 1), self.written.datasets[position].owner, self.edge.size());
        let strangers: Vec<_> =
            (0..3).map(|stranger| Stranger { requester: hash_of("stranger", counter, stranger), count: 2 }).collect();
        let report = RefusalReport {
            counter,
            from: self.now() - 3_600_000,
            to: self.now() - 1_000,
            strangers: strangers.try_into().expect("three are fewer than 64; qed"),
            receipts: 6,
            root: hash_of("refusals", dataset.0, counter),
        };
        self.transaction(owner);
        self.record(owner, Body::RefusalsReported { dataset, report }, vec![Subject::Organisation(owner)]);
    }

    /// A statement, the obligation that it makes, and half of the time the payment of another one.
    fn state_usage(&mut self) {
        let now = self.now();
        let (grant, info) = self.some_grant();
        info.statements += 1;
        let (provider, consumer, statement) = (info.provider, info.consumer, info.statements);
        let subjects = about(Subject::Grant(grant), &[provider, consumer]);
        let usage = usage(statement.into());
        let root = hash_of("statement", grant.0, statement.into());
        self.transaction(provider);
        self.record(provider, Body::UsageStated { grant, statement, usage, root }, subjects.clone());
        self.written.obligations.push(consumer);
        let obligation = wide(self.written.obligations.len());
        let info = ObligationInfo {
            state: ObligationState::Open,
            currency: 1 + u32::try_from(obligation % u64::from(CURRENCIES)).expect("it is below a u32; qed"),
            debtor: consumer,
            creditor: provider,
            amount: 125_000,
            grant,
            usage,
            reverses: None,
            reversed: 0,
            since: now,
            cycle: 0,
            payment: None,
            declared: None,
        };
        self.record(provider, Body::ObligationCreated { obligation, info }, subjects);
        if self.random.below(2) == 0 {
            let position = self.random.position(&self.written.obligations);
            let (obligation, debtor) = (wide(position) + 1, self.written.obligations[position]);
            self.transaction(debtor);
            self.record(debtor, Body::ObligationPaid { obligation }, vec![Subject::Organisation(debtor)]);
        }
    }

    /// A motion with all its votes.
    fn vote(&mut self) {
        let number = self.written.motions;
        self.written.motions += 1;
        let motion = hash_of("motion", number.into(), 0);
        let consortium = Subject::Organisation(OrganisationId::CONSORTIUM);
        let proposer = self.random.organisation();
        self.transaction(proposer);
        let call = vec![9; 48].try_into().expect("48 bytes are fewer than the bound; qed");
        let reason = text("as agreed in the working group of the members");
        let proposed = Body::MotionProposed { motion, number, threshold: 3, call, reason };
        self.record(proposer, proposed, about(consortium, &[proposer]));
        for _ in 0..3 {
            let voter = self.random.organisation();
            self.transaction(voter);
            let body = Body::MotionVoted { motion, number, approve: true, reason: text("agreed") };
            self.record(voter, body, about(consortium, &[voter]));
        }
        let closed = Body::MotionClosed { motion, number, approved: true, yes: 3, no: 0, seats: 4 };
        self.record(OrganisationId::CONSORTIUM, closed, vec![consortium]);
    }

    fn add_account(&mut self) {
        let organisation = self.random.organisation();
        let account = hash_of("new account", self.edge.size(), 0);
        let roles = Roles::of(&[Role::Attestor]);
        self.transaction(organisation);
        let body = Body::AccountAdded { organisation, account, roles };
        self.record(organisation, body, vec![Subject::Organisation(organisation)]);
    }
}

fn key(device: DeviceId, epoch: u32) -> DeviceKey {
    let public_key = hash_of("device key", device.0, epoch.into()).to_vec();
    let public_key = public_key.try_into().expect("32 bytes are fewer than the bound; qed");
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key }
}

fn usage(times: u64) -> Usage {
    Usage { accesses: 24 * times, records: 240_000 * times, bytes: 24_000_000 * times }
}

fn terms(dataset: DatasetId, provider: OrganisationId, consumer: OrganisationId, now: Moment) -> Terms {
    Terms {
        dataset,
        versions: Versions { first: 1, last: None, content: None },
        provider,
        consumer,
        controller: provider,
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(1), PurposeCode(2)].try_into().expect("two are fewer than 8; qed"),
        not_before: now,
        not_after: now + 31_536_000_000,
        limit: UsageLimit::default(),
        price: Price::Fixed { currency: 1, amount: 125_000 },
        delegation_depth: 4,
        restricted_delegation: false,
        jurisdiction: text("RU-SPE"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: Some(365),
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}
