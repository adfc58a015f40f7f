//! Three organisations use each other's data, and pay for it. Their use is reported by receipts and stated, one
//! statement is disputed and stated anew, and over a hundred obligations are netted to at most one payment of each.
//! Then one cannot pay: the others settle on time, and what it owes is in the next cycle. Everybody's statement of
//! account is to the unit what the ledger says. Auditors get their answers with evidence.

mod audit;

use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{
    AccessReport, Action, Amount, DatasetId, DatasetKind, GrantId, Moment, OrganisationId, Price, RefusedCounts,
    Sensitivity, Usage,
};
use citynet_proofs::time;
use citynet_tests::{
    consensus::same_finality,
    council::{Council, Decision},
    data::{Data, Receipts},
    device::now,
    money::{Bank, Money, Moved, Netting, Obligation},
    transactions::{account, Call, Outcome, Transactions},
    Backend, Chain, Citynet, Network, Steps,
};
use codec::Encode as _;
use futures::future::try_join_all;
use serde_json::json;
use std::{fs, path::PathBuf};

/// Who uses and is used, with development accounts.
struct Member {
    id: OrganisationId,
    account: &'static str,
    gateway: &'static str,
    uri: &'static str,
    gateway_uri: &'static str,
}

static MEMBERS: [Member; 3] = [
    Member {
        id: OrganisationId(1),
        account: "alice",
        gateway: "alice//gateway",
        uri: "//Alice",
        gateway_uri: "//Alice//gateway",
    },
    Member {
        id: OrganisationId(2),
        account: "bob",
        gateway: "bob//gateway",
        uri: "//Bob",
        gateway_uri: "//Bob//gateway",
    },
    Member {
        id: OrganisationId(3),
        account: "charlie",
        gateway: "charlie//gateway",
        uri: "//Charlie",
        gateway_uri: "//Charlie//gateway",
    },
];
const CITY: usize = 0;
const TELECOM: usize = 1;
const UNIVERSITY: usize = 2;

/// Who provides to whom. The first of these grants has a statement that is disputed.
const PAIRS: [(usize, usize); 6] = [
    (CITY, TELECOM),
    (CITY, UNIVERSITY),
    (TELECOM, CITY),
    (TELECOM, UNIVERSITY),
    (UNIVERSITY, CITY),
    (UNIVERSITY, TELECOM),
];

/// Who holds the bank account behind the currency.
const AGENT: &str = "dave";
const AGENT_ID: OrganisationId = OrganisationId(4);
const SYMBOL: &str = "RUB";
const CURRENCY: u32 = 1;

const DEPOSIT: Amount = 1_000_000;
const FIXED: Amount = 50_000;
/// What 1000 records cost, up to so many and above them.
const RATE: Amount = 70_001;
const STEP: u64 = 500;
const RATE_ABOVE: Amount = 33_333;
const PER: u64 = 1_000;

/// For how long statements can be disputed; and the one that is, so that there is time to.
const WINDOW: Moment = 2_000;
const LONG_WINDOW: Moment = 30_000;
/// What programs agree on besides, with the same terms as each of the six.
const COPIES: usize = 4;
/// A grant's receipts come in so many parts. The first is stated by hand, and the last is left for a later cycle.
const PARTS: usize = 6;
const BYTES: u64 = 6_000;
/// Obligations in a step of a cycle.
const PAGE: u32 = 50;
/// Until when a debtor without funds has time.
const GRACE: Moment = 25_000;
const HOUR: Moment = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn use_is_paid_for_and_a_debtor_without_funds_stops_nobody() -> Result<()> {
    let steps = Steps::of("settlement");
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);
    let transactions = Transactions::connect(network.node(0).url()).await?;
    let bank = Bank::new(&job);
    let mut story = Story { chain, citynet, transactions, job, bank, deposited: 0, paid_out: 0, steps };
    story.steps.done("four validators finalise");

    story.money_comes().await?;
    let mut grants = story.everybody_grants().await?;
    let mut copies = story.programs_agree_on_more(&grants).await?;
    story.use_is_reported(&grants, &copies).await?;
    let disputed_until = story.use_is_stated(&mut grants).await?;
    story.some_is_paid_at_once(&grants).await?;
    story.programs_state_and_bill(&mut grants, &mut copies).await?;
    story.the_disputed_use_is_billed(&grants, disputed_until).await?;
    story.bills_are_right(&grants, &copies).await?;
    story.a_cycle_settles().await?;
    story.everything_reconciles().await?;

    story.one_withdraws_its_money().await?;
    let left = story.it_cannot_pay(&mut copies).await?;
    story.its_obligations_are_in_the_next_cycle(&left).await?;
    story.everything_reconciles().await?;
    story.auditors_ask().await?;
    let compared = same_finality(&network.chains().await?).await?;
    story.steps.done(&format!("all four validators have the same {compared} blocks"));
    network.finish().await
}

/// What every step needs.
struct Story {
    chain: Chain,
    citynet: Citynet,
    transactions: Transactions,
    /// Where its files are.
    job: PathBuf,
    bank: Bank,
    deposited: Amount,
    paid_out: Amount,
    steps: Steps,
}

/// Receipts with the use that they come to.
#[derive(Clone)]
struct Part {
    receipts: Receipts,
    usage: Usage,
}

/// A grant by use, between two of the members.
struct Metered {
    grant: GrantId,
    provider: usize,
    consumer: usize,
    parts: Vec<Part>,
    /// How many parts are stated.
    stated: usize,
}

impl Metered {
    /// With receipts of that time. How much is used differs from grant to grant.
    fn new(grant: GrantId, provider: usize, consumer: usize, at: Moment) -> Self {
        let records = 97 + grant.0 % 7;
        let parts = (0..PARTS as u64).map(|part| {
            let count = 2 + (grant.0 + part) % 3;
            let receipts = (0..count)
                .fold(Receipts::of_grant(grant), |receipts, _| receipts.given(at, Action::Read, None, records, BYTES));
            Part { receipts, usage: Usage { accesses: count, records: count * records, bytes: count * BYTES } }
        });
        Self { grant, provider, consumer, parts: parts.collect(), stated: 0 }
    }

    /// The receipts of some parts.
    fn receipts(&self, from: usize, to: usize) -> Receipts {
        let parts = self.parts.iter().take(to).skip(from);
        parts.fold(Receipts::of_grant(self.grant), |all, part| all.and(&part.receipts))
    }

    /// Use until after so many parts.
    fn usage(&self, parts: usize) -> Usage {
        self.parts.iter().take(parts).fold(Usage::default(), |sum, Part { usage, .. }| Usage {
            accesses: sum.accesses + usage.accesses,
            records: sum.records + usage.records,
            bytes: sum.bytes + usage.bytes,
        })
    }

    /// The call that states the use until after so many parts.
    fn state(&mut self, parts: usize) -> Result<Call> {
        let root = self.receipts(self.stated, parts).root()?;
        self.stated = parts;
        Ok(Call::new("Settlements", "state_usage", (self.grant, self.usage(parts), root).encode()))
    }

    fn bill(&self) -> Call {
        Call::new("Settlements", "bill", self.grant.encode())
    }

    /// What is stated costs so much.
    fn price(&self) -> Amount {
        let records = self.usage(self.stated).records;
        let (below, above) = (Amount::from(records.min(STEP)), Amount::from(records.saturating_sub(STEP)));
        (below * RATE + above * RATE_ABOVE) / Amount::from(PER)
    }
}

impl Story {
    fn data(&self) -> Data<'_> {
        Data::new(&self.citynet)
    }

    fn money(&self) -> Money<'_> {
        Money::new(&self.citynet, SYMBOL)
    }

    /// Writes a file of the job.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.job.join(name);
        fs::write(&file, text).with_context(|| file.display().to_string())?;
        Ok(file)
    }

    /// Sends calls of an account, all of which must succeed.
    async fn send(&self, uri: &str, calls: &[Call]) -> Result<()> {
        let outcomes = self.transactions.submit_all(&self.chain, &account(uri)?, calls).await?;
        for (call, outcome) in calls.iter().zip(&outcomes) {
            ensure!(*outcome == Outcome::Succeeded, "{uri} sends {call:?}: {outcome:?}");
        }
        Ok(())
    }

    /// As [`Story::send`], of every member's own account.
    async fn send_of_members(&self, calls: &[Vec<Call>; 3]) -> Result<()> {
        try_join_all(MEMBERS.iter().zip(calls).map(|(member, calls)| self.send(member.uri, calls))).await?;
        Ok(())
    }

    /// As [`Story::send`], of every member's gateway.
    async fn send_of_gateways(&self, calls: &[Vec<Call>; 3]) -> Result<()> {
        try_join_all(MEMBERS.iter().zip(calls).map(|(member, calls)| self.send(member.gateway_uri, calls))).await?;
        Ok(())
    }

    /// Waits until what was stated until now is beyond dispute.
    async fn until_mature(&self) -> Result<()> {
        self.chain.until_time(self.chain.time().await? + WINDOW).await
    }

    async fn deposit(&mut self, member: usize, amount: Amount) -> Result<()> {
        let payment = self.bank.payment()?;
        self.money().deposit(AGENT, MEMBERS[member].id, amount, &payment).await?;
        self.deposited += amount;
        Ok(())
    }

    /// The council creates a currency, and its agent deposits for everybody else.
    async fn money_comes(&mut self) -> Result<()> {
        let members = MEMBERS.each_ref().map(|member| member.account);
        let agent = AGENT_ID.to_string();
        let what = ["currency", SYMBOL, "--exponent", "2", "--agent", &agent];
        let decision = Council::new(&self.citynet).decide(&members, &what, "data is paid for in roubles").await?;
        ensure!(decision == Decision::Done, "there is no currency: {decision:?}");
        let listed = self.citynet.json(["currency", "list"]).await?;
        ensure!(
            listed[0]["currency"] == json!(CURRENCY) && listed[0]["symbol"] == json!(SYMBOL),
            "the currency is not listed: {listed}"
        );
        self.steps.done("the council created a currency, by three votes");

        for member in [CITY, TELECOM, UNIVERSITY] {
            self.deposit(member, DEPOSIT).await?;
        }
        let payment = self.bank.payment()?;
        self.money().deposit(AGENT, MEMBERS[CITY].id, 1, &payment).await?;
        self.deposited += 1;
        self.money().deposit_refused(AGENT, MEMBERS[TELECOM].id, 1, &payment, "ReferenceUsed").await?;
        self.steps.done("its agent deposited for everybody; no payment counts twice");
        Ok(())
    }

    /// Each of three registers a dataset, and grants its use to both others for what they use.
    async fn everybody_grants(&mut self) -> Result<Vec<Metered>> {
        let story = &*self;
        let datasets = try_join_all(MEMBERS.iter().map(|member| story.register(member))).await?;
        let offered = try_join_all(
            datasets.iter().enumerate().map(|(provider, dataset)| story.offer_to_others(provider, *dataset)),
        )
        .await?;
        let mut offered: Vec<(usize, usize, GrantId)> = offered.into_iter().flatten().collect();
        offered.sort_unstable();
        let pairs: Vec<(usize, usize)> = offered.iter().map(|(provider, consumer, _)| (*provider, *consumer)).collect();
        ensure!(pairs == PAIRS, "grants are between {pairs:?}");
        try_join_all((0..MEMBERS.len()).map(|consumer| story.accept(consumer, &offered))).await?;
        let at = self.in_force().await?;
        let grants: Vec<Metered> = offered
            .into_iter()
            .map(|(provider, consumer, grant)| Metered::new(grant, provider, consumer, at))
            .collect();
        let numbers: Vec<String> = grants.iter().map(|metered| metered.grant.to_string()).collect();
        self.steps.done(&format!("three members granted each other metered use, by grants {}", numbers.join(", ")));

        let price = format!("kind = \"fixed\"\ncurrency = {CURRENCY}\namount = {FIXED}\n");
        let dataset = *datasets.first().context("the city has a dataset")?;
        let fixed = self.offer(CITY, TELECOM, dataset, &price).await?;
        let before = self.free().await?;
        self.money().pay_and_accept(MEMBERS[TELECOM].account, fixed).await?;
        let view = self.chain.grant(fixed).await?;
        ensure!(view["state"] == "active", "a grant that is paid is in force: {view}");
        let after = self.free().await?;
        let expected = [before[CITY] + FIXED, before[TELECOM] - FIXED, before[UNIVERSITY]];
        ensure!(after == expected, "the price was not paid: there is {after:?} instead of {expected:?}");
        self.steps.done(&format!("grant {fixed} for a fixed price was paid and accepted in one step"));
        Ok(grants)
    }

    /// What every member has free.
    async fn free(&self) -> Result<[Amount; 3]> {
        let mut free = [0; 3];
        for (member, free) in MEMBERS.iter().zip(&mut free) {
            (*free, _) = self.chain.balance(member.id, CURRENCY).await?;
        }
        Ok(free)
    }

    async fn register(&self, member: &Member) -> Result<DatasetId> {
        let title = format!("Data of {}", member.account);
        let description = json!({
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/"},
            "@type": "dcat:Dataset",
            "dcterms:title": title,
        });
        let file = self.write(&format!("{}.dcat.json", member.account), &description.to_string())?;
        self.data().register(member.account, DatasetKind::Stream, &title, Sensitivity::Internal, &file).await
    }

    async fn offer_to_others(&self, provider: usize, dataset: DatasetId) -> Result<Vec<(usize, usize, GrantId)>> {
        let mut offered = Vec::new();
        for (_, consumer) in PAIRS.iter().filter(|(of, _)| *of == provider) {
            let window = if PAIRS[0] == (provider, *consumer) { LONG_WINDOW } else { WINDOW };
            let price = format!(
                "kind = \"metered\"\ncurrency = {CURRENCY}\nunit = \"record\"\nper = {PER}\n\
                 dispute_window = \"{window}ms\"\n\
                 tiers = [{{ amount = {RATE} }}, {{ above = {STEP}, amount = {RATE_ABOVE} }}]\n"
            );
            let grant = self.offer(provider, *consumer, dataset, &price).await?;
            offered.push((provider, *consumer, grant));
        }
        Ok(offered)
    }

    async fn offer(&self, provider: usize, consumer: usize, dataset: DatasetId, price: &str) -> Result<GrantId> {
        let (provider, consumer) = (&MEMBERS[provider], &MEMBERS[consumer]);
        let (begin, end) = (time::print(now() - HOUR), time::print(now() + 24 * HOUR));
        let terms = self.write(
            &format!("terms-{}-{}.toml", provider.account, consumer.account),
            &format!(
                r#"dataset = {dataset}
consumer = {}
controller = {}
actions = ["read", "derive"]
purposes = ["dpv:AcademicResearch"]
not_before = "{begin}"
not_after = "{end}"
jurisdiction = "RU"
personal_data = "none"

[price]
{price}"#,
                consumer.id, provider.id
            ),
        )?;
        self.data().offer(provider.account, &terms).await
    }

    async fn accept(&self, consumer: usize, offered: &[(usize, usize, GrantId)]) -> Result<()> {
        for (_, _, grant) in offered.iter().filter(|(_, to, _)| *to == consumer) {
            self.data().accept(MEMBERS[consumer].account, *grant).await?;
        }
        Ok(())
    }

    /// A time at which all that is accepted by now is in force, also when it is cut to whole seconds.
    async fn in_force(&self) -> Result<Moment> {
        self.chain.until_time(self.chain.time().await? + 1_000).await?;
        self.chain.time().await
    }

    /// The same terms again and again, without any command, so that there is much to net.
    async fn programs_agree_on_more(&mut self, grants: &[Metered]) -> Result<Vec<Metered>> {
        let mut offers: [Vec<Call>; 3] = Default::default();
        for metered in grants {
            let (mut terms, _) = self.chain.terms(metered.grant).await?;
            if let Price::Metered { dispute_window, .. } = &mut terms.price {
                *dispute_window = WINDOW;
            }
            let offer = Call::new("Grants", "offer", (terms, true, None::<GrantId>, None::<GrantId>).encode());
            offers[metered.provider].extend(vec![offer; COPIES]);
        }
        let before = self.chain.grant_count().await?;
        self.send_of_members(&offers).await?;
        let after = self.chain.grant_count().await?;
        ensure!(after == before + (PAIRS.len() * COPIES) as u64, "there are {after} grants, and were {before}");

        let mut acceptances: [Vec<Call>; 3] = Default::default();
        let mut copies = Vec::new();
        for grant in (before + 1..=after).map(GrantId) {
            let (terms, hash) = self.chain.terms(grant).await?;
            let of = |id: OrganisationId| MEMBERS.iter().position(|member| member.id == id).context("it is a member");
            let (provider, consumer) = (of(terms.provider)?, of(terms.consumer)?);
            acceptances[consumer].push(Call::new("Grants", "accept", (grant, hash).encode()));
            copies.push((grant, provider, consumer));
        }
        self.send_of_members(&acceptances).await?;
        let at = self.in_force().await?;
        let copies: Vec<Metered> =
            copies.into_iter().map(|(grant, provider, consumer)| Metered::new(grant, provider, consumer, at)).collect();
        self.steps.done(&format!("programs agreed on {} more such grants", copies.len()));
        Ok(copies)
    }

    /// By receipts: those of the six with the command, the others as a gateway's program would.
    async fn use_is_reported(&mut self, grants: &[Metered], copies: &[Metered]) -> Result<()> {
        // A report is about a time in which the grant was active.
        self.chain.until_time(self.chain.time().await? + 1).await?;
        let story = &*self;
        try_join_all((0..MEMBERS.len()).map(|provider| story.report(provider, grants))).await?;
        let from = self.chain.time().await?;
        let mut reports: [Vec<Call>; 3] = Default::default();
        let mut count = 0;
        for metered in copies {
            let receipts = metered.receipts(0, PARTS);
            count += receipts.count();
            let report = AccessReport {
                counter: 1,
                from,
                to: from + 1,
                usage: metered.usage(PARTS),
                refused: RefusedCounts::default(),
                receipts: receipts.count() as u64,
                root: receipts.root()?,
            };
            reports[metered.provider].push(Call::new("Grants", "report", (metered.grant, report).encode()));
        }
        self.send_of_gateways(&reports).await?;
        for metered in grants.iter().chain(copies) {
            let view = self.chain.grant(metered.grant).await?;
            let used = json!(metered.usage(PARTS));
            ensure!(view["used"] == used, "{used} is used of grant {}: {view}", metered.grant);
        }
        let all = count + grants.iter().map(|metered| metered.receipts(0, PARTS).count()).sum::<usize>();
        self.steps.done(&format!("all gateways reported the use, by {all} receipts"));
        Ok(())
    }

    async fn report(&self, provider: usize, grants: &[Metered]) -> Result<()> {
        for metered in grants.iter().filter(|metered| metered.provider == provider) {
            let file = self.job.join(format!("receipts-{}.jsonl", metered.grant));
            let receipts = metered.receipts(0, PARTS);
            self.data().report(MEMBERS[provider].gateway, &receipts, &file, &self.job.join("receipts")).await?;
        }
        Ok(())
    }

    /// One statement has too much, is disputed, and is stated anew. Gives the first moment at which that is beyond
    /// dispute for sure.
    async fn use_is_stated(&mut self, grants: &mut [Metered]) -> Result<Moment> {
        let (disputed, others) = grants.split_first_mut().context("there are grants")?;
        let story = &*self;
        let undisputed = &*others;
        try_join_all((0..MEMBERS.len()).map(|provider| story.state_first(provider, undisputed))).await?;
        for metered in others {
            metered.stated = 1;
        }
        self.until_mature().await?;
        self.steps.done("five of six grants' use is stated, and beyond dispute");

        let (provider, consumer) = (&MEMBERS[disputed.provider], &MEMBERS[disputed.consumer]);
        let file = self.job.join("disputed.jsonl");
        let answer = self.money().state(provider.gateway, disputed.grant, &disputed.receipts(0, 2), &file).await?;
        ensure!(answer["usage"] == json!(disputed.usage(2)), "two parts are stated: {answer}");
        let counted = disputed.usage(1);
        self.money().dispute(consumer.account, disputed.grant, &counted, "half of it was not delivered").await?;
        self.money().bill_refused(provider.account, disputed.grant, "NothingToBill").await?;
        let file = self.job.join("restated.jsonl");
        let answer = self.money().restate(provider.gateway, disputed.grant, &disputed.receipts(0, 1), &file).await?;
        ensure!(answer["usage"] == json!(counted), "what the consumer counts is stated now: {answer}");
        disputed.stated = 1;
        let until = self.chain.time().await? + LONG_WINDOW;
        self.steps.done("the sixth one's was disputed, is not billed, and is stated anew");
        Ok(until)
    }

    async fn state_first(&self, provider: usize, grants: &[Metered]) -> Result<()> {
        for metered in grants.iter().filter(|metered| metered.provider == provider) {
            let file = self.job.join(format!("stated-{}.jsonl", metered.grant));
            let receipts = metered.receipts(0, 1);
            let answer = self.money().state(MEMBERS[provider].gateway, metered.grant, &receipts, &file).await?;
            ensure!(answer["usage"] == json!(metered.usage(1)), "the first part is stated: {answer}");
        }
        Ok(())
    }

    /// Five bills. One is paid on the ledger, and one by bank.
    async fn some_is_paid_at_once(&mut self, grants: &[Metered]) -> Result<()> {
        let story = &*self;
        let billed = try_join_all((0..MEMBERS.len()).map(|provider| story.bill_first(provider, grants))).await?;
        let billed: Vec<(&Metered, u64)> = billed.into_iter().flatten().collect();
        ensure!(billed.len() == PAIRS.len() - 1, "{} grants were billed", billed.len());
        let [(at_once, paid), (by_bank, declared), ..] = billed.as_slice() else {
            anyhow::bail!("at least two grants were billed");
        };
        self.money().pay(MEMBERS[at_once.consumer].account, *paid).await?;

        let used = self.bank.payment()?;
        self.money().deposit(AGENT, MEMBERS[by_bank.consumer].id, 1, &used).await?;
        self.deposited += 1;
        let (debtor, creditor) = (MEMBERS[by_bank.consumer].account, MEMBERS[by_bank.provider].account);
        self.money().declare_refused(debtor, *declared, &used, "ReferenceUsed").await?;
        let payment = self.bank.payment()?;
        self.money().declare(debtor, *declared, &payment).await?;
        self.money().confirm(creditor, *declared).await?;
        let obligations = self.chain.obligations(CURRENCY).await?;
        for (number, state) in [(*paid, "settled"), (*declared, "booked")] {
            let found = obligations.iter().find(|obligation| obligation.number == number);
            ensure!(
                found.is_some_and(|obligation| obligation.state == state && obligation.cycle == 0),
                "obligation {number} should be {state}: {found:?}"
            );
        }
        self.steps.done("of five bills, one was paid at once and one by bank; its payment was no other's");
        Ok(())
    }

    async fn bill_first<'g>(&self, provider: usize, grants: &'g [Metered]) -> Result<Vec<(&'g Metered, u64)>> {
        let mut billed = Vec::new();
        for metered in grants.iter().skip(1).filter(|metered| metered.provider == provider) {
            billed.push((metered, self.money().bill(MEMBERS[provider].account, metered.grant).await?));
        }
        Ok(billed)
    }

    /// Part after part. What was stated in a round is billed while the next part is stated.
    async fn programs_state_and_bill(&mut self, grants: &mut [Metered], copies: &mut [Metered]) -> Result<()> {
        let mut all: Vec<&mut Metered> = grants.iter_mut().skip(1).chain(copies).collect();
        let mut bills: [Vec<Call>; 3] = Default::default();
        for metered in &all {
            bills[metered.provider].push(metered.bill());
        }
        let rounds = PARTS - 2;
        for round in 1..=rounds {
            let mut statements: [Vec<Call>; 3] = Default::default();
            for metered in &mut all {
                statements[metered.provider].push(metered.state(round + 1)?);
            }
            let billing = async {
                // Of the first round, nothing is mature before.
                if round == 1 {
                    return Ok(());
                }
                self.send_of_members(&bills).await
            };
            futures::future::try_join(self.send_of_gateways(&statements), billing).await?;
            self.until_mature().await?;
        }
        self.send_of_members(&bills).await?;
        let count = all.len();
        self.steps.done(&format!("programs stated and billed {count} grants, {rounds} times"));
        Ok(())
    }

    async fn the_disputed_use_is_billed(&mut self, grants: &[Metered], until: Moment) -> Result<()> {
        self.chain.until_time(until).await?;
        let disputed = grants.first().context("there are grants")?;
        self.money().bill(MEMBERS[disputed.provider].account, disputed.grant).await?;
        self.steps.done("what was disputed is beyond dispute by time alone, and billed");
        Ok(())
    }

    /// All bills of a grant are the price of what was stated, rounded once.
    async fn bills_are_right(&mut self, grants: &[Metered], copies: &[Metered]) -> Result<()> {
        let obligations = self.chain.obligations(CURRENCY).await?;
        for metered in grants.iter().chain(copies) {
            let of_grant: Vec<&Obligation> =
                obligations.iter().filter(|obligation| obligation.grant == metered.grant).collect();
            let billed: Amount = of_grant.iter().map(|obligation| obligation.amount).sum();
            let price = metered.price();
            ensure!(billed == price, "grant {} costs {price}, and {billed} was billed", metered.grant);
            let parties = (MEMBERS[metered.consumer].id, MEMBERS[metered.provider].id);
            ensure!(
                of_grant.iter().all(|obligation| (obligation.debtor, obligation.creditor) == parties),
                "the bills of grant {} are not between its parties: {of_grant:?}",
                metered.grant
            );
        }
        self.steps.done(&format!("{} bills are to the unit what the use costs", obligations.len()));
        Ok(())
    }

    /// Opens a cycle that takes what is owed by now.
    async fn open_cycle(&self, grace: Moment) -> Result<Moment> {
        // What arose in the last final block is not before the time of that.
        let now = self.chain.time().await?;
        self.chain.until_time(now + 1).await?;
        let deadline = now + grace;
        self.money().open_cycle(AGENT, deadline).await?;
        Ok(deadline)
    }

    /// What a cycle settled, which must be what it says, and what moved.
    async fn settled(&self, number: u32, before: [Amount; 3]) -> Result<Netting> {
        let all = self.chain.obligations(CURRENCY).await?;
        let of_cycle: Vec<Obligation> = all.into_iter().filter(|obligation| obligation.cycle == number).collect();
        let open = of_cycle.iter().find(|obligation| obligation.state != "settled");
        ensure!(open.is_none(), "cycle {number} is settled, but not {open:?}");
        let (phase, netting) = self.chain.cycle(CURRENCY, number).await?;
        let expected = Netting::of(&of_cycle);
        ensure!(phase == "settled" && netting == expected, "cycle {number} ({phase}) has {netting:?}: {expected:?}");
        let (pays, gets): (Vec<Amount>, Vec<Amount>) =
            netting.positions.iter().map(|position| (position.pays, position.gets)).unzip();
        let (pays, gets): (Amount, Amount) = (pays.iter().sum(), gets.iter().sum());
        ensure!(pays == gets, "{pays} is paid and {gets} is got in cycle {number}");
        let mut after = before;
        for position in &netting.positions {
            let member = MEMBERS.iter().position(|member| member.id == position.organisation).context("a member")?;
            after[member] = after[member] + position.gets - position.pays;
        }
        let free = self.free().await?;
        ensure!(free == after, "after cycle {number} there is {free:?} instead of {after:?}");
        Ok(netting)
    }

    async fn a_cycle_settles(&mut self) -> Result<()> {
        let before = self.free().await?;
        self.open_cycle(HOUR).await?;
        let moved = self.money().settle(MEMBERS[UNIVERSITY].account, PAGE).await?;
        ensure!(
            (moved.cycle, moved.phase.as_str(), moved.waiting) == (1, "settled", false) && moved.steps > 2,
            "the cycle should be settled in some steps: {moved:?}"
        );
        let netting = self.settled(1, before).await?;
        let Netting { obligations, gross, net, positions, .. } = &netting;
        ensure!(*obligations >= 100, "only {obligations} obligations were netted");
        self.steps.done(&format!(
            "a cycle netted {obligations} obligations of {gross} to {} payments of {net}, in {} steps",
            positions.iter().filter(|position| position.pays > 0).count(),
            moved.steps
        ));

        let again = self.money().settle(MEMBERS[CITY].account, PAGE).await?;
        ensure!(again == Moved { steps: 0, ..moved }, "there was something left to do: {again:?}");
        ensure!(self.settled(1, before).await? == netting, "what is settled has changed");
        self.steps.done("to run it again does nothing");
        Ok(())
    }

    /// Every statement of account, and all money together.
    async fn everything_reconciles(&mut self) -> Result<()> {
        let mut sum = 0;
        for id in MEMBERS.iter().map(|member| member.id).chain([AGENT_ID]) {
            let (free, held) = self.chain.balance(id, CURRENCY).await?;
            sum += free + held;
            let csv = self.job.join(format!("statement-{id}.csv"));
            let statement = self.money().statement(id, &csv).await?;
            let lines = statement["lines"].as_array().context("a statement has lines")?;
            for cycle in 1..=3 {
                let about = format!("cycle {CURRENCY}-{cycle}");
                let of_cycle = lines.iter().filter(|line| line["kind"] == "cycle_settled" && line["about"] == about);
                ensure!(of_cycle.count() <= 1, "organisation {id} has more than one payment in {about}: {statement}");
            }
        }
        let (deposited, paid_out) = (self.deposited, self.paid_out);
        ensure!(
            sum + paid_out == deposited,
            "{deposited} was deposited and {paid_out} paid out, but there is {sum} on the ledger"
        );
        self.steps.done("everybody's statement of account reconciles, and no money is lost or made");
        Ok(())
    }

    /// It is paid out, and gone from the ledger.
    async fn one_withdraws_its_money(&mut self) -> Result<()> {
        let Member { id, account, .. } = &MEMBERS[TELECOM];
        let (free, _) = self.chain.balance(*id, CURRENCY).await?;
        let withdrawal = self.money().request_withdrawal(account, free, &[7; 32]).await?;
        let held = self.chain.balance(*id, CURRENCY).await?;
        ensure!(held == (0, free), "what is to be paid out is on hold: {held:?}");
        let payment = self.bank.payment()?;
        self.money().pay_out(AGENT, withdrawal, &payment).await?;
        self.paid_out += free;
        let gone = self.chain.balance(*id, CURRENCY).await?;
        ensure!(gone == (0, 0), "what was paid out is still there: {gone:?}");
        self.steps.done(&format!("the telecom withdrew its {free}"));
        Ok(())
    }

    /// The telecom owes four times, and is owed once. Gives what it owes.
    async fn it_cannot_pay(&mut self, copies: &mut [Metered]) -> Result<Vec<Obligation>> {
        let known = self.chain.obligations(CURRENCY).await?.len();
        let mut statements: [Vec<Call>; 3] = Default::default();
        let mut bills: [Vec<Call>; 3] = Default::default();
        for (pair, wanted) in [((CITY, TELECOM), COPIES), ((TELECOM, UNIVERSITY), 1), ((UNIVERSITY, CITY), 1)] {
            let of_pair = copies.iter_mut().filter(|metered| (metered.provider, metered.consumer) == pair);
            for metered in of_pair.take(wanted) {
                statements[metered.provider].push(metered.state(PARTS)?);
                bills[metered.provider].push(metered.bill());
            }
        }
        self.send_of_gateways(&statements).await?;
        self.until_mature().await?;
        self.send_of_members(&bills).await?;
        let new = self.chain.obligations(CURRENCY).await?.split_off(known);
        let debtor = MEMBERS[TELECOM].id;
        let (owed, others): (Vec<Obligation>, Vec<Obligation>) =
            new.into_iter().partition(|obligation| obligation.debtor == debtor);
        ensure!((owed.len(), others.len()) == (COPIES, 2), "the telecom owes {owed:?}, and others owe {others:?}");

        let before = self.free().await?;
        let deadline = self.open_cycle(GRACE).await?;
        let moved = self.money().settle(MEMBERS[UNIVERSITY].account, PAGE).await?;
        ensure!(
            (moved.cycle, moved.phase.as_str(), moved.waiting) == (2, "funding", true),
            "a debtor has time until the deadline: {moved:?}"
        );
        // What others pay is on hold, and still theirs.
        for (member, before) in MEMBERS.iter().zip(before) {
            let (free, held) = self.chain.balance(member.id, CURRENCY).await?;
            ensure!(free + held == before, "{free} and {held} instead of {before}: nothing moves before all can pay");
        }
        self.steps.done("a second cycle waits for the telecom, which has nothing");
        self.everything_reconciles().await?;

        self.chain.until_time(deadline).await?;
        let moved = self.money().settle(MEMBERS[CITY].account, PAGE).await?;
        ensure!(
            (moved.cycle, moved.phase.as_str(), moved.waiting) == (2, "settled", false),
            "the others settle at the deadline: {moved:?}"
        );
        let netting = self.settled(2, before).await?;
        ensure!(netting.obligations == others.len() as u64, "others had {others:?}: {netting:?}");
        let filter = json!({"subject": format!("organisation:{debtor}"), "kind": "cycle_defaulted"});
        let defaults = self.chain.records(filter).await?;
        ensure!(defaults.len() == 1, "the telecom is named once: {defaults:?}");
        self.same_but_for(&owed, "open", 0).await?;
        self.steps.done("at the deadline the telecom was named, and the others settled without what it owes");
        Ok(owed)
    }

    /// What was owed is as it was, in that state and cycle.
    async fn same_but_for(&self, owed: &[Obligation], state: &str, cycle: u32) -> Result<()> {
        let all = self.chain.obligations(CURRENCY).await?;
        for one in owed {
            let expected = Obligation { state: state.to_owned(), cycle, ..one.clone() };
            let found = all.iter().find(|obligation| obligation.number == one.number);
            ensure!(found == Some(&expected), "{found:?} should be {expected:?}");
        }
        Ok(())
    }

    async fn its_obligations_are_in_the_next_cycle(&mut self, owed: &[Obligation]) -> Result<()> {
        self.deposit(TELECOM, DEPOSIT).await?;
        let before = self.free().await?;
        self.open_cycle(HOUR).await?;
        let moved = self.money().settle(MEMBERS[TELECOM].account, PAGE).await?;
        ensure!(
            (moved.cycle, moved.phase.as_str(), moved.waiting) == (3, "settled", false),
            "the next cycle should be settled: {moved:?}"
        );
        let netting = self.settled(3, before).await?;
        ensure!(netting.obligations == owed.len() as u64, "the cycle should have {owed:?}: {netting:?}");
        self.same_but_for(owed, "settled", 3).await?;
        self.steps.done(&format!("with money again, the telecom paid what it owed: {} obligations", owed.len()));
        Ok(())
    }
}
