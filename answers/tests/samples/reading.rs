//! Device 12 attests 40 readings in four batches, leaves out two runs of numbers, and is distrusted.

use citynet_primitives::{
    AlgorithmId, Batch, Body, DeviceId, DeviceKey, DeviceProfile, Location, OrganisationId, Record, SchemaId,
    RECORD_VERSION,
};

/// The device.
pub const SENSOR: DeviceId = DeviceId(12);

/// The history.
pub fn records() -> Vec<Record> {
    let profile = DeviceProfile {
        model: b"SDS011".to_vec().try_into().unwrap(),
        properties: Default::default(),
        location: Location::Text(Default::default()),
        calibration: None,
    };
    let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
    let batch = |first_sequence, missing| {
        let batch = Batch {
            device: SENSOR,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count: 10,
            missing,
            window_start: 1_772_366_400_000,
            window_end: 1_772_366_460_000,
            root: [5; 32],
            expires: 0,
        };
        Body::BatchAttested { batch, signature: Default::default() }
    };
    let distrusted = Body::DeviceDistrusted { device: SENSOR, since: 1_772_366_430_000, reason: Default::default() };
    let bodies = vec![
        Body::DeviceRegistered { device: SENSOR, owner: OrganisationId(1), profile, key },
        batch(0, 0),
        batch(13, 3),
        batch(23, 0),
        batch(34, 1),
        distrusted,
    ];
    let record = |(index, body)| Record {
        version: RECORD_VERSION,
        index,
        block: 1,
        time: 1_772_366_500_000 + index * 1000,
        organisation: OrganisationId(1),
        account: [1; 32],
        body,
    };
    (0..).zip(bodies).map(record).collect()
}
