//! Subscriptions to records while the index grows, while readers come and go, and while they do not read.

use citynet_index::{Error, FinalisedBlock, FinalisedChain, Index};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{Body, DeviceId, Entry, Hash, OrganisationId, Record, Subject, TreeHead, RECORD_VERSION};
use citynet_rpc::{
    SubscriptionLimits, Subscriptions, MAX_BEHIND, STREAMED_RECORDS, SUBSCRIBE_RECORDS, UNSUBSCRIBE_RECORDS,
};
use codec::Encode;
use futures::{
    channel::mpsc::{unbounded, UnboundedSender},
    stream::BoxStream,
    StreamExt,
};
use jsonrpsee::{core::traits::ToRpcParams, types::ErrorObjectOwned, Methods, MethodsError, Subscription};
use proptest::prelude::*;
use serde_json::{json, value::RawValue, Value};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{runtime, task::JoinHandle};

const GENESIS: Hash = [7; 32];
const CITY: OrganisationId = OrganisationId(1);
const DEVICE: Subject = Subject::Device(DeviceId(1));

/// How many notifications a connection takes before its reader has read one.
const BUFFER: usize = 2;

/// A chain whose finality the test decides.
#[derive(Default)]
struct Chain {
    finalised: Mutex<Vec<Hash>>,
    listeners: Mutex<Vec<UnboundedSender<()>>>,
}

impl Chain {
    fn finalise(&self, hash: Hash) {
        self.finalised.lock().unwrap().push(hash);
        self.listeners.lock().unwrap().retain(|listener| listener.unbounded_send(()).is_ok());
    }

    fn stop(&self) {
        self.listeners.lock().unwrap().clear();
    }
}

impl FinalisedChain for Chain {
    fn genesis(&self) -> Hash {
        GENESIS
    }

    fn finalised(&self) -> u32 {
        u32::try_from(self.finalised.lock().unwrap().len().saturating_sub(1)).unwrap()
    }

    fn hash_of(&self, number: u32) -> Result<Option<Hash>, Error> {
        Ok(self.finalised.lock().unwrap().get(number as usize).copied())
    }

    fn load(&self, _: u32) -> Result<FinalisedBlock, Error> {
        unreachable!("subscriptions read the index only")
    }

    fn finality(&self) -> BoxStream<'static, ()> {
        let (listener, notifications) = unbounded();
        self.listeners.lock().unwrap().push(listener);
        notifications.boxed()
    }
}

/// A node with an index, which the test fills.
struct Node {
    _folder: TempDir,
    chain: Arc<Chain>,
    index: Index,
    tree: MemoryTree<Portable>,
    methods: Methods,
    follow: JoinHandle<()>,
}

impl Node {
    /// With a genesis block that wrote nothing.
    fn new(limits: SubscriptionLimits) -> Self {
        let folder = TempDir::new().unwrap();
        let index = Index::open(folder.path().join("index.sqlite")).unwrap();
        index.bind(&GENESIS).unwrap();
        let chain = Arc::new(Chain::default());
        let (subscriptions, follow) = Subscriptions::new(chain.clone(), Some(index.clone()), limits);
        let (methods, follow) = (subscriptions.methods().unwrap(), tokio::spawn(follow));
        let mut node = Self { _folder: folder, chain, index, tree: MemoryTree::new(), methods, follow };
        node.grow(vec![]);
        node
    }

    /// Finalises a block and, a little later, indexes it.
    fn grow(&mut self, bodies: Vec<Body>) {
        let block = self.finalise(bodies);
        self.index.append(&[block]).unwrap();
    }

    /// Finalises a block.
    fn finalise(&mut self, bodies: Vec<Body>) -> FinalisedBlock {
        let number = u32::try_from(self.chain.finalised.lock().unwrap().len()).unwrap();
        let entries = bodies.into_iter().map(|body| self.entry(number, body)).collect();
        let parent = number.checked_sub(1).map_or([0; 32], hash);
        let hash = hash(number);
        let head = TreeHead { size: self.tree.len(), root: self.tree.root() };
        self.chain.finalise(hash);
        FinalisedBlock { number, hash, parent, head, entries, extrinsics: Vec::new() }
    }

    fn entry(&mut self, block: u32, body: Body) -> Entry {
        let subject = if matches!(body, Body::DeviceRetired { .. }) { DEVICE } else { Subject::Organisation(CITY) };
        let (index, time) = (self.tree.len(), u64::from(block) * 1000);
        let (version, organisation, account) = (RECORD_VERSION, CITY, [1; 32]);
        let record = Record { version, index, block, time, organisation, account, body };
        self.tree.push(leaf_hash::<Portable>(&record.encode()));
        Entry { record, subjects: vec![subject].try_into().unwrap() }
    }

    async fn subscribe(&self, params: Value) -> Result<Reader, ErrorObjectOwned> {
        match self.methods.subscribe(SUBSCRIBE_RECORDS, Asked(params), BUFFER).await {
            Ok(subscription) => Ok(Reader(subscription)),
            Err(MethodsError::JsonRpc(error)) => Err(error),
            Err(error) => panic!("{error}"),
        }
    }

    async fn refused(&self, params: Value) -> (i32, Value) {
        let error = self.subscribe(params).await.err().expect("it is refused");
        (error.code(), serde_json::from_str(error.data().unwrap().get()).unwrap())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.follow.abort();
    }
}

fn hash(number: u32) -> Hash {
    leaf_hash::<Portable>(&number.encode())
}

/// A record about the device.
fn retired() -> Body {
    Body::DeviceRetired { device: DeviceId(1), reason: Default::default() }
}

/// A record about the organisation.
fn removed() -> Body {
    Body::AccountRemoved { organisation: CITY, account: [2; 32] }
}

struct Asked(Value);

impl ToRpcParams for Asked {
    fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
        RawValue::from_string(self.0.to_string()).map(Some)
    }
}

struct Reader(Subscription);

impl Reader {
    /// The next notification; `None` after the last one.
    async fn next(&mut self) -> Option<Value> {
        Some(self.0.next::<Value>().await?.unwrap().0)
    }

    /// The indices in the next notification, and where to go on.
    async fn records(&mut self) -> (Vec<u64>, u64) {
        let view = self.next().await.expect("the subscription goes on");
        assert_eq!(view["event"], "records", "{view}");
        assert_eq!(view["anchor"]["hash"].as_str().map(str::len), Some(66), "{view}");
        let indices = view["items"].as_array().unwrap().iter().map(|item| number(&item["index"])).collect();
        (indices, number(&view["next"]))
    }

    /// How the subscription is ended: the reason, and where to go on.
    async fn closed(&mut self) -> (String, u64) {
        let view = self.next().await.expect("the reason is told");
        assert_eq!(view["event"], "closed", "{view}");
        assert!(view["message"].as_str().is_some_and(|message| !message.is_empty()), "{view}");
        assert!(self.next().await.is_none(), "nothing comes after it");
        (view["reason"].as_str().unwrap().to_owned(), number(&view["next"]))
    }
}

fn number(text: &Value) -> u64 {
    text.as_str().unwrap().parse().unwrap()
}

fn limits() -> SubscriptionLimits {
    SubscriptionLimits::default()
}

/// Ends what would wait for ever.
async fn in_time<T>(work: impl std::future::Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("it comes to an end")
}

#[tokio::test]
async fn it_begins_with_where_it_is_and_goes_on_with_what_is_written() {
    let mut node = Node::new(limits());
    node.grow(vec![removed(), retired()]);
    let mut reader = node.subscribe(json!([])).await.unwrap();
    in_time(async {
        assert_eq!(reader.records().await, (vec![], 2));
        node.grow(vec![]);
        node.grow(vec![removed()]);
        assert_eq!(reader.records().await, (vec![2], 3));
        node.grow(vec![retired(), removed()]);
        assert_eq!(reader.records().await, (vec![3, 4], 5));
    })
    .await;
}

#[tokio::test]
async fn it_brings_what_is_there_before_what_comes() {
    let mut node = Node::new(SubscriptionLimits { records: 2, ..limits() });
    node.grow(vec![removed(), retired(), removed()]);
    node.grow(vec![retired(), removed()]);
    let mut reader = node.subscribe(json!({ "from": "0" })).await.unwrap();
    in_time(async {
        assert_eq!(reader.records().await, (vec![0, 1], 2));
        assert_eq!(reader.records().await, (vec![2, 3], 4));
        assert_eq!(reader.records().await, (vec![4], 5));
        node.grow(vec![removed()]);
        assert_eq!(reader.records().await, (vec![5], 6));
    })
    .await;
}

#[tokio::test]
async fn it_brings_only_what_was_asked_for() {
    let mut node = Node::new(limits());
    node.grow(vec![removed(), retired(), removed(), retired()]);
    let mut about = node.subscribe(json!({ "filter": { "subject": "device:1" }, "from": 0 })).await.unwrap();
    let mut kind = node.subscribe(json!([{ "kind": "account_removed" }, "1"])).await.unwrap();
    let mut both = node.subscribe(json!([{ "kind": "account_removed", "fromIndex": "3" }, "1"])).await.unwrap();
    let mut never = node.subscribe(json!([{ "subject": "device:18446744073709551615" }, "0"])).await.unwrap();
    in_time(async {
        assert_eq!(about.records().await, (vec![1, 3], 4));
        assert_eq!(kind.records().await, (vec![2], 4));
        assert_eq!(both.records().await, (vec![], 4));
        assert_eq!(never.records().await, (vec![], 4));
        node.grow(vec![retired(), removed()]);
        assert_eq!(about.records().await, (vec![4], 6));
        assert_eq!(kind.records().await, (vec![5], 6));
        assert_eq!(both.records().await, (vec![5], 6));
    })
    .await;
}

#[tokio::test]
async fn it_waits_for_an_index_that_is_not_reached_yet() {
    let mut node = Node::new(limits());
    node.grow(vec![removed()]);
    let mut reader = node.subscribe(json!({ "from": "3" })).await.unwrap();
    let mut beyond = node.subscribe(json!({ "from": u64::MAX })).await.unwrap();
    in_time(async {
        assert_eq!(beyond.records().await, (vec![], u64::MAX));
        assert_eq!(reader.records().await, (vec![], 3));
        node.grow(vec![removed(), removed()]);
        node.grow(vec![removed(), removed()]);
        assert_eq!(reader.records().await, (vec![3, 4], 5));
    })
    .await;
}

#[tokio::test]
async fn a_long_search_says_how_far_it_is() {
    let mut node = Node::new(SubscriptionLimits { scanned: 4, ..limits() });
    node.grow((0..9).map(|_| removed()).chain([retired()]).collect());
    let mut reader = node.subscribe(json!([{ "subject": "device:1" }, "0"])).await.unwrap();
    in_time(async {
        assert_eq!(reader.records().await, (vec![], 4));
        assert_eq!(reader.records().await, (vec![], 8));
        assert_eq!(reader.records().await, (vec![9], 10));
        // Three records are too few to be told of, four are not.
        node.grow(vec![removed(), removed(), removed()]);
        node.grow(vec![removed()]);
        assert_eq!(reader.records().await, (vec![], 14));
    })
    .await;
}

#[tokio::test]
async fn silence_is_told_from_absence() {
    let mut node = Node::new(SubscriptionLimits { blocks: 3, ..limits() });
    let mut reader = node.subscribe(json!([])).await.unwrap();
    in_time(async {
        let anchor = |view: Option<Value>| view.unwrap()["anchor"]["number"].as_u64();
        assert_eq!(anchor(reader.next().await), Some(0));
        (0..3).for_each(|_| node.grow(vec![]));
        assert_eq!(anchor(reader.next().await), Some(3));
        (0..3).for_each(|_| node.grow(vec![]));
        assert_eq!(anchor(reader.next().await), Some(6));
    })
    .await;
}

#[tokio::test]
async fn a_notification_has_only_so_many_bytes() {
    let mut node = Node::new(limits());
    node.grow((0..4).map(|_| removed()).collect());
    let one = node.index.read(|snapshot| snapshot.record(0)).unwrap().unwrap().encoded.len();
    for (bytes, first) in [(0, vec![0]), (one, vec![0]), (2 * one, vec![0, 1]), (4 * one, vec![0, 1, 2, 3])] {
        let limits = SubscriptionLimits { bytes, ..limits() };
        let (subscriptions, _) = Subscriptions::new(node.chain.clone(), Some(node.index.clone()), limits);
        let methods = subscriptions.methods().unwrap();
        let subscription = methods.subscribe(SUBSCRIBE_RECORDS, Asked(json!({ "from": 0 })), BUFFER).await.unwrap();
        let mut reader = Reader(subscription);
        let mut seen = Vec::new();
        while seen.len() < 4 {
            let (indices, next) = in_time(reader.records()).await;
            assert!(!seen.is_empty() || indices == first, "{bytes}: {indices:?}");
            seen.extend(indices);
            assert_eq!(next, seen.last().unwrap() + 1);
        }
        assert_eq!(seen, [0, 1, 2, 3]);
    }
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_can_go_on() {
    let patience = Duration::from_millis(300);
    let mut node = Node::new(SubscriptionLimits { records: 1, subscriptions: 1, patience, ..limits() });
    node.grow((0..50).map(|_| removed()).collect());
    let mut slow = node.subscribe(json!({ "from": 0 })).await.unwrap();
    in_time(async {
        // The only place is free again once the reader has lost it.
        while let Err(error) = node.subscribe(json!({ "from": 50 })).await {
            assert_eq!(error.code(), 9004);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // What the connection had taken, and not one more.
        for index in 0..BUFFER as u64 {
            assert_eq!(slow.records().await, (vec![index], index + 1));
        }
        let (reason, next) = slow.closed().await;
        assert_eq!((reason.as_str(), next), ("slow_reader", BUFFER as u64));
        let mut again = loop {
            match node.subscribe(json!({ "from": next.to_string() })).await {
                Ok(reader) => break reader,
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        };
        for index in next..50 {
            assert_eq!(again.records().await, (vec![index], index + 1));
        }
    })
    .await;
}

#[tokio::test]
async fn there_are_only_so_many_places() {
    let node = Node::new(SubscriptionLimits { subscriptions: 2, ..limits() });
    let first = node.subscribe(json!([])).await.unwrap();
    let mut second = node.subscribe(json!([])).await.unwrap();
    let full = (9004, json!({ "code": "limit_exceeded", "what": "subscriptions of one node", "limit": 2 }));
    assert_eq!(node.refused(json!([])).await, full);
    in_time(async {
        // One leaves by breaking the connection, the other by saying so.
        drop(first);
        let mut third = loop {
            match node.subscribe(json!([])).await {
                Ok(reader) => break reader,
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        };
        assert_eq!(node.refused(json!([])).await, full);
        second.records().await;
        let id = second.0.subscription_id().clone().into_owned();
        assert!(node.methods.call::<_, bool>(UNSUBSCRIBE_RECORDS, [id.clone()]).await.unwrap());
        assert!(second.next().await.is_none(), "nothing is to be told");
        assert!(!node.methods.call::<_, bool>(UNSUBSCRIBE_RECORDS, [id]).await.unwrap());
        third.records().await;
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_it_begins() {
    let node = Node::new(limits());
    for (params, reason) in [
        (json!([{ "kind": "batch" }]), "batch_attested"),
        (json!([{ "subject": "motion:1" }]), "organisation:N"),
        (json!([{ "device": "1" }]), "unknown field"),
        (json!([null, "-1"]), "decimal string"),
        (json!([null, "18446744073709551616"]), "decimal string"),
        (json!([null, true]), "decimal string"),
        (json!(["0"]), "struct FilterParams"),
        (json!({ "cursor": "0" }), "unknown field"),
        (json!({ "from": {} }), "decimal string"),
    ] {
        let error = node.subscribe(params.clone()).await.err().unwrap_or_else(|| panic!("{params} is taken"));
        assert_eq!(error.code(), -32602, "{params}");
        assert!(error.message().contains(reason), "{params}: {error:?}");
        assert_eq!(error.data().map(RawValue::get), Some(r#"{"code":"invalid_params"}"#), "{params}");
    }
}

#[tokio::test]
async fn an_index_that_does_not_answer_is_told() {
    let (subscriptions, follow) = Subscriptions::new(Arc::new(Chain::default()), None, limits());
    // There is nothing to follow.
    in_time(follow).await;
    let methods = subscriptions.methods().unwrap();
    let refused = methods.subscribe(SUBSCRIBE_RECORDS, Asked(json!([])), BUFFER).await;
    let Err(MethodsError::JsonRpc(error)) = refused else { panic!("a node without an index has no records") };
    assert_eq!(error.code(), 9007);

    let mut node = Node::new(limits());
    node.grow(vec![removed()]);
    let mut reader = node.subscribe(json!({ "from": 0 })).await.unwrap();
    in_time(async {
        assert_eq!(reader.records().await, (vec![0], 1));
        (0..MAX_BEHIND).for_each(|_| drop(node.finalise(vec![])));
        let late = node.subscribe(json!([])).await;
        assert!(late.is_ok(), "it is behind, but not far");
        node.finalise(vec![]);
        assert_eq!(node.refused(json!([])).await.0, 9001);
        assert_eq!(reader.closed().await, ("not_synced".to_owned(), 1));
    })
    .await;
}

#[tokio::test]
async fn it_ends_with_the_node() {
    let node = Node::new(limits());
    let mut reader = node.subscribe(json!([])).await.unwrap();
    in_time(async {
        reader.records().await;
        node.chain.stop();
        assert_eq!(reader.closed().await, ("not_synced".to_owned(), 0));
    })
    .await;
}

#[tokio::test]
async fn notifications_have_their_own_name() {
    let node = Node::new(limits());
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": SUBSCRIBE_RECORDS, "params": [] });
    let (answer, mut notifications) = node.methods.raw_json_request(&request.to_string(), BUFFER).await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let notification = in_time(notifications.recv()).await.unwrap();
    let notification: Value = serde_json::from_str(&notification).unwrap();
    assert_eq!(notification["method"], STREAMED_RECORDS);
    assert_eq!(notification["params"]["subscription"], answer["result"]);
}

/// What happens to a node and its reader.
#[derive(Clone, Debug)]
enum Step {
    /// Blocks become final, each with records: those about the device are `true`.
    Grow(Vec<Vec<bool>>),
    /// So many notifications are read, if there are records to come.
    Read(usize),
    /// The connection breaks.
    Break,
}

fn step() -> impl Strategy<Value = Step> {
    let blocks = prop::collection::vec(prop::collection::vec(any::<bool>(), 0..5), 1..4);
    prop_oneof![3 => blocks.prop_map(Step::Grow), 4 => (1..4usize).prop_map(Step::Read), 2 => Just(Step::Break)]
}

/// Reads by as many subscriptions as break, each from where the one before ended. Returns the indices that were read and
/// those that there are.
async fn read_through(filtered: bool, limits: SubscriptionLimits, steps: Vec<Step>) -> (Vec<u64>, Vec<u64>) {
    let mut node = Node::new(limits);
    let params = |next: u64| match filtered {
        true => json!([{ "subject": "device:1" }, next.to_string()]),
        false => json!({ "from": next }),
    };
    let (mut read, mut there, mut next) = (Vec::new(), Vec::new(), 0);
    let mut reader = None;
    // The last block ends the search for what should not be there.
    let steps = steps.into_iter().chain([Step::Grow(vec![vec![true]]), Step::Read(usize::MAX)]);
    for step in steps {
        match step {
            Step::Grow(blocks) => {
                for block in blocks {
                    let first = node.tree.len();
                    there.extend(
                        (first..).zip(&block).filter(|(_, device)| !filtered || **device).map(|(index, _)| index),
                    );
                    node.grow(block.into_iter().map(|device| if device { retired() } else { removed() }).collect());
                }
            }
            Step::Read(times) => {
                for _ in 0..times {
                    if read.len() == there.len() {
                        break;
                    }
                    let reader = match &mut reader {
                        Some(reader) => reader,
                        none => none.insert(node.subscribe(params(next)).await.unwrap()),
                    };
                    let (indices, after) = reader.records().await;
                    assert!(
                        indices.iter().all(|index| (next..after).contains(index)),
                        "{indices:?} in {next}..{after}"
                    );
                    read.extend(indices);
                    next = after;
                }
            }
            Step::Break => reader = None,
        }
    }
    (read, there)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_record_is_left_out_and_none_comes_twice(
        filtered: bool,
        records in 1..4u32,
        scanned in 1..6u64,
        steps in prop::collection::vec(step(), 1..16),
    ) {
        let limits = SubscriptionLimits { records, scanned, ..limits() };
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (read, there) = runtime.block_on(in_time(read_through(filtered, limits, steps)));
        prop_assert_eq!(read, there);
    }
}
