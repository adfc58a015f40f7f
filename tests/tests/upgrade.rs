//! The runtime is replaced while readings are attested, after it was rehearsed on a copy of a validator's data. No
//! transaction is lost, hardly a slot is missed, and who was connected stays so.

use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{DeviceId, OrganisationId};
use citynet_tests::{
    attested,
    chain::{bytes, text, PATIENCE},
    command::{Attest, Pace},
    consensus::same_finality,
    consortium::gateway,
    council::{Council, Decision},
    device::Device,
    programs,
    readings::{self, Row, Sample},
    transactions::{account, Call, Outcome, Transactions},
    Chain, Citynet, Consortium, Network, Options, Steps,
};
use codec::{Decode as _, Encode as _};
use jsonrpsee::core::client::Subscription;
use serde_json::{json, Map, Value};
use std::{
    env, fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Stdio,
};
use subxt::Metadata;
use subxt_signer::sr25519::dev;
use tokio::{process::Command, time::timeout};

/// The versions before and after.
const OLD: u64 = 1;
const NEW: u64 = 2;
/// The new runtime, in the folder of the job.
const CODE: &str = "next.wasm";
/// Three of four seats are two thirds and three quarters alike.
const VOTERS: [&str; 3] = ["alice", "bob", "charlie"];
/// Whose quota neither the votes nor the readings take from.
const QUIET: &str = "dave";
/// Whose validator stops for a moment, so that its data can be copied.
const COPIED: usize = 3;
const REASON: &str = "the rehearsal of an upgrade";
/// The organisation that registers a device afterwards.
const TELECOM: OrganisationId = OrganisationId(2);

const READINGS: usize = 1_200;
/// A few batches in every block, and so many that the upgrade is over before them, although the code waits for half a
/// minute.
const LOAD: Pace = Pace { batch: 5, per_transaction: 1, in_flight: 4 };
/// With so many readings attested, the load is there.
const UNDER_WAY: u64 = 50;
/// For how many blocks the code waits.
const WAITS: u64 = 30;
/// The blocks before and after the change that are looked at.
const BEFORE: u32 = 5;
const AFTER: u32 = 10;
/// How many slots may pass in them without a block. A quiet machine misses none, a loaded one some without any upgrade; a
/// network that stops for the new runtime to be compiled would miss more than that.
const MISSED: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_under_load_costs_nothing() -> Result<()> {
    let steps = Steps::of("upgrade");
    let consortium = Some(Consortium { gateways: 1, ..Consortium::default() });
    let start = Network::start(Options { consortium, ..Options::default() });
    let (runtime, mut network) = tokio::try_join!(next_runtime(), start)?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);
    let transactions = Transactions::connect(network.node(1).url()).await?;
    let mut story = Story { chain, citynet, transactions, steps };
    story.steps.done("four validators finalise, and the next runtime is built");

    let load = Load::prepare(&story.citynet, &job).await?;
    story.steps.done("a device is registered");
    let report = story.it_is_rehearsed(&mut network, &runtime).await?;
    let code = story.it_is_prepared(&runtime, &report).await?;
    story.nobody_can_apply_it_yet(&job.join(CODE)).await?;
    story.the_council_wants_it(&code).await?;

    let mut versions = story.chain.runtime_versions().await?;
    ensure!(next_version(&mut versions).await? == OLD, "who subscribes is told the version of now");
    let citynet = story.citynet.clone();
    let (told, changed) = tokio::try_join!(load.run(&citynet), story.it_is_applied(&network, &load, &code))?;
    story.steps.done(&format!("the load is over: {told}"));

    ensure!(next_version(&mut versions).await? == NEW, "who had subscribed is told the new version");
    story.nothing_is_lost(&network, &load, &told, changed).await?;
    story.the_chain_went_on(&network, changed).await?;
    story.it_is_on_record(&code, changed).await?;
    story.who_was_connected_goes_on(changed).await?;
    let status = story.status().await?;
    ensure!(status == expected(NEW, None), "the upgrade is over: {status}");
    story.steps.done("nothing is authorised any more");
    network.finish().await
}

/// The runtime with the next version and the checks of a rehearsal: one that was built before, or else is built now. Gives
/// where its code is.
async fn next_runtime() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CITYNET_NEXT_RUNTIME") {
        return Ok(path.into());
    }
    let script = programs::repository("scripts/next-runtime");
    let output = Command::new(&script).arg("--try").stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.with_context(|| script.display().to_string())?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed: {told}", script.display());
    let answer = String::from_utf8(output.stdout)?;
    Ok(answer.lines().next_back().context("the script says where the code is")?.into())
}

/// The next version that a subscriber is told.
async fn next_version(versions: &mut Subscription<Value>) -> Result<u64> {
    let version = timeout(PATIENCE, versions.next()).await.context("no version was told")?;
    spec_version(&version.context("the node ended the subscription")??)
}

fn spec_version(version: &Value) -> Result<u64> {
    version["specVersion"].as_u64().with_context(|| format!("a runtime has a version: {version}"))
}

/// What the status of upgrades is while no code is scheduled, without what else it tells.
fn expected(version: u64, code: Option<&str>) -> Value {
    json!({
        "specVersion": version, "authorizedCode": code, "scheduled": null, "whitelistedCalls": [], "deferredCalls": [],
    })
}

/// Readings that are attested by an account that does nothing else.
struct Load {
    account: String,
    device: DeviceId,
    key: PathBuf,
    archive: PathBuf,
    files: [PathBuf; 1],
    rows: Vec<Row>,
}

impl Load {
    async fn prepare(citynet: &Citynet, job: &Path) -> Result<Self> {
        let (sample, key) = (job.join("sample.csv"), job.join("device.key"));
        Sample::new(READINGS, "2024-03-01").write(&sample).await?;
        let (rows, _) = readings::attestable(&sample)?;
        citynet.device_key(&key).await?;
        let device = citynet.register("alice", &key).await?;
        Ok(Self { account: gateway("alice", 0), device, key, archive: job.join("archive"), files: [sample], rows })
    }

    /// Attests all of them. Gives what the command reports.
    async fn run(&self, citynet: &Citynet) -> Result<Value> {
        let finished = citynet
            .attest(&Attest {
                account: &self.account,
                device: self.device,
                key: &self.key,
                archive: &self.archive,
                files: &self.files,
                pace: Some(LOAD),
            })
            .await?;
        ensure!(finished.code == 0, "attesting failed: {finished:?}");
        finished.json()
    }

    /// How many transactions of it are in blocks.
    async fn sent(&self, chain: &Chain) -> Result<u64> {
        Ok(chain.nonce(&account(&gateway("//Alice", 0))?.public_key().0).await?.into())
    }
}

/// What every step needs.
struct Story {
    chain: Chain,
    citynet: Citynet,
    /// A client that is connected to another node from before the upgrade until after it.
    transactions: Transactions,
    steps: Steps,
}

impl Story {
    /// As far as [`expected`] says it.
    async fn status(&self) -> Result<Value> {
        let status = self.citynet.json(["upgrade", "status"]).await?;
        let told = ["specVersion", "authorizedCode", "scheduled", "whitelistedCalls", "deferredCalls"];
        Ok(told.into_iter().map(|name| (name.to_owned(), status[name].clone())).collect::<Map<_, _>>().into())
    }

    /// On a copy of what a validator has. Gives where the report is.
    async fn it_is_rehearsed(&mut self, network: &mut Network, runtime: &Path) -> Result<PathBuf> {
        let copy = network.path().join("copy");
        network.node_mut(COPIED).stop().await?;
        network.node(COPIED).copy_data(&copy)?;
        network.node_mut(COPIED).restart().await?;
        let report = network.try_upgrade(runtime, &copy).await?;
        let told: Value = serde_json::from_slice(&fs::read(&report)?)?;
        ensure!(told["passed"] == true && told["specVersion"] == NEW, "it is rehearsed: {told}");
        let genesis = format!("0x{}", hex::encode(self.chain.genesis().await?));
        ensure!(told["genesis"] == genesis, "it is rehearsed on another chain: {told}");
        network.until_finalising().await?;
        self.steps.done(&format!("it is rehearsed on the state of block {}, and passes every check", told["block"]));
        Ok(report)
    }

    /// Gives the code's hash.
    async fn it_is_prepared(&mut self, runtime: &Path, report: &Path) -> Result<String> {
        let runtime = runtime.to_str().context("the path of the code is text")?;
        let report = report.to_str().context("the path of the report is text")?;
        let early = self.citynet.run(["upgrade", "prepare", runtime, "--out", CODE]).await?;
        ensure!(early.code == 1 && early.text().contains("rehears"), "it needs no rehearsal: {early:?}");
        let prepared = self.citynet.json(["upgrade", "prepare", runtime, "--rehearsal", report, "--out", CODE]).await?;
        ensure!(prepared["rehearsal"]["block"].is_u64(), "the rehearsal is not told: {prepared}");
        ensure!(
            prepared["specVersion"] == NEW && prepared["currentSpecVersion"] == OLD,
            "the code is of another version: {prepared}"
        );
        ensure!(prepared["compressed"] == true, "the code is not compressed: {prepared}");
        self.steps.done(&format!("the code is prepared: {} bytes", prepared["bytes"]));
        text(&prepared["codeHash"])
    }

    /// The command refuses, and so does the chain when it is asked without the command.
    async fn nobody_can_apply_it_yet(&mut self, code: &Path) -> Result<()> {
        let early = self.citynet.run(["upgrade", "apply", CODE, "--dev-account", QUIET]).await?;
        ensure!(early.code == 1 && early.text().contains("no code is authorised"), "it can be applied: {early:?}");
        let apply = Call::new("System", "apply_authorized_upgrade", fs::read(code)?.encode());
        let early = self.transactions.submit(&dev::dave(), &apply).await?;
        ensure!(early == Outcome::Failed("System::NothingAuthorized".to_owned()), "the chain takes it: {early:?}");
        let status = self.status().await?;
        ensure!(status == expected(OLD, None), "what was refused had an effect: {status}");
        self.steps.done("nobody can apply it before the council wants it");
        Ok(())
    }

    async fn the_council_wants_it(&mut self, code: &str) -> Result<()> {
        let council = Council::new(&self.citynet);
        let decision = council.decide_upgrade(&VOTERS, "whitelist", code, REASON).await?;
        ensure!(decision == Decision::Done, "three of four are two thirds: {decision:?}");
        self.steps.done("two thirds whitelisted its authorisation");
        let decision = council.decide_upgrade(&VOTERS, "authorize", code, REASON).await?;
        ensure!(decision == Decision::Done, "three of four are three quarters: {decision:?}");
        let status = self.status().await?;
        ensure!(status == expected(OLD, Some(code)), "another code is authorised: {status}");
        self.steps.done("three quarters authorised it");
        Ok(())
    }

    /// Applies it in the midst of the load. Gives the block from whose state on the runtime is the new one.
    async fn it_is_applied(&mut self, network: &Network, load: &Load, code: &str) -> Result<u32> {
        self.chain
            .until_best("the load is there", async || {
                let device = self.chain.device(load.device).await?;
                Ok(device.filter(|info| info.next_sequence >= UNDER_WAY).map(drop))
            })
            .await?;
        self.steps.done(&format!("{UNDER_WAY} readings are attested, and more come"));

        let apply = self.citynet.json(["upgrade", "apply", CODE, "--dev-account", QUIET]);
        let waits = self.chain.until("the code waits", async || {
            let scheduled = self.status().await?["scheduled"].clone();
            Ok((!scheduled.is_null()).then_some(scheduled))
        });
        let (applied, scheduled) = tokio::try_join!(apply, waits)?;
        ensure!(scheduled == json!({"code": code, "block": applied["block"]}), "{scheduled} waits: {applied}");
        let [begin, changed] = ["scheduledIn", "block"].map(|name| applied[name].as_u64());
        let (begin, changed) = begin.zip(changed).with_context(|| format!("it is applied in a block: {applied}"))?;
        ensure!(changed == begin + WAITS, "it waits from block {begin} to {changed}");
        let changed = u32::try_from(changed)?;
        ensure!(spec_version(&applied)? == NEW, "it is applied: {applied}");
        self.steps.done(&format!("it is scheduled in block {begin} and enacted in block {changed}"));

        for seen in network.chains().await? {
            seen.until("the new runtime is final", async || {
                let (_, head) = seen.finalized().await?;
                Ok((version_at(&seen, &head).await? == NEW).then_some(()))
            })
            .await?;
            let (before, after) = (seen.hash(changed - 1).await?, seen.hash(changed).await?);
            let versions = (version_at(&seen, &before).await?, version_at(&seen, &after).await?);
            ensure!(versions == (OLD, NEW), "around block {changed}, {} has the versions {versions:?}", seen.url());
            seen.until_finalized(changed + AFTER).await?;
        }
        self.steps.done(&format!("every node has the new runtime, and {AFTER} further blocks are final"));
        Ok(changed)
    }

    async fn nothing_is_lost(&mut self, network: &Network, load: &Load, told: &Value, changed: u32) -> Result<()> {
        let filter = json!({"subject": format!("device:{}", load.device), "kind": "batch_attested"});
        let records = self.chain.records(filter).await?;
        let batches = attested::check(load.device, &load.rows, &records)?;
        let (count, sent) = (batches.len() as u64, load.sent(&self.chain).await?);
        // What failed in a block has no record, but counts as sent.
        ensure!(sent == count, "{sent} transactions of a batch each are in blocks, and {count} batches");
        ensure!(told["batches"] == count, "{count} batches are attested, but: {told}");

        let (last, _) = self.chain.finalized().await?;
        for seen in network.chains().await? {
            seen.until_finalized(last).await?;
            let info = seen.device(load.device).await?.context("the device is known")?;
            ensure!(info.next_sequence == load.rows.len() as u64, "{} sees {}", seen.url(), info.next_sequence);
        }

        let blocks = records.iter().map(|record| record["block"].as_u64().context("a record names its block"));
        let blocks = blocks.collect::<Result<Vec<_>>>()?;
        let (begin, end) = (u64::from(changed - BEFORE), u64::from(changed + AFTER));
        let around = |range: RangeInclusive<u64>| blocks.iter().filter(|block| range.contains(*block)).count();
        let (before, after) = (around(begin..=changed.into()), around(u64::from(changed) + 1..=end));
        ensure!(before > 0, "there was no load right before the upgrade: {blocks:?}");
        ensure!(blocks.last() > Some(&end), "the load was over before block {end}; make it larger");
        self.steps.done(&format!(
            "all {count} batches are final: {before} in the last blocks before it, {after} in the first ones after it"
        ));
        Ok(())
    }

    async fn the_chain_went_on(&mut self, network: &Network, changed: u32) -> Result<()> {
        let mut before = self.chain.authored(changed - BEFORE).await?;
        let mut missed = Vec::new();
        for number in changed - BEFORE + 1..=changed + AFTER {
            let block = self.chain.authored(number).await?;
            let slots = block.slot - before.slot - 1;
            if slots > 0 {
                missed.push((number, slots));
            }
            before = block;
        }
        let sum: u64 = missed.iter().map(|(_, slots)| slots).sum();
        ensure!(sum <= MISSED, "around block {changed}, slots were missed before these blocks: {missed:?}");
        network.until_finalising().await?;
        let compared = same_finality(&network.chains().await?).await?;
        ensure!(compared >= changed + AFTER, "{compared} blocks were compared, which ends too early");
        self.steps.done(&format!("{sum} slots were missed from {BEFORE} blocks before it to {AFTER} after it"));
        Ok(())
    }

    async fn it_is_on_record(&mut self, code: &str, changed: u32) -> Result<()> {
        let records = self.chain.records(json!({"subject": "organisation:0", "kind": "upgrade_scheduled"})).await?;
        let bodies: Vec<_> = records.iter().map(|record| (&record["body"]["code"], &record["body"]["block"])).collect();
        ensure!(bodies == [(&json!(code), &json!(changed))], "the journal has other upgrades: {bodies:?}");
        self.steps.done("the journal says which code, and from which block on");
        Ok(())
    }

    async fn who_was_connected_goes_on(&mut self, changed: u32) -> Result<()> {
        let old = version_in_metadata(&self.chain, changed - 1).await?;
        let new = version_in_metadata(&self.chain, changed).await?;
        ensure!((old, new) == (OLD, NEW), "the metadata is of version {old}, then of {new}");
        let device = Device::new([9; 32], self.chain.genesis().await?);
        let done = self.transactions.submit(&dev::bob(), &device.register(TELECOM)).await?;
        ensure!(done == Outcome::Succeeded, "a client that was connected can do nothing: {done:?}");
        self.steps.done("who was connected has the new metadata and goes on");
        Ok(())
    }
}

/// The version of the runtime in a block's state, which executes the blocks after it.
async fn version_at(chain: &Chain, block: &str) -> Result<u64> {
    spec_version(&chain.call("state_getRuntimeVersion", vec![json!(block)]).await?)
}

/// The version in the metadata that clients fetch at a block.
async fn version_in_metadata(chain: &Chain, number: u32) -> Result<u64> {
    let metadata = chain.call("state_getMetadata", vec![json!(chain.hash(number).await?)]).await?;
    let metadata = Metadata::decode(&mut bytes(&text(&metadata)?)?.as_slice())?;
    let system = metadata.pallet_by_name("System").context("there is the pallet System")?;
    let version = system.constant_by_name("Version").context("it has the constant Version")?;
    // The names of specification and implementation, the version for authors, and then the rest of it.
    let (_, _, _, version) = <(String, String, u32, u32)>::decode(&mut version.value())?;
    Ok(version.into())
}
