//! What a node may ask the runtime.

use crate::{
    configs::{CollectiveCouncil, InherentClock, KeyOwners},
    genesis_presets, AccountId, Attestations, Aura, Block, Catalog, Consortium, Executive, Grandpa, Grants,
    InherentDataExt, Journal, Nodes, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, Settlements,
    System, VERSION,
};
use alloc::vec::Vec;
use citynet_primitives::{
    Account, Action, AlgorithmId, Amount, CodeList, CurrencyInfo, CycleId, CycleInfo, DatasetId, DatasetInfo, Decision,
    DeviceId, DeviceInfo, Entry, GrantAccount, GrantId, GrantInfo, Moment, MotionInfo, NetPosition, ObligationInfo,
    OrganisationId, OrganisationInfo, Parameters, PeerInfo, PurposeCode, RecoveryInfo, Roles, Subject, SubjectHead,
    Text, TreeHead, ValidatorInfo, VersionInfo, WithdrawalInfo,
};
use citynet_support::{Clock, Council, Membership};
use codec::Encode;
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::KeyOwnerProofSystem,
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_runtime::{
    traits::{Block as BlockT, NumberFor},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(id: ViewFunctionId, input: Vec<u8>) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header)
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            Grandpa::current_set_id()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
        }

        fn generate_key_ownership_proof(
            _: sp_consensus_grandpa::SetId,
            authority: GrandpaId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            let proof = KeyOwners::prove((sp_consensus_grandpa::KEY_TYPE, authority))?;
            Some(sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis_presets::preset_names()
        }
    }

    impl citynet_runtime_api::JournalApi<Block> for Runtime {
        fn records() -> Vec<Entry> {
            Journal::records()
        }

        fn tree_head() -> TreeHead {
            Journal::tree_head()
        }

        fn subject_head(subject: Subject) -> SubjectHead {
            Journal::subject_head(subject)
        }
    }

    impl citynet_runtime_api::ConsortiumApi<Block> for Runtime {
        fn organisation(id: OrganisationId) -> Option<OrganisationInfo> {
            Consortium::organisation(id)
        }

        fn organisations() -> Vec<OrganisationInfo> {
            Consortium::organisations()
        }

        fn member(account: Account) -> Option<(OrganisationId, Roles)> {
            <Consortium as Membership<AccountId>>::member(&account.into())
                .map(|member| (member.organisation, member.roles))
        }

        fn parameters() -> Parameters {
            Consortium::parameters()
        }

        fn motions() -> Vec<MotionInfo> {
            <CollectiveCouncil as Council<RuntimeCall>>::motions()
        }

        fn recoveries() -> Vec<RecoveryInfo> {
            Consortium::recoveries()
        }
    }

    impl citynet_runtime_api::NodesApi<Block> for Runtime {
        fn validators() -> Vec<ValidatorInfo> {
            Nodes::validators()
        }

        fn peers() -> Vec<PeerInfo> {
            Nodes::peers()
        }
    }

    impl citynet_runtime_api::AttestationsApi<Block> for Runtime {
        fn device(id: DeviceId) -> Option<DeviceInfo> {
            Attestations::device(id)
        }

        fn device_count() -> u64 {
            Attestations::device_count()
        }

        fn algorithms() -> Vec<AlgorithmId> {
            Attestations::algorithms()
        }
    }

    impl citynet_runtime_api::CatalogApi<Block> for Runtime {
        fn dataset(id: DatasetId) -> Option<DatasetInfo> {
            Catalog::dataset(id)
        }

        fn dataset_count() -> u64 {
            Catalog::dataset_count()
        }

        fn version(dataset: DatasetId, number: u32) -> Option<VersionInfo> {
            Catalog::version(dataset, number)
        }

        fn devices(dataset: DatasetId) -> Vec<DeviceId> {
            Catalog::devices(dataset)
        }
    }

    impl citynet_runtime_api::GrantsApi<Block> for Runtime {
        fn grant(id: GrantId) -> Option<GrantInfo> {
            Grants::grant(id)
        }

        fn grant_count() -> u64 {
            Grants::grant_count()
        }

        fn check_access(
            consumer: OrganisationId,
            dataset: DatasetId,
            number: Option<u32>,
            action: Action,
            purpose: PurposeCode,
            time: Option<Moment>,
        ) -> Decision {
            Grants::check_access(consumer, dataset, number, action, purpose, time.unwrap_or_else(InherentClock::now))
        }

        fn codes(list: CodeList) -> Vec<(u16, Text<64>)> {
            Grants::codes(list)
        }
    }

    impl citynet_runtime_api::SettlementsApi<Block> for Runtime {
        fn currencies() -> Vec<(u32, CurrencyInfo)> {
            Settlements::currencies()
        }

        fn balance(currency: u32, organisation: OrganisationId) -> (Amount, Amount) {
            Settlements::balance(currency, organisation)
        }

        fn withdrawals(currency: u32) -> Vec<(u64, WithdrawalInfo)> {
            Settlements::withdrawals(currency)
        }

        fn account(grant: GrantId) -> Option<GrantAccount> {
            Settlements::account(grant)
        }

        fn obligation(id: u64) -> Option<ObligationInfo> {
            Settlements::obligation(id)
        }

        fn obligation_count() -> u64 {
            pallet_settlements::ObligationCount::<Runtime>::get()
        }

        fn cycle(id: CycleId) -> Option<CycleInfo> {
            Settlements::cycle(id)
        }

        fn positions(id: CycleId) -> Vec<NetPosition> {
            Settlements::positions(id).into_inner()
        }

        fn last_cycle(currency: u32) -> u32 {
            Settlements::last_cycle(currency)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            use crate::*;
            use frame_benchmarking::BenchmarkList;
            use frame_support::traits::StorageInfoTrait;
            use frame_system_benchmarking::{extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench};

            let mut list = Vec::<BenchmarkList>::new();
            list_benchmarks!(list, extra);
            (list, AllPalletsWithSystem::storage_info())
        }

        #[allow(non_local_definitions, reason = "the benchmarks' configuration is of use here only")]
        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            use crate::*;
            use frame_benchmarking::BenchmarkBatch;
            use frame_support::traits::WhitelistedStorageKeys;
            use frame_system_benchmarking::{extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench};
            use sp_storage::TrackedStorageKey;

            impl frame_system_benchmarking::Config for Runtime {}

            let whitelist: Vec<TrackedStorageKey> = AllPalletsWithSystem::whitelisted_storage_keys();
            let mut batches = Vec::<BenchmarkBatch>::new();
            let params = (&config, &whitelist);
            add_benchmarks!(params, batches);
            Ok(batches)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        // Whoever tries a runtime wants the trace of what failed: these two panic on purpose.
        fn on_runtime_upgrade(
            checks: frame_try_runtime::UpgradeCheckSelect,
        ) -> (frame_support::weights::Weight, frame_support::weights::Weight) {
            let weight = Executive::try_runtime_upgrade(checks).expect("the upgrade passes its checks (try-runtime)");
            (weight, crate::configs::RuntimeBlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> frame_support::weights::Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block executes and the state holds what it must (try-runtime)")
        }
    }
}
