//! `citynet audit access`.

use super::{
    answer::{basis_lines, journal, rows_or, CsvArgs, Told},
    evidence::{EvidenceArgs, Found},
};
use crate::{
    commands::{Done, NodeArgs},
    output::Output,
};
use anyhow::bail;
use citynet_answers::{
    access::{Act, Right, Without},
    answer::{AccessAnswer, Shown},
    Answer as _,
};
use citynet_client::{
    audit::{csv_file::Table, dossier::proven_time},
    grants::{names, render},
    keys::ss58,
    time::{format_utc, parse_utc},
};
use citynet_primitives::{Action, Body, DatasetId, GrantId, OrganisationId, Record};
use citynet_proofs::Question;
use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit access 7
  citynet audit access 7 --at 2026-03-01T12:00:00Z --all
  citynet audit access 7 --at 2026-03-01T12:00:00Z --action train --csv access.csv
  citynet audit access 7 --at 2026-03-01T12:00:00Z --evidence access.json

The answer is computed here, from the records about the dataset, about its grants and about organisations' joining and \
status: state machine, suspensions, windows, limits, grants above, members, and the sensitivity that the dataset had then. \
Not covered is use that no gateway had reported by then, and what was done with data by who had it. Without --evidence the \
node is trusted to give all records. What is proven, and written to the file, is always the whole answer; --action and --all \
only choose what is shown.")]
pub struct AccessArgs {
    /// The dataset's number.
    dataset: u64,
    /// When (UTC). By default at the time of the last block that the node's index has, or has a proof of.
    #[arg(long, value_name = "TIME", value_parser = parse_utc)]
    at: Option<u64>,
    /// Only who may do this: read, derive, train, aggregate or publish.
    #[arg(long, value_parser = names::action)]
    action: Option<Action>,
    /// Say of every other grant, too, why it allowed nothing.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: AccessArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let dataset = DatasetId(args.dataset);
    let (found, at) = if args.evidence.is_asked() {
        let at = match args.at {
            Some(at) => at,
            None => proven_time(&ledger).await?,
        };
        let question = Question::Access { dataset, at };
        (args.evidence.find(&ledger, question, None, output).await?, at)
    } else {
        let journal = journal(&ledger).await?;
        let found = Found::trusted(journal.of_access(dataset).await?, &journal);
        let is_it =
            |record: &Record| matches!(record.body, Body::DatasetRegistered { dataset: id, .. } if id == dataset);
        if !found.records.iter().any(is_it) {
            bail!("there is no dataset {dataset}; `citynet dataset list` says which there are");
        }
        (found, args.at.unwrap_or(journal.as_of().time))
    };
    let shown = Shown { action: args.action, all: args.all };
    let answer = AccessAnswer::new(dataset, &found.records, at, shown, found.basis.clone())?;
    found.tell(&answer, Some(&args.csv), output)
}

impl Told for AccessAnswer {
    /// One row for the owner, and one for each right.
    fn table(&self) -> Table {
        let columns = [
            "consumer",
            "consumer_name",
            "grant",
            "chain",
            "actions",
            "purposes",
            "versions",
            "legal_basis",
            "personal_data",
            "from",
            "until",
            "provider",
            "provider_name",
            "controller",
            "granted_by",
            "granted_account",
            "granted_record",
            "granted_at",
        ];
        let mut rows = Vec::new();
        if let Some(owner) = self.past.owner() {
            let mut row = vec![owner.to_string(), self.name(owner), "owner".to_owned(), String::new()];
            row.push(words(Action::ALL.iter()));
            row.resize(columns.len(), String::new());
            rows.push(row);
        }
        for right in &self.rights {
            let granted = |told: &dyn Fn(&Act) -> String| right.granted.as_ref().map(told).unwrap_or_default();
            rows.push(vec![
                right.consumer.to_string(),
                self.name(right.consumer),
                right.grant().map(|grant| grant.to_string()).unwrap_or_default(),
                words(right.chain.iter()),
                words(right.actions.iter()),
                words(self.purposes(right).iter()),
                render::versions(&right.versions),
                self.legal_basis(right).unwrap_or_default(),
                right.personal_data.to_string(),
                format_utc(right.from),
                format_utc(right.until),
                right.provider.to_string(),
                self.name(right.provider),
                right.controller.to_string(),
                granted(&|act| act.organisation.to_string()),
                granted(&|act| ss58(&act.account)),
                granted(&|act| act.record.to_string()),
                granted(&|act| format_utc(act.time)),
            ]);
        }
        Table::new(&columns, rows)
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let past = &self.past;
        let Some(dataset) = &past.dataset else {
            let mut lines = vec![format!("dataset {} was not registered yet at {}", past.id, format_utc(past.at))];
            lines.extend(basis_lines(self.basis(), output));
            return lines;
        };
        let who = |id: OrganisationId| format!("{id} {}", self.name(id));
        let title = output.strong(format!("dataset {}, {}, at {}", past.id, dataset.title, format_utc(past.at)));
        let mut lines = vec![title];
        lines.push(match past.owner() {
            Some(owner) => format!("organisation {} owns it and needs no grant", who(owner)),
            None => format!("organisation {} owned it and was no active member", who(dataset.owner)),
        });
        lines.push(String::new());
        let row = |right: &Right| {
            vec![
                who(right.consumer),
                by(&right.chain),
                words(right.actions.iter()),
                words(self.purposes(right).iter()),
                render::versions(&right.versions),
                self.legal_basis(right).unwrap_or_else(|| "none".to_owned()),
                format_utc(right.until),
                right.granted.map_or_else(
                    || who(right.provider),
                    |act| format!("{} (record {})", who(act.organisation), act.record),
                ),
            ]
        };
        let header = ["who", "by grant", "may", "for", "data", "legal basis", "until before", "granted by"];
        let rows = self.rights.iter().map(row).collect();
        lines.extend(rows_or("nobody else may use it", &header, rows));
        let without = past.without();
        if self.shown.all && !without.is_empty() {
            lines.push(String::new());
            let row = |found: &Without| {
                let by = if found.by == found.grant { String::new() } else { format!("grant {}", found.by) };
                let reason = found.reason.as_str().replace('_', " ");
                vec![found.grant.to_string(), who(found.consumer), reason, by]
            };
            let rows = without.iter().map(row).collect();
            lines.extend(rows_or("", &["grant", "of", "allowed nothing: it was", "because of"], rows));
        }
        lines.push(String::new());
        lines.push(format!("computed from {} records", past.records));
        lines.extend(basis_lines(self.basis(), output));
        match (self.is_forecast(), self.basis().proven) {
            (false, _) => {}
            (true, false) => {
                lines.push(output.bad("that time is to come: so it will be only if nothing changes until then"))
            }
            // A header has no time.
            (true, true) => lines.push(format!(
                "so it was at the time asked for if block {} is not before it; else so it will be if nothing changes until then",
                self.basis().as_of.block
            )),
        }
        lines
    }
}

fn words<T: ToString>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

/// `9 on 7 on 5`.
fn by(chain: &[GrantId]) -> String {
    chain.iter().map(ToString::to_string).collect::<Vec<_>>().join(" on ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::samples::access::records;
    use citynet_answers::{AsOf, Basis};
    use citynet_primitives::Moment;

    fn answer(at: Moment, action: Option<Action>) -> AccessAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_500_000 };
        let shown = Shown { action, all: true };
        AccessAnswer::new(DatasetId(7), &records(), at, shown, Basis::node(&as_of)).unwrap()
    }

    fn told(answer: &AccessAnswer) -> String {
        answer.lines(&Output::new(true)).join("\n")
    }

    #[test]
    fn who_could_is_told() {
        let found = answer(1_772_366_407_000, None);
        let lines = told(&found);
        for words in [
            "dataset 7, Air, at 2026-03-01T12:00:07Z",
            "organisation 1 City owns it and needs no grant",
            "2 University  5         read derive  dpv:AcademicResearch  all versions, also those to come  none",
            "2027-01-01T00:00:00Z  1 City (record 3)",
            "computed from 8 records\nas of block 9 (2026-03-01T12:01:40Z)\nthe node is trusted",
        ] {
            assert!(lines.contains(words), "{words}: {lines}");
        }
        assert!(!lines.contains("is to come"), "{lines}");
        let table = found.table();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(&table.rows[0][..5], ["1", "City", "owner", "", "read derive train aggregate publish"]);
        assert_eq!(&table.rows[1][..6], ["2", "University", "5", "5", "read derive", "dpv:AcademicResearch"]);
        assert!(table.to_csv().is_ok());
    }

    #[test]
    fn what_was_not_yet_and_what_will_be() {
        let lines = told(&answer(1_772_366_406_999, None));
        assert!(lines.contains("nobody else may use it"), "{lines}");
        assert!(lines.contains("5      2 University  not finalized"), "{lines}");
        let lines = told(&answer(1000, None));
        assert!(
            lines.starts_with("dataset 7 was not registered yet at 1970-01-01T00:00:01Z\nas of block 9"),
            "{lines}"
        );
        let lines = told(&answer(1_772_366_500_001, None));
        assert!(lines.contains("is to come"), "{lines}");
        let lines = told(&answer(1_772_366_500_000, Some(Action::Train)));
        assert!(lines.contains("nobody else may use it"), "{lines}");
    }

    #[test]
    fn what_is_proven_says_up_to_where() {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_407_000 };
        let basis = Basis { as_of, proven: true };
        let shown = Shown::default();
        let found = AccessAnswer::new(DatasetId(7), &records(), 1_772_366_408_000, shown, basis).unwrap();
        let lines = told(&found);
        assert!(
            lines.contains("proven complete up to block 9; the last record in it is of 2026-03-01T12:00:07Z"),
            "{lines}"
        );
        assert!(lines.contains("so it was at the time asked for if block 9 is not before it"), "{lines}");
    }

    #[test]
    fn a_chain_is_told_from_its_end() {
        assert_eq!(by(&[GrantId(9), GrantId(7), GrantId(5)]), "9 on 7 on 5");
    }
}
