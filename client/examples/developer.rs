//! What an application does with the ledger: ask before it serves data, follow what happens to a dataset, and attest.
//!
//!     cargo run --release --workspace --example developer -- --dataset 1 --consumer 3 --purpose dpv:AcademicResearch
//!     cargo run --release --workspace --example developer -- --dataset 1 --follow
//!     cargo run --release --workspace --example developer -- --attest     # on a development chain only
//!
//! Without `--attest` nothing is sent to the ledger, and no key is needed.

use anyhow::{bail, Context as _};
use citynet_client::{
    attest,
    audit::journal::{Journal, Query},
    grants::{codes, names},
    keys::{AccountKey, DeviceSigner},
    ledger::{Call, Event, Ledger, Sender},
    rpc::{AccessQuestion, DecisionView},
    sources::Format,
    time::{format_utc, now},
    watch::{News, Watch},
};
use citynet_primitives::{
    Action, DatasetId, DeviceId, DeviceProfile, Location, OrganisationId, PossessionStatement, Record, Subject, Text,
};
use clap::Parser;
use std::time::Duration;

/// Ask whether data may be served, follow what happens to it, and attest.
#[derive(Debug, Parser)]
struct Arguments {
    /// The node's WebSocket address.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// The dataset that is asked for.
    #[arg(long, default_value_t = 1)]
    dataset: u64,
    /// The organisation that asks for it.
    #[arg(long, default_value_t = 3)]
    consumer: u32,
    /// What it would do: read, derive, train, aggregate or publish.
    #[arg(long, default_value = "read", value_parser = names::action)]
    action: Action,
    /// For what: a purpose's name or number.
    #[arg(long, default_value = "dpv:AcademicResearch")]
    purpose: String,
    /// Go on until Ctrl-C, and print every new record about the dataset.
    #[arg(long)]
    follow: bool,
    /// Register a throw-away device for the development account Alice, and attest a reading of it.
    #[arg(long)]
    attest: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // A connection that breaks is opened again for as long as this, and the question that it broke is asked again.
    let ledger = Ledger::connect(&arguments.url, Duration::from_secs(60)).await?;
    if may_serve(&ledger, &arguments).await? {
        println!("the data may be served");
    }
    if arguments.attest {
        attest_one(&ledger).await?;
    }
    let dataset = DatasetId(arguments.dataset);
    if arguments.follow {
        follow(&ledger, dataset).await
    } else {
        list(&ledger, dataset).await
    }
}

/// Asks the ledger, which knows the grants and all that they stand on. A gateway does this for every request, and keeps
/// a receipt: reports of use are made of receipts.
async fn may_serve(ledger: &Ledger, arguments: &Arguments) -> anyhow::Result<bool> {
    // Purposes are numbers on the ledger. The council may add some, so the names are asked for.
    let purpose = codes::of(ledger).await?.purpose(&arguments.purpose)?;
    let question = AccessQuestion {
        consumer: OrganisationId(arguments.consumer),
        dataset: DatasetId(arguments.dataset),
        version: None,
        action: arguments.action,
        purpose,
        time: None,
    };
    let decided = ledger.rpc().check_access(&question).await?;
    let block = decided.anchor.number;
    Ok(match decided.decision {
        // Its own dataset an organisation may use without a grant.
        DecisionView::Allowed { chain } if chain.is_empty() => {
            println!("allowed as of block {block}: the dataset is its own");
            true
        }
        DecisionView::Allowed { chain } => {
            let grants: Vec<String> = chain.iter().map(ToString::to_string).collect();
            println!("allowed as of block {block}, by grant {}", grants.join(", which stands on "));
            true
        }
        DecisionView::Denied { reason, .. } => {
            println!("denied as of block {block}: {reason}");
            false
        }
    })
}

/// Prints the records about a dataset that there are, as of one final block.
async fn list(ledger: &Ledger, dataset: DatasetId) -> anyhow::Result<()> {
    let journal = Journal::open(ledger).await?;
    for record in journal.all(&Query::about(Subject::Dataset(dataset))).await? {
        print(&record);
    }
    Ok(())
}

/// Prints the records about a dataset that there are, and then each one that comes, as soon as its block is final. Whoever
/// begins again later gives the index up to which all was seen: then nothing is missed, and nothing comes twice.
async fn follow(ledger: &Ledger, dataset: DatasetId) -> anyhow::Result<()> {
    let mut watch = Watch::new(ledger, Query::about(Subject::Dataset(dataset)).to_json(), Some(0));
    loop {
        match watch.next().await? {
            News::Records(batch) => {
                for view in &batch.items {
                    print(&view.record()?);
                }
            }
            // The next waiting connects again, and goes on where this one ended.
            News::Interrupted { reason, .. } => eprintln!("interrupted: {reason}"),
        }
    }
}

fn print(record: &Record) {
    let (time, kind) = (format_utc(record.time), record.body.kind());
    println!("{time}  record {}  {kind}  by organisation {}", record.index, record.organisation);
}

/// Registers a device with a key that is forgotten afterwards, and attests one reading of it. In earnest the device's key
/// is made once, kept by the gateway, and used by `citynet attest` or [`citynet_client::attest::run`], which keep an
/// archive from which each reading can be proven.
async fn attest_one(ledger: &Ledger) -> anyhow::Result<()> {
    // The key of a development account is public. It must not be good for anything anywhere else.
    let kind = ledger.rpc().chain_type().await?;
    if kind != "Development" && kind != "Local" {
        bail!("this chain is of type {kind}; development accounts are for development chains");
    }
    let account = AccountKey::development("alice")?;
    let (organisation, _) = ledger.member(&account.account()).await?.context("Alice belongs to no organisation")?;
    let sender = Sender::new(ledger, account);

    // Who registers a device proves to have its key.
    let (signer, expires) = (DeviceSigner::random()?, now() + 600_000);
    let statement = PossessionStatement {
        genesis: ledger.genesis(),
        organisation,
        device: DeviceId(0),
        epoch: 0,
        expires,
        key: &signer.key(),
    };
    let properties: Vec<Text<32>> = vec![text("P1")?, text("P2")?];
    let profile = DeviceProfile {
        model: text("Nova SDS011")?,
        properties: properties.try_into().ok().context("a device has at most 16 properties")?,
        location: Location::Text(text("Petrogradsky district")?),
        calibration: None,
    };
    let register = Call::register(&profile, &signer.key(), &signer.sign(&statement.to_bytes()), expires);
    // A call is sent, and sent again if the node loses it, until it is in a finalised block.
    let registered = sender.submit(&register).await?;
    let (device, _) = registered.device().context("no device was registered")?;

    // A reading is a line of a sensor's file. Here it is one of sensor.community, of a minute ago.
    let header = b"sensor_id;sensor_type;location;lat;lon;timestamp;P1;P2";
    let observed = format_utc((now() - 60_000) / 1000 * 1000);
    let line = format!("15092;SDS011;7647;59.97;30.31;{};11.40;6.20", observed.trim_end_matches('Z')).into_bytes();
    let row = Format::SensorCommunity.begin(header)?.row(&line)?;
    // The batch commits to its readings by their root; the device signs it, and an account sends it.
    let (batch, leaves) = attest::seal(ledger.genesis(), device, 0, 0, [(&row, line.as_slice())], &signer);
    let attested = sender.submit(&Call::attest(&[batch])).await?;
    let record = attested.events.iter().find_map(|event| match event {
        Event::BatchAttested { record, .. } => Some(*record),
        _ => None,
    });
    let record = record.context("no batch was attested")?;
    println!("attested as record {record} in block {}, for good: {}", attested.block, leaves.concat());
    println!("all records about the device, proven complete: citynet audit completeness device:{device}");
    Ok(())
}

/// A text of the ledger, which has a bound.
fn text<const N: u32>(text: &str) -> anyhow::Result<Text<N>> {
    Text::<N>::try_from(text.as_bytes().to_vec()).ok().with_context(|| format!("`{text}` has more than {N} bytes"))
}
