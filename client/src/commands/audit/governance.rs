//! `citynet audit governance`.

use super::{
    answer::{basis_lines, rows_or, CsvArgs, Told},
    evidence::EvidenceArgs,
};
use crate::{
    commands::{Done, NodeArgs},
    output::{thousands, yes_or_no, Output},
};
use anyhow::ensure;
use citynet_answers::{
    answer::GovernanceAnswer,
    governance::{Closed, Motion, Organisation},
    Answer as _,
};
use citynet_client::{audit::csv_file::Table, keys::ss58, time::format_utc};
use citynet_primitives::{Account, Moment, OrganisationId};
use citynet_proofs::Question;
use clap::Args;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet audit governance
  citynet audit governance --org 3
  citynet audit governance --evidence governance.json --csv votes.csv

Organisations with their kind, status and validators; every motion with its reason, who proposed it, each vote with the account \
that cast it, how it ended and what it changed; and how often each organisation did what. Attested batches, and the steps by \
which netting cycles are computed and settled, are about no organisation and not counted here: `citynet audit devices` and \
`citynet audit payments` have them. The table of --csv has the votes. What is proven, and written to the file, \
is always the whole answer; --org only chooses what is shown.")]
pub struct GovernanceArgs {
    /// Show only this organisation, its motions and its votes.
    #[arg(long, value_name = "ORGANISATION")]
    org: Option<u32>,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    evidence: EvidenceArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: GovernanceArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(args.evidence.patience()).await?;
    let found = args.evidence.find(&ledger, Question::Governance, None, output).await?;
    let only = args.org.map(OrganisationId);
    let answer = GovernanceAnswer::new(only, &found.records, found.basis.clone())?;
    if let Some(only) = only {
        let is_there = answer.governance.organisations.contains_key(&only);
        ensure!(is_there, "there is no organisation {only}; `citynet org list` says which there are");
    }
    found.tell(&answer, Some(&args.csv), output)
}

fn who(answer: &GovernanceAnswer, organisation: OrganisationId, account: &Account) -> String {
    format!("{} ({})", answer.governance.name(organisation), ss58(account))
}

fn organisation_lines(answer: &GovernanceAnswer) -> Vec<String> {
    let row = |(id, found): (OrganisationId, &Organisation)| {
        let validators = found.validators.iter().map(|(account, validator)| {
            format!("{} {} (record {})", ss58(account), validator.standing.as_str(), validator.record)
        });
        vec![
            id.to_string(),
            found.name.clone(),
            found.kind.to_string(),
            found.status.to_string(),
            yes_or_no(found.has_seat()),
            moment(found.joined),
            validators.collect::<Vec<_>>().join(", "),
        ]
    };
    let header = ["id", "name", "kind", "status", "seat", "joined", "validators"];
    rows_or("there is no organisation", &header, answer.organisations().map(row).collect())
}

fn motion_lines(answer: &GovernanceAnswer, number: u32, motion: &Motion, output: &Output) -> Vec<String> {
    let mut lines = vec![output.strong(format!("motion {number}: {}", motion.reason))];
    let call = format!("0x{}", hex::encode(motion.hash));
    lines.push(format!(
        "  proposed {} by {}, record {}; {} must approve; call {call}, {} bytes",
        format_utc(motion.time),
        who(answer, motion.organisation, &motion.account),
        motion.record,
        motion.threshold,
        motion.call.len()
    ));
    for vote in answer.votes(motion) {
        lines.push(format!(
            "  {} {} by {}, record {}: {}",
            if vote.approve { "yes" } else { "no " },
            format_utc(vote.time),
            who(answer, vote.organisation, &vote.account),
            vote.record,
            vote.reason
        ));
    }
    match &motion.closed {
        None => lines.push("  open".to_owned()),
        Some(closed) => lines.push(format!("  {}", outcome(answer, closed))),
    }
    if !motion.is_counted_right() {
        lines.push(
            output.bad("  the votes are not those that were counted: an organisation lost its seat, or gained it"),
        );
    }
    lines
}

fn outcome(answer: &GovernanceAnswer, closed: &Closed) -> String {
    let Closed { yes, no, seats, record, .. } = closed;
    let by = who(answer, closed.organisation, &closed.account);
    let when = format_utc(closed.time);
    let changed = closed.changed.iter().map(|(record, kind)| format!("{} (record {record})", kind.replace('_', " ")));
    let changed = changed.collect::<Vec<_>>().join(", ");
    let effect = match (closed.approved, changed.as_str()) {
        (false, _) => "rejected".to_owned(),
        (true, "") => "approved; no record right before says what it changed".to_owned(),
        (true, changed) => format!("approved: {changed}"),
    };
    format!("closed {when} by {by}, record {record}, {yes} yes and {no} no of {seats}: {effect}")
}

/// The genesis block has no time.
fn moment(time: Moment) -> String {
    if time == 0 {
        "genesis".to_owned()
    } else {
        format_utc(time)
    }
}

impl Told for GovernanceAnswer {
    /// One row for each vote.
    fn table(&self) -> Table {
        let rows = self.motions().flat_map(|(number, motion)| {
            self.votes(motion).map(move |vote| {
                vec![
                    number.to_string(),
                    format!("0x{}", hex::encode(motion.hash)),
                    motion.reason.clone(),
                    motion.organisation.to_string(),
                    vote.organisation.to_string(),
                    ss58(&vote.account),
                    yes_or_no(vote.approve),
                    vote.record.to_string(),
                    format_utc(vote.time),
                    vote.reason.clone(),
                    motion.closed.as_ref().map(|closed| yes_or_no(closed.approved)).unwrap_or_default(),
                    motion.closed.as_ref().map(|closed| closed.record.to_string()).unwrap_or_default(),
                ]
            })
        });
        let columns = [
            "motion",
            "call_hash",
            "reason",
            "proposed_by",
            "organisation",
            "account",
            "approves",
            "record",
            "time",
            "vote_reason",
            "approved",
            "closed_record",
        ];
        Table::new(&columns, rows.collect())
    }

    fn lines(&self, output: &Output) -> Vec<String> {
        let mut lines = vec![output.strong("who runs the ledger")];
        lines.extend(organisation_lines(self));
        lines.push(String::new());
        lines.push(output.strong("who voted for what"));
        if self.motions().next().is_none() {
            lines.push("nothing was put to the vote".to_owned());
        }
        for (number, motion) in self.motions() {
            lines.extend(motion_lines(self, number, motion, output));
        }
        lines.push(String::new());
        lines.push(output.strong("what each organisation did, but for batches and netting"));
        let rows = self.deeds().into_iter().map(|(organisation, kind, tally)| {
            vec![
                organisation.map_or_else(|| "the chain itself".to_owned(), |id| self.governance.name(id)),
                kind.replace('_', " "),
                thousands(tally.count),
                moment(tally.first),
                moment(tally.last),
            ]
        });
        lines.extend(rows_or("nothing", &["organisation", "what", "times", "first", "last"], rows.collect()));
        lines.push(String::new());
        lines.push(format!("computed from {} records", thousands(self.governance.records)));
        lines.extend(basis_lines(self.basis(), output));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::audit::samples::governance::records;
    use citynet_answers::{AsOf, Basis};

    fn answer(only: Option<u32>) -> GovernanceAnswer {
        let as_of = AsOf { genesis: [1; 32], block: 9, hash: [2; 32], time: 1_772_366_500_000 };
        GovernanceAnswer::new(only.map(OrganisationId), &records(), Basis::node(&as_of)).unwrap()
    }

    #[test]
    fn who_decided_what_is_told() {
        let (admin, validator) = (ss58(&[1; 32]), ss58(&[8; 32]));
        let call = "07".repeat(32);
        let expected = format!(
            "\
who runs the ledger
id  name        kind        status  seat  joined                validators
1   City        government  active  yes   genesis               {validator} since genesis (record 1)
2   University  university  active  yes   2026-03-01T12:00:00Z

who voted for what
motion 1: Admit it
  proposed 2026-03-01T12:00:00Z by 1 City ({admin}), record 2; 1 must approve; call 0x{call}, 3 bytes
  yes 2026-03-01T12:00:00Z by 1 City ({admin}), record 3: It is good
  closed 2026-03-01T12:00:00Z by 1 City ({admin}), record 5, 1 yes and 0 no of 1: approved: organisation registered (record 4)

what each organisation did, but for batches and netting
organisation      what                     times  first                 last
1 City            motion closed            1      2026-03-01T12:00:00Z  2026-03-01T12:00:00Z
1 City            motion proposed          1      2026-03-01T12:00:00Z  2026-03-01T12:00:00Z
1 City            motion voted             1      2026-03-01T12:00:00Z  2026-03-01T12:00:00Z
the chain itself  account added            1      genesis               genesis
the chain itself  organisation registered  2      genesis               2026-03-01T12:00:00Z

computed from 6 records
as of block 9 (2026-03-01T12:01:40Z)
the node is trusted to have left nothing out: --evidence FILE proves it"
        );
        assert_eq!(answer(None).lines(&Output::new(true)).join("\n"), expected);
    }

    #[test]
    fn one_organisation_may_be_shown_alone() {
        let found = answer(Some(2));
        let lines = found.lines(&Output::new(true)).join("\n");
        assert!(lines.contains("nothing was put to the vote") && !lines.contains("City"), "{lines}");
    }

    #[test]
    fn votes_are_rows() {
        let found = answer(None);
        let table = found.table();
        let [row] = table.rows.as_slice() else { panic!("{table:?}") };
        assert_eq!(row[..5], ["1", &format!("0x{}", "07".repeat(32)), "Admit it", "1", "1"]);
        assert_eq!(row[6..8], ["yes", "3"]);
        assert!(table.to_csv().is_ok());
    }
}
