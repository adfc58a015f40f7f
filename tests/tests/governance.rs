//! A fifth organisation applies, is voted in, runs a validator, changes its keys and is expelled. Before that, the
//! consortium shows that too few cannot decide, and that nobody can decide to be too few. Blocks become final
//! throughout.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::Account;
use citynet_tests::{
    consensus::{same_finality, Validator},
    consortium::SESSION_LENGTH,
    council::{Council, Decision},
    node::{Work, EVE},
    transactions::{account, Call, Refusal, Transactions},
    Chain, Citynet, Consortium, Network, Options, Steps,
};
use codec::Encode as _;
use serde_json::{json, Value};

/// The number that the fifth organisation gets.
const FIFTH: u32 = 5;
const CHARLIE: usize = 2;
/// As many members and validators as there are, so that none can be done without.
const MINIMUM: u32 = 4;
const REASON: &str = "its contact does not answer any more";
/// The account of its validator.
const VALIDATOR: &str = "eve//validator";
/// How often keys are changed when others miss turns meanwhile, which says that the machine does.
const ATTEMPTS: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_fifth_organisation_comes_and_goes() -> Result<()> {
    let consortium = Some(Consortium { min_members: MINIMUM, min_validators: MINIMUM, ..Consortium::default() });
    let steps = Steps::of("governance");
    let mut network = Network::start(Options { consortium, ..Options::default() }).await?;
    let mut story = Story { chain: network.chain().await?, citynet: network.citynet()?, last: 0, steps };
    story.done("four validators finalise").await?;

    story.too_few_decide_nothing().await?;
    story.nobody_can_be_too_few().await?;
    story.the_fifth_is_voted_in().await?;

    let position = network.join(EVE, Work::OwnKeys, "eve", &[]).await?;
    network.node(position).chain().await?.until_finalized(story.last).await?;
    let at_eve = network.citynet_at(position)?;
    let validator = story.it_adds_a_validator(&at_eve).await?;
    network.node_mut(CHARLIE).kill().await?;
    story.its_vote_counts().await?;
    network.node_mut(CHARLIE).restart().await?;
    network.until_finalising().await?;
    story.done("the validator that was killed runs again").await?;
    let validator = story.it_changes_its_keys(&at_eve, &validator).await?;

    let out = story.it_is_expelled(&network, &validator).await?;
    story.chain.until_finalized(out + 5).await?;
    story.done("finality goes on").await?;
    story.the_journal_tells_it_all().await?;
    let compared = same_finality(&network.chains().await?).await?;
    ensure!(compared > out, "{compared} blocks were compared, which ends before the expulsion took effect");
    network.finish().await
}

/// What every step needs.
struct Story {
    chain: Chain,
    citynet: Citynet,
    /// The last final block after the step before.
    last: u32,
    steps: Steps,
}

impl Story {
    fn council(&self) -> Council<'_> {
        Council::new(&self.citynet)
    }

    /// Ends a step, once more blocks are final than after the one before.
    async fn done(&mut self, what: &str) -> Result<()> {
        self.last = self.chain.until_finalized(self.last + 1).await?;
        self.steps.done(&format!("{what} (block {} is final)", self.last));
        Ok(())
    }

    /// Waits until a block that another node's answer names is final at the first node too. Gives its number.
    async fn until_final(&self, block: &Value) -> Result<u32> {
        let block = block.as_u64().with_context(|| format!("a block's number, not {block}"))?;
        let block = u32::try_from(block)?;
        self.chain.until_finalized(block).await?;
        Ok(block)
    }

    async fn too_few_decide_nothing(&mut self) -> Result<()> {
        let council = self.council();
        let motion = council.propose("alice", &["kind", "2", "industry"], "it sells data now").await?;
        council.vote("bob", motion, true).await?;
        let early = self.citynet.run(["council", "close", &motion.to_string(), "--dev-account", "alice"]).await?;
        ensure!(
            early.code == 1 && early.text().contains("TooEarly"),
            "two of four have voted, which decides nothing: {early:?}"
        );
        for member in ["charlie", "dave"] {
            council.vote(member, motion, false).await?;
        }
        let decision = council.close("alice", motion).await?;
        ensure!(decision == Decision::Rejected, "two of four are less than two thirds: {decision:?}");
        let kind = self.chain.organisation(2).await?["kind"].clone();
        ensure!(kind == "telecom", "a motion that was not approved had an effect: {kind}");
        self.done("two of four seats decide nothing").await
    }

    async fn nobody_can_be_too_few(&mut self) -> Result<()> {
        let council = self.council();
        let voters = ["alice", "bob", "charlie"];
        for (what, refusal) in [
            // It would lose its seat and keep its validator; then, both.
            (["kind", "4", "auditor"].as_slice(), "Consortium::TooFewMembers"),
            (&["expel", "4"], "Consortium::TooFewValidators"),
        ] {
            let decision = council.decide(&voters, what, "to see whether it can be done").await?;
            ensure!(decision == Decision::Refused(refusal.to_owned()), "{what:?} is refused with {decision:?}");
        }
        let alone = ["validator", "withdraw", "--reason", "tired", "--dev-account", "dave"];
        let alone = self.citynet.run(alone).await?;
        ensure!(alone.code == 1 && alone.text().contains("Nodes::TooFewValidators"), "one can leave: {alone:?}");

        let fourth = self.chain.organisation(4).await?;
        ensure!(
            fourth["kind"] == "university" && fourth["status"] == "active" && fourth["seat"] == true,
            "what was refused had an effect: {fourth}"
        );
        ensure!(self.chain.validators().await?.len() == 4, "somebody does not validate any more");
        self.done("nobody can decide to be fewer than the least number").await
    }

    async fn the_fifth_is_voted_in(&mut self) -> Result<()> {
        let (file, name, kind) = ("application.json", EVE.organisation, EVE.kind);
        let contact = "mailto:eve@citynet.example";
        let stranger = refusal(&self.chain, "//Eve").await?;
        ensure!(stranger == refused_with(1), "a stranger is refused with {stranger:?}");

        let apply = ["org", "apply", "--name", name, "--kind", kind, "--contact", contact, "--dev-account", "eve"];
        self.citynet.json(apply.iter().chain(&["-o", file])).await?;
        let voters = ["alice", "charlie", "dave"];
        let decision = self.council().decide(&voters, &["admit", file], "known to all of us").await?;
        ensure!(decision == Decision::Done, "three of four are two thirds: {decision:?}");
        let fifth = self.chain.organisation(FIFTH).await?;
        let expected =
            json!({"id": FIFTH, "name": name, "contact": contact, "kind": kind, "status": "active", "seat": true});
        for (field, value) in expected.as_object().context("an object")? {
            ensure!(fifth[field] == *value, "the organisation has another {field}: {fifth}");
        }
        self.done("three of four seats admit a fifth organisation").await
    }

    /// It lists its node, and makes it a validator by one command.
    async fn it_adds_a_validator(&mut self, at_eve: &Citynet) -> Result<Validator> {
        let owner = public("//Eve//validator")?;
        let address = format!("0x{}", hex::encode(owner));
        at_eve.json(["org", "accounts", "add", &address, "--role", "validator", "--dev-account", "eve"]).await?;
        let answer = at_eve.json(["peer", "add", "--purpose", "validator", "--dev-account", "eve"]).await?;
        self.until_final(&answer["block"]).await?;
        let peers = self.chain.call("citynet_peers", vec![]).await?;
        let listed = of_fifth(&peers)?.iter().any(|peer| peer["peer"] == json!(EVE.peer()));
        ensure!(listed, "its node is not listed: {peers}");
        self.done("the fifth has a node on fresh data, an account for its validator, and its node listed").await?;

        let answer = at_eve.json(["validator", "add", "--dev-account", VALIDATOR]).await?;
        let since = self.until_final(&answer["activeInBlock"]).await?;
        let validator = self.chain.validator(&owner).await?.context("the validator is listed")?;
        ensure!(validator.active && validator.status == "registered", "it is in the set: {validator:?}");
        let (authors, finalisers) = (self.chain.authors().await?, self.chain.finalisers().await?);
        ensure!(authors.len() == 5 && authors.contains(&validator.aura), "it has a turn to author");
        ensure!(finalisers.len() == 5 && finalisers.contains(&validator.grandpa), "it has a vote to finalise");
        self.done(&format!("its validator is active since block {since}")).await?;
        self.it_authors(&validator).await?;
        Ok(validator)
    }

    /// Waits for a final block by the validator.
    async fn it_authors(&mut self, validator: &Validator) -> Result<()> {
        let block = self
            .chain
            .until("the validator authors", async || {
                let block = self.chain.authored(self.chain.finalized().await?.0).await?;
                Ok((block.author == validator.aura).then_some(block.number))
            })
            .await?;
        self.done(&format!("it authored block {block}")).await
    }

    /// One of five is gone, so the votes of all others are needed.
    async fn its_vote_counts(&mut self) -> Result<()> {
        let (now, _) = self.chain.finalized().await?;
        self.chain.until_finalized(now + 8).await?;
        self.done("another validator was killed: 8 further blocks are final by the votes of four").await
    }

    async fn it_changes_its_keys(&mut self, at_eve: &Citynet, before: &Validator) -> Result<Validator> {
        let mut before = before.clone();
        for _ in 0..ATTEMPTS {
            let missed_before = self.missed(&before.account).await?;
            let answer = at_eve.json(["validator", "rotate", "--dev-account", VALIDATOR]).await?;
            let since = self.until_final(&answer["activeInBlock"]).await?;
            // Two turns of everybody later, it is known who authored with which key.
            self.chain.until_finalized(since + 10).await?;
            let missed = self.missed(&before.account).await?;

            let after = self.chain.validator(&before.account).await?.context("it is a validator still")?;
            ensure!(after.aura != before.aura && after.grandpa != before.grandpa, "its keys are the same as before");
            let (authors, finalisers) = (self.chain.authors().await?, self.chain.finalisers().await?);
            ensure!(authors.contains(&after.aura) && finalisers.contains(&after.grandpa), "its new keys do not count");
            ensure!(
                !authors.contains(&before.aura) && !finalisers.contains(&before.grandpa),
                "its old keys still count"
            );
            self.it_authors(&after).await?;
            if missed.0 == missed_before.0 {
                self.done(&format!("it has new keys since block {since} and missed no turn")).await?;
                return Ok(after);
            }
            ensure!(missed.1 > missed_before.1, "it alone missed turns while its keys were changed");
            self.done("others missed turns too while its keys were changed; once more").await?;
            before = after;
        }
        bail!("this machine is too busy: in {ATTEMPTS} attempts there were always validators that missed turns")
    }

    /// How many turns this validator has missed, and how many all others have.
    async fn missed(&self, account: &Account) -> Result<(u64, u64)> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.chain.validators().await?.into_iter().partition(|validator| validator.account == *account);
        let sum = |validators: Vec<Validator>| validators.iter().map(|validator| validator.skipped).sum::<u64>();
        Ok((sum(own), sum(others)))
    }

    /// Its transactions are refused at once, everywhere; its validator leaves the set. Gives the block of that.
    async fn it_is_expelled(&mut self, network: &Network, validator: &Validator) -> Result<u32> {
        let voters = ["alice", "bob", "charlie", "dave"];
        let decision = self.council().decide(&voters, &["expel", &FIFTH.to_string()], REASON).await?;
        ensure!(decision == Decision::Done, "four of five are two thirds: {decision:?}");
        let (begin, _) = self.chain.finalized().await?;
        let fifth = self.chain.organisation(FIFTH).await?;
        ensure!(fifth["status"] == "expelled" && fifth["seat"] == false, "it is expelled: {fifth}");
        for chain in network.chains().await? {
            chain.until_finalized(begin).await?;
            for uri in ["//Eve", "//Eve//validator"] {
                let refusal = refusal(&chain, uri).await?;
                ensure!(refusal == refused_with(3), "{uri} is refused with {refusal:?}");
            }
        }
        for method in ["citynet_validators", "citynet_peers"] {
            let left = self.chain.call(method, vec![]).await?;
            ensure!(of_fifth(&left)?.is_empty(), "something of it is left in {method}: {left}");
        }
        self.done("four of five seats expelled it; every pool refuses what it sends").await?;

        let out = self
            .chain
            .until_best("its validator leaves the set", async || {
                let (authors, finalisers) = (self.chain.authors().await?, self.chain.finalisers().await?);
                let out = !authors.contains(&validator.aura) && !finalisers.contains(&validator.grandpa);
                Ok(if out { Some((authors.len(), self.chain.best().await?.0)) } else { None })
            })
            .await?;
        ensure!(out.0 == 4, "the set has {} validators", out.0);
        let late = begin + 3 * SESSION_LENGTH;
        ensure!(out.1 <= late, "two sessions are over before block {late}, but its validator left in {}", out.1);
        self.done("its validator is out of the set").await?;
        Ok(out.1)
    }

    async fn the_journal_tells_it_all(&mut self) -> Result<()> {
        let records = self.chain.records(json!({"subject": format!("organisation:{FIFTH}")})).await?;
        let kinds: Vec<&str> = records.iter().filter_map(|record| record["body"]["kind"].as_str()).collect();
        let mut rest = kinds.iter();
        for expected in [
            "organisation_registered",
            "organisation_profile_changed",
            "account_added",
            "account_added",
            "peer_added",
            "validator_registered",
            "validator_keys_changed",
            "organisation_status_changed",
        ] {
            ensure!(rest.any(|kind| *kind == expected), "`{expected}` is missing, or out of order, in {kinds:?}");
        }
        let last = records.last().context("there are records")?;
        ensure!(
            last["body"]["status"] == "expelled" && last["body"]["reason"] == REASON,
            "the last record says why: {last}"
        );

        // Each decision with its votes, as records of the consortium.
        let closed = self.chain.records(json!({"subject": "organisation:0", "kind": "motion_closed"})).await?;
        let ballots: Vec<Value> = closed
            .iter()
            .map(|record| json!([record["body"]["approved"], record["body"]["yes"], record["body"]["seats"]]))
            .collect();
        let expected = json!([[false, 2, 4], [true, 3, 4], [true, 3, 4], [true, 3, 4], [true, 4, 5]]);
        ensure!(json!(ballots) == expected, "the ballots are {ballots:?}");
        let voted = self.chain.records(json!({"subject": "organisation:0", "kind": "motion_voted"})).await?;
        ensure!(voted.len() == 4 + 3 + 3 + 3 + 4, "{} votes were cast", voted.len());
        self.done(&format!("the journal has {} records about it, and every vote", records.len())).await
    }
}

fn public(uri: &str) -> Result<Account> {
    Ok(account(uri)?.public_key().0)
}

/// The items of a list that are the fifth organisation's.
fn of_fifth(list: &Value) -> Result<Vec<&Value>> {
    let items = list["items"].as_array().context("a list has items")?;
    Ok(items.iter().filter(|item| item["organisation"] == FIFTH).collect())
}

/// How the pool behind `chain` refuses a transaction of an account.
async fn refusal(chain: &Chain, uri: &str) -> Result<Refusal> {
    let transactions = Transactions::connect(chain.url()).await?;
    let remark = Call::new("System", "remark", b"still here?".to_vec().encode());
    transactions.refusal(chain, &account(uri)?, &remark).await
}

fn refused_with(code: u8) -> Refusal {
    Refusal { code: 1010, detail: format!("Custom error: {code}") }
}
