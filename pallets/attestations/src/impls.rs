//! The rules: which facts about devices and batches are allowed.
//!
//! Every rule checks first, cheapest checks first, then appends to the journal, which may still refuse, and only then
//! writes. Membership comes before everything and is the calls' business. The order of the checks, which decides the
//! error that a call with several faults gets:
//!
//! * A profile: model, properties, location, calibration.
//! * A key: registry, expiry of the proof, encoding, uniqueness, proof of possession.
//! * Management of a device: reason, device, owner, status, then what is special to the call.
//! * A batch: what it says by itself ([`check_alone`]), device, owner, status, distrust, epoch, sequence
//!   ([`next_sequence`]), algorithm, signature.

use crate::{
    algorithms::{self, AlgorithmStatus, Refusal, Registry},
    types::Admitted,
    Algorithms, AttestItem, Config, DeviceCount, Devices, Error, Event, KeyOwners, Pallet, WeightInfo,
};
use alloc::vec::Vec;
use citynet_primitives::{
    AlgorithmId, Author, Batch, BatchStatement, Body, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, DeviceStatus,
    Epoch, Hash, Location, Moment, PossessionStatement, Role, SchemaId, Signature, Subject, SubjectHead, Text,
};
use citynet_support::{Clock, DeviceFacts, DeviceRegister, Genesis, HeldHeads, Journal, Membership};
use codec::Encode;
use frame_support::{ensure, pallet_prelude::DispatchError, traits::Get, weights::Weight};
use frame_system::pallet_prelude::OriginFor;

impl<T> From<Refusal> for Error<T> {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownAlgorithm => Self::UnknownAlgorithm,
            Refusal::InvalidKey => Self::InvalidKey,
            Refusal::InvalidSignature => Self::InvalidSignature,
        }
    }
}

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// A device.
    pub fn device(id: DeviceId) -> Option<DeviceInfo> {
        Devices::<T>::get(id)
    }

    /// How many devices were ever registered; the last one has this number.
    pub fn device_count() -> u64 {
        DeviceCount::<T>::get()
    }

    /// The algorithms under which devices may be registered, by number.
    pub fn algorithms() -> Vec<AlgorithmId> {
        let registry = Algorithms::<T>::get();
        registry.iter().filter(|(_, status)| status.admits_keys()).map(|(algorithm, _)| *algorithm).collect()
    }
}

impl<T: Config> HeldHeads for Pallet<T> {
    /// The head of a device; of one that does not exist, the empty head.
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        match subject {
            Subject::Device(id) => Some(Devices::<T>::get(id).map(|info| info.head).unwrap_or_default()),
            Subject::Organisation(_) | Subject::Dataset(_) | Subject::Grant(_) | Subject::Cycle(_) => None,
        }
    }
}

impl<T: Config> DeviceRegister for Pallet<T> {
    fn facts(device: DeviceId) -> Option<DeviceFacts> {
        let DeviceInfo { owner, next_sequence, .. } = Devices::<T>::get(device)?;
        Some(DeviceFacts { owner, next_sequence })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: citynet_primitives::OrganisationId) -> DeviceId {
        crate::benchmarking::insert_attested_device::<T>(owner)
    }
}

/// Devices.
impl<T: Config> Pallet<T> {
    pub(crate) fn ensure_registrar(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        T::Membership::ensure(&frame_system::ensure_signed(origin)?, Role::Registrar)
    }

    pub(crate) fn do_register(
        author: &Author,
        profile: DeviceProfile,
        key: DeviceKey,
        proof: &Signature,
        expires: Moment,
    ) -> Result<(DeviceId, u64), DispatchError> {
        check_profile::<T>(&profile)?;
        let owner = author.organisation;
        let key_id = Self::admit_key(
            &PossessionStatement {
                genesis: &T::Genesis::genesis_hash(),
                organisation: owner,
                device: DeviceId::default(),
                epoch: 0,
                expires,
                key: &key,
            },
            proof,
        )?;
        let count = DeviceCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let device = DeviceId(count);

        let mut info = DeviceInfo {
            owner,
            status: DeviceStatus::Active,
            epoch: 0,
            key: key.clone(),
            previous: None,
            next_sequence: 0,
            distrusted_since: None,
            head: SubjectHead::default(),
        };
        let record = Self::record(author, device, &mut info, Body::DeviceRegistered { device, owner, profile, key })?;
        DeviceCount::<T>::put(count);
        KeyOwners::<T>::insert(key_id, device);
        Ok((device, record))
    }

    pub(crate) fn do_rotate_key(
        author: &Author,
        device: DeviceId,
        key: DeviceKey,
        proof: &Signature,
        expires: Moment,
        overlap: Moment,
    ) -> Result<(Epoch, u64), DispatchError> {
        let mut info = Self::owned(author, device)?;
        ensure!(info.status != DeviceStatus::Retired, Error::<T>::DeviceRetired);
        ensure!(overlap <= T::MaxOverlap::get(), Error::<T>::OverlapTooLong);
        let epoch = info.epoch.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let key_id = Self::admit_key(
            &PossessionStatement {
                genesis: &T::Genesis::genesis_hash(),
                organisation: info.owner,
                device,
                epoch,
                expires,
                key: &key,
            },
            proof,
        )?;

        let previous_valid_until = T::Clock::now().saturating_add(overlap);
        let replaced = core::mem::replace(&mut info.key, key.clone());
        info.previous = Some((replaced, previous_valid_until));
        info.epoch = epoch;
        let body = Body::DeviceKeyRotated { device, epoch, key, previous_valid_until };
        let record = Self::record(author, device, &mut info, body)?;
        KeyOwners::<T>::insert(key_id, device);
        Ok((epoch, record))
    }

    pub(crate) fn do_suspend(author: &Author, device: DeviceId, reason: Text<256>) -> Result<u64, DispatchError> {
        check_text::<T>(&reason)?;
        let mut info = Self::owned(author, device)?;
        match info.status {
            DeviceStatus::Active => info.status = DeviceStatus::Suspended,
            DeviceStatus::Suspended => return Err(Error::<T>::AlreadySuspended.into()),
            DeviceStatus::Retired => return Err(Error::<T>::DeviceRetired.into()),
        }
        Self::record(author, device, &mut info, Body::DeviceSuspended { device, reason })
    }

    pub(crate) fn do_resume(author: &Author, device: DeviceId, reason: Text<256>) -> Result<u64, DispatchError> {
        check_text::<T>(&reason)?;
        let mut info = Self::owned(author, device)?;
        match info.status {
            DeviceStatus::Suspended => info.status = DeviceStatus::Active,
            DeviceStatus::Active => return Err(Error::<T>::NotSuspended.into()),
            DeviceStatus::Retired => return Err(Error::<T>::DeviceRetired.into()),
        }
        Self::record(author, device, &mut info, Body::DeviceResumed { device, reason })
    }

    pub(crate) fn do_retire(author: &Author, device: DeviceId, reason: Text<256>) -> Result<u64, DispatchError> {
        check_text::<T>(&reason)?;
        let mut info = Self::owned(author, device)?;
        ensure!(info.status != DeviceStatus::Retired, Error::<T>::DeviceRetired);
        info.status = DeviceStatus::Retired;
        Self::record(author, device, &mut info, Body::DeviceRetired { device, reason })
    }

    pub(crate) fn do_distrust(
        author: &Author,
        device: DeviceId,
        since: Moment,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        check_text::<T>(&reason)?;
        let mut info = Self::owned(author, device)?;
        ensure!(since <= T::Clock::now(), Error::<T>::DistrustInFuture);
        ensure!(info.distrusted_since.is_none_or(|recorded| since < recorded), Error::<T>::AlreadyDistrusted);
        info.distrusted_since = Some(since);
        Self::record(author, device, &mut info, Body::DeviceDistrusted { device, since, reason })
    }

    /// The device, given that the author's organisation owns it.
    fn owned(author: &Author, device: DeviceId) -> Result<DeviceInfo, Error<T>> {
        let info = Devices::<T>::get(device).ok_or(Error::<T>::NotFound)?;
        ensure!(info.owner == author.organisation, Error::<T>::NotOwner);
        Ok(info)
    }

    /// The identifier of a key that may become a device's: admitted by the registry, well-formed, never seen before,
    /// and held by whoever made `proof`.
    fn admit_key(statement: &PossessionStatement<'_>, proof: &Signature) -> Result<Hash, Error<T>> {
        let key = statement.key;
        let status = status_of::<T>(&Algorithms::<T>::get(), key.algorithm)?;
        ensure!(status.admits_keys(), Error::<T>::AlgorithmNotAccepted);
        ensure!(T::Clock::now() <= statement.expires, Error::<T>::ProofExpired);
        algorithms::check_key(key.algorithm, &key.public_key)?;
        let id = key_id(key);
        ensure!(!KeyOwners::<T>::contains_key(id), Error::<T>::KeyAlreadyRegistered);
        // Algorithm and key are known to be good here: what is left to be wrong is the proof.
        algorithms::verify(key.algorithm, &key.public_key, &statement.to_bytes(), proof)
            .map_err(|_| Error::<T>::InvalidProofOfPossession)?;
        Ok(id)
    }

    /// Appends a record about the device and its owner, then stores the device. Gives the record's index.
    fn record(author: &Author, device: DeviceId, info: &mut DeviceInfo, body: Body) -> Result<u64, DispatchError> {
        let owner = Subject::Organisation(info.owner);
        let appended = T::Journal::append_held(author, (Subject::Device(device), &mut info.head), &[owner], body)?;
        Devices::<T>::insert(device, &*info);
        Ok(appended.index)
    }
}

/// Batches.
impl<T: Config> Pallet<T> {
    pub(crate) fn ensure_attestor(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        T::Membership::ensure(&frame_system::ensure_signed(origin)?, Role::Attestor)
    }

    /// Attests each item or says why not. Gives the weight that was used.
    pub(crate) fn do_attest_many(author: &Author, items: impl IntoIterator<Item = AttestItem>) -> Weight {
        let registry = Algorithms::<T>::get();
        let (mut admitted_items, mut refused_items) = (0u32, 0u32);
        for (position, AttestItem { batch, signature }) in (0u32..).zip(items) {
            let (device, first_sequence) = (batch.device, batch.first_sequence);
            let outcome = match Self::admit(author, &registry, &batch) {
                Ok(admitted) => {
                    admitted_items = admitted_items.saturating_add(1);
                    Self::accept(author, admitted, batch, signature)
                }
                Err(error) => {
                    refused_items = refused_items.saturating_add(1);
                    Err(error.into())
                }
            };
            if let Err(error) = outcome {
                Self::deposit_event(Event::BatchRefused { position, device, first_sequence, error });
            }
        }
        let used = T::WeightInfo::attest_many(admitted_items);
        if refused_items == 0 {
            return used;
        }
        used.saturating_add(T::WeightInfo::attest_many_refused(refused_items))
    }

    /// Every check of a batch but that of its signature.
    pub(crate) fn admit(author: &Author, registry: &Registry, batch: &Batch) -> Result<Admitted, Error<T>> {
        let now = T::Clock::now();
        let end = check_alone::<T>(batch, now)?;
        let info = Self::owned(author, batch.device)?;
        match info.status {
            DeviceStatus::Active => {}
            DeviceStatus::Suspended => return Err(Error::<T>::DeviceSuspended),
            DeviceStatus::Retired => return Err(Error::<T>::DeviceRetired),
        }
        ensure!(info.distrusted_since.is_none_or(|since| batch.window_end < since), Error::<T>::DeviceDistrusted);
        let key = key_of_epoch::<T>(&info, batch.epoch, now)?.clone();
        check_sequence::<T>(info.next_sequence, batch, end)?;
        ensure!(status_of::<T>(registry, key.algorithm)?.admits_batches(), Error::<T>::AlgorithmNotAccepted);
        Ok(Admitted { info, key, next_sequence: end })
    }

    /// Verifies the signature of an admitted batch, then records it.
    pub(crate) fn accept(
        author: &Author,
        admitted: Admitted,
        batch: Batch,
        signature: Signature,
    ) -> Result<(), DispatchError> {
        let Admitted { mut info, key, next_sequence } = admitted;
        let (device, first_sequence, count) = (batch.device, batch.first_sequence, batch.count);
        let genesis = T::Genesis::genesis_hash();
        let message = BatchStatement { genesis: &genesis, algorithm: key.algorithm, batch: &batch }.to_bytes();
        algorithms::verify(key.algorithm, &key.public_key, &message, &signature).map_err(Error::<T>::from)?;

        let body = Body::BatchAttested { batch, signature };
        let appended = T::Journal::append_held(author, (Subject::Device(device), &mut info.head), &[], body)?;
        info.next_sequence = next_sequence;
        Devices::<T>::insert(device, info);
        Self::deposit_event(Event::BatchAttested { device, first_sequence, count, record: appended.index });
        Ok(())
    }
}

/// Checks a batch without its device. Gives the sequence number after its last.
fn check_alone<T: Config>(batch: &Batch, now: Moment) -> Result<u64, Error<T>> {
    ensure!(batch.count > 0, Error::<T>::EmptyBatch);
    ensure!(batch.schema == SchemaId::READING_V1, Error::<T>::UnknownSchema);
    ensure!(batch.window_start <= batch.window_end, Error::<T>::WindowReversed);
    ensure!(batch.window_end <= now.saturating_add(T::MaxWindowAhead::get()), Error::<T>::WindowInFuture);
    ensure!(now <= batch.expires, Error::<T>::BatchExpired);
    ensure!(batch.expires <= now.saturating_add(T::MaxExpiryAhead::get()), Error::<T>::ExpiryTooFar);
    batch.first_sequence.checked_add(batch.count.into()).ok_or(Error::<T>::SequenceOverflow)
}

/// Checks that a batch which ends before `end` follows what the device attested before `next`:
/// `first_sequence = next + missing`.
fn check_sequence<T: Config>(next: u64, batch: &Batch, end: u64) -> Result<(), Error<T>> {
    let Some(gap) = batch.first_sequence.checked_sub(next) else {
        return Err(if end <= next { Error::<T>::SequenceReplayed } else { Error::<T>::SequenceOverlap });
    };
    ensure!(gap == 0 || batch.missing != 0, Error::<T>::UndeclaredGap);
    ensure!(gap == batch.missing, Error::<T>::WrongGap);
    Ok(())
}

/// The key that may sign for `epoch` at `now`. The moment at which an overlap ends is not part of it, so that an
/// overlap of 0 is none.
fn key_of_epoch<T: Config>(info: &DeviceInfo, epoch: Epoch, now: Moment) -> Result<&DeviceKey, Error<T>> {
    if epoch == info.epoch {
        return Ok(&info.key);
    }
    ensure!(epoch < info.epoch, Error::<T>::UnknownEpoch);
    match &info.previous {
        Some((key, until)) if epoch.checked_add(1) == Some(info.epoch) && now < *until => Ok(key),
        _ => Err(Error::<T>::EpochExpired),
    }
}

fn status_of<T: Config>(registry: &Registry, algorithm: AlgorithmId) -> Result<AlgorithmStatus, Error<T>> {
    registry.get(&algorithm).copied().ok_or(Error::<T>::UnknownAlgorithm)
}

/// The key of [`KeyOwners`].
pub(crate) fn key_id(key: &DeviceKey) -> Hash {
    let mut bytes = key.algorithm.encode();
    bytes.extend_from_slice(&key.public_key);
    sp_io::hashing::sha2_256(&bytes)
}

fn check_profile<T: Config>(profile: &DeviceProfile) -> Result<(), Error<T>> {
    check_text::<T>(&profile.model)?;
    ensure!(!profile.properties.is_empty(), Error::<T>::NoProperties);
    profile.properties.iter().try_for_each(|property| check_text::<T>(property))?;
    match &profile.location {
        Location::Text(text) => check_text::<T>(text)?,
        Location::Geohash(geohash) => {
            ensure!(!geohash.is_empty() && geohash.iter().all(is_geohash_character), Error::<T>::InvalidText);
        }
    }
    let reversed = profile.calibration.as_ref().is_some_and(|span| span.valid_until < span.valid_from);
    ensure!(!reversed, Error::<T>::CalibrationReversed);
    Ok(())
}

fn check_text<T: Config>(text: &[u8]) -> Result<(), Error<T>> {
    ensure!(!text.is_empty() && core::str::from_utf8(text).is_ok(), Error::<T>::InvalidText);
    Ok(())
}

/// The digits of geohash's base 32: no `a`, `i`, `l`, `o`, and lower case, so that a cell has one name.
fn is_geohash_character(character: &u8) -> bool {
    b"0123456789bcdefghjkmnpqrstuvwxyz".contains(character)
}
