//! What auditors ask when all is paid: each question by one command, with a file that proves the answer.

use super::{Story, CITY, CURRENCY, MEMBERS, TELECOM};
use anyhow::{bail, ensure, Context as _, Result};
use citynet_tests::{chain::decimal, evidence::Auditor};
use serde_json::{json, Value};
use std::collections::{BTreeMap, BTreeSet};

impl Story {
    /// Whether all that two members owe and are owed goes back to use and forward to payments, who runs the ledger, and
    /// who voted for what.
    pub(super) async fn auditors_ask(&mut self) -> Result<()> {
        let auditor = Auditor::new(&self.chain, &self.citynet, &self.job).await?;
        for member in [CITY, TELECOM] {
            let id = MEMBERS[member].id;
            let audited = auditor.ask(&["payments", "--org", &id.to_string()]).await?;
            let answer = &audited.answer;
            ensure!(answer["reconciles"] == true, "the payments of organisation {id} do not reconcile: {answer}");

            let mut found = BTreeMap::new();
            for obligation in answer["obligations"].as_array().context("an answer has obligations")? {
                let outcome = obligation["outcome"].as_str().context("an obligation has an outcome")?;
                ensure!(["paid", "netted", "booked"].contains(&outcome), "it is not settled: {obligation}");
                found.insert(decimal(&obligation["obligation"])?, obligation["amount"].clone());
            }
            let all = self.chain.obligations(CURRENCY).await?;
            let own = all.iter().filter(|obligation| [obligation.debtor, obligation.creditor].contains(&id));
            let own: BTreeMap<u64, Value> =
                own.map(|obligation| (obligation.number, json!(obligation.amount.to_string()))).collect();
            ensure!(found == own, "organisation {id} has the obligations {own:?}: {answer}");

            let cycles = answer["cycles"].as_array().context("an answer has cycles")?;
            let balanced = |cycle: &&Value| cycle["pays"] == cycle["gets"] && cycle["settled"].is_string();
            ensure!(!cycles.is_empty() && cycles.iter().all(|cycle| balanced(&cycle)), "cycles sum to zero: {answer}");
            let what = format!("{} obligations of organisation {id}, from use to payment", found.len());
            self.steps.done(&audited.step(&what));
        }

        let audited = auditor.ask(&["governance"]).await?;
        let answer = &audited.answer;
        let organisations = answer["organisations"].as_array().context("an answer has organisations")?;
        let validators = organisations.iter().map(|organisation| organisation["validators"].as_array().map(Vec::len));
        ensure!(validators.collect::<Vec<_>>() == [Some(1); 4], "four organisations validate: {answer}");
        let motions = answer["motions"].as_array().context("an answer has motions")?;
        let [motion] = motions.as_slice() else { bail!("there was one motion: {answer}") };
        let votes = motion["votes"].as_array().context("a motion has votes")?;
        // In the order of their records, which a block chooses for votes that come together.
        let voted = votes.iter().map(|vote| Some((vote["organisation"].as_u64()?, vote["approve"].as_bool()?)));
        let voted: BTreeSet<Option<(u64, bool)>> = voted.collect();
        let expected = MEMBERS.iter().map(|member| Some((u64::from(member.id.0), true))).collect();
        ensure!(voted == expected, "the currency was voted for by {voted:?}: {answer}");
        self.steps.done(&audited.step("who runs the ledger, and who voted for its currency"));
        Ok(())
    }
}
