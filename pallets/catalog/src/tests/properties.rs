use crate::{mock::*, DatasetCount, Datasets, Event, FedBy, Versions};
use citynet_primitives::{
    Action, Body, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, DeviceId, Devices, Entry, GrantId,
    OrganisationId, Source, VersionContent, VersionInfo,
};
use citynet_support::{
    mock::{MockAccess, MockDevices, MockJournal},
    DeviceRegister,
};
use frame_support::{assert_ok, dispatch::DispatchResult};
use proptest::{collection::vec, option, prelude::*};
use sp_runtime::AccountId32;

/// Who acts: registrars of two organisations.
#[derive(Clone, Copy, Debug)]
enum Actor {
    City,
    Telecom,
}

impl Actor {
    fn account(self) -> AccountId32 {
        match self {
            Self::City => registrar(),
            Self::Telecom => stranger(),
        }
    }

    fn organisation(self) -> OrganisationId {
        match self {
            Self::City => CITY,
            Self::Telecom => TELECOM,
        }
    }
}

#[derive(Clone, Debug)]
enum Call {
    Register { kind: DatasetKind },
    Change { dataset: DatasetId, title: &'static str },
    SetDevices { dataset: DatasetId, add: Vec<u64>, remove: Vec<u64> },
    Offer { dataset: DatasetId, to: Option<OrganisationId> },
    Take { dataset: DatasetId },
    Publish { dataset: DatasetId, sources: Vec<Source>, bytes: u64 },
    Flag { dataset: DatasetId, version: u32, since: u64 },
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![Just(Actor::City), Just(Actor::Telecom)]
}

/// A dataset that exists, mostly.
fn dataset() -> impl Strategy<Value = DatasetId> {
    (0u64..6).prop_map(DatasetId)
}

/// The first three devices are the city's, the next three the telecom's, and the seventh is nobody's.
fn device() -> impl Strategy<Value = u64> {
    1u64..=7
}

fn grant() -> impl Strategy<Value = Option<GrantId>> {
    option::of((1u64..=8).prop_map(GrantId))
}

fn source() -> impl Strategy<Value = Source> {
    let version = (dataset(), 0u32..4, grant());
    let batches = (device(), 0u64..12, 0u64..12, grant());
    prop_oneof![
        3 => version.prop_map(|(dataset, version, grant)| Source::Version { dataset, version, grant }),
        2 => batches.prop_map(|(device, first_sequence, last_sequence, grant)| Source::Batches {
            device: DeviceId(device),
            first_sequence,
            last_sequence,
            grant,
        }),
        1 => any::<u8>().prop_map(|seed| Source::External { content: [seed; 32], uri: Default::default() }),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let kind = proptest::sample::select(DatasetKind::ALL);
    let title = proptest::sample::select(vec!["Air", "Water", ""]);
    let to = option::of((1u32..5).prop_map(OrganisationId));
    prop_oneof![
        2 => kind.prop_map(|kind| Call::Register { kind }),
        1 => (dataset(), title).prop_map(|(dataset, title)| Call::Change { dataset, title }),
        3 => (dataset(), vec(device(), 0..4), vec(device(), 0..3))
            .prop_map(|(dataset, add, remove)| Call::SetDevices { dataset, add, remove }),
        2 => (dataset(), to).prop_map(|(dataset, to)| Call::Offer { dataset, to }),
        2 => dataset().prop_map(|dataset| Call::Take { dataset }),
        5 => (dataset(), vec(source(), 0..3), 0u64..4)
            .prop_map(|(dataset, sources, bytes)| Call::Publish { dataset, sources, bytes }),
        1 => (dataset(), 0u32..4, 0u64..4).prop_map(|(dataset, version, since)| Call::Flag { dataset, version, since }),
    ]
}

fn dispatch(actor: Actor, call: &Call) -> DispatchResult {
    let origin = signed(actor.account());
    match call.clone() {
        Call::Register { kind } => Catalog::register(origin, kind, profile()),
        Call::Change { dataset, title } => {
            Catalog::change(origin, dataset, DatasetProfile { title: text(title), ..profile() })
        }
        Call::SetDevices { dataset, add, remove } => {
            Catalog::set_devices(origin, dataset, devices(add), devices(remove))
        }
        Call::Offer { dataset, to } => Catalog::offer(origin, dataset, to),
        Call::Take { dataset } => Catalog::take(origin, dataset),
        Call::Publish { dataset, sources, bytes } => {
            Catalog::publish(origin, dataset, VersionContent { bytes, ..made_from(&sources) })
        }
        Call::Flag { dataset, version, since } => Catalog::flag(origin, dataset, version, since, reason()),
    }
}

/// All that a call may write, but for events.
#[derive(Debug, PartialEq)]
struct State {
    datasets: Vec<(DatasetId, DatasetInfo)>,
    count: u64,
    fed_by: Vec<(DatasetId, DeviceId)>,
    versions: Vec<(DatasetId, u32, VersionInfo)>,
    entries: Vec<Entry>,
}

fn state() -> State {
    State {
        datasets: Datasets::<Test>::iter().collect(),
        count: DatasetCount::<Test>::get(),
        fed_by: FedBy::<Test>::iter_keys().collect(),
        versions: Versions::<Test>::iter().collect(),
        entries: MockJournal::entries(),
    }
}

/// The dataset and the record that an event names.
fn named_by(event: &Event<Test>) -> (DatasetId, u64) {
    match event {
        Event::DatasetRegistered { dataset, record, .. }
        | Event::DatasetChanged { dataset, record }
        | Event::DatasetDevicesChanged { dataset, record }
        | Event::DatasetOffered { dataset, record, .. }
        | Event::DatasetTransferred { dataset, record, .. }
        | Event::VersionPublished { dataset, record, .. }
        | Event::VersionFlagged { dataset, record, .. } => (*dataset, *record),
        _ => unreachable!("the pallet has no other events"),
    }
}

/// Checks what a version that was just published says of its sources: none is missing, and exactly the foreign ones
/// name a grant.
fn check_lineage(publisher: OrganisationId, published: VersionInfo, sources: &[Source], actions: &[Action]) {
    let entry = MockJournal::last().expect("a version was published");
    assert_eq!(entry.record.index, published.record);
    let Body::VersionPublished { content, .. } = &entry.record.body else { panic!("{:?}", entry.record.body) };
    assert_eq!(&content.sources[..], sources);
    for source in sources {
        let (owner, grant) = match source {
            Source::Version { dataset, version, grant } => {
                assert!(Versions::<Test>::contains_key(dataset, version));
                (info(*dataset).owner, grant)
            }
            Source::Batches { device, first_sequence, last_sequence, grant } => {
                let facts = MockDevices::facts(*device).expect("the device exists");
                assert!(first_sequence <= last_sequence && *last_sequence < facts.next_sequence);
                (facts.owner, grant)
            }
            Source::External { .. } => continue,
        };
        assert_eq!(grant.is_some(), owner != publisher, "{source:?} of {owner}, used by {publisher}");
        if let Some(grant) = grant {
            let (of, to, action) = terms_of(*grant);
            assert_eq!(to, publisher);
            assert!(actions.contains(&action), "grant {grant} of {of} is for {action}");
        }
    }
}

/// The grants of the test: of each of the first two datasets to each of the two organisations, to derive or to train.
fn terms_of(grant: GrantId) -> (DatasetId, OrganisationId, Action) {
    let number = grant.0 - 1;
    let to = if number & 1 == 0 { CITY } else { TELECOM };
    let action = if number & 2 == 0 { Action::Derive } else { Action::Train };
    (DatasetId(1 + (number >> 2)), to, action)
}

fn set_up() {
    for number in 1..=6 {
        MockDevices::set(DeviceId(number), if number <= 3 { CITY } else { TELECOM }, 10);
    }
    for grant in (1..=8).map(GrantId) {
        let (dataset, to, action) = terms_of(grant);
        MockAccess::set(grant, dataset, to, &[action], None);
    }
    // So that there is something from the first call on.
    register(DatasetKind::Stream);
    register_by(stranger(), DatasetKind::Stream);
    feed(DatasetId(1), [1, 2]);
    let theirs: Devices = devices([4, 5]);
    assert_ok!(Catalog::set_devices(signed(stranger()), DatasetId(2), theirs, devices([])));
    publish_by(registrar(), DatasetId(1));
    publish_by(stranger(), DatasetId(2));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_called_the_state_stays_sound(calls in vec((actor(), call()), 1..40)) {
        ExtBuilder::run(|| {
            set_up();
            for (actor, call) in calls {
                let before = state();
                let events_before = events().len();
                if dispatch(actor, &call).is_err() {
                    assert_eq!(state(), before, "{call:?} was refused and wrote something");
                    assert_eq!(events().len(), events_before);
                    continue;
                }
                // One record and one event each, which name one another and the dataset.
                assert_eq!(MockJournal::entries().len(), before.entries.len() + 1);
                assert_eq!(events().len(), events_before + 1);
                let (dataset, record) = named_by(&last_event());
                assert_eq!(record, before.entries.len() as u64);
                assert_eq!(info(dataset).owner, actor.organisation());
                for (id, earlier) in &before.datasets {
                    let later = info(*id);
                    assert!(later.versions >= earlier.versions && later.kind == earlier.kind);
                    assert_eq!(later == *earlier, *id != dataset);
                }
                if let Call::Publish { sources, .. } = &call {
                    let DatasetInfo { kind, versions, .. } = info(dataset);
                    let published = Catalog::version(dataset, versions).expect("it was just published");
                    let action = if kind == DatasetKind::Model { Action::Train } else { Action::Derive };
                    check_lineage(actor.organisation(), published, sources, &[action]);
                }
                assert_ok!(Catalog::do_try_state());
            }
        });
    }
}
