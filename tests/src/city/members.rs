//! Who lives there, and how some of them came.

use super::{City, Kind};
use crate::{council::Decision, transactions};
use anyhow::{ensure, Context as _, Result};
use citynet_primitives::OrganisationId;
use futures::future::try_join_all;
use serde_json::Value;
use tokio::try_join;

/// An organisation, by the development accounts with which it acts.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub id: OrganisationId,
    /// It has every role that its organisation needs.
    pub account: &'static str,
    /// It attests and reports.
    pub gateway: &'static str,
}

/// All that do something.
#[derive(Clone, Copy, Debug)]
pub struct Members {
    pub city: Member,
    pub telecom: Member,
    pub polytechnic: Member,
    pub technologies: Member,
    pub metro: Member,
    pub committee: Member,
    /// The agent of the currency.
    pub bank: Member,
}

/// The organisations of the preset, and where they can be reached.
static FOUNDERS: [(Member, &str); 4] = [
    (Member { id: OrganisationId(1), account: "alice", gateway: "alice//gateway" }, "https://data.city.example/ledger"),
    (Member { id: OrganisationId(2), account: "bob", gateway: "bob//gateway" }, "mailto:ledger@neva-telecom.example"),
    (
        Member { id: OrganisationId(3), account: "charlie", gateway: "charlie//gateway" },
        "mailto:urban-data@polytechnic.example",
    ),
    (
        Member { id: OrganisationId(4), account: "dave", gateway: "dave//gateway" },
        "mailto:city-lab@technologies.example",
    ),
];

/// Somebody who applies.
struct Newcomer {
    account: &'static str,
    name: &'static str,
    /// No two have the same.
    kind: &'static str,
    contact: &'static str,
    roles: &'static str,
    /// Who puts it to the vote, and why.
    sponsor: &'static str,
    reason: &'static str,
}

const AUDITOR: Newcomer = Newcomer {
    account: "ferdie//audit",
    name: "Chamber of Data Auditors",
    kind: "auditor",
    contact: "mailto:office@data-auditors.example",
    roles: "admin,auditor",
    sponsor: "alice",
    reason: "the council asked for an auditor that belongs to nobody",
};
const METRO: Newcomer = Newcomer {
    account: "eve",
    name: "Saint Petersburg Metro",
    kind: "industry",
    contact: "mailto:passenger-data@metro.example",
    roles: "admin,registrar,attestor,treasurer",
    sponsor: "bob",
    reason: "it counts who enters at every station, and uses air data for its ventilation",
};
const COMMITTEE: Newcomer = Newcomer {
    account: "ferdie",
    name: "Committee for Informatics and Communications",
    kind: "government",
    contact: "mailto:sensors@informatics.city.example",
    roles: "admin,registrar,attestor,treasurer",
    sponsor: "charlie",
    reason: "it runs the city's noise sensors on its own responsibility",
};
const BANK: Newcomer = Newcomer {
    account: "eve//settlement",
    name: "North-West Settlement House",
    kind: "settlement_agent",
    contact: "https://settlement-house.example",
    roles: "admin,treasurer",
    sponsor: "dave",
    reason: "it holds the account behind the roubles on the ledger",
};
/// The first of them gets no seat: with every other one there is a seat more, of which two thirds must approve.
static NEWCOMERS: [Newcomer; 4] = [AUDITOR, METRO, COMMITTEE, BANK];

/// Every account that acts here.
pub fn accounts() -> impl Iterator<Item = &'static str> {
    let founders = FOUNDERS.iter().flat_map(|(member, _)| [member.account, member.gateway]);
    founders.chain(NEWCOMERS.iter().map(|newcomer| newcomer.account))
}

/// The secret URI of a development account, such as `//Eve//settlement`.
pub fn uri(account: &str) -> String {
    let (first, rest) = account.split_at(1);
    format!("//{}{rest}", first.to_uppercase())
}

impl City {
    /// Four apply, and are voted in by the four that are there.
    pub async fn members_join(&self) -> Result<Members> {
        let motions = try_join_all(NEWCOMERS.iter().map(|newcomer| self.apply(newcomer))).await?;
        try_join_all(FOUNDERS.iter().map(|(founder, _)| self.approve_others(founder, &motions))).await?;
        let admitted = NEWCOMERS.iter().zip(&motions).zip(1..);
        try_join_all(admitted.map(|((newcomer, motion), position)| self.admit(newcomer, *motion, position))).await?;

        try_join!(
            try_join_all(NEWCOMERS.iter().map(|newcomer| self.take_up(newcomer))),
            try_join_all(FOUNDERS.iter().map(|(founder, contact)| self.give_contact(founder, contact))),
        )?;
        let names = NEWCOMERS.each_ref().map(|newcomer| newcomer.name);
        (self.say)(&format!("four organisations applied and were voted in: {}", names.join(", ")));

        let listed = self.chain.call("citynet_organisations", vec![]).await?;
        let [city, telecom, polytechnic, technologies] = FOUNDERS.map(|(founder, _)| founder);
        let found = |newcomer| found(&listed, newcomer);
        let (metro, committee, bank) = (found(&METRO)?, found(&COMMITTEE)?, found(&BANK)?);
        Ok(Members { city, telecom, polytechnic, technologies, metro, committee, bank })
    }

    /// Writes an application and has it put to the vote. Gives the motion's number.
    async fn apply(&self, newcomer: &Newcomer) -> Result<u64> {
        let &Newcomer { account, name, kind, contact, sponsor, reason, .. } = newcomer;
        let file = format!("application-{kind}.json");
        let apply = ["org", "apply", "--name", name, "--kind", kind, "--contact", contact, "-o", &file];
        self.signed(account, &apply).await?;
        self.propose(sponsor, &["admit", &file], reason).await
    }

    /// Votes for whom others put to the vote.
    async fn approve_others(&self, founder: &Member, motions: &[u64]) -> Result<()> {
        for (newcomer, motion) in NEWCOMERS.iter().zip(motions).filter(|(one, _)| one.sponsor != founder.account) {
            self.vote(founder.account, *motion, true, newcomer.reason).await?;
        }
        Ok(())
    }

    async fn give_contact(&self, founder: &Member, contact: &str) -> Result<()> {
        self.signed(founder.account, &["org", "profile", "--contact", contact]).await.map(drop)
    }

    async fn admit(&self, newcomer: &Newcomer, motion: u64, position: u64) -> Result<()> {
        self.until_next(Kind::Organisations, position).await?;
        let decision = self.close(newcomer.sponsor, motion).await?;
        ensure!(decision == Decision::Done, "{} is not admitted: {decision:?}", newcomer.name);
        Ok(())
    }

    /// Whoever comes has one account, which can do no more than look after accounts at first.
    async fn take_up(&self, newcomer: &Newcomer) -> Result<()> {
        let public = transactions::account(&uri(newcomer.account))?.public_key().0;
        let address = format!("0x{}", hex::encode(public));
        let words = ["org", "accounts", "set-roles", &address, "--role", newcomer.roles];
        self.signed(newcomer.account, &words).await.map(drop)
    }
}

/// A newcomer as the ledger lists it.
fn found(listed: &Value, newcomer: &Newcomer) -> Result<Member> {
    let items = listed["items"].as_array().context("organisations are a list")?;
    let item = items.iter().find(|item| item["name"] == newcomer.name);
    let item = item.with_context(|| format!("{} is no organisation: {listed}", newcomer.name))?;
    let id = item["id"].as_u64().with_context(|| format!("an organisation has a number: {item}"))?;
    let account = newcomer.account;
    Ok(Member { id: OrganisationId(u32::try_from(id)?), account, gateway: account })
}
