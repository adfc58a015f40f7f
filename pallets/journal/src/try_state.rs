//! What always holds.

use crate::{pallet::*, HostSha256};
use citynet_merkle::leaf_hash;
use citynet_primitives::{Entry, RECORD_VERSION};
use citynet_support::HeldHeads;
use codec::Encode;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the journal's storage.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::records_lead_to_the_edge()?;
        Self::heads_are_plausible()
    }

    /// The edge before the block that wrote last, and its records, give the edge of now.
    fn records_lead_to_the_edge() -> Result<(), TryRuntimeError> {
        let open = RecordsBlock::<T>::get();
        let records = Records::<T>::get();
        let mut edge = EdgeBefore::<T>::get();
        ensure!(edge.size() == open.first_index, "the edge before the block has another size than its first index");
        ensure!(edge.size() <= Edge::<T>::get().size(), "the log has shrunk");
        if records.is_empty() && open.number != frame_system::Pallet::<T>::block_number() {
            // A later block has cleared them.
            return Ok(());
        }

        let block = TryInto::<u32>::try_into(open.number).map_err(|_| "a block that wrote has too high a number")?;
        for Entry { record, .. } in &records {
            ensure!(record.version == RECORD_VERSION, "a record has an unknown version");
            ensure!(record.index == edge.size(), "the records' indices do not follow one another");
            ensure!(record.block == block, "a record names another block than the one that wrote it");
            edge.push::<HostSha256>(leaf_hash::<HostSha256>(&record.encode())).map_err(|_| "the log is full")?;
        }
        ensure!(edge == Edge::<T>::get(), "the block's records do not lead to the edge");
        Ok(())
    }

    /// No head counts nothing or more than there is, or is kept where another pallet holds it.
    fn heads_are_plausible() -> Result<(), TryRuntimeError> {
        let size = Edge::<T>::get().size();
        for (subject, head) in Heads::<T>::iter() {
            ensure!(head.count > 0, "a subject without records has a head");
            ensure!(head.count <= size, "a subject has more records than the log");
            ensure!(T::HeldHeads::held_head(&subject).is_none(), "a subject's head is kept twice");
        }
        for entry in Records::<T>::get() {
            for subject in &entry.subjects {
                ensure!(Self::subject_head(*subject).count > 0, "a record was not counted for its subject");
            }
        }
        Ok(())
    }
}
