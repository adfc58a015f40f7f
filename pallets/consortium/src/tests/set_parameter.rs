use super::{assert_record, only_the_council, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationId, OrganisationKind, Parameter, Parameters as ParameterSet, Quota};
use citynet_support::mock::{MockJournal, MockValidators};
use frame_support::{assert_noop, assert_ok, traits::Get};

const DELAY: Parameter = Parameter::RecoveryDelay { value: 1_000 };

fn set(parameter: Parameter) -> Result<(), sp_runtime::DispatchError> {
    Consortium::set_parameter(council(), parameter)
}

fn quota(rate: u32, burst: u32) -> Parameter {
    Parameter::Quota { kind: OrganisationKind::University, quota: Quota { rate, burst } }
}

#[test]
fn the_council_changes_a_parameter() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(set(DELAY));

        let expected = ParameterSet { recovery_delay: 1_000, ..parameters::DEFAULTS };
        assert_eq!(Consortium::parameters(), expected);
        assert_eq!(<Consortium as Get<ParameterSet>>::get(), expected);
        let body = Body::ParameterChanged { parameter: DELAY };
        assert_record(record, CHAIN, &[OrganisationId::CONSORTIUM], body);
        System::assert_last_event(Event::<Test>::ParameterChanged { parameter: DELAY, record }.into());
    });
}

#[test]
fn every_parameter_changes_what_it_names() {
    ExtBuilder::default().execute(|| {
        let mut expected = parameters::DEFAULTS;
        let mut expect = |parameter, change: fn(&mut ParameterSet)| {
            assert_ok!(set(parameter));
            change(&mut expected);
            assert_eq!(Consortium::parameters(), expected);
        };
        expect(Parameter::MinMembers { value: 2 }, |all| all.min_members = 2);
        expect(Parameter::MinValidators { value: 2 }, |all| all.min_validators = 2);
        expect(Parameter::MaxValidatorsPerOrganisation { value: 7 }, |all| all.max_validators_per_organisation = 7);
        expect(Parameter::MotionDuration { value: 70 }, |all| all.motion_duration = 70);
        expect(DELAY, |all| all.recovery_delay = 1_000);
        expect(Parameter::SilentAfter { value: 7 }, |all| all.silent_after = 7);
        expect(quota(2_000, 20_000), |all| all.quotas[2] = Quota { rate: 2_000, burst: 20_000 });
    });
}

#[test]
fn every_kind_has_its_quota() {
    ExtBuilder::default().execute(|| {
        for (position, kind) in OrganisationKind::ALL.iter().enumerate() {
            let quota = Quota { rate: 1_000 + position as u32, burst: 10_000 };
            assert_ok!(set(Parameter::Quota { kind: *kind, quota }));
            assert_eq!(Consortium::parameters().quotas[position], quota);
            assert_eq!(parameters::quota(&Consortium::parameters(), *kind), quota);
        }
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| only_the_council(|origin| Consortium::set_parameter(origin, DELAY)));
}

#[test]
fn every_parameter_has_bounds() {
    ExtBuilder::default().execute(|| {
        type Make = fn(u32) -> Parameter;
        let numbers: [(Make, u32, u32); 4] = [
            (|value| Parameter::MaxValidatorsPerOrganisation { value }, 1, 16),
            (|value| Parameter::MotionDuration { value }, 10, 5_184_000),
            (|value| Parameter::RecoveryDelay { value }, 10, 2_592_000),
            (|value| Parameter::SilentAfter { value }, 3, 100_000),
        ];
        for (parameter, least, most) in numbers {
            assert_noop!(set(parameter(least - 1)), Error::<Test>::OutOfBounds);
            assert_ok!(set(parameter(least)));
            assert_ok!(set(parameter(most)));
            assert_noop!(set(parameter(most + 1)), Error::<Test>::OutOfBounds);
        }
        for value in [0, 65, u32::MAX] {
            assert_noop!(set(Parameter::MinMembers { value }), Error::<Test>::OutOfBounds);
            assert_noop!(set(Parameter::MinValidators { value }), Error::<Test>::OutOfBounds);
        }
        for (rate, burst) in [(1_000, 10_000), (300_000, 300_000), (300_000, 10_000_000)] {
            assert_ok!(set(quota(rate, burst)));
        }
        for (rate, burst) in [
            (999, 10_000),
            (1_000, 9_999),
            (300_001, 10_000_000),
            (300_000, 10_000_001),
            // Less than the rate.
            (20_000, 19_999),
        ] {
            assert_noop!(set(quota(rate, burst)), Error::<Test>::OutOfBounds);
        }
    });
}

#[test]
fn there_are_as_many_members_as_there_must_be() {
    ExtBuilder::default().execute(|| {
        assert_noop!(set(Parameter::MinMembers { value: 3 }), Error::<Test>::TooFewMembers);
        // Observers are not counted.
        assert_ok!(admit(0, OrganisationKind::Auditor));
        assert_noop!(set(Parameter::MinMembers { value: 3 }), Error::<Test>::TooFewMembers);
        assert_ok!(admit(1, OrganisationKind::Industry));
        assert_ok!(set(Parameter::MinMembers { value: 3 }));
    });
}

#[test]
fn there_are_as_many_validators_as_there_must_be() {
    ExtBuilder::default().execute(|| {
        assert_noop!(set(Parameter::MinValidators { value: 3 }), Error::<Test>::TooFewValidators);
        MockValidators::add(CITY, &GATEWAY);
        assert_ok!(set(Parameter::MinValidators { value: 3 }));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(set(DELAY), MockJournal::FAILURE);
    });
}
