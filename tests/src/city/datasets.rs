//! What is published: streams of what sensors attest, and what is made from them.

use super::{
    grants::Shared,
    members::{Member, Members},
    money::Sold,
    sensors::{Installed, Sensor, AIR_ADMIRALTY, AIR_VASILEOSTROVSKY, ENTRANCES, FOOTFALL, NOISE, READINGS, WEATHER},
    City, Kind,
};
use crate::data::Version;
use anyhow::Result;
use citynet_primitives::{Activity, DatasetId, DatasetKind, DeviceId, GrantId, Moment, Sensitivity, VersionId};
use serde_json::json;
use std::{iter::once, ops::Range};
use tokio::try_join;

/// Half of a day.
const HALF: usize = READINGS / 2;
/// What the meter lost: six hours.
const LOST: Range<usize> = HALF..HALF + 36;

/// A dataset that sensors feed.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    pub dataset: DatasetId,
    /// Its last version.
    pub version: VersionId,
    /// The times of that.
    pub observed: (Moment, Moment),
}

/// What the newcomers publish.
#[derive(Clone, Copy, Debug)]
pub struct OfNewcomers {
    entrances: Stream,
    meter: DeviceId,
    noise: Stream,
    noise_sensor: DeviceId,
}

/// What the founders publish.
#[derive(Clone, Copy, Debug)]
pub struct OfFounders {
    air: Stream,
    doubtful: DeviceId,
    footfall: Stream,
    weather: Stream,
    station: DeviceId,
}

/// All streams, with the sensors that have something to them.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    /// The city's.
    pub air: Stream,
    pub doubtful: DeviceId,
    /// The telecom's.
    pub footfall: Stream,
    /// The polytechnic's.
    pub weather: Stream,
    pub station: DeviceId,
    /// The metro's.
    pub entrances: Stream,
    pub meter: DeviceId,
    /// The committee's.
    pub noise: Stream,
    pub noise_sensor: DeviceId,
}

impl OfNewcomers {
    /// All streams.
    pub fn and(self, founders: OfFounders) -> Streams {
        let Self { entrances, meter, noise, noise_sensor } = self;
        let OfFounders { air, doubtful, footfall, weather, station } = founders;
        Streams { air, doubtful, footfall, weather, station, entrances, meter, noise, noise_sensor }
    }
}

/// What is said about a dataset.
struct About {
    /// Its position among the datasets here.
    position: u64,
    kind: DatasetKind,
    title: &'static str,
    text: &'static str,
    sensitivity: Sensitivity,
}

const AIR: About = About {
    position: 3,
    kind: DatasetKind::Stream,
    title: "Air, district by district",
    text: "Fine dust at the street, every ten minutes.",
    sensitivity: Sensitivity::Open,
};
const PEOPLE: About = About {
    position: 4,
    kind: DatasetKind::Stream,
    title: "Footfall at Palace Square",
    text: "Phones in the cell, counted every ten minutes. No phone can be told from another one.",
    sensitivity: Sensitivity::Pseudonymised,
};
const SKY: About = About {
    position: 5,
    kind: DatasetKind::Stream,
    title: "Weather above the Polytechnic",
    text: "Temperature, humidity and pressure on the roof of the main building.",
    sensitivity: Sensitivity::Open,
};
const STATION: About = About {
    position: 1,
    kind: DatasetKind::Stream,
    title: "Entrances at Sadovaya",
    text: "Who passed the turnstiles, counted every ten minutes.",
    sensitivity: Sensitivity::Internal,
};
const STREET: About = About {
    position: 2,
    kind: DatasetKind::Stream,
    title: "Noise at Nevsky Prospekt",
    text: "The equivalent sound level at the kerb, every ten minutes.",
    sensitivity: Sensitivity::Internal,
};
const DUST_AND_WEATHER: About = About {
    position: 6,
    kind: DatasetKind::Derived,
    title: "Dust and weather, hour by hour",
    text: "The city's dust beside the weather of the same hour.",
    sensitivity: Sensitivity::Open,
};
const CLEANED: About = About {
    position: 7,
    kind: DatasetKind::Derived,
    title: "Dust without outliers",
    text: "The city's dust, without what no street has.",
    sensitivity: Sensitivity::Internal,
};
const FORECAST: About = About {
    position: 9,
    kind: DatasetKind::Model,
    title: "Dust tomorrow",
    text: "A forecast of dust for the next day.",
    sensitivity: Sensitivity::Internal,
};
const BULLETIN: About = About {
    position: 8,
    kind: DatasetKind::Derived,
    title: "People in the centre",
    text: "How full the centre was, by quarter of the day.",
    sensitivity: Sensitivity::Internal,
};

/// What is published as a version.
struct Content<'a> {
    name: &'a str,
    text: String,
    records: usize,
    observed: (Moment, Moment),
    activity: Activity,
    sources: Vec<String>,
}

impl City {
    async fn register(&self, owner: &Member, about: &About) -> Result<DatasetId> {
        let About { position, kind, title, text, sensitivity } = about;
        let description = json!({
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/"},
            "@type": "dcat:Dataset",
            "dcterms:title": title,
            "dcterms:description": text,
        });
        let name = format!("{}.dcat.json", title.to_lowercase().replace(|letter: char| !letter.is_alphanumeric(), "-"));
        let file = self.write(&name, &description.to_string())?;
        self.until_next(Kind::Datasets, *position).await?;
        let _turn = self.turn(owner.account).await?;
        self.data().register(owner.account, *kind, title, *sensitivity, &file).await
    }

    async fn publish(&self, owner: &Member, dataset: DatasetId, content: Content<'_>) -> Result<VersionId> {
        let Content { name, text, records, observed, activity, sources } = content;
        let file = self.write(name, &text)?;
        let version = Version { file: &file, records: records as u64, observed, activity, sources };
        let _turn = self.turn(owner.account).await?;
        self.data().publish(owner.account, dataset, &version).await
    }

    /// Registers a dataset and makes a version of what is made from others.
    async fn make_from(&self, owner: &Member, about: &About, content: Content<'_>) -> Result<VersionId> {
        let dataset = self.register(owner, about).await?;
        self.publish(owner, dataset, content).await
    }

    /// Has sensors feed a dataset.
    async fn feed(&self, owner: &Member, dataset: DatasetId, sensors: &[&Installed]) -> Result<()> {
        let number = dataset.to_string();
        let devices: Vec<String> = sensors.iter().map(|sensor| sensor.device.to_string()).collect();
        let mut words = vec!["dataset", "devices", &number];
        words.extend(devices.iter().flat_map(|device| ["--add", device.as_str()]));
        self.signed(owner.account, &words).await.map(drop)
    }

    /// Publishes readings of sensors, all of which are attested.
    async fn collect(
        &self,
        owner: &Member,
        dataset: DatasetId,
        sensors: &[&Installed],
        runs: impl IntoIterator<Item = Range<usize>> + Clone,
    ) -> Result<Stream> {
        let (mut text, mut records, mut sources, mut times) = (String::new(), 0, Vec::new(), Vec::new());
        for sensor in sensors {
            for run in runs.clone() {
                text.push_str(&sensor.text(run.clone()));
                records += run.len();
                sources.push(sensor.source(run.clone()));
                let (first, last) = sensor.observed(run.clone());
                times.extend([first, last]);
            }
        }
        let observed =
            (times.iter().copied().min().unwrap_or_default(), times.iter().copied().max().unwrap_or_default());
        let name = format!("version-{dataset}-{records}.csv");
        let content = Content { name: &name, text, records, observed, activity: Activity::Collection, sources };
        let version = self.publish(owner, dataset, content).await?;
        Ok(Stream { dataset, version, observed })
    }

    /// A stream of one sensor, which is at that position here, with one version of all its readings.
    async fn stream_of_one(
        &self,
        owner: &Member,
        about: &About,
        sensor: &'static Sensor,
        position: u64,
    ) -> Result<(Stream, Installed)> {
        let (sensor, dataset) = try_join!(self.install(owner, sensor, position), self.register(owner, about))?;
        let sensors = [&sensor];
        try_join!(self.feed(owner, dataset, &sensors), self.attest(owner, &sensor, READINGS))?;
        let stream = self.collect(owner, dataset, &sensors, once(0..READINGS)).await?;
        Ok((stream, sensor))
    }

    /// The metro, whose meter lost readings, and the committee.
    pub async fn newcomers_publish(&self, members: &Members) -> Result<OfNewcomers> {
        let Members { metro, committee, .. } = members;
        let entrances = async {
            let (meter, dataset) = try_join!(self.install(metro, &ENTRANCES, 1), self.register(metro, &STATION))?;
            let attested = async {
                self.attest(metro, &meter, LOST.start).await?;
                self.attest_after_gap(metro, &meter, LOST).await
            };
            let sensors = [&meter];
            try_join!(self.feed(metro, dataset, &sensors), attested)?;
            let stream = self.collect(metro, dataset, &sensors, [0..LOST.start, LOST.end..READINGS]).await?;
            anyhow::Ok((stream, meter.device))
        };
        let noise = self.stream_of_one(committee, &STREET, &NOISE, 2);
        let ((entrances, meter), (noise, sensor)) = try_join!(entrances, noise)?;
        Ok(OfNewcomers { entrances, meter, noise, noise_sensor: sensor.device })
    }

    /// The city, twice; the telecom and the polytechnic.
    pub async fn founders_publish(&self, members: &Members) -> Result<OfFounders> {
        let Members { city, telecom, polytechnic, .. } = members;
        let air = async {
            let (one, dataset, other) = try_join!(
                self.install(city, &AIR_ADMIRALTY, 3),
                self.register(city, &AIR),
                self.install(city, &AIR_VASILEOSTROVSKY, 6),
            )?;
            let sensors = [&one, &other];
            try_join!(
                self.feed(city, dataset, &sensors),
                self.attest(city, &one, READINGS),
                self.attest(city, &other, READINGS),
            )?;
            self.collect(city, dataset, &sensors, once(0..HALF)).await?;
            let stream = self.collect(city, dataset, &sensors, once(0..READINGS)).await?;
            anyhow::Ok((stream, other.device))
        };
        let footfall = self.stream_of_one(telecom, &PEOPLE, &FOOTFALL, 4);
        let weather = async {
            let (stream, station) = self.stream_of_one(polytechnic, &SKY, &WEATHER, 5).await?;
            self.rotate(polytechnic, &station).await?;
            anyhow::Ok((stream, station.device))
        };
        let ((air, doubtful), (footfall, _), (weather, station)) = try_join!(air, footfall, weather)?;
        Ok(OfFounders { air, doubtful, footfall, weather, station })
    }

    /// Data and a model are made from what was granted, each by somebody else. Gives the model.
    pub async fn data_is_made(
        &self,
        members: &Members,
        streams: &Streams,
        shared: &Shared,
        sold: &Sold,
    ) -> Result<VersionId> {
        let Members { city, polytechnic, technologies, .. } = members;
        let Streams { air, footfall, weather, entrances, .. } = streams;
        let by = |version: VersionId, grant: GrantId| format!("{version}:grant={grant}");
        let linked = self.make_from(
            polytechnic,
            &DUST_AND_WEATHER,
            Content {
                name: "dust-and-weather.csv",
                text: "hour;P1;temperature\n".to_owned(),
                records: 24,
                observed: air.observed,
                activity: Activity::Linkage,
                sources: vec![by(air.version, shared.research), weather.version.to_string()],
            },
        );
        let summed_up = self.make_from(
            city,
            &BULLETIN,
            Content {
                name: "people-in-the-centre.csv",
                text: "quarter;people\n".to_owned(),
                records: 4,
                observed: footfall.observed,
                activity: Activity::Aggregation,
                sources: vec![by(footfall.version, sold.footfall())],
            },
        );
        let learnt = async {
            let cleaned = Content {
                name: "dust-without-outliers.csv",
                text: "timestamp;P1;P2\n".to_owned(),
                records: 281,
                observed: air.observed,
                activity: Activity::Cleaning,
                sources: vec![by(air.version, shared.passed_on)],
            };
            let cleaned = self.make_from(technologies, &CLEANED, cleaned).await?;
            let model = Content {
                name: "dust-tomorrow-1.csv",
                text: "weights of the first epoch\n".to_owned(),
                records: 1,
                observed: air.observed,
                activity: Activity::Training,
                sources: vec![cleaned.to_string(), by(air.version, shared.passed_on)],
            };
            let model = self.make_from(technologies, &FORECAST, model).await?;
            let tuned = Content {
                name: "dust-tomorrow-2.csv",
                text: "weights of the second epoch\n".to_owned(),
                records: 1,
                observed: entrances.observed,
                activity: Activity::Training,
                sources: vec![model.to_string(), by(entrances.version, shared.ending)],
            };
            self.publish(technologies, model.dataset, tuned).await
        };
        let (linked, summed_up, tuned) = try_join!(linked, summed_up, learnt)?;
        (self.say)(&format!("made from granted data: {linked} and {summed_up}, and the model {tuned}"));
        Ok(tuned)
    }

    /// The city doubts one of its sensors, and flags the version with all its readings. Gives the
    /// time since when.
    pub async fn some_is_in_doubt(&self, members: &Members, streams: &Streams) -> Result<Moment> {
        let (city, air) = (&members.city, &streams.air);
        let reason = "scaffolding stands around the inlet";
        let since = self.distrust(city, streams.doubtful, reason).await?;
        let _turn = self.turn(city.account).await?;
        self.data().flag(city.account, air.version, since, reason).await?;
        (self.say)(&format!("device {} is in doubt, and version {} is flagged", streams.doubtful, air.version));
        Ok(since)
    }
}
