//! Answering the methods.

use crate::{
    anchors::Anchors, extrinsics, lineage, page, search, synced, AccessAtAnswer, AccessAtParams, AccessParams, Anchor,
    AsOfParams, BalanceView, BalancesAnswer, Block, BlockView, CodeView, CompletenessView, ConsistencyView,
    CurrencyView, CycleAnswer, CycleView, DatasetAnswer, DatasetView, Decimal, DecisionAnswer, DependentView,
    DependentsParams, DeviceAnswer, DeviceView, Error, ExtrinsicAnswer, ExtrinsicFilterParams, ExtrinsicView,
    FilterParams, GenesisView, GrantAccountAnswer, GrantAnswer, GrantFilterParams, GrantView, Header, IndexView,
    LedgerApiServer, ListAnswer, NotFound, ObligationAnswer, ObligationFilterParams, ObligationView,
    OrganisationAnswer, Page, ParametersAnswer, ProofView, RecordAnswer, RecordView, SearchAnswer, SourceView,
    StateAtAnswer, StatusView, VersionAnswer, WithdrawalView,
};
use citynet_index::{tree_head, BatchLookup, Index, Snapshot};
use citynet_merkle::{consistency_proof, root_of, Portable};
use citynet_primitives::{
    CodeList, CycleId, DatasetId, DeviceId, DeviceInfo, GrantId, Hash, MotionInfo, OrganisationInfo, PeerInfo,
    RecoveryInfo, TreeHead, ValidatorInfo, VersionId,
};
use citynet_runtime_api::{
    AttestationsApi, CatalogApi, ConsortiumApi, GrantsApi, JournalApi, NodesApi, SettlementsApi,
};
use sc_client_api::{Backend, BlockBackend, ProofProvider};
use sc_consensus_grandpa::SharedAuthoritySet;
use sp_api::{ApiError, Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::H256;
use std::sync::{Arc, OnceLock};

/// How many blocks the index may be behind the finalised block and still answer.
pub const MAX_BEHIND: u32 = 32;

/// How many items a page has unless the caller says.
pub const DEFAULT_LIMIT: u32 = 100;

/// How many items a page can have.
pub const MAX_LIMIT: u32 = 1000;

/// How many records one proof can have.
pub const MAX_PROVEN: u32 = 16;

/// What the methods need of a node's client: its chain, its proofs and the ledger's runtime APIs. Every type that meets
/// the bounds is one.
pub trait LedgerClient:
    ProvideRuntimeApi<
        Block,
        Api: JournalApi<Block>
                 + ConsortiumApi<Block>
                 + NodesApi<Block>
                 + AttestationsApi<Block>
                 + CatalogApi<Block>
                 + GrantsApi<Block>
                 + SettlementsApi<Block>,
    > + HeaderBackend<Block>
    + BlockBackend<Block>
    + ProofProvider<Block>
    + Send
    + Sync
    + 'static
{
}

impl<C> LedgerClient for C where
    C: ProvideRuntimeApi<
            Block,
            Api: JournalApi<Block>
                     + ConsortiumApi<Block>
                     + NodesApi<Block>
                     + AttestationsApi<Block>
                     + CatalogApi<Block>
                     + GrantsApi<Block>
                     + SettlementsApi<Block>,
        > + HeaderBackend<Block>
        + BlockBackend<Block>
        + ProofProvider<Block>
        + Send
        + Sync
        + 'static
{
}

/// Answers the `citynet_*` methods.
pub struct Ledger<C, B> {
    pub(crate) client: Arc<C>,
    pub(crate) backend: Arc<B>,
    pub(crate) authority_set: SharedAuthoritySet<H256, u32>,
    /// The genesis block never changes, so its part of every proof is made once.
    pub(crate) genesis: OnceLock<GenesisView>,
    pub(crate) anchors: Anchors,
    index: Option<Index>,
    chain_name: String,
}

impl<C, B> Ledger<C, B> {
    /// `index` is `None` when the node runs without one; `authority_set` is that of the node's GRANDPA block import.
    pub fn new(
        client: Arc<C>,
        backend: Arc<B>,
        index: Option<Index>,
        authority_set: SharedAuthoritySet<H256, u32>,
        chain_name: String,
    ) -> Self {
        let (genesis, anchors) = (OnceLock::new(), Anchors::default());
        Self { client, backend, authority_set, genesis, anchors, index, chain_name }
    }
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// Runs a query on the index, if it is close enough to the finalised block.
    pub(crate) fn at_index<T>(&self, query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let finalized = self.client.info().finalized_number;
        synced::at_index(self.index.as_ref(), finalized, |number| self.known_hash(number), query)
    }

    /// The hash of a block of the node's chain.
    fn known_hash(&self, number: u32) -> Result<Option<Hash>, Error> {
        Ok(self.client.hash(number)?.map(|hash| hash.0))
    }

    pub(crate) fn header(&self, hash: H256, block: u32) -> Result<Header, Error> {
        self.client.header(hash)?.ok_or(Error::Pruned { what: "header", block })
    }

    /// The tree head after a block.
    fn head_of(&self, hash: H256, block: u32) -> Result<TreeHead, Error> {
        if block == 0 {
            return self.client.runtime_api().tree_head(hash).map_err(|error| state_error(error, block));
        }
        tree_head(&self.header(hash, block)?).ok_or(Error::inconsistent("a block's header has no tree head"))
    }

    fn index_view(&self, finalized: u32) -> Result<Option<IndexView>, Error> {
        let Some(index) = &self.index else { return Ok(None) };
        let position = match index.read(|snapshot| Ok(snapshot.position().clone())) {
            Ok(position) => position,
            Err(citynet_index::Error::NotReady) => {
                let behind = finalized.saturating_add(1);
                return Ok(Some(IndexView { number: None, hash: None, records: Decimal(0), synced: false, behind }));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some(IndexView {
            number: Some(position.number),
            hash: Some(position.hash.into()),
            records: Decimal(position.records()),
            synced: synced::is_synced(&position, finalized, |number| self.known_hash(number))?,
            behind: finalized.saturating_sub(position.number),
        }))
    }

    /// Asks the runtime at a block.
    pub(crate) fn at_block<T>(
        &self,
        hash: H256,
        block: u32,
        ask: impl FnOnce(&C::Api, H256) -> Result<T, ApiError>,
    ) -> Result<T, Error> {
        ask(&self.client.runtime_api(), hash).map_err(|error| state_error(error, block))
    }

    /// Asks the runtime at the finalised block.
    fn at_finalized<T>(&self, ask: impl FnOnce(&C::Api, H256) -> Result<T, ApiError>) -> Result<(Anchor, T), Error> {
        let info = self.client.info();
        let answer = self.at_block(info.finalized_hash, info.finalized_number, ask)?;
        Ok((Anchor::new(info.finalized_number, info.finalized_hash.0), answer))
    }

    fn list<T>(&self, ask: impl FnOnce(&C::Api, H256) -> Result<Vec<T>, ApiError>) -> Result<ListAnswer<T>, Error> {
        let (anchor, items) = self.at_finalized(ask)?;
        Ok(ListAnswer { anchor, items })
    }

    /// A device that the index knows, as the chain's state at the same block has it.
    fn device_state(&self, anchor: &Anchor, hash: Hash, device: DeviceId) -> Result<DeviceInfo, Error> {
        let state = self.client.runtime_api().device(H256(hash), device);
        state
            .map_err(|error| state_error(error, anchor.number))?
            .ok_or(Error::inconsistent("a device in the index is not in the chain's state"))
    }

    /// A page of what the index names, as the chain's state at the same block has it.
    fn states<I: Copy, S, V>(
        &self,
        (hash, page): (Hash, Page<I>),
        ask: impl Fn(&C::Api, H256, I) -> Result<Option<S>, ApiError>,
        view: impl Fn(I, S) -> V,
    ) -> Result<Page<V>, Error> {
        let Page { anchor, items, next, complete } = page;
        let items = items
            .into_iter()
            .map(|id| {
                let state = ask(&self.client.runtime_api(), H256(hash), id);
                let state = state.map_err(|error| state_error(error, anchor.number))?;
                let missing = Error::inconsistent("what is in the index is not in the chain's state");
                state.map(|state| view(id, state)).ok_or(missing)
            })
            .collect::<Result<_, Error>>()?;
        Ok(Page { anchor, items, next, complete })
    }
}

impl<C: LedgerClient, B: Backend<Block> + 'static> LedgerApiServer for Ledger<C, B> {
    fn status(&self) -> Result<StatusView, Error> {
        let info = self.client.info();
        let version = Core::<Block>::version(&*self.client.runtime_api(), info.best_hash);
        let version = version.map_err(|error| state_error(error, info.best_number))?;
        Ok(StatusView {
            chain: self.chain_name.clone(),
            genesis_hash: info.genesis_hash.0.into(),
            spec_version: version.spec_version,
            best: BlockView { number: info.best_number, hash: info.best_hash.0.into() },
            finalized: BlockView { number: info.finalized_number, hash: info.finalized_hash.0.into() },
            tree_head: self.head_of(info.finalized_hash, info.finalized_number)?,
            index: self.index_view(info.finalized_number)?,
        })
    }

    fn record(&self, index: Decimal) -> Result<RecordAnswer, Error> {
        self.at_index(|snapshot| {
            let records = snapshot.position().records();
            let found = snapshot.record(index.0)?;
            let record = found.ok_or(Error::NotFound(NotFound::Record { index: index.0, records }))?;
            Ok(RecordAnswer { anchor: snapshot.position().into(), record: record.into() })
        })
    }

    fn records(
        &self,
        filter: Option<FilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<RecordView>, Error> {
        let limit = page_limit(limit)?;
        let filter = filter.unwrap_or_default();
        self.at_index(|snapshot| page::records(snapshot, &filter, cursor.as_deref(), limit))
    }

    fn search(&self, text: String) -> Result<SearchAnswer, Error> {
        self.at_index(|snapshot| search::search(snapshot, &text))
    }

    fn extrinsics(
        &self,
        filter: ExtrinsicFilterParams,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<ExtrinsicView>, Error> {
        let limit = page_limit(limit)?;
        self.at_index(|snapshot| extrinsics::extrinsics(snapshot, &filter, cursor.as_deref(), limit))
    }

    fn extrinsic(&self, hash: String) -> Result<ExtrinsicAnswer, Error> {
        self.extrinsics_in_full(&hash)
    }

    fn state_at(&self, object: String, at: AsOfParams) -> Result<StateAtAnswer, Error> {
        self.object_as_of(&object, &at)
    }

    fn proof(&self, indices: Vec<Decimal>) -> Result<ProofView, Error> {
        self.prove(&indices.into_iter().map(|index| index.0).collect::<Vec<_>>())
    }

    fn completeness(
        &self,
        subject: String,
        cursor: Option<String>,
        limit: Option<u32>,
        at: Option<u32>,
    ) -> Result<CompletenessView, Error> {
        self.complete(&subject, cursor.as_deref(), page_limit(limit)?, at)
    }

    fn consistency(&self, first: Decimal, second: Decimal) -> Result<ConsistencyView, Error> {
        let (Decimal(first), Decimal(second)) = (first, second);
        if first == 0 || first > second {
            return Err(Error::invalid("the first size is at least 1 and at most the second"));
        }
        self.at_index(|snapshot| {
            let records = snapshot.position().records();
            if second > records {
                return Err(Error::NotFound(NotFound::Record { index: second.saturating_sub(1), records }));
            }
            let path = consistency_proof::<Portable, _>(snapshot, first, second)?;
            Ok(ConsistencyView {
                first: TreeHead { size: first, root: root_of::<Portable, _>(snapshot, first)? },
                second: TreeHead { size: second, root: root_of::<Portable, _>(snapshot, second)? },
                path: path.into_iter().map(Into::into).collect(),
            })
        })
    }

    fn device(&self, device: Decimal) -> Result<DeviceAnswer, Error> {
        let (hash, anchor, found) = self.at_index(|snapshot| {
            let found = snapshot.device(DeviceId(device.0))?;
            let found = found.ok_or(Error::NotFound(NotFound::Device(device.0)))?;
            Ok((snapshot.position().hash, Anchor::from(snapshot.position()), found))
        })?;
        let state = self.device_state(&anchor, hash, found.device)?;
        Ok(DeviceAnswer { anchor, device: DeviceView::new(found, state) })
    }

    fn devices(&self, cursor: Option<String>, limit: Option<u32>) -> Result<Page<DeviceView>, Error> {
        let limit = page_limit(limit)?;
        let (hash, Page { anchor, items, next, complete }) =
            self.at_index(|snapshot| page::devices(snapshot, cursor.as_deref(), limit))?;
        let items = items
            .into_iter()
            .map(|found| {
                let state = self.device_state(&anchor, hash, found.device)?;
                Ok(DeviceView::new(found, state))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Page { anchor, items, next, complete })
    }

    fn batch(&self, device: Decimal, sequence: Decimal) -> Result<RecordAnswer, Error> {
        let (Decimal(device), Decimal(sequence)) = (device, sequence);
        self.at_index(|snapshot| {
            let declared_missing_by = match snapshot.batch(DeviceId(device), sequence)? {
                BatchLookup::Found(found) => {
                    return Ok(RecordAnswer { anchor: snapshot.position().into(), record: (*found).into() })
                }
                BatchLookup::Missing { declared_by } => Some(declared_by),
                BatchLookup::Unknown => None,
            };
            if snapshot.device(DeviceId(device))?.is_none() {
                return Err(Error::NotFound(NotFound::Device(device)));
            }
            Err(Error::NotFound(NotFound::Batch { device, sequence, declared_missing_by }))
        })
    }

    fn dataset(&self, dataset: Decimal) -> Result<DatasetAnswer, Error> {
        let id = DatasetId(dataset.0);
        let (anchor, (found, fed_by)) =
            self.at_finalized(|api, at| Ok((api.dataset(at, id)?, api.devices(at, id)?)))?;
        let state = found.ok_or(Error::NotFound(NotFound::Dataset(id.0)))?;
        Ok(DatasetAnswer { anchor, dataset: DatasetView { dataset: id, state }, fed_by })
    }

    fn datasets(&self, cursor: Option<String>, limit: Option<u32>) -> Result<Page<DatasetView>, Error> {
        let limit = page_limit(limit)?;
        let found = self.at_index(|snapshot| page::datasets(snapshot, cursor.as_deref(), limit))?;
        self.states(found, |api, at, id| api.dataset(at, id), |dataset, state| DatasetView { dataset, state })
    }

    fn dataset_version(&self, dataset: Decimal, version: Decimal) -> Result<VersionAnswer, Error> {
        let id = VersionId { dataset: DatasetId(dataset.0), version: version.version()? };
        let VersionId { dataset, version } = id;
        // Spelled out, since every runtime API also has a `version` that is the runtime's.
        let (anchor, found) = self.at_finalized(|api, at| CatalogApi::<Block>::version(api, at, dataset, version))?;
        let state = found.ok_or(Error::NotFound(NotFound::Version(id)))?;
        let body = match self.at_index(|snapshot| snapshot.record(state.record).map_err(Error::from)) {
            Ok(found) => found.map(|found| found.record.body),
            Err(Error::NoIndex | Error::NotSynced { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(VersionAnswer { anchor, dataset, version, state, body })
    }

    fn dependents(&self, of: DependentsParams) -> Result<Page<DependentView>, Error> {
        self.at_index(|snapshot| page::dependents(snapshot, &of, MAX_LIMIT))
    }

    fn sources(&self, version: String, depth: Option<u32>) -> Result<Page<SourceView>, Error> {
        self.at_index(|snapshot| lineage::sources(snapshot, &version, depth, MAX_LIMIT))
    }

    fn grant(&self, grant: Decimal) -> Result<GrantAnswer, Error> {
        let id = GrantId(grant.0);
        let (anchor, found) = self.at_finalized(|api, at| api.grant(at, id))?;
        let info = found.ok_or(Error::NotFound(NotFound::Grant(id.0)))?;
        Ok(GrantAnswer { anchor, grant: GrantView { grant: id, info } })
    }

    fn grants(
        &self,
        filter: Option<GrantFilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<GrantView>, Error> {
        let limit = page_limit(limit)?;
        let filter = filter.unwrap_or_default();
        let found = self.at_index(|snapshot| page::grants(snapshot, &filter, cursor.as_deref(), limit))?;
        self.states(found, |api, at, id| api.grant(at, id), |grant, info| GrantView { grant, info })
    }

    fn check_access(&self, question: AccessParams) -> Result<DecisionAnswer, Error> {
        let asked = question.parse()?;
        let (anchor, decision) = self.at_finalized(|api, at| {
            let purpose = question.purpose.look_up(|| api.codes(at, CodeList::Purpose))?;
            let Some(purpose) = purpose else { return Ok(None) };
            api.check_access(at, asked.consumer, asked.dataset, asked.version, asked.action, purpose, asked.time)
                .map(Some)
        })?;
        let decision = decision.ok_or_else(|| Error::invalid("there is no such purpose; see citynet_codes"))?;
        Ok(DecisionAnswer { anchor, decision })
    }

    fn access_at(
        &self,
        question: AccessAtParams,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<AccessAtAnswer, Error> {
        self.access_as_of(&question, cursor.as_deref(), page_limit(limit)?)
    }

    fn codes(&self, list: CodeList) -> Result<ListAnswer<CodeView>, Error> {
        let (anchor, codes) = self.at_finalized(|api, at| api.codes(at, list))?;
        Ok(ListAnswer { anchor, items: codes.into_iter().map(CodeView::from).collect() })
    }

    fn currencies(&self) -> Result<ListAnswer<CurrencyView>, Error> {
        self.list(|api, at| {
            let currencies = api.currencies(at)?.into_iter();
            currencies
                .map(|(currency, info)| {
                    let last_cycle = api.last_cycle(at, currency)?;
                    Ok(CurrencyView { currency, info, last_cycle })
                })
                .collect()
        })
    }

    fn balances(&self, organisation: Decimal) -> Result<BalancesAnswer, Error> {
        let id = organisation.organisation()?;
        let (anchor, (found, balances)) = self.at_finalized(|api, at| {
            let found = api.organisation(at, id)?;
            let currencies = api.currencies(at)?.into_iter();
            let balances = currencies.map(|(currency, _)| {
                let (free, held) = api.balance(at, currency, id)?;
                Ok(BalanceView { currency, free, held })
            });
            Ok((found, balances.collect::<Result<Vec<_>, ApiError>>()?))
        })?;
        found.ok_or(Error::NotFound(NotFound::Organisation(id.0)))?;
        Ok(BalancesAnswer { anchor, organisation: id, balances })
    }

    fn withdrawals(&self, currency: Decimal) -> Result<ListAnswer<WithdrawalView>, Error> {
        let currency = currency.currency()?;
        let (anchor, found) = self.at_finalized(|api, at| api.withdrawals(at, currency))?;
        let view = |(withdrawal, info)| WithdrawalView { withdrawal: Decimal(withdrawal), info };
        Ok(ListAnswer { anchor, items: found.into_iter().map(view).collect() })
    }

    fn grant_account(&self, grant: Decimal) -> Result<GrantAccountAnswer, Error> {
        let id = GrantId(grant.0);
        let (anchor, (found, account)) = self.at_finalized(|api, at| Ok((api.grant(at, id)?, api.account(at, id)?)))?;
        found.ok_or(Error::NotFound(NotFound::Grant(id.0)))?;
        // A grant of which nothing was ever stated or billed has no account yet.
        Ok(GrantAccountAnswer { anchor, grant: id, account: account.unwrap_or_default() })
    }

    fn obligation(&self, obligation: Decimal) -> Result<ObligationAnswer, Error> {
        let (anchor, found) = self.at_finalized(|api, at| api.obligation(at, obligation.0))?;
        let info = found.ok_or(Error::NotFound(NotFound::Obligation(obligation.0)))?;
        Ok(ObligationAnswer { anchor, obligation: ObligationView { obligation, info } })
    }

    fn obligations(
        &self,
        filter: Option<ObligationFilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<ObligationView>, Error> {
        let limit = page_limit(limit)?;
        let filter = filter.unwrap_or_default();
        let found = self.at_index(|snapshot| page::obligations(snapshot, &filter, cursor.as_deref(), limit))?;
        let view = |id, info| ObligationView { obligation: Decimal(id), info };
        self.states(found, |api, at, id| api.obligation(at, id), view)
    }

    fn cycle(&self, currency: Decimal, number: Decimal) -> Result<CycleAnswer, Error> {
        let cycle = CycleId { currency: currency.currency()?, number: number.cycle()? };
        let (anchor, (found, positions)) =
            self.at_finalized(|api, at| Ok((api.cycle(at, cycle)?, api.positions(at, cycle)?)))?;
        let info = found.ok_or(Error::NotFound(NotFound::Cycle(cycle)))?;
        Ok(CycleAnswer { anchor, cycle, info, positions })
    }

    fn cycles(&self, currency: Decimal, cursor: Option<String>, limit: Option<u32>) -> Result<Page<CycleView>, Error> {
        self.cycles_of(currency.currency()?, cursor.as_deref(), page_limit(limit)?)
    }

    fn organisations(&self) -> Result<ListAnswer<OrganisationInfo>, Error> {
        self.list(|api, at| api.organisations(at))
    }

    fn organisation(&self, id: Decimal) -> Result<OrganisationAnswer, Error> {
        let id = id.organisation()?;
        let (anchor, found) = self.at_finalized(|api, at| api.organisation(at, id))?;
        let organisation = found.ok_or(Error::NotFound(NotFound::Organisation(id.0)))?;
        Ok(OrganisationAnswer { anchor, organisation })
    }

    fn parameters(&self) -> Result<ParametersAnswer, Error> {
        let (anchor, parameters) = self.at_finalized(|api, at| api.parameters(at))?;
        Ok(ParametersAnswer { anchor, parameters })
    }

    fn motions(&self) -> Result<ListAnswer<MotionInfo>, Error> {
        self.list(|api, at| api.motions(at))
    }

    fn recoveries(&self) -> Result<ListAnswer<RecoveryInfo>, Error> {
        self.list(|api, at| api.recoveries(at))
    }

    fn validators(&self) -> Result<ListAnswer<ValidatorInfo>, Error> {
        self.list(|api, at| api.validators(at))
    }

    fn peers(&self) -> Result<ListAnswer<PeerInfo>, Error> {
        self.list(|api, at| api.peers(at))
    }
}

fn page_limit(asked: Option<u32>) -> Result<u32, Error> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        0 => Err(Error::invalid("the limit is at least 1")),
        limit if limit > MAX_LIMIT => Err(Error::LimitExceeded { what: "items", limit: MAX_LIMIT }),
        limit => Ok(limit),
    }
}

/// The client knows a finalised block for good, so one that it calls unknown has lost its state.
fn state_error(error: ApiError, block: u32) -> Error {
    match error {
        ApiError::UnknownBlock(_) => Error::Pruned { what: "state", block },
        error => Error::Internal(error.into()),
    }
}
