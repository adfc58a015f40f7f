//! `citynet prov`.

use super::{
    audit::{as_of_line, done, journal, left_out_lines},
    Done, NodeArgs,
};
use crate::output::{facts, thousands, Output};
use anyhow::Context as _;
use citynet_client::{
    audit::{
        journal::Journal,
        lineage::{upstream, Bounds, Lineage},
        prov::{check, document, Checked},
    },
    catalog::source,
};
use citynet_primitives::VersionId;
use clap::{Args, Subcommand};
use serde_json::{json, Value};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Subcommand)]
pub enum ProvCommand {
    /// Write a version's whole lineage as PROV-JSON.
    Export(ExportArgs),
    /// Check a PROV-JSON document: names, references, time order and mandatory arguments. Needs no node.
    #[command(after_help = "Example:\n  citynet prov check lineage.json")]
    Check {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet prov export 9@1 -o lineage.json
  citynet prov export 9@1 -o - | jq .entity

Versions, batches and unknown bytes are entities; how each was made is an activity; organisations are agents, and grants \
their plans. Nothing is written that does not stand the check of `citynet prov check`. The exit code is 2 when the lineage is \
not complete; the document then says so, too: `cn:lineageComplete` of the version, and `cn:followed` of what was not gone \
into.")]
pub struct ExportArgs {
    /// The version, such as 7@3: version 3 of dataset 7.
    #[arg(value_name = "VERSION", value_parser = source::parse_version)]
    version: VersionId,
    /// Where to write it; - is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The most steps.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth)]
    depth: u32,
    /// The most versions.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().versions)]
    versions: usize,
    /// The most batches.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().batches)]
    batches: usize,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(command: ProvCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        ProvCommand::Export(args) => export(&args, output).await,
        ProvCommand::Check { file } => check_file(&file, output),
    }
}

/// A version's lineage and its document as text.
pub(super) async fn lineage(
    journal: &Journal<'_>,
    version: VersionId,
    bounds: Bounds,
) -> anyhow::Result<(Lineage, Value)> {
    let lineage = upstream(journal, version, bounds, true).await?;
    let document = document(&lineage, version, &journal.as_of().genesis)
        .with_context(|| format!("the lineage of {version}, as the node tells it, contradicts itself"))?;
    Ok((lineage, document))
}

/// The text of a document.
pub(super) fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

async fn export(args: &ExportArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let bounds = Bounds { depth: args.depth, versions: args.versions, batches: args.batches };
    let (lineage, document) = lineage(&journal, args.version, bounds).await?;
    let checked = check(&document)?;
    if args.output == Path::new("-") {
        // What is piped on must be the document alone.
        io::stdout().write_all(text(&document).as_bytes())?;
        left_out_lines(&lineage.left_out, output).iter().for_each(|line| output.note(line));
        return Ok(done(&lineage.left_out));
    }
    fs::write(&args.output, text(&document)).with_context(|| args.output.display().to_string())?;
    let as_of = journal.as_of();
    let mut told = to_json(&checked);
    told["version"] = args.version.to_string().into();
    told["file"] = args.output.display().to_string().into();
    told["asOf"] = as_of.to_json();
    told["complete"] = lineage.is_complete().into();
    told["leftOut"] = json!(lineage.left_out);
    output.result(&told, |output| {
        let file = args.output.display();
        let mut lines = vec![output.good(format!("the lineage of {} is in {file}", args.version))];
        lines.extend(counts(&checked));
        lines.push(as_of_line(as_of));
        lines.extend(left_out_lines(&lineage.left_out, output));
        lines
    })?;
    Ok(done(&lineage.left_out))
}

fn check_file(file: &Path, output: &Output) -> anyhow::Result<Done> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let document: Value = serde_json::from_slice(&bytes).with_context(|| format!("{} is no JSON", file.display()))?;
    match check(&document) {
        Ok(checked) => {
            output.result(&to_json(&checked), |output| {
                [vec![output.good("the document is good")], counts(&checked)].concat()
            })?;
            Ok(Done::Completely)
        }
        Err(wrong) => {
            let told = json!({ "good": false, "reason": wrong.to_string() });
            output.result(&told, |output| vec![output.bad(format!("the document is NOT good: {wrong}"))])?;
            Ok(Done::Refuted)
        }
    }
}

fn to_json(checked: &Checked) -> Value {
    json!({
        "good": true,
        "records": checked.records,
        "entities": checked.entities,
        "activities": checked.activities,
        "agents": checked.agents,
    })
}

fn counts(checked: &Checked) -> Vec<String> {
    let Checked { records, entities, activities, agents } = *checked;
    let relations = records.saturating_sub(entities).saturating_sub(activities).saturating_sub(agents);
    let rows = [("entities", entities), ("activities", activities), ("agents", agents), ("relations", relations)];
    facts(&rows.map(|(name, count)| (name, thousands(count as u64))))
}
