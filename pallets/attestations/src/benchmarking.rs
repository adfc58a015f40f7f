//! The worst case of every call, with real signatures.

use crate::{impls::key_id, AttestItem, Call, Config, DeviceCount, Devices, KeyOwners, Pallet};
use alloc::{vec, vec::Vec};
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, Calibration, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, DeviceStatus,
    Location, Moment, OrganisationId, PossessionStatement, PublicKey, SchemaId, Signature, SubjectHead, Text,
};
use citynet_support::{Clock, Genesis, Membership};
use ed25519_dalek::{Signer, SigningKey};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;

/// The `number`th key pair. From a fixed seed, since a runtime has no randomness of its own.
fn key_pair(number: u64) -> SigningKey {
    SigningKey::from_bytes(&sp_io::hashing::sha2_256(&number.to_le_bytes()))
}

fn device_key(pair: &SigningKey) -> DeviceKey {
    DeviceKey {
        algorithm: AlgorithmId::ED25519,
        public_key: PublicKey::truncate_from(pair.verifying_key().to_bytes().to_vec()),
    }
}

fn sign(pair: &SigningKey, message: &[u8]) -> Signature {
    Signature::truncate_from(pair.sign(message).to_bytes().to_vec())
}

fn possession<T: Config>(
    pair: &SigningKey,
    organisation: OrganisationId,
    device: DeviceId,
    epoch: u32,
) -> (DeviceKey, Signature) {
    let key = device_key(pair);
    let genesis = T::Genesis::genesis_hash();
    let statement =
        PossessionStatement { genesis: &genesis, organisation, device, epoch, expires: Moment::MAX, key: &key };
    let proof = sign(pair, &statement.to_bytes());
    (key, proof)
}

/// The largest profile.
fn profile() -> DeviceProfile {
    DeviceProfile {
        model: Text::truncate_from(vec![b'm'; 64]),
        properties: BoundedVec::truncate_from(vec![Text::truncate_from(vec![b'p'; 32]); 16]),
        location: Location::Text(Text::truncate_from(vec![b'l'; 64])),
        calibration: Some(Calibration { certificate: [7; 32], valid_from: 0, valid_until: Moment::MAX }),
    }
}

/// The longest reason.
fn reason() -> Text<256> {
    Text::truncate_from(vec![b'r'; 256])
}

fn member<T: Config>() -> (T::AccountId, OrganisationId) {
    let account = whitelisted_caller();
    let organisation = T::Membership::admit(&account);
    (account, organisation)
}

/// A device in its second epoch, put straight into storage: through calls, the set-up of a large `attest_many` would
/// take up the block's records. The key pair of its epoch is `key_pair` of its number.
fn insert_device<T: Config>(owner: OrganisationId, status: DeviceStatus) -> DeviceId {
    let number = DeviceCount::<T>::get().saturating_add(1);
    let device = DeviceId(number);
    let key = device_key(&key_pair(number));
    let previous = device_key(&key_pair(!number));
    DeviceCount::<T>::put(number);
    KeyOwners::<T>::insert(key_id(&key), device);
    KeyOwners::<T>::insert(key_id(&previous), device);
    Devices::<T>::insert(
        device,
        DeviceInfo {
            owner,
            status,
            epoch: 1,
            key,
            previous: Some((previous, Moment::MAX)),
            next_sequence: 0,
            distrusted_since: None,
            head: SubjectHead { count: 2, chain: [7; 32] },
        },
    );
    device
}

/// A device that has attested its first thousand readings, for the benchmarks of other pallets.
pub(crate) fn insert_attested_device<T: Config>(owner: OrganisationId) -> DeviceId {
    let device = insert_device::<T>(owner, DeviceStatus::Active);
    Devices::<T>::mutate(device, |stored| {
        if let Some(info) = stored {
            info.next_sequence = 1_000;
        }
    });
    device
}

fn item<T: Config>(device: DeviceId, first_sequence: u64) -> AttestItem {
    let now = T::Clock::now();
    let batch = Batch {
        device,
        epoch: 1,
        schema: SchemaId::READING_V1,
        first_sequence,
        count: 256,
        missing: 0,
        window_start: now,
        window_end: now,
        root: [7; 32],
        expires: now,
    };
    let genesis = T::Genesis::genesis_hash();
    let message = BatchStatement { genesis: &genesis, algorithm: AlgorithmId::ED25519, batch: &batch }.to_bytes();
    let signature = sign(&key_pair(device.0), &message);
    AttestItem { batch, signature }
}

/// `n` batches of as many devices, so that no trie key is shared.
fn items<T: Config>(
    owner: OrganisationId,
    n: u32,
    first_sequence: u64,
) -> BoundedVec<AttestItem, T::MaxBatchesPerCall> {
    let devices: Vec<DeviceId> = (0..n).map(|_| insert_device::<T>(owner, DeviceStatus::Active)).collect();
    BoundedVec::truncate_from(devices.into_iter().map(|device| item::<T>(device, first_sequence)).collect())
}

fn info_of<T: Config>(device: DeviceId) -> Result<DeviceInfo, BenchmarkError> {
    Devices::<T>::get(device).ok_or(BenchmarkError::Stop("the device does not exist"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let (caller, organisation) = member::<T>();
        let device = DeviceId(DeviceCount::<T>::get().saturating_add(1));
        let (key, proof) = possession::<T>(&key_pair(0), organisation, DeviceId(0), 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), profile(), key, proof, Moment::MAX);

        assert!(Devices::<T>::contains_key(device));
    }

    #[benchmark]
    fn rotate_key() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Active);
        let (key, proof) = possession::<T>(&key_pair(0), organisation, device, 2);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, key, proof, Moment::MAX, 0);

        assert_eq!(info_of::<T>(device)?.epoch, 2);
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Active);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, reason());

        assert_eq!(info_of::<T>(device)?.status, DeviceStatus::Suspended);
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Suspended);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, reason());

        assert_eq!(info_of::<T>(device)?.status, DeviceStatus::Active);
        Ok(())
    }

    #[benchmark]
    fn retire() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Active);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, reason());

        assert_eq!(info_of::<T>(device)?.status, DeviceStatus::Retired);
        Ok(())
    }

    #[benchmark]
    fn distrust() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Active);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), device, 0, reason());

        assert_eq!(info_of::<T>(device)?.distrusted_since, Some(0));
        Ok(())
    }

    #[benchmark]
    fn attest() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let device = insert_device::<T>(organisation, DeviceStatus::Active);
        let AttestItem { batch, signature } = item::<T>(device, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), batch, signature);

        assert_eq!(info_of::<T>(device)?.next_sequence, 256);
        Ok(())
    }

    /// Every item is accepted.
    #[benchmark]
    fn attest_many(n: Linear<1, 32>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let items = items::<T>(organisation, n, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), items);

        assert_eq!(info_of::<T>(DeviceId(DeviceCount::<T>::get()))?.next_sequence, 256);
        Ok(())
    }

    /// Every item is refused by the last check before the signature is looked at.
    #[benchmark]
    fn attest_many_refused(n: Linear<1, 32>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let items = items::<T>(organisation, n, 1);

        #[extrinsic_call]
        attest_many(RawOrigin::Signed(caller), items);

        assert_eq!(info_of::<T>(DeviceId(DeviceCount::<T>::get()))?.next_sequence, 0);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
