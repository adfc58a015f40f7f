//! `citynet audit`.

mod access;
mod account;
mod answer;
pub(super) mod completeness;
mod devices;
mod evidence;
mod export;
mod governance;
mod lineage;
mod payments;
mod reading;
#[cfg(test)]
#[path = "../../../../answers/tests/samples/mod.rs"]
#[allow(dead_code, reason = "what is computed needs the others")]
mod samples;

pub(super) use answer::{as_of_line, done, journal, left_out_lines, told};

use super::Done;
use crate::output::Output;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum AuditCommand {
    /// Place one reading among all that its device attested, and say what is missing around it.
    Reading(reading::ReadingArgs),
    /// Say who could use a dataset at a time, by which grants, for what, on which legal basis, and who granted it.
    Access(access::AccessArgs),
    /// Follow a version, a batch or a device up to what it was made from, and down to what was made from it.
    Lineage(lineage::LineageArgs),
    /// Find all that a distrusted device or a faulty version touches, and whom to tell.
    Taint(lineage::TaintArgs),
    /// Follow what an organisation owes and is owed from use to payment, and check that it adds up.
    Payments(payments::PaymentsArgs),
    /// Say who runs the ledger, who voted for what, and what each organisation did.
    Governance(governance::GovernanceArgs),
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
        AuditCommand::Reading(args) => reading::run(args, output).await,
        AuditCommand::Access(args) => access::run(args, output).await,
        AuditCommand::Lineage(args) => lineage::run(args, output).await,
        AuditCommand::Taint(args) => lineage::taint(args, output).await,
        AuditCommand::Payments(args) => payments::run(args, output).await,
        AuditCommand::Governance(args) => governance::run(args, output).await,
        AuditCommand::Account(args) => account::run(args, output).await,
        AuditCommand::Devices(args) => devices::run(args, output).await,
        AuditCommand::Completeness(args) => completeness::run(args, output).await,
        AuditCommand::Dcat(args) => export::dcat(args, output).await,
        AuditCommand::Crate(args) => export::ro_crate(args, output).await,
    }
}
