//! The versioned runtime APIs by which a node reads the ledger.
//!
//! A method is never changed once a runtime with it is live: a new version of the trait is declared beside it
//! (`#[api_version]`, `#[changed_in]`), so that an index can read blocks of any age.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, reason = "the macro generates items without docs")]
#![allow(clippy::too_many_arguments, reason = "the macro adds the block and the context to those of the method")]

extern crate alloc;

use alloc::vec::Vec;
use citynet_primitives::{
    Account, Action, AlgorithmId, Amount, CodeList, CurrencyInfo, CycleId, CycleInfo, DatasetId, DatasetInfo, Decision,
    DeviceId, DeviceInfo, Entry, GrantAccount, GrantId, GrantInfo, Moment, MotionInfo, NetPosition, ObligationInfo,
    OrganisationId, OrganisationInfo, Parameters, PeerInfo, PurposeCode, RecoveryInfo, Roles, Subject, SubjectHead,
    Text, TreeHead, ValidatorInfo, VersionInfo, WithdrawalInfo,
};

sp_api::decl_runtime_apis! {
    /// The transparency log.
    #[api_version(1)]
    pub trait JournalApi {
        /// The records that the queried block wrote, in order. Only this block's: the next one clears them.
        fn records() -> Vec<Entry>;
        /// The tree head after the queried block, the same that is in its header (block 0 has none in its header).
        fn tree_head() -> TreeHead;
        /// How many records a subject has after the queried block, and their chain hash.
        fn subject_head(subject: Subject) -> SubjectHead;
    }

    /// Who is in the consortium, and what it decides.
    #[api_version(1)]
    pub trait ConsortiumApi {
        /// An organisation with its accounts.
        fn organisation(id: OrganisationId) -> Option<OrganisationInfo>;
        /// Every organisation, by number.
        fn organisations() -> Vec<OrganisationInfo>;
        /// The organisation and roles of an account of an active organisation.
        fn member(account: Account) -> Option<(OrganisationId, Roles)>;
        /// The parameters that the council sets.
        fn parameters() -> Parameters;
        /// The motions that are open, by number.
        fn motions() -> Vec<MotionInfo>;
        /// The recoveries that are under way, by organisation.
        fn recoveries() -> Vec<RecoveryInfo>;
    }

    /// The organisations' nodes.
    #[api_version(1)]
    pub trait NodesApi {
        /// The validators, in the order in which they were registered.
        fn validators() -> Vec<ValidatorInfo>;
        /// The nodes that belong to the network: those of active organisations.
        fn peers() -> Vec<PeerInfo>;
    }

    /// Devices and their batches.
    #[api_version(1)]
    pub trait AttestationsApi {
        /// A device.
        fn device(id: DeviceId) -> Option<DeviceInfo>;
        /// How many devices were ever registered; the last one has this number.
        fn device_count() -> u64;
        /// The algorithms whose signatures are accepted.
        fn algorithms() -> Vec<AlgorithmId>;
    }

    /// Datasets and their versions.
    #[api_version(1)]
    pub trait CatalogApi {
        /// A dataset.
        fn dataset(id: DatasetId) -> Option<DatasetInfo>;
        /// How many datasets were ever registered; the last one has this number.
        fn dataset_count() -> u64;
        /// A version of a dataset, by its number.
        fn version(dataset: DatasetId, number: u32) -> Option<VersionInfo>;
        /// The devices that feed a dataset, by number.
        fn devices(dataset: DatasetId) -> Vec<DeviceId>;
    }

    /// Who may use which data.
    #[api_version(1)]
    pub trait GrantsApi {
        /// A grant, in whatever state.
        fn grant(id: GrantId) -> Option<GrantInfo>;
        /// How many grants were ever requested or offered; the last one has this number.
        fn grant_count() -> u64;
        /// Whether an organisation may do `action` for `purpose` with a version of a dataset, or without one with what is
        /// no version yet, as in a stream. At `time`, or else at that of the queried block, and in any case by the state
        /// after that block.
        fn check_access(
            consumer: OrganisationId,
            dataset: DatasetId,
            number: Option<u32>,
            action: Action,
            purpose: PurposeCode,
            time: Option<Moment>,
        ) -> Decision;
        /// Every code of a list with its name, by number.
        fn codes(list: CodeList) -> Vec<(u16, Text<64>)>;
    }

    /// Money, what is owed, and how it is settled.
    #[api_version(1)]
    pub trait SettlementsApi {
        /// Every currency with its number, by number.
        fn currencies() -> Vec<(u32, CurrencyInfo)>;
        /// What an organisation has of a currency: what it can spend, and what is on hold.
        fn balance(currency: u32, organisation: OrganisationId) -> (Amount, Amount);
        /// The withdrawals of a currency that were neither paid nor returned, with their numbers, by number.
        fn withdrawals(currency: u32) -> Vec<(u64, WithdrawalInfo)>;
        /// What is stated and billed of a grant. `None` before the first statement or bill.
        fn account(grant: GrantId) -> Option<GrantAccount>;
        /// An obligation, settled as soon as its cycle is.
        fn obligation(id: u64) -> Option<ObligationInfo>;
        /// How many obligations there ever were; the last one has this number.
        fn obligation_count() -> u64;
        /// A netting cycle.
        fn cycle(id: CycleId) -> Option<CycleInfo>;
        /// What everybody pays or gets in a cycle, by organisation. Empty until it is computed.
        fn positions(id: CycleId) -> Vec<NetPosition>;
        /// The number of a currency's last netting cycle, or 0.
        fn last_cycle(currency: u32) -> u32;
    }
}
