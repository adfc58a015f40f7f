//! The council's business, done with the `citynet` command as the members would.

use crate::{Chain, Citynet};
use anyhow::{ensure, Context as _, Result};
use futures::future::try_join_all;
use serde_json::Value;

/// How a motion ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Too few seats approved.
    Rejected,
    /// Enough seats approved, and it is done.
    Done,
    /// Enough seats approved, but the chain refused it: `Pallet::Error`.
    Refused(String),
}

/// The council, as it is reached through one node. Members are named by their development accounts.
#[derive(Clone, Copy, Debug)]
pub struct Council<'a> {
    citynet: &'a Citynet,
}

impl<'a> Council<'a> {
    /// Through the node of this command.
    pub fn new(citynet: &'a Citynet) -> Self {
        Self { citynet }
    }

    /// Puts to the vote what the words after `citynet council propose` say, which is a vote for it. Gives the motion's
    /// number.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub async fn propose(&self, member: &str, what: &[&str], reason: &str) -> Result<u64> {
        self.open(["council", "propose"], member, what, reason).await
    }

    async fn open(&self, command: [&str; 2], member: &str, what: &[&str], reason: &str) -> Result<u64> {
        let words = command.iter().chain(what);
        let answer = self.citynet.json(words.chain(&["--reason", reason, "--dev-account", member])).await?;
        answer["motion"].as_u64().with_context(|| format!("a motion has a number: {answer}"))
    }

    /// Votes.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub async fn vote(&self, member: &str, motion: u64, approve: bool) -> Result<()> {
        let (motion, vote) = (motion.to_string(), if approve { "--approve" } else { "--reject" });
        let reason = format!("{member} has looked at it");
        self.citynet
            .json(["council", "vote", &motion, vote, "--reason", &reason, "--dev-account", member])
            .await
            .map(drop)
    }

    /// Closes.
    ///
    /// # Errors
    ///
    /// When the motion cannot be closed.
    pub async fn close(&self, member: &str, motion: u64) -> Result<Decision> {
        let finished = self.citynet.run(["council", "close", &motion.to_string(), "--dev-account", member]).await?;
        let answer = finished.json()?;
        let decision =
            match (answer["approved"].as_bool(), answer["done"].as_bool(), answer["refusal"]["name"].as_str()) {
                (Some(false), Some(false), None) => Decision::Rejected,
                (Some(true), Some(true), None) => Decision::Done,
                (Some(true), Some(false), Some(refusal)) => Decision::Refused(refusal.to_owned()),
                _ => anyhow::bail!("motion {motion} is not closed: {finished:?}"),
            };
        // What was approved and failed is a failure of the command.
        let expected = i32::from(matches!(decision, Decision::Refused(_)));
        ensure!(finished.code == expected, "the command ended with {} for {decision:?}: {finished:?}", finished.code);
        Ok(decision)
    }

    /// Has the first of these members propose it, all others approve, and the first close.
    ///
    /// # Errors
    ///
    /// When a command fails.
    pub async fn decide(&self, members: &[&str], what: &[&str], reason: &str) -> Result<Decision> {
        self.settle(members, ["council", "propose"], what, reason).await
    }

    /// As [`Council::decide`], about a step of an upgrade: `whitelist` or `authorize`, and the hash of the code.
    ///
    /// # Errors
    ///
    /// When a command fails.
    pub async fn decide_upgrade(&self, members: &[&str], step: &str, code: &str, reason: &str) -> Result<Decision> {
        self.settle(members, ["upgrade", "propose"], &[step, code], reason).await
    }

    async fn settle(&self, members: &[&str], command: [&str; 2], what: &[&str], reason: &str) -> Result<Decision> {
        let (first, others) = members.split_first().context("somebody proposes")?;
        let motion = self.open(command, first, what, reason).await?;
        try_join_all(others.iter().map(|member| self.vote(member, motion, true))).await?;
        self.close(first, motion).await
    }
}

impl Chain {
    /// An organisation, at the finalised head.
    ///
    /// # Errors
    ///
    /// When there is none of that number.
    pub async fn organisation(&self, number: u32) -> Result<Value> {
        let answer = self.call("citynet_organisation", vec![number.into()]).await?;
        Ok(answer["organisation"].clone())
    }
}
