//! A small living city on a network of the preset `local`, so that whoever looks at the ledger finds one that is used.
//!
//! Organisations join and vote, sensors attest, data is published, granted, made into other data and paid for. They do
//! all of it with the `citynet` command, as people would, and as many at a time as their accounts allow: an account waits
//! until what it did before is final. The one exception is a meter that lost readings, whose gateway signs by itself,
//! since the command never loses any. All of it is made up. What the ledger numbers has the same number in every run.
//!
//! # What is there at the end
//!
//! | file | what |
//! |---|---|
//! | `members` | four organisations that were voted in, beside the four of the preset |
//! | `sensors` | six sensors with a day of readings: one with a gap, one in doubt, one with another key, calibrations |
//! | `datasets` | streams with versions, data made from them, a model; one version is flagged |
//! | `grants` | grants that are active, passed on, about to expire, suspended, revoked, offered and asked for; receipts |
//! | `money` | a currency, deposits, statements of use of which one was disputed, two cycles, one debt that was not paid |
//! | `motions` | one that was rejected and one that is open, beside those by which it came to this |
//!
//! # What it does not do
//!
//! Test: it fails where a command fails, and compares little. The stories of `tests/` do.

mod datasets;
mod grants;
mod members;
mod money;
mod motions;
mod sensors;

use self::{datasets::Streams, grants::Shared};
use crate::{
    chain::{bytes, text},
    data::Data,
    device::now,
    transactions::Transactions,
    Chain, Citynet, Network,
};
use anyhow::{Context as _, Result};
use citynet_primitives::Moment;
use citynet_proofs::time;
use codec::{Compact, Decode as _, DecodeAll as _};
use serde_json::{json, Value};
use std::{collections::BTreeMap, fs, path::PathBuf};
use tokio::{
    sync::{Mutex, MutexGuard},
    try_join,
};

const HOUR: Moment = 3_600_000;
const DAY: Moment = 24 * HOUR;

/// Says that all of it was made, and what is worth a look.
const MADE: &str = "made";

/// What the ledger numbers, each kind by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Organisations,
    Devices,
    Datasets,
    Grants,
    Obligations,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Organisations, Self::Devices, Self::Datasets, Self::Grants, Self::Obligations];

    /// How many there are, after the best block.
    async fn count(self, chain: &Chain) -> Result<u64> {
        let function = match self {
            Self::Organisations => "ConsortiumApi_organisations",
            Self::Devices => "AttestationsApi_device_count",
            Self::Datasets => "CatalogApi_dataset_count",
            Self::Grants => "GrantsApi_grant_count",
            Self::Obligations => "SettlementsApi_obligation_count",
        };
        let answer = chain.call("state_call", vec![json!(function), json!("0x")]).await?;
        let answer = bytes(&text(&answer)?)?;
        Ok(match self {
            // A list begins with how many there are.
            Self::Organisations => Compact::<u32>::decode(&mut answer.as_slice())?.0.into(),
            _ => u64::decode_all(&mut answer.as_slice())?,
        })
    }
}

/// What every part of it needs.
struct City {
    chain: Chain,
    citynet: Citynet,
    transactions: Transactions,
    /// Where its files are.
    folder: PathBuf,
    /// The last full hour before it was begun.
    hour: Moment,
    /// Who acts is alone with the account until it is done.
    turns: BTreeMap<&'static str, Mutex<()>>,
    /// How many there were of each kind before.
    before: BTreeMap<Kind, u64>,
    /// Told what was done.
    say: fn(&str),
}

/// Makes the city on a network of the preset `local`, and tells `say` about it. Made once, it is not made again on the
/// same data. One that was not made to its end stays as it is. Gives what is worth a look, line by line.
///
/// # Errors
///
/// When a command fails.
pub async fn make(network: &Network, say: fn(&str)) -> Result<Vec<String>> {
    let folder = network.job_folder()?.join("city");
    if folder.join(MADE).exists() {
        say("made by an earlier run");
        return Ok(fs::read_to_string(folder.join(MADE))?.lines().map(str::to_owned).collect());
    }
    if folder.exists() {
        say("an earlier run was stopped while it was made; it stays as it is");
        return Ok(Vec::new());
    }
    fs::create_dir_all(&folder)?;
    let (url, chain) = (network.node(0).url(), network.chain().await?);
    let mut before = BTreeMap::new();
    for kind in Kind::ALL {
        before.insert(kind, kind.count(&chain).await?);
    }
    let city = City {
        chain,
        citynet: Citynet::new(url, folder.clone())?,
        transactions: Transactions::connect(url).await?,
        folder: folder.clone(),
        hour: now() / HOUR * HOUR,
        turns: members::accounts().map(|account| (account, Mutex::new(()))).collect(),
        before,
        say,
    };
    let sights = city.live().await?;
    fs::write(folder.join(MADE), sights.join("\n"))?;
    Ok(sights)
}

impl City {
    async fn live(&self) -> Result<Vec<String>> {
        let members = self.members_join().await?;
        // Who votes on the currency is busy.
        let (currency, newcomers) = try_join!(self.currency_is_created(&members), self.newcomers_publish(&members))?;
        let (founders, ()) = try_join!(self.founders_publish(&members), self.money_is_deposited(&members))?;
        let streams = newcomers.and(founders);
        (self.say)(
            "six sensors attested a day of readings each, and five streams have versions; one sensor lost six hours",
        );

        let (shared, sold) =
            try_join!(self.data_is_shared(&members, &streams), self.data_is_sold(&members, &streams, currency))?;
        (self.say)(&format!("{} grants are in force, or have another state", shared.count + sold.count));
        let (unpaid, model, since, motion) = try_join!(
            self.use_is_settled(&members, &sold),
            self.data_is_made(&members, &streams, &shared, &sold),
            self.some_is_in_doubt(&members, &streams),
            self.council_goes_on(&members),
        )?;

        let Streams { air, meter, doubtful, noise_sensor, station, .. } = streams;
        let Shared { research, passed_on, ending, suspended, revoked, .. } = shared;
        Ok([
            (format!("device {meter}"), "it lost six hours of its day".to_owned()),
            (format!("device {doubtful}"), format!("in doubt since {}", time::print(since))),
            (format!("device {noise_sensor}"), "its calibration ends in five days".to_owned()),
            (format!("device {station}"), "it has its second key".to_owned()),
            (
                format!("version {}", air.version),
                "the air; it is flagged, and data and a model were made from it".to_owned(),
            ),
            (format!("version {model}"), "a model with all that it was made from".to_owned()),
            (format!("grant {research}"), format!("the air for research, passed on by grant {passed_on}")),
            (format!("grant {ending}"), "it ends in three days".to_owned()),
            (format!("grant {revoked}"), format!("revoked; and grant {suspended} is suspended")),
            (format!("grant {}", sold.footfall()), "its use was stated, disputed and stated anew".to_owned()),
            (format!("cycle {currency}-1"), "four bills, netted and settled".to_owned()),
            (
                format!("cycle {currency}-2"),
                format!("it settled without obligation {unpaid}, which the metro could not pay"),
            ),
            (format!("motion {motion}"), "open, with two votes for it and one against it".to_owned()),
        ]
        .map(|(what, why)| format!("{what:<15} {why}"))
        .into())
    }

    /// Waits until all of a kind are made that come before that position among those made here, which begins with 1. So
    /// everything gets the same number in every run, although much happens at once. It goes by the best block: nobody
    /// waits until the one before is final.
    async fn until_next(&self, kind: Kind, position: u64) -> Result<()> {
        let before = self.before.get(&kind).copied().unwrap_or_default();
        let wanted = before + position - 1;
        let what = format!("there are {wanted} of {kind:?}");
        let there = async || anyhow::Ok((kind.count(&self.chain).await? >= wanted).then_some(()));
        self.chain.until_best(&what, there).await
    }

    /// Waits until an account has done what it is at, and keeps it until the guard is dropped.
    async fn turn(&self, account: &str) -> Result<MutexGuard<'_, ()>> {
        let turn = self.turns.get(account).with_context(|| format!("{account} belongs to nobody here"))?;
        Ok(turn.lock().await)
    }

    /// Has an account sign a command, which must succeed. Gives the answer.
    async fn signed(&self, account: &str, words: &[&str]) -> Result<Value> {
        let _turn = self.turn(account).await?;
        self.citynet.json(words.iter().chain(&["--dev-account", account])).await
    }

    fn data(&self) -> Data<'_> {
        Data::new(&self.citynet)
    }

    /// Writes a file. Its name is enough for the command, which runs in that folder.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.folder.join(name);
        fs::write(&file, text).with_context(|| file.display().to_string())?;
        Ok(file)
    }
}
