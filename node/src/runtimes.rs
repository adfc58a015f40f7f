//! The runtimes that the node has compiled.
//!
//! A runtime is WebAssembly on the chain and machine code where it is executed. To compile it takes seconds, and the
//! executor does it when it meets a new one, that is between two blocks, while every other call of a runtime waits.
//! Hence what was compiled is kept in a folder, and a runtime that the chain has scheduled is compiled into it before
//! its block comes: the executor then finds it there in milliseconds.
//!
//! The folder is a cache. Without it, or when something goes wrong here, the executor compiles by itself and the node
//! misses some slots; blocks and states are the same. What lies in it is executed, so nobody else may write there. An
//! artefact is found by the code, the settings of the compiler and its version: an upgraded node makes new ones, and
//! the compiler deletes what was not used for long when the folder exceeds 512 MiB.

use crate::service::Client;
use citynet_runtime::{BlockNumber, Hash};
use codec::Decode;
use futures::StreamExt;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};
use sc_client_api::{BlockchainEvents, StorageProvider};
use sc_executor::{HeapAllocStrategy, RuntimeVersion, RuntimeVersionOf, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_service::{config::ExecutorConfiguration, Configuration};
use sp_blockchain::HeaderBackend;
use sp_core::{
    storage::StorageKey,
    traits::{RuntimeCode, WrappedRuntimeCode},
};
use sp_crypto_hashing::{blake2_256, twox_128};
use sp_state_machine::BasicExternalities;
use std::{
    io,
    path::{absolute, Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// Beside the chain's database.
const FOLDER: &str = "compiled";

/// How much the thread that compiles gives way to those that make and execute blocks. On a machine without a free core
/// it still gets about a third of what each of them gets, and is done before the block for which it compiles.
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

/// What executes runtimes.
pub type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// How a node compiles runtimes, and where it keeps them.
#[derive(Clone, Debug)]
pub struct Runtimes {
    settings: ExecutorConfiguration,
    folder: PathBuf,
}

/// A runtime was not compiled.
#[derive(Debug, thiserror::Error)]
enum CompileError {
    /// There is no thread to do it.
    #[error("no thread can be started: {0}")]
    Thread(#[from] ThreadPoolBuildError),
    /// It is no runtime, or not for this node.
    #[error(transparent)]
    Runtime(#[from] sc_executor::error::Error),
}

/// What the chain has scheduled cannot be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    /// The state is gone.
    #[error(transparent)]
    State(#[from] sp_blockchain::Error),
    /// It has another form than this node knows.
    #[error("it cannot be decoded: {0}")]
    Scale(#[from] codec::Error),
}

/// A runtime that the chain will use.
struct Scheduled {
    /// Blake2b-256 of the code.
    hash: Hash,
    /// Whose execution makes it the runtime. The blocks after it are executed by it.
    block: BlockNumber,
}

impl Runtimes {
    /// Those of a node, kept in a folder of its operator's choice or beside its database.
    ///
    /// # Errors
    ///
    /// When the folder is relative, and there is no working directory.
    pub fn new(config: &Configuration, chosen: Option<&Path>) -> io::Result<Self> {
        Ok(Self { settings: config.executor.clone(), folder: folder(chosen, &config.data_path)? })
    }

    /// An executor that looks into the folder before it compiles anything. The SDK's `new_wasm_executor` with a folder.
    pub fn executor(&self) -> Executor {
        let heap = self.settings.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
            HeapAllocStrategy::Static { extra_pages: u32::try_from(pages).unwrap_or(u32::MAX) }
        });
        Executor::builder()
            .with_execution_method(self.settings.wasm_method)
            .with_onchain_heap_alloc_strategy(heap)
            .with_offchain_heap_alloc_strategy(heap)
            .with_max_runtime_instances(self.settings.max_runtime_instances)
            .with_runtime_cache_size(self.settings.runtime_cache_size)
            .with_cache_path(&self.folder)
            .build()
    }

    /// Compiles a runtime into the folder on one core, and says which it is.
    ///
    /// With an executor of its own: the node's would have every call wait meanwhile. It has the same settings, since
    /// they are part of what an artefact is found by, and is dropped with its own copy of the compiled runtime.
    fn compile(&self, code: &[u8]) -> Result<RuntimeVersion, CompileError> {
        let executor = self.executor();
        // The compiler uses the threads of the pool in which it is called, and otherwise one for each core.
        let pool = ThreadPoolBuilder::new()
            .num_threads(1)
            .thread_name(|_| "compile-runtime".to_owned())
            .start_handler(|_| give_way())
            .build()?;
        let version = pool.install(|| version(&executor, code))?;
        Ok(version)
    }

    /// Compiles every runtime that the chain schedules, until the node ends.
    pub async fn compile_ahead(self, client: Arc<Client>) {
        let mut imports = client.import_notification_stream();
        let mut block = client.info().best_hash;
        let mut seen = None;
        loop {
            match scheduled(&client, block, seen) {
                Ok(Some((scheduled, code))) => {
                    // Also when it fails: it would fail again.
                    seen = Some(scheduled.hash);
                    self.compile_scheduled(&scheduled, code).await;
                }
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, ?block, "What the chain has scheduled cannot be read."),
            }
            block = loop {
                match imports.next().await {
                    Some(notification) if notification.is_new_best => break notification.hash,
                    Some(_) => {}
                    None => return,
                }
            };
        }
    }

    async fn compile_scheduled(&self, scheduled: &Scheduled, code: Vec<u8>) {
        let first = scheduled.block.saturating_add(1);
        tracing::info!("The chain has a new runtime from block {first} on; it is being compiled.");
        let started = Instant::now();
        let runtimes = self.clone();
        match tokio::task::spawn_blocking(move || runtimes.compile(&code)).await {
            Ok(Ok(RuntimeVersion { spec_name, spec_version, .. })) => tracing::info!(
                "The runtime of block {first} on is compiled: {spec_name} version {spec_version}, in {:.1} s.",
                started.elapsed().as_secs_f32()
            ),
            Ok(Err(error)) => not_compiled(first, &error),
            Err(error) => not_compiled(first, &error),
        }
    }
}

fn not_compiled(first: BlockNumber, error: &dyn std::error::Error) {
    tracing::warn!(
        %error,
        "The runtime of block {first} on is not compiled. The node will do it at that block, and may miss slots then."
    );
}

/// An absolute path, which the cache of the compiler asks for.
fn folder(chosen: Option<&Path>, data: &Path) -> io::Result<PathBuf> {
    match chosen {
        Some(folder) => absolute(folder),
        None => absolute(data.join(FOLDER)),
    }
}

/// Which runtime a code is. The executor compiles it for that, unless it has it already.
fn version(executor: &Executor, code: &[u8]) -> sc_executor::error::Result<RuntimeVersion> {
    let fetcher = WrappedRuntimeCode(code.into());
    let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: blake2_256(code).to_vec() };
    executor.runtime_version(&mut BasicExternalities::default(), &code)
}

/// Lets the thread have less of a busy machine. Only where a thread has a priority of its own.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "The thread that compiles has the priority of the others.");
    }
}

/// What the chain has scheduled in the state of a block, and the code, unless that is the one with the hash `seen`.
fn scheduled(client: &Client, block: Hash, seen: Option<Hash>) -> Result<Option<(Scheduled, Vec<u8>)>, ReadError> {
    let Some((hash, number)) = stored::<(Hash, BlockNumber)>(client, block, "Scheduled")? else { return Ok(None) };
    if seen == Some(hash) {
        return Ok(None);
    }
    Ok(stored(client, block, "Code")?.map(|code| (Scheduled { hash, block: number }, code)))
}

/// A value of the pallet that schedules runtimes.
fn stored<T: Decode>(client: &Client, block: Hash, item: &str) -> Result<Option<T>, ReadError> {
    let key = StorageKey([twox_128(b"Upgrades"), twox_128(item.as_bytes())].concat());
    let value = client.storage(block, &key)?;
    Ok(value.map(|value| T::decode(&mut &value.0[..])).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_runtime::WASM_BINARY;
    use std::{fs, time::SystemTime};

    /// The compiled runtimes in a folder and when they were written. What else is there has a dot in its name.
    fn artefacts(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).expect("it is a folder") {
            let entry = entry.expect("nobody deletes it");
            let (path, metadata) = (entry.path(), entry.metadata().expect("nobody deletes it"));
            if metadata.is_dir() {
                found.extend(artefacts(&path));
            } else if !entry.file_name().to_string_lossy().contains('.') {
                found.push((path, metadata.modified().expect("the file system keeps times")));
            }
        }
        found
    }

    #[test]
    fn the_executor_finds_what_was_compiled_ahead() {
        let dir = tempfile::tempdir().expect("there is a folder for temporary files");
        let code = WASM_BINARY.expect("the tests are built with a runtime");
        let runtimes = Runtimes { settings: ExecutorConfiguration::default(), folder: dir.path().join(FOLDER) };
        let compiled = runtimes.compile(code).expect("the node's own runtime compiles");
        assert_eq!(compiled.spec_name, "citynet");
        let ahead = artefacts(&runtimes.folder);
        assert_eq!(ahead.len(), 1, "{ahead:?}");

        assert_eq!(version(&runtimes.executor(), code).expect("it is a runtime"), compiled);
        assert_eq!(artefacts(&runtimes.folder), ahead);
    }

    #[test]
    fn what_is_no_runtime_is_not_compiled() {
        let dir = tempfile::tempdir().expect("there is a folder for temporary files");
        let runtimes = Runtimes { settings: ExecutorConfiguration::default(), folder: dir.path().join(FOLDER) };
        assert!(matches!(runtimes.compile(b"no WebAssembly"), Err(CompileError::Runtime(_))));
    }

    #[test]
    fn the_folder_is_beside_the_database_unless_it_is_chosen() {
        let data = Path::new("/var/lib/citynet/chains/citynet");
        assert_eq!(folder(None, data).expect("it is absolute"), data.join("compiled"));
        assert_eq!(folder(Some(Path::new("/shared")), data).expect("it is absolute"), Path::new("/shared"));
        assert!(folder(Some(Path::new("here")), data).expect("there is a working directory").is_absolute());
    }
}
