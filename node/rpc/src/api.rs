//! The methods.

use crate::{
    AccessAtAnswer, AccessAtParams, AccessParams, AsOfParams, BalancesAnswer, CodeView, CompletenessView,
    ConsistencyView, CurrencyView, CycleAnswer, CycleView, DatasetAnswer, DatasetView, Decimal, DecisionAnswer,
    DependentView, DependentsParams, DeviceAnswer, DeviceView, Error, ExtrinsicAnswer, ExtrinsicFilterParams,
    ExtrinsicView, FilterParams, GrantAccountAnswer, GrantAnswer, GrantFilterParams, GrantView, ListAnswer,
    ObligationAnswer, ObligationFilterParams, ObligationView, OrganisationAnswer, Page, ParametersAnswer, ProofView,
    RecordAnswer, RecordView, SearchAnswer, SourceView, StateAtAnswer, StatusView, VersionAnswer, WithdrawalView,
};
use citynet_primitives::{CodeList, MotionInfo, OrganisationInfo, PeerInfo, RecoveryInfo, ValidatorInfo};
use jsonrpsee::proc_macros::rpc;

/// The ledger over JSON-RPC. Every method reads, and blocks its thread while it does.
///
/// The OpenRPC document describes the methods with the comments below. A method that does without an index says so.
#[rpc(server, namespace = "citynet")]
pub trait LedgerApi {
    /// The chain, its best and its finalised block, the journal's tree and how far the index is. Needs no index.
    #[method(name = "status", blocking)]
    fn status(&self) -> Result<StatusView, Error>;

    /// The record with an index.
    #[method(name = "record", blocking)]
    fn record(&self, index: Decimal) -> Result<RecordAnswer, Error>;

    /// Records in the order of their indices, `limit` at a time (100 unless told, at most 1000). With a `cursor` the
    /// filter must be the same as before. This is how to ask for
    ///
    /// * what happened to an organisation, a dataset, a device, a grant or a cycle: `subject`;
    /// * what an organisation or an account did: `organisation` or `account`, and kind and times;
    /// * what happened to an account, a validator or a node: `naming` `account:…` or `peer:…`;
    /// * how members voted: `naming` `motion:5`, kind `motion_voted`; how one of them did: `organisation`, kind
    ///   `motion_voted`;
    /// * the receipts of a grant: `subject` `grant:5`, kind `access_reported` or `access_contested`;
    /// * the refusals of a dataset: `naming` `dataset:7`, kind `refusals_reported`;
    /// * the versions of a dataset: `subject` `dataset:7`, kind `version_published`; those made by right of a grant:
    ///   `naming` `grant:5` and that kind;
    /// * the batches of a device: `subject` `device:12`, kind `batch_attested`;
    /// * the statements of a grant: `naming` `grant:5`, kind `usage_stated`, `usage_disputed` or `usage_ruled`;
    /// * what became of an obligation or a withdrawal: `naming` `obligation:7` or `withdrawal:2`;
    /// * the deposits in a currency: `naming` `currency:1`, kind `deposited`;
    /// * the cycles of a currency: `naming` `currency:1`, kind `cycle_opened`, `cycle_computed` or `cycle_settled`; those
    ///   in which an organisation had a position: `naming` `organisation:3`, kind `cycle_computed`;
    /// * what a bank's reference is about: `naming` `payment:UUID`; what has a hash in it: `naming` `hash:0x…`.
    #[method(name = "records", blocking)]
    fn records(
        &self,
        filter: Option<FilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<RecordView>, Error>;

    /// Whatever a text is that somebody holds in hand, looked up as everything that it can be: a number, a hash, an
    /// account's address, a node's id, a UETR, `7@3`, `7-3`, `device:12`, a `urn:citynet:…` or a `urn:uuid:…`. Titles,
    /// names and other words are not looked up.
    #[method(name = "search", blocking)]
    fn search(&self, text: String) -> Result<SearchAnswer, Error>;

    /// The extrinsics that an account signed, that a block has, or both, in the order of their blocks and positions,
    /// `limit` at a time (100 unless told, at most 1000). With a `cursor` the filter must be the same as before.
    #[method(name = "extrinsics", blocking)]
    fn extrinsics(
        &self,
        filter: ExtrinsicFilterParams,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<ExtrinsicView>, Error>;

    /// The extrinsics with a BLAKE2b-256 hash, `0x` and 64 hex digits, with their bytes. A transaction has a hash of
    /// its own; an inherent may repeat.
    #[method(name = "extrinsic", blocking)]
    fn extrinsic(&self, hash: String) -> Result<ExtrinsicAnswer, Error>;

    /// An object as the chain's state had it at a block, or at the last block that is not later than a time:
    /// `organisation:3`, `dataset:7`, `version:7@3`, `device:12`, `grant:5`, `obligation:7`, `cycle:1-7`, `currency:1`,
    /// `withdrawal:2` or `motion:5`. A withdrawal is there until it is paid or returned, and a motion while it is open.
    /// What did not exist then is `not_found`; a block or a time that is still to come is `not_final_yet`. Needs no
    /// index.
    #[method(name = "stateAt", blocking)]
    fn state_at(&self, object: String, at: AsOfParams) -> Result<StateAtAnswer, Error>;

    /// What proves 1 to 16 records from the genesis hash on: inclusion paths, the header of the first block with a stored
    /// justification that covers them all, and the authority sets.
    #[method(name = "proof", blocking)]
    fn proof(&self, indices: Vec<Decimal>) -> Result<ProofView, Error>;

    /// All records about a subject, such as `grant:5`, in the order of their indices, `limit` at a time (100 unless
    /// told, at most 1000), as of a block with a justification: block `at`, or else the newest one. The first page has
    /// what proves, with the records of all pages, that none was left out: the subject's head in the state of that
    /// block. A subject that does not exist has none.
    ///
    /// To prove several lists as of one block, give the anchor of the first as `at` of the others. The justification of
    /// most blocks is replaced by the next one: the node remembers those of the last 256 anchors, and stores one about
    /// every 16 blocks for good. Of another block than these the answer is `not_found`.
    #[method(name = "completeness", blocking)]
    fn completeness(
        &self,
        subject: String,
        cursor: Option<String>,
        limit: Option<u32>,
        at: Option<u32>,
    ) -> Result<CompletenessView, Error>;

    /// What proves that the journal of `second` records begins with that of `first` records, which is at least 1.
    #[method(name = "consistency", blocking)]
    fn consistency(&self, first: Decimal, second: Decimal) -> Result<ConsistencyView, Error>;

    /// A device.
    #[method(name = "device", blocking)]
    fn device(&self, device: Decimal) -> Result<DeviceAnswer, Error>;

    /// Devices in the order of their numbers, `limit` at a time (100 unless told, at most 1000).
    #[method(name = "devices", blocking)]
    fn devices(&self, cursor: Option<String>, limit: Option<u32>) -> Result<Page<DeviceView>, Error>;

    /// The batch of a device that holds a sequence number.
    #[method(name = "batch", blocking)]
    fn batch(&self, device: Decimal, sequence: Decimal) -> Result<RecordAnswer, Error>;

    /// A dataset with the devices that feed it, at the finalised block. Needs no index.
    #[method(name = "dataset", blocking)]
    fn dataset(&self, dataset: Decimal) -> Result<DatasetAnswer, Error>;

    /// Datasets in the order of their numbers, `limit` at a time (100 unless told, at most 1000).
    #[method(name = "datasets", blocking)]
    fn datasets(&self, cursor: Option<String>, limit: Option<u32>) -> Result<Page<DatasetView>, Error>;

    /// A version of a dataset, at the finalised block, and what the record says that published it. The latter needs an
    /// index and is null without.
    #[method(name = "datasetVersion", blocking)]
    fn dataset_version(&self, dataset: Decimal, version: Decimal) -> Result<VersionAnswer, Error>;

    /// Every version that was made, directly or by way of others, from a version (`{"version": "7@3"}`), or from what a
    /// device observed (`{"device": "12"}`, or since a time `{"device": "12", "since": "1536019344000"}`). The nearest
    /// first, each with what it was made from on the shortest way. At most 1000, with `complete` false where there are
    /// more; there is no next page.
    ///
    /// Made from a device directly are versions that name its readings: those of the first batch with an observation of
    /// `since` or later, and all with higher sequence numbers. So is, whatever it names, a version of a dataset that the
    /// device fed, if its `to` is `since` or later: the device was added before the version was published, and it was not
    /// removed by then, or it was removed no earlier than the version's `from`. These are rather too many than too few.
    #[method(name = "dependents", blocking)]
    fn dependents(&self, of: DependentsParams) -> Result<Page<DependentView>, Error>;

    /// What a version such as `7@3` was made from, directly or by way of other versions: versions, readings, the
    /// devices that fed their datasets, and what the ledger does not know. The nearest first, each with the version
    /// that was made from it on the shortest way. At most `depth` steps (64 unless told, which is the most) and 1000
    /// sources, with `complete` false where there are more; there is no next page. It is `citynet_dependents` the other
    /// way round.
    #[method(name = "sources", blocking)]
    fn sources(&self, version: String, depth: Option<u32>) -> Result<Page<SourceView>, Error>;

    /// A grant, at the finalised block. Needs no index.
    #[method(name = "grant", blocking)]
    fn grant(&self, grant: Decimal) -> Result<GrantAnswer, Error>;

    /// Grants in the order of their numbers, `limit` at a time (100 unless told, at most 1000). With a `cursor` the filter
    /// must be the same as before.
    #[method(name = "grants", blocking)]
    fn grants(
        &self,
        filter: Option<GrantFilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<GrantView>, Error>;

    /// Whether an organisation may use data, by the state of the finalised block. Needs no index.
    #[method(name = "checkAccess", blocking)]
    fn check_access(&self, question: AccessParams) -> Result<DecisionAnswer, Error>;

    /// Who could use a dataset at a time: every grant on it that there was, by number, `limit` at a time (100 unless
    /// told, at most 1000; a page that takes a thousand decisions ends earlier), with the grants that it stands on, who
    /// granted each of them on which legal basis, and what the chain decides for its consumer on each of its actions
    /// and purposes, by the state of the last block that is not later than the time. With a `cursor` the question must
    /// be the same as before. The dataset's owner needs no grant. A time that is still to come is `not_final_yet`: ask
    /// `citynet_checkAccess`.
    #[method(name = "accessAt", blocking)]
    fn access_at(
        &self,
        question: AccessAtParams,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<AccessAtAnswer, Error>;

    /// The codes of a list, `purpose` or `legal_basis`, by number, at the finalised block. Needs no index.
    #[method(name = "codes", blocking)]
    fn codes(&self, list: CodeList) -> Result<ListAnswer<CodeView>, Error>;

    /// Every currency, by number, with the number of its last netting cycle, at the finalised block. Needs no index.
    #[method(name = "currencies", blocking)]
    fn currencies(&self) -> Result<ListAnswer<CurrencyView>, Error>;

    /// What an organisation has of each currency, free and on hold, at the finalised block. Needs no index.
    #[method(name = "balances", blocking)]
    fn balances(&self, organisation: Decimal) -> Result<BalancesAnswer, Error>;

    /// The withdrawals of a currency that were neither paid nor returned, by number, at the finalised block. Needs no
    /// index.
    #[method(name = "withdrawals", blocking)]
    fn withdrawals(&self, currency: Decimal) -> Result<ListAnswer<WithdrawalView>, Error>;

    /// What is stated and billed of a grant, at the finalised block. Needs no index.
    #[method(name = "grantAccount", blocking)]
    fn grant_account(&self, grant: Decimal) -> Result<GrantAccountAnswer, Error>;

    /// An obligation, at the finalised block. Needs no index.
    #[method(name = "obligation", blocking)]
    fn obligation(&self, obligation: Decimal) -> Result<ObligationAnswer, Error>;

    /// Obligations in the order of their numbers, `limit` at a time (100 unless told, at most 1000). With a `cursor` the
    /// filter must be the same as before.
    #[method(name = "obligations", blocking)]
    fn obligations(
        &self,
        filter: Option<ObligationFilterParams>,
        cursor: Option<String>,
        limit: Option<u32>,
    ) -> Result<Page<ObligationView>, Error>;

    /// A netting cycle of a currency with its net positions, at the finalised block. Needs no index.
    #[method(name = "cycle", blocking)]
    fn cycle(&self, currency: Decimal, number: Decimal) -> Result<CycleAnswer, Error>;

    /// The netting cycles of a currency, by number, `limit` at a time (100 unless told, at most 1000), at the finalised
    /// block of the first page. Needs no index.
    #[method(name = "cycles", blocking)]
    fn cycles(&self, currency: Decimal, cursor: Option<String>, limit: Option<u32>) -> Result<Page<CycleView>, Error>;

    /// Every organisation with its accounts, by number, at the finalised block. Needs no index.
    #[method(name = "organisations", blocking)]
    fn organisations(&self) -> Result<ListAnswer<OrganisationInfo>, Error>;

    /// An organisation with its accounts, at the finalised block. Needs no index.
    #[method(name = "organisation", blocking)]
    fn organisation(&self, id: Decimal) -> Result<OrganisationAnswer, Error>;

    /// The parameters that the council sets, at the finalised block. Needs no index.
    #[method(name = "parameters", blocking)]
    fn parameters(&self) -> Result<ParametersAnswer, Error>;

    /// The motions that are open, by number, at the finalised block. Needs no index.
    #[method(name = "motions", blocking)]
    fn motions(&self) -> Result<ListAnswer<MotionInfo>, Error>;

    /// The recoveries that are under way, by organisation, at the finalised block. Needs no index.
    #[method(name = "recoveries", blocking)]
    fn recoveries(&self) -> Result<ListAnswer<RecoveryInfo>, Error>;

    /// The validators, in the order in which they were registered, at the finalised block. Needs no index.
    #[method(name = "validators", blocking)]
    fn validators(&self) -> Result<ListAnswer<ValidatorInfo>, Error>;

    /// The nodes that belong to the network, at the finalised block. Needs no index.
    #[method(name = "peers", blocking)]
    fn peers(&self) -> Result<ListAnswer<PeerInfo>, Error>;
}
