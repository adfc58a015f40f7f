//! Names of the grants' closed lists, as people write them.

use crate::governance::names::{find, UnknownName};
use citynet_primitives::{Action, GrantState, PersonalData, ReasonCode, Unit};

/// What may be done with data.
///
/// # Errors
///
/// [`UnknownName`].
pub fn action(name: &str) -> Result<Action, UnknownName> {
    find(Action::ALL, name)
}

/// How far data is about people.
///
/// # Errors
///
/// [`UnknownName`].
pub fn personal_data(name: &str) -> Result<PersonalData, UnknownName> {
    find(PersonalData::ALL, name)
}

/// Why a grant was terminated, suspended, revoked or renounced.
///
/// # Errors
///
/// [`UnknownName`].
pub fn reason(name: &str) -> Result<ReasonCode, UnknownName> {
    find(ReasonCode::ALL, name)
}

/// Where a grant is.
///
/// # Errors
///
/// [`UnknownName`].
pub fn state(name: &str) -> Result<GrantState, UnknownName> {
    find(GrantState::ALL, name)
}

/// What a metered price counts.
///
/// # Errors
///
/// [`UnknownName`].
pub fn unit(name: &str) -> Result<Unit, UnknownName> {
    find(Unit::ALL, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_lists() {
        assert_eq!(action("train"), Ok(Action::Train));
        assert_eq!(personal_data("special_category"), Ok(PersonalData::SpecialCategory));
        assert_eq!(reason("terms_broken"), Ok(ReasonCode::TermsBroken));
        assert_eq!(state("active"), Ok(GrantState::Active));
        assert_eq!(unit("record"), Ok(Unit::Record));
        for name in ["", "Read", "reads", "none"] {
            let error = action(name).unwrap_err().to_string();
            assert_eq!(error, format!("`{name}` is none of: read, derive, train, aggregate, publish"));
        }
    }
}
