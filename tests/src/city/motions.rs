//! What the council has to decide.

use super::{members::Members, City};
use crate::council::{Council, Decision};
use anyhow::{ensure, Result};
use futures::future::try_join_all;
use tokio::try_join;

impl City {
    /// Puts something to the vote. Gives the motion's number.
    pub async fn propose(&self, account: &str, what: &[&str], reason: &str) -> Result<u64> {
        let _turn = self.turn(account).await?;
        Council::new(&self.citynet).propose(account, what, reason).await
    }

    pub async fn vote(&self, account: &str, motion: u64, approve: bool, reason: &str) -> Result<()> {
        let (motion, vote) = (motion.to_string(), if approve { "--approve" } else { "--reject" });
        self.signed(account, &["council", "vote", &motion, vote, "--reason", reason]).await.map(drop)
    }

    pub async fn close(&self, account: &str, motion: u64) -> Result<Decision> {
        let _turn = self.turn(account).await?;
        Council::new(&self.citynet).close(account, motion).await
    }

    /// One motion is rejected, and one is left open. Gives the number of that.
    pub async fn council_goes_on(&self, members: &Members) -> Result<u64> {
        let Members { city, telecom, polytechnic, technologies, metro, committee, bank } = members;
        let reason = "three days are enough to read a motion";
        let shorter = self.propose(metro.account, &["parameter", "motion-duration", "259200"], reason).await?;
        let rejected = async {
            let against = [
                (city, "our committees meet once a week"),
                (polytechnic, "a motion can fall into the holidays"),
                (bank, "our board would not see it in time"),
            ];
            try_join_all(against.map(|(member, reason)| self.vote(member.account, shorter, false, reason))).await?;
            let decision = self.close(committee.account, shorter).await?;
            ensure!(decision == Decision::Rejected, "three of seven are enough to reject: {decision:?}");
            anyhow::Ok(())
        };
        let open = async {
            let reason = "the mobile network's load data need more batches than its quota gives";
            let quota = ["parameter", "quota", "telecom", "180000", "220000"];
            let motion = self.propose(telecom.account, &quota, reason).await?;
            let votes = [
                (technologies, true, "we use these data every day"),
                (committee, false, "first show how much of the quota is used"),
            ];
            let votes = votes.map(|(member, approve, reason)| self.vote(member.account, motion, approve, reason));
            try_join_all(votes).await?;
            anyhow::Ok(motion)
        };
        let ((), open) = try_join!(rejected, open)?;
        (self.say)("the council rejected one motion, and another one is open");
        Ok(open)
    }
}
