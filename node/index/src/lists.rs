//! Lists of what the chain's state holds: the index knows what there is, and since when.

use crate::{
    budget::Query,
    database::{Stretch, Value},
    read::Snapshot,
    writer::integer,
    Error,
};
use citynet_primitives::{DatasetId, GrantId, OrganisationId};

/// Which grants are wanted: those that satisfy everything that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Of this dataset.
    pub dataset: Option<DatasetId>,
    /// Granted by this organisation, as the terms have it.
    pub provider: Option<OrganisationId>,
    /// Granted to this organisation.
    pub consumer: Option<OrganisationId>,
}

/// Which obligations are wanted: those that satisfy everything that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObligationFilter {
    /// In this currency.
    pub currency: Option<u32>,
    /// Owed by this organisation.
    pub debtor: Option<OrganisationId>,
    /// Owed to this organisation.
    pub creditor: Option<OrganisationId>,
    /// That come from this grant.
    pub grant: Option<GrantId>,
}

impl Snapshot<'_> {
    /// At most `limit` datasets from number `first` on that the first `records` records registered, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn datasets(&self, first: u64, records: u64, limit: u32) -> Result<Vec<DatasetId>, Error> {
        Ok(self.list("datasets", &[], first, records, limit)?.into_iter().map(DatasetId).collect())
    }

    /// At most `limit` grants that satisfy `filter`, from number `first` on, that the first `records` records asked for or
    /// offered, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn grants(&self, filter: &GrantFilter, first: u64, records: u64, limit: u32) -> Result<Vec<GrantId>, Error> {
        let conditions = [
            ("dataset", filter.dataset.map(|dataset| dataset.0)),
            ("consumer", filter.consumer.map(|consumer| consumer.0.into())),
            ("provider", filter.provider.map(|provider| provider.0.into())),
        ];
        Ok(self.list("grants", &conditions, first, records, limit)?.into_iter().map(GrantId).collect())
    }

    /// At most `limit` grants that pass `grant` on, from number `first` on, that the first `records` records offered, in
    /// order. Those that pass these on in turn are asked for in the same way.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn delegations(&self, grant: GrantId, first: u64, records: u64, limit: u32) -> Result<Vec<GrantId>, Error> {
        let found = self.list("grants", &[("parent", Some(grant.0))], first, records, limit)?;
        Ok(found.into_iter().map(GrantId).collect())
    }

    /// At most `limit` grants that take the place of `grant`, or were to, from number `first` on, that the first `records`
    /// records asked for or offered, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn successors(&self, grant: GrantId, first: u64, records: u64, limit: u32) -> Result<Vec<GrantId>, Error> {
        let found = self.list("grants", &[("supersedes", Some(grant.0))], first, records, limit)?;
        Ok(found.into_iter().map(GrantId).collect())
    }

    /// At most `limit` obligations that satisfy `filter`, from number `first` on, that arose with the first `records`
    /// records, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn obligations(
        &self,
        filter: &ObligationFilter,
        first: u64,
        records: u64,
        limit: u32,
    ) -> Result<Vec<u64>, Error> {
        let conditions = [
            ("billed_grant", filter.grant.map(|grant| grant.0)),
            ("debtor", filter.debtor.map(|debtor| debtor.0.into())),
            ("creditor", filter.creditor.map(|creditor| creditor.0.into())),
            ("currency", filter.currency.map(u64::from)),
        ];
        self.list("obligations", &conditions, first, records, limit)
    }

    /// The numbers in a table whose columns have the values that are given. The first of these leads to the rows; the others
    /// are looked for among them. A number that no row can have finds nothing.
    fn list(
        &self,
        table: &str,
        conditions: &[(&str, Option<u64>)],
        first: u64,
        records: u64,
        limit: u32,
    ) -> Result<Vec<u64>, Error> {
        let Ok(first) = integer(first) else { return Ok(Vec::new()) };
        let mut values = vec![Value::Integer(first), Value::Integer(integer(records)?), Value::Integer(limit.into())];
        let mut given = Vec::new();
        for (column, value) in conditions {
            let Some(value) = value else { continue };
            let Ok(value) = integer(*value) else { return Ok(Vec::new()) };
            values.push(Value::Integer(value));
            given.push((*column, values.len()));
        }
        let (group, others) = given.split_at(given.len().min(1));
        let (condition, order) =
            self.connection.stretch(&Stretch { group, from: &[("id", 1)], end: None, apart: true });
        let others: String =
            others.iter().map(|(column, place)| format!(" AND ({column} = ?{place}) IS TRUE")).collect();
        let sql = format!("SELECT id FROM {table} WHERE {condition} AND idx < ?2{others} ORDER BY {order} LIMIT ?3");
        let narrow = "give one more of the filter's fields, or a smaller limit";
        self.all(Query { sql: &sql, narrow }, &values, |row| row.get(0))
    }
}
