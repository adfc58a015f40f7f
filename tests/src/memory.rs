//! What a process has in memory, as Linux counts it.

use anyhow::{Context as _, Result};
use std::fs;

/// The memory of a process, in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// How much it has now.
    pub resident: u64,
    /// The most that it had since it began, or since [`Memory::forget_peak`].
    pub peak: u64,
}

impl Memory {
    /// Of the process with that id.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn of(process: u32) -> Result<Self> {
        let path = format!("/proc/{process}/status");
        let status = fs::read_to_string(&path).with_context(|| path.clone())?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            kilobytes.map(|kilobytes| kilobytes / 1024).with_context(|| format!("{path} says nothing of {name}"))
        };
        Ok(Self { resident: field("VmRSS:")?, peak: field("VmHWM:")? })
    }

    /// Has the peak of a process begin anew.
    ///
    /// # Errors
    ///
    /// When there is no such process, or it is somebody else's.
    pub fn forget_peak(process: u32) -> Result<()> {
        let path = format!("/proc/{process}/clear_refs");
        fs::write(&path, "5").with_context(|| path)
    }
}
