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
    Account, Action, AlgorithmId, CodeList, DatasetId, DatasetInfo, Decision, DeviceId, DeviceInfo, Entry, GrantId,
    GrantInfo, Moment, MotionInfo, OrganisationId, OrganisationInfo, Parameters, PeerInfo, PurposeCode, RecoveryInfo,
    Roles, Subject, SubjectHead, Text, TreeHead, ValidatorInfo, VersionInfo,
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
}
