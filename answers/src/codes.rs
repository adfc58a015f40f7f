//! The code lists of purposes and legal bases: what is built in, and what the council added on chain.

use citynet_primitives::{CodeList, LegalBasisCode, PurposeCode, LEGAL_BASES, PURPOSES};

/// A text names no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is neither a number nor one of: {}", .known.join(", "))]
pub struct UnknownCode {
    given: String,
    known: Vec<String>,
}

/// The codes that there are, with their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    purposes: Vec<(u16, String)>,
    legal_bases: Vec<(u16, String)>,
}

impl Codes {
    /// Those that every runtime has.
    pub fn built_in() -> Self {
        Self {
            purposes: PURPOSES.iter().map(|(code, name)| (code.0, (*name).to_owned())).collect(),
            legal_bases: LEGAL_BASES.iter().map(|(code, name)| (code.0, (*name).to_owned())).collect(),
        }
    }

    /// These, each with its name, ascending.
    pub const fn new(purposes: Vec<(u16, String)>, legal_bases: Vec<(u16, String)>) -> Self {
        Self { purposes, legal_bases }
    }

    /// Adds what the council added, as the record says. A number is given once.
    pub fn add(&mut self, list: CodeList, code: u16, name: String) {
        let codes = match list {
            CodeList::Purpose => &mut self.purposes,
            CodeList::LegalBasis => &mut self.legal_bases,
        };
        let position = codes.partition_point(|(known, _)| *known < code);
        codes.insert(position, (code, name));
    }

    /// A purpose by its name, such as `dpv:AcademicResearch`, or by its number. Whether there is such a number, the
    /// chain says.
    ///
    /// # Errors
    ///
    /// [`UnknownCode`].
    pub fn purpose(&self, text: &str) -> Result<PurposeCode, UnknownCode> {
        find(&self.purposes, text).map(PurposeCode)
    }

    /// A legal basis by its name, such as `A6-1-f` or `ru152-6-1-9`, or by its number.
    ///
    /// # Errors
    ///
    /// [`UnknownCode`].
    pub fn legal_basis(&self, text: &str) -> Result<LegalBasisCode, UnknownCode> {
        find(&self.legal_bases, text).map(LegalBasisCode)
    }

    /// The purposes, ascending, each with its name.
    pub fn purposes(&self) -> &[(u16, String)] {
        &self.purposes
    }

    /// The legal bases, ascending, each with its name.
    pub fn legal_bases(&self) -> &[(u16, String)] {
        &self.legal_bases
    }

    /// The name of a purpose, or its number where it has none.
    pub fn purpose_name(&self, code: PurposeCode) -> String {
        name(&self.purposes, code.0)
    }

    /// The name of a legal basis, or its number where it has none.
    pub fn legal_basis_name(&self, code: LegalBasisCode) -> String {
        name(&self.legal_bases, code.0)
    }
}

fn find(list: &[(u16, String)], text: &str) -> Result<u16, UnknownCode> {
    if let Some((code, _)) = list.iter().find(|(_, name)| name == text) {
        return Ok(*code);
    }
    // `parse` would also take a plus sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.ok_or_else(|| UnknownCode {
        given: text.to_owned(),
        known: list.iter().map(|(_, name)| name.clone()).collect(),
    })
}

fn name(list: &[(u16, String)], code: u16) -> String {
    list.iter().find(|(known, _)| *known == code).map_or_else(|| code.to_string(), |(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_or_numbered() {
        let mut codes = Codes::built_in();
        assert_eq!(codes.purpose("dpv:AcademicResearch"), Ok(PurposeCode(2)));
        assert_eq!(codes.purpose("2"), Ok(PurposeCode(2)));
        assert_eq!(codes.purpose("40000"), Ok(PurposeCode(40_000)));
        assert_eq!(codes.legal_basis("ru152-6-1-9"), Ok(LegalBasisCode::RU152_STATISTICS));
        for text in ["", "+2", "-1", "65536", "AcademicResearch", "dpv:Nothing"] {
            let error = codes.purpose(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is neither a number nor one of: dpv:Research")), "{error}");
        }
        assert_eq!(codes.purpose_name(PurposeCode(40_000)), "40000");
        codes.add(CodeList::Purpose, 40_000, "city:Simulation".into());
        assert_eq!(codes.purpose("city:Simulation"), Ok(PurposeCode(40_000)));
        assert_eq!(codes.purpose_name(PurposeCode(40_000)), "city:Simulation");
        assert_eq!(codes.legal_basis_name(LegalBasisCode(6)), "A6-1-f");
    }
}
