//! The JSON-RPC methods that this node adds to the SDK's.

use crate::service::{Backend, Client, Pool};
use citynet_index::Index;
use citynet_rpc::{bounded, Ledger, Subscriptions, UnreadLimits};
use citynet_runtime::{opaque::Block, AccountId, BlockNumber, Hash, Nonce};
use jsonrpsee::{core::RegisterMethodError, RpcModule};
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the methods answer from.
pub struct Sources {
    /// The chain.
    pub client: Arc<Client>,
    /// Its database.
    pub backend: Arc<Backend>,
    /// The transactions that wait.
    pub pool: Arc<Pool>,
    /// The index, if the node keeps one.
    pub index: Option<Index>,
    /// The subscriptions to records.
    pub subscriptions: Subscriptions<Client>,
    /// The chain's name.
    pub chain: String,
    /// Who finalises.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// How the current GRANDPA round stands.
    pub voter_state: SharedVoterState,
    /// Justifications as they are made.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Finality proofs of the SDK's kind.
    pub finality_proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

/// Makes the methods. Their answers are bounded for who does not read them; those of the SDK's own methods are not.
///
/// # Errors
///
/// When two have the same name.
pub fn module(sources: &Sources, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, RegisterMethodError> {
    let mut module = RpcModule::new(());
    let system = System::<Pool, Client, Block>::new(sources.client.clone(), sources.pool.clone());
    module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(system))?;
    module.merge(
        Grandpa::new(
            executor,
            sources.authority_set.clone(),
            sources.voter_state.clone(),
            sources.justifications.clone(),
            sources.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    module.merge(citynet_rpc::methods(Ledger::new(
        sources.client.clone(),
        sources.backend.clone(),
        sources.index.clone(),
        sources.authority_set.clone(),
        sources.chain.clone(),
    ))?)?;
    module.merge(sources.subscriptions.methods()?)?;
    let methods = bounded(&module, UnreadLimits::default())?;
    let mut module = RpcModule::new(());
    module.merge(methods)?;
    Ok(module)
}
