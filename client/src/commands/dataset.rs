//! `citynet dataset`.

use super::{
    sending::{reason, sentence, submit, written, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{facts, table, thousands, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    catalog::{
        content::{some_text, text, Content},
        names, source,
    },
    keys::AccountKey,
    ledger::{Call, Ledger},
    rpc::{parse_hash, DatasetView, DependentView, Origin, VersionView},
    time::{format_utc, parse_utc},
};
use citynet_primitives::{
    Activity, DatasetId, DatasetKind, DatasetProfile, DeviceId, Devices, Document, Hash, OrganisationId, Sensitivity,
    Source, Sources, VersionContent, VersionId,
};
use clap::{Args, Subcommand};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum DatasetCommand {
    /// Register a dataset of your organisation. It gets the next number.
    #[command(after_help = "\
Example:
  citynet dataset register --kind stream --title 'Air quality, Petrogradsky district' --sensitivity open \\
      --description dcat.json --description-uri https://data.neva.example/air/dcat.json \\
      --licence CC-BY-4.0 --key-file registrar.key

The description is a DCAT document. Only its hash goes on chain, and where it can be had. No personal data belongs in a title.")]
    Register {
        /// What it is, for good: stream, snapshot, derived or model.
        #[arg(long, value_parser = names::kind)]
        kind: DatasetKind,
        #[command(flatten)]
        profile: RegisteredArgs,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Change what is said about a dataset. What is not given stays.
    #[command(after_help = "\
Examples:
  citynet dataset change 7 --sensitivity restricted --key-file registrar.key
  citynet dataset change 7 --description dcat.json --description-uri https://data.neva.example/air/dcat.json \\
      --key-file registrar.key

Where it becomes more sensitive, grants whose terms do not suffice for that allow nothing from then on.")]
    Change {
        /// Its number.
        dataset: u64,
        #[command(flatten)]
        change: ChangeArgs,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Say which devices feed a dataset from now on, and which do so no longer.
    #[command(after_help = "\
Example:
  citynet dataset devices 7 --add 12 --add 13 --remove 4 --key-file registrar.key")]
    Devices {
        /// The dataset's number.
        dataset: u64,
        /// A device of your organisation that feeds it from now on; may be given several times.
        #[arg(long, value_name = "DEVICE", required_unless_present = "remove")]
        add: Vec<u64>,
        /// A device that does so no longer; may be given several times.
        #[arg(long, value_name = "DEVICE")]
        remove: Vec<u64>,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Offer a dataset to another organisation, which may take it.
    #[command(after_help = "\
Examples:
  citynet dataset offer 7 --to 3 --key-file registrar.key
  citynet dataset offer 7 --withdraw --key-file registrar.key

Its grants go with it: the new owner is their provider. Its devices do not: take them out before.")]
    Offer {
        /// Its number.
        dataset: u64,
        /// The organisation's number.
        #[arg(long, value_name = "ORGANISATION", required_unless_present = "withdraw")]
        to: Option<u32>,
        /// Offer it to nobody any more.
        #[arg(long, conflicts_with = "to")]
        withdraw: bool,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Take a dataset that was offered to your organisation.
    Take {
        /// Its number.
        dataset: u64,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Publish a version: what it is, what it was made from, and how.
    Version(VersionArgs),
    /// Say that a version is faulty. This is recorded and never taken back.
    #[command(after_help = "\
Example:
  citynet dataset flag 7@3 --since 2026-03-01T00:00:00Z --reason 'inlet blocked' --key-file registrar.key")]
    Flag {
        /// The version, such as 7@3: version 3 of dataset 7.
        #[arg(value_name = "VERSION", value_parser = source::parse_version)]
        version: VersionId,
        /// From when on its observations are faulty (UTC).
        #[arg(long, value_name = "TIME", value_parser = parse_utc)]
        since: u64,
        /// Why, for people; at most 256 bytes. It is public and stays for good.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List what was made, directly or not, from a version, or from what a device observed.
    #[command(after_help = "\
Examples:
  citynet dataset dependents 7@3
  citynet dataset dependents device:12 --since 2026-03-01T00:00:00Z")]
    Dependents {
        /// A version such as 7@3, or a device such as device:12.
        #[arg(value_name = "VERSION|DEVICE", value_parser = origin)]
        of: Origin,
        /// From when on the device's observations count (UTC). By default from the first one on.
        #[arg(long, value_name = "TIME", value_parser = parse_utc)]
        since: Option<u64>,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// List every dataset.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Show a dataset, or one of its versions.
    #[command(after_help = "\
Examples:
  citynet dataset show 7
  citynet dataset show 7@3     # version 3: what it is and what it was made from")]
    Show {
        /// A dataset's number, or a version such as 7@3.
        #[arg(value_name = "DATASET[@VERSION]", value_parser = shown)]
        what: Shown,
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// What `show` shows.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    Dataset(DatasetId),
    Version(VersionId),
}

/// A word is neither.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{0}` is neither a dataset, such as 7, nor a version, such as 7@3")]
pub struct NotShown(String);

fn shown(text: &str) -> Result<Shown, NotShown> {
    match (text.parse(), source::parse_version(text)) {
        (Ok(dataset), _) => Ok(Shown::Dataset(DatasetId(dataset))),
        (_, Ok(version)) => Ok(Shown::Version(version)),
        _ => Err(NotShown(text.into())),
    }
}

/// A word is neither.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{0}` is neither a version, such as 7@3, nor a device, such as device:12")]
pub struct NoOrigin(String);

fn origin(text: &str) -> Result<Origin, NoOrigin> {
    let device = text.strip_prefix("device:").and_then(|number| number.parse().ok());
    match (device, source::parse_version(text)) {
        (Some(device), _) => Ok(Origin::Device(DeviceId(device), None)),
        (None, Ok(version)) => Ok(Origin::Version(version)),
        (None, Err(_)) => Err(NoOrigin(text.into())),
    }
}

#[derive(Args, Debug)]
pub struct RegisteredArgs {
    /// A short title, at most 96 bytes.
    #[arg(long)]
    title: String,
    /// How careful one must be with it: open, internal, restricted or pseudonymised.
    #[arg(long, value_parser = names::sensitivity)]
    sensitivity: Sensitivity,
    /// The file with its DCAT description, which is hashed.
    #[arg(long, value_name = "FILE", required_unless_present = "description_hash")]
    description: Option<PathBuf>,
    /// SHA-256 of its DCAT description, where the file is not here.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, conflicts_with = "description")]
    description_hash: Option<Hash>,
    /// Where the description can be had.
    #[arg(long, value_name = "URI", default_value = "")]
    description_uri: String,
    /// URI of the schema of its records.
    #[arg(long, value_name = "URI", default_value = "")]
    schema: String,
    /// Its licence: an SPDX identifier or a URI.
    #[arg(long)]
    licence: String,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub struct ChangeArgs {
    /// A short title, at most 96 bytes.
    #[arg(long)]
    title: Option<String>,
    /// How careful one must be with it: open, internal, restricted or pseudonymised.
    #[arg(long, value_parser = names::sensitivity)]
    sensitivity: Option<Sensitivity>,
    /// The file with its DCAT description, which is hashed.
    #[arg(long, value_name = "FILE")]
    description: Option<PathBuf>,
    /// SHA-256 of its DCAT description, where the file is not here.
    #[arg(long, value_name = "HASH", value_parser = parse_hash, conflicts_with = "description")]
    description_hash: Option<Hash>,
    /// Where the description can be had.
    #[arg(long, value_name = "URI")]
    description_uri: Option<String>,
    /// URI of the schema of its records, or nothing.
    #[arg(long, value_name = "URI")]
    schema: Option<String>,
    /// Its licence: an SPDX identifier or a URI.
    #[arg(long)]
    licence: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet dataset version 7 --file air-2026-03-01.csv --media-type text/csv --records 24000 \\
      --from 2026-03-01T00:00:00Z --to 2026-03-01T23:59:59Z --activity collection \\
      --source device:12:0-23999 --key-file registrar.key
  citynet dataset version 9 --file hourly.parquet --media-type application/vnd.apache.parquet --records 24 \\
      --from 2026-03-01T00:00:00Z --to 2026-03-01T23:59:59Z --activity aggregation \\
      --source 7@3:grant=5 --source device:12:0-23999:grant=5 \\
      --code 'https://example.org/air.git#4f2a9c1' --parameters hourly.toml --key-file registrar.key

The file stays where it is: its SHA-256 and its size go on chain. A source is
  7@3                    version 3 of dataset 7
  device:12:0-999        readings 0 to 999 of device 12
  sha256:HASH[:URI]      bytes that the ledger does not know
and where the dataset or the device is another organisation's, :grant=N after it names the grant by which it is used. The \
ledger refuses a version one of whose sources is not covered by a grant at that moment. Derived datasets and models need at \
least one source.")]
pub struct VersionArgs {
    /// The dataset's number.
    dataset: u64,
    /// The file with the version's content, which is hashed.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Its media type, such as text/csv.
    #[arg(long, value_name = "TYPE")]
    media_type: String,
    /// How many records it holds.
    #[arg(long, value_name = "N")]
    records: u64,
    /// Time of the earliest observation (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    from: u64,
    /// Time of the latest observation (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    to: u64,
    /// How it was made: collection, cleaning, transformation, aggregation, linkage, anonymisation, annotation,
    /// training, evaluation or synthesis.
    #[arg(long, value_parser = names::activity)]
    activity: Activity,
    /// What it was made from; may be given up to 64 times.
    #[arg(long = "source", value_name = "SOURCE", value_parser = source::parse)]
    sources: Vec<Source>,
    /// The program by which it was made, such as a repository with a commit.
    #[arg(long, value_name = "TEXT", default_value = "")]
    code: String,
    /// The file with the parameters of the program, which is hashed.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn run(command: DatasetCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        DatasetCommand::Register { kind, profile, signed } => {
            let call = Call::register_dataset(kind, &registered(&profile)?);
            send(&signed, &call, "registered", output).await
        }
        DatasetCommand::Change { dataset, change, signed } => set_profile(dataset, &change, &signed, output).await,
        DatasetCommand::Devices { dataset, add, remove, signed } => {
            let call = Call::set_devices(DatasetId(dataset), &devices(add)?, &devices(remove)?);
            send(&signed, &call, "is fed by other devices now", output).await
        }
        DatasetCommand::Offer { dataset, to, withdraw: _, signed } => {
            let call = Call::offer_dataset(DatasetId(dataset), to.map(OrganisationId));
            let done = to.map_or_else(|| "offered to nobody".to_owned(), |to| format!("offered to organisation {to}"));
            send(&signed, &call, &done, output).await
        }
        DatasetCommand::Take { dataset, signed } => {
            send(&signed, &Call::take_dataset(DatasetId(dataset)), "taken", output).await
        }
        DatasetCommand::Version(args) => publish(args, output).await,
        DatasetCommand::Flag { version, since, reason: text, signed } => {
            let call = Call::flag_version(version, since, &reason(&text)?);
            let done = format!("flagged: version {} is faulty since {}", version.version, format_utc(since));
            send(&signed, &call, &done, output).await
        }
        DatasetCommand::Dependents { of, since, node } => dependents(of, since, &node, output).await,
        DatasetCommand::List { node } => list(&node, output).await,
        DatasetCommand::Show { what: Shown::Dataset(dataset), node } => show(dataset, &node, output).await,
        DatasetCommand::Show { what: Shown::Version(version), node } => show_version(version, &node, output).await,
    }
}

/// Sends a call about one dataset and says what was `done` to it.
async fn send(signed: &SignedArgs, call: &Call, done: &str, output: &Output) -> anyhow::Result<Done> {
    let (ledger, account) = signed.open().await?;
    send_to(&ledger, &account, call, done, output).await
}

async fn send_to(
    ledger: &Ledger,
    account: &AccountKey,
    call: &Call,
    done: &str,
    output: &Output,
) -> anyhow::Result<Done> {
    let outcome = submit(ledger, account, call, output).await?;
    let (dataset, _) = outcome
        .dataset()
        .ok_or_else(|| anyhow!("the transaction is in block {} but changed no dataset", outcome.block))?;
    let mut result = written(&outcome);
    result["dataset"] = dataset.to_string().into();
    output.result(&result, |output| vec![sentence(&outcome, &output.good(format!("dataset {dataset} {done}")))])?;
    Ok(Done::Completely)
}

/// The hash of a description, if there is one.
fn description(file: Option<&Path>, hash: Option<Hash>) -> anyhow::Result<Option<Hash>> {
    match file {
        Some(path) => Ok(Some(Content::of_file(path)?.hash)),
        None => Ok(hash),
    }
}

fn registered(args: &RegisteredArgs) -> anyhow::Result<DatasetProfile> {
    let Some(hash) = description(args.description.as_deref(), args.description_hash)? else {
        bail!("give --description or --description-hash");
    };
    Ok(DatasetProfile {
        title: some_text("the title", &args.title)?,
        sensitivity: args.sensitivity,
        description: Document { hash, uri: text("the description's URI", &args.description_uri)? },
        schema: text("the schema", &args.schema)?,
        licence: some_text("the licence", &args.licence)?,
    })
}

/// What is said about a dataset with some of it changed.
fn changed(mut profile: DatasetProfile, change: &ChangeArgs) -> anyhow::Result<DatasetProfile> {
    if let Some(title) = &change.title {
        profile.title = some_text("the title", title)?;
    }
    if let Some(sensitivity) = change.sensitivity {
        profile.sensitivity = sensitivity;
    }
    if let Some(hash) = description(change.description.as_deref(), change.description_hash)? {
        profile.description.hash = hash;
    }
    if let Some(uri) = &change.description_uri {
        profile.description.uri = text("the description's URI", uri)?;
    }
    if let Some(schema) = &change.schema {
        profile.schema = text("the schema", schema)?;
    }
    if let Some(licence) = &change.licence {
        profile.licence = some_text("the licence", licence)?;
    }
    Ok(profile)
}

async fn set_profile(dataset: u64, change: &ChangeArgs, signed: &SignedArgs, output: &Output) -> anyhow::Result<Done> {
    let dataset = DatasetId(dataset);
    let (ledger, account) = signed.open().await?;
    let Some(info) = ledger.dataset(dataset).await? else { bail!("there is no dataset {dataset}") };
    let call = Call::change_dataset(dataset, &changed(info.profile, change)?);
    send_to(&ledger, &account, &call, "changed", output).await
}

fn devices(numbers: Vec<u64>) -> anyhow::Result<Devices> {
    let devices: Vec<DeviceId> = numbers.into_iter().map(DeviceId).collect();
    devices.try_into().map_err(|_| anyhow!("a transaction names at most 64 devices to add and 64 to remove"))
}

async fn publish(args: VersionArgs, output: &Output) -> anyhow::Result<Done> {
    if args.from > args.to {
        bail!("the latest observation, --to, is before the earliest, --from");
    }
    let file = Content::of_file(&args.file)?;
    let parameters = args.parameters.as_deref().map(Content::of_file).transpose()?;
    let content = VersionContent {
        content: file.hash,
        bytes: file.bytes,
        records: args.records,
        media_type: some_text("the media type", &args.media_type)?,
        from: args.from,
        to: args.to,
        sources: Sources::try_from(args.sources).map_err(|_| anyhow!("a version has at most 64 sources"))?,
        activity: args.activity,
        parameters: parameters.map(|parameters| parameters.hash),
        code: text("the code", &args.code)?,
    };
    let (ledger, account) = args.signed.open().await?;
    let call = Call::publish_version(DatasetId(args.dataset), &content);
    let outcome = submit(&ledger, &account, &call, output).await?;
    let (version, _) = outcome
        .version()
        .ok_or_else(|| anyhow!("the transaction is in block {} but published no version", outcome.block))?;
    let hash = format!("0x{}", hex::encode(file.hash));
    let mut result = written(&outcome);
    result["dataset"] = version.dataset.to_string().into();
    result["version"] = version.version.into();
    result["content"] = hash.as_str().into();
    result["bytes"] = file.bytes.to_string().into();
    output.result(&result, |output| {
        vec![
            sentence(&outcome, &output.good(format!("version {version} published"))),
            format!("{}: {} bytes, SHA-256 {hash}", args.file.display(), thousands(file.bytes)),
        ]
    })?;
    Ok(Done::Completely)
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let datasets = node.connect(Duration::ZERO).await?.rpc().datasets().await?;
    output.result(&datasets, |_| {
        let row = |dataset: &DatasetView| {
            vec![
                dataset.dataset.to_string(),
                dataset.title.clone(),
                dataset.kind.clone(),
                dataset.owner.to_string(),
                dataset.sensitivity.clone(),
                dataset.versions.to_string(),
                dataset.devices.to_string(),
            ]
        };
        let header = ["dataset", "title", "kind", "owner", "sensitivity", "versions", "devices"];
        table(&header, datasets.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

async fn dependents(of: Origin, since: Option<u64>, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let of = match (of, since) {
        (Origin::Device(device, _), since) => Origin::Device(device, since),
        (of, None) => of,
        (Origin::Version(_), Some(_)) => bail!("--since is about what a device observed; a version is used as a whole"),
    };
    let dependents = node.connect(Duration::ZERO).await?.rpc().dependents(of).await?;
    output.result(&dependents, |_| {
        if dependents.items.is_empty() {
            return vec!["nothing was made from it".to_owned()];
        }
        let row = |dependent: &DependentView| {
            let version = format!("{}@{}", dependent.dataset, dependent.version);
            vec![version, dependent.depth.to_string(), dependent.via.clone()]
        };
        let mut lines = table(&["version", "steps", "made from"], dependents.items.iter().map(row).collect());
        if !dependents.complete {
            lines.push("and more: the node lists the nearest ones only".into());
        }
        lines
    })?;
    Ok(Done::Completely)
}

fn unless_empty(text: &str) -> String {
    if text.is_empty() { "none" } else { text }.to_owned()
}

async fn show(dataset: DatasetId, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let view = node.connect(Duration::ZERO).await?.rpc().dataset(dataset).await?;
    let devices: Vec<String> = view.fed_by.iter().flatten().map(ToString::to_string).collect();
    output.result(&view, |output| {
        let description = match view.description.uri.as_str() {
            "" => view.description.hash.to_string(),
            uri => format!("{uri} ({})", view.description.hash),
        };
        let mut rows = vec![
            ("dataset", view.dataset.to_string()),
            ("title", output.strong(&view.title)),
            ("kind", view.kind.clone()),
            ("sensitivity", view.sensitivity.clone()),
            ("owner", format!("organisation {}", view.owner)),
            ("description", description),
            ("schema", unless_empty(&view.schema)),
            ("licence", view.licence.clone()),
            ("versions", view.versions.to_string()),
            (
                "fed by",
                match devices.as_slice() {
                    [] => "no device".to_owned(),
                    [device] => format!("device {device}"),
                    devices => format!("devices {}", devices.join(", ")),
                },
            ),
        ];
        if let Some(to) = view.offered_to {
            rows.push(("offered to", format!("organisation {to}")));
        }
        facts(&rows)
    })?;
    Ok(Done::Completely)
}

async fn show_version(version: VersionId, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let view = node.connect(Duration::ZERO).await?.rpc().dataset_version(version).await?;
    output.result(&view, |output| version_lines(version, &view, output))?;
    Ok(Done::Completely)
}

fn version_lines(version: VersionId, view: &VersionView, output: &Output) -> Vec<String> {
    let mut rows = vec![
        ("version", output.strong(version)),
        ("content", view.content.to_string()),
        ("record", view.record.to_string()),
    ];
    let said = view.body.as_ref().and_then(|body| body.get("content"));
    let text = |name: &str| said.and_then(|said| said.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| text(name).parse::<u64>().unwrap_or_default();
    if said.is_some() {
        rows.extend([
            ("size", format!("{} bytes, {} records", thousands(number("bytes")), thousands(number("records")))),
            ("media type", text("mediaType")),
            ("observed", format!("{} to {}", format_utc(number("from")), format_utc(number("to")))),
            ("made by", text("activity")),
            ("code", unless_empty(&text("code"))),
            ("parameters", unless_empty(&text("parameters"))),
        ]);
    }
    if let Some(since) = view.faulty_since {
        rows.push(("faulty", output.bad(format!("since {}", format_utc(since.0)))));
    }
    let mut lines = facts(&rows);
    let sources = said.and_then(|said| said.get("sources")).and_then(Value::as_array);
    if let Some(sources) = sources.filter(|sources| !sources.is_empty()) {
        lines.push(String::new());
        lines.extend(table(&["made from", "by grant"], sources.iter().map(source_row).collect()));
    } else if said.is_some() {
        lines.push("made from nothing that it names".into());
    } else {
        lines.push("the node keeps no index, so only what the chain's state holds is shown".into());
    }
    lines
}

/// A source as the journal's JSON has it, in words.
fn source_row(source: &Value) -> Vec<String> {
    let field = |name: &str| match source.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let own = |grant: String| if grant.is_empty() { "its own".to_owned() } else { grant };
    match field("source").as_str() {
        "version" => vec![format!("{}@{}", field("dataset"), field("version")), own(field("grant"))],
        "batches" => {
            let (first, last) = (field("firstSequence"), field("lastSequence"));
            vec![format!("device {}, readings {first} to {last}", field("device")), own(field("grant"))]
        }
        _ => vec![format!("{} {}", field("content"), field("uri")).trim_end().to_owned(), String::new()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn profile() -> DatasetProfile {
        DatasetProfile {
            title: text("", "Air").unwrap(),
            sensitivity: Sensitivity::Open,
            description: Document { hash: [1; 32], uri: text("", "https://neva.example/dcat").unwrap() },
            schema: text("", "https://neva.example/schema").unwrap(),
            licence: text("", "CC-BY-4.0").unwrap(),
        }
    }

    fn nothing() -> ChangeArgs {
        ChangeArgs {
            title: None,
            sensitivity: None,
            description: None,
            description_hash: None,
            description_uri: None,
            schema: None,
            licence: None,
        }
    }

    #[test]
    fn what_is_not_given_stays() {
        assert_eq!(changed(profile(), &nothing()).unwrap(), profile());
        let change = ChangeArgs {
            sensitivity: Some(Sensitivity::Restricted),
            description_hash: Some([2; 32]),
            schema: Some(String::new()),
            ..nothing()
        };
        let mut expected = profile();
        expected.sensitivity = Sensitivity::Restricted;
        expected.description.hash = [2; 32];
        expected.schema = Default::default();
        assert_eq!(changed(profile(), &change).unwrap(), expected);
        let empty = ChangeArgs { title: Some(String::new()), ..nothing() };
        assert_eq!(changed(profile(), &empty).unwrap_err().to_string(), "the title is empty");
    }

    #[test]
    fn a_dataset_or_a_version_is_shown() {
        assert!(matches!(shown("7"), Ok(Shown::Dataset(DatasetId(7)))));
        assert!(matches!(shown("7@3"), Ok(Shown::Version(VersionId { dataset: DatasetId(7), version: 3 }))));
        for text in ["", "seven", "7@", "@3", "7@3@1"] {
            assert!(shown(text).unwrap_err().to_string().contains(text), "{text}");
        }
        assert_eq!(origin("device:12").unwrap(), Origin::Device(DeviceId(12), None));
        assert_eq!(origin("7@3").unwrap(), Origin::Version(VersionId { dataset: DatasetId(7), version: 3 }));
        for text in ["12", "device:", "device:12:0-9", "7"] {
            assert!(origin(text).unwrap_err().to_string().contains(text), "{text}");
        }
    }

    #[test]
    fn versions_are_shown_as_the_journal_has_them() {
        let content = VersionContent {
            content: [7; 32],
            bytes: 40_960,
            records: 1200,
            media_type: text("", "text/csv").unwrap(),
            from: 1_772_366_400_000,
            to: 1_772_366_401_000,
            sources: vec![
                source::parse("7@3:grant=5").unwrap(),
                source::parse("device:12:0-999").unwrap(),
                source::parse(&format!("sha256:{}:https://neva.example", "ab".repeat(32))).unwrap(),
            ]
            .try_into()
            .unwrap(),
            activity: Activity::Aggregation,
            parameters: None,
            code: text("", "").unwrap(),
        };
        let version = VersionId { dataset: DatasetId(9), version: 1 };
        let body = citynet_primitives::Body::VersionPublished { dataset: version.dataset, version: 1, content };
        let view: VersionView = serde_json::from_value(json!({
            "dataset": "9",
            "version": 1,
            "content": format!("0x{}", "07".repeat(32)),
            "record": "44",
            "faultySince": "1772366400000",
            "body": body,
        }))
        .unwrap();
        let lines = version_lines(version, &view, &Output::new(false)).join("\n");
        for words in [
            "9@1",
            "40 960 bytes, 1 200 records",
            "2026-03-01T12:00:00Z to 2026-03-01T12:00:01Z",
            "aggregation",
            "since 2026-03-01T12:00:00Z",
            "7@3 ",
            "device 12, readings 0 to 999 ",
            "abab https://neva.example",
            "its own",
        ] {
            assert!(lines.contains(words), "{words}: {lines}");
        }
    }
}
