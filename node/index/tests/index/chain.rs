//! Blocks that no chain made, and what is in them.

use crate::database::Store;
use citynet_index::{Error, Filter, FinalisedBlock, Index, Snapshot};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    AccessReport, Account, Action, Activity, AlgorithmId, BankReference, Batch, Body, Calibration, CurrencyInfo,
    CycleId, DatasetId, DatasetKind, DatasetProfile, Denial, DeviceId, DeviceKey, DeviceProfile, Document, Entry,
    GrantId, GrantState, Hash, Location, NetPosition, Notice, ObligationInfo, ObligationState, OrganisationId,
    OrganisationKind, OrganisationProfile, PeerId, PeerPurpose, PersonalData, Price, Record, RefusalReport,
    RefusedCount, Role, Roles, SchemaId, Sensitivity, Source, Stranger, Subject, Terms, TreeHead, Uetr, Usage,
    UsageLimit, VersionContent, VersionId, Versions, WithdrawalInfo, RECORD_VERSION,
};
use codec::Encode;
use sp_runtime::OpaqueExtrinsic;

pub const GENESIS: Hash = [7; 32];
pub const CITY: OrganisationId = OrganisationId(1);
pub const TELECOM: OrganisationId = OrganisationId(2);
pub const DEVICE: DeviceId = DeviceId(1);
pub const HUGE: u64 = 1 << 63;

/// Makes blocks that fit together.
#[derive(Default)]
pub struct Chain {
    pub tree: MemoryTree<Portable>,
    pub blocks: Vec<FinalisedBlock>,
    /// Tells forks apart.
    pub salt: u8,
}

/// What a record says, of whom, and what it is about.
pub type Made = (OrganisationId, Body, Vec<Subject>);

impl Chain {
    /// Adds a block with an inherent, and a transaction for each record that the chain did not make itself.
    pub fn block(&mut self, bodies: Vec<Made>) -> &FinalisedBlock {
        let first = self.tree.len();
        let signed = (first..).zip(&bodies).filter(|(_, (by, ..))| *by != OrganisationId::CONSORTIUM);
        let signed = signed.map(|(nonce, (by, ..))| signed_by(account(*by), nonce));
        let number = u32::try_from(self.blocks.len()).unwrap();
        let extrinsics = std::iter::once(inherent(number)).chain(signed).collect();
        self.block_with(bodies, extrinsics)
    }

    pub fn block_with(&mut self, bodies: Vec<Made>, extrinsics: Vec<OpaqueExtrinsic>) -> &FinalisedBlock {
        let number = u32::try_from(self.blocks.len()).unwrap();
        let entries = bodies
            .into_iter()
            .map(|(organisation, body, subjects)| {
                let record = Record {
                    version: RECORD_VERSION,
                    index: self.tree.len(),
                    block: number,
                    time: u64::from(number) * 1000,
                    organisation,
                    account: account(organisation),
                    body,
                };
                self.tree.push(leaf_hash::<Portable>(&record.encode()));
                Entry { record, subjects: subjects.try_into().unwrap() }
            })
            .collect();
        self.blocks.push(FinalisedBlock {
            number,
            hash: leaf_hash::<Portable>(&(number, self.salt).encode()),
            parent: self.blocks.last().map_or([0; 32], |parent| parent.hash),
            head: TreeHead { size: self.tree.len(), root: self.tree.root() },
            entries,
            extrinsics,
        });
        self.blocks.last().unwrap()
    }

    /// Genesis with an organisation, an empty block, a device with its first batch, a gap and a batch of the highest
    /// sequence numbers, a rotation, and an account of the telecom.
    pub fn sample() -> Self {
        let mut chain = Self::default();
        let device = vec![Subject::Device(DEVICE)];
        chain.block(vec![(
            OrganisationId::CONSORTIUM,
            Body::OrganisationRegistered {
                organisation: CITY,
                organisation_kind: OrganisationKind::Government,
                name: b"City".to_vec().try_into().unwrap(),
            },
            vec![Subject::Organisation(CITY)],
        )]);
        chain.block(Vec::new());
        chain.block(vec![
            (
                CITY,
                Body::DeviceRegistered { device: DEVICE, owner: CITY, profile: profile(), key: key(1) },
                vec![Subject::Device(DEVICE), Subject::Organisation(CITY)],
            ),
            (CITY, batch(0, 10, 0), device.clone()),
        ]);
        chain.block(vec![(CITY, batch(HUGE, 5, HUGE - 10), device.clone())]);
        chain.block(vec![
            (CITY, Body::DeviceKeyRotated { device: DEVICE, epoch: 1, key: key(2), previous_valid_until: 9 }, device),
            (
                TELECOM,
                Body::AccountAdded { organisation: TELECOM, account: [9; 32], roles: Roles::of(&[Role::Admin]) },
                vec![Subject::Organisation(TELECOM)],
            ),
        ]);
        chain
    }
}

/// A block's first extrinsic, such as the time.
pub fn inherent(number: u32) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob([&[5][..], &number.encode()].concat())
}

/// A transaction as wallets make it, with made-up content.
pub fn signed_by(account: Account, nonce: u64) -> OpaqueExtrinsic {
    let signature = [&[1][..], &[7; 64]].concat();
    OpaqueExtrinsic::from_blob([&[0x84, 0][..], &account, &signature, &nonce.encode(), &[4, 2]].concat())
}

pub fn account(organisation: OrganisationId) -> Hash {
    [u8::try_from(organisation.0).unwrap(); 32]
}

pub fn profile() -> DeviceProfile {
    DeviceProfile {
        model: b"Nova SDS011".to_vec().try_into().unwrap(),
        properties: vec![b"P1".to_vec().try_into().unwrap()].try_into().unwrap(),
        location: Location::Text(b"Petrogradsky".to_vec().try_into().unwrap()),
        calibration: None,
    }
}

pub fn key(byte: u8) -> DeviceKey {
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![byte; 32].try_into().unwrap() }
}

pub fn batch(first_sequence: u64, count: u32, missing: u64) -> Body {
    batch_until(first_sequence, count, missing, 2)
}

pub fn batch_until(first_sequence: u64, count: u32, missing: u64, window_end: u64) -> Body {
    Body::BatchAttested {
        batch: Batch {
            device: DEVICE,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count,
            missing,
            window_start: 1,
            window_end,
            root: [3; 32],
            expires: 4,
        },
        signature: vec![5; 64].try_into().unwrap(),
    }
}

pub fn bound(store: &Store) -> Index {
    let index = Index::open(store.location()).unwrap();
    index.bind(&GENESIS).unwrap();
    index
}

pub fn filled(store: &Store, chain: &Chain) -> Index {
    let index = bound(store);
    index.append(&chain.blocks).unwrap();
    index
}

pub fn read<T>(index: &Index, query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>) -> T {
    index.read(query).unwrap()
}

pub fn indices(index: &Index, filter: &Filter) -> Vec<u64> {
    read(index, |snapshot| snapshot.records(filter, 0, u64::MAX >> 1, 100))
        .into_iter()
        .map(|found| found.record.index)
        .collect()
}

pub const GRANT: GrantId = GrantId(4);

pub fn dataset(number: u64, kind: DatasetKind) -> Made {
    let dataset = DatasetId(number);
    let profile = DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [1; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    };
    let body = Body::DatasetRegistered { dataset, owner: CITY, dataset_kind: kind, profile };
    (CITY, body, vec![Subject::Dataset(dataset), Subject::Organisation(CITY)])
}

pub fn version(dataset: u64, version: u32) -> VersionId {
    VersionId { dataset: DatasetId(dataset), version }
}

pub fn published(made: VersionId, sources: Vec<Source>) -> Made {
    published_of((1, 2), made, sources)
}

/// A version with observations from one time to another.
pub fn published_of((from, to): (u64, u64), made: VersionId, sources: Vec<Source>) -> Made {
    let content = VersionContent {
        content: [2; 32],
        bytes: 1,
        records: 1,
        media_type: b"text/csv".to_vec().try_into().unwrap(),
        from,
        to,
        sources: sources.try_into().unwrap(),
        activity: Activity::Aggregation,
        parameters: None,
        code: Default::default(),
    };
    let VersionId { dataset, version } = made;
    (CITY, Body::VersionPublished { dataset, version, content }, vec![Subject::Dataset(dataset)])
}

pub fn of(made: VersionId) -> Source {
    Source::Version { dataset: made.dataset, version: made.version, grant: Some(GRANT) }
}

pub fn readings(first_sequence: u64, last_sequence: u64) -> Source {
    Source::Batches { device: DEVICE, first_sequence, last_sequence, grant: None }
}

/// A device that attests nothing.
pub const SILENT: DeviceId = DeviceId(2);

pub fn fed(dataset: u64, added: &[DeviceId], removed: &[DeviceId]) -> Made {
    let dataset = DatasetId(dataset);
    let (added, removed) = (added.to_vec().try_into().unwrap(), removed.to_vec().try_into().unwrap());
    (CITY, Body::DatasetDevicesChanged { dataset, added, removed }, vec![Subject::Dataset(dataset)])
}

pub fn terms(dataset: u64, provider: OrganisationId, consumer: OrganisationId) -> Terms {
    Terms {
        dataset: DatasetId(dataset),
        versions: Versions { first: 1, last: None, content: None },
        provider,
        consumer,
        controller: provider,
        actions: [Action::Read].into_iter().collect(),
        purposes: Default::default(),
        not_before: 1,
        not_after: 2,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}

pub fn owed(obligation: u64, currency: u32, debtor: OrganisationId, creditor: OrganisationId) -> Made {
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency,
        debtor,
        creditor,
        amount: u128::MAX,
        grant: GRANT,
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: 1,
        cycle: 0,
        payment: None,
        declared: None,
    };
    let subjects = vec![Subject::Organisation(debtor), Subject::Organisation(creditor)];
    (creditor, Body::ObligationCreated { obligation, info }, subjects)
}

/// The UETR of a payment.
pub const UETR: Uetr = [0xeb, 0x63, 5, 0xc9, 0x1f, 0x7f, 0x49, 0xde, 0xae, 0xd0, 0x16, 0x48, 0x7c, 0x27, 0xb4, 0x2d];
pub const UNIVERSITY: OrganisationId = OrganisationId(3);
pub const VALIDATOR: Account = [0x71; 32];
pub const PEER: PeerId = PeerId([0x72; 32]);
pub const CYCLE: CycleId = CycleId { currency: 1, number: 7 };

/// A hash that nothing else has.
pub fn hash(byte: u8) -> Hash {
    let mut hash = [0xa5; 32];
    hash[0] = byte;
    hash
}

fn text<const N: u32>(text: &str) -> citynet_primitives::Text<N> {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// A payment by bank.
pub fn payment() -> BankReference {
    BankReference { uetr: UETR, notification: hash(1) }
}

/// What a grant says when all that it can say is said.
fn full_terms() -> Terms {
    Terms {
        versions: Versions { first: 1, last: Some(1), content: Some(hash(2)) },
        controller: UNIVERSITY,
        price: Price::Fixed { currency: 1, amount: 5 },
        legal_basis: None,
        personal_data: PersonalData::Pseudonymised,
        consent: Some(hash(3)),
        notice: Some(Notice { hash: hash(4), language: text("ru") }),
        assessment: Some(hash(5)),
        agreement: Some(Document { hash: hash(6), uri: Default::default() }),
        ..terms(1, CITY, TELECOM)
    }
}

/// A body of every kind that has something to find, each in a record of its own: one block with all of them, after one with
/// what they rest on.
pub fn every_kind() -> Chain {
    let mut chain = Chain::sample();
    let consortium = || vec![Subject::Organisation(OrganisationId::CONSORTIUM)];
    let (organisation, account, grant, cycle) = (UNIVERSITY, VALIDATOR, GRANT, CYCLE);
    let (dataset_id, usage) = (DatasetId(1), Usage { accesses: 1, records: 2, bytes: 3 });
    let (motion, number, statement) = (hash(7), 3, 1);
    let (currency, amount) = (CYCLE.currency, 9);
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency,
        debtor: TELECOM,
        creditor: CITY,
        amount,
        grant,
        usage,
        reverses: None,
        reversed: 0,
        since: 1,
        cycle: 0,
        payment: None,
        declared: None,
    };
    chain.block(vec![dataset(1, DatasetKind::Derived), fed(1, &[DEVICE], &[])]);
    let bodies = vec![
        Body::OrganisationProfileChanged {
            organisation,
            profile: OrganisationProfile { name: text("U"), contact: Default::default(), legal_id: hash(8) },
        },
        Body::AccountRemoved { organisation, account: [0x73; 32] },
        Body::ValidatorRegistered { organisation, account, keys: [hash(9), hash(10)].concat().try_into().unwrap() },
        Body::ValidatorSuspended { organisation, account, session: 4, evidence: hash(11) },
        Body::DeviceRegistered {
            device: DeviceId(2),
            owner: organisation,
            profile: DeviceProfile {
                calibration: Some(Calibration { certificate: hash(12), valid_from: 1, valid_until: 2 }),
                ..profile()
            },
            key: key(0x74),
        },
        Body::DeviceDistrusted { device: DeviceId(2), since: 1, reason: text("salt") },
        Body::DatasetOffered { dataset: dataset_id, to: Some(organisation) },
        Body::DatasetTransferred { dataset: dataset_id, from: CITY, to: organisation },
        Body::VersionPublished {
            dataset: dataset_id,
            version: 1,
            content: VersionContent {
                content: hash(13),
                bytes: 1,
                records: 1,
                media_type: text("text/csv"),
                from: 1,
                to: 2,
                sources: vec![
                    Source::External { content: hash(14), uri: Default::default() },
                    of(version(9, 2)),
                    readings(0, 9),
                ]
                .try_into()
                .unwrap(),
                activity: Activity::Aggregation,
                parameters: Some(hash(15)),
                code: Default::default(),
            },
        },
        Body::PeerAdded { organisation, peer: PEER, purpose: PeerPurpose::Archive, address: None },
        Body::PeerRemoved { organisation, peer: PEER },
        Body::MotionProposed {
            motion,
            number,
            threshold: 3,
            call: vec![1, 2].try_into().unwrap(),
            reason: text("why"),
        },
        Body::MotionVoted { motion, number, approve: true, reason: text("yes") },
        Body::MotionClosed { motion, number, approved: true, yes: 3, no: 0, seats: 3 },
        Body::UpgradeScheduled { code: hash(16), bytes: 1, block: 9 },
        Body::GrantOffered {
            grant,
            parent: Some(GrantId(3)),
            supersedes: Some(GrantId(2)),
            binding: true,
            terms: full_terms(),
        },
        Body::GrantAdvanced { grant, state: GrantState::Accepted, terms: hash(17) },
        Body::AccessReported {
            grant,
            report: AccessReport {
                counter: 1,
                from: 1,
                to: 2,
                usage,
                refused: vec![RefusedCount { reason: Denial::Expired, count: 1 }].try_into().unwrap(),
                receipts: 1,
                root: hash(18),
            },
        },
        Body::AccessContested { grant, counter: 1, usage, reason: text("less") },
        Body::RefusalsReported {
            dataset: dataset_id,
            report: RefusalReport {
                counter: 1,
                from: 1,
                to: 2,
                strangers: vec![Stranger { requester: hash(19), count: 1 }].try_into().unwrap(),
                receipts: 1,
                root: hash(20),
            },
        },
        Body::CurrencyCreated { currency, info: CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: CITY } },
        Body::Deposited { currency, organisation, amount, reference: payment() },
        Body::WithdrawalRequested {
            withdrawal: 6,
            info: WithdrawalInfo { currency, organisation, amount, account: hash(21) },
        },
        Body::WithdrawalPaid { withdrawal: 6, reference: payment() },
        Body::PricePaid { grant, currency, amount, creditor: CITY },
        Body::UsageStated { grant, statement, usage, root: hash(22) },
        Body::UsageDisputed { grant, statement, usage, reason: text("less") },
        Body::ObligationCreated { obligation: 8, info },
        Body::PaymentDeclared { obligation: 8, reference: payment() },
        Body::PaymentAnswered { obligation: 8, confirmed: false, reason: text("not here") },
        Body::ObligationReversed {
            obligation: 9,
            info: ObligationInfo { reverses: Some(8), cycle: CYCLE.number, ..info },
            reason: text("twice"),
        },
        Body::CycleOpened { cycle, cutoff: 5, deadline: 6 },
        Body::CycleComputed {
            cycle,
            obligations: 2,
            gross: amount,
            root: hash(23),
            positions: vec![NetPosition { organisation, pays: amount, gets: 0 }].try_into().unwrap(),
        },
        Body::CycleSettled { cycle, net: amount },
    ];
    chain.block(bodies.into_iter().map(|body| (CITY, body, consortium())).collect());
    chain.block(vec![fed(1, &[], &[DEVICE])]);
    chain
}
