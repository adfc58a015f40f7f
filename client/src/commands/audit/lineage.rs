//! `citynet audit lineage` and `citynet audit taint`.

use super::answer::{as_of_line, done, journal, left_out_lines, organisation, rows_or, CsvArgs};
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, thousands, Output},
};
use anyhow::bail;
use citynet_client::{
    audit::{
        csv_file::Table,
        journal::{AsOf, Journal, Query},
        lineage::{batch, downstream, names, upstream, Bounds, Downstream, Lineage, Named, Start},
    },
    rpc::{GrantFilter, GrantView},
    time::{format_utc, parse_utc},
};
use citynet_primitives::{BatchId, Body, DatasetId, DeviceId, Moment, OrganisationId, Source, Subject, VersionId};
use clap::Args;
use serde_json::{json, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

#[derive(Args, Clone, Copy, Debug)]
pub struct BoundArgs {
    /// The most steps.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth)]
    depth: u32,
    /// The most versions.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().versions)]
    versions: usize,
}

impl BoundArgs {
    fn bounds(self) -> Bounds {
        Bounds { depth: self.depth, versions: self.versions, ..Bounds::default() }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit lineage 9@1                     # what it was made from, and by which grants
  citynet audit lineage 7@3 --down              # what was made from it
  citynet audit lineage batch:12-4000 --down    # of device 12, the batch whose first reading has number 4000
  citynet audit lineage device:12 --depth 2 --csv lineage.csv

Without a direction it goes up from a version and from a batch, and down from a device. Every step up is read from the record \
that published the version. Which versions were made from something, the node says; `docs/grants.md` has the rule. The exit \
code is 2 when the answer is not complete.")]
pub struct LineageArgs {
    /// A version such as 7@3, a batch such as batch:12-4000, or a device such as device:12.
    #[arg(value_name = "VERSION|BATCH|DEVICE")]
    of: Start,
    /// What it was made from.
    #[arg(long)]
    up: bool,
    /// What was made from it.
    #[arg(long)]
    down: bool,
    #[command(flatten)]
    bounds: BoundArgs,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit taint device:12 --since 2026-03-01T00:00:00Z
  citynet audit taint device:12                 # since when it is distrusted, as its owner said
  citynet audit taint 7@3 --csv tainted.csv

Named are all readings of the device from the first batch on that has an observation of that time or later, all versions that \
were made from them or from the version, directly or not, who owns these, and who could have had them by a grant. Rather too \
much than too little is named. The exit code is 2 when the answer is not complete.")]
pub struct TaintArgs {
    /// A version such as 7@3, or a device such as device:12.
    #[arg(value_name = "VERSION|DEVICE")]
    of: Start,
    /// From when on the device's observations are in doubt (UTC). By default since when it is distrusted.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    since: Option<u64>,
    #[command(flatten)]
    bounds: BoundArgs,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    node: NodeArgs,
}

/// One step, up or down.
#[derive(Clone)]
struct Step {
    direction: &'static str,
    depth: u32,
    made: String,
    from: String,
    grants: String,
    how: String,
    by: OrganisationId,
    record: u64,
    time: Moment,
    remark: String,
}

pub async fn run(args: LineageArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let (up, down) = match (args.up, args.down, args.of) {
        (false, false, Start::Device(_)) => (false, true),
        (false, false, _) => (true, false),
        (true, _, Start::Device(device)) => {
            bail!("nothing is above a device: `citynet device show {device}` says what it is, and --down what was made from it")
        }
        (up, down, _) => (up, down),
    };
    let (mut steps, mut named, mut left_out) = (Vec::new(), Named::default(), Vec::new());
    if up {
        match args.of {
            Start::Version(version) => {
                let lineage = upstream(&journal, version, args.bounds.bounds(), false).await?;
                steps.extend(steps_up(&lineage));
                (named, left_out) = (lineage.named, lineage.left_out);
            }
            Start::Batch(id) => {
                steps.push(step_to_device(&journal, id, &mut named).await?);
            }
            Start::Device(_) => {}
        }
    }
    if down {
        let found = downstream(&journal, args.of, None, args.bounds.bounds()).await?;
        steps.extend(steps_down(&found));
        named.organisations.extend(found.named.organisations);
        left_out.extend(found.left_out);
    }
    let as_of = journal.as_of();
    let query = json!({
        "question": "lineage",
        "of": args.of.to_string(),
        "up": up,
        "down": down,
        "depth": args.bounds.depth,
        "versions": args.bounds.versions,
    });
    args.csv.write(&table(&steps), &query, as_of, left_out.is_empty(), output)?;
    let told = json!({
        "query": query,
        "asOf": as_of.to_json(),
        "complete": left_out.is_empty(),
        "leftOut": left_out,
        "steps": steps.iter().map(Step::to_json).collect::<Vec<_>>(),
    });
    output.result(&told, |output| {
        let mut lines = vec![output.strong(args.of)];
        for (direction, title, nothing) in [
            ("up", "made from", "it was made from nothing that it names"),
            ("down", "what was made from it", "nothing was made from it"),
        ] {
            let is_asked = if direction == "up" { up } else { down };
            if is_asked {
                lines.push(String::new());
                lines.push(title.to_owned());
                lines.extend(step_lines(&steps, direction, nothing, &named));
            }
        }
        lines.push(String::new());
        lines.push(as_of_line(as_of));
        lines.extend(left_out_lines(&left_out, output));
        lines
    })?;
    Ok(done(&left_out))
}

impl Step {
    fn to_json(&self) -> Value {
        json!({
            "direction": self.direction,
            "depth": self.depth,
            "made": self.made,
            "from": self.from,
            "grants": self.grants.split_whitespace().collect::<Vec<_>>(),
            "how": self.how,
            "by": self.by,
            "record": self.record.to_string(),
            "time": self.time.to_string(),
            "remark": self.remark,
        })
    }
}

fn table(steps: &[Step]) -> Table {
    let row = |step: &Step| {
        vec![
            step.direction.to_owned(),
            step.depth.to_string(),
            step.made.clone(),
            step.from.clone(),
            step.grants.clone(),
            step.how.clone(),
            step.by.to_string(),
            step.record.to_string(),
            format_utc(step.time),
            step.remark.clone(),
        ]
    };
    let columns = ["direction", "steps", "made", "made_from", "grants", "how", "by", "record", "time", "remark"];
    Table::new(&columns, steps.iter().map(row).collect())
}

fn step_lines(steps: &[Step], direction: &str, nothing: &str, named: &Named) -> Vec<String> {
    let row = |step: &Step| {
        vec![
            step.depth.to_string(),
            step.made.clone(),
            step.from.clone(),
            by_grant(step),
            step.how.clone(),
            organisation(step.by, named),
            format_utc(step.time),
            step.remark.clone(),
        ]
    };
    let rows = steps.iter().filter(|step| step.direction == direction).map(row).collect();
    rows_or(nothing, &["steps", "version", "made from", "by grant", "how", "by", "published", "remark"], rows)
}

/// By which grants; what the ledger does not know needs none, and nobody can say whether it should.
fn by_grant(step: &Step) -> String {
    match step.grants.as_str() {
        "" if step.from.starts_with("sha256:") => String::new(),
        "" => "none: its own".to_owned(),
        grants => grants.to_owned(),
    }
}

/// What is to be said about a source.
fn remark(source: &Source, lineage: &Lineage) -> String {
    match source {
        Source::Version { dataset, version, .. } => {
            let id = VersionId { dataset: *dataset, version: *version };
            match lineage.versions.get(&id) {
                Some(found) => faulty(found.faulty_since),
                None => "not followed".to_owned(),
            }
        }
        Source::Batches { device, .. } => {
            let since = lineage.named.devices.get(device).and_then(|device| device.distrusted_since);
            since.map(|since| format!("the device is distrusted since {}", format_utc(since.0))).unwrap_or_default()
        }
        Source::External { .. } => "unknown to the ledger".to_owned(),
    }
}

fn faulty(since: Option<Moment>) -> String {
    since.map(|since| format!("faulty since {}", format_utc(since))).unwrap_or_default()
}

fn steps_up(lineage: &Lineage) -> Vec<Step> {
    let uses = lineage.uses();
    let step = |found: &citynet_client::audit::lineage::Use| {
        let made = lineage.versions.get(&found.version)?;
        Some(Step {
            direction: "up",
            depth: found.depth,
            made: found.version.to_string(),
            from: found.source(),
            grants: found.grant().map(|grant| grant.to_string()).unwrap_or_default(),
            how: made.content.activity.to_string(),
            by: made.publisher,
            record: made.record,
            time: made.time,
            remark: remark(&found.source, lineage),
        })
    };
    uses.iter().filter_map(step).collect()
}

fn steps_down(found: &Downstream) -> Vec<Step> {
    let steps = found.reached.iter().map(|reached| Step {
        direction: "down",
        depth: reached.depth,
        made: reached.version.to_string(),
        from: reached.via.clone(),
        grants: reached.grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        how: reached.made.content.activity.to_string(),
        by: reached.made.publisher,
        record: reached.made.record,
        time: reached.made.time,
        remark: faulty(reached.made.faulty_since),
    });
    steps.collect()
}

/// A batch comes from its device.
async fn step_to_device(journal: &Journal<'_>, id: BatchId, named: &mut Named) -> anyhow::Result<Step> {
    let attested = batch(journal, id).await?;
    *named = names(journal, None, Some(id.device), None).await?;
    let since = named.devices.get(&id.device).and_then(|device| device.distrusted_since);
    let in_doubt = since.filter(|since| since.0 <= attested.batch.window_end);
    let remark = match in_doubt {
        Some(since) => format!("the device is distrusted since {}", format_utc(since.0)),
        None => String::new(),
    };
    Ok(Step {
        direction: "up",
        depth: 1,
        made: format!("batch:{}", attested.batch.id()),
        from: format!("device:{}", id.device),
        grants: String::new(),
        how: "attestation".to_owned(),
        by: attested.organisation,
        record: attested.record,
        time: attested.time,
        remark,
    })
}

/// Readings of a device that are in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Readings {
    first: u64,
    last: u64,
    batches: u64,
    readings: u64,
}

/// Why somebody should be told.
#[derive(Debug, Default)]
struct Concern {
    owns: BTreeSet<String>,
    had: BTreeSet<String>,
}

pub async fn taint(args: TaintArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let journal = journal(&ledger).await?;
    let since = match args.of {
        Start::Batch(_) => bail!("a batch is distrusted with its device: give the device and --since"),
        Start::Version(_) if args.since.is_some() => {
            bail!("--since is about what a device observed; a version is used as a whole")
        }
        Start::Version(version) => ledger.rpc().dataset_version(version).await?.faulty_since.map(|since| since.0),
        Start::Device(device) => {
            let distrusted = ledger.rpc().device(device).await?.distrusted_since;
            let Some(since) = args.since.or(distrusted.map(|since| since.0)) else {
                bail!("device {device} is not distrusted; say with --since from when on it is in doubt");
            };
            Some(since)
        }
    };
    let down = downstream(&journal, args.of, since, args.bounds.bounds()).await?;
    let readings = match (args.of, since) {
        (Start::Device(device), Some(since)) => in_doubt(&journal, device, since).await?,
        _ => None,
    };
    let concerns = concerns(&journal, args.of, &down).await?;

    let as_of = journal.as_of();
    let query = json!({
        "question": "taint",
        "of": args.of.to_string(),
        "since": args.since.map(format_utc),
        "depth": args.bounds.depth,
        "versions": args.bounds.versions,
    });
    args.csv.write(&taint_table(&down), &query, as_of, down.left_out.is_empty(), output)?;
    let mut told = taint_json(&query, &down, readings, &concerns, as_of);
    told["since"] = since.map(|since| since.to_string()).into();
    output.result(&told, |output| taint_lines(args.of, since, &down, readings, &concerns, as_of, output))?;
    Ok(done(&down.left_out))
}

/// The readings of a device from the first batch on that has an observation of a time or later.
async fn in_doubt(journal: &Journal<'_>, device: DeviceId, since: Moment) -> anyhow::Result<Option<Readings>> {
    let mut found: Option<Readings> = None;
    let query = Query { kind: Some("batch_attested"), ..Query::about(Subject::Device(device)) };
    journal
        .each(&query, |record| {
            if let Body::BatchAttested { batch, .. } = &record.record.body {
                if found.is_some() || since <= batch.window_end {
                    let first = batch.first_sequence;
                    let found = found.get_or_insert(Readings { first, last: first, batches: 0, readings: 0 });
                    found.batches = found.batches.saturating_add(1);
                    found.readings = found.readings.saturating_add(batch.count.into());
                    found.last = first.saturating_add(u64::from(batch.count).saturating_sub(1));
                }
            }
            true
        })
        .await?;
    Ok(found)
}

/// Who owns what is touched, and who could have had it.
async fn concerns(
    journal: &Journal<'_>,
    of: Start,
    down: &Downstream,
) -> anyhow::Result<BTreeMap<OrganisationId, Concern>> {
    let mut concerns: BTreeMap<OrganisationId, Concern> = BTreeMap::new();
    let mut touched: BTreeMap<DatasetId, BTreeSet<u32>> = BTreeMap::new();
    match of {
        Start::Version(version) => _ = touched.entry(version.dataset).or_default().insert(version.version),
        Start::Device(device) | Start::Batch(BatchId { device, .. }) => {
            if let Some(found) = down.named.devices.get(&device) {
                let concern = concerns.entry(OrganisationId(found.owner)).or_default();
                concern.owns.insert(format!("device:{device}"));
            }
        }
    }
    for reached in &down.reached {
        touched.entry(reached.version.dataset).or_default().insert(reached.version.version);
    }
    for (dataset, versions) in touched {
        if let Some(found) = down.named.datasets.get(&dataset) {
            let concern = concerns.entry(OrganisationId(found.owner)).or_default();
            concern.owns.extend(versions.iter().map(|version| format!("{dataset}@{version}")));
        }
        let filter = GrantFilter { dataset: Some(dataset), ..GrantFilter::default() };
        for grant in journal.ledger().rpc().grants(filter).await? {
            for version in versions.iter().filter(|version| gave(&grant, **version)) {
                let concern = concerns.entry(OrganisationId(grant.terms.consumer)).or_default();
                concern.had.insert(format!("{dataset}@{version} by grant {}", grant.grant));
            }
        }
    }
    Ok(concerns)
}

/// Whether a version could be had by a grant at some time.
fn gave(grant: &GrantView, version: u32) -> bool {
    let versions = grant.terms.rest.get("versions");
    let number = |name: &str| versions.and_then(|versions| versions.get(name)).and_then(Value::as_u64);
    // What cannot be read counts: rather one too many is told.
    let begins = number("first").is_none_or(|first| first <= version.into());
    let ends = number("last").is_none_or(|last| u64::from(version) <= last);
    grant.active_since.is_some() && begins && ends
}

fn taint_table(down: &Downstream) -> Table {
    let rows = down.reached.iter().map(|reached| {
        let owner = down.named.datasets.get(&reached.version.dataset).map(|found| found.owner.to_string());
        vec![
            reached.version.to_string(),
            down.named.title(reached.version.dataset),
            reached.depth.to_string(),
            reached.via.clone(),
            reached.grants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            owner.unwrap_or_default(),
            reached.made.publisher.to_string(),
            reached.made.record.to_string(),
            format_utc(reached.made.time),
            reached.made.faulty_since.map(format_utc).unwrap_or_default(),
        ]
    });
    let columns = [
        "version",
        "title",
        "steps",
        "made_from",
        "grants",
        "owner",
        "publisher",
        "record",
        "published",
        "faulty_since",
    ];
    Table::new(&columns, rows.collect())
}

fn taint_json(
    query: &Value,
    down: &Downstream,
    readings: Option<Readings>,
    concerns: &BTreeMap<OrganisationId, Concern>,
    as_of: &AsOf,
) -> Value {
    let reached = down.reached.iter().map(|reached| {
        json!({
            "version": reached.version.to_string(),
            "title": down.named.title(reached.version.dataset),
            "depth": reached.depth,
            "via": reached.via,
            "grants": reached.grants,
            "owner": down.named.datasets.get(&reached.version.dataset).map(|found| found.owner),
            "publisher": reached.made.publisher,
            "record": reached.made.record.to_string(),
            "time": reached.made.time.to_string(),
            "faultySince": reached.made.faulty_since.map(|since| since.to_string()),
        })
    });
    let notify = concerns.iter().map(|(id, concern)| {
        let found = down.named.organisations.get(id);
        json!({
            "organisation": id,
            "name": found.map(|found| found.name.as_str()),
            "contact": found.map(|found| found.contact.as_str()),
            "owns": concern.owns,
            "couldHave": concern.had,
        })
    });
    json!({
        "query": query,
        "asOf": as_of.to_json(),
        "complete": down.left_out.is_empty(),
        "leftOut": down.left_out,
        "readings": readings.map(|found| json!({
            "first": found.first.to_string(),
            "last": found.last.to_string(),
            "batches": found.batches.to_string(),
            "readings": found.readings.to_string(),
        })),
        "versions": reached.collect::<Vec<_>>(),
        "notify": notify.collect::<Vec<_>>(),
    })
}

fn taint_lines(
    of: Start,
    since: Option<Moment>,
    down: &Downstream,
    readings: Option<Readings>,
    concerns: &BTreeMap<OrganisationId, Concern>,
    as_of: &AsOf,
    output: &Output,
) -> Vec<String> {
    let mut rows = vec![("in doubt", output.strong(of))];
    if let Some(since) = since {
        rows.push(("since", format_utc(since)));
    }
    if let Start::Device(_) = of {
        rows.push((
            "readings",
            readings.map_or_else(
                || "none".to_owned(),
                |found| {
                    let Readings { first, last, batches, readings } = found;
                    format!("{} in {} batches, numbers {first} to {last}", thousands(readings), thousands(batches))
                },
            ),
        ));
    }
    rows.push(("versions", thousands(down.reached.len() as u64)));
    let mut lines = facts(&rows);
    lines.push(String::new());
    let reached = down.reached.iter().map(|reached| {
        let owner = down.named.datasets.get(&reached.version.dataset).map(|found| OrganisationId(found.owner));
        vec![
            reached.version.to_string(),
            down.named.title(reached.version.dataset),
            reached.depth.to_string(),
            reached.via.clone(),
            owner.map(|owner| organisation(owner, &down.named)).unwrap_or_default(),
            faulty(reached.made.faulty_since),
        ]
    });
    let header = ["version", "title", "steps", "made from", "owner", "flagged"];
    lines.extend(rows_or("nothing was made from it", &header, reached.collect()));
    lines.push(String::new());
    lines.push(output.strong("to be told"));
    let concern = concerns.iter().map(|(id, concern)| {
        let contact = down.named.organisations.get(id).map(|found| found.contact.clone()).unwrap_or_default();
        let list = |items: &BTreeSet<String>| items.iter().cloned().collect::<Vec<_>>().join(", ");
        vec![organisation(*id, &down.named), contact, list(&concern.owns), list(&concern.had)]
    });
    lines.extend(rows_or("nobody", &["organisation", "contact", "owns", "could have"], concern.collect()));
    lines.push(String::new());
    lines.push(as_of_line(as_of));
    lines.extend(left_out_lines(&down.left_out, output));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(active_since: Option<&str>, versions: Value) -> GrantView {
        let usage = json!({ "accesses": "0", "records": "0", "bytes": "0" });
        serde_json::from_value(json!({
            "grant": "5",
            "state": "revoked",
            "parent": null,
            "supersedes": null,
            "binding": true,
            "terms": {
                "dataset": "7",
                "provider": 1,
                "consumer": 2,
                "controller": 1,
                "actions": ["read"],
                "purposes": [2],
                "notBefore": "5",
                "notAfter": "6",
                "versions": versions,
            },
            "termsHash": "0x00",
            "activeSince": active_since,
            "ended": null,
            "used": usage,
            "usedInAll": usage,
        }))
        .unwrap()
    }

    #[test]
    fn whoever_could_have_a_version_is_told() {
        let open = json!({ "first": 2, "last": null, "content": null });
        assert!(gave(&grant(Some("5"), open.clone()), 2));
        assert!(gave(&grant(Some("5"), open.clone()), u32::MAX));
        assert!(!gave(&grant(Some("5"), open.clone()), 1));
        // One that was never in force gave nothing, one that ended did.
        assert!(!gave(&grant(None, open), 2));
        let closed = json!({ "first": 2, "last": 3, "content": null });
        assert!(gave(&grant(Some("5"), closed.clone()), 3));
        assert!(!gave(&grant(Some("5"), closed), 4));
    }

    #[test]
    fn steps_are_written_as_csv() {
        let step = Step {
            direction: "up",
            depth: 1,
            made: "9@1".into(),
            from: "7@3".into(),
            grants: "5 6".into(),
            how: "aggregation".into(),
            by: OrganisationId(3),
            record: 40,
            time: 1_772_366_400_000,
            remark: faulty(Some(1_772_366_400_000)),
        };
        assert_eq!(step.to_json()["grants"], json!(["5", "6"]));
        assert_eq!(by_grant(&step), "5 6");
        let of = |from: &str| by_grant(&Step { grants: String::new(), from: from.into(), ..step.clone() });
        assert_eq!(of("7@3"), "none: its own");
        assert_eq!(of("sha256:0xab"), "");
        let csv = String::from_utf8(table(&[step]).to_csv().unwrap()).unwrap();
        assert_eq!(
            csv,
            "direction,steps,made,made_from,grants,how,by,record,time,remark\n\
             up,1,9@1,7@3,5 6,aggregation,3,40,2026-03-01T12:00:00Z,faulty since 2026-03-01T12:00:00Z\n"
        );
    }
}
