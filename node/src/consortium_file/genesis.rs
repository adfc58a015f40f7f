//! Makes the specification of a consortium's chain.

use super::{check::Consortium, Error};
use crate::chain_spec::{self, ChainSpec};
use citynet_primitives::OrganisationId;
use citynet_runtime::{ConsortiumConfig, NodesConfig, SessionConfig, TimingConfig};
use pallet_consortium::GenesisOrganisation;
use pallet_nodes::GenesisPeer;
use sc_service::ChainSpec as _;
use serde::Serialize;
use serde_json::Value;

/// The parts of the runtime's genesis configuration that a description decides. All others are empty.
#[derive(Serialize)]
struct Genesis {
    timing: TimingConfig,
    consortium: ConsortiumConfig,
    nodes: NodesConfig,
    session: SessionConfig,
}

impl Consortium {
    /// The specification as JSON with sorted keys, so that everybody who makes it gets the same bytes. `raw`: with the
    /// genesis as state rather than as configuration.
    ///
    /// # Errors
    ///
    /// When the runtime refuses the genesis, or the node was built without a runtime.
    pub fn specification(&self, raw: bool) -> Result<String, Error> {
        let spec = self.chain_spec()?;
        if !raw {
            // What is wrong with a configuration would be seen only when it is executed.
            spec.as_storage_builder().build_storage().map_err(refusal)?;
        }
        let json: Value = serde_json::from_str(&spec.as_json(raw).map_err(refusal)?)?;
        Ok(serde_json::to_string_pretty(&json)? + "\n")
    }

    fn chain_spec(&self) -> Result<ChainSpec, Error> {
        let mut builder = chain_spec::builder(&self.name, &self.id, self.chain_type.clone())
            .map_err(Error::NoRuntime)?
            .with_boot_nodes(self.boot_nodes.clone())
            .with_genesis_config_patch(serde_json::to_value(self.genesis())?);
        if let Some(telemetry) = &self.telemetry {
            builder = builder.with_telemetry_endpoints(telemetry.clone());
        }
        Ok(builder.build())
    }

    fn genesis(&self) -> Genesis {
        let mut consortium = ConsortiumConfig { organisations: Vec::new(), parameters: Some(self.parameters.clone()) };
        let mut nodes = NodesConfig { validators: Vec::new(), peers: Vec::new() };
        let mut keys = Vec::new();
        for (organisation, id) in self.organisations.iter().zip((1..).map(OrganisationId)) {
            consortium.organisations.push(GenesisOrganisation {
                name: organisation.name.clone(),
                contact: organisation.contact.clone(),
                legal_id: organisation.legal_id,
                kind: organisation.kind,
                accounts: organisation.accounts.clone(),
            });
            for (account, session_keys) in &organisation.validators {
                nodes.validators.push((id, account.clone()));
                keys.push((account.clone(), account.clone(), session_keys.clone()));
            }
            nodes.peers.extend(organisation.peers.iter().map(|peer| GenesisPeer {
                organisation: id,
                peer: peer.id,
                purpose: peer.purpose,
                address: peer.address.clone(),
            }));
        }
        Genesis {
            timing: TimingConfig {
                slot_duration: self.slot_duration,
                session_length: self.session_length,
                ..Default::default()
            },
            consortium,
            nodes,
            session: SessionConfig { keys, ..Default::default() },
        }
    }
}

/// What the SDK says of a genesis that the runtime refuses, without the whole of the genesis.
fn refusal(error: String) -> Error {
    let reason = error.split(" for blob:").next().unwrap_or(&error);
    Error::Genesis(reason.to_owned())
}
