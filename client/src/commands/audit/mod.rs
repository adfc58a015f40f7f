//! `citynet audit`.

mod access;
mod account;
mod answer;
pub(super) mod completeness;
mod devices;
mod export;
mod lineage;

pub(super) use answer::{as_of_line, done, journal, left_out_lines};

use super::Done;
use crate::output::Output;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum AuditCommand {
    /// Say who could use a dataset at a time, by which grants, for what, on which legal basis, and who granted it.
    Access(access::AccessArgs),
    /// Follow a version, a batch or a device up to what it was made from, and down to what was made from it.
    Lineage(lineage::LineageArgs),
    /// Find all that a distrusted device or a faulty version touches, and whom to tell.
    Taint(lineage::TaintArgs),
    /// Say what an organisation or an account did.
    Account(account::AccountArgs),
    /// Say what every device attested, what is missing, and with which keys.
    Devices(devices::DevicesArgs),
    /// Show all records about a subject, proven complete.
    Completeness(completeness::CompletenessArgs),
    /// Write the catalogue as DCAT 3.
    Dcat(export::DcatArgs),
    /// Pack what there is to know about a dataset into an RO-Crate.
    Crate(export::CrateArgs),
}

pub async fn run(command: AuditCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        AuditCommand::Access(args) => access::run(args, output).await,
        AuditCommand::Lineage(args) => lineage::run(args, output).await,
        AuditCommand::Taint(args) => lineage::taint(args, output).await,
        AuditCommand::Account(args) => account::run(args, output).await,
        AuditCommand::Devices(args) => devices::run(args, output).await,
        AuditCommand::Completeness(args) => completeness::run(args, output).await,
        AuditCommand::Dcat(args) => export::dcat(args, output).await,
        AuditCommand::Crate(args) => export::ro_crate(args, output).await,
    }
}
