//! Payment orders for a bank, in ISO 20022 XML: `pacs.008.001.08` (customer credit transfer) for one obligation, and
//! `pacs.009.001.08` (financial institution credit transfer) for the net legs of a cycle.
//!
//! What a payment is called follows from the chain and from what it pays, so an order that is written twice names the
//! same payment twice, and a bank that looks at identifiers pays it once.
//!
//! # Terminology
//!
//! *EndToEndId* is the identifier that goes with the payment from debtor to creditor, *UETR* the one that banks follow
//! it by.
//!
//! # What this module does not guarantee
//!
//! That a bank takes the order: the banks' own identifiers and accounts are not on the ledger and must be given.

use crate::{
    settlement::{amount, uetr},
    time::format_utc,
};
use citynet_primitives::{Amount, CycleId, Hash, Moment, OrganisationId, Uetr};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Digits of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The most decimals that an amount has.
const FRACTION_DIGITS: u8 = 5;
/// The most digits that an amount has.
const TOTAL_DIGITS: u32 = 18;
/// The most characters of a name or of a text for people.
const TEXT: usize = 140;
/// The most payments in an order: `NbOfTxs` has at most 15 digits, but no bank takes as many.
const MOST: usize = 100_000;

/// A payment order cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IsoError {
    /// ISO 4217 codes have three letters.
    #[error("the currency `{0}` has no code of three letters, as banks have them")]
    Currency(String),
    /// The amount has more decimals than banks count.
    #[error("{} of the smallest unit has more than {} decimals", .0, FRACTION_DIGITS)]
    TooFine(Amount),
    /// The amount has more digits than banks count.
    #[error("{} of the smallest unit has more than {} digits", .0, TOTAL_DIGITS)]
    TooMuch(Amount),
    /// There is nothing to pay.
    #[error("there is nothing to pay")]
    Nothing,
    /// There are too many payments.
    #[error("{0} payments are more than one order can have")]
    TooMany(usize),
    /// The name has no character that can be shown.
    #[error("organisation {0} has no name that can be written")]
    Name(OrganisationId),
    /// Not a BIC.
    #[error("`{0}` is no BIC; one is 8 or 11 capital letters and digits such as SABRRUMM")]
    Bic(String),
    /// Not an account.
    #[error("`{0}` is no account: it is an IBAN, or 1 to 34 letters and digits")]
    Account(String),
}

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An obligation.
    Obligation(u64),
    /// What an organisation pays or gets in a cycle.
    Position(CycleId, OrganisationId),
    /// All of a cycle's positions.
    Cycle(CycleId),
}

impl Purpose {
    /// SHA-256 of the genesis hash, the kind in ASCII, and the identifier with its numbers in little-endian form.
    fn digest(self, genesis: &Hash) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(genesis);
        match self {
            Self::Obligation(obligation) => {
                hasher.update(b"obligation");
                hasher.update(obligation.to_le_bytes());
            }
            Self::Position(CycleId { currency, number }, OrganisationId(organisation)) => {
                hasher.update(b"position");
                hasher.update(currency.to_le_bytes());
                hasher.update(number.to_le_bytes());
                hasher.update(organisation.to_le_bytes());
            }
            Self::Cycle(CycleId { currency, number }) => {
                hasher.update(b"cycle");
                hasher.update(currency.to_le_bytes());
                hasher.update(number.to_le_bytes());
            }
        }
        hasher.finalize().into()
    }

    /// Its identifier: the first 128 bits in base32, 26 characters.
    pub fn id(self, genesis: &Hash) -> String {
        base32(&halves(self.digest(genesis)).0)
    }

    /// Its UETR, where no bank has given it one: the other 128 bits.
    pub fn uetr(self, genesis: &Hash) -> Uetr {
        uetr::marked(halves(self.digest(genesis)).1)
    }
}

fn halves(hash: Hash) -> ([u8; 16], [u8; 16]) {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    first.copy_from_slice(&hash[..16]);
    second.copy_from_slice(&hash[16..]);
    (first, second)
}

/// Base32 without padding.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(digit(bits >> count));
        }
    }
    if count > 0 {
        text.push(digit(bits << (5 - count)));
    }
    text
}

/// The digit of the lowest five bits.
fn digit(bits: u32) -> char {
    char::from(BASE32[(bits & 31) as usize])
}

/// A Business Identifier Code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bic(String);

impl std::str::FromStr for Bic {
    type Err = IsoError;

    /// `[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?`
    fn from_str(text: &str) -> Result<Self, IsoError> {
        let right = |(position, byte): (usize, u8)| match position {
            4 | 5 => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        };
        if matches!(text.len(), 8 | 11) && text.bytes().enumerate().all(right) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IsoError::Bic(text.to_owned()))
        }
    }
}

/// An account at a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankAccount {
    /// An IBAN.
    Iban(String),
    /// Another number.
    Other(String),
}

impl std::str::FromStr for BankAccount {
    type Err = IsoError;

    /// An IBAN if its check digits are right, or else another account. Spaces are left out.
    fn from_str(text: &str) -> Result<Self, IsoError> {
        let plain: String = text.chars().filter(|letter| *letter != ' ').collect();
        let letters = plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !letters || plain.is_empty() || plain.len() > 34 {
            return Err(IsoError::Account(text.to_owned()));
        }
        Ok(if is_iban(&plain) { Self::Iban(plain) } else { Self::Other(plain) })
    }
}

/// `[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}`, and the remainder of ISO 7064 is right.
fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((head, rest)) = bytes.split_at_checked(4) else { return false };
    let shaped = head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit);
    if !shaped || rest.is_empty() {
        return false;
    }
    let remainder = rest.iter().chain(head).fold(0u32, |remainder, byte| match char::from(*byte).to_digit(36) {
        Some(value) if value < 10 => (remainder * 10 + value) % 97,
        Some(value) => (remainder * 100 + value) % 97,
        None => remainder,
    });
    remainder == 1
}

/// An organisation that pays or is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its number.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its bank.
    pub bank: Option<Bic>,
    /// Its account there.
    pub account: Option<BankAccount>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its `EndToEndId`.
    pub id: String,
    /// Its UETR.
    pub uetr: Uetr,
    /// How much, in the smallest unit.
    pub amount: Amount,
    /// Who pays.
    pub debtor: Party,
    /// Who is paid.
    pub creditor: Party,
    /// What for, in words.
    pub remittance: String,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its `MsgId`.
    pub id: String,
    /// When it is written.
    pub created: Moment,
    /// The currency's code.
    pub currency: String,
    /// How many decimals the currency has.
    pub exponent: u8,
    /// The payments.
    pub payments: Vec<Payment>,
}

impl Order {
    /// As `pacs.008.001.08`: the debtors and creditors are customers of banks.
    ///
    /// # Errors
    ///
    /// [`IsoError`].
    pub fn to_pacs008(&self) -> Result<String, IsoError> {
        self.write("pacs.008.001.08", "FIToFICstmrCdtTrf", |xml, payment| {
            xml.text("ChrgBr", "SHAR");
            customer(xml, "Dbtr", &payment.debtor)?;
            account(xml, "DbtrAcct", &payment.debtor);
            xml.open("DbtrAgt");
            bank(xml, payment.debtor.bank.as_ref());
            xml.close("DbtrAgt");
            xml.open("CdtrAgt");
            bank(xml, payment.creditor.bank.as_ref());
            xml.close("CdtrAgt");
            customer(xml, "Cdtr", &payment.creditor)?;
            account(xml, "CdtrAcct", &payment.creditor);
            Ok(())
        })
    }

    /// As `pacs.009.001.08`: the debtors and creditors are the institutions that settle.
    ///
    /// # Errors
    ///
    /// [`IsoError`].
    pub fn to_pacs009(&self) -> Result<String, IsoError> {
        self.write("pacs.009.001.08", "FICdtTrf", |xml, payment| {
            institution(xml, "Dbtr", &payment.debtor)?;
            account(xml, "DbtrAcct", &payment.debtor);
            for (element, party) in [("DbtrAgt", &payment.debtor), ("CdtrAgt", &payment.creditor)] {
                if party.bank.is_some() {
                    xml.open(element);
                    bank(xml, party.bank.as_ref());
                    xml.close(element);
                }
            }
            institution(xml, "Cdtr", &payment.creditor)?;
            account(xml, "CdtrAcct", &payment.creditor);
            Ok(())
        })
    }

    fn write(
        &self,
        version: &str,
        root: &str,
        parties: impl Fn(&mut Xml, &Payment) -> Result<(), IsoError>,
    ) -> Result<String, IsoError> {
        let currency = code(&self.currency)?;
        if self.payments.is_empty() {
            return Err(IsoError::Nothing);
        }
        if self.payments.len() > MOST {
            return Err(IsoError::TooMany(self.payments.len()));
        }
        let sum = self.payments.iter().try_fold(0, |sum: Amount, payment| {
            sum.checked_add(payment.amount).ok_or(IsoError::TooMuch(Amount::MAX))
        })?;
        let sum = units(sum, self.exponent)?;
        let created = format_utc(self.created);
        let date = created.get(..10).unwrap_or_default();

        let mut xml = Xml::new(version);
        xml.open(root);
        xml.open("GrpHdr");
        xml.text("MsgId", &self.id);
        xml.text("CreDtTm", &created);
        xml.text("NbOfTxs", &self.payments.len().to_string());
        xml.money("TtlIntrBkSttlmAmt", currency, &sum);
        xml.text("IntrBkSttlmDt", date);
        xml.open("SttlmInf");
        // On accounts that the instructed agent has.
        xml.text("SttlmMtd", "INDA");
        xml.close("SttlmInf");
        xml.close("GrpHdr");
        for payment in &self.payments {
            xml.open("CdtTrfTxInf");
            xml.open("PmtId");
            xml.text("InstrId", &payment.id);
            xml.text("EndToEndId", &payment.id);
            xml.text("UETR", &uetr::format(&payment.uetr));
            xml.close("PmtId");
            xml.money("IntrBkSttlmAmt", currency, &units(payment.amount, self.exponent)?);
            parties(&mut xml, payment)?;
            if let Some(words) = shown(&payment.remittance) {
                xml.open("RmtInf");
                xml.text("Ustrd", &words);
                xml.close("RmtInf");
            }
            xml.close("CdtTrfTxInf");
        }
        xml.close(root);
        Ok(xml.finish())
    }
}

/// An ISO 4217 code.
fn code(symbol: &str) -> Result<&str, IsoError> {
    let right = symbol.len() == 3 && symbol.bytes().all(|byte| byte.is_ascii_uppercase());
    if right {
        Ok(symbol)
    } else {
        Err(IsoError::Currency(symbol.to_owned()))
    }
}

/// An amount as `ActiveCurrencyAndAmount` has it: at most 18 digits, of which at most 5 are decimals.
fn units(given: Amount, exponent: u8) -> Result<String, IsoError> {
    if given == 0 {
        return Err(IsoError::Nothing);
    }
    let (mut amount, mut decimals) = (given, exponent);
    while decimals > FRACTION_DIGITS {
        if amount % 10 != 0 {
            return Err(IsoError::TooFine(given));
        }
        (amount, decimals) = (amount / 10, decimals - 1);
    }
    if amount >= Amount::from(10u8).pow(TOTAL_DIGITS) {
        return Err(IsoError::TooMuch(given));
    }
    Ok(amount::format(amount, decimals))
}

/// A text as banks take it: without control characters, at most 140 characters. `None` where nothing is left.
fn shown(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|letter| is_written(*letter)).take(TEXT).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// XML 1.0 has no way to write the others.
fn is_written(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')
}

fn name(party: &Party) -> Result<String, IsoError> {
    shown(&party.name).ok_or(IsoError::Name(party.organisation))
}

/// What the ledger knows an organisation by, at most 35 characters.
fn number(party: &Party) -> String {
    format!("CITYNET-ORG-{}", party.organisation)
}

fn customer(xml: &mut Xml, element: &str, party: &Party) -> Result<(), IsoError> {
    xml.open(element);
    xml.text("Nm", &name(party)?);
    for element in ["Id", "OrgId", "Othr"] {
        xml.open(element);
    }
    xml.text("Id", &number(party));
    for element in ["Othr", "OrgId", "Id"] {
        xml.close(element);
    }
    xml.close(element);
    Ok(())
}

fn institution(xml: &mut Xml, element: &str, party: &Party) -> Result<(), IsoError> {
    xml.open(element);
    xml.open("FinInstnId");
    xml.text("Nm", &name(party)?);
    xml.open("Othr");
    xml.text("Id", &number(party));
    xml.close("Othr");
    xml.close("FinInstnId");
    xml.close(element);
    Ok(())
}

fn bank(xml: &mut Xml, bic: Option<&Bic>) {
    xml.open("FinInstnId");
    match bic {
        Some(Bic(bic)) => xml.text("BICFI", bic),
        None => {
            xml.open("Othr");
            xml.text("Id", "NOTPROVIDED");
            xml.close("Othr");
        }
    }
    xml.close("FinInstnId");
}

fn account(xml: &mut Xml, element: &str, party: &Party) {
    let Some(account) = &party.account else { return };
    xml.open(element);
    xml.open("Id");
    match account {
        BankAccount::Iban(iban) => xml.text("IBAN", iban),
        BankAccount::Other(number) => {
            xml.open("Othr");
            xml.text("Id", number);
            xml.close("Othr");
        }
    }
    xml.close("Id");
    xml.close(element);
}

/// A document that is being written.
struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn new(version: &str) -> Self {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.push_str(&format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{version}\">\n"));
        Self { text, depth: 1 }
    }

    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = self.depth * 2);
    }

    fn open(&mut self, element: &str) {
        self.line(&format!("<{element}>"));
        self.depth += 1;
    }

    fn close(&mut self, element: &str) {
        self.depth -= 1;
        self.line(&format!("</{element}>"));
    }

    fn text(&mut self, element: &str, text: &str) {
        self.line(&format!("<{element}>{}</{element}>", escaped(text)));
    }

    fn money(&mut self, element: &str, currency: &str, amount: &str) {
        self.line(&format!("<{element} Ccy=\"{currency}\">{amount}</{element}>"));
    }

    fn finish(mut self) -> String {
        self.text.push_str("</Document>\n");
        self.text
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENESIS: Hash = [7; 32];

    fn party(organisation: u32, name: &str) -> Party {
        Party { organisation: OrganisationId(organisation), name: name.into(), bank: None, account: None }
    }

    fn order() -> Order {
        let purpose = Purpose::Obligation(7);
        let debtor = Party {
            bank: Some("SABRRUMM".parse().unwrap()),
            account: Some("DE89 3704 0044 0532 0130 00".parse().unwrap()),
            ..party(3, "Нева & <Sons>\u{1b}[2J")
        };
        let account = Some("40702810900000000001".parse().unwrap());
        Order {
            id: Purpose::Obligation(7).id(&GENESIS),
            created: 1_767_225_600_000,
            currency: "RUB".into(),
            exponent: 2,
            payments: vec![Payment {
                id: purpose.id(&GENESIS),
                uetr: purpose.uetr(&GENESIS),
                amount: 125_050,
                debtor,
                creditor: Party { account, ..party(1, &"я".repeat(200)) },
                remittance: "obligation 7".into(),
            }],
        }
    }

    /// The elements in their order, by path, with their texts.
    fn elements(xml: &str) -> Vec<(String, String)> {
        let (mut path, mut elements) = (Vec::new(), Vec::new());
        for line in xml.lines().skip(1).map(str::trim) {
            let inner = line.strip_prefix('<').unwrap();
            if let Some(name) = inner.strip_prefix('/') {
                assert_eq!(path.pop(), name.strip_suffix('>'), "{line}");
                continue;
            }
            let (head, rest) = inner.split_once('>').unwrap();
            let name = head.split(' ').next().unwrap();
            path.push(name);
            if let Some(text) = rest.strip_suffix(&format!("</{name}>")) {
                elements.push((path[1..].join("/"), text.to_owned()));
                path.pop();
            } else {
                assert_eq!(rest, "");
            }
        }
        assert!(path.is_empty());
        elements
    }

    /// The rules of the elements' types in the schemas of 001.08.
    fn check(path: &str, text: &str) {
        let length = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").chars().count();
        let all = |range: std::ops::Range<usize>, right: fn(&u8) -> bool| text.as_bytes()[range].iter().all(right);
        let right = match path.rsplit('/').next().unwrap() {
            "MsgId" | "InstrId" | "EndToEndId" => (1..=35).contains(&length),
            "Id" if path.contains("Acct") => (1..=34).contains(&length),
            "Id" => (1..=35).contains(&length),
            "Nm" | "Ustrd" => (1..=140).contains(&length),
            "UETR" => uetr::parse(text).is_ok() && text == text.to_lowercase(),
            "NbOfTxs" => (1..=15).contains(&length) && all(0..length, u8::is_ascii_digit),
            "IntrBkSttlmAmt" | "TtlIntrBkSttlmAmt" => {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                let digits = whole.trim_start_matches('0').len() + fraction.len();
                let numeric = [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
                numeric && !whole.is_empty() && digits <= 18 && fraction.len() <= 5
            }
            "CreDtTm" => crate::time::parse_utc(text).is_ok(),
            "IntrBkSttlmDt" => crate::time::parse_utc(&format!("{text}T00:00:00Z")).is_ok(),
            "SttlmMtd" => text == "INDA",
            "ChrgBr" => text == "SHAR",
            "BICFI" => text.parse::<Bic>().is_ok(),
            "IBAN" => is_iban(text) && length <= 34,
            other => panic!("{other} has no rule"),
        };
        assert!(right, "{path}: {text}");
    }

    fn paths(elements: &[(String, String)]) -> Vec<&str> {
        elements.iter().map(|(path, _)| path.rsplit_once('/').map_or("", |(_, last)| last)).collect()
    }

    fn value<'a>(elements: &'a [(String, String)], end: &str) -> &'a str {
        &elements.iter().find(|(path, _)| path.ends_with(end)).unwrap().1
    }

    #[test]
    fn identifiers_are_26_digits_of_base32() {
        // RFC 4648, without padding.
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let purposes = [
            Purpose::Obligation(7),
            Purpose::Obligation(8),
            Purpose::Cycle(CycleId { currency: 1, number: 7 }),
            Purpose::Position(CycleId { currency: 1, number: 7 }, OrganisationId(0)),
            Purpose::Position(CycleId { currency: 1, number: 7 }, OrganisationId(1)),
        ];
        let mut ids: Vec<String> = purposes.iter().map(|purpose| purpose.id(&GENESIS)).collect();
        ids.push(Purpose::Obligation(7).id(&[8; 32]));
        for id in &ids {
            assert_eq!(id.len(), 26);
            assert!(id.bytes().all(|byte| BASE32.contains(&byte)));
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6);
        let expected = Sha256::digest([&GENESIS[..], b"obligation", &7u64.to_le_bytes()].concat());
        assert_eq!(Purpose::Obligation(7).id(&GENESIS), base32(&expected[..16]));
    }

    #[test]
    fn a_customer_transfer_keeps_the_rules() {
        let xml = order().to_pacs008().unwrap();
        assert!(xml.contains("urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"));
        assert!(xml.contains("<IntrBkSttlmAmt Ccy=\"RUB\">1250.50</IntrBkSttlmAmt>"));
        let elements = elements(&xml);
        for (path, text) in &elements {
            check(path, text);
        }
        let header = ["MsgId", "CreDtTm", "NbOfTxs", "TtlIntrBkSttlmAmt", "IntrBkSttlmDt", "SttlmMtd"];
        let payment = ["InstrId", "EndToEndId", "UETR", "IntrBkSttlmAmt", "ChrgBr"];
        let parties = ["Nm", "Id", "IBAN", "BICFI", "Id", "Nm", "Id", "Id", "Ustrd"];
        assert_eq!(paths(&elements), [&header[..], &payment, &parties].concat());
        assert_eq!(value(&elements, "Dbtr/Nm"), "Нева &amp; &lt;Sons&gt;[2J");
        assert_eq!(value(&elements, "Cdtr/Nm").chars().count(), 140);
        assert_eq!(value(&elements, "DbtrAgt/FinInstnId/BICFI"), "SABRRUMM");
        assert_eq!(value(&elements, "CdtrAgt/FinInstnId/Othr/Id"), "NOTPROVIDED");
        assert_eq!(value(&elements, "DbtrAcct/Id/IBAN"), "DE89370400440532013000");
        assert_eq!(value(&elements, "CdtrAcct/Id/Othr/Id"), "40702810900000000001");
        assert_eq!(value(&elements, "Dbtr/Id/OrgId/Othr/Id"), "CITYNET-ORG-3");
        assert_eq!(value(&elements, "EndToEndId"), Purpose::Obligation(7).id(&GENESIS));
        assert_eq!(value(&elements, "GrpHdr/IntrBkSttlmDt"), "2026-01-01");
    }

    #[test]
    fn an_institutions_transfer_keeps_the_rules() {
        let mut order = order();
        let mut second = order.payments[0].clone();
        (second.amount, second.debtor.bank) = (1, None);
        order.payments.push(second);
        let xml = order.to_pacs009().unwrap();
        assert!(xml.contains("urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08") && xml.contains("<FICdtTrf>"));
        let elements = elements(&xml);
        for (path, text) in &elements {
            check(path, text);
        }
        assert_eq!(value(&elements, "TtlIntrBkSttlmAmt"), "1250.51");
        assert_eq!(value(&elements, "NbOfTxs"), "2");
        let first = ["InstrId", "EndToEndId", "UETR", "IntrBkSttlmAmt", "Nm", "Id", "IBAN", "BICFI", "Nm", "Id", "Id"];
        assert_eq!(paths(&elements)[6..17], first);
        assert_eq!(value(&elements, "Cdtr/FinInstnId/Othr/Id"), "CITYNET-ORG-1");
    }

    #[test]
    fn amounts_are_those_that_banks_count() {
        assert_eq!(units(1, 2).unwrap(), "0.01");
        assert_eq!(units(5, 0).unwrap(), "5");
        assert_eq!(units(12_300, 7).unwrap(), "0.00123");
        assert_eq!(units(12_310, 7), Err(IsoError::TooFine(12_310)));
        assert_eq!(units(0, 2), Err(IsoError::Nothing));
        assert_eq!(units(999_999_999_999_999_999, 2).unwrap(), "9999999999999999.99");
        assert_eq!(units(1_000_000_000_000_000_000, 2), Err(IsoError::TooMuch(1_000_000_000_000_000_000)));
    }

    #[test]
    fn what_no_bank_takes_is_refused() {
        let refused = |change: fn(&mut Order)| {
            let mut order = order();
            change(&mut order);
            let refused = order.to_pacs008().unwrap_err();
            assert_eq!(order.to_pacs009(), Err(refused.clone()));
            refused
        };
        assert_eq!(refused(|order| order.currency = "RUB1".into()), IsoError::Currency("RUB1".into()));
        assert_eq!(refused(|order| order.currency = "rub".into()), IsoError::Currency("rub".into()));
        assert_eq!(refused(|order| order.payments.clear()), IsoError::Nothing);
        assert_eq!(refused(|order| order.payments[0].amount = 0), IsoError::Nothing);
        assert_eq!(refused(|order| order.payments[0].debtor.name = "\n ".into()), IsoError::Name(OrganisationId(3)));
        for bic in ["", "SABRRUM", "sabrrumm", "SABR7UMM", "SABRRUMMX", "SABRRUMMXXXX"] {
            assert_eq!(bic.parse::<Bic>(), Err(IsoError::Bic(bic.into())));
        }
        assert!("SABRRUMMXXX".parse::<Bic>().is_ok());
        for account in ["", "A-1", "я", "12345678901234567890123456789012345"] {
            assert_eq!(account.parse::<BankAccount>(), Err(IsoError::Account(account.into())));
        }
        // One digit is wrong: it is no IBAN.
        let other = BankAccount::Other("DE89370400440532013001".into());
        assert_eq!("DE89370400440532013001".parse::<BankAccount>(), Ok(other));
    }
}
