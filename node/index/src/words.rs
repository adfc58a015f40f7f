//! Things in words, such as `grant:5`.

use crate::Thing;
use citynet_primitives::{parse_uuid, Account, CycleId, DatasetId, DeviceId, GrantId, OrganisationId, PeerId};
use sp_core::crypto::{AccountId32, Ss58Codec};
use std::str::FromStr;

/// A text names nothing that records name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a thing is organisation:N, dataset:N, device:N, grant:N, cycle:CURRENCY-N, currency:N, obligation:N, withdrawal:N, \
     motion:N, payment:UUID, account:ADDRESS, peer:ID or hash:0x…"
)]
pub struct NoThing;

impl FromStr for Thing {
    type Err = NoThing;

    /// Reads a thing. An account is an SS58 address of any network or 64 hex digits, a peer an id such as `12D3KooW…` or
    /// the 64 hex digits of its key, a payment a UUID or 32 hex digits; before hex digits there may be `0x`.
    fn from_str(text: &str) -> Result<Self, NoThing> {
        read(text).ok_or(NoThing)
    }
}

fn read(text: &str) -> Option<Thing> {
    let (word, text) = text.split_once(':')?;
    let hex_digits = text.strip_prefix("0x").unwrap_or(text);
    Some(match word {
        "organisation" => Thing::Organisation(OrganisationId(small(text)?)),
        "dataset" => Thing::Dataset(DatasetId(decimal(text)?)),
        "device" => Thing::Device(DeviceId(decimal(text)?)),
        "grant" => Thing::Grant(GrantId(decimal(text)?)),
        "cycle" => {
            let (currency, number) = text.split_once('-')?;
            Thing::Cycle(CycleId { currency: small(currency)?, number: small(number)? })
        }
        "currency" => Thing::Currency(small(text)?),
        "obligation" => Thing::Obligation(decimal(text)?),
        "withdrawal" => Thing::Withdrawal(decimal(text)?),
        "motion" => Thing::Motion(small(text)?),
        "payment" => Thing::Payment(bytes(hex_digits).or_else(|| parse_uuid(text))?),
        "account" => Thing::Account(bytes(hex_digits).or_else(|| address(text))?),
        "peer" => Thing::Peer(bytes(hex_digits).map(PeerId).or_else(|| text.parse().ok())?),
        "hash" => Thing::Hash(bytes(hex_digits)?),
        _ => return None,
    })
}

/// Decimal digits and nothing else: `parse` would also take a plus sign.
pub fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn small(text: &str) -> Option<u32> {
    decimal(text)?.try_into().ok()
}

/// Exactly so many bytes in hex digits.
pub fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).ok().map(|()| bytes)
}

/// An SS58 address. The key is the same whatever network it is written for.
pub fn address(text: &str) -> Option<Account> {
    AccountId32::from_ss58check_with_version(text).ok().map(|(account, _)| account.into())
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
            assert_eq!(text.parse().ok(), Some(thing), "{text}");
        }
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
            let error = text.parse::<Thing>().unwrap_err().to_string();
            assert!(error.contains("payment:UUID"), "{text}: {error}");
        }
    }
}
