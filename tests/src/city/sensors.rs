//! What measures, and a day of what it measured.

use super::{
    members::{uri, Member},
    City, Kind, DAY, HOUR,
};
use crate::{
    chain::decimal,
    command::{Attest, Pace},
    device::Device,
    random::Random,
    transactions::{account, Outcome},
};
use anyhow::{ensure, Context as _, Result};
use citynet_merkle::{MemoryTree, Portable, Sha256 as _};
use citynet_primitives::{Batch, DeviceId, Hash, Moment};
use citynet_proofs::{time, Reading};
use std::{ffi::OsString, fs, ops::Range, path::PathBuf};

/// One reading every ten minutes, for a day.
pub const READINGS: usize = 144;
const STEP: Moment = 10 * 60_000;
/// Four hours in a batch, and all batches of a run in a transaction.
const PACE: Pace = Pace { batch: 24, per_transaction: 8, in_flight: 1 };

/// A kind of sensor at its place.
#[derive(Debug)]
pub struct Sensor {
    /// By which its files are called.
    pub name: &'static str,
    /// Its number in its files, and its type there.
    number: u32,
    kind: &'static str,
    model: &'static str,
    geohash: &'static str,
    latitude: &'static str,
    longitude: &'static str,
    quantities: &'static [Quantity],
    /// For how many days more it is calibrated, if it is.
    calibrated: Option<u64>,
}

/// What a sensor measures: from the lowest value when its day begins to the highest one half a day later.
#[derive(Debug)]
struct Quantity {
    name: &'static str,
    low: u32,
    high: u32,
    /// Whether the values are tenths.
    tenths: bool,
}

impl Quantity {
    const fn tenths(name: &'static str, low: u32, high: u32) -> Self {
        Self { name, low, high, tenths: true }
    }

    const fn whole(name: &'static str, low: u32, high: u32) -> Self {
        Self { name, low, high, tenths: false }
    }

    fn at(&self, position: u32, random: &mut Random) -> String {
        let middle = READINGS as u32 / 2;
        let span = self.high - self.low;
        let height = middle - position.abs_diff(middle);
        let value = self.low + span * height / middle + random.below(0..span / 8 + 1);
        if self.tenths {
            format!("{}.{}", value / 10, value % 10)
        } else {
            value.to_string()
        }
    }
}

pub static AIR_ADMIRALTY: Sensor = Sensor {
    name: "air-admiralteysky",
    number: 71_001,
    kind: "SDS011",
    model: "Nova SDS011",
    geohash: "udtscw",
    latitude: "59.93",
    longitude: "30.30",
    quantities: &[Quantity::tenths("P1", 94, 412), Quantity::tenths("P2", 41, 187)],
    calibrated: Some(200),
};

/// The one that is in doubt.
pub static AIR_VASILEOSTROVSKY: Sensor = Sensor {
    name: "air-vasileostrovsky",
    number: 71_002,
    kind: "SDS011",
    model: "Nova SDS011",
    geohash: "udtsbr",
    latitude: "59.94",
    longitude: "30.25",
    quantities: &[Quantity::tenths("P1", 102, 689), Quantity::tenths("P2", 47, 301)],
    calibrated: None,
};

/// Its calibration ends soon.
pub static NOISE: Sensor = Sensor {
    name: "noise-nevsky",
    number: 72_001,
    kind: "LAeq",
    model: "NTi XL2 street cabinet",
    geohash: "udtsfy",
    latitude: "59.93",
    longitude: "30.36",
    quantities: &[Quantity::tenths("noise_LAeq", 487, 741)],
    calibrated: Some(5),
};

pub static FOOTFALL: Sensor = Sensor {
    name: "footfall-palace-square",
    number: 73_001,
    kind: "cell",
    model: "Mobile cell, counted phones",
    geohash: "udtt18",
    latitude: "59.94",
    longitude: "30.31",
    quantities: &[Quantity::whole("people", 120, 9_300)],
    calibrated: None,
};

/// The one that lost readings.
pub static ENTRANCES: Sensor = Sensor {
    name: "entrances-sadovaya",
    number: 74_001,
    kind: "turnstile",
    model: "Turnstile line, Sadovaya",
    geohash: "udtscv",
    latitude: "59.93",
    longitude: "30.32",
    quantities: &[Quantity::whole("entered", 30, 7_240)],
    calibrated: None,
};

/// The one that gets another key.
pub static WEATHER: Sensor = Sensor {
    name: "weather-polytechnic",
    number: 75_001,
    kind: "BME280",
    model: "Bosch BME280, roof of the main building",
    geohash: "udtt75",
    latitude: "60.01",
    longitude: "30.37",
    quantities: &[
        Quantity::tenths("temperature", 62, 148),
        Quantity::tenths("humidity", 541, 873),
        Quantity::tenths("pressure", 10_071, 10_126),
    ],
    calibrated: Some(330),
};

impl Sensor {
    fn header(&self) -> String {
        let names = self.quantities.iter().map(|quantity| format!(";{}", quantity.name));
        format!("sensor_id;sensor_type;location;lat;lon;timestamp{}", names.collect::<String>())
    }

    /// A day of lines from that time on. The same sensor always measures the same.
    fn day(&self, begin: Moment) -> Vec<Line> {
        let mut random = Random::from_seed(self.number.into());
        let mut line = |position: u32| {
            let observed = begin + Moment::from(position) * STEP;
            let at = time::print(observed);
            let Self { number, kind, latitude, longitude, .. } = self;
            let mut raw = format!("{number};{kind};{number};{latitude};{longitude};{}", at.trim_end_matches('Z'));
            for quantity in self.quantities {
                raw.push(';');
                raw.push_str(&quantity.at(position, &mut random));
            }
            Line { raw, observed }
        };
        (0..READINGS as u32).map(&mut line).collect()
    }
}

/// A line of a sensor's file.
#[derive(Debug)]
struct Line {
    raw: String,
    observed: Moment,
}

/// A sensor that is registered, with its day.
#[derive(Debug)]
pub struct Installed {
    pub sensor: &'static Sensor,
    pub device: DeviceId,
    key: PathBuf,
    lines: Vec<Line>,
}

impl Installed {
    /// Some of its lines, below its header.
    pub fn text(&self, readings: Range<usize>) -> String {
        let lines = self.lines[readings].iter().map(|line| format!("{}\n", line.raw));
        format!("{}\n{}", self.sensor.header(), lines.collect::<String>())
    }

    /// When the first and the last of some readings were observed.
    pub fn observed(&self, readings: Range<usize>) -> (Moment, Moment) {
        let of = |position: usize| self.lines[position].observed;
        (of(readings.start), of(readings.end - 1))
    }

    /// Some of its readings, as a source of a version.
    pub fn source(&self, readings: Range<usize>) -> String {
        format!("device:{}:{}-{}", self.device, readings.start, readings.end - 1)
    }

    fn leaf_hash(&self, position: usize) -> Hash {
        let Line { raw, observed } = &self.lines[position];
        let (device, sequence, observed_at) = (self.device, position as u64, time::print(*observed));
        let names = self.sensor.header();
        let observation = names.split(';').zip(raw.split(';')).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Reading { device, sequence, observed_at, raw: raw.as_bytes(), observation: observation.collect() }.leaf_hash()
    }
}

impl City {
    /// Makes a sensor's key and registers it, at that position among the sensors here.
    pub async fn install(&self, owner: &Member, sensor: &'static Sensor, position: u64) -> Result<Installed> {
        let key = self.folder.join(format!("{}.key", sensor.name));
        self.citynet.device_key(&key).await?;
        let what = ["device", "register", "--model", sensor.model, "--geohash", sensor.geohash];
        let mut arguments: Vec<OsString> = what.map(OsString::from).into();
        for quantity in sensor.quantities {
            arguments.extend(["--property", quantity.name].map(OsString::from));
        }
        if let Some(days) = sensor.calibrated {
            let certificate = Portable::digest(&[b"calibration certificate of ", sensor.name.as_bytes()]);
            for (option, value) in [
                ("--calibration", format!("0x{}", hex::encode(certificate))),
                ("--calibration-from", time::print(self.hour - 160 * DAY)),
                ("--calibration-until", time::print(self.hour + days * DAY)),
            ] {
                arguments.extend([OsString::from(option), value.into()]);
            }
        }
        arguments.extend([OsString::from("--device-key"), (&key).into()]);
        arguments.extend(["--dev-account", owner.account].map(OsString::from));
        self.until_next(Kind::Devices, position).await?;
        let _turn = self.turn(owner.account).await?;
        let device = DeviceId(decimal(&self.citynet.json(arguments).await?["device"])?);
        Ok(Installed { sensor, device, key, lines: sensor.day(self.hour - DAY) })
    }

    /// Attests the first readings of a sensor.
    pub async fn attest(&self, owner: &Member, installed: &Installed, readings: usize) -> Result<()> {
        let Installed { sensor, device, key, .. } = installed;
        let file = self.write(&format!("{}.csv", sensor.name), &installed.text(0..readings))?;
        let attest = Attest {
            account: owner.gateway,
            device: *device,
            key,
            archive: &self.folder.join(sensor.name),
            files: &[file],
            pace: Some(PACE),
        };
        let _turn = self.turn(owner.gateway).await?;
        let finished = self.citynet.attest(&attest).await?;
        ensure!(finished.code == 0, "{} is not attested: {finished:?}", sensor.name);
        Ok(())
    }

    /// Attests a sensor's readings from one on, and declares all before it lost that were not attested. Nothing keeps
    /// them for proofs.
    pub async fn attest_after_gap(&self, owner: &Member, installed: &Installed, lost: Range<usize>) -> Result<()> {
        let seed = fs::read_to_string(&installed.key)?;
        let seed = seed.trim().trim_start_matches("0x");
        let seed: [u8; 32] = hex::decode(seed)?.try_into().ok().context("a key is a seed of 32 bytes")?;
        let device = Device::new(seed, self.chain.genesis().await?);
        let readings = lost.end..installed.lines.len();
        let (window_start, window_end) = installed.observed(readings.clone());
        let leaves = readings.clone().map(|position| installed.leaf_hash(position));
        let batch = Batch {
            count: u32::try_from(readings.len())?,
            missing: lost.len() as u64,
            window_start,
            window_end,
            root: MemoryTree::<Portable>::from_leaf_hashes(leaves).root(),
            ..device.batch(installed.device, lost.end as u64)
        };
        let _turn = self.turn(owner.gateway).await?;
        let done = self.transactions.submit(&account(&uri(owner.gateway))?, &device.attest(&batch)).await?;
        ensure!(done == Outcome::Succeeded, "the readings after the gap are not attested: {done:?}");
        Ok(())
    }

    /// Gives a sensor another key. The one before signs for an hour more.
    pub async fn rotate(&self, owner: &Member, installed: &Installed) -> Result<()> {
        let key = self.folder.join(format!("{}-2.key", installed.sensor.name));
        self.citynet.device_key(&key).await?;
        let key = key.to_str().context("the file's name is text")?;
        let device = installed.device.to_string();
        let words = ["device", "rotate-key", &device, "--new-key", key, "--overlap", "1h"];
        self.signed(owner.account, &words).await.map(drop)
    }

    /// Puts in doubt what a sensor observed in its last six hours. Gives the time from which on.
    pub async fn distrust(&self, owner: &Member, device: DeviceId, reason: &str) -> Result<Moment> {
        let since = self.hour - 6 * HOUR;
        let (device, from) = (device.to_string(), time::print(since));
        let words = ["device", "distrust", &device, "--since", &from, "--reason", reason];
        self.signed(owner.account, &words).await?;
        Ok(since)
    }
}
