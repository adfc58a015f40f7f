//! Who may use what, and what was used. What is paid for is in [`super::money`].

use super::{
    datasets::Streams,
    members::{Member, Members},
    City, Kind, DAY,
};
use crate::{chain::decimal, data::Receipts};
use anyhow::{Context as _, Result};
use citynet_merkle::{Portable, Sha256 as _};
use citynet_primitives::{Action, DatasetId, Denial, GrantId, Moment, ReasonCode, Usage};
use citynet_proofs::time;
use serde_json::{json, Value};
use std::path::{Path, PathBuf};
use tokio::try_join;

/// Grants that cost nothing.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    /// The air, to the polytechnic for research.
    pub research: GrantId,
    /// The same, passed on to the other university.
    pub passed_on: GrantId,
    /// The entrances, to the other university, for three days more.
    pub ending: GrantId,
    pub suspended: GrantId,
    pub revoked: GrantId,
    /// How many there are, whatever their state.
    pub count: usize,
}

impl City {
    /// Writes terms to a file: those given, with what all terms here have in common.
    pub fn terms(&self, name: &str, days: u64, own: Value) -> Result<PathBuf> {
        let mut terms = json!({
            "not_before": time::print(self.hour - DAY),
            "not_after": time::print(self.hour + days * DAY),
            "jurisdiction": "RU",
            "personal_data": "none",
        });
        let fields = terms.as_object_mut().context("terms have fields")?;
        fields.extend(own.as_object().context("terms have fields")?.clone());
        self.write(&format!("terms-{name}.json"), &terms.to_string())
    }

    /// Has a binding offer made, at that position among the grants here.
    pub async fn offer(&self, position: u64, provider: &Member, terms: &Path) -> Result<GrantId> {
        self.until_next(Kind::Grants, position).await?;
        let _turn = self.turn(provider.account).await?;
        self.data().offer(provider.account, terms).await
    }

    pub async fn accept(&self, consumer: &Member, grant: GrantId) -> Result<()> {
        let _turn = self.turn(consumer.account).await?;
        self.data().accept(consumer.account, grant).await
    }

    /// Has an offer made and accepted.
    async fn agree(&self, position: u64, provider: &Member, consumer: &Member, terms: &Path) -> Result<GrantId> {
        let grant = self.offer(position, provider, terms).await?;
        self.accept(consumer, grant).await?;
        Ok(grant)
    }

    /// Reports receipts.
    pub async fn report(&self, provider: &Member, receipts: &Receipts, name: &str) -> Result<()> {
        let file = self.folder.join(format!("receipts-{name}.jsonl"));
        let _turn = self.turn(provider.gateway).await?;
        self.data().report(provider.gateway, receipts, &file, &self.folder.join("receipts")).await.map(drop)
    }

    /// A time at which all that is accepted by now is in force, also when it is cut to whole seconds.
    pub async fn in_force(&self) -> Result<Moment> {
        self.chain.until_time(self.chain.time().await? + 1_000).await?;
        self.chain.time().await
    }

    /// What is granted for nothing, in every state.
    pub async fn data_is_shared(&self, members: &Members, streams: &Streams) -> Result<Shared> {
        let ((research, passed_on), ending, revoked, suspended, (), (), ()) = try_join!(
            self.research_is_passed_on(members, streams),
            self.one_ends_soon(members, streams),
            self.one_is_revoked(members, streams),
            self.one_is_suspended(members, streams),
            self.one_is_asked_for(members, streams),
            self.one_is_offered(members, streams),
            self.strangers_are_refused(members, streams),
        )?;
        Ok(Shared { research, passed_on, ending, suspended, revoked, count: 7 })
    }

    /// The city's air, to the polytechnic, and from there to the other university. Both use it, and one report is
    /// contested.
    async fn research_is_passed_on(&self, members: &Members, streams: &Streams) -> Result<(GrantId, GrantId)> {
        let Members { city, polytechnic, technologies, .. } = members;
        let version = Some(streams.air.version.version);
        let terms = json!({
            "dataset": streams.air.dataset.to_string(),
            "consumer": polytechnic.id,
            "controller": city.id,
            "actions": ["read", "derive", "train", "aggregate"],
            "purposes": ["dpv:AcademicResearch", "dpv:ScientificResearch", "dpv:CombatClimateChange"],
            "delegation_depth": 1,
            "limit": {"accesses": "1000", "records": "1000000"},
        });
        let research = self.agree(1, city, polytechnic, &self.terms("air-research", 365, terms)?).await?;
        let terms = json!({
            "consumer": technologies.id,
            "actions": ["read", "derive", "train"],
            "purposes": ["dpv:AcademicResearch"],
            "limit": {"accesses": "100", "records": "100000"},
        });
        let terms = self.terms("air-passed-on", 90, terms)?;
        self.until_next(Kind::Grants, 9).await?;
        let passed_on = {
            let _turn = self.turn(polytechnic.account).await?;
            self.data().delegate(polytechnic.account, research, &terms).await?
        };
        self.accept(technologies, passed_on).await?;

        let at = self.in_force().await?;
        let by_polytechnic = Receipts::of_grant(research)
            .given(at, Action::Read, version, 288, 17_280)
            .refused(at, Action::Publish, version, Denial::ActionNotGranted)
            .given(at, Action::Aggregate, version, 288, 17_280);
        let by_technologies = Receipts::of_grant(passed_on)
            .given(at, Action::Read, version, 288, 17_280)
            .given(at, Action::Derive, version, 288, 17_280)
            .given(at, Action::Train, version, 288, 17_280);
        try_join!(
            self.report(city, &by_polytechnic, "air-research"),
            self.report(polytechnic, &by_technologies, "air-passed-on"),
        )?;
        let counted = Usage { accesses: 2, records: 576, bytes: 34_560 };
        let _turn = self.turn(technologies.account).await?;
        self.data().contest(technologies.account, passed_on, &counted, "the training broke off halfway").await?;
        Ok((research, passed_on))
    }

    async fn one_ends_soon(&self, members: &Members, streams: &Streams) -> Result<GrantId> {
        let Members { metro, technologies, .. } = members;
        let terms = json!({
            "dataset": streams.entrances.dataset.to_string(),
            "consumer": technologies.id,
            "controller": metro.id,
            "actions": ["read", "derive", "train"],
            "purposes": ["dpv:ImproveTransportMobility", "dpv:AcademicResearch"],
            "limit": {"accesses": "20"},
        });
        self.agree(7, metro, technologies, &self.terms("entrances-trial", 3, terms)?).await
    }

    async fn one_is_revoked(&self, members: &Members, streams: &Streams) -> Result<GrantId> {
        let Members { committee, telecom, .. } = members;
        let terms = json!({
            "dataset": streams.noise.dataset.to_string(),
            "consumer": telecom.id,
            "controller": committee.id,
            "actions": ["read", "aggregate"],
            "purposes": ["dpv:ServiceOptimisation"],
        });
        let grant = self.agree(8, committee, telecom, &self.terms("noise-telecom", 180, terms)?).await?;
        let _turn = self.turn(committee.account).await?;
        let note = "it was used to choose places for advertising";
        self.data().revoke(committee.account, grant, ReasonCode::PurposeExceeded, note).await?;
        Ok(grant)
    }

    async fn one_is_suspended(&self, members: &Members, streams: &Streams) -> Result<GrantId> {
        let Members { committee, polytechnic, .. } = members;
        let terms = json!({
            "dataset": streams.noise.dataset.to_string(),
            "consumer": polytechnic.id,
            "controller": committee.id,
            "actions": ["read", "derive"],
            "purposes": ["dpv:AcademicResearch", "dpv:PublicBenefit"],
        });
        let grant = self.agree(11, committee, polytechnic, &self.terms("noise-research", 365, terms)?).await?;
        let (number, note) = (grant.to_string(), "the microphone is calibrated anew until Friday");
        let words = ["grant", "suspend", &number, "--reason", "data_faulty", "--note", note];
        self.signed(committee.account, &words).await?;
        Ok(grant)
    }

    /// By the polytechnic, and not answered.
    async fn one_is_asked_for(&self, members: &Members, streams: &Streams) -> Result<()> {
        let Members { telecom, polytechnic, .. } = members;
        let terms = pseudonymised(json!({
            "dataset": streams.footfall.dataset.to_string(),
            "consumer": polytechnic.id,
            "controller": telecom.id,
            "actions": ["read", "aggregate"],
            "purposes": ["dpv:ScientificResearch"],
            "recipients": ["doctoral students"],
        }));
        let terms = self.terms("footfall-request", 180, terms?)?;
        let terms = terms.to_str().context("the file's name is text")?;
        self.until_next(Kind::Grants, 14).await?;
        let answer = self.signed(polytechnic.account, &["grant", "request", "--terms", terms]).await?;
        decimal(&answer["grant"]).map(drop)
    }

    /// To the committee, which did not answer.
    async fn one_is_offered(&self, members: &Members, streams: &Streams) -> Result<()> {
        let Members { city, committee, .. } = members;
        let terms = json!({
            "dataset": streams.air.dataset.to_string(),
            "consumer": committee.id,
            "controller": city.id,
            "actions": ["read", "aggregate", "publish"],
            "purposes": ["dpv:PublicPolicyMaking", "dpv:ImprovePublicServices"],
        });
        self.offer(13, city, &self.terms("air-offer", 365, terms)?).await.map(drop)
    }

    /// Two who hold no grant of the footfall tried to read it.
    async fn strangers_are_refused(&self, members: &Members, streams: &Streams) -> Result<()> {
        let dataset: DatasetId = streams.footfall.dataset;
        let requester = |name: &str| Portable::digest(&[name.as_bytes(), b" and a salt of the gateway"]);
        let at = self.in_force().await?;
        let receipts = Receipts::of_strangers(dataset)
            .stranger(at, Action::Read, requester("one"))
            .stranger(at, Action::Read, requester("another"))
            .stranger(at, Action::Train, requester("one"));
        self.report(&members.telecom, &receipts, "strangers").await
    }
}

/// Terms about people who cannot be told from each other: by 152-FZ, for statistics and research.
pub fn pseudonymised(mut terms: Value) -> Result<Value> {
    let fields = terms.as_object_mut().context("terms have fields")?;
    for (field, value) in [
        ("personal_data", json!("pseudonymised")),
        ("legal_basis", json!("ru152-6-1-9")),
        ("retention_days", json!(30)),
    ] {
        fields.insert(field.to_owned(), value);
    }
    Ok(terms)
}
