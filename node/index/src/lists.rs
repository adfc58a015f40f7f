//! Lists of what the chain's state holds: the index knows what there is, and since when.

use crate::{read::Snapshot, writer::integer, Error};
use citynet_primitives::{DatasetId, GrantId, OrganisationId};
use rusqlite::{params_from_iter, types::Value};

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
        let Ok(first) = integer(first) else { return Ok(Vec::new()) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM datasets WHERE id >= ?1 AND idx < ?2 ORDER BY id LIMIT ?3")?;
        let datasets = statement.query_map((first, integer(records)?, limit), |row| Ok(DatasetId(row.get(0)?)))?;
        Ok(datasets.collect::<Result<_, _>>()?)
    }

    /// At most `limit` grants that satisfy `filter`, from number `first` on, that the first `records` records asked for or
    /// offered, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn grants(&self, filter: &GrantFilter, first: u64, records: u64, limit: u32) -> Result<Vec<GrantId>, Error> {
        let Ok(first) = integer(first) else { return Ok(Vec::new()) };
        let mut values = vec![Value::from(first), Value::from(integer(records)?), Value::from(limit)];
        let mut conditions = String::new();
        let mut require = |column: &str, value: i64| {
            values.push(Value::from(value));
            conditions.push_str(&format!(" AND {column} = ?{}", values.len()));
        };
        if let Some(dataset) = filter.dataset {
            let Ok(dataset) = integer(dataset.0) else { return Ok(Vec::new()) };
            require("dataset", dataset);
        }
        if let Some(provider) = filter.provider {
            require("provider", provider.0.into());
        }
        if let Some(consumer) = filter.consumer {
            require("consumer", consumer.0.into());
        }
        let sql = format!("SELECT id FROM grants WHERE id >= ?1 AND idx < ?2{conditions} ORDER BY id LIMIT ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let grants = statement.query_map(params_from_iter(values), |row| Ok(GrantId(row.get(0)?)))?;
        Ok(grants.collect::<Result<_, _>>()?)
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
        let Ok(first) = integer(first) else { return Ok(Vec::new()) };
        let mut values = vec![Value::from(first), Value::from(integer(records)?), Value::from(limit)];
        let mut conditions = String::new();
        let mut require = |column: &str, value: i64| {
            values.push(Value::from(value));
            conditions.push_str(&format!(" AND {column} = ?{}", values.len()));
        };
        if let Some(currency) = filter.currency {
            require("currency", currency.into());
        }
        if let Some(debtor) = filter.debtor {
            require("debtor", debtor.0.into());
        }
        if let Some(creditor) = filter.creditor {
            require("creditor", creditor.0.into());
        }
        if let Some(grant) = filter.grant {
            let Ok(grant) = integer(grant.0) else { return Ok(Vec::new()) };
            require("billed_grant", grant);
        }
        let sql = format!("SELECT id FROM obligations WHERE id >= ?1 AND idx < ?2{conditions} ORDER BY id LIMIT ?3");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let obligations = statement.query_map(params_from_iter(values), |row| row.get::<_, u64>(0))?;
        Ok(obligations.collect::<Result<_, _>>()?)
    }
}
