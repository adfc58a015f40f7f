//! Where the programs under test are.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The ledger's node.
pub const NODE: &str = "citynet-node";
/// The ledger's command.
pub const COMMAND: &str = "citynet";

/// Finds a program of this workspace: beside the running one, or above it, as tests run from the folder `deps`.
///
/// # Errors
///
/// When it was not built.
pub fn find(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe().context("this program does not know where it is")?;
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("there is no {name} near {}; run: cargo build --release --workspace", here.display()))
}

/// Where programs are kept that are installed for tests, in pinned versions, as `scripts/env` says.
///
/// # Errors
///
/// When there is no home folder.
pub fn tools() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("CITYNET_TOOLS") {
        return Ok(folder.into());
    }
    let home = std::env::var_os("HOME").context("neither CITYNET_TOOLS nor HOME is set")?;
    Ok(Path::new(&home).join(".cache/citynet/tools"))
}

/// A file of the repository, by its path from the root.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join(path)
}
