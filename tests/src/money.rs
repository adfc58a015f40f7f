//! Money, looked after with the `citynet` command as treasurers and gateways would.

use crate::{
    chain::{bytes, decimal, text},
    data::Receipts,
    Chain, Citynet, Finished,
};
use anyhow::{ensure, Context as _, Result};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    Amount, GrantId, GrantInfo, GrossLeaf, Hash, Moment, NetPosition, OrganisationId, Terms, Usage,
};
use citynet_proofs::time;
use codec::{DecodeAll as _, Encode as _};
use serde_json::{json, Value};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Where chain state has the time: the hashes of `Timestamp` and `Now`.
const NOW: &str = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
/// How many of the smallest unit the usual one has, with the two decimals that currencies have here.
const UNITS: Amount = 100;
/// How many obligations are asked for at a time.
const PAGE: u32 = 100;

/// A payment at a bank, with the bank's notification.
#[derive(Clone, Debug)]
pub struct Payment {
    uetr: String,
    notification: PathBuf,
}

/// A bank, through which payments go that no chain sees.
#[derive(Debug)]
pub struct Bank {
    folder: PathBuf,
    payments: u64,
}

impl Bank {
    /// Its notifications are kept in this folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), payments: 0 }
    }

    /// Another payment, with a UETR of its own.
    ///
    /// # Errors
    ///
    /// When its notification cannot be written.
    pub fn payment(&mut self) -> Result<Payment> {
        self.payments += 1;
        let uetr = format!("{:08x}-0000-4000-8000-{:012x}", self.payments, self.payments);
        let notification = self.folder.join(format!("camt054-{}.xml", self.payments));
        let document =
            format!("<Document><BkToCstmrDbtCdtNtfctn><UETR>{uetr}</UETR></BkToCstmrDbtCdtNtfctn></Document>\n");
        fs::write(&notification, document)?;
        Ok(Payment { uetr, notification })
    }
}

/// What `citynet settle run` tells about a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The number of its cycle.
    pub cycle: u64,
    /// Where that is.
    pub phase: String,
    /// How many transactions moved it on.
    pub steps: u64,
    /// Whether debtors have time until the deadline.
    pub waiting: bool,
}

/// Who looks after money of a currency with two decimals, through one node. Organisations are named by their
/// development accounts.
#[derive(Clone, Copy, Debug)]
pub struct Money<'a> {
    citynet: &'a Citynet,
    symbol: &'a str,
}

impl<'a> Money<'a> {
    /// Through the node of this command.
    pub const fn new(citynet: &'a Citynet, symbol: &'a str) -> Self {
        Self { citynet, symbol }
    }

    /// Runs a command that an account signs, about a payment if there is one.
    async fn run(&self, account: &str, words: &[&str], payment: Option<&Payment>) -> Result<Finished> {
        let mut arguments: Vec<OsString> =
            words.iter().chain(&["--dev-account", account]).map(OsString::from).collect();
        if let Some(Payment { uetr, notification }) = payment {
            arguments.extend([OsString::from("--uetr"), uetr.into(), OsString::from("--notification")]);
            arguments.push(notification.into());
        }
        self.citynet.run(arguments).await
    }

    /// As [`Money::run`], where it must succeed. Gives the answer.
    async fn done(&self, account: &str, words: &[&str], payment: Option<&Payment>) -> Result<Value> {
        let finished = self.run(account, words, payment).await?;
        ensure!(finished.code == 0, "{account} cannot {}: {finished:?}", words.join(" "));
        finished.json()
    }

    /// As [`Money::run`], where the ledger must refuse it for this reason.
    async fn refused(&self, account: &str, words: &[&str], payment: Option<&Payment>, reason: &str) -> Result<()> {
        let finished = self.run(account, words, payment).await?;
        ensure!(
            finished.code == 1 && finished.text().contains(&format!("Settlements::{reason}")),
            "{account} should get {reason} for {}: {finished:?}",
            words.join(" ")
        );
        Ok(())
    }

    /// Deposits for an organisation, as the currency's agent.
    ///
    /// # Errors
    ///
    /// When the command fails; so with everything here.
    pub async fn deposit(
        &self,
        agent: &str,
        organisation: OrganisationId,
        amount: Amount,
        payment: &Payment,
    ) -> Result<()> {
        let (organisation, amount) = (organisation.to_string(), usual(amount));
        let words = ["deposit", "--currency", self.symbol, "--organisation", &organisation, "--amount", &amount];
        self.done(agent, &words, Some(payment)).await.map(drop)
    }

    /// As [`Money::deposit`], where the ledger must refuse it for this reason.
    pub async fn deposit_refused(
        &self,
        agent: &str,
        organisation: OrganisationId,
        amount: Amount,
        payment: &Payment,
        reason: &str,
    ) -> Result<()> {
        let (organisation, amount) = (organisation.to_string(), usual(amount));
        let words = ["deposit", "--currency", self.symbol, "--organisation", &organisation, "--amount", &amount];
        self.refused(agent, &words, Some(payment), reason).await
    }

    /// Asks for money to be paid out. Gives the withdrawal's number.
    pub async fn request_withdrawal(&self, account: &str, amount: Amount, to: &Hash) -> Result<u64> {
        let (amount, to) = (usual(amount), format!("0x{}", hex::encode(to)));
        let words = ["withdraw", "request", "--currency", self.symbol, "--amount", &amount, "--account", &to];
        decimal(&self.done(account, &words, None).await?["withdrawal"])
    }

    /// Says that a withdrawal was paid out, as the currency's agent.
    pub async fn pay_out(&self, agent: &str, withdrawal: u64, payment: &Payment) -> Result<()> {
        let withdrawal = withdrawal.to_string();
        self.done(agent, &["withdraw", "pay", &withdrawal], Some(payment)).await.map(drop)
    }

    /// Pays for a binding offer and accepts it, in one step.
    pub async fn pay_and_accept(&self, account: &str, grant: GrantId) -> Result<()> {
        self.done(account, &["settle", "price", "accept", &grant.to_string()], None).await.map(drop)
    }

    /// States use by the receipts that it adds, which are written to a file.
    pub async fn state(&self, account: &str, grant: GrantId, receipts: &Receipts, file: &Path) -> Result<Value> {
        self.state_or_restate("state", account, grant, receipts, file).await
    }

    /// States disputed use anew.
    pub async fn restate(&self, account: &str, grant: GrantId, receipts: &Receipts, file: &Path) -> Result<Value> {
        self.state_or_restate("restate", account, grant, receipts, file).await
    }

    async fn state_or_restate(
        &self,
        verb: &str,
        account: &str,
        grant: GrantId,
        receipts: &Receipts,
        file: &Path,
    ) -> Result<Value> {
        fs::write(file, receipts.text())?;
        let (grant, path) = (grant.to_string(), file.to_str().context("the file's name is text")?);
        let answer = self.done(account, &["usage", verb, &grant, path], None).await?;
        let root = format!("0x{}", hex::encode(receipts.root()?));
        ensure!(answer["root"] == json!(root), "the root of the receipts is {root}: {answer}");
        Ok(answer)
    }

    /// Disputes a statement.
    pub async fn dispute(&self, account: &str, grant: GrantId, usage: &Usage, reason: &str) -> Result<()> {
        let (grant, accesses) = (grant.to_string(), usage.accesses.to_string());
        let (records, bytes) = (usage.records.to_string(), usage.bytes.to_string());
        let mut words = vec!["usage", "dispute", &grant, "--accesses", &accesses, "--records", &records];
        words.extend(["--bytes", &bytes, "--reason", reason]);
        self.done(account, &words, None).await.map(drop)
    }

    /// Bills a grant. Gives the obligation's number.
    pub async fn bill(&self, account: &str, grant: GrantId) -> Result<u64> {
        decimal(&self.done(account, &["usage", "bill", &grant.to_string()], None).await?["obligation"])
    }

    /// As [`Money::bill`], where the ledger must refuse it for this reason.
    pub async fn bill_refused(&self, account: &str, grant: GrantId, reason: &str) -> Result<()> {
        self.refused(account, &["usage", "bill", &grant.to_string()], None, reason).await
    }

    /// Pays an obligation on the ledger.
    pub async fn pay(&self, account: &str, obligation: u64) -> Result<()> {
        self.done(account, &["settle", "pay", &obligation.to_string()], None).await.map(drop)
    }

    /// Says that an obligation was paid by bank.
    pub async fn declare(&self, account: &str, obligation: u64, payment: &Payment) -> Result<()> {
        self.done(account, &["settle", "declare", &obligation.to_string()], Some(payment)).await.map(drop)
    }

    /// As [`Money::declare`], where the ledger must refuse it for this reason.
    pub async fn declare_refused(&self, account: &str, obligation: u64, payment: &Payment, reason: &str) -> Result<()> {
        self.refused(account, &["settle", "declare", &obligation.to_string()], Some(payment), reason).await
    }

    /// Confirms that a payment by bank has arrived.
    pub async fn confirm(&self, account: &str, obligation: u64) -> Result<()> {
        self.done(account, &["settle", "confirm", &obligation.to_string()], None).await.map(drop)
    }

    /// Opens a netting cycle that takes what arose before the time of the last final block.
    pub async fn open_cycle(&self, agent: &str, deadline: Moment) -> Result<()> {
        let deadline = time::print(deadline);
        let words = ["settle", "cycle", "open", self.symbol, "--deadline", &deadline];
        self.done(agent, &words, None).await.map(drop)
    }

    /// Moves the netting cycle on, in pages of so many obligations.
    pub async fn settle(&self, account: &str, page: u32) -> Result<Moved> {
        let page = page.to_string();
        let words = ["settle", "run", "--currency", self.symbol, "--page", &page];
        let answer = self.done(account, &words, None).await?;
        let moved = answer.get(0).with_context(|| format!("something about the currency: {answer}"))?;
        Ok(Moved {
            cycle: moved["cycle"].as_u64().with_context(|| format!("a cycle has a number: {moved}"))?,
            phase: text(&moved["phase"])?,
            steps: moved["steps"].as_u64().with_context(|| format!("steps are counted: {moved}"))?,
            waiting: moved["waiting"].as_bool().with_context(|| format!("it waits or not: {moved}"))?,
        })
    }

    /// An organisation's statement of account, which must add up and be what the ledger's state says. Its lines are
    /// written to a file too, as CSV.
    pub async fn statement(&self, organisation: OrganisationId, csv: &Path) -> Result<Value> {
        let (organisation, path) = (organisation.to_string(), csv.to_str().context("the file's name is text")?);
        let words = ["statement", "--org", &organisation, "--currency", self.symbol, "--csv", path];
        let answer = self.citynet.json(words).await?;
        ensure!(
            answer["addsUp"] == json!(true) && answer["reconciles"] == json!(true),
            "the statement of organisation {organisation} does not reconcile: {answer}"
        );
        let lines = answer["lines"].as_array().context("a statement has lines")?.len();
        let written = fs::read_to_string(csv)?.lines().count();
        ensure!(written == lines + 1, "the file has {written} lines, for {lines} and their heading");
        Ok(answer)
    }
}

/// An amount in the usual unit, as people write it.
fn usual(amount: Amount) -> String {
    format!("{}.{:02}", amount / UNITS, amount % UNITS)
}

/// What one organisation owes another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Its number.
    pub number: u64,
    /// `open`, `netting`, `declared`, `settled` or `booked`.
    pub state: String,
    /// Who owes.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
    /// How much.
    pub amount: Amount,
    /// The grant that it comes from.
    pub grant: GrantId,
    /// When it arose.
    pub since: Moment,
    /// The netting cycle that has or settled it, or 0.
    pub cycle: u32,
}

impl Obligation {
    fn read(view: &Value) -> Result<Self> {
        Ok(Self {
            number: decimal(&view["obligation"])?,
            state: text(&view["state"])?,
            debtor: organisation(&view["debtor"])?,
            creditor: organisation(&view["creditor"])?,
            amount: amount(&view["amount"])?,
            grant: GrantId(decimal(&view["grant"])?),
            since: decimal(&view["since"])?,
            cycle: small(&view["cycle"])?,
        })
    }
}

/// What a netting cycle comes to. Everybody can compute it from its obligations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Netting {
    /// How many obligations there are.
    pub obligations: u64,
    /// What they sum up to.
    pub gross: Amount,
    /// What moves.
    pub net: Amount,
    /// RFC 9162 root over them.
    pub root: Hash,
    /// What everybody pays or gets, by organisation.
    pub positions: Vec<NetPosition>,
}

impl Netting {
    /// Of these obligations, which are in the order of their numbers.
    pub fn of(obligations: &[Obligation]) -> Self {
        let mut sums: BTreeMap<OrganisationId, (Amount, Amount)> = BTreeMap::new();
        for Obligation { debtor, creditor, amount, .. } in obligations {
            sums.entry(*debtor).or_default().0 += amount;
            sums.entry(*creditor).or_default().1 += amount;
        }
        let positions: Vec<NetPosition> = sums
            .into_iter()
            .filter(|(_, (owes, owed))| owes != owed)
            .map(|(organisation, (owes, owed))| NetPosition {
                organisation,
                pays: owes.saturating_sub(owed),
                gets: owed.saturating_sub(owes),
            })
            .collect();
        let leaves = obligations.iter().map(|obligation| {
            let Obligation { number, debtor, creditor, amount, .. } = *obligation;
            leaf_hash::<Portable>(&GrossLeaf { obligation: number, debtor, creditor, amount }.encode())
        });
        Self {
            obligations: obligations.len() as u64,
            gross: obligations.iter().map(|obligation| obligation.amount).sum(),
            net: positions.iter().map(|position| position.pays).sum(),
            root: MemoryTree::<Portable>::from_leaf_hashes(leaves).root(),
            positions,
        }
    }
}

impl Chain {
    /// The ledger's time: that of the finalised head.
    ///
    /// # Errors
    ///
    /// When the node does not answer; so with everything here.
    pub async fn time(&self) -> Result<Moment> {
        let (_, head) = self.finalized().await?;
        let stored = text(&self.call("state_getStorage", vec![json!(NOW), json!(head)]).await?)?;
        Ok(Moment::decode_all(&mut bytes(&stored)?.as_slice())?)
    }

    /// Waits until a block of that time, or a later one, is finalised.
    pub async fn until_time(&self, wanted: Moment) -> Result<()> {
        let what = format!("a final block has the time {wanted}");
        self.until(&what, async || Ok((self.time().await? >= wanted).then_some(()))).await
    }

    /// What an organisation has of a currency: free, and on hold.
    pub async fn balance(&self, of: OrganisationId, currency: u32) -> Result<(Amount, Amount)> {
        let answer = self.call("citynet_balances", vec![json!(of.0)]).await?;
        let balances = answer["balances"].as_array().context("balances are a list")?;
        let balance = balances.iter().find(|balance| balance["currency"] == json!(currency));
        let balance = balance.with_context(|| format!("a balance of currency {currency}: {answer}"))?;
        Ok((amount(&balance["free"])?, amount(&balance["held"])?))
    }

    /// All obligations of a currency, in the order of their numbers. The node must keep an index.
    pub async fn obligations(&self, currency: u32) -> Result<Vec<Obligation>> {
        self.until_indexed().await?;
        let mut obligations = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let parameters = vec![json!({ "currency": currency }), cursor, json!(PAGE)];
            let page = self.call("citynet_obligations", parameters).await?;
            let items = page["items"].as_array().context("a page has items")?;
            for item in items {
                obligations.push(Obligation::read(item)?);
            }
            cursor = page["next"].clone();
            if cursor.is_null() {
                return Ok(obligations);
            }
        }
    }

    /// Where a netting cycle is, and what it comes to.
    pub async fn cycle(&self, currency: u32, number: u32) -> Result<(String, Netting)> {
        let answer = self.call("citynet_cycle", vec![json!(currency), json!(number)]).await?;
        let position = |view: &Value| {
            anyhow::Ok(NetPosition {
                organisation: organisation(&view["organisation"])?,
                pays: amount(&view["pays"])?,
                gets: amount(&view["gets"])?,
            })
        };
        let positions = answer["positions"].as_array().context("positions are a list")?;
        let root: Hash = bytes(&text(&answer["root"])?)?
            .try_into()
            .map_err(|root: Vec<u8>| anyhow::anyhow!("a root has {} bytes", root.len()))?;
        let netting = Netting {
            obligations: decimal(&answer["obligations"])?,
            gross: amount(&answer["gross"])?,
            net: amount(&answer["net"])?,
            root,
            positions: positions.iter().map(position).collect::<Result<_>>()?,
        };
        Ok((text(&answer["phase"])?, netting))
    }

    /// How many grants there are, after the best block.
    pub async fn grant_count(&self) -> Result<u64> {
        let answer = self.call("state_call", vec![json!("GrantsApi_grant_count"), json!("0x")]).await?;
        Ok(u64::decode_all(&mut bytes(&text(&answer)?)?.as_slice())?)
    }

    /// A grant's terms and their hash, after the best block.
    pub async fn terms(&self, grant: GrantId) -> Result<(Terms, Hash)> {
        let argument = format!("0x{}", hex::encode(grant.encode()));
        let answer = self.call("state_call", vec![json!("GrantsApi_grant"), json!(argument)]).await?;
        let info = Option::<GrantInfo>::decode_all(&mut bytes(&text(&answer)?)?.as_slice())?;
        let info = info.with_context(|| format!("there is no grant {grant}"))?;
        Ok((info.terms, info.terms_hash))
    }
}

fn amount(value: &Value) -> Result<Amount> {
    text(value)?.parse().with_context(|| format!("{value} is no amount"))
}

fn small(value: &Value) -> Result<u32> {
    let number = value.as_u64().with_context(|| format!("{value} is no number"))?;
    Ok(u32::try_from(number)?)
}

fn organisation(value: &Value) -> Result<OrganisationId> {
    small(value).map(OrganisationId)
}
