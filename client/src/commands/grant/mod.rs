//! `citynet grant`.

mod propose;
mod show;

use super::{
    sending::{sentence, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    grants::{codes, names, render, terms_hash, Codes},
    keys::AccountKey,
    ledger::{Call, Ledger},
    rpc::parse_hash,
};
use citynet_primitives::{GrantId, GrantInfo, Hash, ReasonCode, Terms, Text};
use clap::{Args, Subcommand};
use propose::TermsArgs;
use show::ListArgs;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum GrantCommand {
    /// Print a file with terms to begin with, or the terms of a grant as such a file.
    #[command(after_help = "\
Examples:
  citynet grant template > terms.toml
  citynet grant template --grant 5 > terms.toml      # to ask for other terms than these
  citynet grant template --json > terms.json")]
    Template {
        /// The number of the grant whose terms to print.
        #[arg(long)]
        grant: Option<u64>,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// List the purposes and legal bases that terms can name.
    Codes {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Ask the owner of a dataset for a grant.
    #[command(after_help = "\
Example:
  citynet grant template > terms.toml
  citynet grant request --terms terms.toml --key-file registrar.key

The consumer is your organisation and the provider is the dataset's owner, unless the file says otherwise.")]
    Request {
        #[command(flatten)]
        terms: TermsArgs,
        /// The number of the grant whose place it shall take.
        #[arg(long, value_name = "GRANT")]
        supersedes: Option<u64>,
    },
    /// Offer a grant of your organisation's dataset.
    #[command(after_help = "\
Examples:
  citynet grant offer --terms terms.toml --key-file registrar.key
  citynet grant offer --terms terms.toml --binding --key-file registrar.key

A binding offer is in force once it is accepted. The provider is your organisation, unless the file says otherwise.")]
    Offer {
        #[command(flatten)]
        terms: TermsArgs,
        /// Have the grant in force as soon as the consumer accepts.
        #[arg(long)]
        binding: bool,
        /// The number of the grant whose place it shall take.
        #[arg(long, value_name = "GRANT")]
        supersedes: Option<u64>,
    },
    /// Pass a grant that your organisation holds on to another organisation: offer a part of it.
    #[command(after_help = "\
Example:
  citynet grant delegate 5 --terms part.toml --key-file registrar.key

It allows nothing that grant 5 does not allow, and ends with it. Grant 5 says the dataset, provider and controller.")]
    Delegate {
        /// The number of the grant that it passes on.
        parent: u64,
        #[command(flatten)]
        terms: TermsArgs,
        /// Offer it for negotiation: accepting alone does not put it into force.
        #[arg(long)]
        negotiable: bool,
        /// The number of the grant whose place it shall take.
        #[arg(long, value_name = "GRANT")]
        supersedes: Option<u64>,
    },
    /// Ask for other terms than were offered, as the consumer.
    CounterRequest {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        terms: TermsArgs,
    },
    /// Offer other terms than were asked for, as the provider.
    CounterOffer {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        terms: TermsArgs,
        /// Have the grant in force as soon as the consumer accepts.
        #[arg(long)]
        binding: bool,
    },
    /// Accept the offered terms, as the consumer. They are printed first.
    #[command(after_help = "\
Examples:
  citynet grant show 5
  citynet grant accept 5 --key-file registrar.key
  citynet grant accept 5 --hash 0x… --key-file registrar.key      # no other terms than those that you have read

What is accepted is the terms as they are printed: if others are put forward meanwhile, the ledger refuses.")]
    Accept(ConsentArgs),
    /// Agree to the terms that were asked for or accepted, as the provider. They are printed first.
    #[command(after_help = "Example:\n  citynet grant agree 5 --key-file registrar.key")]
    Agree(ConsentArgs),
    /// Verify what the provider agreed to, as the consumer.
    Verify {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Put a verified grant into force, as the provider.
    Finalize {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// End a negotiation, for good.
    #[command(after_help = "\
Example:
  citynet grant terminate 5 --reason no_agreement --key-file registrar.key")]
    Terminate {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        reason: ReasonArgs,
        /// Why, in words; at most 256 bytes. It is public and stays for good.
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Put a grant on hold, as the provider.
    #[command(after_help = "\
Example:
  citynet grant suspend 5 --reason data_faulty --note 'inlet blocked since Monday' --key-file registrar.key")]
    Suspend(EndArgs),
    /// Put a suspended grant into force again, as the provider.
    Resume {
        /// Its number.
        grant: u64,
        /// Why, in words; at most 256 bytes. It is public and stays for good.
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// End a grant and all that stand on it, for good, as the provider.
    #[command(after_help = "\
Example:
  citynet grant revoke 5 --reason purpose_exceeded --note 'used for advertising' --key-file registrar.key

From the block that has it, access by this grant and by those that stand on it is denied. What was made before stays.")]
    Revoke(EndArgs),
    /// End a grant, for good, as the consumer.
    #[command(after_help = "\
Example:
  citynet grant renounce 5 --reason not_needed --note 'the study is over' --key-file registrar.key")]
    Renounce(EndArgs),
    /// End a grant whose legal basis is consent, for good, as the controller: the consent was withdrawn.
    #[command(after_help = "\
Example:
  citynet grant withdraw 5 --key-file registrar.key

Say nothing about the people in the note: it is public and stays for good.")]
    Withdraw {
        /// Its number.
        grant: u64,
        /// Why, in words; at most 256 bytes.
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List grants.
    #[command(after_help = "\
Examples:
  citynet grant list
  citynet grant list --dataset 7 --state active
  citynet grant list --consumer 3")]
    List(ListArgs),
    /// Show a grant: where it is, what it says, and what became of it.
    #[command(after_help = "Example:\n  citynet grant show 5")]
    Show {
        /// Its number.
        grant: u64,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Print a grant's terms as an ODRL agreement, and compare its hash with the one on chain.
    #[command(after_help = "\
Examples:
  citynet grant odrl 5
  citynet grant odrl 5 -o agreement.json      # the bytes that are hashed

The exit code is 1 when the grant names another agreement, or none.")]
    Odrl {
        /// Its number.
        grant: u64,
        /// Where the agreement goes, in the form whose SHA-256 the grant names. A file that is there is overwritten.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
pub struct ConsentArgs {
    /// Its number.
    grant: u64,
    /// The hash of the terms, if no others will do.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    hash: Option<Hash>,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Args, Clone, Copy, Debug)]
pub struct ReasonArgs {
    /// Why: no_agreement, terms_broken, purpose_exceeded, security_incident, data_faulty, legal_basis_gone,
    /// consent_withdrawn, not_needed, not_paid, superseded, resolved or other.
    #[arg(long, value_name = "CODE", value_parser = names::reason)]
    reason: ReasonCode,
}

#[derive(Args, Debug)]
pub struct EndArgs {
    /// Its number.
    grant: u64,
    #[command(flatten)]
    reason: ReasonArgs,
    /// Why, in words; at most 256 bytes. It is public and stays for good.
    #[arg(long)]
    note: String,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn run(command: GrantCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        GrantCommand::Template { grant, node } => show::template(grant.map(GrantId), &node, output).await,
        GrantCommand::Codes { node } => show::codes(&node, output).await,
        GrantCommand::Request { terms, supersedes } => propose::request(&terms, supersedes.map(GrantId), output).await,
        GrantCommand::Offer { terms, binding, supersedes } => {
            propose::offer(&terms, binding, supersedes.map(GrantId), output).await
        }
        GrantCommand::Delegate { parent, terms, negotiable, supersedes } => {
            propose::delegate(GrantId(parent), &terms, !negotiable, supersedes.map(GrantId), output).await
        }
        GrantCommand::CounterRequest { grant, terms } => propose::counter_request(GrantId(grant), &terms, output).await,
        GrantCommand::CounterOffer { grant, terms, binding } => {
            propose::counter_offer(GrantId(grant), &terms, binding, output).await
        }
        GrantCommand::Accept(args) => accept(&args, output).await,
        GrantCommand::Agree(args) => agree(&args, output).await,
        GrantCommand::Verify { grant, signed } => {
            let grant = GrantId(grant);
            let done = format!("grant {grant} verified; the provider finalises it next");
            change(grant, &signed, &Call::verify_grant(grant), &done, output).await
        }
        GrantCommand::Finalize { grant, signed } => {
            let grant = GrantId(grant);
            change(grant, &signed, &Call::finalize_grant(grant), &format!("grant {grant} is active"), output).await
        }
        GrantCommand::Terminate { grant, reason, note: text, signed } => {
            let grant = GrantId(grant);
            let call = Call::terminate_grant(grant, reason.reason, &note(&text)?);
            change(grant, &signed, &call, &format!("grant {grant} terminated"), output).await
        }
        GrantCommand::Suspend(args) => end(&args, Call::suspend_grant, "suspended", output).await,
        GrantCommand::Resume { grant, note: text, signed } => {
            let grant = GrantId(grant);
            let call = Call::resume_grant(grant, &note(&text)?);
            change(grant, &signed, &call, &format!("grant {grant} is active again"), output).await
        }
        GrantCommand::Revoke(args) => end(&args, Call::revoke_grant, "revoked", output).await,
        GrantCommand::Renounce(args) => end(&args, Call::renounce_grant, "renounced", output).await,
        GrantCommand::Withdraw { grant, note: text, signed } => {
            let grant = GrantId(grant);
            let call = Call::withdraw_consent(grant, &note(&text)?);
            change(grant, &signed, &call, &format!("grant {grant} revoked: consent is withdrawn"), output).await
        }
        GrantCommand::List(args) => show::list(&args, output).await,
        GrantCommand::Show { grant, node } => show::show(GrantId(grant), &node, output).await,
        GrantCommand::Odrl { grant, output: file, node } => {
            show::odrl(GrantId(grant), file.as_deref(), &node, output).await
        }
    }
}

async fn accept(args: &ConsentArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account, info) = consent(args, output).await?;
    let grant = GrantId(args.grant);
    // An offer binds who made it, not who owns the dataset now.
    let is_bound = match info.parent {
        Some(_) => true,
        None => ledger.dataset(info.terms.dataset).await?.is_some_and(|dataset| dataset.owner == info.terms.provider),
    };
    let done = if info.binding && is_bound {
        format!("grant {grant} accepted and active: the offer was binding")
    } else {
        format!("grant {grant} accepted; the provider agrees next")
    };
    let call = Call::accept_grant(grant, &info.terms_hash);
    send(&ledger, &account, &call, Some(grant), |_| done, output).await
}

async fn agree(args: &ConsentArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account, info) = consent(args, output).await?;
    let grant = GrantId(args.grant);
    let done = format!("grant {grant} agreed to; the consumer verifies it next");
    let call = Call::agree_grant(grant, &info.terms_hash);
    send(&ledger, &account, &call, Some(grant), |_| done, output).await
}

/// Prints the terms that are consented to. Their hash is the one that was asked for, whatever the node says.
async fn consent(args: &ConsentArgs, output: &Output) -> anyhow::Result<(Ledger, AccountKey, GrantInfo)> {
    let (ledger, account) = args.signed.open().await?;
    let grant = GrantId(args.grant);
    let info = find(&ledger, grant).await?;
    let hash = terms_hash(&info.terms);
    if hash != info.terms_hash {
        bail!("the node is wrong about grant {grant}: the terms that it shows have not the grant's hash");
    }
    if let Some(expected) = args.hash.filter(|expected| *expected != hash) {
        let (hash, expected) = (hex::encode(hash), hex::encode(expected));
        bail!("the terms of grant {grant} are others now: their hash is 0x{hash}, not 0x{expected}");
    }
    let codes = codes::of(&ledger).await?;
    print(&format!("the terms of grant {grant}, with hash 0x{}:", hex::encode(hash)), &info.terms, &codes, output);
    Ok((ledger, account, info))
}

async fn end(
    args: &EndArgs,
    call: impl FnOnce(GrantId, ReasonCode, &Text<256>) -> Call,
    done: &str,
    output: &Output,
) -> anyhow::Result<Done> {
    if args.note.is_empty() {
        bail!("the note is empty");
    }
    let grant = GrantId(args.grant);
    let call = call(grant, args.reason.reason, &note(&args.note)?);
    change(grant, &args.signed, &call, &format!("grant {grant} {done}"), output).await
}

async fn change(grant: GrantId, signed: &SignedArgs, call: &Call, done: &str, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    send(&ledger, &account, call, Some(grant), |_| done.to_owned(), output).await
}

/// Sends a call about a grant, or one that makes it, and reports what was done. Where a grant takes another's place,
/// there are records about both, so the events alone do not say which one is meant.
async fn send(
    ledger: &Ledger,
    account: &AccountKey,
    call: &Call,
    grant: Option<GrantId>,
    done: impl FnOnce(GrantId) -> String,
    output: &Output,
) -> anyhow::Result<Done> {
    let outcome = submit(ledger, account, call, output).await?;
    let made = || outcome.grant().map(|(grant, _)| grant);
    let grant = grant
        .or_else(made)
        .ok_or_else(|| anyhow!("the transaction is in block {} but made no grant", outcome.block))?;
    let mut result = written(&outcome);
    result["grant"] = grant.to_string().into();
    output.result(&result, |output| vec![sentence(&outcome, &output.good(done(grant)))])?;
    Ok(Done::Completely)
}

/// Prints terms for people.
fn print(title: &str, terms: &Terms, codes: &Codes, output: &Output) {
    output.note(title);
    for line in facts(&render::terms(terms, codes)) {
        output.note(format!("  {line}"));
    }
}

/// A grant that must be there.
async fn find(ledger: &Ledger, grant: GrantId) -> anyhow::Result<GrantInfo> {
    ledger.grant(grant).await?.ok_or_else(|| anyhow!("there is no grant {grant}"))
}

fn note(text: &str) -> anyhow::Result<Text<256>> {
    Text::<256>::try_from(text.as_bytes().to_vec()).map_err(|_| anyhow!("the note has more than 256 bytes"))
}
