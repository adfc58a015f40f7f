//! A city grants its readings to a university, which passes them on. Data and a model are made from them, and their use
//! is reported. Then the city revokes: from that block on neither of the two may use them. What was made before stays,
//! and says by which grant. Auditors get their answers with evidence.

mod audit;

use anyhow::{bail, ensure, Context as _, Result};
use citynet_merkle::{Portable, Sha256 as _};
use citynet_primitives::{
    Action, Activity, DatasetId, DatasetKind, Decision, Denial, DeviceId, GrantId, Moment, OrganisationId, PurposeCode,
    ReasonCode, Sensitivity, Subject, Usage, VersionId,
};
use citynet_proofs::time;
use citynet_tests::{
    attested,
    command::{Attest, Pace},
    consensus::same_finality,
    data::{Data, Dependent, Question, Receipts, Version},
    device::now,
    readings::{self, Sample},
    Backend, Chain, Citynet, Network, Steps,
};
use serde_json::{json, Value};
use std::{fs, path::PathBuf};

/// Who provides, as a development account.
const CITY: &str = "alice";
const GATEWAY_OF_CITY: &str = "alice//gateway";
/// Who uses, and passes on.
const UNIVERSITY: &str = "charlie";
const GATEWAY_OF_UNIVERSITY: &str = "charlie//gateway";
/// To whom it is passed on.
const PARTNER: &str = "dave";

/// Their numbers.
const UNIVERSITY_ID: OrganisationId = OrganisationId(3);
const PARTNER_ID: OrganisationId = OrganisationId(4);
/// Somebody who holds no grant.
const STRANGER_ID: OrganisationId = OrganisationId(2);

/// `dpv:AcademicResearch`, which both grants are for, and `dpv:ScientificResearch`, which only the first one is for.
const ACADEMIC: PurposeCode = PurposeCode(2);
const SCIENTIFIC: PurposeCode = PurposeCode(3);

const READINGS: usize = 400;
/// Readings in a batch.
const BATCH: u32 = 100;
const HOUR: Moment = 3_600_000;
const DAY: Moment = 24 * HOUR;
const NOTE: &str = "it was used for advertising";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_granted_is_passed_on_and_revoked() -> Result<()> {
    let steps = Steps::of("grants");
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);
    let mut story = Story { chain, citynet, job, steps };
    story.steps.done("four validators finalise");

    let stream = story.the_city_publishes().await?;
    let statistics = story.nobody_else_may_use_it(&stream).await?;
    let first = story.the_city_grants(&stream).await?;
    let second = story.the_university_passes_it_on(first).await?;
    let grants = Grants { first, second };
    let made = story.data_is_made_from_it(&stream, statistics, &grants).await?;

    let questions = questions(&stream, &grants);
    story.it_is_allowed(&network, &questions).await?;
    story.its_use_is_reported(&grants).await?;
    story.the_city_revokes(&network, first, &questions).await?;
    story.nothing_new_is_made_from_it(&stream, &made, &grants).await?;
    story.refusals_are_reported(&stream, first).await?;

    story.what_was_made_stays(&stream, &made, &grants).await?;
    story.what_depends_on_it_is_found(&stream, &made).await?;
    story.the_journal_tells_it_all(&stream, &grants).await?;
    story.nothing_is_left_out(&stream, &grants).await?;
    story.auditors_ask(&stream, &made, &grants).await?;
    story.auditors_take_it_away(&stream, &made, &grants).await?;
    let compared = same_finality(&network.chains().await?).await?;
    story.steps.done(&format!("all four validators have the same {compared} blocks"));
    network.finish().await
}

/// What every step needs.
struct Story {
    chain: Chain,
    citynet: Citynet,
    /// Where its files are.
    job: PathBuf,
    steps: Steps,
}

/// The city's data.
struct Stream {
    device: DeviceId,
    /// The version with all readings.
    version: VersionId,
    /// When they were observed.
    observed: (Moment, Moment),
    /// When the last batch begins.
    last_batch: Moment,
}

/// The grant that the city gave, and the one that stands on it.
struct Grants {
    first: GrantId,
    second: GrantId,
}

/// What others made from it.
struct Made {
    /// By the university.
    statistics: VersionId,
    /// By its partner, from the city's version and from readings.
    cleaned: VersionId,
    /// By its partner, from its own data and from the city's.
    model: VersionId,
    /// By its partner, from its model alone.
    tuned: VersionId,
}

/// A question with the decision before the revocation, and after it.
struct Asked {
    question: Question,
    before: Decision,
    after: Decision,
}

/// What is asked about the city's version, and about readings that are in no version yet.
fn questions(stream: &Stream, grants: &Grants) -> [Asked; 4] {
    let Grants { first, second } = *grants;
    let VersionId { dataset, version } = stream.version;
    let of = |consumer, version, action| Question { consumer, dataset, version, action, purpose: ACADEMIC };
    let allowed = |chain: &[GrantId]| Decision::Allowed { chain: chain.to_vec() };
    // The second grant is as it was: it is the first one that does not allow it.
    let partner = |version, action| Asked {
        question: of(PARTNER_ID, version, action),
        before: allowed(&[second, first]),
        after: Decision::Denied { reason: Denial::Ended, grant: Some(first) },
    };
    let university = Asked {
        question: of(UNIVERSITY_ID, Some(version), Action::Derive),
        before: allowed(&[first]),
        after: Decision::Denied { reason: Denial::NoGrant, grant: None },
    };
    [
        university,
        partner(Some(version), Action::Derive),
        partner(Some(version), Action::Train),
        partner(None, Action::Derive),
    ]
}

impl Story {
    fn data(&self) -> Data<'_> {
        Data::new(&self.citynet)
    }

    /// Writes a file of the job.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.job.join(name);
        fs::write(&file, text).with_context(|| file.display().to_string())?;
        Ok(file)
    }

    /// Registers a dataset with a description of its own.
    async fn register(
        &self,
        account: &str,
        kind: DatasetKind,
        title: &str,
        sensitivity: Sensitivity,
    ) -> Result<DatasetId> {
        let description = json!({
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/"},
            "@type": "dcat:Dataset",
            "dcterms:title": title,
        });
        let description = self.write(&format!("{account}-{kind}.dcat.json"), &description.to_string())?;
        self.data().register(account, kind, title, sensitivity, &description).await
    }

    /// A sensor of the city feeds a dataset, one version of which has all its readings.
    async fn the_city_publishes(&mut self) -> Result<Stream> {
        let sample = self.job.join("air.csv");
        Sample::new(READINGS, "2024-03-01").write(&sample).await?;
        let (rows, rejected) = readings::attestable(&sample)?;
        ensure!((rows.len(), rejected) == (READINGS, 0), "the sample has {} good and {rejected} bad rows", rows.len());
        let key = self.job.join("device.key");
        self.citynet.device_key(&key).await?;
        let device = self.citynet.register(CITY, &key).await?;
        let attest = Attest {
            account: GATEWAY_OF_CITY,
            device,
            key: &key,
            archive: &self.job.join("archive"),
            files: std::slice::from_ref(&sample),
            pace: Some(Pace { batch: BATCH, per_transaction: 4, in_flight: 1 }),
        };
        let finished = self.citynet.attest(&attest).await?;
        ensure!(finished.code == 0, "every row can be attested: {finished:?}");
        let filter = json!({"subject": format!("device:{device}"), "kind": "batch_attested"});
        let batches = attested::check(device, &rows, &self.chain.records(filter).await?)?;
        let (_, last) = batches.last().context("there are batches")?;
        ensure!(last.first_sequence >= u64::from(BATCH), "the first {BATCH} readings are not a batch of their own");
        self.steps.done(&format!("a sensor of the city has {} attested batches", batches.len()));

        let dataset =
            self.register(CITY, DatasetKind::Stream, "Air, street by street", Sensitivity::Pseudonymised).await?;
        self.data().feed(CITY, dataset, device).await?;
        let times = rows.iter().map(|row| row.observed);
        let observed = (times.clone().min().context("there are rows")?, times.max().context("there are rows")?);
        let sources = vec![format!("device:{device}:0-{}", READINGS - 1)];
        let content =
            Version { file: &sample, records: READINGS as u64, observed, activity: Activity::Collection, sources };
        let version = self.data().publish(CITY, dataset, &content).await?;

        let view = self.chain.dataset_version(version).await?;
        let hash = format!("0x{}", hex::encode(Portable::digest(&[&fs::read(&sample)?])));
        ensure!(view["content"] == json!(hash), "the version is not the file with SHA-256 {hash}: {view}");
        let fed = self.chain.call("citynet_dataset", vec![json!(dataset.to_string())]).await?;
        ensure!(fed["fedBy"] == json!([device.to_string()]), "the sensor does not feed the dataset: {fed}");
        self.steps.done(&format!("the city published version {version} of what it feeds"));
        Ok(Stream { device, version, observed, last_batch: last.window_start })
    }

    /// Members see that it exists, but not more. Gives the dataset in which the university would use it.
    async fn nobody_else_may_use_it(&mut self, stream: &Stream) -> Result<DatasetId> {
        let VersionId { dataset, version } = stream.version;
        let none = Decision::Denied { reason: Denial::NoGrant, grant: None };
        for consumer in [STRANGER_ID, UNIVERSITY_ID, PARTNER_ID] {
            let question =
                Question { consumer, dataset, version: Some(version), action: Action::Read, purpose: ACADEMIC };
            let decision = self.data().check(&question).await?;
            ensure!(decision == none, "organisation {consumer} holds no grant, but gets {decision:?}");
        }
        let statistics = self.register(UNIVERSITY, DatasetKind::Derived, "Dust by hour", Sensitivity::Internal).await?;
        let content = self.made(stream, "hours.csv", Activity::Aggregation, vec![stream.version.to_string()])?;
        let denied = (0, Denial::NoGrant);
        self.data().publish_denied(UNIVERSITY, statistics, &content.version(), denied).await?;
        self.steps.done("nobody else may use it, and nothing can be made from it");
        Ok(statistics)
    }

    /// What is made from the city's data: its own file, and what else a version has.
    fn made(&self, stream: &Stream, name: &str, activity: Activity, sources: Vec<String>) -> Result<Content> {
        let file = self.write(name, &format!("made by {activity}\n"))?;
        Ok(Content { file, observed: stream.observed, activity, sources })
    }

    /// For research on depersonalised data, under 152-FZ; it may be passed on once.
    async fn the_city_grants(&mut self, stream: &Stream) -> Result<GrantId> {
        let (begin, end) = (time::print(now() - DAY), time::print(now() + 365 * DAY));
        let terms = self.write(
            "terms.toml",
            &format!(
                r#"dataset = {}
consumer = {UNIVERSITY_ID}
controller = 1
actions = ["read", "derive", "train", "aggregate"]
purposes = ["dpv:ScientificResearch", "dpv:AcademicResearch"]
not_before = "{begin}"
not_after = "{end}"
delegation_depth = 1
restricted_delegation = true
jurisdiction = "RU"
personal_data = "pseudonymised"
legal_basis = "ru152-6-1-9"
retention_days = 30

[limit]
accesses = 100
records = 100000
"#,
                stream.version.dataset
            ),
        )?;
        let grant = self.data().offer(CITY, &terms).await?;
        let offered = self.chain.grant(grant).await?;
        ensure!(offered["state"] == "offered" && offered["binding"] == true, "it is a binding offer: {offered}");
        self.data().accept(UNIVERSITY, grant).await?;
        let active = self.chain.grant(grant).await?;
        ensure!(active["state"] == "active", "a binding offer that was accepted is in force: {active}");
        ensure!(active["termsHash"] == offered["termsHash"], "other terms were accepted than were offered: {active}");

        // The agreement that everybody can make from the terms is the one that they name.
        let file = self.job.join("agreement.json");
        self.data().odrl(grant, &file).await?;
        let text = fs::read(&file)?;
        let hash = format!("0x{}", hex::encode(Portable::digest(&[&text])));
        ensure!(active["terms"]["agreement"]["hash"] == json!(hash), "the agreement has SHA-256 {hash}: {active}");
        let agreement: Value = serde_json::from_slice(&text)?;
        let assignee = agreement["assignee"].as_str().context("an agreement has an assignee")?;
        ensure!(assignee.ends_with(&format!(":organisation:{UNIVERSITY_ID}")), "it is the university: {agreement}");
        self.steps.done(&format!("the city granted it to the university for research, by grant {grant}"));
        Ok(grant)
    }

    /// To a partner, for less than it has itself.
    async fn the_university_passes_it_on(&mut self, first: GrantId) -> Result<GrantId> {
        let (begin, end) = (time::print(now() - HOUR), time::print(now() + 30 * DAY));
        let terms = |purpose: &str| {
            json!({
                "consumer": PARTNER_ID,
                "actions": ["read", "derive", "train"],
                "purposes": [purpose],
                "not_before": begin,
                "not_after": end,
                "jurisdiction": "RU",
                "personal_data": "pseudonymised",
                "legal_basis": "ru152-6-1-9",
                "retention_days": 10,
                "limit": {"accesses": "10", "records": "10000"},
            })
        };
        let wider = self.write("wider.json", &terms("dpv:ImproveTransportMobility").to_string())?;
        let finished = self.data().try_to_delegate(UNIVERSITY, first, &wider).await?;
        ensure!(
            finished.code == 1 && finished.text().contains("Grants::Wider(Purposes)"),
            "nobody passes on what they do not hold: {finished:?}"
        );

        let part = self.write("part.json", &terms("dpv:AcademicResearch").to_string())?;
        let second = self.data().delegate(UNIVERSITY, first, &part).await?;
        self.data().accept(PARTNER, second).await?;
        let view = self.chain.grant(second).await?;
        let parties = json!([view["terms"]["provider"], view["terms"]["consumer"], view["terms"]["controller"]]);
        ensure!(
            view["state"] == "active" && view["parent"] == json!(first.to_string()) && parties == json!([3, 4, 1]),
            "it stands on grant {first}, between the university and its partner: {view}"
        );
        self.steps.done(&format!("the university passed it on to a partner, by grant {second}; not for more"));
        Ok(second)
    }

    /// By the university with its grant, by its partner with the other one. Neither can use what is not its own.
    async fn data_is_made_from_it(&mut self, stream: &Stream, statistics: DatasetId, grants: &Grants) -> Result<Made> {
        let Grants { first, second } = grants;
        let (city, device) = (stream.version, stream.device);

        let by_others = vec![format!("{city}:grant={second}")];
        let content = self.made(stream, "hours.csv", Activity::Aggregation, by_others)?;
        let denied = (0, Denial::WrongConsumer);
        self.data().publish_denied(UNIVERSITY, statistics, &content.version(), denied).await?;
        let by_own = vec![format!("{city}:grant={first}")];
        let content = self.made(stream, "hours.csv", Activity::Aggregation, by_own)?;
        let statistics = self.data().publish(UNIVERSITY, statistics, &content.version()).await?;

        let cleaned = self.register(PARTNER, DatasetKind::Derived, "Dust, cleaned", Sensitivity::Restricted).await?;
        let last = BATCH - 1;
        let sources = vec![format!("{city}:grant={second}"), format!("device:{device}:0-{last}:grant={second}")];
        let content = self.made(stream, "cleaned.csv", Activity::Cleaning, sources)?;
        let cleaned = self.data().publish(PARTNER, cleaned, &content.version()).await?;

        let model = self.register(PARTNER, DatasetKind::Model, "Dust tomorrow", Sensitivity::Internal).await?;
        let sources = vec![cleaned.to_string(), format!("{city}:grant={second}")];
        let content = self.made(stream, "model.csv", Activity::Training, sources)?;
        let first_model = self.data().publish(PARTNER, model, &content.version()).await?;
        let content = self.made(stream, "tuned.csv", Activity::Training, vec![first_model.to_string()])?;
        let tuned = self.data().publish(PARTNER, model, &content.version()).await?;

        let made = Made { statistics, cleaned, model: first_model, tuned };
        let by_partner = format!("{}, {} and {}", made.cleaned, made.model, made.tuned);
        self.steps.done(&format!("the university made {} from it, and its partner {by_partner}", made.statistics));
        Ok(made)
    }

    /// The command and every node say so.
    async fn it_is_allowed(&mut self, network: &Network, questions: &[Asked]) -> Result<()> {
        let chains = network.chains().await?;
        for Asked { question, before, .. } in questions {
            let decision = self.data().check(question).await?;
            ensure!(decision == *before, "the command answers {decision:?} to {question:?}");
            self.every_node_decides(&chains, question, before).await?;
        }
        let Some(Asked { question, before: Decision::Allowed { chain }, .. }) = questions.last() else {
            bail!("the last question is allowed");
        };
        // The first grant allows that, but nobody has more than what it was given.
        let question = Question { purpose: SCIENTIFIC, ..*question };
        let denied = Decision::Denied { reason: Denial::PurposeNotGranted, grant: chain.first().copied() };
        let decision = self.data().check(&question).await?;
        ensure!(decision == denied, "the partner's grant is not for that: {decision:?}");
        self.steps.done(&format!("every node allows {} uses, each with its chain of grants", questions.len()));
        Ok(())
    }

    async fn every_node_decides(&self, chains: &[Chain], question: &Question, expected: &Decision) -> Result<()> {
        let (final_at, _) = self.chain.finalized().await?;
        for chain in chains {
            chain.until_finalized(final_at).await?;
            let decision = chain.decision(question).await?;
            ensure!(decision == *expected, "{} answers {decision:?} to {question:?}", chain.url());
        }
        Ok(())
    }

    /// By the gateways of both providers. What the partner used counts for both grants.
    async fn its_use_is_reported(&mut self, grants: &Grants) -> Result<()> {
        let Grants { first, second } = *grants;
        let archive = self.job.join("receipts");
        let version = Some(1);
        let receipts = Receipts::of_grant(first)
            .given(now(), Action::Read, version, 400, 24_000)
            .refused(now(), Action::Publish, version, Denial::ActionNotGranted)
            .given(now(), Action::Aggregate, version, 400, 24_000);
        let file = self.job.join("university.jsonl");
        let answer = self.data().report(GATEWAY_OF_CITY, &receipts, &file, &archive).await?;
        ensure!(answer["report"] == "1" && answer["refused"] == "1", "the first report has one refusal: {answer}");

        let receipts = Receipts::of_grant(second)
            .given(now(), Action::Read, version, 400, 24_000)
            .given(now(), Action::Derive, None, 100, 6_000)
            .given(now(), Action::Train, version, 400, 24_000);
        let file = self.job.join("partner.jsonl");
        self.data().report(GATEWAY_OF_UNIVERSITY, &receipts, &file, &archive).await?;
        let usage = |accesses, records, bytes| json!(Usage { accesses, records, bytes });
        let (above, below) = (self.chain.grant(first).await?, self.chain.grant(second).await?);
        for (view, used, used_in_all) in [
            (&above, usage(2, 800, 48_000), usage(5, 1_700, 102_000)),
            (&below, usage(3, 900, 54_000), usage(3, 900, 54_000)),
        ] {
            ensure!(
                view["used"] == used && view["usedInAll"] == used_in_all,
                "use should be {used}, and in all {used_in_all}: {view}"
            );
        }

        let counted = Usage { accesses: 2, records: 500, bytes: 30_000 };
        self.data().contest(PARTNER, second, &counted, "training stopped halfway").await?;
        let contested = self.chain.grant(second).await?;
        ensure!(contested["used"] == below["used"], "to contest a report changes no count: {contested}");
        self.steps.done("use is reported under both grants and counts for the first one; one report is contested");
        Ok(())
    }

    /// Every node allows before that block, and denies from it on.
    async fn the_city_revokes(&mut self, network: &Network, first: GrantId, questions: &[Asked]) -> Result<()> {
        let block = self.data().revoke(CITY, first, ReasonCode::PurposeExceeded, NOTE).await?;
        let chains = network.chains().await?;
        for chain in &chains {
            chain.until_finalized(block).await?;
            for Asked { question, before, after } in questions {
                let decided =
                    (chain.decision_at(question, block - 1).await?, chain.decision_at(question, block).await?);
                ensure!(
                    decided == (before.clone(), after.clone()),
                    "before block {block} and after it, {} decides {decided:?} about {question:?}",
                    chain.url()
                );
            }
        }
        for Asked { question, after, .. } in questions {
            let decision = self.data().check(question).await?;
            ensure!(decision == *after, "the command answers {decision:?} to {question:?}");
            self.every_node_decides(&chains, question, after).await?;
        }
        self.steps.done(&format!("the city revoked: every node denies it all from block {block} on, and none before"));
        Ok(())
    }

    async fn nothing_new_is_made_from_it(&mut self, stream: &Stream, made: &Made, grants: &Grants) -> Result<()> {
        let Grants { first, second } = grants;
        let (city, device) = (stream.version, stream.device);
        let own = made.cleaned.to_string();
        let by_second = format!("{city}:grant={second}");
        for (account, dataset, sources, position) in [
            (UNIVERSITY, made.statistics.dataset, vec![format!("{city}:grant={first}")], 0),
            (PARTNER, made.cleaned.dataset, vec![own.clone(), by_second.clone()], 1),
            (PARTNER, made.cleaned.dataset, vec![format!("device:{device}:0-1:grant={second}")], 0),
            (PARTNER, made.model.dataset, vec![own, by_second], 1),
        ] {
            let content = self.made(stream, "late.csv", Activity::Transformation, sources)?;
            let denied = (position, Denial::Ended);
            self.data().publish_denied(account, dataset, &content.version(), denied).await?;
        }
        for (dataset, versions) in [(made.statistics.dataset, 1), (made.cleaned.dataset, 1), (made.model.dataset, 2)] {
            let view = self.chain.call("citynet_dataset", vec![json!(dataset.to_string())]).await?;
            ensure!(view["versions"] == versions, "what was denied had an effect: {view}");
        }
        self.steps.done("neither the university nor its partner can make anything new from it");
        Ok(())
    }

    /// Attempts under the grant that ended, and by somebody who never had one.
    async fn refusals_are_reported(&mut self, stream: &Stream, first: GrantId) -> Result<()> {
        let archive = self.job.join("receipts");
        let dataset = stream.version.dataset;
        let used = self.chain.grant(first).await?["used"].clone();
        let receipts = Receipts::of_grant(first)
            .refused(now(), Action::Read, Some(1), Denial::Ended)
            .refused(now(), Action::Derive, None, Denial::Ended)
            .refused(now(), Action::Publish, Some(1), Denial::Ended);
        let file = self.job.join("university-2.jsonl");
        let answer = self.data().report(GATEWAY_OF_CITY, &receipts, &file, &archive).await?;
        ensure!(answer["report"] == "2" && answer["refused"] == "3", "the second report has refusals only: {answer}");
        let view = self.chain.grant(first).await?;
        ensure!(view["used"] == used, "what was refused is not used: {view}");

        // In earnest, the hash of a name with a salt that only the gateway has.
        let requester = |name: &str| Portable::digest(&[name.as_bytes(), b" and a salt"]);
        let receipts = Receipts::of_strangers(dataset)
            .stranger(now(), Action::Read, requester("one"))
            .stranger(now(), Action::Read, requester("another"))
            .stranger(now(), Action::Train, requester("one"));
        let file = self.job.join("strangers.jsonl");
        let answer = self.data().report(GATEWAY_OF_CITY, &receipts, &file, &archive).await?;
        ensure!(answer["requesters"] == 2, "there were two requesters: {answer}");
        self.steps.done("attempts after the end, and attempts without any grant, are reported");
        Ok(())
    }

    /// With its content, its sources and the grants by which they were used.
    async fn what_was_made_stays(&mut self, stream: &Stream, made: &Made, grants: &Grants) -> Result<()> {
        let Grants { first, second } = grants;
        let device = stream.device.to_string();
        let version = |id: VersionId, grant: Option<&GrantId>| {
            let (dataset, grant) = (id.dataset.to_string(), grant.map(ToString::to_string));
            json!({"source": "version", "dataset": dataset, "version": id.version, "grant": grant})
        };
        let batches = |last: u32, grant: Option<&GrantId>| {
            let (last, grant) = (last.to_string(), grant.map(ToString::to_string));
            json!({
                "source": "batches", "device": device, "firstSequence": "0", "lastSequence": last, "grant": grant,
            })
        };
        let all = u32::try_from(READINGS)? - 1;
        for (id, activity, sources) in [
            (stream.version, Activity::Collection, vec![batches(all, None)]),
            (made.statistics, Activity::Aggregation, vec![version(stream.version, Some(first))]),
            (
                made.cleaned,
                Activity::Cleaning,
                vec![version(stream.version, Some(second)), batches(BATCH - 1, Some(second))],
            ),
            (made.model, Activity::Training, vec![version(made.cleaned, None), version(stream.version, Some(second))]),
            (made.tuned, Activity::Training, vec![version(made.model, None)]),
        ] {
            let view = self.chain.dataset_version(id).await?;
            let content = &view["body"]["content"];
            ensure!(
                content["sources"] == json!(sources) && content["activity"] == json!(activity),
                "version {id} was made by {activity} from {}: {view}",
                json!(sources)
            );
            ensure!(content["content"] == view["content"], "record and state differ about version {id}: {view}");
            let shown = self.citynet.json(["dataset", "show", &id.to_string()]).await?;
            ensure!(shown["body"] == view["body"], "the command shows something else: {shown}");
        }
        self.steps.done("what was made before stays, with its sources and their grants");
        Ok(())
    }

    /// From a faulty version, and from a device that is in doubt from some time on.
    async fn what_depends_on_it_is_found(&mut self, stream: &Stream, made: &Made) -> Result<()> {
        let city = stream.version;
        self.data().flag(CITY, city, stream.last_batch, "the inlet was blocked").await?;
        let view = self.chain.dataset_version(city).await?;
        let since = stream.last_batch / 1_000 * 1_000;
        ensure!(view["faultySince"] == json!(since.to_string()), "the version is faulty since {since}: {view}");

        let found = |version, depth, via: &str| Dependent { version, depth, via: via.to_owned() };
        let (by_city, by_model) = (city.to_string(), made.model.to_string());
        let by_device = format!("device:{}", stream.device);
        let dependents = self.chain.dependents(json!({"version": by_city})).await?;
        let expected = [
            found(made.statistics, 1, &by_city),
            found(made.cleaned, 1, &by_city),
            found(made.model, 1, &by_city),
            found(made.tuned, 2, &by_model),
        ];
        ensure!(dependents == expected, "on version {city} depends {dependents:?}");

        // The partner used readings of the first batch directly; of the last one, only what is in the city's version.
        let device = stream.device.to_string();
        let dependents = self.chain.dependents(json!({"device": device})).await?;
        let expected = [
            found(city, 1, &by_device),
            found(made.cleaned, 1, &by_device),
            found(made.statistics, 2, &by_city),
            found(made.model, 2, &by_city),
            found(made.tuned, 3, &by_model),
        ];
        ensure!(dependents == expected, "on device {device} depends {dependents:?}");
        let since = stream.last_batch.to_string();
        let dependents = self.chain.dependents(json!({"device": device, "since": since})).await?;
        let expected = [
            found(city, 1, &by_device),
            found(made.statistics, 2, &by_city),
            found(made.cleaned, 2, &by_city),
            found(made.model, 2, &by_city),
            found(made.tuned, 3, &by_model),
        ];
        ensure!(dependents == expected, "on its last batch depends {dependents:?}");
        self.steps.done("all that was made from the city's version, and from its sensor, is found");
        Ok(())
    }

    /// Who did what to which grant.
    async fn the_journal_tells_it_all(&mut self, stream: &Stream, grants: &Grants) -> Result<()> {
        // An accepted binding offer is advanced by whoever accepts it, step by step.
        let advanced = |organisation: u32| {
            ["accepted", "agreed", "verified", "active"].map(|state| json!([organisation, "grant_advanced", state]))
        };
        let told = |organisation: u32, kind: &str| json!([organisation, kind, null]);
        let revoked = json!([1, "grant_state_changed", "revoked"]);
        let mut of_first = vec![told(1, "grant_offered")];
        of_first.extend(advanced(3));
        of_first.extend([told(1, "access_reported"), revoked, told(1, "access_reported")]);
        let mut of_second = vec![told(3, "grant_offered")];
        of_second.extend(advanced(4));
        of_second.extend([told(3, "access_reported"), told(4, "access_contested")]);

        for (grant, expected) in [(grants.first, of_first), (grants.second, of_second)] {
            let records = self.chain.records(json!({"subject": format!("grant:{grant}")})).await?;
            let found: Vec<Value> = records
                .iter()
                .map(|record| json!([record["organisation"], record["body"]["kind"], record["body"]["state"]]))
                .collect();
            ensure!(found == expected, "the records about grant {grant} are {}", json!(found));
            let shown = self.citynet.json(["grant", "show", &grant.to_string()]).await?;
            let history = shown["history"].as_array().context("a history is a list")?;
            ensure!(history.len() == records.len(), "the command shows {} of them: {shown}", history.len());
            for record in records.iter().filter(|record| record["body"]["kind"] == "grant_state_changed") {
                let body = &record["body"];
                ensure!(body["reason"] == "purpose_exceeded" && body["note"] == NOTE, "the record says why: {record}");
            }
        }
        let dataset = stream.version.dataset;
        let records = self.chain.records(json!({"subject": format!("dataset:{dataset}")})).await?;
        let kinds: Vec<&str> = records.iter().filter_map(|record| record["body"]["kind"].as_str()).collect();
        let expected = ["dataset_registered", "dataset_devices_changed", "version_published", "version_flagged"];
        ensure!(kinds == expected, "the records about dataset {dataset} are {kinds:?}");
        let strangers = self.chain.records(json!({"subject": "organisation:1", "kind": "refusals_reported"})).await?;
        ensure!(strangers.len() == 1, "{} reports are about strangers", strangers.len());
        self.steps.done("the journal has it all, with who did it and why");
        Ok(())
    }

    /// The records about each kind of subject are proven complete in one file, which no longer holds without one of them.
    async fn nothing_is_left_out(&mut self, stream: &Stream, grants: &Grants) -> Result<()> {
        let genesis = self.chain.genesis().await?;
        let nobody = GrantId(1_000_000);
        for subject in [
            Subject::Organisation(UNIVERSITY_ID),
            Subject::Dataset(stream.version.dataset),
            Subject::Device(stream.device),
            Subject::Grant(grants.first),
            Subject::Grant(grants.second),
            Subject::Grant(nobody),
        ] {
            let subject = subject.to_string();
            let file = self.job.join("list.json");
            let expected = self.chain.records(json!({"subject": subject})).await?;
            let audit = ["audit", "completeness", &subject, "--evidence", "list.json"];
            // The proof is of the newest block with a justification, which the index may not have yet.
            let what = format!("all records about {subject} are proven");
            let answer = self.chain.until(&what, async || {
                let answer = self.citynet.json(audit).await?;
                Ok((answer["count"] == json!(expected.len().to_string())).then_some(answer))
            });
            let answer = answer.await?;
            let listed = answer["records"].as_array().context("the answer lists records")?;
            for (listed, expected) in listed.iter().zip(&expected) {
                ensure!(listed["index"] == expected["index"], "{subject}: {listed} is listed as {expected}");
            }
            let verified = self.citynet.verify(&file, &genesis).await?;
            ensure!(verified.code == 0, "a good list is refused: {verified:?}");

            let good: Value = serde_json::from_slice(&fs::read(&file)?)?;
            for position in 0..expected.len() {
                let mut short = good.clone();
                short["records"].as_array_mut().context("a list has records")?.remove(position);
                fs::write(&file, short.to_string())?;
                let verified = self.citynet.verify(&file, &genesis).await?;
                ensure!(
                    verified.code == 1 && verified.text().contains("it fails at step `records`"),
                    "{subject} without its record {position}: {verified:?}"
                );
            }
        }

        // By their hashes alone, records still count.
        let subject = Subject::Grant(grants.first).to_string();
        let answer = self.citynet.json([
            "audit",
            "completeness",
            &subject,
            "--kind",
            "grant_state_changed",
            "--conceal",
            "--evidence",
            "list.json",
        ]);
        let answer = answer.await?;
        ensure!(answer["records"].as_array().map(Vec::len) == Some(1), "one change of state is shown: {answer}");
        let file = self.job.join("list.json");
        let text = fs::read_to_string(&file)?;
        ensure!(text.matches("{\"record\":").count() == 1, "the others are concealed: {text}");
        let verified = self.citynet.verify(&file, &genesis).await?;
        ensure!(verified.code == 0, "a list with concealed records is refused: {verified:?}");

        ensure!(
            self.chain.error("citynet_completeness", vec![json!("sensor:1")]).await?
                == (-32602, Some("invalid_params".to_owned())),
            "there are no such subjects"
        );
        self.steps.done("of every kind of subject all records are proven, offline, and none can be left out");
        Ok(())
    }
}

/// The content of a version, with the file that has it.
struct Content {
    file: PathBuf,
    observed: (Moment, Moment),
    activity: Activity,
    sources: Vec<String>,
}

impl Content {
    fn version(&self) -> Version<'_> {
        let Self { file, observed, activity, sources } = self;
        Version { file, records: 1, observed: *observed, activity: *activity, sources: sources.clone() }
    }
}
