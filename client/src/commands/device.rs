//! `citynet device`.

use super::{
    signing::{AccountArgs, DeviceKeyArgs},
    Done, NodeArgs,
};
use crate::output::{facts, table, thousands, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    keys::{AccountKey, DeviceSigner},
    ledger::{Call, Ledger, Sender},
    rpc::{DeviceView, Hex},
    time::{format_utc, now, parse_duration, parse_utc},
};
use citynet_primitives::{
    Calibration, DeviceId, DeviceProfile, Epoch, Location, Moment, OrganisationId, PossessionStatement, Text,
};
use clap::{Args, Subcommand};
use serde_json::{json, Value};
use std::{path::PathBuf, time::Duration};

/// For how long a proof of possession is valid.
const VALIDITY: Moment = 60 * 60 * 1000;
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum DeviceCommand {
    /// Register a device of your organisation. It gets the next number.
    #[command(after_help = "\
Examples:
  citynet device register --model 'Nova SDS011' --property P1 --property P2 \\
      --location 'Petrogradsky district' --device-key sensor.key --key-file registrar.key
  citynet device register --model BME280 --property temperature --geohash ucfv0 \\
      --calibration 0x… --calibration-from 2026-01-01T00:00:00Z --calibration-until 2027-01-01T00:00:00Z \\
      --device-key sensor.key --dev-account alice

Keep the location coarse: a district or a geohash of at most 7 characters, never a household.")]
    Register(RegisterArgs),
    /// List every device.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Show a device.
    #[command(after_help = "Example:\n  citynet device show 1 --json")]
    Show {
        /// Its number.
        device: u64,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Give a device another key. The key before still signs for the overlap.
    #[command(after_help = "\
Examples:
  citynet device rotate-key 1 --new-key next.key --overlap 1h --key-file registrar.key
  citynet device rotate-key 1 --new-key next.key --overlap 0s --key-file registrar.key   # the old key leaked")]
    RotateKey {
        /// Its number.
        device: u64,
        /// File with the new Ed25519 key.
        #[arg(long, value_name = "FILE")]
        new_key: PathBuf,
        /// For how long the key before still signs, such as 10m, 1h or 0s.
        #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
        overlap: u64,
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Refuse a device's batches until it resumes.
    Suspend(ReasonArgs),
    /// Accept a suspended device's batches again.
    Resume(ReasonArgs),
    /// End a device for good. Its records stay.
    Retire(ReasonArgs),
    /// Put in doubt what a device observed since a time. This is recorded and never taken back.
    #[command(after_help = "\
Example:
  citynet device distrust 1 --since 2026-03-01T00:00:00Z --reason 'inlet blocked' --key-file registrar.key")]
    Distrust {
        /// From when on its observations are in doubt (UTC).
        #[arg(long, value_name = "TIME", value_parser = parse_utc)]
        since: u64,
        #[command(flatten)]
        reason: ReasonArgs,
    },
}

#[derive(Args, Debug)]
pub struct RegisterArgs {
    /// Make and model.
    #[arg(long)]
    model: String,
    /// What it observes, in the words of its data; may be given several times.
    #[arg(long = "property", value_name = "NAME", required = true)]
    properties: Vec<String>,
    /// Where it stands, in words.
    #[arg(long, value_name = "TEXT", required_unless_present = "geohash", conflicts_with = "geohash")]
    location: Option<String>,
    /// Where it stands, as a geohash of at most 7 characters.
    #[arg(long)]
    geohash: Option<String>,
    /// SHA-256 of its calibration certificate.
    #[arg(long, value_name = "HASH", requires_all = ["calibration_from", "calibration_until"])]
    calibration: Option<Hex>,
    /// First moment at which the calibration holds (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc, requires = "calibration")]
    calibration_from: Option<u64>,
    /// Last moment at which the calibration holds (UTC).
    #[arg(long, value_name = "TIME", value_parser = parse_utc, requires = "calibration")]
    calibration_until: Option<u64>,
    #[command(flatten)]
    device_key: DeviceKeyArgs,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
pub struct ReasonArgs {
    /// The device's number.
    device: u64,
    /// Why, for people; at most 256 bytes. It is public and stays for good.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(command: DeviceCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        DeviceCommand::Register(args) => register(args, output).await,
        DeviceCommand::List { node } => list(&node, output).await,
        DeviceCommand::Show { device, node } => show(device, &node, output).await,
        DeviceCommand::RotateKey { device, new_key, overlap, account, node } => {
            rotate_key(DeviceId(device), &DeviceSigner::from_file(&new_key)?, overlap, &account, &node, output).await
        }
        DeviceCommand::Suspend(args) => change(args, output, "suspended", Call::suspend).await,
        DeviceCommand::Resume(args) => change(args, output, "resumed", Call::resume).await,
        DeviceCommand::Retire(args) => change(args, output, "retired", Call::retire).await,
        DeviceCommand::Distrust { since, reason } => {
            change(reason, output, "distrusted", |device, reason| Call::distrust(device, since, reason)).await
        }
    }
}

async fn register(args: RegisterArgs, output: &Output) -> anyhow::Result<Done> {
    let profile = profile(&args)?;
    let signer = args.device_key.signer()?;
    let ledger = args.node.connect(PATIENCE).await?;
    let account = args.account.key(&ledger).await?;
    let Some((organisation, _)) = ledger.member(&account.account()).await? else {
        bail!("account {} belongs to no active organisation of the consortium; its admin can add it", account.ss58());
    };
    let expires = now() + VALIDITY;
    let proof = proof(&ledger, organisation, DeviceId(0), 0, expires, &signer);
    let call = Call::register(&profile, &signer.key(), &proof, expires);
    send(&ledger, account, &call, "registered", output).await
}

async fn rotate_key(
    device: DeviceId,
    signer: &DeviceSigner,
    overlap: Moment,
    account: &AccountArgs,
    node: &NodeArgs,
    output: &Output,
) -> anyhow::Result<Done> {
    let ledger = node.connect(PATIENCE).await?;
    let account = account.key(&ledger).await?;
    let Some(info) = ledger.device(device).await? else { bail!("device {device} is not registered") };
    let (epoch, expires) = (info.epoch.saturating_add(1), now() + VALIDITY);
    let proof = proof(&ledger, info.owner, device, epoch, expires, signer);
    let call = Call::rotate_key(device, &signer.key(), &proof, expires, overlap);
    send(&ledger, account, &call, "given another key", output).await
}

async fn change(
    args: ReasonArgs,
    output: &Output,
    done: &str,
    call: impl FnOnce(DeviceId, &Text<256>) -> Call,
) -> anyhow::Result<Done> {
    let reason = text::<256>("the reason", &args.reason)?;
    let ledger = args.node.connect(PATIENCE).await?;
    let account = args.account.key(&ledger).await?;
    send(&ledger, account, &call(DeviceId(args.device), &reason), done, output).await
}

/// Shows that whoever registers holds the key.
fn proof(
    ledger: &Ledger,
    organisation: OrganisationId,
    device: DeviceId,
    epoch: Epoch,
    expires: Moment,
    signer: &DeviceSigner,
) -> [u8; 64] {
    let (genesis, key) = (ledger.genesis(), &signer.key());
    signer.sign(&PossessionStatement { genesis, organisation, device, epoch, expires, key }.to_bytes())
}

async fn send(ledger: &Ledger, account: AccountKey, call: &Call, done: &str, output: &Output) -> anyhow::Result<Done> {
    let bar = output.progress("{spinner} waiting for finality ({elapsed})");
    let outcome = Sender::new(ledger, account).submit(call).await;
    bar.finish_and_clear();
    let outcome = outcome?;
    let (device, record) = outcome
        .device()
        .ok_or_else(|| anyhow!("the transaction is in block {} but changed no device", outcome.block))?;
    let hash = format!("0x{}", hex::encode(outcome.hash));
    let result = json!({
        "device": device.to_string(), "record": record.to_string(), "block": outcome.block, "blockHash": hash,
    });
    output.result(&result, |output| {
        vec![format!("{} (record {record}, block {})", output.good(format!("device {device} {done}")), outcome.block)]
    })?;
    Ok(Done::Completely)
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let devices = node.connect(Duration::ZERO).await?.rpc().devices().await?;
    output.result(&devices, |_| {
        let row = |device: &DeviceView| {
            let model = device.profile.get("model").and_then(Value::as_str).unwrap_or_default();
            vec![
                device.device.to_string(),
                model.to_owned(),
                device.owner.to_string(),
                status(device),
                device.epoch.to_string(),
                thousands(device.next_sequence.0),
            ]
        };
        table(&["device", "model", "owner", "status", "key epoch", "readings"], devices.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

async fn show(device: u64, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let device = node.connect(Duration::ZERO).await?.rpc().device(DeviceId(device)).await?;
    output.result(&device, |output| {
        let of_profile = |name: &str| match device.profile.get(name) {
            None | Some(Value::Null) => "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            Some(Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or("?")));
                fields.collect::<Vec<_>>().join(", ")
            }
            Some(other) => other.to_string(),
        };
        let mut lines = facts(&[
            ("device", output.strong(device.device)),
            ("model", of_profile("model")),
            ("observes", of_profile("properties")),
            ("location", of_profile("location")),
            ("calibration", of_profile("calibration")),
            ("owner", format!("organisation {}", device.owner)),
            ("status", status(&device)),
            ("readings", thousands(device.next_sequence.0)),
            ("key", format!("{} (epoch {})", device.key.public_key, device.epoch)),
        ]);
        lines.push(String::new());
        let keys = device.key_records.iter().map(|key| vec![key.epoch.to_string(), key.record.to_string()]);
        lines.extend(table(&["key epoch", "record"], keys.collect()));
        lines
    })?;
    Ok(Done::Completely)
}

fn status(device: &DeviceView) -> String {
    match device.distrusted_since {
        None => device.status.clone(),
        Some(since) => format!("{}, distrusted since {}", device.status, format_utc(since.0)),
    }
}

fn profile(args: &RegisterArgs) -> anyhow::Result<DeviceProfile> {
    let properties: Vec<Text<32>> =
        args.properties.iter().map(|property| text("a property", property)).collect::<Result<_, _>>()?;
    let location = match (&args.geohash, &args.location) {
        (Some(geohash), _) => Location::Geohash(text("the geohash", geohash)?),
        (None, Some(words)) => Location::Text(text("the location", words)?),
        (None, None) => bail!("give --location or --geohash"),
    };
    let calibration = match (&args.calibration, args.calibration_from, args.calibration_until) {
        (Some(certificate), Some(valid_from), Some(valid_until)) => {
            Some(Calibration { certificate: certificate.hash()?, valid_from, valid_until })
        }
        _ => None,
    };
    Ok(DeviceProfile {
        model: text("the model", &args.model)?,
        properties: properties.try_into().map_err(|_| anyhow!("a device has at most 16 properties"))?,
        location,
        calibration,
    })
}

fn text<const N: u32>(what: &str, text: &str) -> anyhow::Result<Text<N>> {
    Text::<N>::try_from(text.as_bytes().to_vec()).map_err(|_| anyhow!("{what} has more than {N} bytes"))
}
