//! What is paid for, and who pays whom.

use super::{
    datasets::{Stream, Streams},
    grants::pseudonymised,
    members::{Member, Members},
    City, Kind, HOUR,
};
use crate::{
    council::Decision,
    data::Receipts,
    money::{self, Money, Moved},
};
use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{Action, Amount, GrantId, Moment, Usage};
use futures::future::try_join_all;
use serde_json::{json, Value};
use tokio::try_join;

const SYMBOL: &str = "RUB";
/// Kopecks in a rouble.
const ROUBLE: Amount = 100;
/// For how long a statement can be disputed, so that nobody waits long; and the one that is, so that there is time to.
const WINDOW: Moment = 15_000;
const LONG_WINDOW: Moment = 45_000;
/// Until when debtors have time in a cycle that one of them cannot pay.
const GRACE: Moment = 20_000;
/// Bytes of a record, about.
const BYTES: u64 = 60;
/// Obligations in a step of a cycle.
const PAGE: u32 = 50;

/// Use that is paid by the record.
struct Deal {
    /// Its position among the grants here.
    position: u64,
    /// By which its files are called.
    name: &'static str,
    provider: Member,
    consumer: Member,
    stream: Stream,
    actions: &'static [&'static str],
    purpose: &'static str,
    /// Whether the data are about people.
    people: bool,
    /// Kopecks for a record.
    rate: Amount,
    /// How often it is used, and how many records each time.
    accesses: u64,
    records: u64,
    window: Moment,
}

/// A deal that is in force, and whose use is stated.
struct Sale {
    deal: Deal,
    grant: GrantId,
    /// From when on nobody can dispute it.
    undisputed: Moment,
}

/// All of them.
pub struct Sold {
    /// Its use was stated wrongly at first.
    disputed: Sale,
    /// Those that are paid in the first cycle.
    payable: Vec<Sale>,
    /// Its consumer has not the money.
    unpaid: Sale,
    /// How many grants there are, with one at a fixed price.
    pub count: usize,
}

impl Sold {
    /// The grant by which the city uses the footfall.
    pub fn footfall(&self) -> GrantId {
        self.disputed.grant
    }
}

/// Receipts of the first accesses of a deal.
fn receipts(deal: &Deal, grant: GrantId, at: Moment, accesses: u64) -> Receipts {
    let version = Some(deal.stream.version.version);
    (0..accesses).fold(Receipts::of_grant(grant), |receipts, _| {
        receipts.given(at, Action::Read, version, deal.records, deal.records * BYTES)
    })
}

impl City {
    fn money(&self) -> Money<'_> {
        Money::new(&self.citynet, SYMBOL)
    }

    /// The council creates it, by five of seven votes. Gives its number.
    pub async fn currency_is_created(&self, members: &Members) -> Result<u32> {
        let Members { city, telecom, polytechnic, technologies, bank, .. } = members;
        let agent = bank.id.to_string();
        let reason = "the use of data is paid for in roubles";
        let what = ["currency", SYMBOL, "--exponent", "2", "--agent", &agent];
        let motion = self.propose(bank.account, &what, reason).await?;
        let voters = [city, telecom, polytechnic, technologies];
        try_join_all(voters.map(|voter| self.vote(voter.account, motion, true, reason))).await?;
        let decision = self.close(bank.account, motion).await?;
        ensure!(decision == Decision::Done, "there is no currency: {decision:?}");
        let listed = self.citynet.json(["currency", "list"]).await?;
        let number = listed[0]["currency"].as_u64().with_context(|| format!("there is one currency: {listed}"))?;
        Ok(u32::try_from(number)?)
    }

    /// The agent deposits what arrived at its bank. The metro has sent nothing yet.
    pub async fn money_is_deposited(&self, members: &Members) -> Result<()> {
        let Members { city, telecom, polytechnic, technologies, committee, bank, .. } = members;
        let mut payments = money::Bank::new(&self.folder);
        for (member, roubles) in
            [(city, 250_000), (telecom, 180_000), (polytechnic, 60_000), (technologies, 40_000), (committee, 20_000)]
        {
            let payment = payments.payment()?;
            let _turn = self.turn(bank.account).await?;
            self.money().deposit(bank.account, member.id, roubles * ROUBLE, &payment).await?;
        }
        (self.say)("the council created a currency, and its agent deposited 550 000.00 RUB for five organisations");
        Ok(())
    }

    /// What is granted for money. The use is reported and stated, once wrongly.
    pub async fn data_is_sold(&self, members: &Members, streams: &Streams, currency: u32) -> Result<Sold> {
        let Members { city, telecom, polytechnic, metro, .. } = *members;
        let Streams { air, footfall, weather, entrances, .. } = *streams;
        let disputed = Deal {
            position: 2,
            name: "footfall-city",
            provider: telecom,
            consumer: city,
            stream: footfall,
            actions: &["read", "derive", "aggregate"],
            purpose: "dpv:ProvideOfficialStatistics",
            people: true,
            rate: 250,
            accesses: 7,
            records: 144,
            window: LONG_WINDOW,
        };
        let unpaid = Deal {
            position: 6,
            name: "air-metro",
            provider: city,
            consumer: metro,
            stream: air,
            actions: &["read", "derive"],
            purpose: "dpv:ImproveTransportMobility",
            people: false,
            rate: 300,
            accesses: 10,
            records: 288,
            window: WINDOW,
        };
        let payable = [
            Deal {
                position: 10,
                name: "air-telecom",
                provider: city,
                consumer: telecom,
                stream: air,
                actions: &["read"],
                purpose: "dpv:ServiceOptimisation",
                people: false,
                rate: 200,
                accesses: 3,
                records: 288,
                window: WINDOW,
            },
            Deal {
                position: 5,
                name: "weather-telecom",
                provider: polytechnic,
                consumer: telecom,
                stream: weather,
                actions: &["read"],
                purpose: "dpv:ServiceOptimisation",
                people: false,
                rate: 120,
                accesses: 4,
                records: 144,
                window: WINDOW,
            },
            Deal {
                position: 12,
                name: "weather-city",
                provider: polytechnic,
                consumer: city,
                stream: weather,
                actions: &["read", "derive"],
                purpose: "dpv:ImprovePublicServices",
                people: false,
                rate: 120,
                accesses: 6,
                records: 144,
                window: WINDOW,
            },
            Deal {
                position: 3,
                name: "entrances-polytechnic",
                provider: metro,
                consumer: polytechnic,
                stream: entrances,
                actions: &["read", "derive"],
                purpose: "dpv:ScientificResearch",
                people: false,
                rate: 200,
                accesses: 5,
                records: 108,
                window: WINDOW,
            },
        ];
        let (disputed, unpaid, payable, ()) = try_join!(
            self.sell_with_a_dispute(disputed, currency),
            self.sell(unpaid, currency),
            try_join_all(payable.map(|deal| self.sell(deal, currency))),
            self.sell_at_a_fixed_price(members, streams, currency),
        )?;
        let count = payable.len() + 3;
        Ok(Sold { disputed, payable, unpaid, count })
    }

    /// Has a deal come into force.
    async fn strike(&self, deal: &Deal, currency: u32) -> Result<GrantId> {
        let terms = json!({
            "dataset": deal.stream.dataset.to_string(),
            "consumer": deal.consumer.id,
            "controller": deal.provider.id,
            "actions": deal.actions,
            "purposes": [deal.purpose],
            "price": {
                "kind": "metered",
                "currency": currency,
                "unit": "record",
                "dispute_window": format!("{}ms", deal.window),
                "tiers": [{"amount": deal.rate.to_string()}, {"above": "100000", "amount": (deal.rate / 2).to_string()}],
            },
        });
        let terms = if deal.people { pseudonymised(terms)? } else { terms };
        let grant = self.offer(deal.position, &deal.provider, &self.terms(deal.name, 180, terms)?).await?;
        self.accept(&deal.consumer, grant).await?;
        Ok(grant)
    }

    /// States use by receipts, or states it anew.
    async fn state(&self, deal: &Deal, grant: GrantId, receipts: &Receipts, anew: bool) -> Result<Value> {
        let gateway = deal.provider.gateway;
        let _turn = self.turn(gateway).await?;
        if anew {
            let file = self.folder.join(format!("restated-{}.jsonl", deal.name));
            return self.money().restate(gateway, grant, receipts, &file).await;
        }
        let file = self.folder.join(format!("stated-{}.jsonl", deal.name));
        self.money().state(gateway, grant, receipts, &file).await
    }

    async fn sell(&self, deal: Deal, currency: u32) -> Result<Sale> {
        let grant = self.strike(&deal, currency).await?;
        let all = receipts(&deal, grant, self.in_force().await?, deal.accesses);
        self.report(&deal.provider, &all, deal.name).await?;
        self.state(&deal, grant, &all, false).await?;
        self.sale(deal, grant).await
    }

    /// A deal whose use was just stated.
    async fn sale(&self, deal: Deal, grant: GrantId) -> Result<Sale> {
        let undisputed = self.chain.time().await? + deal.window;
        Ok(Sale { deal, grant, undisputed })
    }

    /// The provider states more than its consumer had, and takes that back.
    async fn sell_with_a_dispute(&self, deal: Deal, currency: u32) -> Result<Sale> {
        let grant = self.strike(&deal, currency).await?;
        let at = self.in_force().await?;
        let all = receipts(&deal, grant, at, deal.accesses);
        self.report(&deal.provider, &all, deal.name).await?;
        self.state(&deal, grant, &all, false).await?;

        let accesses = deal.accesses - 3;
        let records = accesses * deal.records;
        let counted = Usage { accesses, records, bytes: records * BYTES };
        let reason = "three of the seven answers were empty";
        {
            let _turn = self.turn(deal.consumer.account).await?;
            self.money().dispute(deal.consumer.account, grant, &counted, reason).await?;
        }
        self.state(&deal, grant, &receipts(&deal, grant, at, accesses), true).await?;
        self.sale(deal, grant).await
    }

    /// The city pays for the committee's noise in one step with accepting it.
    async fn sell_at_a_fixed_price(&self, members: &Members, streams: &Streams, currency: u32) -> Result<()> {
        let Members { city, committee, .. } = members;
        let terms = json!({
            "dataset": streams.noise.dataset.to_string(),
            "consumer": city.id,
            "controller": committee.id,
            "actions": ["read", "derive", "aggregate"],
            "purposes": ["dpv:PublicPolicyMaking", "dpv:ImprovePublicServices"],
            "price": {"kind": "fixed", "currency": currency, "amount": (4_800 * ROUBLE).to_string()},
        });
        let grant = self.offer(4, committee, &self.terms("noise-city", 365, terms)?).await?;
        let _turn = self.turn(city.account).await?;
        self.money().pay_and_accept(city.account, grant).await
    }

    /// Bills a deal once nobody can dispute its use, at that position among the obligations here. Gives the obligation's
    /// number.
    async fn bill(&self, position: u64, sale: &Sale) -> Result<u64> {
        self.chain.until_time(sale.undisputed).await?;
        self.until_next(Kind::Obligations, position).await?;
        let account = sale.deal.provider.account;
        let _turn = self.turn(account).await?;
        self.money().bill(account, sale.grant).await
    }

    /// Opens a cycle that takes what is owed by now, and gives its deadline.
    async fn open_cycle(&self, bank: &Member, grace: Moment) -> Result<Moment> {
        let now = self.chain.time().await?;
        self.chain.until_time(now + 1).await?;
        let _turn = self.turn(bank.account).await?;
        self.money().open_cycle(bank.account, now + grace).await?;
        Ok(now + grace)
    }

    async fn run_cycle(&self, bank: &Member) -> Result<Moved> {
        let _turn = self.turn(bank.account).await?;
        self.money().settle(bank.account, PAGE).await
    }

    /// A first cycle settles what all can pay. In a second one the metro has not the money: the others settle, and what
    /// it owes stays open: that obligation's number is given. The telecom then asks for money to be paid out.
    pub async fn use_is_settled(&self, members: &Members, sold: &Sold) -> Result<u64> {
        let Members { bank, telecom, .. } = members;
        try_join_all((1..).zip(&sold.payable).map(|(position, sale)| self.bill(position, sale))).await?;
        self.open_cycle(bank, HOUR).await?;
        // What arises from now on is not in it.
        let next = sold.payable.len() as u64 + 1;
        let (first, _, unpaid) =
            try_join!(self.run_cycle(bank), self.bill(next, &sold.disputed), self.bill(next + 1, &sold.unpaid))?;
        ensure!(first.phase == "settled", "all can pay in the first cycle: {first:?}");
        (self.say)(&format!(
            "a netting cycle settled {} bills; a disputed statement was stated anew",
            sold.payable.len()
        ));

        let deadline = self.open_cycle(bank, GRACE).await?;
        let mut second = self.run_cycle(bank).await?;
        if second.waiting {
            self.chain.until_time(deadline).await?;
            second = self.run_cycle(bank).await?;
        }
        ensure!(second.phase == "settled", "the others settle without the metro: {second:?}");
        (self.say)("in a second cycle the metro could not pay 8 640.00 RUB in time; the others settled without it");

        let _turn = self.turn(telecom.account).await?;
        self.money().request_withdrawal(telecom.account, 15_000 * ROUBLE, &[7; 32]).await?;
        Ok(unpaid)
    }
}
