//! Receipts: what a provider's gateway reports about the use of a grant, and about attempts without any.
//!
//! A gateway gives a receipt for every access and every refusal and keeps them. What it reports is how many there are,
//! under one RFC 9162 root, and what was used since the grant began. Counts of use are cumulative: a report that is
//! lost takes nothing away. What is used by a grant is also used of those that it stands on.
//!
//! The chain sees no receipt. That a root has them, and that they say what is reported, the consumer can check with the
//! gateway, and contest.

use crate::{Config, Contested, Error, Grants, Pallet, RefusalReports};
use alloc::collections::BTreeSet;
use citynet_primitives::{
    AccessReport, Author, Body, DatasetId, GrantId, GrantInfo, Moment, RefusalReport, Subject, Text, Usage,
};
use citynet_support::{Catalogue, Clock, Journal};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_report(author: &Author, grant: GrantId, report: AccessReport) -> Result<u64, DispatchError> {
        let mut info = Self::provided(author, grant)?;
        let since = info.active_since.ok_or(Error::<T>::NeverActive)?;
        ensure!(report.counter > info.last_report, Error::<T>::CounterNotIncreasing);
        check_window::<T>(report.from, report.to, info.reported_until)?;
        let grown = report.usage.checked_sub(&info.used).ok_or(Error::<T>::UsageDecreased)?;
        let refused = count_refused::<T>(&report)?;
        ensure!(grown != Usage::default() || refused > 0, Error::<T>::NothingToReport);
        ensure!(grown.accesses.checked_add(refused) == Some(report.receipts), Error::<T>::ReceiptsMiscounted);
        let is_root = report.receipts > 0 || report.root == sp_io::hashing::sha2_256(&[]);
        ensure!(is_root, Error::<T>::RootOfNothing);

        let mut ancestors = Self::ancestors(&info).ok_or(Error::<T>::NotFound)?;
        if grown != Usage::default() {
            // What a grant stands on began before it, and its time is over no earlier; but it may have been ended.
            let ends = ancestors.iter().filter_map(|(_, ancestor)| ancestor.ended);
            let end = ends.chain(info.ended).fold(info.terms.not_after, Moment::min);
            let begin = info.terms.not_before.max(since);
            ensure!(report.from < end && begin < report.to, Error::<T>::UsageOutsideGrant);
            use_up::<T>(&mut info, &grown)?;
            ancestors.iter_mut().try_for_each(|(_, ancestor)| use_up::<T>(ancestor, &grown))?;
        }
        info.last_report = report.counter;
        info.reported_until = report.to;
        info.used = report.usage;
        let record = Self::record(author, grant, &mut info, Body::AccessReported { grant, report })?;
        if grown != Usage::default() {
            ancestors.iter().for_each(|(grant, ancestor)| Grants::<T>::insert(grant, ancestor));
        }
        Ok(record)
    }

    pub(crate) fn do_contest(
        author: &Author,
        grant: GrantId,
        counter: u64,
        usage: Usage,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        ensure!(!reason.is_empty() && core::str::from_utf8(&reason).is_ok(), Error::<T>::InvalidText);
        let mut info = Self::consumed(author, grant)?;
        ensure!(counter > 0 && counter == info.last_report, Error::<T>::NotLastReport);
        ensure!(Contested::<T>::get(grant) != Some(counter), Error::<T>::AlreadyContested);
        let body = Body::AccessContested { grant, counter, usage, reason };
        let record = Self::record(author, grant, &mut info, body)?;
        Contested::<T>::insert(grant, counter);
        Ok(record)
    }

    pub(crate) fn do_report_refusals(
        author: &Author,
        dataset: DatasetId,
        report: RefusalReport,
    ) -> Result<u64, DispatchError> {
        let owner = T::Catalogue::facts(dataset).ok_or(Error::<T>::UnknownDataset)?.owner;
        ensure!(owner == author.organisation, Error::<T>::NotOwner);
        // A dataset's owner may change; its reports are numbered on.
        let (last, until) = RefusalReports::<T>::get(dataset);
        ensure!(report.counter > last, Error::<T>::CounterNotIncreasing);
        check_window::<T>(report.from, report.to, until)?;
        ensure!(!report.strangers.is_empty(), Error::<T>::NothingToReport);
        let mut requesters = BTreeSet::new();
        let mut refused = Some(0_u64);
        for stranger in &report.strangers {
            let is_new = requesters.insert(stranger.requester);
            ensure!(is_new && stranger.count > 0, Error::<T>::InvalidStrangers);
            refused = refused.and_then(|sum| sum.checked_add(stranger.count));
        }
        ensure!(refused == Some(report.receipts), Error::<T>::ReceiptsMiscounted);

        let (counter, until) = (report.counter, report.to);
        // Not about the dataset: its head is kept by the catalogue, and the journal would keep a second one.
        let body = Body::RefusalsReported { dataset, report };
        let appended = T::Journal::append(author, &[Subject::Organisation(owner)], body)?;
        RefusalReports::<T>::insert(dataset, (counter, until));
        Ok(appended.index)
    }
}

/// A window follows those that were reported before and lies in the past, as far as clocks agree about it.
fn check_window<T: Config>(from: Moment, to: Moment, reported_until: Moment) -> Result<(), Error<T>> {
    let latest = T::Clock::now().saturating_add(T::MaxTimeAhead::get());
    ensure!(from < to && to <= latest, Error::<T>::WindowInvalid);
    ensure!(from >= reported_until, Error::<T>::WindowOverlaps);
    Ok(())
}

/// How many refusals a report has. They ascend by their reason, so that each reason has one count.
fn count_refused<T: Config>(report: &AccessReport) -> Result<u64, Error<T>> {
    let ascend = report.refused.windows(2).all(|pair| matches!(pair, [one, next] if one.reason < next.reason));
    ensure!(ascend && report.refused.iter().all(|refused| refused.count > 0), Error::<T>::RefusedUnordered);
    let sum = report.refused.iter().try_fold(0_u64, |sum, refused| sum.checked_add(refused.count));
    sum.ok_or(Error::<T>::ReceiptsMiscounted)
}

/// Counts use for a grant or for one that it stands on.
///
/// Where there is no limit, a count stays at the highest one. To refuse what does not fit would let whoever passes a
/// grant on report so much use that no more could be reported of the grants above.
fn use_up<T: Config>(info: &mut GrantInfo, grown: &Usage) -> Result<(), Error<T>> {
    let used_in_all = info.used_in_all.saturating_add(grown);
    ensure!(info.terms.limit.allows(&used_in_all), Error::<T>::LimitExceeded);
    info.used_in_all = used_in_all;
    Ok(())
}
