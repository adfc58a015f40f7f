//! `citynet council propose`: what the council can be asked for.

use crate::{
    commands::{
        sending::{reason, submit, written, SignedArgs},
        usage::UsageArgs,
        Done,
    },
    output::Output,
};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{
    governance::{application::Application, names, parameter, readable, Reason},
    keys::{self, parse_account},
    ledger::{Call, Ledger, NestedCall},
    rpc::{parse_hash, Hex},
    time::{format_utc, now},
};
use citynet_primitives::{Account, EncodedCall, GrantId, Hash, OrganisationId, OrganisationKind, Text};
use clap::{Args, Subcommand};
use std::{
    fs,
    path::{Path, PathBuf},
};
use subxt::Metadata;

/// Why, by whom and where a motion is proposed.
#[derive(Args, Clone, Debug)]
pub struct MotionArgs {
    /// Why, for people; at most 256 bytes. It is public and stays for good.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum ProposeCommand {
    /// Admit an organisation that applied.
    #[command(after_help = "\
Example:
  citynet council propose admit application.json --reason 'founded 1724, known to us' --key-file admin.key

The application's signature is verified first, and what it says is printed. Whether that is true, ask the organisation over a \
channel that you trust.")]
    Admit {
        /// Its application.
        #[arg(value_name = "FILE")]
        application: PathBuf,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Put an organisation on hold: its accounts are refused and it has no vote.
    #[command(after_help = "\
Example:
  citynet council propose suspend 3 --reason 'its gateway floods the ledger' --key-file admin.key")]
    Suspend {
        /// The organisation's number.
        organisation: u32,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Take back a suspension.
    Reinstate {
        /// The organisation's number.
        organisation: u32,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Put an organisation out, for good.
    Expel {
        /// The organisation's number.
        organisation: u32,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Have an organisation count as another kind.
    Kind {
        /// The organisation's number.
        organisation: u32,
        /// What it is: government, telecom, university, industry, auditor or settlement_agent.
        #[arg(value_parser = names::kind)]
        kind: OrganisationKind,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Get an organisation that lost its admin's key a new admin, unless it objects in time.
    #[command(after_help = "\
Example:
  citynet council propose recover 3 5Grw… --reason 'asked for in person by its director' --key-file admin.key

After the recovery delay (citynet parameters), any member completes it: citynet org recover complete 3")]
    Recover {
        /// The organisation's number.
        organisation: u32,
        /// The new admin's account, in SS58 or as 0x and hex.
        #[arg(value_parser = parse_account)]
        account: Account,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Change a parameter.
    #[command(after_help = "\
Examples:
  citynet council propose parameter min-validators 4 --reason '…' --key-file admin.key
  citynet council propose parameter quota telecom 150000 200000 --reason '…' --key-file admin.key

citynet parameters shows all of them. A quota is a rate, which every block gives back, and a burst, the most that is saved, \
both in microseconds.")]
    Parameter {
        /// Its name.
        name: String,
        /// Its new value; of a quota: kind, rate, burst.
        #[arg(value_name = "VALUE", required = true)]
        values: Vec<String>,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Let a validator that was suspended for equivocating validate again.
    ReinstateValidator {
        /// Its account, in SS58 or as 0x and hex.
        #[arg(value_parser = parse_account)]
        account: Account,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Create a currency, for which an organisation with a bank account stands.
    #[command(after_help = "\
Example:
  citynet council propose currency RUB --exponent 2 --agent 5 --reason '…' --key-file admin.key")]
    Currency {
        /// Its code, as in ISO 4217: 3 to 8 capital letters and digits.
        symbol: String,
        /// How many decimals its usual unit has.
        #[arg(long, value_name = "N")]
        exponent: u8,
        /// The number of the organisation that mints and burns it.
        #[arg(long, value_name = "ORGANISATION")]
        agent: u32,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Rule on a statement of use that is disputed.
    #[command(after_help = "\
Example:
  citynet council propose usage 5 --accesses 12 --records 1440 --bytes 49152 --reason '…' --key-file admin.key")]
    Usage {
        /// The grant's number.
        grant: u64,
        #[command(flatten)]
        usage: UsageArgs,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Let a call be dispatched as Root, once. For an upgrade, rather use: citynet upgrade propose whitelist
    Whitelist {
        /// Blake2b-256 of the call, not of a runtime's code.
        #[arg(value_name = "HASH", value_parser = parse_hash)]
        call: Hash,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Authorise the code of a new runtime, once that is whitelisted.
    Upgrade {
        /// Blake2b-256 of the code, as `citynet upgrade prepare` prints it.
        #[arg(value_name = "HASH", value_parser = parse_hash)]
        code: Hash,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Have every transaction with some call refused.
    #[command(after_help = "\
Example:
  citynet council propose pause Attestations.attest --reason 'a fault in its weight' --key-file admin.key

Calls are paused one by one; to stop them all at once there is the safe mode. The calls by which the consortium governs itself \
cannot be paused.")]
    Pause {
        /// The call, as PALLET.CALL.
        #[arg(value_name = "PALLET.CALL")]
        call: String,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Let a paused call through again.
    Unpause {
        /// The call, as PALLET.CALL.
        #[arg(value_name = "PALLET.CALL")]
        call: String,
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Refuse all transactions but those by which the consortium governs itself and blocks become final.
    #[command(subcommand)]
    SafeMode(SafeModeCommand),
}

#[derive(Debug, Subcommand)]
pub enum SafeModeCommand {
    /// Enter it, for a limited time.
    Enter {
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// Prolong it.
    Extend {
        #[command(flatten)]
        motion: MotionArgs,
    },
    /// End it.
    Exit {
        #[command(flatten)]
        motion: MotionArgs,
    },
}

impl ProposeCommand {
    pub async fn run(self, output: &Output) -> anyhow::Result<Done> {
        match self {
            Self::Admit { application, motion } => admit(&application, &motion, output).await,
            Self::Suspend { organisation, motion } => {
                let suspend = Call::suspend_organisation(OrganisationId(organisation), &motion.reason()?);
                propose(&motion, fixed(suspend), output).await
            }
            Self::Reinstate { organisation, motion } => {
                let reinstate = Call::reinstate_organisation(OrganisationId(organisation), &motion.reason()?);
                propose(&motion, fixed(reinstate), output).await
            }
            Self::Expel { organisation, motion } => {
                let expel = Call::expel(OrganisationId(organisation), &motion.reason()?);
                propose(&motion, fixed(expel), output).await
            }
            Self::Kind { organisation, kind, motion } => {
                let set_kind = Call::set_kind(OrganisationId(organisation), kind, &motion.reason()?);
                propose(&motion, fixed(set_kind), output).await
            }
            Self::Recover { organisation, account, motion } => {
                let recover = Call::recover(OrganisationId(organisation), &account, &motion.reason()?);
                propose(&motion, fixed(recover), output).await
            }
            Self::Parameter { name, values, motion } => {
                let parameter = parameter::parse(&name, &values)?;
                propose(&motion, fixed(Call::set_parameter(&parameter)), output).await
            }
            Self::ReinstateValidator { account, motion } => {
                let reinstate = Call::reinstate_validator(&account, &motion.reason()?);
                propose(&motion, fixed(reinstate), output).await
            }
            Self::Currency { symbol, exponent, agent, motion } => {
                let symbol = Text::<8>::try_from(symbol.into_bytes())
                    .map_err(|_| anyhow!("the currency's code has more than 8 bytes"))?;
                let create = Call::create_currency(&symbol, exponent, OrganisationId(agent));
                propose(&motion, fixed(create), output).await
            }
            Self::Usage { grant, usage, motion } => {
                let rule = Call::rule_usage(GrantId(grant), &usage.usage(), &motion.reason()?);
                propose(&motion, fixed(rule), output).await
            }
            Self::Whitelist { call, motion } => propose(&motion, fixed(Call::whitelist(&call)), output).await,
            Self::Upgrade { code, motion } => {
                propose(&motion, |metadata| Ok(Call::dispatch_whitelisted(&authorization(metadata, &code)?)), output)
                    .await
            }
            Self::Pause { call: name, motion } => {
                propose(&motion, |metadata| named(metadata, &name, Call::pause), output).await
            }
            Self::Unpause { call: name, motion } => {
                propose(&motion, |metadata| named(metadata, &name, Call::unpause), output).await
            }
            Self::SafeMode(SafeModeCommand::Enter { motion }) => {
                propose(&motion, fixed(Call::enter_safe_mode()), output).await
            }
            Self::SafeMode(SafeModeCommand::Extend { motion }) => {
                propose(&motion, fixed(Call::extend_safe_mode()), output).await
            }
            Self::SafeMode(SafeModeCommand::Exit { motion }) => {
                propose(&motion, fixed(Call::exit_safe_mode()), output).await
            }
        }
    }
}

impl MotionArgs {
    fn reason(&self) -> anyhow::Result<Reason> {
        reason(&self.reason)
    }
}

/// A call that is the same for every runtime.
fn fixed(call: Call) -> impl FnOnce(&Metadata) -> anyhow::Result<Call> {
    move |_| Ok(call)
}

/// The call that authorises the code of a runtime, as the whitelist and Root see it.
pub fn authorization(metadata: &Metadata, code: &Hash) -> anyhow::Result<NestedCall> {
    Ok(Call::authorize_upgrade(code).nested(metadata)?)
}

/// A call about the call `PALLET.CALL`, which must be there: the chain itself does not ask.
fn named(metadata: &Metadata, name: &str, about: impl FnOnce(&str, &str) -> Call) -> anyhow::Result<Call> {
    let (pallet, call) = name.split_once('.').unwrap_or((name, ""));
    let Some(found) = metadata.pallet_by_name(pallet) else {
        let pallets: Vec<&str> = metadata.pallets().map(|pallet| pallet.name()).collect();
        bail!("there is no pallet `{pallet}`; there are: {}", pallets.join(", "));
    };
    if found.call_variant_by_name(call).is_none() {
        let calls = found.call_variants().unwrap_or_default().iter().map(|call| format!("{pallet}.{}", call.name));
        let calls = calls.collect::<Vec<_>>();
        bail!("`{name}` is no call, and calls are paused one by one; there are: {}", calls.join(", "));
    }
    Ok(about(pallet, call))
}

async fn admit(path: &Path, motion: &MotionArgs, output: &Output) -> anyhow::Result<Done> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
    let application = Application::from_json(&text).with_context(|| shown.to_string())?;
    let contact = match application.contact() {
        none if none.is_empty() => "none".to_owned(),
        contact => format!("{contact:?}"),
    };
    output.note(format!(
        "application of {:?} ({}), contact {contact}, legal id 0x{}, admin {}, until {}; its signature holds",
        application.name(),
        application.kind,
        hex::encode(application.profile.legal_id),
        keys::ss58(&application.admin),
        format_utc(application.expires),
    ));
    let (ledger, account) = motion.signed.open().await?;
    application.check(ledger.genesis(), now()).with_context(|| shown.to_string())?;
    let metadata = ledger.metadata().await?;
    let call = Call::admit(&application).nested(&metadata)?;
    open(&ledger, &account, &metadata, &call, &motion.reason()?, output).await
}

/// Puts a call to the vote that is made for the node's runtime.
pub async fn propose(
    motion: &MotionArgs,
    call: impl FnOnce(&Metadata) -> anyhow::Result<Call>,
    output: &Output,
) -> anyhow::Result<Done> {
    let reason = motion.reason()?;
    let (ledger, account) = motion.signed.open().await?;
    let metadata = ledger.metadata().await?;
    let call = call(&metadata)?.nested(&metadata)?;
    open(&ledger, &account, &metadata, &call, &reason, output).await
}

async fn open(
    ledger: &Ledger,
    account: &keys::AccountKey,
    metadata: &Metadata,
    call: &NestedCall,
    reason: &Reason,
    output: &Output,
) -> anyhow::Result<Done> {
    if EncodedCall::try_from(call.bytes().to_vec()).is_err() {
        bail!("the call has {} bytes, which is more than a motion may have", call.bytes().len());
    }
    let words = readable::call(metadata, call.bytes())?;
    output.note(format!("proposing: {words}"));
    let outcome = submit(ledger, account, &Call::propose(call, reason), output).await?;
    let hash = call.hash();
    let motions = ledger.rpc().motions().await?;
    let motion = motions.into_iter().find(|motion| motion.motion.0 == hash);

    let mut result = written(&outcome);
    result["hash"] = Hex(hash.to_vec()).to_string().into();
    result["what"] = words.into();
    // It is not there when somebody closed it already.
    result["motion"] = motion.as_ref().map(|motion| motion.number).into();
    result["threshold"] = motion.as_ref().map(|motion| motion.threshold).into();
    output.result(&result, |output| match &motion {
        None => vec![output.good(format!("the motion was opened in block {} and is closed already", outcome.block))],
        Some(motion) => {
            let (number, yes, threshold) = (motion.number, motion.yes.len(), motion.threshold);
            let done = format!("motion {number} is open (block {}): {yes} of {threshold} seats approve", outcome.block);
            let next = match u32::try_from(yes) {
                Ok(yes) if yes >= threshold => format!("  citynet council close {number}"),
                _ => format!(
                    "  citynet council vote {number} --approve    # every other member, until block {}",
                    motion.end
                ),
            };
            vec![output.good(done), next]
        }
    })?;
    Ok(Done::Completely)
}
