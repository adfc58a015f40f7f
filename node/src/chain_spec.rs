//! The chains that a node knows by name, and those that it reads from a file.

use citynet_runtime::{configs::SS58Prefix, genesis_presets, WASM_BINARY};
use sc_chain_spec::ChainSpecBuilder;
use sc_service::{ChainType, Properties};
use std::path::PathBuf;

/// A chain specification. It has no extensions: light clients refuse what they do not know.
pub type ChainSpec = sc_service::GenericChainSpec;

/// The specification that `--chain` names: `development`, `local` or a file.
///
/// # Errors
///
/// When no chain is named, the file cannot be read or is a consortium's description, or the node was built without a
/// runtime.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "" => Err("which chain? Say --chain development, --chain local or --chain FILE".into()),
        // What sc-cli makes of `--dev`.
        "dev" | genesis_presets::DEVELOPMENT => {
            preset("CityNet Development", "citynet_development", ChainType::Development, genesis_presets::DEVELOPMENT)
        }
        genesis_presets::LOCAL => preset("CityNet Local", "citynet_local", ChainType::Local, genesis_presets::LOCAL),
        path if path.ends_with(".toml") => Err(format!(
            "{path} describes a consortium. Make its chain's specification first, `citynet-node chain-spec from-toml \
             {path} --raw --output SPEC.json`, and say --chain SPEC.json"
        )),
        path => ChainSpec::from_json_file(PathBuf::from(path))
            .map_err(|error| format!("{path} is neither a chain that is built in nor a chain specification: {error}")),
    }
}

fn preset(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
    Ok(builder(name, id, chain_type)?.with_genesis_config_preset_name(preset).build())
}

/// What the ledger's specifications have in common.
///
/// # Errors
///
/// When the node was built without a runtime.
pub fn builder(name: &str, id: &str, chain_type: ChainType) -> Result<ChainSpecBuilder, &'static str> {
    let code = WASM_BINARY.ok_or("this node was built without its runtime (SKIP_WASM_BUILD)")?;
    Ok(ChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_properties(Properties::from_iter([("ss58Format".into(), SS58Prefix::get().into())])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_service::ChainSpec as _;

    #[test]
    fn built_in_chains_have_a_genesis() {
        for (name, id) in
            [("dev", "citynet_development"), ("development", "citynet_development"), ("local", "citynet_local")]
        {
            let spec = load(name).expect("the chain is built in");
            assert_eq!(spec.id(), id);
            assert_eq!(spec.properties().get("ss58Format"), Some(&42.into()));
            let storage = spec.as_storage_builder().build_storage().expect("the preset builds");
            assert!(storage.top.contains_key(&b":code"[..]));
        }
    }

    #[test]
    fn a_chain_must_be_named() {
        let refusal = |name| load(name).err().expect("it names no chain");
        assert!(refusal("").contains("--chain"));
        assert!(refusal("no-such-file.json").contains("no-such-file.json"));
        assert!(refusal("chain-specs/example.toml").contains("from-toml chain-specs/example.toml"));
    }
}
