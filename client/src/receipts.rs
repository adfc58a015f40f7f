//! Receipts: what a provider's gateway writes down about each access, and the report that the ledger gets of them.
//!
//! A gateway appends one line of JSON to a file for every access that it gives, and for every one that it refuses. Broken
//! here for the page, they are:
//!
//! ```json
//! {"format":"citynet.receipt/1","grant":"5","at":"2026-03-01T12:00:00Z","action":"read","version":3,
//!  "records":"120","bytes":"4096"}
//! {"format":"citynet.receipt/1","grant":"5","at":"2026-03-01T12:00:07Z","action":"train","version":null,
//!  "refused":"action_not_granted"}
//! ```
//!
//! and for somebody who holds no grant at all, with a salted commitment to who it was:
//!
//! ```json
//! {"format":"citynet.receipt/1","dataset":"7","requester":"0x…","at":"2026-03-01T12:00:09Z","action":"read",
//!  "version":null,"refused":"no_grant"}
//! ```
//!
//! `version` is null for what is no version yet, as of a stream. Times are UTC in whole seconds; 64-bit numbers are strings.
//! Each line's RFC 8785 canonical form is a leaf of an RFC 9162 tree, in the order of the lines. The ledger keeps the
//! tree's root, so that any single receipt can be shown to be among those reported, and none be added later.
//!
//! # What this module does not guarantee
//!
//! That the gateway wrote a receipt for everything that it gave. The consumer may contest a report.

use crate::{
    rpc::parse_hash,
    sources::lines::{Lines, Position},
    time::format_utc,
};
use citynet_merkle::{leaf_hash, Full, Portable, RightEdge};
use citynet_primitives::{
    AccessReport, Action, DatasetId, Denial, GrantId, GrantInfo, Hash, Moment, RefusalReport, RefusedCount, Stranger,
    Usage,
};
use citynet_proofs::{
    jcs::{self, JcsError},
    time,
};
use serde::{de, Deserialize, Deserializer};
use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// How long the time that a receipt names may have lasted, in milliseconds.
const SECOND: Moment = 1000;

/// Receipts cannot be read or reported.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptsError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is no receipt of what is reported.
    #[error("{path}:{line}: {source}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: u64,
        /// Why.
        source: LineError,
    },
    /// There is no line.
    #[error("{0} has no receipts, so there is nothing to report")]
    Nothing(PathBuf),
    /// A receipt is of another time.
    #[error(
        "{path}:{line}: {} is not between {} and {}, the times that the report is about",
        format_utc(*.at),
        format_utc(.window.from),
        format_utc(.window.to)
    )]
    OutsideWindow {
        /// The file.
        path: PathBuf,
        /// The line's number.
        line: u64,
        /// The receipt's time.
        at: Moment,
        /// The report's.
        window: Window,
    },
    /// The report would be about no time.
    #[error(
        "the report would be about no time: from {}, to {}; were these receipts reported before?",
        format_utc(.0.from),
        format_utc(.0.to)
    )]
    NoTime(Window),
    /// The ledger takes fewer.
    #[error("{path} is about {found} requesters, and a report has at most 64; split it")]
    TooManyRequesters {
        /// The file.
        path: PathBuf,
        /// How many there are.
        found: usize,
    },
    /// A sum does not fit.
    #[error("with these receipts, a count would be 2^64 or more")]
    TooMuch,
}

/// A line is no receipt of what is reported.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is not JSON, or not of the format.
    // Not its source too: with that, it would be said twice.
    #[error("{}", told(.0))]
    Format(serde_json::Error),
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] JcsError),
    /// It is longer than any receipt.
    #[error("the line is longer than any receipt")]
    TooLong,
    /// It is about something else.
    #[error("it is not about {0}")]
    OfAnother(About),
    /// A field is needed.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field makes no sense there.
    #[error("{0} has no place in it")]
    Needless(&'static str),
}

/// What JSON's reader found, without the number of the line that it was given alone.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((words, _)) => format!("{words} (column {})", error.column()),
        None => text,
    }
}

/// What receipts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A grant.
    Grant(GrantId),
    /// A dataset, and attempts on it without any grant.
    Dataset(DatasetId),
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(grant) => write!(f, "grant {grant}"),
            Self::Dataset(dataset) => write!(f, "attempts on dataset {dataset} without a grant"),
        }
    }
}

/// The times that a report is about: `from` belongs to them, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub from: Moment,
    /// The first moment after them.
    pub to: Moment,
}

/// A time and the line that names it.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Moment,
    line: u64,
}

/// The receipts of a file.
#[derive(Debug)]
pub struct Receipts {
    path: PathBuf,
    about: About,
    leaves: Vec<String>,
    root: Hash,
    usage: Usage,
    refused: BTreeMap<Denial, u64>,
    strangers: BTreeMap<Hash, u64>,
    earliest: Mark,
    latest: Mark,
}

#[derive(Deserialize)]
enum Format {
    #[serde(rename = "citynet.receipt/1")]
    V1,
}

/// A number of 64 bits as a string, written in one way.
struct Digits(u64);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
        number.map(Self).ok_or_else(|| de::Error::custom(format_args!("`{text}` is no number below 2^64")))
    }
}

/// A time in the one notation.
struct At(Moment);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        time::parse(&String::deserialize(deserializer)?).map(Self).map_err(de::Error::custom)
    }
}

/// A commitment to who it was.
struct Requester(Hash);

impl<'de> Deserialize<'de> for Requester {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse_hash(&String::deserialize(deserializer)?).map(Self).map_err(de::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    format: Format,
    grant: Option<Digits>,
    dataset: Option<Digits>,
    requester: Option<Requester>,
    at: At,
    #[allow(dead_code, reason = "it is read so that it is one; the ledger does not count by it")]
    action: Action,
    #[allow(dead_code, reason = "as above")]
    version: Option<u32>,
    records: Option<Digits>,
    bytes: Option<Digits>,
    refused: Option<Denial>,
}

/// What one receipt says.
enum Said {
    Given { records: u64, bytes: u64 },
    Refused(Denial),
    RefusedStranger(Hash),
}

impl Receipt {
    /// What it says, if it is about that.
    fn said(self, about: About) -> Result<(Moment, Said), LineError> {
        let Self { format: Format::V1, grant, dataset, requester, at: At(at), records, bytes, refused, .. } = self;
        let of_another = match about {
            About::Grant(GrantId(grant_asked)) => grant.as_ref().is_none_or(|grant| grant.0 != grant_asked),
            About::Dataset(DatasetId(asked)) => dataset.as_ref().is_none_or(|dataset| dataset.0 != asked),
        };
        if of_another {
            return Err(LineError::OfAnother(about));
        }
        if refused.is_some() {
            for (field, amount) in [("records", &records), ("bytes", &bytes)] {
                if amount.as_ref().is_some_and(|amount| amount.0 > 0) {
                    return Err(LineError::Needless(field));
                }
            }
        }
        let said = match about {
            About::Grant(_) if requester.is_some() => return Err(LineError::Needless("requester")),
            About::Grant(_) if dataset.is_some() => return Err(LineError::Needless("dataset")),
            About::Grant(_) => match refused {
                Some(reason) => Said::Refused(reason),
                None => Said::Given {
                    records: records.ok_or(LineError::Missing("records"))?.0,
                    bytes: bytes.ok_or(LineError::Missing("bytes"))?.0,
                },
            },
            About::Dataset(_) if grant.is_some() => return Err(LineError::Needless("grant")),
            About::Dataset(_) if refused.is_none() => return Err(LineError::Missing("refused")),
            About::Dataset(_) => Said::RefusedStranger(requester.ok_or(LineError::Missing("requester"))?.0),
        };
        Ok((at, said))
    }
}

/// A line's canonical form, and what it says.
fn read_line(line: &[u8], about: About) -> Result<(String, Moment, Said), LineError> {
    // A structure is read first: unlike a value, it has no field twice.
    let (at, said) = serde_json::from_slice::<Receipt>(line).map_err(LineError::Format)?.said(about)?;
    let leaf = jcs::to_string(&serde_json::from_slice(line).map_err(LineError::Format)?)?;
    Ok((leaf, at, said))
}

fn add(sum: &mut u64, more: u64) -> Result<(), ReceiptsError> {
    *sum = sum.checked_add(more).ok_or(ReceiptsError::TooMuch)?;
    Ok(())
}

impl Receipts {
    /// Reads a file whose every line is a receipt about one grant or one dataset.
    ///
    /// # Errors
    ///
    /// [`ReceiptsError::File`], [`ReceiptsError::Line`], [`ReceiptsError::Nothing`] and [`ReceiptsError::TooMuch`].
    pub fn read(path: &Path, about: About) -> Result<Self, ReceiptsError> {
        let failed = |source| ReceiptsError::File { path: path.to_owned(), source };
        let mut lines = Lines::at(BufReader::new(File::open(path).map_err(failed)?), Position::default());
        let (mut leaves, mut edge) = (Vec::new(), RightEdge::new());
        let (mut usage, mut refused, mut strangers) = (Usage::default(), BTreeMap::new(), BTreeMap::new());
        let mut marks: Option<(Mark, Mark)> = None;
        while let Some(line) = lines.next_line().map_err(failed)? {
            let number = lines.position().line;
            let read = if line.too_long { Err(LineError::TooLong) } else { read_line(&line.bytes, about) };
            let (leaf, at, said) =
                read.map_err(|source| ReceiptsError::Line { path: path.to_owned(), line: number, source })?;
            match said {
                Said::Given { records, bytes } => {
                    add(&mut usage.accesses, 1)?;
                    add(&mut usage.records, records)?;
                    add(&mut usage.bytes, bytes)?;
                }
                Said::Refused(reason) => add(refused.entry(reason).or_default(), 1)?,
                Said::RefusedStranger(requester) => add(strangers.entry(requester).or_default(), 1)?,
            }
            edge.push::<Portable>(leaf_hash::<Portable>(leaf.as_bytes())).map_err(|Full| ReceiptsError::TooMuch)?;
            leaves.push(leaf);
            let mark = Mark { at, line: number };
            marks = Some(marks.map_or((mark, mark), |(earliest, latest)| {
                (if at < earliest.at { mark } else { earliest }, if at > latest.at { mark } else { latest })
            }));
        }
        let (earliest, latest) = marks.ok_or_else(|| ReceiptsError::Nothing(path.to_owned()))?;
        let root = edge.root::<Portable>();
        Ok(Self { path: path.to_owned(), about, leaves, root, usage, refused, strangers, earliest, latest })
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// RFC 9162 root over them.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// What was used by them.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// How many of them say that access was refused.
    pub fn refusals(&self) -> u64 {
        // None of the sums is above the number of lines.
        self.refused.values().chain(self.strangers.values()).sum()
    }

    /// The times to report. It begins where the last report ended, or with the first receipt, and ends after the last one,
    /// but not after `now`, the ledger's time: the ledger takes no report about the future.
    ///
    /// # Errors
    ///
    /// [`ReceiptsError::NoTime`], and [`ReceiptsError::OutsideWindow`] when a receipt is not from the window: it was
    /// reported before, or is to be reported another time.
    pub fn window(
        &self,
        reported_until: Moment,
        from: Option<Moment>,
        to: Option<Moment>,
        now: Moment,
    ) -> Result<Window, ReceiptsError> {
        let (earliest, latest) = (self.earliest, self.latest);
        let begin = if reported_until > 0 { reported_until } else { earliest.at };
        // A receipt names a second, and may be from any moment of it.
        let end = latest.at.saturating_add(SECOND).min(now.max(latest.at.saturating_add(1)));
        let window = Window { from: from.unwrap_or(begin), to: to.unwrap_or(end) };
        if window.from >= window.to {
            return Err(ReceiptsError::NoTime(window));
        }
        let before = earliest.at.saturating_add(SECOND) <= window.from;
        let outside = if before { Some(earliest) } else { Some(latest).filter(|latest| latest.at >= window.to) };
        match outside {
            Some(Mark { at, line }) => Err(ReceiptsError::OutsideWindow { path: self.path.clone(), line, at, window }),
            None => Ok(window),
        }
    }

    /// The report that follows what is known of a grant.
    ///
    /// # Errors
    ///
    /// [`ReceiptsError::TooMuch`].
    pub fn access_report(&self, info: &GrantInfo, window: Window) -> Result<AccessReport, ReceiptsError> {
        let refused = self.refused.iter().map(|(reason, count)| RefusedCount { reason: *reason, count: *count });
        let refused: Vec<RefusedCount> = refused.collect();
        Ok(AccessReport {
            counter: info.last_report.checked_add(1).ok_or(ReceiptsError::TooMuch)?,
            from: window.from,
            to: window.to,
            usage: info.used.checked_add(&self.usage).ok_or(ReceiptsError::TooMuch)?,
            refused: refused.try_into().expect("there are as many reasons as the bound; qed"),
            receipts: self.count(),
            root: self.root,
        })
    }

    /// The report that follows one with the number `last`, or 0, about attempts without a grant.
    ///
    /// # Errors
    ///
    /// [`ReceiptsError::TooMuch`] and [`ReceiptsError::TooManyRequesters`].
    pub fn refusal_report(&self, last: u64, window: Window) -> Result<RefusalReport, ReceiptsError> {
        let strangers: Vec<Stranger> =
            self.strangers.iter().map(|(requester, count)| Stranger { requester: *requester, count: *count }).collect();
        let found = strangers.len();
        Ok(RefusalReport {
            counter: last.checked_add(1).ok_or(ReceiptsError::TooMuch)?,
            from: window.from,
            to: window.to,
            strangers: strangers
                .try_into()
                .map_err(|_| ReceiptsError::TooManyRequesters { path: self.path.clone(), found })?,
            receipts: self.count(),
            root: self.root,
        })
    }

    /// Keeps the leaves in a directory, one a line, as the report with that number has them. The file's name has the
    /// beginning of the root in it, so that no other receipts take their place.
    ///
    /// # Errors
    ///
    /// [`ReceiptsError::File`].
    pub fn archive(&self, directory: &Path, counter: u64) -> Result<PathBuf, ReceiptsError> {
        let about = match self.about {
            About::Grant(grant) => format!("grant-{grant}"),
            About::Dataset(dataset) => format!("dataset-{dataset}"),
        };
        let root = hex::encode(self.root.first_chunk::<8>().unwrap_or(&[0; 8]));
        let path = directory.join(format!("{about}-{counter}-{root}.jsonl"));
        // Beside it first, so that the file is there as a whole or not at all.
        let temporary = path.with_extension("new");
        let write = || {
            fs::create_dir_all(directory)?;
            let mut out = BufWriter::new(File::create(&temporary)?);
            for leaf in &self.leaves {
                writeln!(out, "{leaf}")?;
            }
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&temporary, &path)
        };
        write().map_err(|source| ReceiptsError::File { path: path.clone(), source })?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{
        GrantState, OrganisationId, PersonalData, Price, SubjectHead, Terms, UsageLimit, Versions,
    };
    use sha2::{Digest as _, Sha256};

    const GRANT: About = About::Grant(GrantId(5));
    const DATASET: About = About::Dataset(DatasetId(7));
    /// 2026-03-01T12:00:00Z.
    const NOON: Moment = 1_772_366_400_000;

    fn receipt(about: &str, second: u32, rest: &str) -> String {
        format!(r#"{{"format":"citynet.receipt/1",{about},"at":"2026-03-01T12:00:{second:02}Z",{rest}}}"#)
    }

    fn given(second: u32, records: u64, bytes: u64) -> String {
        let rest = format!(r#""action":"read","version":3,"records":"{records}","bytes":"{bytes}""#);
        receipt(r#""grant":"5""#, second, &rest)
    }

    fn refused(second: u32, reason: &str) -> String {
        let rest = format!(r#""action":"train","version":null,"refused":"{reason}""#);
        receipt(r#""grant":"5""#, second, &rest)
    }

    fn stranger(second: u32, requester: u8) -> String {
        let requester = hex::encode([requester; 32]);
        let about = format!(r#""dataset":"7","requester":"0x{requester}""#);
        receipt(&about, second, r#""action":"read","version":null,"refused":"no_grant""#)
    }

    fn read(lines: &[String], about: About) -> Result<Receipts, ReceiptsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("receipts.jsonl");
        fs::write(&path, lines.concat()).unwrap();
        Receipts::read(&path, about)
    }

    fn lines(lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The root as RFC 9162 defines it in section 2.1.1, word for word.
    fn root(leaves: &[String]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => Sha256::digest([&[0][..], leaf.as_bytes()].concat()).into(),
            leaves => {
                let left = (leaves.len() - 1).ilog2();
                let (left, right) = leaves.split_at(1 << left);
                Sha256::digest([&[1][..], &root(left), &root(right)].concat()).into()
            }
        }
    }

    fn info() -> GrantInfo {
        GrantInfo {
            state: GrantState::Active,
            parent: None,
            supersedes: None,
            binding: true,
            terms: Terms {
                dataset: DatasetId(7),
                versions: Versions { first: 1, last: None, content: None },
                provider: OrganisationId(1),
                consumer: OrganisationId(2),
                controller: OrganisationId(1),
                actions: [Action::Read].into_iter().collect(),
                purposes: vec![citynet_primitives::PurposeCode(2)].try_into().unwrap(),
                not_before: 0,
                not_after: NOON * 2,
                limit: UsageLimit::default(),
                price: Price::Free,
                delegation_depth: 0,
                restricted_delegation: false,
                jurisdiction: b"RU".to_vec().try_into().unwrap(),
                legal_basis: None,
                personal_data: PersonalData::None,
                consent: None,
                notice: None,
                retention_days: None,
                recipients: Default::default(),
                assessment: None,
                withdrawal: None,
                agreement: None,
            },
            terms_hash: [0; 32],
            active_since: Some(1),
            ended: None,
            last_report: 2,
            reported_until: NOON,
            used: Usage { accesses: 10, records: 1000, bytes: 50_000 },
            used_in_all: Usage::default(),
            head: SubjectHead::default(),
        }
    }

    #[test]
    fn receipts_become_a_report() {
        let leaves = [
            given(1, 120, 4096),
            refused(9, "expired"),
            given(3, 5, 6),
            refused(7, "suspended"),
            refused(7, "expired"),
        ];
        let receipts = read(&lines(&leaves), GRANT).unwrap();
        assert_eq!((receipts.count(), receipts.refusals()), (5, 3));
        let window = receipts.window(NOON, None, None, u64::MAX).unwrap();
        assert_eq!(window, Window { from: NOON, to: NOON + 10_000 });
        let report = receipts.access_report(&info(), window).unwrap();
        assert_eq!((report.counter, report.from, report.to, report.receipts), (3, NOON, NOON + 10_000, 5));
        assert_eq!(report.usage, Usage { accesses: 12, records: 1125, bytes: 54_102 });
        let counts: Vec<_> = report.refused.iter().map(|refused| (refused.reason, refused.count)).collect();
        assert_eq!(counts, [(Denial::Suspended, 1), (Denial::Expired, 2)]);

        // What was written with other spaces and in another order is the same receipt.
        let canonical: Vec<String> =
            leaves.iter().map(|line| jcs::to_string(&serde_json::from_str(line).unwrap()).unwrap()).collect();
        assert_eq!(report.root, root(&canonical));
        let first = concat!(
            r#"{"action":"read","at":"2026-03-01T12:00:01Z","bytes":"4096","#,
            r#""format":"citynet.receipt/1","grant":"5","records":"120","version":3}"#
        );
        assert_eq!(canonical[0], first);
        let spaced: Vec<String> = leaves.iter().map(|line| format!("{}\r\n", line.replace(',', " , "))).collect();
        assert_eq!(read(&spaced, GRANT).unwrap().root(), &report.root);
        let mut swapped = lines(&leaves);
        swapped.swap(0, 2);
        assert_ne!(read(&swapped, GRANT).unwrap().root(), &report.root);
    }

    #[test]
    fn the_root_is_that_of_the_standard() {
        for count in 1..20 {
            let leaves: Vec<String> = (0..count).map(|second| given(second, 1, 1)).collect();
            let canonical: Vec<String> =
                leaves.iter().map(|line| jcs::to_string(&serde_json::from_str(line).unwrap()).unwrap()).collect();
            assert_eq!(read(&lines(&leaves), GRANT).unwrap().root(), &root(&canonical), "{count}");
        }
    }

    #[test]
    fn strangers_are_counted_one_by_one() {
        let receipts = read(&lines(&[stranger(1, 9), stranger(2, 8), stranger(3, 9)]), DATASET).unwrap();
        let window = receipts.window(0, None, None, u64::MAX).unwrap();
        assert_eq!(window, Window { from: NOON + 1000, to: NOON + 4000 });
        let report = receipts.refusal_report(0, window).unwrap();
        assert_eq!((report.counter, report.receipts), (1, 3));
        let counts: Vec<_> = report.strangers.iter().map(|stranger| (stranger.requester, stranger.count)).collect();
        assert_eq!(counts, [([8; 32], 1), ([9; 32], 2)]);

        let crowd: Vec<String> = (0..65).map(|requester| stranger(1, requester)).collect();
        let refused = read(&lines(&crowd), DATASET).unwrap().refusal_report(0, window);
        assert!(matches!(refused, Err(ReceiptsError::TooManyRequesters { found: 65, .. })));
    }

    #[test]
    fn what_is_no_receipt_is_named_by_its_line() {
        let good = given(1, 1, 1);
        for (bad, words) in [
            (String::new(), "EOF"),
            ("{}".into(), "missing field `format` (column 2)"),
            (good.replace("receipt/1", "receipt/2"), "unknown variant `citynet.receipt/2`"),
            (good.replace("\"5\"", "\"6\""), "it is not about grant 5"),
            (good.replace("\"5\"", "5"), "expected a string"),
            (good.replace("\"5\"", "\"05\""), "`05` is no number"),
            (good.replace("\"5\"", "\"+5\""), "`+5` is no number"),
            (good.replace("12:00:01Z", "12:00:01.5Z"), "a time is written"),
            (good.replace("12:00:01Z", "12:00:01+03:00"), "a time is written"),
            (good.replace("\"read\"", "\"look\""), "unknown variant `look`"),
            (good.replace(":3,", ":3.5,"), "invalid type"),
            (good.replace("\"records\":\"1\",", ""), "records is missing"),
            (good.replace(",\"bytes\":\"1\"", ""), "bytes is missing"),
            (good.replace("\"bytes\"", "\"octets\""), "unknown field `octets`"),
            (good.replace("\"bytes\":\"1\"", "\"bytes\":\"1\",\"bytes\":\"2\""), "duplicate field `bytes`"),
            (good.replace("\"bytes\":\"1\"", "\"bytes\":\"1\",\"refused\":\"expired\""), "records has no place in it"),
            (good.replace("\"grant\"", "\"dataset\":\"7\",\"grant\""), "dataset has no place in it"),
            (stranger(1, 1), "it is not about grant 5"),
            (refused(1, "sleepy"), "unknown variant `sleepy`"),
            (" ".repeat(70_000), "longer than any receipt"),
        ] {
            let error = read(&lines(&[good.clone(), bad.clone()]), GRANT).unwrap_err().to_string();
            assert!(error.contains("receipts.jsonl:2: ") && error.contains(words), "{bad}: {error}");
        }
        for (bad, words) in [
            (good.clone(), "it is not about attempts on dataset 7"),
            (stranger(1, 1).replace(",\"refused\":\"no_grant\"", ""), "refused is missing"),
            (stranger(1, 1).replace("\"requester\"", "\"grant\""), "is no number"),
            (stranger(1, 1).replace("0x01", "0x"), "is no hash"),
        ] {
            let error = read(&lines(std::slice::from_ref(&bad)), DATASET).unwrap_err().to_string();
            assert!(error.contains("receipts.jsonl:1: ") && error.contains(words), "{bad}: {error}");
        }
        assert!(matches!(read(&[], GRANT), Err(ReceiptsError::Nothing(_))));
        let most = [given(1, u64::MAX, 0), given(1, 1, 0)];
        assert!(matches!(read(&lines(&most), GRANT), Err(ReceiptsError::TooMuch)));
        let missing = Receipts::read(Path::new("no-such-file.jsonl"), GRANT);
        assert!(matches!(missing, Err(ReceiptsError::File { .. })));
    }

    #[test]
    fn the_window_follows_the_last_report_and_has_every_receipt() {
        let receipts = read(&lines(&[given(5, 1, 1), given(9, 1, 1)]), GRANT).unwrap();
        let window = |until, from, to, now| receipts.window(until, from, to, now);
        let is = |from, to| Window { from: NOON + from, to: NOON + to };
        // The second of the last receipt is over, or it is not.
        assert_eq!(window(0, None, None, NOON + 60_000).unwrap(), is(5_000, 10_000));
        assert_eq!(window(0, None, None, NOON + 9_400).unwrap(), is(5_000, 9_400));
        assert_eq!(window(0, None, None, NOON + 8_000).unwrap(), is(5_000, 9_001));
        // What was reported up to the middle of a second goes on in it.
        assert_eq!(window(NOON + 5_999, None, None, u64::MAX).unwrap(), is(5_999, 10_000));
        let before = window(NOON + 6_000, None, None, u64::MAX).unwrap_err();
        assert!(matches!(before, ReceiptsError::OutsideWindow { line: 1, .. }), "{before}");
        assert!(before.to_string().contains("receipts.jsonl:1: 2026-03-01T12:00:05Z is not between"), "{before}");
        // Asked for.
        let wide = window(NOON, Some(NOON + 1_000), Some(NOON + 60_000), 0).unwrap();
        assert_eq!(wide, is(1_000, 60_000));
        let after = window(0, None, Some(NOON + 9_000), u64::MAX).unwrap_err();
        assert!(matches!(after, ReceiptsError::OutsideWindow { line: 2, .. }), "{after}");
        let nothing = window(0, Some(NOON), Some(NOON), u64::MAX);
        assert!(matches!(nothing, Err(ReceiptsError::NoTime(_))));
    }

    #[test]
    fn leaves_are_kept_as_they_were_hashed() {
        let dir = tempfile::tempdir().unwrap();
        let directory = dir.path().join("archive");
        let receipts = read(&lines(&[given(5, 1, 1), given(9, 1, 1)]), GRANT).unwrap();
        let path = receipts.archive(&directory, 3).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(name, format!("grant-5-3-{}.jsonl", hex::encode(&receipts.root()[..8])));
        let kept: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(ToOwned::to_owned).collect();
        assert_eq!(&root(&kept), receipts.root());
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
        // They are receipts again, of the same root.
        assert_eq!(Receipts::read(&path, GRANT).unwrap().root(), receipts.root());
        receipts.archive(&directory, 3).unwrap();
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    }
}
