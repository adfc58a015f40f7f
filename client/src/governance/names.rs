//! Names of closed lists, as people write them.

use citynet_primitives::{OrganisationKind, PeerPurpose, Role};
use std::fmt::Display;

/// A name is not in its list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is none of: {}", .known.join(", "))]
pub struct UnknownName {
    given: String,
    known: Vec<String>,
}

/// The member of a list that has a name.
pub(crate) fn find<T: Copy + Display>(list: &[T], name: &str) -> Result<T, UnknownName> {
    let found = list.iter().copied().find(|item| item.to_string() == name);
    found.ok_or_else(|| UnknownName { given: name.into(), known: list.iter().map(ToString::to_string).collect() })
}

/// What an organisation is.
///
/// # Errors
///
/// [`UnknownName`].
pub fn kind(name: &str) -> Result<OrganisationKind, UnknownName> {
    find(OrganisationKind::ALL, name)
}

/// What an account may do.
///
/// # Errors
///
/// [`UnknownName`].
pub fn role(name: &str) -> Result<Role, UnknownName> {
    find(Role::ALL, name)
}

/// What a node is for.
///
/// # Errors
///
/// [`UnknownName`].
pub fn purpose(name: &str) -> Result<PeerPurpose, UnknownName> {
    find(PeerPurpose::ALL, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_lists() {
        assert_eq!(kind("settlement_agent"), Ok(OrganisationKind::SettlementAgent));
        assert_eq!(role("validator"), Ok(Role::Validator));
        assert_eq!(purpose("boot"), Ok(PeerPurpose::Boot));
        for name in ["", "Validator", "validators", "government"] {
            let error = purpose(name).unwrap_err().to_string();
            assert_eq!(error, format!("`{name}` is none of: validator, archive, boot"));
        }
    }
}
