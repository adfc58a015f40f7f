//! The `citynet` command: attest a sensor's readings, prove one, verify a proof, look after devices and datasets, grant
//! access to these, settle what is owed for it, and govern the consortium.
//!
//! Exit codes: 0 done, 1 failed (also for a wrong command line), 2 done but some input was rejected, or the answer is not
//! complete.

mod commands;
mod output;

use clap::{error::ErrorKind, Parser as _};
use commands::{Cli, Done};
use output::Output;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Printing fails only when nobody reads.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(1),
            };
        }
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let output = Output::new(cli.json);
    match commands::run(cli, &output) {
        Ok(Done::Completely) => ExitCode::SUCCESS,
        Ok(Done::WithRejects | Done::Incomplete) => ExitCode::from(2),
        Ok(Done::Refuted | Done::Denied | Done::CallFailed) => ExitCode::from(1),
        Err(error) => {
            output.failure(&error);
            ExitCode::from(1)
        }
    }
}
