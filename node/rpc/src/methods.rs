//! The methods as a node serves them.

use crate::{Block, Error, Ledger, LedgerApiServer, LedgerClient};
use jsonrpsee::{
    core::RegisterMethodError,
    types::{error::INVALID_PARAMS_CODE, ErrorObjectOwned, Id, Params},
    MethodCallback, MethodResponse, Methods, RpcModule,
};
use sc_client_api::Backend;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;

/// The OpenRPC document of the `citynet_*` methods, which `rpc.discover` answers with. The test `wire` makes it of the
/// sources: `CITYNET_UPDATE=1 cargo test --release --workspace --test wire`.
pub const OPENRPC: &str = include_str!("../../../docs/openrpc.json");

/// The `citynet_*` methods of a ledger and `rpc.discover`, to be merged into what else a node serves.
///
/// jsonrpsee refuses parameters of the wrong JSON type before they come to the ledger, and in its own form. Here such
/// refusals get the form of [`Error::InvalidParams`], so that every error of every method has a `data.code`.
///
/// # Errors
///
/// When two methods have the same name.
pub fn methods<C, B>(ledger: Ledger<C, B>) -> Result<Methods, RegisterMethodError>
where
    C: LedgerClient,
    B: Backend<Block> + 'static,
{
    let plain = ledger.into_rpc();
    let names: Vec<_> = plain.method_names().collect();
    let mut methods = Methods::new();
    for name in names {
        if let Some(callback) = plain.method(name) {
            methods.verify_and_insert(name, with_code(callback))?;
        }
    }
    let mut discovery = RpcModule::new(());
    discovery.register_method("rpc.discover", |_, (), _| {
        Ok::<&RawValue, ErrorObjectOwned>(serde_json::from_str(OPENRPC).expect("serde_json wrote the document"))
    })?;
    methods.merge(discovery)?;
    Ok(methods)
}

/// A method whose refusals of parameters have a `data.code`.
fn with_code(callback: &MethodCallback) -> MethodCallback {
    match callback {
        MethodCallback::Sync(answer) => {
            let answer = answer.clone();
            MethodCallback::Sync(Arc::new(move |id: Id<'_>, params: Params<'_>, max_size, extensions| {
                coded(id.clone(), answer(id, params, max_size, extensions))
            }))
        }
        MethodCallback::Async(answer) => {
            let answer = answer.clone();
            MethodCallback::Async(Arc::new(move |id, params, connection, max_size, extensions| {
                let pending = answer(id.clone(), params, connection, max_size, extensions);
                Box::pin(async move { coded(id, pending.await) })
            }))
        }
        // Their first answer is sent by jsonrpsee itself.
        MethodCallback::Subscription(_) | MethodCallback::Unsubscription(_) => callback.clone(),
    }
}

fn coded(id: Id<'_>, answer: MethodResponse) -> MethodResponse {
    if answer.as_error_code() != Some(INVALID_PARAMS_CODE) {
        return answer;
    }
    match reason(answer.as_result()) {
        Some(reason) => {
            let error = ErrorObjectOwned::from(Error::InvalidParams(reason));
            MethodResponse::error(id, error).with_extensions(answer.extensions().clone())
        }
        None => answer,
    }
}

/// What jsonrpsee found wrong, which it puts into `data` as text. The ledger's own errors have an object there.
fn reason(answer: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        error: Refusal,
    }
    #[derive(Deserialize)]
    struct Refusal {
        data: String,
    }
    serde_json::from_str::<Answer>(answer).ok().map(|answer| answer.error.data)
}
