//! What organisations and accounts did: records by their author.

pub use citynet_answers::governance::Tally;

use super::journal::Found;
use crate::keys::ss58;
use citynet_primitives::{Account, Moment, OrganisationId};
use std::collections::BTreeMap;

/// Whose records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everything that accounts of an organisation did for it.
    Organisation(OrganisationId),
    /// Everything that an account did, for whichever organisation.
    Account(Account),
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Organisation(organisation) => write!(f, "organisation {organisation}"),
            Self::Account(account) => write!(f, "account {}", ss58(account)),
        }
    }
}

/// A text is neither.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an organisation's number nor an account, in SS58 or as 0x and 64 hex digits")]
pub struct Nobody(String);

/// Reads an organisation's number or an account.
///
/// # Errors
///
/// [`Nobody`].
pub fn parse_who(text: &str) -> Result<Who, Nobody> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = text.parse().map_err(|_| Nobody(text.into()))?;
        return Ok(Who::Organisation(OrganisationId(number)));
    }
    crate::keys::parse_account(text).map(Who::Account).map_err(|_| Nobody(text.into()))
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The record.
    pub record: u64,
    /// Its block.
    pub block: u32,
    /// When.
    pub time: Moment,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// By which account.
    pub account: Account,
    /// What, by the kind of the record.
    pub kind: &'static str,
    /// About what.
    pub subjects: Vec<String>,
}

impl From<&Found> for Deed {
    fn from(found: &Found) -> Self {
        let record = &found.record;
        Self {
            record: record.index,
            block: record.block,
            time: record.time,
            organisation: record.organisation,
            account: record.account,
            kind: record.body.kind(),
            subjects: found.subjects.clone(),
        }
    }
}

/// What each account did, by organisation, account and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies(BTreeMap<(OrganisationId, Account, &'static str), Tally>);

impl Tallies {
    /// Counts one more.
    pub fn add(&mut self, deed: &Deed) {
        let first = Tally { count: 0, first: deed.time, last: deed.time };
        let tally = self.0.entry((deed.organisation, deed.account, deed.kind)).or_insert(first);
        tally.count += 1;
        tally.first = tally.first.min(deed.time);
        tally.last = tally.last.max(deed.time);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (OrganisationId, Account, &'static str, Tally)> + '_ {
        self.0.iter().map(|((organisation, account, kind), tally)| (*organisation, *account, *kind, *tally))
    }

    /// How many things were done.
    pub fn total(&self) -> u64 {
        self.0.values().map(|tally| tally.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{Body, DeviceId, Record, RECORD_VERSION};

    #[test]
    fn whoever_it_is() {
        assert_eq!(parse_who("3"), Ok(Who::Organisation(OrganisationId(3))));
        let alice = crate::keys::AccountKey::development("alice").unwrap();
        assert_eq!(parse_who(&alice.ss58()), Ok(Who::Account(alice.account())));
        let hex = format!("0x{}", hex::encode(alice.account()));
        assert_eq!(parse_who(&hex), Ok(Who::Account(alice.account())));
        assert_eq!(Who::Account(alice.account()).to_string(), format!("account {}", alice.ss58()));
        for text in ["", "-1", "4294967296", "alice", "0x12"] {
            assert_eq!(parse_who(text), Err(Nobody(text.into())));
        }
    }

    #[test]
    fn deeds_are_counted() {
        let deed = |index: u64, account: u8, retired: bool| {
            let (device, reason) = (DeviceId(1), Default::default());
            let body =
                if retired { Body::DeviceRetired { device, reason } } else { Body::DeviceSuspended { device, reason } };
            let organisation = OrganisationId(1);
            let (version, block, time, account) = (RECORD_VERSION, 1, index * 10, [account; 32]);
            let record = Record { version, index, block, time, organisation, account, body };
            Deed::from(&Found { record, subjects: vec!["device:1".into()] })
        };
        let mut tallies = Tallies::default();
        for deed in [deed(1, 7, false), deed(4, 7, false), deed(2, 7, true), deed(3, 8, false)] {
            tallies.add(&deed);
        }
        let counted: Vec<_> = tallies.iter().map(|(_, account, kind, tally)| (account[0], kind, tally)).collect();
        let tally = |count, first, last| Tally { count, first, last };
        assert_eq!(
            counted,
            [
                (7, "device_retired", tally(1, 20, 20)),
                (7, "device_suspended", tally(2, 10, 40)),
                (8, "device_suspended", tally(1, 30, 30)),
            ]
        );
        assert_eq!(tallies.total(), 4);
        assert_eq!((deed(4, 7, true).record, deed(4, 7, true).subjects), (4, vec!["device:1".to_owned()]));
    }
}
