//! What records are about, as tests of several crates need it.

use citynet_answers::{
    lineage::{Attested, Made},
    source,
};
use citynet_primitives::{
    Action, Activity, Batch, DatasetId, DatasetProfile, DeviceId, Document, LegalBasisCode, OrganisationId,
    PersonalData, Price, PurposeCode, SchemaId, Sensitivity, Source, Terms, UsageLimit, VersionContent, VersionId,
    Versions,
};

/// Version 3 of dataset 7 is `id(7, 3)`.
pub fn id(dataset: u64, version: u32) -> VersionId {
    VersionId { dataset: DatasetId(dataset), version }
}

/// A version that was made from sources, such as `7@3:grant=5` and `device:12:0-99`.
pub fn made(sources: &[&str], record: u64, depth: u32) -> Made {
    let sources: Vec<Source> = sources.iter().map(|text| source::parse(text).unwrap()).collect();
    Made {
        content: VersionContent {
            content: [record as u8; 32],
            bytes: 10,
            records: 2,
            media_type: b"text/csv".to_vec().try_into().unwrap(),
            from: 1000,
            to: 2000,
            sources: sources.try_into().unwrap(),
            activity: Activity::Aggregation,
            parameters: None,
            code: Default::default(),
        },
        record,
        time: record * 1000,
        publisher: OrganisationId(3),
        faulty_since: None,
        depth,
    }
}

/// A batch whose observations are 1000 later than its numbers.
pub fn attested(device: u64, first_sequence: u64, count: u32, record: u64) -> Attested {
    Attested {
        batch: Batch {
            device: DeviceId(device),
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count,
            missing: 0,
            window_start: 1000 + first_sequence,
            window_end: 1000 + first_sequence + u64::from(count),
            root: [5; 32],
            expires: 0,
        },
        record,
        time: record * 1000,
        organisation: OrganisationId(1),
    }
}

/// Terms for reading and deriving, from 1000 until before 9000, of all versions.
pub fn some_terms() -> Terms {
    Terms {
        dataset: DatasetId(7),
        versions: Versions { first: 1, last: None, content: None },
        provider: OrganisationId(1),
        consumer: OrganisationId(2),
        controller: OrganisationId(1),
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(2), PurposeCode(3)].try_into().unwrap(),
        not_before: 1000,
        not_after: 9000,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: b"RU-SPE".to_vec().try_into().unwrap(),
        legal_basis: Some(LegalBasisCode::RU152_STATISTICS),
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

/// What is said about a dataset.
pub fn profile(sensitivity: Sensitivity) -> DatasetProfile {
    DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity,
        description: Document { hash: [4; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    }
}
