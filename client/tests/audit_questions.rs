//! One small city, and every question about it: whoever has the lists that a question needs has the answer that whoever has
//! all records has. What records are about is written down here after the pallets.

use citynet_client::{
    audit::{
        governance::Governance,
        graph::Graph,
        lineage::{Bounds, Start},
        names::{codes, currencies},
        payments::Payments,
        reading::Place,
    },
    settlement::Period,
};
use citynet_primitives::{
    AccessReport, Action, Activity, AlgorithmId, Batch, BatchId, Body, CodeList, CurrencyInfo, CycleId, DatasetId,
    DatasetKind, DatasetProfile, DeviceId, DeviceKey, DeviceProfile, Document, GrantId, GrantState, Location, Moment,
    NetPosition, ObligationInfo, ObligationState, OrganisationId, OrganisationKind, PersonalData, Price, PurposeCode,
    Record, SchemaId, Sensitivity, Source, Subject, Terms, Text, Tier, Unit, Usage, UsageLimit, VersionContent,
    VersionId, Versions, RECORD_VERSION,
};
use citynet_proofs::Question;
use std::collections::BTreeMap;

const CITY: OrganisationId = OrganisationId(1);
const UNIVERSITY: OrganisationId = OrganisationId(2);
const AGENT: OrganisationId = OrganisationId(3);
const SENSOR: DeviceId = DeviceId(1);
const OTHER_SENSOR: DeviceId = DeviceId(2);
const GRANT: GrantId = GrantId(1);
const CYCLE: CycleId = CycleId { currency: 1, number: 1 };
const BATCH: Moment = 1_000;

/// Records by index from 0, and the same by what they are about. A record is of a block of its own, a minute after that of
/// the one before.
#[derive(Default)]
struct City {
    records: Vec<Record>,
    lists: BTreeMap<Subject, Vec<Record>>,
}

impl City {
    fn write(&mut self, organisation: OrganisationId, about: &[Subject], body: Body) {
        let index = self.records.len() as u64;
        let account = if organisation == OrganisationId::CONSORTIUM { [0; 32] } else { [organisation.0 as u8; 32] };
        let (version, block, time) = (RECORD_VERSION, index as u32, index * 60_000);
        let record = Record { version, index, block, time, organisation, account, body };
        for subject in about {
            self.lists.entry(*subject).or_default().push(record.clone());
        }
        self.records.push(record);
    }

    fn by_chain(&mut self, about: &[OrganisationId], body: Body) {
        self.write(OrganisationId::CONSORTIUM, &organisations(about), body);
    }

    fn version(&mut self, owner: OrganisationId, dataset: u64, version: u32, sources: Vec<Source>) {
        let content = VersionContent {
            content: [dataset as u8; 32],
            bytes: 1,
            records: 1,
            media_type: b"text/csv".to_vec().try_into().unwrap(),
            from: 0,
            to: BATCH,
            sources: sources.try_into().unwrap(),
            activity: Activity::Aggregation,
            parameters: None,
            code: Default::default(),
        };
        let dataset = DatasetId(dataset);
        let about = [Subject::Dataset(dataset), Subject::Organisation(owner)];
        self.write(owner, &about, Body::VersionPublished { dataset, version, content });
    }

    fn batch(&mut self, device: DeviceId, first_sequence: u64, missing: u64) {
        let batch = Batch {
            device,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count: 10,
            missing,
            window_start: BATCH,
            window_end: BATCH,
            root: [5; 32],
            expires: 0,
        };
        self.write(CITY, &[Subject::Device(device)], Body::BatchAttested { batch, signature: Default::default() });
    }

    /// About the grant and both parties.
    fn granted(&mut self, by: OrganisationId, body: Body) {
        let about = [organisations(&[CITY, UNIVERSITY]), vec![Subject::Grant(GRANT)]].concat();
        self.write(by, &about, body);
    }

    fn cycle(&mut self, about: &[OrganisationId], body: Body) {
        let about = [organisations(about), vec![Subject::Cycle(CYCLE)]].concat();
        self.write(AGENT, &about, body);
    }

    /// The records that a dossier has, and their subjects.
    fn dossier(&self, question: &Question) -> (Vec<Record>, Vec<String>) {
        let mut known: BTreeMap<Subject, Vec<Record>> = BTreeMap::new();
        loop {
            let missing = question.missing(&known);
            if missing.is_empty() {
                let subjects = known.keys().map(ToString::to_string).collect();
                let records = known.into_values().flatten().map(|record| (record.index, record));
                return (records.collect::<BTreeMap<_, _>>().into_values().collect(), subjects);
            }
            for subject in missing {
                known.insert(subject, self.lists.get(&subject).cloned().unwrap_or_default());
            }
        }
    }
}

fn organisations(of: &[OrganisationId]) -> Vec<Subject> {
    of.iter().map(|organisation| Subject::Organisation(*organisation)).collect()
}

fn text<const N: u32>(words: &str) -> Text<N> {
    words.as_bytes().to_vec().try_into().unwrap()
}

fn used(accesses: u64) -> Usage {
    Usage { accesses, records: 0, bytes: 0 }
}

fn city() -> City {
    let mut city = City::default();
    let chain = OrganisationId::CONSORTIUM;
    for (organisation, organisation_kind, name) in [
        (CITY, OrganisationKind::Government, "City"),
        (UNIVERSITY, OrganisationKind::University, "University"),
        (AGENT, OrganisationKind::SettlementAgent, "Bank"),
    ] {
        city.by_chain(
            &[organisation],
            Body::OrganisationRegistered { organisation, organisation_kind, name: text(name) },
        );
    }
    let (motion, number) = ([7; 32], 1);
    let call = vec![1, 2, 3].try_into().unwrap();
    let proposed = Body::MotionProposed { motion, number, threshold: 1, call, reason: text("A currency") };
    city.write(CITY, &organisations(&[chain, CITY]), proposed);
    let voted = Body::MotionVoted { motion, number, approve: true, reason: text("Yes") };
    city.write(CITY, &organisations(&[chain, CITY]), voted);
    let info = CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: AGENT };
    city.by_chain(&[chain, AGENT], Body::CurrencyCreated { currency: 1, info });
    let closed = Body::MotionClosed { motion, number, approved: true, yes: 1, no: 0, seats: 2 };
    city.write(CITY, &organisations(&[chain]), closed);
    city.by_chain(&[chain], Body::CodeAdded { list: CodeList::Purpose, code: 40_000, name: text("city:Simulation") });

    for device in [SENSOR, OTHER_SENSOR] {
        let profile = DeviceProfile {
            model: text("SDS011"),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: None,
        };
        let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
        let about = [Subject::Device(device), Subject::Organisation(CITY)];
        city.write(CITY, &about, Body::DeviceRegistered { device, owner: CITY, profile, key });
        city.batch(device, 0, 0);
        city.batch(device, 15, 5);
    }
    for (dataset, owner) in [(1, CITY), (2, UNIVERSITY), (3, CITY)] {
        let profile = DatasetProfile {
            title: text("Air"),
            sensitivity: Sensitivity::Open,
            description: Document { hash: [4; 32], uri: Default::default() },
            schema: Default::default(),
            licence: text("CC-BY-4.0"),
        };
        let (dataset, dataset_kind) = (DatasetId(dataset), DatasetKind::Derived);
        let about = [Subject::Dataset(dataset), Subject::Organisation(owner)];
        city.write(owner, &about, Body::DatasetRegistered { dataset, owner, dataset_kind, profile });
    }
    let readings = |device| Source::Batches { device, first_sequence: 0, last_sequence: 24, grant: None };
    city.version(CITY, 1, 1, vec![readings(SENSOR)]);
    city.version(CITY, 3, 1, vec![readings(OTHER_SENSOR)]);
    money(&mut city);
    let source = Source::Version { dataset: DatasetId(1), version: 1, grant: Some(GRANT) };
    city.version(UNIVERSITY, 2, 1, vec![source]);
    let distrusted = Body::DeviceDistrusted { device: SENSOR, since: BATCH, reason: Default::default() };
    city.write(CITY, &[Subject::Device(SENSOR), Subject::Organisation(CITY)], distrusted);
    city
}

/// The university uses the city's data by a grant, pays for it in a cycle, and then uses more.
fn money(city: &mut City) {
    let tiers = vec![Tier { above: 0, amount: 5 }].try_into().unwrap();
    let terms = Terms {
        dataset: DatasetId(1),
        versions: Versions { first: 1, last: None, content: None },
        provider: CITY,
        consumer: UNIVERSITY,
        controller: CITY,
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 0,
        not_after: Moment::MAX,
        limit: UsageLimit::default(),
        price: Price::Metered { currency: 1, unit: Unit::Access, per: 1, tiers, dispute_window: 1 },
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: text("RU"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    };
    let hash = citynet_client::grants::terms_hash(&terms);
    city.granted(CITY, Body::GrantOffered { grant: GRANT, parent: None, supersedes: None, binding: true, terms });
    for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active] {
        city.granted(UNIVERSITY, Body::GrantAdvanced { grant: GRANT, state, terms: hash });
    }
    let report = |accesses| AccessReport {
        counter: accesses,
        from: 0,
        to: 0,
        usage: used(accesses),
        refused: Default::default(),
        receipts: 0,
        root: [0; 32],
    };
    city.granted(CITY, Body::AccessReported { grant: GRANT, report: report(100) });
    city.granted(CITY, Body::UsageStated { grant: GRANT, statement: 1, usage: used(100), root: [0; 32] });
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency: 1,
        debtor: UNIVERSITY,
        creditor: CITY,
        amount: 500,
        grant: GRANT,
        usage: used(100),
        reverses: None,
        reversed: 0,
        since: city.records.len() as u64 * 60_000,
        cycle: 0,
        payment: None,
        declared: None,
    };
    city.granted(CITY, Body::ObligationCreated { obligation: 1, info });
    city.cycle(&[AGENT], Body::CycleOpened { cycle: CYCLE, cutoff: city.records.len() as u64 * 60_000, deadline: 0 });
    let position = |organisation, pays, gets| NetPosition { organisation, pays, gets };
    let positions = vec![position(CITY, 0, 500), position(UNIVERSITY, 500, 0)].try_into().unwrap();
    city.cycle(&[], Body::CycleComputed { cycle: CYCLE, obligations: 1, gross: 500, root: [0; 32], positions });
    city.cycle(&[], Body::CycleSettled { cycle: CYCLE, net: 500 });
    city.granted(CITY, Body::AccessReported { grant: GRANT, report: report(120) });
}

#[test]
fn a_reading_needs_its_device() {
    let city = city();
    let (records, subjects) = city.dossier(&Question::Reading { device: SENSOR, sequence: 17 });
    assert_eq!(subjects, ["device:1"]);
    let place = Place::of(SENSOR, 17, &records).unwrap();
    assert_eq!(Place::of(SENSOR, 17, &city.records), Ok(place.clone()));
    assert_eq!((place.run_first, place.run_last, place.gap_before.map(|gap| gap.first)), (15, 24, Some(10)));
    // With a record left out there is no answer, or another one.
    for left_out in 0..records.len() {
        let mut fewer = records.clone();
        fewer.remove(left_out);
        assert_ne!(Place::of(SENSOR, 17, &fewer), Ok(place.clone()), "{left_out}");
    }
}

#[test]
fn lineage_needs_all_organisations_and_its_sources() {
    let city = city();
    let version = VersionId { dataset: DatasetId(2), version: 1 };
    let (records, subjects) = city.dossier(&Question::Lineage { version });
    let expected =
        ["organisation:0", "organisation:1", "organisation:2", "organisation:3", "organisation:4", "device:1"];
    assert_eq!(subjects, expected);
    let answer = |records: &[Record]| {
        let graph = Graph::of(records);
        (graph.up(version, Bounds::default()), graph.down(Start::Version(version), None, Bounds::default()))
    };
    assert_eq!(answer(&records), answer(&city.records));
    assert_eq!(answer(&records).0.unwrap().uses.len(), 2);

    let (records, subjects) = city.dossier(&Question::Taint { device: SENSOR, since: BATCH });
    assert_eq!(subjects, expected);
    let taint = |records: &[Record]| Graph::of(records).taint(Start::Device(SENSOR), None, Bounds::default());
    assert_eq!(taint(&records), taint(&city.records));
    let found = taint(&records).unwrap();
    let versions: Vec<_> = found.down.reached.iter().map(|reached| reached.version.to_string()).collect();
    assert_eq!(versions, ["1@1", "2@1"]);
    assert_eq!(found.readings.map(|readings| readings.readings), Some(20));
    assert!(found.concerns[&UNIVERSITY].had.contains("1@1 by grant 1"));
}

#[test]
fn a_faulty_version_needs_all_organisations() {
    let city = city();
    let version = VersionId { dataset: DatasetId(1), version: 1 };
    let (records, subjects) = city.dossier(&Question::VersionTaint { version });
    // No device: nothing is made from a version by way of one.
    assert_eq!(subjects, ["organisation:0", "organisation:1", "organisation:2", "organisation:3", "organisation:4"]);
    let taint = |records: &[Record]| Graph::of(records).taint(Start::Version(version), None, Bounds::default());
    assert_eq!(taint(&records), taint(&city.records));
    let found = taint(&records).unwrap();
    let versions: Vec<_> = found.down.reached.iter().map(|reached| reached.version.to_string()).collect();
    assert_eq!(versions, ["2@1"]);
    assert!(found.concerns[&CITY].owns.contains("1@1"));
    assert!(found.concerns[&UNIVERSITY].owns.contains("2@1"));
    assert!(found.concerns[&UNIVERSITY].had.contains("1@1 by grant 1"));
}

#[test]
fn lineage_of_readings_needs_all_organisations_and_the_device() {
    let city = city();
    let device = (Question::DeviceLineage { device: SENSOR }, Start::Device(SENSOR));
    let batches = [0, 15].map(|first_sequence| BatchId { device: SENSOR, first_sequence });
    let batches = batches.map(|batch| (Question::BatchLineage { batch }, Start::Batch(batch)));
    for (question, start) in std::iter::once(device).chain(batches) {
        let (records, subjects) = city.dossier(&question);
        let expected =
            ["organisation:0", "organisation:1", "organisation:2", "organisation:3", "organisation:4", "device:1"];
        assert_eq!(subjects, expected);
        let down = |records: &[Record]| Graph::of(records).down(start, None, Bounds::default());
        assert_eq!(down(&records), down(&city.records));
        let reached = down(&records).unwrap().reached;
        let versions: Vec<_> = reached.iter().map(|found| (found.version.to_string(), found.via.as_str())).collect();
        assert_eq!(versions, [("1@1".to_owned(), "device:1"), ("2@1".to_owned(), "1@1")], "{start}");
        if let Start::Batch(batch) = start {
            let attested = |records: &[Record]| Graph::of(records).batch(batch).cloned();
            assert_eq!(attested(&records), attested(&city.records));
        }
    }
}

#[test]
fn payments_need_grants_and_cycles() {
    let city = city();
    let (records, subjects) = city.dossier(&Question::Payments { organisation: UNIVERSITY });
    assert_eq!(subjects, ["organisation:0", "organisation:2", "grant:1", "cycle:1-1", "cycle:1-2"]);
    let all = Payments::of(UNIVERSITY, Period::default(), &records);
    assert_eq!(all, Payments::of(UNIVERSITY, Period::default(), &city.records));
    assert!(all.reconciles(), "{:?}", all.problems);
    assert_eq!((all.sums[&1].owes.netted, all.cycles.len(), all.obligations.len()), (500, 1, 1));
    assert_eq!(currencies(&records), currencies(&city.records));
    // The other side of the same.
    let (records, _) = city.dossier(&Question::Payments { organisation: CITY });
    let other = Payments::of(CITY, Period::default(), &records);
    assert!(other.reconciles(), "{:?}", other.problems);
    assert_eq!((other.sums[&1].due, other.cycles[0].own_gets), (all.sums[&1].owes, 500));
    assert!(Payments::of(AGENT, Period::default(), &city.records).sums.is_empty());
}

#[test]
fn governance_needs_all_organisations() {
    let city = city();
    let (records, subjects) = city.dossier(&Question::Governance);
    assert_eq!(subjects.len(), 5);
    let found = Governance::of(&records).unwrap();
    assert_eq!(found.motions, Governance::of(&city.records).unwrap().motions);
    assert_eq!(found.organisations, Governance::of(&city.records).unwrap().organisations);
    let closed = found.motions[&1].closed.as_ref().unwrap();
    // A block of its own each: nothing in that of the vote's end says what it changed.
    assert_eq!((closed.approved, closed.changed.len()), (true, 0));
    assert_eq!(codes(&records).purpose_name(PurposeCode(40_000)), "city:Simulation");
    assert_eq!(found.organisations[&CITY].deeds["access_reported"].count, 2);
    // What is about no organisation is in no list of one, and so counts for nobody.
    assert!(!found.organisations[&CITY].deeds.contains_key("batch_attested"));
    assert_eq!(found.organisations[&AGENT].deeds.keys().copied().collect::<Vec<_>>(), ["cycle_opened"]);
}
