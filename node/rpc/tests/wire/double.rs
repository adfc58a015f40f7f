//! A small chain with real headers, state roots, justifications and records, and nodes that serve it.
//!
//! Only the runtime is a double: it answers each call with what the story below says. At blocks before an object there
//! is none of it; apart from that it is the same at every block.

use crate::story::{self, Bodies};
use citynet_index::{FinalisedBlock, FinalisedChain, Index, Settings};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    Amount, CodeList, CycleId, DatasetId, Decision, Denial, DeviceId, Entry, GrantId, Hash, OrganisationId, Record,
    Subject, SubjectHead, TreeHead, RECORD_VERSION, TREE_HEAD_ENGINE,
};
use citynet_proofs::{authorities, head};
use citynet_rpc::{methods, timestamp_key, Block, Header, Ledger, SubscriptionLimits, Subscriptions};
use citynet_runtime_api::{
    AttestationsApi, CatalogApi, ConsortiumApi, GrantsApi, JournalApi, NodesApi, SettlementsApi,
};
use codec::{Decode, Encode};
use finality_grandpa::{Message, SignedPrecommit};
use futures::{
    future::{BoxFuture, FutureExt as _},
    stream::{self, BoxStream, StreamExt as _},
};
use jsonrpsee::Methods;
use sc_client_api::{
    in_mem::{Backend, Blockchain},
    AuxStore, Backend as _, BlockBackend, BlockImportOperation, CompactProof, NewBlockState, ProofProvider,
    StorageProof, TrieCacheContext,
};
use sc_consensus_grandpa::{AuthoritySet, Commit, Precommit, SharedAuthoritySet, GRANDPA_ENGINE_ID};
use serde_json::Value;
use sp_api::{ApiError, ApiExt, ApiRef, CallContext, Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_grandpa::{AuthorityList, ConsensusLog, GrandpaJustification, ScheduledChange};
use sp_core::{crypto::Pair as _, ed25519, storage::Storage, H256};
use sp_crypto_hashing::sha2_256;
use sp_runtime::{
    generic::SignedBlock,
    traits::{BlakeTwo256, Hash as _, Header as _},
    DigestItem, Justifications, StateVersion,
};
use sp_state_machine::{prove_read, KeyValueStates, KeyValueStorageLevel};
use sp_version::RuntimeVersion;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

/// The finalised block. One more was made.
pub const FINALIZED: u32 = 8;
/// The last block of authority set 0.
const HANDOVER: u32 = 3;
/// The blocks with a stored justification.
const JUSTIFIED: [u32; 2] = [HANDOVER, 6];
/// The block of the newest justification, which is stored aside.
const NEWEST_JUSTIFIED: u32 = 7;
/// How many authorities a set has.
const AUTHORITIES: u8 = 3;

/// What a node has, or lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Everything.
    Complete,
    /// It runs without an index.
    WithoutIndex,
    /// Its index holds no block yet.
    Filling,
    /// It has pruned the state of its blocks.
    Pruned,
    /// Its runtime fails.
    Broken,
    /// Its index may read one row for an answer, and it serves no subscriptions.
    Thrifty,
    /// It follows another chain with the same story.
    Fork,
}

impl Kind {
    /// The name in golden files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::WithoutIndex => "without_index",
            Self::Filling => "filling",
            Self::Pruned => "pruned",
            Self::Broken => "broken",
            Self::Thrifty => "thrifty",
            Self::Fork => "fork",
        }
    }
}

/// A node's methods.
pub struct Node {
    methods: Methods,
    genesis: Hash,
    backend: Arc<Backend<Block>>,
    /// Would tell subscriptions of further blocks, which there are none of. Without it they end.
    _tell: Option<BoxFuture<'static, ()>>,
    _folder: TempDir,
}

impl Node {
    pub fn new(kind: Kind) -> Self {
        let chain = Chain::build(u8::from(kind == Kind::Fork), kind != Kind::Pruned);
        let folder = TempDir::new().unwrap();
        let index = (kind != Kind::WithoutIndex).then(|| {
            let rows = if kind == Kind::Thrifty { 1 } else { Settings::default().rows };
            let settings = Settings { rows, ..Settings::default() };
            let index = Index::open_with(folder.path().join("index.sqlite"), settings).unwrap();
            index.bind(&chain.genesis().0).unwrap();
            if kind != Kind::Filling {
                index.append(&chain.indexed).unwrap();
            }
            index
        });
        let genesis = chain.genesis().0;
        let set = chain.authority_set();
        let backend = chain.backend.clone();
        let client = Arc::new(Client {
            blockchain: backend.blockchain().clone(),
            backend: backend.clone(),
            runtime: Runtime { blocks: Arc::new(chain.blocks), kind },
        });
        let usual = SubscriptionLimits::default();
        let subscriptions = if kind == Kind::Thrifty { 0 } else { usual.subscriptions };
        let limits = SubscriptionLimits { subscriptions, ..usual };
        let (subscriptions, tell) = Subscriptions::new(client.clone(), index.clone(), limits);
        let tell = (kind != Kind::Fork).then(|| tell.boxed());
        let ledger = Ledger::new(client, backend.clone(), index, set, "CityNet Double".into());
        let mut methods = methods(ledger).unwrap();
        methods.merge(subscriptions.methods().unwrap()).unwrap();
        Self { methods, genesis, backend, _tell: tell, _folder: folder }
    }

    /// Has GRANDPA's newest justification be that of a block, in the place of the one before.
    pub fn justify(&self, number: u32) {
        let blockchain = self.backend.blockchain();
        let hash = blockchain.hash(number).unwrap().unwrap();
        justify(&self.backend, &blockchain.header(hash).unwrap().unwrap());
    }

    /// The hash of the chain's first block.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.methods.method_names().collect()
    }

    /// Sends a request as it is and returns what comes back.
    pub async fn send(&self, request: &Value) -> Value {
        let (answer, _) = self.methods.raw_json_request(&request.to_string(), 1).await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

impl Node {
    /// Sends a request that subscribes. Returns its answer, so many notifications, and what the others come by: the
    /// subscription ends with it.
    pub async fn subscribe(&self, request: &Value, notifications: usize) -> (Value, Vec<Value>, Receiver<String>) {
        let (answer, mut told) = self.methods.raw_json_request(&request.to_string(), 8).await.unwrap();
        let mut taken = Vec::new();
        for _ in 0..notifications {
            taken.push(serde_json::from_str(&told.recv().await.unwrap()).unwrap());
        }
        (serde_json::from_str(&answer).unwrap(), taken, told)
    }
}

/// What the story leaves behind.
struct Chain {
    backend: Arc<Backend<Block>>,
    hashes: Vec<H256>,
    indexed: Vec<FinalisedBlock>,
    /// What the runtime knows after each block.
    blocks: HashMap<H256, After>,
}

/// What the runtime knows after a block.
struct After {
    number: u32,
    /// The subjects' heads.
    heads: BTreeMap<Subject, SubjectHead>,
    /// The tree head.
    head: TreeHead,
}

impl Chain {
    /// Chains of another `salt` have other hashes from block 1 on. Without states the node has pruned them.
    fn build(salt: u8, with_states: bool) -> Self {
        let mut chain =
            Self { backend: Arc::new(Backend::new()), hashes: Vec::new(), indexed: Vec::new(), blocks: HashMap::new() };
        let mut tree = MemoryTree::<Portable>::new();
        let mut heads = BTreeMap::new();
        for (number, bodies) in (0u32..).zip(story::blocks()) {
            let extrinsics = story::extrinsics(number, salt, &bodies);
            let entries = entries(number, bodies, &mut tree, &mut heads);
            let head = TreeHead { size: tree.len(), root: tree.root() };
            let storage = Storage { top: state(number, &heads), children_default: Default::default() };
            let mut operation = chain.backend.begin_operation().unwrap();
            let state_root = operation.reset_storage(storage, StateVersion::V1).unwrap();
            let parent = chain.hashes.last().copied().unwrap_or_default();
            let header = header(number, parent, state_root, head, &extrinsics);
            let hash = header.hash();
            let finality = if number > FINALIZED { NewBlockState::Best } else { NewBlockState::Final };
            let stored = JUSTIFIED
                .contains(&number)
                .then(|| Justifications::from((GRANDPA_ENGINE_ID, justification(&header).encode())));
            let body = Some(extrinsics.clone());
            if with_states {
                operation.set_block_data(header.clone(), body, None, stored, finality, true).unwrap();
                chain.backend.commit_operation(operation).unwrap();
            } else {
                chain.backend.blockchain().insert(hash, header.clone(), stored, body, finality, true).unwrap();
            }
            if number == NEWEST_JUSTIFIED {
                justify(&chain.backend, &header);
            }
            chain.hashes.push(hash);
            chain.blocks.insert(hash, After { number, heads: heads.clone(), head });
            if number <= FINALIZED {
                let (hash, parent) = (hash.0, parent.0);
                chain.indexed.push(FinalisedBlock { number, hash, parent, head, entries, extrinsics });
            }
        }
        chain
    }

    fn genesis(&self) -> H256 {
        self.hashes[0]
    }

    /// Set 1, and that set 0 ended with the handover. Decoded, since it cannot be made from outside its crate.
    fn authority_set(&self) -> SharedAuthoritySet<H256, u32> {
        let no_changes = (Vec::<()>::new(), None::<u32>);
        let set = (authority_list(1), 1u64, no_changes, Vec::<()>::new(), vec![(0u64, HANDOVER)]).encode();
        AuthoritySet::decode(&mut set.as_slice()).unwrap().into()
    }
}

/// Numbers the records of a block, and puts them into the tree and their subjects' chains.
fn entries(
    block: u32,
    bodies: Bodies,
    tree: &mut MemoryTree<Portable>,
    heads: &mut BTreeMap<Subject, SubjectHead>,
) -> Vec<Entry> {
    let enter = |(author, body, subjects): (citynet_primitives::Author, _, Vec<Subject>)| {
        let index = tree.len();
        let record = Record {
            version: RECORD_VERSION,
            index,
            block,
            time: story::time(block),
            organisation: author.organisation,
            account: author.account,
            body,
        };
        let leaf = leaf_hash::<Portable>(&record.encode());
        tree.push(leaf);
        for subject in &subjects {
            let head = heads.entry(*subject).or_default();
            let chain = sha2_256(&[&[2u8][..], &head.chain, &leaf].concat());
            *head = SubjectHead { count: head.count + 1, chain };
        }
        Entry { record, subjects: subjects.try_into().unwrap() }
    };
    bodies.into_iter().map(enter).collect()
}

/// The state of a block, as far as it is looked at without the runtime.
fn state(number: u32, heads: &BTreeMap<Subject, SubjectHead>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut state: BTreeMap<_, _> =
        heads.iter().map(|(subject, head)| (head::storage_key(subject), story::stored(subject, *head))).collect();
    state.insert(authorities::storage_key(), authority_list(0).encode());
    if number > 0 {
        state.insert(timestamp_key(), story::time(number).encode());
    }
    state
}

fn header(
    number: u32,
    parent: H256,
    state_root: H256,
    head: TreeHead,
    extrinsics: &[sp_runtime::OpaqueExtrinsic],
) -> Header {
    let encoded = extrinsics.iter().map(Encode::encode).collect();
    let extrinsics_root = BlakeTwo256::ordered_trie_root(encoded, StateVersion::V1);
    if number == 0 {
        return Header::new(0, extrinsics_root, state_root, parent, Default::default());
    }
    let mut logs = vec![DigestItem::Consensus(TREE_HEAD_ENGINE, head.encode())];
    if number == HANDOVER {
        let change = ScheduledChange { next_authorities: authority_list(1), delay: 0u32 };
        logs.push(DigestItem::Consensus(GRANDPA_ENGINE_ID, ConsensusLog::ScheduledChange(change).encode()));
    }
    Header::new(number, extrinsics_root, state_root, parent, sp_runtime::Digest { logs })
}

/// Stores the justification of a block aside, as the newest one.
fn justify(backend: &Backend<Block>, header: &Header) {
    // The key by which `sc_consensus_grandpa::best_justification` finds it.
    let key: &[u8] = b"grandpa_best_justification";
    let value = justification(header).encode();
    AuxStore::insert_aux(backend, &[(key, value.as_slice())], &[]).unwrap();
}

fn authority(set: u8, position: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&sha2_256(&[set, position]))
}

fn authority_list(set: u8) -> AuthorityList {
    (0..AUTHORITIES).map(|position| (authority(set, position).public().into(), 1)).collect()
}

/// All authorities vote for the block itself.
fn justification(header: &Header) -> GrandpaJustification<Header> {
    let (target_hash, target_number, round) = (header.hash(), *header.number(), 17);
    let set = u8::from(target_number > HANDOVER);
    let vote = |position| {
        let precommit = Precommit::<Header> { target_hash, target_number };
        let message = Message::Precommit(precommit.clone());
        let pair = authority(set, position);
        let signed = pair.sign(&sp_consensus_grandpa::localized_payload(round, set.into(), &message));
        SignedPrecommit { precommit, signature: signed.into(), id: pair.public().into() }
    };
    let commit = Commit::<Header> { target_hash, target_number, precommits: (0..AUTHORITIES).map(vote).collect() };
    GrandpaJustification { round, commit, votes_ancestries: Vec::new() }
}

/// The blocks and states, and the runtime's double.
struct Client {
    blockchain: Blockchain<Block>,
    backend: Arc<Backend<Block>>,
    runtime: Runtime,
}

impl HeaderBackend<Block> for Client {
    fn header(&self, hash: H256) -> sp_blockchain::Result<Option<Header>> {
        self.blockchain.header(hash)
    }

    fn info(&self) -> sp_blockchain::Info<Block> {
        self.blockchain.info()
    }

    fn status(&self, hash: H256) -> sp_blockchain::Result<sp_blockchain::BlockStatus> {
        self.blockchain.status(hash)
    }

    fn number(&self, hash: H256) -> sp_blockchain::Result<Option<u32>> {
        self.blockchain.number(hash)
    }

    fn hash(&self, number: u32) -> sp_blockchain::Result<Option<H256>> {
        self.blockchain.hash(number)
    }
}

impl FinalisedChain for Client {
    fn genesis(&self) -> Hash {
        self.info().genesis_hash.0
    }

    fn finalised(&self) -> u32 {
        self.info().finalized_number
    }

    fn hash_of(&self, number: u32) -> Result<Option<Hash>, citynet_index::Error> {
        Ok(self.hash(number)?.map(|hash| hash.0))
    }

    fn load(&self, _: u32) -> Result<FinalisedBlock, citynet_index::Error> {
        unreachable!("the index is filled by the test")
    }

    fn finality(&self) -> BoxStream<'static, ()> {
        stream::pending().boxed()
    }
}

impl BlockBackend<Block> for Client {
    fn block_body(&self, hash: H256) -> sp_blockchain::Result<Option<Vec<sp_runtime::OpaqueExtrinsic>>> {
        match self.runtime.kind {
            // With its states it has pruned its bodies.
            Kind::Pruned => Ok(None),
            _ => sp_blockchain::Backend::<Block>::body(&self.blockchain, hash),
        }
    }

    fn block_indexed_body(&self, _: H256) -> sp_blockchain::Result<Option<Vec<Vec<u8>>>> {
        unreachable!("no method reads indexed transactions")
    }

    fn block_indexed_hashes(&self, _: H256) -> sp_blockchain::Result<Option<Vec<H256>>> {
        unreachable!("no method reads indexed transactions")
    }

    fn block(&self, _: H256) -> sp_blockchain::Result<Option<SignedBlock<Block>>> {
        unreachable!("no method reads whole blocks")
    }

    fn block_status(&self, _: H256) -> sp_blockchain::Result<sp_consensus::BlockStatus> {
        unreachable!("no method asks for the status of a block")
    }

    fn justifications(&self, hash: H256) -> sp_blockchain::Result<Option<Justifications>> {
        sp_blockchain::Backend::<Block>::justifications(&self.blockchain, hash)
    }

    fn block_hash(&self, number: u32) -> sp_blockchain::Result<Option<H256>> {
        self.blockchain.hash(number)
    }

    fn indexed_transaction(&self, _: H256) -> sp_blockchain::Result<Option<Vec<u8>>> {
        unreachable!("no method reads indexed transactions")
    }

    fn requires_full_sync(&self) -> bool {
        false
    }
}

impl ProofProvider<Block> for Client {
    fn read_proof(&self, hash: H256, keys: &mut dyn Iterator<Item = &[u8]>) -> sp_blockchain::Result<StorageProof> {
        Ok(prove_read(self.backend.state_at(hash, TrieCacheContext::Untrusted)?, keys).unwrap())
    }

    fn read_child_proof(
        &self,
        _: H256,
        _: &sp_core::storage::ChildInfo,
        _: &mut dyn Iterator<Item = &[u8]>,
    ) -> sp_blockchain::Result<StorageProof> {
        unreachable!("no method reads child tries")
    }

    fn execution_proof(&self, _: H256, _: &str, _: &[u8]) -> sp_blockchain::Result<(Vec<u8>, StorageProof)> {
        unreachable!("no method proves calls")
    }

    fn read_proof_collection(&self, _: H256, _: &[Vec<u8>], _: usize) -> sp_blockchain::Result<(CompactProof, u32)> {
        unreachable!("no method proves ranges")
    }

    fn storage_collection(
        &self,
        _: H256,
        _: &[Vec<u8>],
        _: usize,
    ) -> sp_blockchain::Result<Vec<(KeyValueStorageLevel, bool)>> {
        unreachable!("no method proves ranges")
    }

    fn verify_range_proof(
        &self,
        _: H256,
        _: CompactProof,
        _: &[Vec<u8>],
    ) -> sp_blockchain::Result<(KeyValueStates, usize)> {
        unreachable!("no method proves ranges")
    }
}

impl ProvideRuntimeApi<Block> for Client {
    type Api = Runtime;

    fn runtime_api(&self) -> ApiRef<'_, Runtime> {
        self.runtime.clone().into()
    }
}

/// The runtime's double.
#[derive(Clone)]
struct Runtime {
    blocks: Arc<HashMap<H256, After>>,
    kind: Kind,
}

impl Runtime {
    fn answer(&self, at: H256, call: &str, params: &[u8]) -> Result<Vec<u8>, ApiError> {
        match self.kind {
            Kind::Pruned => return Err(ApiError::UnknownBlock(format!("{at}"))),
            Kind::Broken => return Err(ApiError::Application("the code traps in /secret/place".into())),
            Kind::Complete | Kind::WithoutIndex | Kind::Filling | Kind::Thrifty | Kind::Fork => {}
        }
        let After { number, heads, head: tree_head } = &self.blocks[&at];
        let head = |subject| heads.get(&subject).copied().unwrap_or_default();
        // What has no record yet does not exist.
        let known = |subject| heads.contains_key(&subject);
        Ok(match call {
            "Core_version" => RuntimeVersion { spec_version: 1_000, ..Default::default() }.encode(),
            "JournalApi_tree_head" => tree_head.encode(),
            "ConsortiumApi_organisations" => story::organisations().encode(),
            "ConsortiumApi_organisation" => {
                let id = param::<OrganisationId>(params);
                story::organisations().into_iter().find(|organisation| organisation.id == id).encode()
            }
            "ConsortiumApi_parameters" => story::parameters().encode(),
            "ConsortiumApi_motions" => story::motions().encode(),
            "ConsortiumApi_recoveries" => story::recoveries().encode(),
            "NodesApi_validators" => story::validators().encode(),
            "NodesApi_peers" => story::peers().encode(),
            "AttestationsApi_device" => {
                let id = param::<DeviceId>(params);
                known(Subject::Device(id)).then(|| story::device(head(Subject::Device(id)))).encode()
            }
            "CatalogApi_dataset" => {
                let id = param::<DatasetId>(params);
                let info = story::dataset(id, head(Subject::Dataset(id)));
                info.filter(|_| known(Subject::Dataset(id))).encode()
            }
            "CatalogApi_version" => {
                let (dataset, version) = param::<(DatasetId, u32)>(params);
                story::version(dataset, version).filter(|info| info.record < tree_head.size).encode()
            }
            "CatalogApi_devices" => {
                let fed = param::<DatasetId>(params) == story::STREAM;
                fed.then_some(story::DEVICE).into_iter().collect::<Vec<_>>().encode()
            }
            "GrantsApi_grant" => {
                let id = param::<GrantId>(params);
                known(Subject::Grant(id)).then(|| story::grant(id, head(Subject::Grant(id)))).encode()
            }
            "GrantsApi_check_access" => {
                let (consumer, dataset) = param::<(OrganisationId, DatasetId)>(params);
                let granted = known(Subject::Grant(story::GRANT));
                if granted && (consumer, dataset) == (story::UNIVERSITY, story::STREAM) {
                    Decision::Allowed { chain: vec![story::GRANT] }.encode()
                } else {
                    Decision::Denied { reason: Denial::NoGrant, grant: None }.encode()
                }
            }
            "GrantsApi_codes" => story::codes(param::<CodeList>(params)).encode(),
            "SettlementsApi_currencies" => story::currencies().encode(),
            "SettlementsApi_balance" => {
                let (_, organisation) = param::<(u32, OrganisationId)>(params);
                let balance: (Amount, Amount) = story::balance(organisation);
                balance.encode()
            }
            "SettlementsApi_withdrawals" => story::withdrawals(param(params)).encode(),
            "SettlementsApi_account" => (param::<GrantId>(params) == story::GRANT).then(story::account).encode(),
            "SettlementsApi_obligation" => {
                let billed = param::<u64>(params) == 1 && *number >= story::BILLED;
                billed.then(story::obligation).encode()
            }
            "SettlementsApi_cycle" => {
                let id = param::<CycleId>(params);
                known(Subject::Cycle(id)).then(|| story::cycle(id, head(Subject::Cycle(id)))).encode()
            }
            "SettlementsApi_positions" => {
                let computed = param::<CycleId>(params) == story::CYCLE;
                if computed { story::positions() } else { Vec::new() }.encode()
            }
            "SettlementsApi_last_cycle" => {
                let cycles = heads.keys().filter(|subject| matches!(subject, Subject::Cycle(_))).count();
                u32::try_from(cycles).unwrap().encode()
            }
            other => panic!("the double does not answer {other}"),
        })
    }
}

/// The first parameters of a call; those after them are not looked at.
fn param<T: Decode>(mut params: &[u8]) -> T {
    T::decode(&mut params).unwrap()
}

macro_rules! answered {
    ($($api:ident),+) => { $(
        impl $api<Block> for Runtime {
            fn __runtime_api_internal_call_api_at(
                &self,
                at: H256,
                params: Vec<u8>,
                call: &dyn Fn(RuntimeVersion) -> &'static str,
            ) -> Result<Vec<u8>, ApiError> {
                self.answer(at, call(RuntimeVersion::default()), &params)
            }
        }
    )+ };
}

answered!(Core, JournalApi, ConsortiumApi, NodesApi, AttestationsApi, CatalogApi, GrantsApi, SettlementsApi);

impl ApiExt<Block> for Runtime {
    fn execute_in_transaction<F: FnOnce(&Self) -> sp_api::TransactionOutcome<R>, R>(&self, call: F) -> R {
        call(self).into_inner()
    }

    fn has_api<A: sp_api::RuntimeApiInfo + ?Sized>(&self, _: H256) -> Result<bool, ApiError> {
        Ok(true)
    }

    fn has_api_with<A: sp_api::RuntimeApiInfo + ?Sized, P: Fn(u32) -> bool>(
        &self,
        _: H256,
        predicate: P,
    ) -> Result<bool, ApiError> {
        Ok(predicate(A::VERSION))
    }

    fn api_version<A: sp_api::RuntimeApiInfo + ?Sized>(&self, _: H256) -> Result<Option<u32>, ApiError> {
        Ok(Some(A::VERSION))
    }

    fn record_proof(&mut self) {
        unreachable!("no method executes blocks")
    }

    fn record_proof_with_recorder(&mut self, _: sp_api::ProofRecorder<Block>) {
        unreachable!("no method executes blocks")
    }

    fn extract_proof(&mut self) -> Option<StorageProof> {
        unreachable!("no method executes blocks")
    }

    fn proof_recorder(&self) -> Option<sp_api::ProofRecorder<Block>> {
        None
    }

    fn into_storage_changes<B: sp_state_machine::Backend<BlakeTwo256>>(
        &self,
        _: &B,
        _: H256,
    ) -> Result<sp_api::StorageChanges<Block>, String> {
        unreachable!("no method executes blocks")
    }

    fn set_call_context(&mut self, _: CallContext) {}

    fn register_extension<E: sp_externalities::Extension>(&mut self, _: E) {
        unreachable!("no method executes blocks")
    }

    fn set_overlayed_changes(&mut self, _: sp_state_machine::OverlayedChanges<BlakeTwo256>) {
        unreachable!("no method executes blocks")
    }
}
