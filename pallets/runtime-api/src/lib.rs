//! The versioned runtime APIs by which a node reads the ledger.
//!
//! A method is never changed once a runtime with it is live: a new version of the trait is declared beside it
//! (`#[api_version]`, `#[changed_in]`), so that an index can read blocks of any age.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, reason = "the macro generates items without docs")]

extern crate alloc;

use alloc::vec::Vec;
use citynet_primitives::{
    Account, AlgorithmId, DeviceId, DeviceInfo, Entry, MotionInfo, OrganisationId, OrganisationInfo, Parameters,
    PeerInfo, RecoveryInfo, Roles, Subject, SubjectHead, TreeHead, ValidatorInfo,
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
}
