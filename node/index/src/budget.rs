//! What a query may cost: so long, and so many rows. Whoever asks for more is told what to narrow.

use crate::{
    database::{Row, Value},
    read::Snapshot,
    Error,
};
use std::{
    cell::Cell,
    fmt,
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// Which budget a query went beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The time since its snapshot was taken.
    Time(Duration),
    /// The rows that its snapshot has read.
    Rows(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "takes more than {} ms", time.as_millis()),
            Self::Rows(rows) => write!(f, "reads more than {rows} rows"),
        }
    }
}

/// Whether a deadline has passed.
pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

/// What is left of the budgets of one snapshot.
pub(crate) struct Budget {
    time: Duration,
    /// `None` where the time is longer than a clock can say.
    deadline: Option<Instant>,
    rows: u64,
    rows_read: Cell<u64>,
}

impl Budget {
    pub fn new(time: Duration, deadline: Option<Instant>, rows: u64) -> Self {
        Self { time, deadline, rows, rows_read: Cell::new(0) }
    }

    /// The database interrupts single statements. This ends a query that consists of many.
    pub fn check_time(&self, narrow: &'static str) -> Result<(), Error> {
        if is_over(self.deadline) {
            return Err(Error::TooExpensive { limit: Limit::Time(self.time), narrow });
        }
        Ok(())
    }

    fn take_row(&self, narrow: &'static str) -> Result<(), Error> {
        self.check_time(narrow)?;
        let read = self.rows_read.get().saturating_add(1);
        self.rows_read.set(read);
        if read > self.rows {
            return Err(Error::TooExpensive { limit: Limit::Rows(self.rows), narrow });
        }
        Ok(())
    }

    /// Says of a statement that was interrupted that it is too expensive.
    pub fn explain(&self, error: Error, narrow: &'static str) -> Error {
        if error.is_interruption() {
            return Error::TooExpensive { limit: Limit::Time(self.time), narrow };
        }
        error
    }
}

/// A query, and what its caller can narrow where it is too expensive.
#[derive(Clone, Copy)]
pub(crate) struct Query<'q> {
    pub sql: &'q str,
    pub narrow: &'static str,
}

impl Snapshot<'_> {
    /// Visits the rows that a query finds, until told to stop, within the budgets. The visitor asks for nothing else
    /// meanwhile.
    pub(crate) fn visit(
        &self,
        query: Query<'_>,
        values: &[Value<'_>],
        mut visit: impl FnMut(&dyn Row) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let Query { sql, narrow } = query;
        self.budget.check_time(narrow)?;
        let mut within_budget = |row: &dyn Row| {
            self.budget.take_row(narrow)?;
            visit(row)
        };
        self.connection.visit(sql, values, &mut within_budget).map_err(|error| self.budget.explain(error, narrow))
    }

    /// All that a query finds.
    pub(crate) fn all<T>(
        &self,
        query: Query<'_>,
        values: &[Value<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        self.visit(query, values, |row| {
            found.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// The first row that a query finds.
    pub(crate) fn first<T>(
        &self,
        query: Query<'_>,
        values: &[Value<'_>],
        read: impl Fn(&dyn Row) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut found = None;
        self.visit(query, values, |row| {
            found = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}
