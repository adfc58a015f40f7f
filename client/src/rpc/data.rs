//! Datasets, grants and decisions over JSON-RPC.

use super::{Block, Decimal, Hex, Rpc};
use crate::connection::NodeError;
use citynet_primitives::{
    Action, CodeList, DatasetId, DeviceId, GrantId, Moment, OrganisationId, PurposeCode, VersionId,
};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use subxt::rpcs::rpc_params;

/// A document that is somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct DocumentView {
    /// SHA-256 of its bytes.
    pub hash: Hex,
    /// Where it can be had, or nothing.
    pub uri: String,
}

/// A dataset.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetView {
    /// Its number.
    pub dataset: Decimal,
    /// The organisation that answers for it.
    pub owner: u32,
    /// `stream`, `snapshot`, `derived` or `model`.
    pub kind: String,
    /// A short title.
    pub title: String,
    /// `open`, `internal`, `restricted` or `pseudonymised`.
    pub sensitivity: String,
    /// Its DCAT description.
    pub description: DocumentView,
    /// URI of its schema, or nothing.
    pub schema: String,
    /// Its licence.
    pub licence: String,
    /// How many versions it has.
    pub versions: u32,
    /// How many devices feed it.
    pub devices: u32,
    /// Which these are; lists do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fed_by: Option<Vec<Decimal>>,
    /// To whom its owner offers it.
    pub offered_to: Option<u32>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A version of a dataset.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// The dataset.
    pub dataset: Decimal,
    /// The version's number.
    pub version: u32,
    /// SHA-256 of its bytes.
    pub content: Hex,
    /// The record that published it.
    pub record: Decimal,
    /// From when on its content is faulty, if it is, in milliseconds since 1970.
    pub faulty_since: Option<Decimal>,
    /// What that record says, if the node has an index.
    pub body: Option<Value>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What other versions may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A version.
    Version(VersionId),
    /// What a device observed, since a time in milliseconds since 1970 or from the first reading on.
    Device(DeviceId, Option<Moment>),
}

/// A version that was made, directly or not, from something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct DependentView {
    /// The dataset.
    pub dataset: Decimal,
    /// The version's number.
    pub version: u32,
    /// How many steps it takes at least: 1 for what was made from it directly.
    pub depth: u32,
    /// What it was made from on the shortest way: a version such as `7@3`, or `device:12`.
    pub via: String,
}

/// What depends on something, the nearest first.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Dependents {
    /// The finalised block for which it is true.
    pub anchor: Block,
    /// The versions.
    pub items: Vec<DependentView>,
    /// Whether these are all.
    pub complete: bool,
}

/// A code of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct CodeView {
    /// Its number.
    pub code: u16,
    /// What it stands for, such as a DPV IRI in compact form.
    pub name: String,
}

/// Counts of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct UsageView {
    /// How often data was had.
    pub accesses: Decimal,
    /// How many records.
    pub records: Decimal,
    /// How many bytes.
    pub bytes: Decimal,
}

/// A grant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// Its number.
    pub grant: Decimal,
    /// Where it is, such as `offered` or `active`.
    pub state: String,
    /// The grant that it passes on.
    pub parent: Option<Decimal>,
    /// The grant whose place it takes once it is finalised.
    pub supersedes: Option<Decimal>,
    /// Whether accepting the offer is enough.
    pub binding: bool,
    /// What it says.
    pub terms: TermsView,
    /// The hash of that.
    pub terms_hash: Hex,
    /// When it was finalised.
    pub active_since: Option<Decimal>,
    /// When it was revoked or completed.
    pub ended: Option<Decimal>,
    /// Its own use, as last reported.
    pub used: UsageView,
    /// Its own use and that of all grants that stand on it.
    pub used_in_all: UsageView,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A grant's terms, as far as lists show them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TermsView {
    /// The dataset.
    pub dataset: Decimal,
    /// The organisation that grants.
    pub provider: u32,
    /// The organisation that uses.
    pub consumer: u32,
    /// The organisation that answers to the people whom the data is about.
    pub controller: u32,
    /// What the consumer may do.
    pub actions: Vec<String>,
    /// For what.
    pub purposes: Vec<u16>,
    /// First moment of the grant.
    pub not_before: Decimal,
    /// First moment after the grant.
    pub not_after: Decimal,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Which grants: those that satisfy everything that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GrantFilter {
    /// Of this dataset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<DatasetId>,
    /// Of this consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer: Option<OrganisationId>,
    /// Of this provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<OrganisationId>,
}

/// May this organisation do this with this data?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccessQuestion {
    /// Who.
    pub consumer: OrganisationId,
    /// With which dataset.
    pub dataset: DatasetId,
    /// With which version; without it, with what is none yet, as of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What.
    pub action: Action,
    /// For what.
    pub purpose: PurposeCode,
    /// When, in milliseconds since 1970; without it, at the finalised block.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub time: Option<Moment>,
}

fn as_text<S: serde::Serializer>(time: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(Decimal).serialize(serializer)
}

/// The answer to an [`AccessQuestion`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum DecisionView {
    /// Yes.
    Allowed {
        /// By this grant and those that it stands on. Empty where the dataset is its own.
        chain: Vec<Decimal>,
    },
    /// No.
    Denied {
        /// Why, such as `expired`.
        reason: String,
        /// The grant that does not allow it.
        grant: Option<Decimal>,
    },
}

/// A decision, and the finalised block for which it is true.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Decided {
    /// The block.
    pub anchor: Block,
    /// The decision.
    #[serde(flatten)]
    pub decision: DecisionView,
}

impl Rpc<'_> {
    /// `citynet_dataset`.
    pub async fn dataset(&self, dataset: DatasetId) -> Result<DatasetView, NodeError> {
        self.call("citynet_dataset", rpc_params![Decimal(dataset.0)]).await
    }

    /// `citynet_datasets`, page after page.
    pub async fn datasets(&self) -> Result<Vec<DatasetView>, NodeError> {
        self.all("citynet_datasets", |cursor| rpc_params![cursor]).await
    }

    /// `citynet_datasetVersion`.
    pub async fn dataset_version(&self, version: VersionId) -> Result<VersionView, NodeError> {
        let VersionId { dataset, version } = version;
        self.call("citynet_datasetVersion", rpc_params![Decimal(dataset.0), version]).await
    }

    /// `citynet_dependents`.
    pub async fn dependents(&self, of: Origin) -> Result<Dependents, NodeError> {
        let of = match of {
            Origin::Version(version) => json!({ "version": version.to_string() }),
            Origin::Device(device, None) => json!({ "device": device }),
            Origin::Device(device, Some(since)) => json!({ "device": device, "since": Decimal(since) }),
        };
        self.call("citynet_dependents", rpc_params![of]).await
    }

    /// `citynet_grant`.
    pub async fn grant(&self, grant: GrantId) -> Result<GrantView, NodeError> {
        self.call("citynet_grant", rpc_params![Decimal(grant.0)]).await
    }

    /// `citynet_grants`, page after page.
    pub async fn grants(&self, filter: GrantFilter) -> Result<Vec<GrantView>, NodeError> {
        self.all("citynet_grants", |cursor| rpc_params![filter, cursor]).await
    }

    /// `citynet_checkAccess`.
    pub async fn check_access(&self, question: &AccessQuestion) -> Result<Decided, NodeError> {
        self.call("citynet_checkAccess", rpc_params![question]).await
    }

    /// `citynet_codes`.
    pub async fn codes(&self, list: CodeList) -> Result<Vec<CodeView>, NodeError> {
        #[derive(Deserialize)]
        struct Answer {
            items: Vec<CodeView>,
        }
        let answer: Answer = self.call("citynet_codes", rpc_params![list]).await?;
        Ok(answer.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{
        DatasetInfo, DatasetKind, DatasetProfile, Decision, Denial, Document, GrantInfo, GrantState, PersonalData,
        Price, Sensitivity, SubjectHead, Terms, Usage, UsageLimit, VersionInfo, Versions,
    };
    use serde::de::DeserializeOwned;

    /// What the node writes, with what it adds to it, read here.
    fn read<T: DeserializeOwned>(written: impl Serialize, added: Value) -> T {
        let mut written = serde_json::to_value(written).unwrap();
        for (name, value) in added.as_object().unwrap() {
            written[name] = value.clone();
        }
        serde_json::from_value(written).unwrap()
    }

    #[test]
    fn datasets_are_read_as_nodes_write_them() {
        let info = DatasetInfo {
            owner: OrganisationId(1),
            kind: DatasetKind::Stream,
            profile: DatasetProfile {
                title: b"Air".to_vec().try_into().unwrap(),
                sensitivity: Sensitivity::Internal,
                description: Document { hash: [4; 32], uri: b"https://neva.example".to_vec().try_into().unwrap() },
                schema: Default::default(),
                licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
            },
            versions: 3,
            devices: 2,
            offered_to: Some(OrganisationId(4)),
            head: SubjectHead { count: 6, chain: [5; 32] },
        };
        let listed: DatasetView = read(&info, json!({ "dataset": "18446744073709551615" }));
        assert_eq!((listed.dataset, listed.owner, listed.kind.as_str()), (Decimal(u64::MAX), 1, "stream"));
        assert_eq!((listed.title.as_str(), listed.sensitivity.as_str()), ("Air", "internal"));
        assert_eq!(listed.description, DocumentView { hash: Hex(vec![4; 32]), uri: "https://neva.example".into() });
        assert_eq!((listed.schema.as_str(), listed.licence.as_str()), ("", "CC-BY-4.0"));
        assert_eq!((listed.versions, listed.devices, listed.offered_to), (3, 2, Some(4)));
        assert_eq!((listed.fed_by.clone(), &listed.rest["head"]["count"]), (None, &json!("6")));
        assert_eq!(serde_json::to_value(&listed).unwrap().get("fedBy"), None);
        let asked: DatasetView = read(&info, json!({ "dataset": "7", "fedBy": ["12", "13"], "anchor": {} }));
        assert_eq!(asked.fed_by, Some(vec![Decimal(12), Decimal(13)]));
    }

    #[test]
    fn versions_are_read_as_nodes_write_them() {
        let info = VersionInfo { content: [7; 32], record: 44, faulty_since: None };
        let version: VersionView = read(info, json!({ "dataset": "7", "version": 3, "body": null, "anchor": {} }));
        assert_eq!((version.dataset, version.version, version.record), (Decimal(7), 3, Decimal(44)));
        assert_eq!((version.content, version.faulty_since, version.body), (Hex(vec![7; 32]), None, None));
        let faulty = VersionInfo { faulty_since: Some(5), ..info };
        let version: VersionView = read(faulty, json!({ "dataset": "7", "version": 3, "body": { "kind": "x" } }));
        assert_eq!((version.faulty_since, version.body), (Some(Decimal(5)), Some(json!({ "kind": "x" }))));
    }

    #[test]
    fn grants_are_read_as_nodes_write_them() {
        let info = GrantInfo {
            state: GrantState::Active,
            parent: Some(GrantId(4)),
            supersedes: None,
            binding: true,
            terms: Terms {
                dataset: DatasetId(7),
                versions: Versions { first: 1, last: None, content: None },
                provider: OrganisationId(1),
                consumer: OrganisationId(2),
                controller: OrganisationId(3),
                actions: [Action::Read, Action::Train].into_iter().collect(),
                purposes: vec![PurposeCode(2), PurposeCode(900)].try_into().unwrap(),
                not_before: 5,
                not_after: 6,
                limit: UsageLimit { accesses: Some(9), records: None, bytes: None },
                price: Price::Free,
                delegation_depth: 0,
                restricted_delegation: false,
                jurisdiction: b"RU-SPE".to_vec().try_into().unwrap(),
                legal_basis: None,
                personal_data: PersonalData::None,
                consent: None,
                notice: None,
                retention_days: None,
                recipients: Default::default(),
                assessment: None,
                withdrawal: None,
                agreement: None,
            },
            terms_hash: [8; 32],
            active_since: Some(5),
            ended: None,
            last_report: 1,
            reported_until: 6,
            used: Usage { accesses: 1, records: 2, bytes: 3 },
            used_in_all: Usage { accesses: 4, records: 5, bytes: u64::MAX },
            head: SubjectHead::default(),
        };
        let grant: GrantView = read(info, json!({ "grant": "5" }));
        assert_eq!((grant.grant, grant.state.as_str(), grant.parent), (Decimal(5), "active", Some(Decimal(4))));
        assert_eq!((grant.supersedes, grant.binding, grant.terms_hash), (None, true, Hex(vec![8; 32])));
        let terms = grant.terms;
        assert_eq!((terms.dataset, terms.provider, terms.consumer, terms.controller), (Decimal(7), 1, 2, 3));
        assert_eq!((terms.actions, terms.purposes), (vec!["read".to_owned(), "train".to_owned()], vec![2, 900]));
        assert_eq!((terms.not_before, terms.not_after), (Decimal(5), Decimal(6)));
        assert_eq!(terms.rest["limit"]["accesses"], "9");
        assert_eq!((grant.active_since, grant.ended), (Some(Decimal(5)), None));
        assert_eq!((grant.used.records, grant.used_in_all.bytes), (Decimal(2), Decimal(u64::MAX)));
    }

    #[test]
    fn decisions_are_read_as_nodes_write_them() {
        let anchor = json!({ "anchor": { "number": 9, "hash": "0x00" } });
        let allowed: Decided = read(Decision::Allowed { chain: vec![GrantId(5), GrantId(4)] }, anchor.clone());
        assert_eq!(allowed.anchor.number, 9);
        assert_eq!(allowed.decision, DecisionView::Allowed { chain: vec![Decimal(5), Decimal(4)] });
        let denied: Decided = read(Decision::Denied { reason: Denial::NoGrant, grant: None }, anchor);
        assert_eq!(denied.decision, DecisionView::Denied { reason: "no_grant".into(), grant: None });
        assert_eq!(serde_json::to_value(&denied).unwrap()["decision"], "denied");
    }

    #[test]
    fn questions_are_written_as_nodes_read_them() {
        let question = AccessQuestion {
            consumer: OrganisationId(3),
            dataset: DatasetId(7),
            version: Some(2),
            action: Action::Derive,
            purpose: PurposeCode(2),
            time: Some(u64::MAX),
        };
        let time = "18446744073709551615";
        let written =
            json!({ "consumer": 3, "dataset": "7", "version": 2, "action": "derive", "purpose": 2, "time": time });
        assert_eq!(json!(question), written);
        let written = json!({ "consumer": 3, "dataset": "7", "action": "derive", "purpose": 2 });
        assert_eq!(json!(AccessQuestion { version: None, time: None, ..question }), written);
        let filter = GrantFilter { dataset: Some(DatasetId(7)), ..Default::default() };
        assert_eq!(json!(filter), json!({ "dataset": "7" }));
    }
}
