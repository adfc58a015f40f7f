//! `citynet verify`: needs the evidence, the chain's genesis hash and nothing else.

use super::{
    audit::{completeness, told},
    Done,
};
use crate::output::Output;
use anyhow::Context as _;
use citynet_answers::answer_of;
use citynet_client::rpc::Hex;
use citynet_proofs::{genesis, verify_document, Failure, Proven, Step, Trust, VerifiedDossier};
use clap::Args;
use serde_json::json;
use std::{fs, path::PathBuf};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet verify evidence.json --genesis 0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3
  citynet verify evidence.json --spec citynet-local-raw.json

No network is used and no node is trusted. All that you must know is which chain you mean: its genesis hash, or its raw \
chain specification. Each step from the reading, or from lists of records, to genesis is printed with what it found; of what \
`citynet audit … --evidence` wrote, then the answer, computed again from the records that are proven. The exit code is 0 when \
the evidence holds and 1 when it does not; then the steps that passed (✓) are printed, and the one that failed (✗) with the \
reason. Where it holds, an answer says by the exit code what it says when it is asked for.")]
pub struct VerifyArgs {
    /// The evidence bundle that `citynet prove` wrote, the list of `citynet audit completeness`, or the dossier of any other
    /// `citynet audit … --evidence`.
    #[arg(value_name = "FILE")]
    evidence: PathBuf,
    /// The chain's genesis hash.
    #[arg(long, value_name = "HASH", required_unless_present = "spec", conflicts_with = "spec")]
    genesis: Option<Hex>,
    /// The chain's raw chain specification, from which the genesis hash is computed.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

pub fn run(args: VerifyArgs, output: &Output) -> anyhow::Result<Done> {
    let genesis = match (&args.genesis, &args.spec) {
        (Some(hash), _) => hash.hash().context("--genesis")?,
        (None, Some(path)) => {
            let spec = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            genesis::hash_of_raw_spec(&spec).with_context(|| path.display().to_string())?
        }
        (None, None) => anyhow::bail!("give --genesis or --spec"),
    };
    let evidence = fs::read(&args.evidence).with_context(|| format!("cannot read {}", args.evidence.display()))?;
    match verify_document(&evidence, &Trust::Genesis(genesis)) {
        Ok(Proven::Dossier(verified)) => dossier(&verified, output),
        Ok(verified) => {
            output.result(&json!({ "holds": true, "verified": verified }), |output| {
                let mut lines = passed_lines(verified.steps(), output);
                if let Proven::List(list) = &verified {
                    lines.extend(completeness::lines(list));
                    lines.push(output.good(completeness::verdict(list)));
                }
                lines.push(output.good("the evidence holds"));
                lines
            })?;
            Ok(Done::Completely)
        }
        Err(Failure { step, reason, passed }) => {
            let reason = reason.to_string();
            output.result(&json!({ "holds": false, "step": step, "reason": reason, "passed": passed }), |output| {
                let mut lines = passed_lines(&passed, output);
                lines.push(line(&output.bad("✗"), step, &reason));
                lines.push(output.bad(format!("the evidence does NOT hold: it fails at step `{step}`")));
                lines
            })?;
            Ok(Done::Refuted)
        }
    }
}

/// A dossier holds: it is computed what it answers.
fn dossier(verified: &VerifiedDossier, output: &Output) -> anyhow::Result<Done> {
    let answered = match answer_of(verified) {
        Ok(answered) => answered,
        // Such as that there is no such version: also that is proven.
        Err(error) => {
            let told = json!({ "holds": true, "verified": verified, "answer": null, "reason": error.to_string() });
            output.result(&told, |output| {
                let mut lines = passed_lines(&verified.steps, output);
                lines.push(output.bad(&error));
                lines.push(output.good("the evidence holds, but there is no answer"));
                lines
            })?;
            return Ok(Done::Refuted);
        }
    };
    let answer = told(&answered);
    output.result(&json!({ "holds": true, "verified": verified, "answer": answer.to_json() }), |output| {
        let mut lines = passed_lines(&verified.steps, output);
        lines.push(String::new());
        lines.extend(answer.lines(output));
        lines.push(output.good("the evidence holds"));
        lines
    })?;
    Ok(answer.done())
}

fn passed_lines(passed: &[(Step, String)], output: &Output) -> Vec<String> {
    passed.iter().map(|(step, found)| line(&output.good("✓"), *step, found)).collect()
}

fn line(mark: &str, step: Step, words: &str) -> String {
    format!("{mark} {:<16} {words}", step.to_string())
}
