//! Things that records name, in the words that [`Snapshot::search`](citynet_index::Snapshot::search) also has.

use crate::Error;
use citynet_index::Thing;
use citynet_primitives::{CycleId, DatasetId, DeviceId, GrantId, Hash, OrganisationId, PeerId, Uetr};
use sp_core::crypto::{AccountId32, Ss58Codec};

/// How things are written.
const FORMS: &str =
    "organisation:N, dataset:N, device:N, grant:N, cycle:CURRENCY-N, currency:N, obligation:N, withdrawal:N, \
                     motion:N, payment:UUID, account:ADDRESS, peer:ID or hash:0x…";

/// How many hex digits each group of a UUID has.
const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// Reads a thing, such as `grant:5`. An account is an SS58 address of any network or 64 hex digits, a peer an id such
/// as `12D3KooW…` or the 64 hex digits of its key, a payment a UUID or 32 hex digits; before hex digits there may be
/// `0x`.
///
/// # Errors
///
/// [`Error::InvalidParams`] when it is none.
pub(crate) fn parse(text: &str) -> Result<Thing, Error> {
    read(text).ok_or_else(|| Error::InvalidParams(format!("a thing is {FORMS}")))
}

fn read(text: &str) -> Option<Thing> {
    let (word, text) = text.split_once(':')?;
    Some(match word {
        "organisation" => Thing::Organisation(OrganisationId(small(text)?)),
        "dataset" => Thing::Dataset(DatasetId(number(text)?)),
        "device" => Thing::Device(DeviceId(number(text)?)),
        "grant" => Thing::Grant(GrantId(number(text)?)),
        "cycle" => {
            let (currency, number) = text.split_once('-')?;
            Thing::Cycle(CycleId { currency: small(currency)?, number: small(number)? })
        }
        "currency" => Thing::Currency(small(text)?),
        "obligation" => Thing::Obligation(number(text)?),
        "withdrawal" => Thing::Withdrawal(number(text)?),
        "motion" => Thing::Motion(small(text)?),
        "payment" => Thing::Payment(bytes(text).or_else(|| uuid(text))?),
        "account" => Thing::Account(bytes(text).or_else(|| address(text))?),
        "peer" => Thing::Peer(bytes(text).map(PeerId).or_else(|| text.parse().ok())?),
        "hash" => Thing::Hash(bytes(text)?),
        _ => return None,
    })
}

/// Decimal digits and nothing else: `parse` would also take a plus sign.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn small(text: &str) -> Option<u32> {
    number(text)?.try_into().ok()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes).ok().map(|()| bytes)
}

fn uuid(text: &str) -> Option<Uetr> {
    text.split('-').map(str::len).eq(UUID_GROUPS).then(|| bytes(&text.replace('-', ""))).flatten()
}

/// The key is the same whatever network an address is written for.
fn address(text: &str) -> Option<Hash> {
    AccountId32::from_ss58check_with_version(text).ok().map(|(account, _)| account.into())
}

/// A UETR as banks write it.
pub(crate) fn print_uetr(uetr: &Uetr) -> String {
    let digits = hex::encode(uetr);
    let mut rest = digits.as_str();
    let groups = UUID_GROUPS.map(|length| {
        let (group, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        group
    });
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_is_read() {
        let (hash, uetr) = ([0x11; 32], [0x1e; 16]);
        let digits = "11".repeat(32);
        for (text, thing) in [
            ("organisation:3".into(), Thing::Organisation(OrganisationId(3))),
            ("dataset:18446744073709551615".into(), Thing::Dataset(DatasetId(u64::MAX))),
            ("device:1".into(), Thing::Device(DeviceId(1))),
            ("grant:5".into(), Thing::Grant(GrantId(5))),
            ("cycle:1-7".into(), Thing::Cycle(CycleId { currency: 1, number: 7 })),
            ("currency:1".into(), Thing::Currency(1)),
            ("obligation:7".into(), Thing::Obligation(7)),
            ("withdrawal:2".into(), Thing::Withdrawal(2)),
            ("motion:5".into(), Thing::Motion(5)),
            ("payment:1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e1e1e".into(), Thing::Payment(uetr)),
            (format!("payment:0x{}", "1e".repeat(16)), Thing::Payment(uetr)),
            (format!("account:0x{digits}"), Thing::Account(hash)),
            (format!("account:{}", AccountId32::new(hash).to_ss58check()), Thing::Account(hash)),
            (format!("peer:{}", PeerId(hash)), Thing::Peer(PeerId(hash))),
            (format!("peer:0x{digits}"), Thing::Peer(PeerId(hash))),
            (format!("hash:{digits}"), Thing::Hash(hash)),
        ] {
            assert_eq!(parse(&text).ok(), Some(thing), "{text}");
        }
        assert_eq!(print_uetr(&uetr), "1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e1e1e");
    }

    #[test]
    fn what_is_no_thing_is_refused() {
        for text in [
            "",
            "5",
            "grant",
            "grant:",
            "grant:+5",
            "grant:18446744073709551616",
            "organisation:4294967296",
            "motion:4294967296",
            "cycle:1",
            "cycle:1-",
            "cycle:1-4294967296",
            "payment:1e1e1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e",
            "account:0x11",
            "account:5GrwvaEF",
            "peer:12D3KooW",
            "hash:0x11",
            "version:7@3",
            "block:5",
            "urn:citynet:00:grant:5",
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("payment:UUID"), "{text}: {error}");
        }
    }
}
