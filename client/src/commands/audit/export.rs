//! `citynet audit dcat` and `citynet audit crate`.

use super::answer::{as_of_line, done, journal, left_out_lines, Told as _};
use crate::{
    commands::{prov, Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::{bail, Context as _};
use citynet_answers::{
    answer::{AccessAnswer, Shown},
    Answer as _, AsOf, Basis,
};
use citynet_client::{
    audit::{
        access::access_at,
        csv_file::{manifest_path, Table},
        dcat::{catalogue, KINDS},
        lineage::Bounds,
        ro_crate::{pack, About, Part},
    },
    keys::ss58,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{DatasetId, Moment, Record, VersionId};
use clap::Args;
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  citynet audit dcat -o catalogue.jsonld

Every dataset with all of its versions, computed from the journal's records, in JSON-LD. That a version is faulty is said.")]
pub struct DcatArgs {
    /// Where to write it.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit crate 7 -o audit-7.zip
  citynet audit crate 7 --at 2026-03-01T12:00:00Z --include evidence.json --include agreement.json \\
      --licence https://creativecommons.org/licenses/by/4.0/ -o audit-7.zip

In the archive are ro-crate-metadata.json, which says what the others are; access.csv, who could use the dataset at that time; \
history.csv, every record about the dataset and its grants, with its leaf hash; lineage.json, the last version's lineage in \
PROV-JSON, if there is a version; a manifest beside each table; and the included files. The same records and files give the \
same bytes. The exit code is 2 when the lineage is not complete.")]
pub struct CrateArgs {
    /// The dataset's number.
    dataset: u64,
    /// When (UTC). By default at the time of the last block that the node's index has.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    at: Option<u64>,
    /// Add this file, such as evidence of `citynet prove` or `citynet audit completeness`; may be given several times.
    #[arg(long, value_name = "FILE")]
    include: Vec<PathBuf>,
    /// The URI of the licence under which the crate is given away.
    #[arg(long, value_name = "URI")]
    licence: Option<String>,
    /// Where to write it.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn dcat(args: DcatArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let records = journal.of_kinds(&KINDS).await?;
    let as_of = journal.as_of();
    let document = catalogue(&records, as_of)?;
    let datasets = document.get("dcat:dataset").and_then(Value::as_array).map_or(0, Vec::len);
    write(&args.output, format!("{document:#}\n").as_bytes())?;
    let told = json!({ "file": args.output.display().to_string(), "datasets": datasets, "asOf": as_of.to_json() });
    output.result(&told, |output| {
        let done = format!("the catalogue of {datasets} datasets is in {}", args.output.display());
        vec![output.good(done), as_of_line(as_of)]
    })?;
    Ok(Done::Completely)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

pub async fn ro_crate(args: CrateArgs, output: &Output) -> anyhow::Result<Done> {
    let included = included(&args.include)?;
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let as_of = journal.as_of();
    let dataset = DatasetId(args.dataset);
    let at = args.at.unwrap_or(as_of.time);
    let mut records = journal.of_access(dataset).await?;
    if access_at(dataset, &records, Moment::MAX)?.dataset.is_none() {
        bail!("there is no dataset {dataset}; `citynet dataset list` says which there are");
    }
    records.retain(|record| record.time <= at);
    let past = access_at(dataset, &records, at)?;
    let Some(found) = &past.dataset else {
        bail!("dataset {dataset} was not registered yet at {}", format_utc(at));
    };
    let (title, last) = (found.title.clone(), found.versions.keys().next_back().copied());
    let answer = AccessAnswer::new(dataset, &records, at, Shown::default(), Basis::node(as_of))?;

    let who = format!("Who could use dataset {dataset} at {}, and by which grants", format_utc(at));
    let mut parts = tabled("access.csv", &answer.table(), &answer.query(), who, as_of)?;
    let query = json!({ "question": "history", "dataset": dataset, "until": format_utc(at) });
    let what = format!("Records about dataset {dataset}, its grants, codes, and organisations' joining and status");
    parts.extend(tabled("history.csv", &history(&records)?, &query, what, as_of)?);
    let mut left_out = Vec::new();
    if let Some(version) = last {
        let version = VersionId { dataset, version };
        let (lineage, document) = prov::lineage(&journal, version, Bounds::default()).await?;
        left_out = lineage.left_out;
        parts.push(Part {
            name: "lineage.json".to_owned(),
            bytes: prov::text(&document).into_bytes(),
            media_type: "application/json",
            description: format!("What version {version} was made from, as W3C PROV-JSON"),
        });
    }
    parts.extend(included);
    let mut names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    names.sort_unstable();

    let about = About {
        name: format!("Audit of dataset {dataset}, {title}"),
        description: about(dataset, at, as_of, &left_out),
        licence: args.licence.clone(),
    };
    let packed = pack(&about, as_of, parts)?;
    write(&args.output, &packed)?;
    let hash = hex::encode(Sha256::digest(&packed));
    let told = json!({
        "file": args.output.display().to_string(),
        "sha256": hash,
        "bytes": packed.len().to_string(),
        "parts": names,
        "at": at.to_string(),
        "asOf": as_of.to_json(),
        "complete": left_out.is_empty(),
        "leftOut": left_out,
    });
    output.result(&told, |output| {
        let mut lines = vec![output.good(format!("the audit of dataset {dataset} is in {}", args.output.display()))];
        lines.extend(facts(&[
            ("SHA-256", hash.clone()),
            ("bytes", thousands(packed.len() as u64)),
            ("files", names.join(", ")),
        ]));
        lines.push(as_of_line(as_of));
        lines.extend(left_out_lines(&left_out, output));
        lines
    })?;
    Ok(done(&left_out))
}

fn about(dataset: DatasetId, at: Moment, as_of: &AsOf, left_out: &[String]) -> String {
    let mut words = format!(
        "Who could use dataset {dataset} of a CityNet Ledger at {}, every record about it until then, and where its last \
         version comes from. Computed from the records of the ledger {}.",
        format_utc(at),
        as_of_line(as_of),
    );
    if !left_out.is_empty() {
        words.push_str(&format!(" NOT complete: {}.", left_out.join("; ")));
    }
    words
}

/// A table and its manifest.
fn tabled(name: &str, table: &Table, query: &Value, description: String, as_of: &AsOf) -> anyhow::Result<Vec<Part>> {
    let manifest = table.manifest(name, query, as_of, true)?;
    let beside = manifest_path(Path::new(name)).display().to_string();
    Ok(vec![
        Part { name: name.to_owned(), bytes: table.to_csv()?, media_type: "text/csv", description },
        Part {
            name: beside,
            bytes: format!("{manifest:#}\n").into_bytes(),
            media_type: "application/json",
            description: format!("What {name} is, with its SHA-256 and the block for which it is true"),
        },
    ])
}

/// Records as rows: who did what when, and what the record says, as JSON.
fn history(records: &[Record]) -> serde_json::Result<Table> {
    let row = |record: &Record| {
        let body = serde_json::to_string(&record.body)?;
        Ok(vec![
            record.index.to_string(),
            record.block.to_string(),
            format_utc(record.time),
            record.organisation.to_string(),
            ss58(&record.account),
            record.body.kind().to_owned(),
            leaf_hash(record),
            body,
        ])
    };
    let columns = ["record", "block", "time", "organisation", "account", "kind", "leaf_hash", "body"];
    let rows = records.iter().map(row).collect::<serde_json::Result<Vec<Vec<String>>>>()?;
    Ok(Table::new(&columns, rows))
}

/// `SHA256(0x00 ‖ record)`, as the journal's tree has it.
fn leaf_hash(record: &Record) -> String {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(codec::Encode::encode(record));
    format!("0x{}", hex::encode(hasher.finalize()))
}

/// The included files, below `included/`.
fn included(paths: &[PathBuf]) -> anyhow::Result<Vec<Part>> {
    let part = |path: &PathBuf| {
        let name = path.file_name().with_context(|| format!("{} is no file", path.display()))?;
        let name = name.to_string_lossy();
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let media_type = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => "application/json",
            Some("csv") => "text/csv",
            Some("txt") => "text/plain",
            Some("pdf") => "application/pdf",
            _ => "application/octet-stream",
        };
        let description = "Added by whoever made the crate".to_owned();
        Ok(Part { name: format!("included/{name}"), bytes, media_type, description })
    };
    paths.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{Body, DeviceId, OrganisationId, RECORD_VERSION};

    #[test]
    fn records_are_rows() {
        let record = Record {
            version: RECORD_VERSION,
            index: 7,
            block: 3,
            time: 1_772_366_400_000,
            organisation: OrganisationId(1),
            account: [1; 32],
            body: Body::DeviceRetired { device: DeviceId(12), reason: b"old".to_vec().try_into().unwrap() },
        };
        let table = history(std::slice::from_ref(&record)).unwrap();
        let row = &table.rows[0];
        assert_eq!(row[..4], ["7", "3", "2026-03-01T12:00:00Z", "1"]);
        assert_eq!(row[5], "device_retired");
        let mut leaf = vec![0];
        leaf.extend(codec::Encode::encode(&record));
        assert_eq!(row[6], format!("0x{}", hex::encode(Sha256::digest(leaf))));
        assert_eq!(row[7], "{\"kind\":\"device_retired\",\"device\":\"12\",\"reason\":\"old\"}");
    }

    #[test]
    fn files_are_included_by_their_names() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("evidence.json");
        fs::write(&path, b"{}").unwrap();
        let parts = included(&[path]).unwrap();
        assert_eq!((parts[0].name.as_str(), parts[0].media_type), ("included/evidence.json", "application/json"));
        let error = included(&[dir.path().join("missing.txt")]).unwrap_err();
        assert!(error.to_string().contains("missing.txt"), "{error}");
        assert!(included(&[PathBuf::from("/")]).is_err());
    }

    #[test]
    fn what_is_not_complete_says_so() {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 0 };
        assert!(!about(DatasetId(7), 0, &as_of, &[]).contains("NOT"));
        assert!(
            about(DatasetId(7), 0, &as_of, &["more than 5 steps".into()]).contains("NOT complete: more than 5 steps.")
        );
    }
}
