//! Readings out of several files, one after the other, each from where it was left.
//!
//! # Which file is which
//!
//! A file is known again by its content, not by its name: by the SHA-256 of the part that was read before. So the same
//! file under another path is not attested twice, a file that grew goes on where it ended, and of two files that begin
//! alike the longer is taken as the shorter one grown. A known name whose earlier part has changed is an error, since its
//! lines may have been attested before; [`Options::changed_is_new`] says that it is another file.
//!
//! # The last line
//!
//! A last line without a line end is attested when it is a whole reading. When it is not, it may still be being written:
//! it counts as rejected for now and is read again next time.

use super::{
    lines::{Line, Lines, Position},
    Format, HeaderError, Reject, Row, Rows,
};
use crate::time;
use citynet_primitives::Moment;
use std::{
    collections::{BTreeSet, VecDeque},
    fs::{self, File},
    io::{self, BufReader, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

const BUFFER: usize = 128 * 1024;
/// The most rejected lines that one [`Chunk`] holds.
const MOST_REJECTS: usize = 10_000;

/// How far a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// The file's number in the archive.
    pub id: i64,
    /// The path under which it was first given.
    pub path: String,
    /// Bytes read.
    pub offset: u64,
    /// Lines read, the header among them.
    pub line: u64,
    /// SHA-256 of the bytes read.
    pub prefix: [u8; 32],
    /// Whether the last line read had no line end.
    pub unterminated: bool,
    /// Empty lines and repeated headers so far.
    pub skipped: u64,
}

/// A line that is a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The file's number.
    pub file: i64,
    /// The line's number, from 1.
    pub line: u64,
    /// The line without its line end.
    pub raw: Vec<u8>,
    /// What it says.
    pub row: Row,
    /// Whether it was observed before the reading before it.
    pub out_of_order: bool,
}

/// A line that is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file's number.
    pub file: i64,
    /// The line's number, from 1.
    pub line: u64,
    /// The line's beginning.
    pub raw: Vec<u8>,
    /// Why.
    pub reason: Reject,
}

/// Some lines, and how far the files are read with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Readings, in order.
    pub accepted: Vec<Accepted>,
    /// Rejected lines, in order.
    pub rejected: Vec<Rejected>,
    /// The files of these lines as they are afterwards.
    pub files: Vec<FileState>,
}

impl Chunk {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// A file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// It cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not of the format.
    #[error("{path}: {source}")]
    Header {
        /// The file.
        path: PathBuf,
        /// Why.
        source: HeaderError,
    },
    /// Its earlier part has changed.
    #[error(
        "{path} was attested up to byte {offset} before, and those bytes have changed since. If it is another file under \
         the same name, say so with --changed-is-new; if it was edited, attest the original"
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// How far it was attested.
        offset: u64,
    },
    /// Its last line was attested and then continued.
    #[error("{path}: line {line} had no line end when it was attested, and more was written to it since; nothing after it can be attested from this file")]
    Continued {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
    },
}

/// What to read and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The files' format.
    pub format: Format,
    /// The only sensor whose lines are taken; by default that of the first reading.
    pub sensor: Option<String>,
    /// Takes a file whose name is known and whose earlier part has changed as another file.
    pub changed_is_new: bool,
}

/// Reads files.
pub struct Feed {
    options: Options,
    waiting: VecDeque<PathBuf>,
    known: Vec<FileState>,
    opened: Vec<i64>,
    open: Option<OpenFile>,
    last_observed: Option<Moment>,
}

struct OpenFile {
    path: PathBuf,
    index: usize,
    rows: Box<dyn Rows>,
    lines: Lines<BufReader<File>>,
}

impl Feed {
    /// Reads `files`, given how far which files were read before and when the last reading before was observed.
    ///
    /// # Errors
    ///
    /// When a file cannot be opened or is not of the format: before anything is attested rather than half-way.
    pub fn new(
        options: Options,
        files: impl IntoIterator<Item = PathBuf>,
        known: Vec<FileState>,
        last_observed: Option<Moment>,
    ) -> Result<Self, FeedError> {
        let waiting: VecDeque<PathBuf> = files.into_iter().collect();
        for path in &waiting {
            header(options.format, path)?;
        }
        Ok(Self { options, waiting, known, opened: Vec::new(), open: None, last_observed })
    }

    /// The numbers of the files opened so far.
    pub fn opened(&self) -> &[i64] {
        &self.opened
    }

    /// The sensor whose lines are taken, once it is known.
    pub fn sensor(&self) -> Option<&str> {
        self.options.sensor.as_deref()
    }

    /// Reads on until there are `most` readings, or many rejected lines. Empty at the end of the last file.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; what was read before it is lost with it and is read again next time.
    pub fn next_chunk(&mut self, most: usize) -> Result<Chunk, FeedError> {
        let mut chunk = Chunk::default();
        let mut touched = BTreeSet::new();
        while chunk.accepted.len() < most && chunk.rejected.len() < MOST_REJECTS {
            let Some(mut open) = self.take_open()? else { break };
            let before = open.lines.position().clone();
            let failed = |source| FeedError::Read { path: open.path.clone(), source };
            let Some(line) = open.lines.next_line().map_err(failed)? else {
                self.save(open.index, &before);
                continue;
            };
            touched.insert(open.index);
            if before.unterminated {
                if !(line.bytes.is_empty() && line.terminated) {
                    return Err(FeedError::Continued { path: open.path, line: before.line });
                }
                // What was read is only the line end that was missing.
                open.lines.at_line(before.line);
                self.open = Some(open);
                continue;
            }
            let number = before.line + 1;
            match self.judge(&open, &line) {
                Verdict::Skipped => self.state(open.index).skipped += 1,
                Verdict::Accepted(row) => {
                    let out_of_order = self.last_observed.is_some_and(|last| row.observed < last);
                    self.last_observed = Some(row.observed);
                    let file = self.state(open.index).id;
                    chunk.accepted.push(Accepted { file, line: number, raw: line.bytes, row, out_of_order });
                }
                Verdict::Rejected(reason) => {
                    let file = self.state(open.index).id;
                    chunk.rejected.push(Rejected { file, line: number, raw: line.bytes, reason });
                    if !line.terminated {
                        // It is the last one, and is read again next time.
                        self.save(open.index, &before);
                        continue;
                    }
                }
            }
            self.open = Some(open);
        }
        if let Some(open) = self.open.take() {
            self.save(open.index, open.lines.position());
            self.open = Some(open);
        }
        chunk.files = touched.into_iter().map(|index| self.state(index).clone()).collect();
        Ok(chunk)
    }

    fn judge(&mut self, open: &OpenFile, line: &Line) -> Verdict {
        if line.too_long {
            return Verdict::Rejected(Reject::TooLong);
        }
        if line.bytes.is_empty() || open.rows.is_header(&line.bytes) {
            return Verdict::Skipped;
        }
        let row = match open.rows.row(&line.bytes) {
            Ok(row) => row,
            Err(reason) => return Verdict::Rejected(reason),
        };
        if row.observed > time::now() {
            return Verdict::Rejected(Reject::Future { text: time::format_utc(row.observed) });
        }
        let expected = self.options.sensor.get_or_insert_with(|| row.sensor.clone());
        if *expected != row.sensor {
            return Verdict::Rejected(Reject::Sensor { expected: expected.clone(), found: row.sensor });
        }
        Verdict::Accepted(row)
    }

    fn state(&mut self, index: usize) -> &mut FileState {
        self.known.get_mut(index).expect("an open file's index is that of its state, and states are never removed; qed")
    }

    /// The file being read, or the next one; `None` when there is none left.
    fn take_open(&mut self) -> Result<Option<OpenFile>, FeedError> {
        if let Some(open) = self.open.take() {
            return Ok(Some(open));
        }
        while let Some(path) = self.waiting.pop_front() {
            if let Some(open) = self.begin(path)? {
                return Ok(Some(open));
            }
        }
        Ok(None)
    }

    fn save(&mut self, index: usize, position: &Position) {
        let state = self.state(index);
        state.offset = position.offset;
        state.line = position.line;
        state.prefix = position.prefix();
        state.unterminated = position.unterminated;
    }

    /// Opens a file where it was left. `None` when it has nothing but an unfinished header.
    fn begin(&mut self, path: PathBuf) -> Result<Option<OpenFile>, FeedError> {
        let (rows, after_header) = header(self.options.format, &path)?;
        if after_header.unterminated {
            return Ok(None);
        }
        let failed = |source| FeedError::Read { path: path.clone(), source };
        let name = fs::canonicalize(&path).map_err(failed)?.display().to_string();
        let mut file = File::open(&path).map_err(failed)?;
        let (index, position) = match recognise(&mut file, &self.known).map_err(failed)? {
            Some(found) => found,
            None => {
                let same_name = self.known.iter().find(|state| state.path == name);
                if let Some(state) = same_name.filter(|_| !self.options.changed_is_new) {
                    return Err(FeedError::Changed { path, offset: state.offset });
                }
                let id = self.known.iter().map(|state| state.id).max().unwrap_or(0) + 1;
                self.known.push(FileState {
                    id,
                    path: name,
                    offset: after_header.offset,
                    line: after_header.line,
                    prefix: after_header.prefix(),
                    unterminated: false,
                    skipped: 0,
                });
                (self.known.len() - 1, after_header)
            }
        };
        let id = self.state(index).id;
        self.opened.push(id);
        file.seek(SeekFrom::Start(position.offset)).map_err(failed)?;
        let lines = Lines::at(BufReader::with_capacity(BUFFER, file), position);
        Ok(Some(OpenFile { path, index, rows, lines }))
    }
}

enum Verdict {
    Accepted(Row),
    Rejected(Reject),
    Skipped,
}

/// Reads a file's header; gives the position after it.
fn header(format: Format, path: &Path) -> Result<(Box<dyn Rows>, Position), FeedError> {
    let failed = |source| FeedError::Read { path: path.to_owned(), source };
    let wrong = |source| FeedError::Header { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let mut lines = Lines::at(BufReader::new(file), Position::default());
    let line = lines.next_line().map_err(failed)?.ok_or_else(|| wrong(HeaderError::Missing))?;
    let rows = format.begin(&line.bytes).map_err(wrong)?;
    Ok((rows, lines.position().clone()))
}

/// Which of the known files this one continues: the one with the longest part read before that it begins with.
fn recognise(file: &mut File, known: &[FileState]) -> io::Result<Option<(usize, Position)>> {
    let mut order: Vec<(usize, &FileState)> = known.iter().enumerate().collect();
    order.sort_by_key(|(_, state)| state.offset);
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let mut position = Position::default();
    let mut found = None;
    for (index, state) in order {
        if !advance_to(&mut reader, &mut position, state.offset)? {
            break;
        }
        if position.prefix() == state.prefix {
            let mut at = position.clone();
            (at.line, at.unterminated) = (state.line, state.unterminated);
            found = Some((index, at));
        }
    }
    Ok(found)
}

/// Reads up to `offset`; `false` when the stream ends before.
fn advance_to(reader: &mut impl io::BufRead, position: &mut Position, offset: u64) -> io::Result<bool> {
    while position.offset < offset {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let wanted = usize::try_from(offset - position.offset).unwrap_or(usize::MAX).min(buffer.len());
        position.advance(buffer.get(..wanted).unwrap_or_default());
        reader.consume(wanted);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2\n";

    fn row(time: &str, value: &str) -> String {
        format!("7;SDS011;1;59.9;30.3;{time};{value};;;1.0;;\n")
    }

    fn options() -> Options {
        Options { format: Format::SensorCommunity, sensor: None, changed_is_new: false }
    }

    struct Run {
        values: Vec<String>,
        rejected: Vec<(u64, String)>,
        out_of_order: usize,
        known: Vec<FileState>,
    }

    fn read(options: Options, paths: &[&Path], mut known: Vec<FileState>, most: usize) -> Result<Run, FeedError> {
        let files = paths.iter().map(|path| path.to_path_buf());
        let mut feed = Feed::new(options, files, known.clone(), None)?;
        let (mut values, mut rejected, mut out_of_order) = (Vec::new(), Vec::new(), 0);
        loop {
            let chunk = feed.next_chunk(most)?;
            if chunk.is_empty() {
                return Ok(Run { values, rejected, out_of_order, known });
            }
            for state in chunk.files {
                known.retain(|old| old.id != state.id);
                known.push(state);
            }
            out_of_order += chunk.accepted.iter().filter(|accepted| accepted.out_of_order).count();
            values.extend(chunk.accepted.into_iter().map(|accepted| accepted.row.observation["P1"].clone()));
            rejected.extend(chunk.rejected.into_iter().map(|rejected| (rejected.line, rejected.reason.to_string())));
        }
    }

    #[test]
    fn lines_keep_their_numbers_and_order() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("1.csv"), dir.path().join("2.csv"));
        let text = [
            HEADER,
            &row("2020-01-01T00:00:02", "a"),
            "\n",
            &row("2020-01-01T00:00:01", "b"),
            HEADER,
            &row("2999-01-01T00:00:00", "c"),
            &row("2020-01-01T00:00:03", "").replace("1.0", "2.0"),
            "8;SDS011;1;59.9;30.3;2020-01-01T00:00:04;9;;;1.0;;\n",
            &row("yesterday", "d"),
            &row("2020-01-01T00:00:05", "e"),
        ]
        .concat();
        fs::write(&first, text.replace('\n', "\r\n")).unwrap();
        fs::write(&second, [HEADER, &row("2020-01-01T00:00:06", "f")].concat()).unwrap();
        for most in [1, 2, 100] {
            let run = read(options(), &[&first, &second], Vec::new(), most).unwrap();
            assert_eq!(run.values, ["a", "b", "e", "f"]);
            assert_eq!(run.out_of_order, 1);
            assert_eq!(
                run.rejected,
                [
                    (6, "time in the future: 2999-01-01T00:00:00Z".to_owned()),
                    (7, "blank value: P1".to_owned()),
                    (8, "wrong sensor: `8` (this archive attests sensor `7`)".to_owned()),
                    (9, "unreadable time: `yesterday` (expected YYYY-MM-DDTHH:MM:SS, UTC)".to_owned()),
                ]
            );
            assert_eq!(run.known.iter().map(|state| state.skipped).sum::<u64>(), 2);
        }
    }

    #[test]
    fn the_same_content_is_read_once_under_whatever_name() {
        let dir = tempfile::tempdir().unwrap();
        let (first, copy) = (dir.path().join("1.csv"), dir.path().join("copy.csv"));
        fs::write(&first, [HEADER, &row("2020-01-01T00:00:01", "a"), &row("2020-01-01T00:00:02", "b")].concat())
            .unwrap();
        fs::copy(&first, &copy).unwrap();
        let run = read(options(), &[&first, &copy, &first], Vec::new(), 1).unwrap();
        assert_eq!(run.values, ["a", "b"]);
        let again = read(options(), &[&copy], run.known.clone(), 10).unwrap();
        assert!(again.values.is_empty());

        fs::write(&copy, fs::read_to_string(&first).unwrap() + &row("2020-01-01T00:00:03", "c")).unwrap();
        assert_eq!(read(options(), &[&copy], run.known, 10).unwrap().values, ["c"]);
    }

    #[test]
    fn a_changed_file_is_refused_unless_it_is_said_to_be_new() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("latest.csv");
        fs::write(&path, [HEADER, &row("2020-01-01T00:00:01", "a")].concat()).unwrap();
        let run = read(options(), &[&path], Vec::new(), 10).unwrap();
        fs::write(&path, [HEADER, &row("2020-01-02T00:00:01", "b")].concat()).unwrap();
        assert!(matches!(read(options(), &[&path], run.known.clone(), 10), Err(FeedError::Changed { .. })));
        let new = Options { changed_is_new: true, ..options() };
        assert_eq!(read(new, &[&path], run.known, 10).unwrap().values, ["b"]);
    }

    #[test]
    fn a_whole_last_line_needs_no_line_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.csv");
        let text = [HEADER, row("2020-01-01T00:00:01", "a").trim_end()].concat();
        fs::write(&path, &text).unwrap();
        let run = read(options(), &[&path], Vec::new(), 10).unwrap();
        assert_eq!(run.values, ["a"]);
        assert!(read(options(), &[&path], run.known.clone(), 10).unwrap().values.is_empty());

        let grown = [&text, "\n", &row("2020-01-01T00:00:02", "")].concat();
        fs::write(&path, grown).unwrap();
        let more = read(options(), &[&path], run.known.clone(), 10).unwrap();
        assert_eq!((more.values.len(), more.rejected.as_slice()), (0, &[(3, "blank value: P1".to_owned())][..]));

        fs::write(&path, [&text, "5;\n"].concat()).unwrap();
        assert!(matches!(read(options(), &[&path], run.known, 10), Err(FeedError::Continued { line: 2, .. })));
    }

    #[test]
    fn an_unfinished_last_line_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.csv");
        let line = row("2020-01-01T00:00:01", "a");
        fs::write(&path, [HEADER, line.get(..30).unwrap()].concat()).unwrap();
        let run = read(options(), &[&path], Vec::new(), 10).unwrap();
        assert_eq!(run.rejected, [(2, "wrong number of columns: 6 (the header has 12)".to_owned())]);
        fs::write(&path, [HEADER, &line].concat()).unwrap();
        let more = read(options(), &[&path], run.known, 10).unwrap();
        assert_eq!((more.values, more.rejected), (vec!["a".to_owned()], vec![]));
    }

    #[test]
    fn a_file_of_another_kind_stops_everything_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let (good, bad) = (dir.path().join("good.csv"), dir.path().join("bad.csv"));
        fs::write(&good, HEADER).unwrap();
        fs::write(&bad, "time,value\n").unwrap();
        let paths = [good.clone(), bad];
        assert!(matches!(Feed::new(options(), paths, Vec::new(), None), Err(FeedError::Header { .. })));
        let absent = [good, dir.path().join("absent.csv")];
        assert!(matches!(Feed::new(options(), absent, Vec::new(), None), Err(FeedError::Read { .. })));
    }
}
