//! Parameters as people write them: `min-members 3`, `quota telecom 150000 200000`.

use super::names::{self, UnknownName};
use crate::rpc::ParametersView;
use citynet_primitives::{OrganisationKind, Parameter, Quota};

/// Makes a parameter of its value.
type Make = fn(u32) -> Parameter;

/// The parameters that are one number, with their units. The order is that of [`Parameter`].
const NUMBERS: [(&str, &str, Make); 6] = [
    ("min-members", "members with a seat", |value| Parameter::MinMembers { value }),
    ("min-validators", "validators", |value| Parameter::MinValidators { value }),
    ("max-validators-per-organisation", "validators", |value| Parameter::MaxValidatorsPerOrganisation { value }),
    ("motion-duration", "blocks", |value| Parameter::MotionDuration { value }),
    ("recovery-delay", "blocks", |value| Parameter::RecoveryDelay { value }),
    ("silent-after", "turns of its own", |value| Parameter::SilentAfter { value }),
];

/// The words are no parameter with its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// There is no such parameter.
    #[error("`{0}` is no parameter; there are: {known}", known = known())]
    Unknown(String),
    /// It takes one number.
    #[error("`{0}` takes one number, its new value")]
    OneNumber(String),
    /// A quota takes three words.
    #[error("`quota` takes a kind of organisation, a rate and a burst in microseconds, such as: quota telecom 150000 200000")]
    Quota,
    /// It is no kind of organisation.
    #[error(transparent)]
    Kind(#[from] UnknownName),
}

/// Reads a parameter with its new value. Only the chain knows its bounds.
///
/// # Errors
///
/// [`ParameterError`].
pub fn parse(name: &str, values: &[impl AsRef<str>]) -> Result<Parameter, ParameterError> {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    if name == "quota" {
        let [kind, rate, burst] = values.as_slice() else { return Err(ParameterError::Quota) };
        let (Some(rate), Some(burst)) = (number(rate), number(burst)) else { return Err(ParameterError::Quota) };
        return Ok(Parameter::Quota { kind: names::kind(kind)?, quota: Quota { rate, burst } });
    }
    let known = NUMBERS.iter().find(|(known, _, _)| *known == name);
    let (_, _, parameter) = known.ok_or_else(|| ParameterError::Unknown(name.into()))?;
    let [value] = values.as_slice() else { return Err(ParameterError::OneNumber(name.into())) };
    number(value).map(parameter).ok_or_else(|| ParameterError::OneNumber(name.into()))
}

/// The names of all parameters.
fn known() -> String {
    let names: Vec<&str> = NUMBERS.iter().map(|(name, _, _)| *name).chain(["quota"]).collect();
    names.join(", ")
}

/// Digits only: `parse` would also take a plus sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Every parameter: its name, its value and the unit.
pub fn table(parameters: &ParametersView) -> Vec<[String; 3]> {
    let values = [
        parameters.min_members,
        parameters.min_validators,
        parameters.max_validators_per_organisation,
        parameters.motion_duration,
        parameters.recovery_delay,
        parameters.silent_after,
    ];
    let numbers = NUMBERS.iter().zip(values);
    let mut rows: Vec<_> =
        numbers.map(|((name, unit, _), value)| [name.to_string(), value.to_string(), unit.to_string()]).collect();
    rows.extend(OrganisationKind::ALL.iter().zip(&parameters.quotas).map(|(kind, quota)| {
        let unit = "µs of computing: what each block gives back, the most saved";
        [format!("quota {kind}"), format!("{} {}", quota.rate, quota.burst), unit.to_owned()]
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::QuotaView;

    #[test]
    fn parameters_are_read() {
        assert_eq!(parse("min-members", &["3"]), Ok(Parameter::MinMembers { value: 3 }));
        assert_eq!(parse("silent-after", &["4294967295"]), Ok(Parameter::SilentAfter { value: u32::MAX }));
        let quota =
            Parameter::Quota { kind: OrganisationKind::Telecom, quota: Quota { rate: 150_000, burst: 200_000 } };
        assert_eq!(parse("quota", &["telecom", "150000", "200000"]), Ok(quota));
    }

    #[test]
    fn anything_else_is_refused_in_words() {
        let error = parse("min_members", &["3"]).unwrap_err().to_string();
        assert!(error.contains("min-members, min-validators") && error.contains("quota"), "{error}");
        for values in [&[""][..], &[], &["-1"], &["+1"], &["0x1"], &["4294967296"], &["1", "2"], &["1.0"]] {
            let refused = parse("motion-duration", values);
            assert_eq!(refused, Err(ParameterError::OneNumber("motion-duration".into())), "{values:?}");
        }
        for values in [&["telecom", "1"][..], &[], &["telecom", "1", "x"], &["telecom", "1", "2", "3"]] {
            assert_eq!(parse("quota", values), Err(ParameterError::Quota), "{values:?}");
        }
        assert!(matches!(parse("quota", &["city", "1", "2"]), Err(ParameterError::Kind(_))));
    }

    #[test]
    fn what_the_table_shows_can_be_proposed() {
        let parameters = ParametersView {
            min_members: 1,
            min_validators: 2,
            max_validators_per_organisation: 3,
            motion_duration: 4,
            recovery_delay: 5,
            silent_after: 6,
            quotas: vec![QuotaView { rate: 7, burst: 8 }; 6],
        };
        let rows = table(&parameters);
        assert_eq!(rows.len(), 12);
        for [name, value, _] in &rows {
            let words: Vec<&str> = name.split(' ').chain(value.split(' ')).collect();
            assert!(parse(words[0], &words[1..]).is_ok(), "{words:?}");
        }
        assert_eq!(parse("recovery-delay", &["5"]), Ok(Parameter::RecoveryDelay { value: 5 }));
        assert_eq!(rows[4][..2], ["recovery-delay", "5"]);
    }
}
