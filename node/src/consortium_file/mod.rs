//! The description of a consortium in TOML, of which the specification of its chain is made.
//!
//! `chain-specs/README.md` explains the format field by field. A file is read in three steps. Its *shape* must be that of
//! [`description`]: of what is wrong there, the first thing is told. Then everything that it says is [checked](check),
//! and all that is wrong is told with its line. At last the runtime executes the [genesis] that follows from it.

mod check;
mod description;
mod genesis;
mod keys;
mod problem;
#[cfg(test)]
mod tests;

use check::Consortium;
use description::Description;
use problem::{Problem, Shown, Source};
use std::{fs, io, io::Write as _, path::PathBuf};

/// The arguments of `chain-spec from-toml`.
#[derive(Debug, clap::Args)]
pub struct FromToml {
    /// The description. Its format is explained in chain-specs/README.md.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write the genesis as state, not as configuration. This is what a network is started from.
    #[arg(long)]
    raw: bool,

    /// Write to this file instead of the standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl FromToml {
    /// Reads, checks and writes.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written, or the description is wrong.
    pub fn run(&self) -> Result<(), Error> {
        let name = self.file.display().to_string();
        let text = fs::read_to_string(&self.file).map_err(|error| Error::File(name.clone(), error))?;
        let consortium = read(Source { name: &name, text: &text })?;
        let json = consortium.specification(self.raw)?;
        let written = match &self.output {
            Some(path) => fs::write(path, &json).map_err(|error| Error::File(path.display().to_string(), error)),
            None => {
                io::stdout().write_all(json.as_bytes()).map_err(|error| Error::File("standard output".into(), error))
            }
        };
        written?;
        eprintln!("SHA-256 {}", hex::encode(sp_crypto_hashing::sha2_256(json.as_bytes())));
        Ok(())
    }
}

/// Why there is no specification.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, #[source] io::Error),
    /// The description is wrong in so many places.
    #[error("{shown}No specification is made of this. Problems: {count}.")]
    Wrong {
        /// What is wrong, each with its line.
        shown: String,
        /// How many there are.
        count: usize,
    },
    /// The node cannot make any.
    #[error("{0}")]
    NoRuntime(&'static str),
    /// The runtime refuses the genesis.
    #[error("the runtime does not start from this: {0}")]
    Genesis(String),
    /// The specification cannot be put into JSON.
    #[error("the specification cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Reads a description.
fn read(source: Source) -> Result<Consortium, Error> {
    parse(source).and_then(|description| check::check(&description, source)).map_err(|problems| Error::Wrong {
        shown: problems.iter().map(|problem| Shown(source, problem).to_string()).collect(),
        count: problems.len(),
    })
}

fn parse(source: Source) -> Result<Description, Vec<Problem>> {
    toml::from_str(source.text)
        .map_err(|error| vec![Problem { span: error.span(), what: error.message().trim().replace('\n', ", ") }])
}
