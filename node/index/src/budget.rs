//! What a query may cost: so long, and so many rows. Whoever asks for more is told what to narrow.

use crate::{read::Snapshot, Error};
use rusqlite::{ErrorCode, Params, Row};
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

    /// SQLite interrupts single statements. This ends a query that consists of many.
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

    fn explain(&self, error: rusqlite::Error, narrow: &'static str) -> Error {
        if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
            return Error::TooExpensive { limit: Limit::Time(self.time), narrow };
        }
        error.into()
    }
}

/// A query, and what its caller can narrow where it is too expensive.
#[derive(Clone, Copy)]
pub(crate) struct Query<'q> {
    pub sql: &'q str,
    pub narrow: &'static str,
}

impl Snapshot<'_> {
    /// Visits the rows that a query finds, until told to stop, within the budgets.
    pub(crate) fn visit(
        &self,
        query: Query<'_>,
        values: impl Params,
        mut visit: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let Query { sql, narrow } = query;
        let explain = |error| self.budget.explain(error, narrow);
        self.budget.check_time(narrow)?;
        let mut statement = self.connection.prepare_cached(sql).map_err(explain)?;
        let mut rows = statement.query(values).map_err(explain)?;
        while let Some(row) = rows.next().map_err(explain)? {
            self.budget.take_row(narrow)?;
            if visit(row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// All that a query finds.
    pub(crate) fn all<T>(
        &self,
        query: Query<'_>,
        values: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
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
        values: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut found = None;
        self.visit(query, values, |row| {
            found = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}
