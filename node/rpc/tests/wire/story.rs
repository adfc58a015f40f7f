//! What happened on the double's chain, and what its runtime says about it.
//!
//! A telecom operator registers a sensor and a stream, grants a university its use, and is owed for it.

use citynet_primitives::{
    Account, AccountRoles, Action, Activity, AlgorithmId, Amount, Author, BankReference, Batch, Body, CodeList,
    CurrencyInfo, CycleId, CycleInfo, CyclePhase, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, DeviceId,
    DeviceInfo, DeviceKey, DeviceProfile, DeviceStatus, Document, GrantAccount, GrantId, GrantInfo, GrantState, Hash,
    Location, Moment, MotionInfo, NetPosition, ObligationInfo, ObligationState, OpenStatement, OrganisationId,
    OrganisationInfo, OrganisationKind, OrganisationProfile, OrganisationStatus, Parameters, PeerId, PeerInfo,
    PeerPurpose, PersonalData, Price, PurposeCode, Quota, RecoveryInfo, Role, Roles, SchemaId, Sensitivity, Source,
    Subject, SubjectHead, Terms, Text, Tier, Unit, Usage, UsageLimit, ValidatorInfo, ValidatorStatus, VersionContent,
    VersionInfo, Versions, WithdrawalInfo, LEGAL_BASES, PURPOSES,
};
use codec::{Compact, Encode};
use sp_crypto_hashing::sha2_256;
use sp_runtime::OpaqueExtrinsic;

pub const CITY: OrganisationId = OrganisationId(1);
pub const TELECOM: OrganisationId = OrganisationId(2);
pub const UNIVERSITY: OrganisationId = OrganisationId(3);
pub const AGENT: OrganisationId = OrganisationId(4);
pub const DEVICE: DeviceId = DeviceId(1);
/// What the device feeds.
pub const STREAM: DatasetId = DatasetId(1);
/// What the university makes of it.
pub const DERIVED: DatasetId = DatasetId(2);
pub const GRANT: GrantId = GrantId(1);
/// What the city asks for, and nobody answers.
pub const REQUEST: GrantId = GrantId(2);
pub const CYCLE: CycleId = CycleId { currency: 1, number: 1 };
/// The one after it, which takes obligations.
pub const NEXT_CYCLE: CycleId = CycleId { currency: 1, number: 2 };
/// The block of the obligation.
pub const BILLED: u32 = 6;

/// The bodies of one block's records, with who caused them and what they are about.
pub type Bodies = Vec<(Author, Body, Vec<Subject>)>;

/// The time of a block: one each second, after the first reading of 4 September 2018.
pub fn time(block: u32) -> Moment {
    if block == 0 {
        return 0;
    }
    1_536_019_344_000 + u64::from(block) * 1_000
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// An account or a hash that is as good as any other.
fn some(name: &str) -> [u8; 32] {
    sha2_256(name.as_bytes())
}

pub fn admin(organisation: OrganisationId) -> Account {
    some(&format!("admin of {organisation}"))
}

fn by(organisation: OrganisationId) -> Author {
    Author { organisation, account: admin(organisation) }
}

/// The blocks, from the first one on; the last is not final.
pub fn blocks() -> Vec<Bodies> {
    let telecom = Subject::Organisation(TELECOM);
    let (device, stream, derived) = (Subject::Device(DEVICE), Subject::Dataset(STREAM), Subject::Dataset(DERIVED));
    let (grant, cycle) = (Subject::Grant(GRANT), Subject::Cycle(CYCLE));
    let (request, next_cycle) = (Subject::Grant(REQUEST), Subject::Cycle(NEXT_CYCLE));
    let removed = Body::AccountRemoved { organisation: TELECOM, account: some("former attestor") };
    let added =
        Body::AccountAdded { organisation: TELECOM, account: some("attestor"), roles: roles(&[Role::Attestor]) };
    vec![
        founding(),
        vec![
            (by(TELECOM), device_registered(), vec![device, telecom]),
            (by(TELECOM), dataset_registered(STREAM), vec![stream, telecom]),
            (by(TELECOM), fed(), vec![stream, device]),
        ],
        vec![(by(TELECOM), attested(0, 10, 0, 1_536_019_345_000), vec![device])],
        vec![(by(TELECOM), published(STREAM), vec![stream])],
        vec![
            (by(TELECOM), offered(), vec![grant, stream, Subject::Organisation(UNIVERSITY)]),
            (by(UNIVERSITY), dataset_registered(DERIVED), vec![derived, Subject::Organisation(UNIVERSITY)]),
        ],
        vec![
            (by(TELECOM), attested(12, 8, 2, 1_536_019_348_000), vec![device]),
            (by(UNIVERSITY), published(DERIVED), vec![derived, grant]),
        ],
        vec![
            (Author::CHAIN, Body::ObligationCreated { obligation: 1, info: obligation() }, vec![grant, telecom]),
            (by(AGENT), opened(CYCLE), vec![cycle]),
        ],
        vec![(by(TELECOM), distrusted(), vec![device])],
        vec![
            (by(TELECOM), removed, vec![telecom]),
            (by(CITY), requested(), vec![request, stream, telecom]),
            (by(AGENT), opened(NEXT_CYCLE), vec![next_cycle]),
        ],
        vec![(by(TELECOM), added, vec![telecom])],
    ]
}

/// The extrinsics of a block: the inherent that sets its time, and a transaction for each record that somebody caused. In
/// chains of a `salt` there is another inherent that has it.
pub fn extrinsics(block: u32, salt: u8, bodies: &[(Author, Body, Vec<Subject>)]) -> Vec<OpaqueExtrinsic> {
    if block == 0 {
        return Vec::new();
    }
    let inherent = [&[5u8, 2, 0][..], &Compact(time(block)).encode()].concat();
    let salted = (salt != 0).then(|| vec![5, 0, 0, salt]);
    let signed = bodies.iter().filter(|(author, ..)| *author != Author::CHAIN).zip(1u32..);
    let transaction = |((author, ..), number): (&(Author, Body, Vec<Subject>), u32)| {
        let (address, signature) = ([&[0x84u8, 0][..], &author.account].concat(), [&[1u8][..], &[0x55; 64]].concat());
        // Immortal, with a nonce and no tip; what is called does not matter.
        let nonce = Compact(block * 16 + number).encode();
        [address, signature, vec![0], nonce, vec![0], vec![8, 1]].concat()
    };
    let all = [inherent].into_iter().chain(salted).chain(signed.map(transaction));
    all.map(OpaqueExtrinsic::from_blob).collect()
}

fn founding() -> Bodies {
    let members = [
        (CITY, OrganisationKind::Government, "City of Petrograd"),
        (TELECOM, OrganisationKind::Telecom, "Neva Telecom"),
        (UNIVERSITY, OrganisationKind::University, "Polytechnic"),
        (AGENT, OrganisationKind::SettlementAgent, "City Bank"),
    ];
    let joined = |(organisation, organisation_kind, name): (_, _, &str)| {
        let body = Body::OrganisationRegistered { organisation, organisation_kind, name: text(name) };
        (Author::CHAIN, body, vec![Subject::Organisation(organisation)])
    };
    let account = Body::AccountAdded { organisation: TELECOM, account: admin(TELECOM), roles: roles(&[Role::Admin]) };
    members.map(joined).into_iter().chain([(Author::CHAIN, account, vec![Subject::Organisation(TELECOM)])]).collect()
}

fn roles(roles: &[Role]) -> Roles {
    Roles::of(roles)
}

fn key() -> DeviceKey {
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key: some("key").to_vec().try_into().unwrap() }
}

fn device_registered() -> Body {
    let profile = DeviceProfile {
        model: text("Nova SDS011"),
        properties: vec![text("P1"), text("P2")].try_into().unwrap(),
        location: Location::Geohash(text("udtsc")),
        calibration: None,
    };
    Body::DeviceRegistered { device: DEVICE, owner: TELECOM, profile, key: key() }
}

fn profile(id: DatasetId) -> DatasetProfile {
    let title = if id == STREAM { "Air of Petrogradsky" } else { "Hourly air of Petrogradsky" };
    DatasetProfile {
        title: text(title),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: some(title), uri: text("https://neva.example/air") },
        schema: text(""),
        licence: text("CC-BY-4.0"),
    }
}

fn kind(id: DatasetId) -> (OrganisationId, DatasetKind) {
    if id == STREAM {
        (TELECOM, DatasetKind::Stream)
    } else {
        (UNIVERSITY, DatasetKind::Derived)
    }
}

fn dataset_registered(dataset: DatasetId) -> Body {
    let (owner, dataset_kind) = kind(dataset);
    Body::DatasetRegistered { dataset, owner, dataset_kind, profile: profile(dataset) }
}

fn fed() -> Body {
    let added = vec![DEVICE].try_into().unwrap();
    Body::DatasetDevicesChanged { dataset: STREAM, added, removed: Default::default() }
}

fn attested(first_sequence: u64, count: u32, missing: u64, window_end: Moment) -> Body {
    let batch = Batch {
        device: DEVICE,
        epoch: 0,
        schema: SchemaId::READING_V1,
        first_sequence,
        count,
        missing,
        window_start: window_end - 900,
        window_end,
        root: some(&format!("batch {first_sequence}")),
        expires: 1_800_000_000_000,
    };
    Body::BatchAttested { batch, signature: vec![0x55; 64].try_into().unwrap() }
}

fn content(dataset: DatasetId) -> VersionContent {
    let source = if dataset == STREAM {
        Source::Batches { device: DEVICE, first_sequence: 0, last_sequence: 9, grant: None }
    } else {
        Source::Version { dataset: STREAM, version: 1, grant: Some(GRANT) }
    };
    VersionContent {
        content: some(&format!("content of {dataset}")),
        bytes: 9_007_199_254_740_993,
        records: 10,
        media_type: text("text/csv"),
        from: 1_536_019_344_100,
        to: 1_536_019_345_000,
        sources: vec![source].try_into().unwrap(),
        activity: if dataset == STREAM { Activity::Collection } else { Activity::Aggregation },
        parameters: None,
        code: text("https://neva.example/air.git#4f2a"),
    }
}

fn published(dataset: DatasetId) -> Body {
    Body::VersionPublished { dataset, version: 1, content: content(dataset) }
}

fn terms() -> Terms {
    Terms {
        dataset: STREAM,
        versions: Versions { first: 1, last: None, content: None },
        provider: TELECOM,
        consumer: UNIVERSITY,
        controller: TELECOM,
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: time(4),
        not_after: 1_600_000_000_000,
        limit: UsageLimit { accesses: None, records: Some(1_000_000), bytes: None },
        price: Price::Metered {
            currency: CYCLE.currency,
            unit: Unit::Record,
            per: 1_000,
            tiers: vec![Tier { above: 0, amount: 5 }, Tier { above: 100_000, amount: 3 }].try_into().unwrap(),
            dispute_window: 86_400_000,
        },
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: text("RU-SPE"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: Some(30),
        recipients: vec![text("auditors")].try_into().unwrap(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}

fn offered() -> Body {
    Body::GrantOffered { grant: GRANT, parent: None, supersedes: None, binding: true, terms: terms() }
}

fn requested() -> Body {
    Body::GrantRequested { grant: REQUEST, supersedes: None, terms: request_terms() }
}

/// The first version, to publish it.
fn request_terms() -> Terms {
    Terms {
        versions: Versions { first: 1, last: Some(1), content: None },
        consumer: CITY,
        actions: [Action::Publish].into_iter().collect(),
        price: Price::Free,
        ..terms()
    }
}

fn opened(cycle: CycleId) -> Body {
    let cutoff = cutoff(cycle);
    Body::CycleOpened { cycle, cutoff, deadline: cutoff + 3_600_000 }
}

fn cutoff(cycle: CycleId) -> Moment {
    time(if cycle == CYCLE { 6 } else { 8 })
}

fn distrusted() -> Body {
    Body::DeviceDistrusted { device: DEVICE, since: 1_536_019_347_500, reason: text("bird nest in the inlet") }
}

fn organisation(
    id: OrganisationId,
    kind: OrganisationKind,
    name: &str,
    accounts: Vec<AccountRoles>,
) -> OrganisationInfo {
    OrganisationInfo {
        id,
        profile: OrganisationProfile {
            name: text(name),
            contact: text("mailto:ledger@neva.example"),
            legal_id: some(name),
        },
        kind,
        status: OrganisationStatus::Active,
        seat: kind.has_seat(),
        accounts,
    }
}

pub fn organisations() -> Vec<OrganisationInfo> {
    let account = AccountRoles { account: admin(TELECOM), roles: roles(&[Role::Admin, Role::Registrar]) };
    vec![
        organisation(CITY, OrganisationKind::Government, "City of Petrograd", vec![]),
        organisation(TELECOM, OrganisationKind::Telecom, "Neva Telecom", vec![account]),
        organisation(UNIVERSITY, OrganisationKind::University, "Polytechnic", vec![]),
        organisation(AGENT, OrganisationKind::SettlementAgent, "City Bank", vec![]),
    ]
}

pub fn parameters() -> Parameters {
    Parameters {
        min_members: 3,
        min_validators: 4,
        max_validators_per_organisation: 2,
        motion_duration: 604_800,
        recovery_delay: 259_200,
        silent_after: 30,
        quotas: [Quota { rate: 150_000, burst: 200_000 }; 6],
    }
}

pub fn motions() -> Vec<MotionInfo> {
    let motion = MotionInfo {
        motion: some("motion"),
        number: 3,
        threshold: 3,
        seats: 4,
        yes: vec![CITY, TELECOM],
        no: vec![AGENT],
        end: 604_900,
        call: vec![0x14, 0x06].try_into().unwrap(),
    };
    vec![motion]
}

pub fn recoveries() -> Vec<RecoveryInfo> {
    vec![RecoveryInfo { organisation: UNIVERSITY, account: some("new admin"), matures: 259_300 }]
}

pub fn validators() -> Vec<ValidatorInfo> {
    let validator = ValidatorInfo {
        organisation: TELECOM,
        account: some("validator"),
        status: ValidatorStatus::Registered,
        active: true,
        next: true,
        keys: [some("aura"), some("grandpa")].concat().try_into().unwrap(),
        skipped: 2,
        silent: false,
    };
    vec![validator]
}

pub fn peers() -> Vec<PeerInfo> {
    let archive = PeerInfo {
        organisation: TELECOM,
        peer: PeerId(some("archive")),
        purpose: PeerPurpose::Archive,
        address: Some(text("/dns/archive.neva.example/tcp/30333")),
    };
    let hidden =
        PeerInfo { peer: PeerId(some("hidden")), purpose: PeerPurpose::Validator, address: None, ..archive.clone() };
    vec![archive, hidden]
}

pub fn device(head: SubjectHead) -> DeviceInfo {
    DeviceInfo {
        owner: TELECOM,
        status: DeviceStatus::Active,
        epoch: 0,
        key: key(),
        previous: None,
        next_sequence: 20,
        distrusted_since: Some(1_536_019_347_500),
        head,
    }
}

pub fn dataset(id: DatasetId, head: SubjectHead) -> Option<DatasetInfo> {
    if id != STREAM && id != DERIVED {
        return None;
    }
    let (owner, kind) = kind(id);
    let devices = u32::from(id == STREAM);
    Some(DatasetInfo { owner, kind, profile: profile(id), versions: 1, devices, offered_to: None, head })
}

pub fn version(dataset: DatasetId, number: u32) -> Option<VersionInfo> {
    // The records that published them.
    let record = match (dataset, number) {
        (STREAM, 1) => 9,
        (DERIVED, 1) => 13,
        _ => return None,
    };
    Some(VersionInfo { content: content(dataset).content, record, faulty_since: None })
}

fn usage() -> Usage {
    Usage { accesses: 12, records: 20_000, bytes: 1_500_000 }
}

pub fn grant(id: GrantId, head: SubjectHead) -> GrantInfo {
    if id == REQUEST {
        let terms = request_terms();
        return GrantInfo {
            state: GrantState::Requested,
            binding: false,
            terms_hash: sha2_256(&terms.to_bytes()),
            terms,
            active_since: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            ..grant(GRANT, head)
        };
    }
    let terms = terms();
    GrantInfo {
        state: GrantState::Active,
        parent: None,
        supersedes: None,
        binding: true,
        terms_hash: sha2_256(&terms.to_bytes()),
        terms,
        active_since: Some(time(4)),
        ended: None,
        last_report: 2,
        reported_until: time(6),
        used: usage(),
        used_in_all: usage(),
        head,
    }
}

pub fn codes(list: CodeList) -> Vec<(u16, Text<64>)> {
    match list {
        CodeList::Purpose => PURPOSES.iter().map(|(code, name)| (code.0, text(name))).collect(),
        CodeList::LegalBasis => LEGAL_BASES.iter().map(|(code, name)| (code.0, text(name))).collect(),
    }
}

pub fn currencies() -> Vec<(u32, CurrencyInfo)> {
    vec![(CYCLE.currency, CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: AGENT })]
}

/// What an organisation can spend, and what is on hold.
pub fn balance(organisation: OrganisationId) -> (Amount, Amount) {
    if organisation == UNIVERSITY {
        (340_282_366_920_938_463_463, 100)
    } else {
        (0, 0)
    }
}

pub fn withdrawals(currency: u32) -> Vec<(u64, WithdrawalInfo)> {
    if currency != CYCLE.currency {
        return Vec::new();
    }
    vec![(1, WithdrawalInfo { currency, organisation: UNIVERSITY, amount: 100, account: some("bank account") })]
}

pub fn account() -> GrantAccount {
    let open = OpenStatement { usage: usage(), root: some("receipts"), at: time(7), dispute: None };
    GrantAccount { statements: 2, matured: usage(), open: Some(open), billed: 100 }
}

pub fn obligation() -> ObligationInfo {
    ObligationInfo {
        state: ObligationState::Declared,
        currency: CYCLE.currency,
        debtor: UNIVERSITY,
        creditor: TELECOM,
        amount: 100,
        grant: GRANT,
        usage: usage(),
        reverses: None,
        reversed: 0,
        since: time(6),
        cycle: 0,
        payment: Some(BankReference { uetr: [0x1e; 16], notification: some("camt.054") }),
        declared: Some(time(7)),
    }
}

pub fn cycle(id: CycleId, head: SubjectHead) -> CycleInfo {
    if id == NEXT_CYCLE {
        let (cutoff, phase) = (cutoff(id), CyclePhase::Collecting);
        let deadline = cutoff + 3_600_000;
        let nothing = CycleInfo { obligations: 0, gross: 0, net: 0, root: [0; 32], ..cycle(CYCLE, head) };
        return CycleInfo { phase, cutoff, deadline, ..nothing };
    }
    CycleInfo {
        phase: CyclePhase::Funding,
        cutoff: cutoff(CYCLE),
        deadline: cutoff(CYCLE) + 3_600_000,
        obligations: 1,
        gross: 100,
        net: 100,
        root: gross_root(),
        moved: false,
        head,
    }
}

fn gross_root() -> Hash {
    some("gross list")
}

pub fn positions() -> Vec<NetPosition> {
    vec![
        NetPosition { organisation: TELECOM, pays: 0, gets: 100 },
        NetPosition { organisation: UNIVERSITY, pays: 100, gets: 0 },
    ]
}

/// The value that has the head of a subject in the chain's state.
pub fn stored(subject: &Subject, head: SubjectHead) -> Vec<u8> {
    match subject {
        Subject::Organisation(_) => head.encode(),
        Subject::Dataset(id) => dataset(*id, head).unwrap().encode(),
        Subject::Device(_) => device(head).encode(),
        Subject::Grant(id) => grant(*id, head).encode(),
        Subject::Cycle(id) => cycle(*id, head).encode(),
    }
}
