//! `citynet-node try-upgrade`: what an upgrade of the runtime would do to the chain's state, before it is upgraded.
//!
//! The new runtime is built with the feature `try-runtime` and executed on the state that a stopped node has in its
//! database, or a copy of that: its migrations run, each with its checks before and after, the whole state is decoded,
//! and every pallet checks what must hold in it (`try_state`). What all that changes stays in memory. That the state is
//! the chain's makes the difference to tests: they know of no record that somebody wrote years ago.
//!
//! It does not show how long the migrations take on the slowest validator, nor that the code which is upgraded to is
//! built from the same sources as the one that was tried: that one has no checks in it, and other bytes.

use crate::runtimes::Executor;
use citynet_runtime::{opaque::Block, BlockNumber, Hash};
use codec::{Compact, Decode, DecodeAll};
use sc_cli::{BlockNumberOrHash, CliConfiguration, DatabaseParams, SharedParams};
use sc_client_api::{Backend as _, TrieCacheContext};
use sc_executor::{HeapAllocStrategy, RuntimeVersion};
use sc_service::{Configuration, DatabaseSource};
use serde::Serialize;
use sp_blockchain::HeaderBackend;
use sp_core::{
    storage::well_known_keys::CODE,
    traits::{CallContext, ReadRuntimeVersion, RuntimeCode, WrappedRuntimeCode},
};
use sp_crypto_hashing::{blake2_256, blake2_64};
use sp_runtime::{generic::BlockId, traits::HashingFor};
use sp_state_machine::{Backend as StateBackend, BasicExternalities, OverlayedChanges, StateMachine};
use std::{fs, io, path::PathBuf, time::Instant};

/// The runtime API that only a runtime with the feature `try-runtime` has. Its id is the hash of its name.
const API: &[u8] = b"TryRuntime";

/// The function of it that does all of an upgrade.
const FUNCTION: &str = "TryRuntime_on_runtime_upgrade";

/// `frame_try_runtime::UpgradeCheckSelect::All` in SCALE. The type is only there with the feature `try-runtime`, which
/// would put the checks into the runtime that the node is built with as well.
const ALL_CHECKS: [u8; 1] = [1];

/// The arguments of `try-upgrade`.
#[derive(Debug, clap::Args)]
pub struct TryUpgrade {
    /// The new runtime, compressed or not, built with the feature `try-runtime`.
    #[arg(value_name = "WASM")]
    wasm: PathBuf,

    /// On whose state to try it, if not on that of the last finalised block. A validator has those of 256 blocks.
    #[arg(long, value_name = "HASH or NUMBER")]
    at: Option<BlockNumberOrHash>,

    /// Write what came of it to this file, for `citynet upgrade prepare --rehearsal`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Where the chain's database is.
    #[command(flatten)]
    shared: SharedParams,

    /// What kind of database it is.
    #[command(flatten)]
    database: DatabaseParams,
}

impl CliConfiguration for TryUpgrade {
    fn shared_params(&self) -> &SharedParams {
        &self.shared
    }

    fn database_params(&self) -> Option<&DatabaseParams> {
        Some(&self.database)
    }
}

/// Why an upgrade is not tried, or why it fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, #[source] io::Error),
    /// Nothing is where the database should be.
    #[error("there is no database in {0}; say whose it is with --base-path and --chain")]
    NoDatabase(String),
    /// The database is somebody else's, or damaged.
    #[error("the database cannot be opened; is its node stopped? {0}")]
    Open(#[source] sp_blockchain::Error),
    /// The database cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] sp_blockchain::Error),
    /// The state cannot be read.
    #[error("the state of block {0} cannot be read: {1}")]
    State(BlockNumber, String),
    /// No block can be called that.
    #[error("--at: {0}")]
    NotABlock(String),
    /// There is no such block.
    #[error("the database has no block {0}")]
    NoBlock(String),
    /// The code is no runtime.
    #[error("{whose} cannot be read: {reason}")]
    NotARuntime {
        /// Which code.
        whose: &'static str,
        /// What the executor says.
        reason: String,
    },
    /// The runtime has no checks in it.
    #[error(
        "the new runtime was built without the feature try-runtime, so there is nothing in it to try; \
         docs/runbooks/upgrade.md says how to build it"
    )]
    NoChecks,
    /// It is for another chain.
    #[error("the new runtime is one of `{new}`, and the chain's is `{now}`")]
    OtherChain {
        /// Its name.
        new: String,
        /// The name of the chain's.
        now: String,
    },
    /// It is no upgrade.
    #[error("the new runtime has version {new}, and the chain's has {now}: an upgrade must have a higher one")]
    NotNewer {
        /// Its version.
        new: u32,
        /// The version of the chain's.
        now: u32,
    },
    /// The upgrade must not be made.
    #[error("the upgrade fails on the state of block {0}. What the runtime logged says why. {1}")]
    Failed(BlockNumber, #[source] Failure),
}

/// How an upgrade fails.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The runtime stopped: a check does not hold, a migration fails, or it needs something that the node has not.
    #[error("{0}")]
    Runtime(Box<dyn sp_state_machine::Error>),
    /// The runtime's API is another one.
    #[error("what the runtime answers cannot be decoded: {0}")]
    Answer(#[from] codec::Error),
}

/// What was tried and what came of it, in JSON. The 64-bit numbers are decimal strings there.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Hash of the chain's first block.
    genesis: String,
    /// On the state of which block.
    block: BlockNumber,
    block_hash: String,
    spec_name: String,
    /// The version of the runtime that the chain had there.
    from_spec_version: u32,
    /// The version of the new one.
    spec_version: u32,
    passed: bool,
    /// Why it failed.
    failure: Option<String>,
    /// What the migrations weigh.
    weight: Option<Weight>,
    /// What a block may weigh.
    max_weight: Option<Weight>,
    /// Blake2b-256 of the code that was tried, which is not the code that is upgraded to.
    code_hash: String,
}

/// A weight: picoseconds of the reference machine, and bytes of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Weight {
    #[serde(serialize_with = "decimal")]
    ref_time: u64,
    #[serde(serialize_with = "decimal")]
    proof_size: u64,
}

fn decimal<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

impl TryUpgrade {
    /// Tries it and writes the report, also one of a failure.
    ///
    /// # Errors
    ///
    /// When there is nothing to try, or it fails.
    pub fn run(&self, config: &Configuration) -> Result<(), Error> {
        let name = self.wasm.display().to_string();
        let wasm = fs::read(&self.wasm).map_err(|error| Error::File(name, error))?;
        // The state is read as a whole, which takes more memory than a block may.
        let executor = Executor::builder()
            .with_execution_method(config.executor.wasm_method)
            .with_offchain_heap_alloc_strategy(HeapAllocStrategy::Dynamic { maximum_pages: None })
            .build();
        let new = with_checks(&executor, &wasm)?;

        if let DatabaseSource::RocksDb { path, .. } | DatabaseSource::ParityDb { path } = &config.database {
            // It would be made otherwise.
            if !path.exists() {
                return Err(Error::NoDatabase(path.display().to_string()));
            }
        }
        let backend = sc_service::new_db_backend::<Block>(config.db_config()).map_err(Error::Open)?;
        let (hash, number) = self.block(backend.blockchain())?;
        let state = backend.state_at(hash, TrieCacheContext::Untrusted)?;
        let code = StateBackend::<HashingFor<Block>>::storage(&state, CODE)
            .map_err(|error| Error::State(number, error.to_string()))?
            .ok_or_else(|| Error::State(number, "it has no runtime".to_owned()))?;
        let now = version(&executor, &code, "the chain's runtime")?;
        check(&new, &now)?;

        tracing::info!(
            "Trying {} version {} on the state of block {number} ({hash:?}), whose runtime has version {}.",
            new.spec_name,
            new.spec_version,
            now.spec_version
        );
        let started = Instant::now();
        let tried = execute(&executor, &state, hash, &wasm);
        let (weight, max_weight) = tried.as_ref().ok().copied().unzip();
        let report = Report {
            genesis: format!("{:?}", backend.blockchain().info().genesis_hash),
            block: number,
            block_hash: format!("{hash:?}"),
            spec_name: new.spec_name.to_string(),
            from_spec_version: now.spec_version,
            spec_version: new.spec_version,
            passed: tried.is_ok(),
            failure: tried.as_ref().err().map(ToString::to_string),
            weight,
            max_weight,
            code_hash: format!("0x{}", hex::encode(blake2_256(&wasm))),
        };
        self.write(&report)?;

        let (weight, most) = tried.map_err(|failure| Error::Failed(number, failure))?;
        tracing::info!(
            "The upgrade passes all checks, after {:.1} s. Its migrations weigh {:.1} ms of the {:.1} ms of a block.",
            started.elapsed().as_secs_f32(),
            milliseconds(weight),
            milliseconds(most)
        );
        if weight.ref_time > most.ref_time || weight.proof_size > most.proof_size {
            tracing::warn!(
                "That is more than a block may weigh: the first block after the upgrade would take too long."
            );
        }
        Ok(())
    }

    /// The block on whose state it is tried.
    fn block(&self, chain: &impl HeaderBackend<Block>) -> Result<(Hash, BlockNumber), Error> {
        let Some(at) = &self.at else {
            let info = chain.info();
            return Ok((info.finalized_hash, info.finalized_number));
        };
        let id = at.parse::<Block>().map_err(Error::NotABlock)?;
        let unknown = || match id {
            BlockId::Hash(hash) => Error::NoBlock(format!("{hash:?}")),
            BlockId::Number(number) => Error::NoBlock(number.to_string()),
        };
        let hash = chain.block_hash_from_id(&id)?.ok_or_else(unknown)?;
        let number = chain.number(hash)?.ok_or_else(unknown)?;
        Ok((hash, number))
    }

    fn write(&self, report: &Report) -> Result<(), Error> {
        let Some(path) = &self.out else { return Ok(()) };
        let json =
            serde_json::to_string_pretty(report).expect("it has nothing but texts, numbers and structs of those");
        fs::write(path, json + "\n").map_err(|error| Error::File(path.display().to_string(), error))
    }
}

/// Which runtime the code is, when it has the checks.
fn with_checks(executor: &Executor, wasm: &[u8]) -> Result<RuntimeVersion, Error> {
    let new = version(executor, wasm, "the new runtime")?;
    if new.has_api_with(&blake2_64(API), |_| true) {
        Ok(new)
    } else {
        Err(Error::NoChecks)
    }
}

/// Which runtime a code is. That is written in it, so it is not compiled for that.
fn version(executor: &Executor, code: &[u8], whose: &'static str) -> Result<RuntimeVersion, Error> {
    let bytes = executor
        .read_runtime_version(code, &mut BasicExternalities::default())
        .map_err(|reason| Error::NotARuntime { whose, reason })?;
    RuntimeVersion::decode(&mut &bytes[..]).map_err(|error| Error::NotARuntime { whose, reason: error.to_string() })
}

/// Whether one may follow the other, as the chain judges it.
fn check(new: &RuntimeVersion, now: &RuntimeVersion) -> Result<(), Error> {
    if new.spec_name != now.spec_name {
        return Err(Error::OtherChain { new: new.spec_name.to_string(), now: now.spec_name.to_string() });
    }
    if new.spec_version <= now.spec_version {
        return Err(Error::NotNewer { new: new.spec_version, now: now.spec_version });
    }
    Ok(())
}

/// Does all of an upgrade on the state of a block, in memory. Returns what it weighs and what a block may weigh.
fn execute<S: StateBackend<HashingFor<Block>>>(
    executor: &Executor,
    state: &S,
    block: Hash,
    wasm: &[u8],
) -> Result<(Weight, Weight), Failure> {
    let fetcher = WrappedRuntimeCode(wasm.into());
    let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: blake2_256(wasm).to_vec() };
    let mut changes = OverlayedChanges::<HashingFor<Block>>::default();
    let mut extensions = Default::default();
    let answer = StateMachine::new(
        state,
        &mut changes,
        executor,
        FUNCTION,
        &ALL_CHECKS,
        &mut extensions,
        &code,
        CallContext::Offchain,
    )
    .set_parent_hash(block)
    .execute()
    .map_err(Failure::Runtime)?;
    weights(&answer)
}

/// Decodes two of `frame_support::weights::Weight`.
fn weights(answer: &[u8]) -> Result<(Weight, Weight), Failure> {
    type Encoded = (Compact<u64>, Compact<u64>);
    let weight = |(time, size): Encoded| Weight { ref_time: time.0, proof_size: size.0 };
    let (used, most) = <(Encoded, Encoded)>::decode_all(&mut &answer[..])?;
    Ok((weight(used), weight(most)))
}

fn milliseconds(weight: Weight) -> f64 {
    std::time::Duration::from_nanos(weight.ref_time / 1_000).as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_runtime::WASM_BINARY;
    use codec::Encode as _;

    fn executor() -> Executor {
        Executor::builder().build()
    }

    fn runtime(name: &'static str, number: u32) -> RuntimeVersion {
        RuntimeVersion { spec_name: name.into(), spec_version: number, ..Default::default() }
    }

    #[test]
    fn only_a_runtime_with_checks_is_tried() {
        let code = WASM_BINARY.expect("the tests are built with a runtime");
        assert_eq!(version(&executor(), code, "it").expect("it is a runtime").spec_name, "citynet");
        let refusal = with_checks(&executor(), code).expect_err("nodes are built without them");
        assert!(matches!(refusal, Error::NoChecks));
        assert!(refusal.to_string().contains("built without the feature try-runtime"));
        let refusal = with_checks(&executor(), b"no WebAssembly").expect_err("it is none");
        assert!(refusal.to_string().starts_with("the new runtime cannot be read"), "{refusal}");
    }

    #[test]
    fn only_an_upgrade_is_tried() {
        let now = runtime("citynet", 7);
        assert!(check(&runtime("citynet", 8), &now).is_ok());
        assert!(matches!(check(&runtime("citynet", 7), &now), Err(Error::NotNewer { new: 7, now: 7 })));
        assert!(matches!(check(&runtime("citynet", 6), &now), Err(Error::NotNewer { new: 6, now: 7 })));
        let refusal = check(&runtime("statemint", 8), &now).expect_err("it is another chain's");
        assert_eq!(refusal.to_string(), "the new runtime is one of `statemint`, and the chain's is `citynet`");
    }

    #[test]
    fn weights_are_read_to_the_last_byte() {
        let weight = |ref_time, proof_size| Weight { ref_time, proof_size };
        let encoded = ((Compact(5u64), Compact(0u64)), (Compact(u64::MAX), Compact(1u64 << 40))).encode();
        assert_eq!(weights(&encoded).expect("it is what is encoded"), (weight(5, 0), weight(u64::MAX, 1 << 40)));
        assert!(weights(&[&encoded[..], &[0]].concat()).is_err());
        assert!(weights(&encoded[1..]).is_err());
    }

    #[test]
    fn the_report_is_what_the_client_reads() {
        let report = Report {
            genesis: "0x01".into(),
            block: 7,
            block_hash: "0x02".into(),
            spec_name: "citynet".into(),
            from_spec_version: 1,
            spec_version: 2,
            passed: true,
            failure: None,
            weight: Some(Weight { ref_time: u64::MAX, proof_size: 0 }),
            max_weight: None,
            code_hash: "0x03".into(),
        };
        let expected = serde_json::json!({
            "genesis": "0x01",
            "block": 7,
            "blockHash": "0x02",
            "specName": "citynet",
            "fromSpecVersion": 1,
            "specVersion": 2,
            "passed": true,
            "failure": null,
            "weight": { "refTime": "18446744073709551615", "proofSize": "0" },
            "maxWeight": null,
            "codeHash": "0x03",
        });
        assert_eq!(serde_json::to_value(report).expect("it is JSON"), expected);
    }
}
