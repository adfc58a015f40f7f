//! Lists of datasets, grants and obligations.

use crate::{chain::*, database::*};
use citynet_index::{Filter, GrantFilter, ObligationFilter};
use citynet_primitives::{Body, CycleId, DatasetId, DatasetKind, GrantId, OrganisationId, Subject};

#[test]
fn datasets_and_grants_are_listed() {
    for store in stores() {
        let mut chain = Chain::default();
        let subjects = |grant| vec![Subject::Grant(GrantId(grant)), Subject::Organisation(CITY)];
        let offered = |grant, terms| {
            let body =
                Body::GrantOffered { grant: GrantId(grant), parent: None, supersedes: None, binding: true, terms };
            (CITY, body, subjects(grant))
        };
        let requested = |grant, terms| {
            (TELECOM, Body::GrantRequested { grant: GrantId(grant), supersedes: None, terms }, subjects(grant))
        };
        chain.block(vec![dataset(1, DatasetKind::Stream), dataset(2, DatasetKind::Snapshot)]);
        chain.block(vec![offered(1, terms(1, CITY, TELECOM)), requested(2, terms(2, CITY, TELECOM))]);
        // The second is countered, which is no other grant; the third passes the first one on.
        chain.block(vec![offered(2, terms(2, CITY, TELECOM)), offered(3, terms(1, TELECOM, OrganisationId(3)))]);
        let index = filled(&store, &chain);

        let datasets = |first, records, limit| read(&index, |snapshot| snapshot.datasets(first, records, limit));
        assert_eq!(datasets(0, 6, 10), [DatasetId(1), DatasetId(2)]);
        assert_eq!(datasets(0, 1, 10), [DatasetId(1)]);
        assert_eq!(datasets(2, 6, 10), [DatasetId(2)]);
        assert_eq!(datasets(0, 6, 1), [DatasetId(1)]);
        assert_eq!(datasets(u64::MAX, 6, 10), [DatasetId(0); 0]);

        let grants = |filter: GrantFilter, first, records| {
            let found = read(&index, |snapshot| snapshot.grants(&filter, first, records, 10));
            found.into_iter().map(|grant| grant.0).collect::<Vec<_>>()
        };
        let all = GrantFilter::default();
        assert_eq!(grants(all, 0, 6), [1, 2, 3]);
        assert_eq!(grants(all, 2, 6), [2, 3]);
        assert_eq!(grants(all, 0, 4), [1, 2]);
        assert_eq!(grants(GrantFilter { dataset: Some(DatasetId(1)), ..all }, 0, 6), [1, 3]);
        assert_eq!(grants(GrantFilter { provider: Some(CITY), ..all }, 0, 6), [1, 2]);
        assert_eq!(grants(GrantFilter { consumer: Some(TELECOM), dataset: Some(DatasetId(2)), ..all }, 0, 6), [2]);
        assert_eq!(grants(GrantFilter { dataset: Some(DatasetId(u64::MAX)), ..all }, 0, 6), [0; 0]);

        let about = |subject| indices(&index, &Filter { subject: Some(subject), ..Filter::default() });
        assert_eq!(about(Subject::Dataset(DatasetId(2))), [1]);
        assert_eq!(about(Subject::Grant(GrantId(2))), [3, 4]);
    }
}

#[test]
fn obligations_are_listed() {
    for store in stores() {
        let mut chain = Chain::default();
        chain.block(vec![owed(1, 1, TELECOM, CITY), owed(2, 1, CITY, TELECOM)]);
        chain.block(vec![owed(3, 2, TELECOM, CITY), (CITY, Body::ObligationPaid { obligation: 1 }, Vec::new())]);
        let index = filled(&store, &chain);

        let found = |filter: ObligationFilter, first, records, limit| {
            read(&index, |snapshot| snapshot.obligations(&filter, first, records, limit))
        };
        let all = ObligationFilter::default();
        assert_eq!(found(all, 0, 4, 10), [1, 2, 3]);
        assert_eq!(found(all, 2, 4, 1), [2]);
        assert_eq!(found(all, 0, 2, 10), [1, 2]);
        assert_eq!(found(all, u64::MAX, 4, 10), [0; 0]);
        assert_eq!(found(ObligationFilter { debtor: Some(TELECOM), ..all }, 0, 4, 10), [1, 3]);
        assert_eq!(found(ObligationFilter { creditor: Some(TELECOM), ..all }, 0, 4, 10), [2]);
        assert_eq!(found(ObligationFilter { debtor: Some(TELECOM), currency: Some(2), ..all }, 0, 4, 10), [3]);
        assert_eq!(found(ObligationFilter { grant: Some(GRANT), ..all }, 0, 4, 10), [1, 2, 3]);
        for grant in [GrantId(1), GrantId(u64::MAX)] {
            assert_eq!(found(ObligationFilter { grant: Some(grant), ..all }, 0, 4, 10), [0; 0]);
        }
    }
}

#[test]
fn cycles_of_any_currency_are_subjects_of_their_own() {
    for store in stores() {
        let mut chain = Chain::default();
        let cycles = [(1, 1), (1, 2), (2, 1), (u32::MAX, u32::MAX)];
        let cycles = cycles.map(|(currency, number)| CycleId { currency, number });
        let settled = |cycle| (CITY, Body::CycleSettled { cycle, net: 1 }, vec![Subject::Cycle(cycle)]);
        chain.block(cycles.map(settled).to_vec());
        let index = filled(&store, &chain);
        for (record, cycle) in (0_u64..).zip(cycles) {
            let filter = Filter { subject: Some(Subject::Cycle(cycle)), ..Filter::default() };
            assert_eq!(indices(&index, &filter), [record]);
        }
    }
}
