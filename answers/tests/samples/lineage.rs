//! A device, a dataset that it feeds, and what was made of that.

use super::parts;
use citynet_answers::{AsOf, Basis};
use citynet_primitives::{
    Activity, AlgorithmId, Batch, Body, DatasetId, DatasetKind, DeviceId, DeviceKey, DeviceProfile, GrantId, Location,
    OrganisationId, OrganisationKind, Record, SchemaId, Sensitivity, Source, VersionContent, RECORD_VERSION,
};

/// The device.
pub const SENSOR: DeviceId = DeviceId(12);

/// The city's device feeds its dataset 7, of which the university made 9@1 by a grant.
pub fn records() -> Vec<Record> {
    let text = |words: &str| words.as_bytes().to_vec();
    let (city, university, grant) = (OrganisationId(1), OrganisationId(2), GrantId(5));
    let joined = |organisation, name: &str| Body::OrganisationRegistered {
        organisation,
        organisation_kind: OrganisationKind::University,
        name: text(name).try_into().unwrap(),
    };
    let profile = DeviceProfile {
        model: Default::default(),
        properties: Default::default(),
        location: Location::Text(Default::default()),
        calibration: None,
    };
    let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
    let batch = Batch {
        device: SENSOR,
        epoch: 0,
        schema: SchemaId::READING_V1,
        first_sequence: 0,
        count: 10,
        missing: 0,
        window_start: 1_772_366_400_000,
        window_end: 1_772_366_460_000,
        root: [5; 32],
        expires: 0,
    };
    let registered = |dataset, owner| {
        let profile = parts::profile(Sensitivity::Open);
        Body::DatasetRegistered { dataset: DatasetId(dataset), owner, dataset_kind: DatasetKind::Derived, profile }
    };
    let published = |dataset, source| {
        let content = VersionContent {
            content: [1; 32],
            bytes: 1,
            records: 1,
            media_type: text("text/csv").try_into().unwrap(),
            from: 0,
            to: 0,
            sources: vec![source].try_into().unwrap(),
            activity: Activity::Aggregation,
            parameters: None,
            code: Default::default(),
        };
        Body::VersionPublished { dataset: DatasetId(dataset), version: 1, content }
    };
    let readings = Source::Batches { device: SENSOR, first_sequence: 0, last_sequence: 9, grant: None };
    let version = Source::Version { dataset: DatasetId(7), version: 1, grant: Some(grant) };
    let (since, reason) = (1_772_366_400_000, Default::default());
    let bodies = vec![
        (city, joined(city, "City")),
        (university, joined(university, "University")),
        (city, Body::DeviceRegistered { device: SENSOR, owner: city, profile, key }),
        (city, Body::BatchAttested { batch, signature: Default::default() }),
        (city, registered(7, city)),
        (city, published(7, readings)),
        (university, registered(9, university)),
        (university, published(9, version)),
        (city, Body::DeviceDistrusted { device: SENSOR, since, reason }),
    ];
    let record = |(index, (organisation, body)): (u64, (OrganisationId, Body))| Record {
        version: RECORD_VERSION,
        index,
        block: 1,
        time: 1_772_366_500_000 + index * 1000,
        organisation,
        account: [1; 32],
        body,
    };
    (0..).zip(bodies).map(record).collect()
}

/// What answers from it rest on: a block right after its last record.
pub fn basis(proven: bool) -> Basis {
    let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_508_000 };
    Basis { as_of, proven }
}
