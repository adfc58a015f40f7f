//! All records about a subject, in one file that proves that none was left out.
//!
//! The node is not trusted: the list is verified before it is handed out.

use crate::{
    connection::{NodeError, NOT_FINAL_YET, NOT_SYNCED},
    ledger::Ledger,
    rpc::{AuthoritySets, Block, Decimal, Hex, JustifiedHeader},
};
use citynet_primitives::{Hash, Record, Subject};
use citynet_proofs::{
    evidence::{self, AuthoritiesProof, GenesisProof},
    list::ListFormat,
    verify_list, Failure, List, ListedRecord, Trust, VerifiedList,
};
use serde::Deserialize;
use std::time::{Duration, Instant};
use subxt::rpcs::rpc_params;

/// How many records to ask for at once. Terms of grants can have several kilobytes.
const PAGE: u32 = 250;

/// The block of a walk is not in the finalised chain of this node.
const CURSOR_EXPIRED: i32 = 9003;

/// For how long to wait before a node is asked again.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// A list cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CompletenessError {
    /// The node does not help.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The node gives records and nothing that proves anything.
    #[error("the node's first page has no proof")]
    NoProof,
    /// The pages do not belong together.
    #[error("the node's pages are of different blocks, {first} and {other}")]
    OtherBlock {
        /// The first page's.
        first: u32,
        /// Another page's.
        other: u32,
    },
    /// There are more records than are taken.
    #[error("there are {count} records about {subject}, and at most {most} are taken")]
    TooMany {
        /// The subject.
        subject: Subject,
        /// How many there are.
        count: u64,
        /// How many are taken.
        most: u64,
    },
    /// The node's answer is wrong, or not all.
    #[error("what the node gives is not proven complete, at step {0}")]
    Wrong(#[from] Failure),
}

/// A list of all records about a subject, and what it proves.
#[derive(Clone, Debug)]
pub struct Complete {
    /// The list.
    pub list: List,
    /// What it proves.
    pub verified: VerifiedList,
}

impl Complete {
    /// The list's text, with the records that `shown` does not want by their leaf hashes alone. It proves the same number
    /// of records, but who has only this text does not learn what those say.
    pub fn text(&self, shown: impl Fn(&Record) -> bool) -> String {
        let mut list = self.list.clone();
        for (listed, verified) in list.records.iter_mut().zip(&self.verified.records) {
            if verified.record.as_ref().is_some_and(|record| !shown(record)) {
                *listed = listed.concealed();
            }
        }
        list.to_json()
    }
}

/// Fetches the records about a subject with what proves them complete, and verifies it against the chain's genesis. Waits
/// for at most `patience` until the node has it; `waiting` is told so.
///
/// # Errors
///
/// [`CompletenessError`].
pub async fn complete(
    ledger: &Ledger,
    subject: Subject,
    patience: Duration,
    waiting: &mut dyn FnMut(&str),
) -> Result<Complete, CompletenessError> {
    let ask = async |cursor: Option<String>| {
        let params = rpc_params![subject.to_string(), cursor, PAGE];
        ledger.with(async |connection| connection.request::<Page>("citynet_completeness", params.clone()).await).await
    };
    let begin = Instant::now();
    let list = loop {
        match fetch(*ledger.genesis(), subject, u64::MAX, &ask).await {
            Err(CompletenessError::Node(error)) if begin.elapsed() < patience && is_passing(&error) => {
                waiting(&error.to_string());
                tokio::time::sleep(PAUSE).await;
            }
            fetched => break fetched?.1,
        }
    };
    let verified = verify_list(list.to_json().as_bytes(), &Trust::Genesis(*ledger.genesis()))?;
    Ok(Complete { list, verified })
}

/// Whether the node may know in a moment.
pub(super) fn is_passing(error: &NodeError) -> bool {
    matches!(error.code(), Some(NOT_FINAL_YET | NOT_SYNCED | CURSOR_EXPIRED))
}

/// A page of `citynet_completeness`.
#[derive(Clone, Deserialize)]
pub(super) struct Page {
    pub(super) anchor: Block,
    items: Vec<Item>,
    next: Option<String>,
    proof: Option<HeadProof>,
}

/// Of a record, all that a list needs. The rest is in it.
#[derive(Clone, Deserialize)]
struct Item {
    encoded: Hex,
}

#[derive(Clone, Deserialize)]
struct HeadProof {
    head: Head,
    state: Vec<Hex>,
    header: Hex,
    justification: Hex,
    authorities: AuthoritySets,
}

#[derive(Clone, Deserialize)]
struct Head {
    count: Decimal,
}

/// Puts the pages of one walk together, and says of which block they are. Nothing is checked that the verification checks.
/// Where there are more than `most` records, none but those of the first page are fetched.
pub(super) async fn fetch(
    genesis: Hash,
    subject: Subject,
    most: u64,
    ask: &impl AsyncFn(Option<String>) -> Result<Page, NodeError>,
) -> Result<(Block, List), CompletenessError> {
    let Page { anchor, items, mut next, proof } = ask(None).await?;
    let HeadProof { head, state, header, justification, authorities } = proof.ok_or(CompletenessError::NoProof)?;
    let count = head.count.0;
    if count > most {
        return Err(CompletenessError::TooMany { subject, count, most });
    }
    let listed = |item: Item| ListedRecord::Record(item.encoded.0);
    let mut records: Vec<ListedRecord> = items.into_iter().map(listed).collect();
    while let Some(cursor) = next {
        let page = ask(Some(cursor)).await?;
        if page.anchor.hash != anchor.hash {
            return Err(CompletenessError::OtherBlock { first: anchor.number, other: page.anchor.number });
        }
        records.extend(page.items.into_iter().map(listed));
        next = page.next;
    }
    let list = List {
        authorities: AuthoritiesProof {
            changes: authorities.changes.into_iter().map(justified).collect(),
            genesis: Some(GenesisProof {
                proof: ascending(authorities.genesis.proof),
                state_root: authorities.genesis.state_root.hash()?,
            }),
        },
        finality: justified(JustifiedHeader { header, justification }),
        format: ListFormat::V1,
        genesis_hash: genesis,
        head: ascending(state),
        records,
        subject,
    };
    Ok((anchor, list))
}

/// The format prescribes an order of trie nodes, which the node's answer need not have.
fn ascending(nodes: Vec<Hex>) -> Vec<Vec<u8>> {
    let mut nodes: Vec<_> = nodes.into_iter().map(|node| node.0).collect();
    nodes.sort_unstable();
    nodes
}

fn justified(proof: JustifiedHeader) -> evidence::JustifiedHeader {
    evidence::JustifiedHeader { header: proof.header.0, justification: proof.justification.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn hex(bytes: &[u8]) -> Value {
        json!(Hex(bytes.to_vec()))
    }

    fn page(block: u32, records: &[&[u8]], next: Option<&str>, proof: Value) -> Page {
        let items: Vec<_> = records.iter().map(|record| json!({ "encoded": hex(record), "index": "1" })).collect();
        let anchor = json!({ "number": block, "hash": hex(&[9; 32]) });
        let page =
            json!({ "anchor": anchor, "items": items, "next": next, "complete": next.is_none(), "proof": proof });
        serde_json::from_value(page).unwrap()
    }

    fn proof() -> Value {
        json!({
            "genesisHash": hex(&[0; 32]),
            "head": { "count": "3", "chain": hex(&[1; 32]) },
            "state": [hex(&[8]), hex(&[7])],
            "header": hex(&[3]),
            "justification": hex(&[4]),
            "authorities": {
                "genesis": { "stateRoot": hex(&[2; 32]), "proof": [hex(&[6]), hex(&[5])] },
                "changes": [{ "header": hex(&[1]), "justification": hex(&[2]) }],
            },
        })
    }

    const SUBJECT: Subject = Subject::Grant(citynet_primitives::GrantId(5));

    async fn fetched(pages: Vec<Page>) -> Result<List, CompletenessError> {
        let ask = async |cursor: Option<String>| {
            let position: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            Ok(pages[position].clone())
        };
        fetch([1; 32], SUBJECT, 3, &ask).await.map(|(_, list)| list)
    }

    #[tokio::test]
    async fn pages_are_put_together() {
        let pages = vec![
            page(9, &[&[1], &[2]], Some("1"), proof()),
            page(9, &[&[3]], Some("2"), json!(null)),
            page(9, &[], None, json!(null)),
        ];
        let list = fetched(pages).await.unwrap();
        let records: Vec<_> = [1, 2, 3].map(|byte| ListedRecord::Record(vec![byte])).into();
        assert_eq!((list.records, list.subject, list.genesis_hash), (records, SUBJECT, [1; 32]));
        assert_eq!(list.head, [[7], [8]]);
        assert_eq!((list.finality.header, list.finality.justification), (vec![3], vec![4]));
        let genesis = list.authorities.genesis.unwrap();
        assert_eq!((genesis.state_root, genesis.proof), ([2; 32], vec![vec![5], vec![6]]));
        assert_eq!(list.authorities.changes[0].header, [1]);
    }

    #[tokio::test]
    async fn pages_that_do_not_belong_together_are_refused() {
        let other = Page { anchor: Block { number: 10, hash: Hex(vec![8; 32]) }, ..page(10, &[], None, json!(null)) };
        let refused = fetched(vec![page(9, &[], Some("1"), proof()), other]).await;
        assert!(matches!(refused, Err(CompletenessError::OtherBlock { first: 9, other: 10 })));
        let refused = fetched(vec![page(9, &[], None, json!(null))]).await;
        assert!(matches!(refused, Err(CompletenessError::NoProof)));
    }

    #[tokio::test]
    async fn too_many_records_are_not_fetched() {
        let mut many = proof();
        many["head"]["count"] = json!("4");
        // There is no page 1 to ask for.
        let refused = fetched(vec![page(9, &[&[1]], Some("1"), many)]).await;
        assert!(matches!(refused, Err(CompletenessError::TooMany { count: 4, most: 3, .. })));
    }

    #[test]
    fn only_what_passes_is_waited_for() {
        let refused = |code| NodeError::Refused { code, message: String::new(), data: None };
        for code in [9001, 9003, 9008] {
            assert!(is_passing(&refused(code)), "{code}");
        }
        for code in [9000, 9002, 9005, 9007, -32602] {
            assert!(!is_passing(&refused(code)), "{code}");
        }
        assert!(!is_passing(&NodeError::Answer(String::new())));
    }
}
