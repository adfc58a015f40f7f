//! Organisations, roles and what each account may do.

use crate::{json, Account, Hash, OrganisationId, Text};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize, Serializer};

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $index:literal => $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking,
            MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[codec(index = $index)] #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every member of the list, in the order of the codec indices.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in JSON, on the command line and in the explorer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use closed_list;

closed_list!(
    /// What an organisation is.
    OrganisationKind {
        /// A public authority.
        Government = 0 => "government",
        /// A telecommunications operator.
        Telecom = 1 => "telecom",
        /// A university or research institute.
        University = 2 => "university",
        /// Any other company.
        Industry = 3 => "industry",
        /// An observer without a seat.
        Auditor = 4 => "auditor",
        /// The party that holds the bank account behind a currency.
        SettlementAgent = 5 => "settlement_agent",
    }
);

closed_list!(
    /// Whether an organisation's accounts may act.
    OrganisationStatus {
        /// A member in good standing.
        Active = 0 => "active",
        /// Put on hold: its accounts are refused until it is reinstated.
        Suspended = 1 => "suspended",
        /// Gone for good; its records stay.
        Expelled = 2 => "expelled",
        /// Gone of its own will; its records stay.
        Left = 3 => "left",
    }
);

impl OrganisationKind {
    /// Whether an organisation of this kind votes. Auditors observe.
    pub const fn has_seat(self) -> bool {
        !matches!(self, Self::Auditor)
    }
}

/// How an organisation presents itself to the others.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationProfile {
    /// Its name, 1 to 64 bytes of UTF-8.
    #[serde(serialize_with = "json::text")]
    pub name: Text<64>,
    /// Where it can be reached, such as `https://…` or `mailto:…`: at most 128 bytes of UTF-8, or nothing.
    #[serde(serialize_with = "json::text")]
    pub contact: Text<128>,
    /// SHA-256 of the document by which it exists in law, or zeros. A register's number must not be hashed alone: it
    /// could be guessed.
    #[serde(serialize_with = "json::hex")]
    pub legal_id: Hash,
}

closed_list!(
    /// What an account may do for its organisation.
    Role {
        /// Adds and removes the organisation's accounts.
        Admin = 0 => "admin",
        /// Runs a validator: sets session keys.
        Validator = 1 => "validator",
        /// Registers and maintains devices and, later, datasets.
        Registrar = 2 => "registrar",
        /// Submits attestations.
        Attestor = 3 => "attestor",
        /// Moves money.
        Treasurer = 4 => "treasurer",
        /// Reads, and files findings.
        Auditor = 5 => "auditor",
    }
);

/// A set of [`Role`]s: bit `n` is the role with codec index `n`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Roles(pub u16);

impl Roles {
    /// No role at all.
    pub const NONE: Self = Self(0);

    /// The set without anything else in it.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0u16;
        let mut rest = roles;
        while let [first, tail @ ..] = rest {
            bits |= Self::bit(*first);
            rest = tail;
        }
        Self(bits)
    }

    const fn bit(role: Role) -> u16 {
        match role {
            Role::Admin => 1,
            Role::Validator => 2,
            Role::Registrar => 4,
            Role::Attestor => 8,
            Role::Treasurer => 16,
            Role::Auditor => 32,
        }
    }

    /// Whether the set has `role`.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// Whether no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every set bit stands for a role.
    pub const fn is_known(self) -> bool {
        self.0 & !0b11_1111 == 0
    }

    /// The roles of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.contains(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, |set, role| Self(set.0 | Self::bit(role)))
    }
}

impl Serialize for Roles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Roles {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Role>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// An organisation as the runtime API reports it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationInfo {
    /// Its number.
    pub id: OrganisationId,
    /// Its name and how to reach it.
    #[serde(flatten)]
    pub profile: OrganisationProfile,
    /// What it is.
    pub kind: OrganisationKind,
    /// Whether it may act.
    pub status: OrganisationStatus,
    /// Whether it votes: it is active and no observer.
    pub seat: bool,
    /// Its accounts and their roles.
    pub accounts: Vec<AccountRoles>,
}

/// An account with its roles.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountRoles {
    /// The account's public key.
    #[serde(serialize_with = "json::hex")]
    pub account: Account,
    /// What it may do.
    pub roles: Roles,
}
