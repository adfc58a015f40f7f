//! What is wrong with a file, and where.

use std::{fmt, ops::Range};
use toml::Spanned;

/// A file's text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name by which the user knows the file.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

/// Something that is wrong.
#[derive(Debug)]
pub struct Problem {
    /// The bytes at which it is, or `None` when it is missing altogether.
    pub span: Option<Range<usize>>,
    /// What it is.
    pub what: String,
}

impl Problem {
    /// Something is wrong with `value`.
    pub fn at<T>(value: &Spanned<T>, what: impl Into<String>) -> Self {
        Self { span: Some(value.span()), what: what.into() }
    }

    /// Something is wrong with `value` if it is there, or else with the whole.
    pub fn at_or_of_all<T>(value: Option<&Spanned<T>>, what: impl Into<String>) -> Self {
        Self { span: value.map(Spanned::span), what: what.into() }
    }

    /// Something is wrong that no line can be blamed for.
    pub fn of_all(what: impl Into<String>) -> Self {
        Self { span: None, what: what.into() }
    }
}

/// A problem as it is shown: `FILE:LINE: what`, then the line, then a mark below the place.
pub struct Shown<'a>(pub Source<'a>, pub &'a Problem);

impl Source<'_> {
    /// In which line a byte is, from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(source, Problem { span, what }) = self;
        let Some(span) = span else { return writeln!(f, "{}: {what}", source.name) };
        let number = source.line(span.start);
        writeln!(f, "{}:{number}: {what}", source.name)?;
        let Some(line) = source.text.split('\n').nth(number - 1) else { return Ok(()) };
        // Line breaks are one byte in every encoding of UTF-8, so this is where the line begins.
        let begin: usize = source.text.split('\n').take(number - 1).map(|line| line.len() + 1).sum();
        let line = line.trim_end_matches('\r');
        writeln!(f, "    {line}")?;
        write!(f, "    ")?;
        let (mut marked, end) = (0, span.end.max(span.start + 1));
        for (offset, character) in line.char_indices() {
            match begin + offset {
                place if place < span.start && character == '\t' => write!(f, "\t")?,
                place if place < span.start => write!(f, " ")?,
                place if place < end => {
                    marked += 1;
                    write!(f, "^")?;
                }
                _ => break,
            }
        }
        // At the end of a line there is nothing to mark but the end.
        writeln!(f, "{}", if marked == 0 { "^" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> String {
        Shown(Source { name: "chain.toml", text }, &Problem { span: Some(span), what: "wrong".into() }).to_string()
    }

    #[test]
    fn a_problem_is_marked_where_it_is() {
        let text = "a = 1\n\tbé = \"x\"\nc = 2";
        assert_eq!(shown(text, 0..1), "chain.toml:1: wrong\n    a = 1\n    ^\n");
        // é takes two bytes and one column.
        assert_eq!(shown(text, 13..16), "chain.toml:2: wrong\n    \tbé = \"x\"\n    \t     ^^^\n");
        assert_eq!(shown(text, 17..22), "chain.toml:3: wrong\n    c = 2\n    ^^^^^\n");
        assert_eq!(shown(text, 22..22), "chain.toml:3: wrong\n    c = 2\n         ^\n");
        // Only the first line of what goes over several.
        assert_eq!(shown(text, 0..16), "chain.toml:1: wrong\n    a = 1\n    ^^^^^\n");
    }

    #[test]
    fn line_ends_of_other_systems_are_not_shown() {
        assert_eq!(shown("a = 1\r\nb = 2\r\n", 7..8), "chain.toml:2: wrong\n    b = 2\n    ^\n");
    }

    #[test]
    fn a_problem_may_have_no_place() {
        let problem = Problem::of_all("there is no validator");
        let text = Shown(Source { name: "chain.toml", text: "" }, &problem).to_string();
        assert_eq!(text, "chain.toml: there is no validator\n");
    }
}
