//! `citynet council`.

mod propose;

pub use propose::{authorization, propose, MotionArgs};

use super::{
    sending::{reason, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, table, Output};
use citynet_client::{
    governance::{
        motion::{MotionName, Standing},
        readable, Weight,
    },
    keys::AccountKey,
    ledger::{Call, Event, Ledger, Outcome, Refusal, SendError},
    rpc::MotionView,
};
use citynet_primitives::Hash;
use clap::{Args, Subcommand};
use codec::{Compact, Decode as _};
use propose::ProposeCommand;
use serde_json::{json, Value};
use std::time::Duration;
use subxt::Metadata;

/// More than nearly every call weighs, and little enough for one organisation at any time: 20 ms. The size of proofs does
/// not matter on a chain of its own; 1 GiB is more than any.
const LIGHT: Weight = (20_000_000_000, 1 << 30);

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum CouncilCommand {
    /// Put something to the vote, and vote for it.
    #[command(subcommand)]
    Propose(ProposeCommand),
    /// Vote on a motion, or vote otherwise than before.
    #[command(after_help = "\
Examples:
  citynet council vote 7 --approve --key-file admin.key
  citynet council vote 0x… --reject --reason 'the contact does not answer' --key-file admin.key

Your vote is for the call that is shown, whose hash is checked here. An organisation has one vote, whichever of its admins \
casts it.")]
    Vote(VoteArgs),
    /// Close a motion that is decided or whose time is over, and so carry out what was approved.
    #[command(after_help = "\
Example:
  citynet council close 7 --key-file gateway.key

Any member may. The exit code is 1 when the motion was approved and what it asks for failed; it is closed then all the same.")]
    Close {
        /// Its number or its hash.
        motion: MotionName,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List the motions that are open, and what each would do.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Show a motion: what it would do, and who voted how.
    #[command(after_help = "Example:\n  citynet council show 7")]
    Show {
        /// Its number or its hash.
        motion: MotionName,
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
pub struct VoteArgs {
    /// Its number or its hash.
    motion: MotionName,
    #[command(flatten)]
    ballot: BallotArgs,
    /// Why, for people; at most 256 bytes. It is public and stays for good. By default `approved` or `rejected`.
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    signed: SignedArgs,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct BallotArgs {
    /// Vote for it.
    #[arg(long)]
    approve: bool,
    /// Vote against it.
    #[arg(long)]
    reject: bool,
}

pub async fn run(command: CouncilCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        CouncilCommand::Propose(command) => command.run(output).await,
        CouncilCommand::Vote(args) => vote(args, output).await,
        CouncilCommand::Close { motion, signed } => close(motion, &signed, output).await,
        CouncilCommand::List { node } => list(&node, output).await,
        CouncilCommand::Show { motion, node } => show(motion, &node, output).await,
    }
}

/// What a motion would do. What this runtime cannot read is said so, with its bytes.
fn in_words(metadata: &Metadata, motion: &MotionView) -> String {
    readable::call(metadata, &motion.call.0).unwrap_or_else(|error| format!("{} ({error})", motion.call))
}

async fn vote(args: VoteArgs, output: &Output) -> anyhow::Result<Done> {
    let approve = args.ballot.approve;
    let reason = reason(args.reason.as_deref().unwrap_or(if approve { "approved" } else { "rejected" }))?;
    let (ledger, account) = args.signed.open().await?;
    let (hash, motion) = args.motion.find(ledger.rpc().motions().await?)?;
    let words = in_words(&*ledger.metadata().await?, &motion);
    output.note(format!("motion {}: {words}", motion.number));
    let outcome = submit(&ledger, &account, &Call::vote(&hash, motion.number, approve, &reason), output).await?;
    let mut result = written(&outcome);
    result["motion"] = motion.number.into();
    result["approve"] = approve.into();
    output.result(&result, |output| {
        let vote = if approve { "for" } else { "against" };
        vec![output.good(format!("voted {vote} motion {} (block {})", motion.number, outcome.block))]
    })?;
    Ok(Done::Completely)
}

/// What became of a motion that was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Closed {
    /// Too few seats approved.
    Rejected,
    /// Its call did what it says.
    Done,
    /// Its call is to be dispatched as Root, but is not whitelisted.
    Deferred,
    /// Its call failed.
    Refused(Refusal),
    /// The node's runtime does not say.
    Unknown,
}

impl Closed {
    fn of(outcome: &Outcome, motion: &Hash) -> Self {
        let mut closed = Self::Unknown;
        // What happened within the motion's call comes first, and the motion's own success says nothing about it.
        for event in &outcome.events {
            closed = match event {
                Event::MotionRejected { motion: rejected } if rejected == motion => Self::Rejected,
                Event::WhitelistedDeferred { .. } => Self::Deferred,
                Event::WhitelistedDispatched { result: Err(refusal), .. } => Self::Refused(refusal.clone()),
                Event::MotionDispatched { motion: dispatched, result: Err(refusal) } if dispatched == motion => {
                    Self::Refused(refusal.clone())
                }
                Event::MotionDispatched { motion: dispatched, result: Ok(()) }
                    if dispatched == motion && closed == Self::Unknown =>
                {
                    Self::Done
                }
                _ => closed,
            };
        }
        closed
    }
}

async fn close(motion: MotionName, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    let (hash, motion) = motion.find(ledger.rpc().motions().await?)?;
    let metadata = ledger.metadata().await?;
    output.note(format!("motion {}: {}", motion.number, in_words(&metadata, &motion)));
    let outcome = submit_close(&ledger, &account, &metadata, &hash, &motion, output).await?;

    let closed = Closed::of(&outcome, &hash);
    let number = motion.number;
    let mut result = written(&outcome);
    result["motion"] = number.into();
    result["approved"] = match closed {
        Closed::Unknown => Value::Null,
        _ => (closed != Closed::Rejected).into(),
    };
    result["done"] = (closed == Closed::Done).into();
    result["refusal"] = match &closed {
        Closed::Refused(refusal) => json!(refusal),
        _ => Value::Null,
    };
    output.result(&result, |output| {
        let block = outcome.block;
        vec![match &closed {
            Closed::Rejected => format!("motion {number} was not approved and is closed (block {block})"),
            Closed::Done => output.good(format!("motion {number} was approved, and it is done (block {block})")),
            Closed::Deferred => output.bad(format!(
                "motion {number} was approved, but its call is not whitelisted, so nothing is done yet (block {block}): have \
                 it whitelisted, then propose this again; of an upgrade, `citynet upgrade apply` does that"
            )),
            Closed::Refused(refusal) => {
                output.bad(format!("motion {number} was approved, but failed: {refusal} (block {block})"))
            }
            Closed::Unknown => format!("motion {number} is closed (block {block}); the node does not say with which result"),
        }]
    })?;
    Ok(match closed {
        Closed::Rejected | Closed::Done => Done::Completely,
        Closed::Deferred | Closed::Refused(_) | Closed::Unknown => Done::CallFailed,
    })
}

/// Closes with a small bound for the call's weight, which is taken from the organisation's quota until the call's real weight
/// is known, and with the largest that there is when that is too little.
async fn submit_close(
    ledger: &Ledger,
    account: &AccountKey,
    metadata: &Metadata,
    hash: &Hash,
    motion: &MotionView,
    output: &Output,
) -> anyhow::Result<Outcome> {
    let length = u32::try_from(motion.call.0.len())?;
    let call = |weight| Call::close(hash, motion.number, weight, length);
    let closed = submit(ledger, account, &call(LIGHT), output).await;
    match (closed, heaviest(metadata)) {
        (Err(error), Some(weight)) if too_heavy(&error) => submit(ledger, account, &call(weight), output).await,
        (closed, _) => closed,
    }
}

/// Whether a motion was not closed because its call may weigh more than was allowed for.
fn too_heavy(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<SendError>() {
        Some(SendError::Failed(refusal)) => refusal.name.ends_with("::WrongProposalWeight"),
        _ => false,
    }
}

/// The most that the call of a motion may weigh.
fn heaviest(metadata: &Metadata) -> Option<Weight> {
    let constant = metadata.pallet_by_name("Council")?.constant_by_name("MaxProposalWeight")?;
    let (time, proof) = <(Compact<u64>, Compact<u64>)>::decode(&mut constant.value()).ok()?;
    Some((time.0, proof.0))
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let (head, _) = ledger.finalized().await?;
    let motions = ledger.rpc().motions().await?;
    let metadata = ledger.metadata().await?;
    let words: Vec<String> = motions.iter().map(|motion| in_words(&metadata, motion)).collect();
    let result: Vec<Value> = motions.iter().zip(&words).map(|(motion, words)| as_json(motion, words, head)).collect();
    output.result(&result, |_| {
        if motions.is_empty() {
            return vec!["no motion is open".to_owned()];
        }
        let row = |(motion, words): (&MotionView, &String)| {
            vec![
                motion.number.to_string(),
                format!("{} of {}", motion.yes.len(), motion.threshold),
                motion.no.len().to_string(),
                motion.end.to_string(),
                Standing::of(motion, head).to_string(),
                words.clone(),
            ]
        };
        table(
            &["motion", "for", "against", "until block", "standing", "what"],
            motions.iter().zip(&words).map(row).collect(),
        )
    })?;
    Ok(Done::Completely)
}

async fn show(motion: MotionName, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let (head, _) = ledger.finalized().await?;
    let (_, motion) = motion.find(ledger.rpc().motions().await?)?;
    let words = in_words(&*ledger.metadata().await?, &motion);
    output.result(&as_json(&motion, &words, head), |output| {
        let seats = |seats: &[u32]| match seats {
            [] => "nobody".to_owned(),
            seats => format!("organisations {}", seats.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        };
        facts(&[
            ("motion", motion.number.to_string()),
            ("hash", motion.motion.to_string()),
            ("what", output.strong(&words)),
            ("standing", Standing::of(&motion, head).to_string()),
            ("for", format!("{} ({} of {} seats must be)", seats(&motion.yes), motion.threshold, motion.seats)),
            ("against", seats(&motion.no)),
            ("until block", format!("{} (finalised is {head})", motion.end)),
        ])
    })?;
    Ok(Done::Completely)
}

fn as_json(motion: &MotionView, words: &str, head: u32) -> Value {
    let mut value = json!(motion);
    value["what"] = words.into();
    value["standing"] = Standing::of(motion, head).to_string().into();
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOTION: Hash = [1; 32];

    fn closed(events: Vec<Event>) -> Closed {
        Closed::of(&Outcome { block: 1, hash: [0; 32], events }, &MOTION)
    }

    fn dispatched(result: Result<(), Refusal>) -> Event {
        Event::MotionDispatched { motion: MOTION, result }
    }

    fn refusal(name: &str) -> Refusal {
        Refusal { name: name.into(), description: String::new() }
    }

    #[test]
    fn the_end_of_a_motion_is_told_from_its_events() {
        assert_eq!(closed(vec![Event::MotionRejected { motion: MOTION }]), Closed::Rejected);
        assert_eq!(closed(vec![Event::MotionRejected { motion: [2; 32] }]), Closed::Unknown);
        let recorded = |name: &str| Event::Recorded { name: name.into(), record: 3 };
        let done = vec![recorded("OrganisationStatusChanged"), dispatched(Ok(())), recorded("MotionClosed")];
        assert_eq!(closed(done), Closed::Done);
        let refused = refusal("Consortium::TooFewMembers");
        assert_eq!(closed(vec![dispatched(Err(refused.clone()))]), Closed::Refused(refused));
        assert_eq!(closed(vec![]), Closed::Unknown);
    }

    #[test]
    fn what_fails_within_a_call_that_succeeds_is_a_failure() {
        let whitelisted = |result| Event::WhitelistedDispatched { call: [3; 32], result };
        assert_eq!(closed(vec![whitelisted(Ok(())), dispatched(Ok(()))]), Closed::Done);
        let refused = refusal("System::InvalidSpecName");
        let failed = closed(vec![whitelisted(Err(refused.clone())), dispatched(Ok(()))]);
        assert_eq!(failed, Closed::Refused(refused));
        let deferred = vec![Event::WhitelistedDeferred { call: [3; 32] }, dispatched(Ok(()))];
        assert_eq!(closed(deferred), Closed::Deferred);
    }
}
