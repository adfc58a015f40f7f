//! What there is to see: `citynet grant template`, `codes`, `list`, `show` and `odrl`.

use super::find;
use crate::{
    commands::{Done, NodeArgs},
    output::{facts, table, thousands, Output},
};
use anyhow::Context as _;
use citynet_client::{
    connection::NO_INDEX,
    grants::{
        codes, file, names,
        odrl::{agreement, document},
        render, TermsFile,
    },
    ledger::Ledger,
    rpc::{GrantFilter, GrantView, RecordView},
    time::{format_utc, now},
};
use citynet_primitives::{
    DatasetId, GrantId, GrantInfo, GrantState, Moment, OrganisationId, Subject, MAX_DELEGATION_DEPTH,
};
use clap::Args;
use serde_json::json;
use std::{fs, path::Path, time::Duration};

#[derive(Args, Debug)]
pub struct ListArgs {
    /// Only those of this dataset.
    #[arg(long)]
    dataset: Option<u64>,
    /// Only those that this organisation uses.
    #[arg(long, value_name = "ORGANISATION")]
    consumer: Option<u32>,
    /// Only those that this organisation granted.
    #[arg(long, value_name = "ORGANISATION")]
    provider: Option<u32>,
    /// Only those in this state: requested, offered, accepted, agreed, verified, active, suspended, terminated, revoked
    /// or completed.
    #[arg(long, value_parser = names::state)]
    state: Option<GrantState>,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn template(grant: Option<GrantId>, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let (file, text) = match grant {
        None => {
            let text = file::template(now());
            (TermsFile::from_toml(&text)?, text)
        }
        Some(grant) => {
            let ledger = node.connect(Duration::ZERO).await?;
            let info = find(&ledger, grant).await?;
            let mut file = TermsFile::of(&info.terms, &codes::of(&ledger).await?);
            // The agreement of other terms is another one.
            let followed = agreement(&info.terms, ledger.genesis()).hash;
            if info.terms.agreement.as_ref().is_some_and(|named| named.hash == followed) {
                file.agreement = None;
            }
            let text = file.to_toml()?;
            (file, text)
        }
    };
    output.result(&file, |_| text.lines().map(str::to_owned).collect())?;
    Ok(Done::Completely)
}

pub async fn codes(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let codes = codes::of(&node.connect(Duration::ZERO).await?).await?;
    let lists = [("purpose", codes.purposes()), ("legal basis", codes.legal_bases())];
    let as_json = |list: &[(u16, String)]| -> Vec<_> {
        list.iter().map(|(code, name)| json!({ "code": code, "name": name })).collect()
    };
    let result = json!({ "purposes": as_json(codes.purposes()), "legalBases": as_json(codes.legal_bases()) });
    output.result(&result, |_| {
        let mut rows = Vec::new();
        for (list, codes) in lists {
            rows.extend(codes.iter().map(|(code, name)| vec![list.to_owned(), code.to_string(), name.clone()]));
        }
        table(&["list", "code", "name"], rows)
    })?;
    Ok(Done::Completely)
}

pub async fn list(args: &ListArgs, output: &Output) -> anyhow::Result<Done> {
    let filter = GrantFilter {
        dataset: args.dataset.map(DatasetId),
        consumer: args.consumer.map(OrganisationId),
        provider: args.provider.map(OrganisationId),
    };
    let mut grants = args.node.connect(Duration::ZERO).await?.rpc().grants(filter).await?;
    if let Some(state) = args.state {
        grants.retain(|grant| grant.state == state.as_str());
    }
    output.result(&grants, |_| {
        if grants.is_empty() {
            return vec!["there are no such grants".to_owned()];
        }
        let now = now();
        let row = |grant: &GrantView| {
            let terms = &grant.terms;
            vec![
                grant.grant.to_string(),
                terms.dataset.to_string(),
                terms.provider.to_string(),
                terms.consumer.to_string(),
                state(grant, now),
                terms.actions.join(", "),
                format_utc(terms.not_after.0),
                grant.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            ]
        };
        let header = ["grant", "dataset", "provider", "consumer", "state", "may", "until before", "stands on"];
        table(&header, grants.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

/// Grants expire without anybody saying so.
fn state(grant: &GrantView, now: Moment) -> String {
    let ends = grant.state == GrantState::Active.as_str() || grant.state == GrantState::Suspended.as_str();
    if ends && grant.terms.not_after.0 <= now {
        format!("{}, but expired", grant.state)
    } else {
        grant.state.clone()
    }
}

pub async fn show(grant: GrantId, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let info = find(&ledger, grant).await?;
    let codes = codes::of(&ledger).await?;
    let records = match ledger.rpc().records(Subject::Grant(grant)).await {
        Ok(records) => Some(records),
        // All the rest is in the chain's state.
        Err(error) if error.code() == Some(NO_INDEX) => None,
        Err(error) => return Err(error.into()),
    };
    let happened = records.iter().flatten().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    let above = above(&ledger, &info).await?;
    let standing = render::standing_on(&info, &above, now());

    let mut result = json!(info);
    result["grant"] = grant.to_string().into();
    result["standing"] = standing.clone().into();
    result["history"] = json!(records);
    output.result(&result, |output| {
        let mut lines = facts(&about(grant, &info, output.strong(&standing)));
        lines.push(String::new());
        lines.extend(facts(&render::terms(&info.terms, &codes)));
        lines.push(String::new());
        if records.is_some() {
            lines.extend(table(&["record", "time", "by organisation", "what"], happened));
        } else {
            lines.push("the node keeps no index, so what became of it is not shown".into());
        }
        lines
    })?;
    Ok(Done::Completely)
}

/// The grants that one stands on, from its parent to the first.
async fn above(ledger: &Ledger, info: &GrantInfo) -> anyhow::Result<Vec<(GrantId, GrantInfo)>> {
    let mut above = Vec::new();
    let mut next = info.parent;
    // No further than a chain can go, whatever the node says.
    for _ in 0..MAX_DELEGATION_DEPTH {
        let Some(parent) = next else { break };
        let info = find(ledger, parent).await?;
        next = info.parent;
        above.push((parent, info));
    }
    Ok(above)
}

/// All but the terms.
fn about(grant: GrantId, info: &GrantInfo, standing: String) -> Vec<(&'static str, String)> {
    let mut lines = vec![("grant", grant.to_string()), ("state", standing)];
    if let Some(parent) = info.parent {
        lines.push(("stands on", format!("grant {parent}")));
    }
    if let Some(before) = info.supersedes {
        lines.push(("in place of", format!("grant {before}")));
    }
    if let Some(since) = info.active_since {
        lines.push(("finalised", format_utc(since)));
    }
    if let Some(ended) = info.ended {
        lines.push(("ended", format_utc(ended)));
    }
    if info.last_report > 0 {
        let (counter, until) = (thousands(info.last_report), format_utc(info.reported_until));
        lines.push(("used", render::usage(&info.used)));
        lines.push(("reported", format!("until before {until}, in report {counter}")));
    }
    if info.used_in_all != info.used {
        lines.push(("used in all", render::usage(&info.used_in_all)));
    }
    lines.push(("terms hash", format!("0x{}", hex::encode(info.terms_hash))));
    lines
}

/// A line of the history.
fn row(view: &RecordView) -> anyhow::Result<Vec<String>> {
    let record = view.record()?;
    Ok(vec![
        record.index.to_string(),
        format_utc(record.time),
        record.organisation.to_string(),
        render::happened(&record.body),
    ])
}

pub async fn odrl(grant: GrantId, file: Option<&Path>, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let terms = find(&ledger, grant).await?.terms;
    let made = agreement(&terms, ledger.genesis());
    let hash = format!("0x{}", hex::encode(made.hash));
    let named = terms.agreement.as_ref().map(|named| named.hash);
    let holds = named == Some(made.hash);
    match file {
        None => output.result(&document(&terms, ledger.genesis()), |_| vec![made.text])?,
        Some(path) => {
            let shown = path.display().to_string();
            fs::write(path, &made.text).with_context(|| format!("cannot write {shown}"))?;
            let result = json!({ "file": shown, "hash": hash, "holds": holds });
            output.result(&result, |_| vec![format!("the agreement is in {shown}")])?;
        }
    }
    output.note(match named {
        Some(_) if holds => format!("its hash {hash} is the one on chain"),
        Some(named) => format!("its hash {hash} is NOT the one on chain, which is 0x{}", hex::encode(named)),
        None => format!("its hash is {hash}, but the grant names no agreement"),
    });
    Ok(if holds { Done::Completely } else { Done::Refuted })
}
