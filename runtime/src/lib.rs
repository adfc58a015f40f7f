//! The CityNet Ledger runtime.
//!
//! Composition only: which pallets there are and in which order, what a transaction carries, what a node may ask. Rules
//! live in the pallets. Networks differ by genesis ([`genesis_presets`], or a consortium's own file), never by a
//! feature of this crate.
//!
//! # Fees
//!
//! There are none, and no token. A transaction is admitted because an account of an active member organisation signed
//! it and the organisation's quota allows for it (`CheckMember`), not because it pays.
//!
//! # Root
//!
//! There is no root key. See [`configs`] for what the council must decide and by how many.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
#![allow(missing_docs, reason = "the macros that compose a runtime generate items without docs")]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod genesis_presets;
pub mod timing;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// Types that do not know the runtime's calls: all that a node needs to sync, also across upgrades.
pub mod opaque {
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    use super::{generic, BlakeTwo256, BlockNumber};

    /// Block header.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// Block with transactions as opaque bytes.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

impl_opaque_keys! {
    /// The keys that a validator's node holds: sr25519 to author blocks, Ed25519 to finalise them.
    pub struct SessionKeys {
        pub aura: Aura,
        pub grandpa: Grandpa,
    }
}

// A macro, since the attribute wants to read the number.
macro_rules! version {
    ($spec_version:tt) => {
        /// The version of the runtime. `spec_version` grows with every release, `transaction_version` when a call's index
        /// or encoding changes.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: Cow::Borrowed("citynet"),
            impl_name: Cow::Borrowed("citynet"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: apis::RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "rehearsal"))]
version!(1);
// What `scripts/next-runtime` builds: the same in everything else, to rehearse an upgrade with.
#[cfg(feature = "rehearsal")]
version!(2);

/// A transaction's signature, by any of the three schemes.
pub type Signature = MultiSignature;
/// An account: the public key, or for ECDSA its hash.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// How many transactions an account has made.
pub type Nonce = u32;
/// A block's or transaction's hash.
pub type Hash = sp_core::H256;
/// A block's height.
pub type BlockNumber = u32;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// What is checked about every transaction, in this order. Membership comes before the nonce, because of a stranger the
/// nonce check would only say that nobody paid for the nonce's storage. `WeightReclaim` is last, to give back what
/// every other extension left unused.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    pallet_consortium::CheckMember<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// A transaction.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a transaction's signer signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Executes blocks and transactions.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

// `legacy_ordering`: genesis and hooks follow the order below instead of the indices, which are part of the encoding of
// calls and events. These orders matter. Aura precedes Nodes, which counts by the slot that Aura read. Authorship and Nodes
// precede Session, because at the start of a session they must look authors up among the validators of the session
// before. At genesis Council precedes Consortium, which gives it its seats; Consortium precedes Nodes, which asks it whose
// the validators are; Nodes precedes Session, which asks it for them. Journal is last, so that its tree head covers all
// that a block wrote.
#[frame_support::runtime(legacy_ordering)]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(7)]
    pub type Timing = timing;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;

    #[runtime::pallet_index(3)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(8)]
    pub type Offences = pallet_offences;

    #[runtime::pallet_index(5)]
    pub type Authorship = pallet_authorship;

    #[runtime::pallet_index(24)]
    pub type Council = pallet_collective<Instance1>;

    #[runtime::pallet_index(20)]
    pub type Consortium = pallet_consortium;

    #[runtime::pallet_index(22)]
    pub type Nodes = pallet_nodes;

    #[runtime::pallet_index(4)]
    pub type Session = pallet_session;

    #[runtime::pallet_index(6)]
    pub type Historical = pallet_session::historical;

    #[runtime::pallet_index(25)]
    pub type Whitelist = pallet_whitelist;

    #[runtime::pallet_index(26)]
    pub type TxPause = pallet_tx_pause;

    #[runtime::pallet_index(27)]
    pub type SafeMode = pallet_safe_mode;

    #[runtime::pallet_index(28)]
    pub type Upgrades = pallet_upgrades;

    #[runtime::pallet_index(21)]
    pub type Attestations = pallet_attestations;

    #[runtime::pallet_index(30)]
    pub type Catalog = pallet_catalog;

    #[runtime::pallet_index(31)]
    pub type Grants = pallet_grants;

    // Money moves by the calls of Settlements only.
    #[runtime::pallet_index(34)]
    #[runtime::disable_call]
    pub type Assets = pallet_assets;

    #[runtime::pallet_index(35)]
    pub type AssetsHolder = pallet_assets_holder;

    #[runtime::pallet_index(33)]
    pub type Settlements = pallet_settlements;

    #[runtime::pallet_index(40)]
    pub type Journal = pallet_journal;
}
