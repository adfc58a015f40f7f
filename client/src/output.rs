//! What the command prints: text for people, or with `--json` one JSON object on standard output. Everything that is not
//! the result goes to standard error, so that output can be piped.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
};

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
    colour: bool,
}

impl Output {
    /// With colour only on a terminal, and not when `NO_COLOR` is set.
    pub fn new(json: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { json, colour: !plain && io::stdout().is_terminal() }
    }

    /// Prints a result: as JSON, or as the lines that `human` makes.
    pub fn result<T: Serialize>(&self, result: &T, human: impl FnOnce(&Self) -> Vec<String>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, result)?;
            writeln!(out)?;
        } else {
            for line in human(self) {
                writeln!(out, "{line}")?;
            }
        }
        out.flush()
    }

    /// Prints one of many results as one line: JSON, or what `human` makes.
    pub fn line<T: Serialize>(&self, result: &T, human: impl FnOnce() -> String) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, result)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", human())?;
        }
        out.flush()
    }

    /// Something for people only.
    pub fn note(&self, text: impl Display) {
        if !self.json {
            eprintln!("{text}");
        }
    }

    /// Reports what made the command fail.
    pub fn failure(&self, error: &anyhow::Error) {
        if self.json {
            let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
            let report = serde_json::json!({ "error": error.to_string(), "causes": causes });
            println!("{report}");
        } else {
            eprintln!("error: {}", in_words(error));
        }
    }

    /// A progress bar on standard error, if that is a terminal and people are reading.
    pub fn progress(&self, template: &str) -> ProgressBar {
        let bar = ProgressBar::no_length();
        if self.json || !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        bar
    }

    /// Green.
    pub fn good(&self, text: impl Display) -> String {
        self.paint("32", text)
    }

    /// Red.
    pub fn bad(&self, text: impl Display) -> String {
        self.paint("31", text)
    }

    /// Bold.
    pub fn strong(&self, text: impl Display) -> String {
        self.paint("1", text)
    }

    fn paint(&self, code: &str, text: impl Display) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_string()
        }
    }
}

/// An error with its causes, each said once: many messages repeat that of their source.
fn in_words(error: &anyhow::Error) -> String {
    let mut words = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}

/// Lines of a table whose columns are as wide as they must be.
pub fn table(header: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    let all: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let columns = all.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    all.iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

/// Lines of names and values.
pub fn facts(facts: &[(&str, String)]) -> Vec<String> {
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    facts.iter().map(|(name, value)| format!("{name:<width$}  {value}")).collect()
}

/// An answer in a table.
pub fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// `12 345 678`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![vec!["1".into(), "Neva".into()], vec!["10".into(), "Нева".into()]];
        assert_eq!(table(&["id", "name"], rows), ["id  name", "1   Neva", "10  Нева"]);
    }

    #[test]
    fn causes_are_said_once() {
        let error = anyhow::anyhow!("no such file").context("a.csv: no such file").context("attesting");
        assert_eq!(in_words(&error), "attesting: a.csv: no such file");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(8097), "8 097");
        assert_eq!(thousands(12_345_678), "12 345 678");
    }
}
