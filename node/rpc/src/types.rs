//! What goes over the wire.

use crate::Error;
use citynet_index::{IndexedDevice, IndexedRecord, Position};
use citynet_primitives::{
    DeviceInfo, DeviceProfile, Hash, OrganisationId, OrganisationInfo, Parameters, Record, Subject, TreeHead,
};
use codec::Encode;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Bytes as `0x` and lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(&self.0)))
    }
}

impl From<Vec<u8>> for Hex {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Hash> for Hex {
    fn from(hash: Hash) -> Self {
        Self(hash.to_vec())
    }
}

/// A 64-bit integer: a decimal string, and as input also a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Decimal(pub u64);

impl Decimal {
    /// As the number of an organisation.
    pub(crate) fn organisation(self) -> Result<OrganisationId, Error> {
        let number = u32::try_from(self.0).map_err(|_| Error::invalid("an organisation's number is below 2^32"))?;
        Ok(OrganisationId(number))
    }

    /// As the number of a currency.
    pub(crate) fn currency(self) -> Result<u32, Error> {
        u32::try_from(self.0).map_err(|_| Error::invalid("a currency's number is below 2^32"))
    }

    /// As the number of a netting cycle.
    pub(crate) fn cycle(self) -> Result<u32, Error> {
        u32::try_from(self.0).map_err(|_| Error::invalid("a cycle's number is below 2^32"))
    }

    /// As the number of a version.
    pub(crate) fn version(self) -> Result<u32, Error> {
        u32::try_from(self.0).map_err(|_| Error::invalid("a version's number is below 2^32"))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer from 0 to 2^64 - 1, as a decimal string or a number")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
                Ok(Decimal(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                // `parse` would also take a plus sign.
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = if digits { text.parse().ok() } else { None };
                number.map(Decimal).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// The finalised block that an answer is true for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hex,
}

impl Anchor {
    pub(crate) fn new(number: u32, hash: Hash) -> Self {
        Self { number, hash: hash.into() }
    }
}

impl From<&Position> for Anchor {
    fn from(position: &Position) -> Self {
        Self::new(position.number, position.hash)
    }
}

/// One page of a list, in ascending order.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The block that every page of the walk is true for.
    pub anchor: Anchor,
    /// The items.
    pub items: Vec<T>,
    /// What to ask for the next page with, unless this is the last.
    pub next: Option<String>,
    /// Whether this is the last page.
    pub complete: bool,
}

/// Answer of `citynet_status`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// The chain's name.
    pub chain: String,
    /// The hash of its first block.
    pub genesis_hash: Hex,
    /// The version of the runtime at the best block.
    pub spec_version: u32,
    /// The best block.
    pub best: BlockView,
    /// The finalised block.
    pub finalized: BlockView,
    /// The journal's tree at the finalised block.
    pub tree_head: TreeHead,
    /// The index, or null when the node runs without.
    pub index: Option<IndexView>,
}

/// A block in [`StatusView`].
#[derive(Clone, Debug, Serialize)]
pub struct BlockView {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hex,
}

/// The index in [`StatusView`].
#[derive(Clone, Debug, Serialize)]
pub struct IndexView {
    /// The last block that it holds; null while it holds none.
    pub number: Option<u32>,
    /// The hash of that block.
    pub hash: Option<Hex>,
    /// How many records it holds.
    pub records: Decimal,
    /// Whether it answers: it is at most [`crate::MAX_BEHIND`] blocks behind and on the node's chain.
    pub synced: bool,
    /// How many finalised blocks it does not hold yet.
    pub behind: u32,
}

/// A record: its own fields, and where it is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    /// `version`, `index`, `block`, `time`, `organisation`, `account` and `body`.
    #[serde(flatten)]
    pub record: Record,
    /// The hash of the block that wrote it.
    pub block_hash: Hex,
    /// `SHA256(0x00 ‖ encoded)`.
    pub leaf_hash: Hex,
    /// Its SCALE encoding, the leaf of the journal's tree.
    pub encoded: Hex,
    /// What it is about.
    pub subjects: Vec<String>,
}

impl From<IndexedRecord> for RecordView {
    fn from(found: IndexedRecord) -> Self {
        Self {
            record: found.record,
            block_hash: found.block_hash.into(),
            leaf_hash: found.leaf.into(),
            encoded: found.encoded.into(),
            subjects: found.subjects.iter().map(Subject::to_string).collect(),
        }
    }
}

/// Answer of `citynet_record` and `citynet_batch`.
#[derive(Clone, Debug, Serialize)]
pub struct RecordAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The record.
    pub record: RecordView,
}

/// Answer of `citynet_proof`: all that `citynet-proofs` needs to verify the records from the genesis hash.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    /// The hash of the chain's first block.
    pub genesis_hash: Hex,
    /// The records in the order asked for.
    pub records: Vec<RecordProofView>,
    /// The SCALE-encoded header whose tree head the paths lead to.
    pub header: Hex,
    /// The SCALE-encoded GRANDPA justification of that header.
    pub justification: Hex,
    /// How its authorities follow from the genesis block.
    pub authorities: AuthoritiesView,
}

/// A record with its inclusion path.
#[derive(Clone, Debug, Serialize)]
pub struct RecordProofView {
    /// The SCALE-encoded record.
    pub record: Hex,
    /// The path from its leaf to the root, from the bottom up.
    pub path: Vec<Hex>,
}

/// The authority sets in [`ProofView`].
#[derive(Clone, Debug, Serialize)]
pub struct AuthoritiesView {
    /// Set 0.
    pub genesis: GenesisView,
    /// The handover from each set to the next, up to the set of the justification.
    pub changes: Vec<ChangeView>,
}

/// The first authorities in [`AuthoritiesView`].
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GenesisView {
    /// The state root of the genesis block.
    pub state_root: Hex,
    /// The trie nodes from that root to `Grandpa::Authorities`.
    pub proof: Vec<Hex>,
}

/// A handover in [`AuthoritiesView`].
#[derive(Clone, Debug, Serialize)]
pub struct ChangeView {
    /// The SCALE-encoded header that names the next authorities: the last block of the set that hands over.
    pub header: Hex,
    /// The SCALE-encoded GRANDPA justification of that header by the set that hands over.
    pub justification: Hex,
}

/// Answer of `citynet_consistency`.
#[derive(Clone, Debug, Serialize)]
pub struct ConsistencyView {
    /// The earlier tree.
    pub first: TreeHead,
    /// The later tree.
    pub second: TreeHead,
    /// The path that shows that the later one begins with the earlier one.
    pub path: Vec<Hex>,
}

/// A device: its state at the anchor, and what the records say about it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its number.
    pub device: Decimal,
    /// The fields of [`DeviceInfo`].
    #[serde(flatten)]
    pub state: DeviceInfo,
    /// What it is and where.
    pub profile: DeviceProfile,
    /// The index of the record that registered it.
    pub registered_at: Decimal,
    /// Each epoch of its key with the index of the record that began it.
    pub key_records: Vec<KeyRecord>,
}

impl DeviceView {
    /// Puts together what the index and the state know.
    pub fn new(found: IndexedDevice, state: DeviceInfo) -> Self {
        let keys = found.keys.into_iter();
        Self {
            device: Decimal(found.device.0),
            state,
            profile: found.profile,
            registered_at: Decimal(found.registered),
            key_records: keys.map(|(epoch, record)| KeyRecord { epoch, record: Decimal(record) }).collect(),
        }
    }
}

/// An epoch of a device's key in [`DeviceView`].
#[derive(Clone, Debug, Serialize)]
pub struct KeyRecord {
    /// The epoch.
    pub epoch: u32,
    /// The index of the record that began it.
    pub record: Decimal,
}

/// Answer of `citynet_device`.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The device.
    #[serde(flatten)]
    pub device: DeviceView,
}

/// A whole list of what the chain's state holds. Such lists are short: they do not come in pages.
#[derive(Clone, Debug, Serialize)]
pub struct ListAnswer<T> {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// Everything that there is.
    pub items: Vec<T>,
}

/// Answer of `citynet_organisation`.
#[derive(Clone, Debug, Serialize)]
pub struct OrganisationAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The organisation.
    pub organisation: OrganisationInfo,
}

/// Answer of `citynet_parameters`.
#[derive(Clone, Debug, Serialize)]
pub struct ParametersAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The parameters. `quotas` are those of government, telecom, university, industry, auditor and settlement agent.
    pub parameters: Parameters,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn decimals_are_read_from_strings_and_numbers() {
        for (input, expected) in [
            (json!("0"), 0),
            (json!(0), 0),
            (json!("18446744073709551615"), u64::MAX),
            (json!(u64::MAX), u64::MAX),
            (json!("9007199254740993"), 9_007_199_254_740_993),
        ] {
            assert_eq!(serde_json::from_value::<Decimal>(input).unwrap(), Decimal(expected));
        }
        assert_eq!(json!(Decimal(u64::MAX)), json!("18446744073709551615"));
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for input in [
            json!(""),
            json!("+1"),
            json!("-1"),
            json!(" 1"),
            json!("0x1"),
            json!("1.0"),
            json!("18446744073709551616"),
            json!(-1),
            json!(1.5),
            json!(null),
            json!([1]),
        ] {
            assert!(serde_json::from_value::<Decimal>(input.clone()).is_err(), "{input}");
        }
    }
}
