//! `attest` against a ledger in memory that fails in every way it can: whatever happens, in the end every row is attested
//! exactly once, in order, and the archive can prove it.

use citynet_client::{
    archive::{Archive, Receipt, SignedBatch},
    attest::{run, AttestError, Chain, Options, Report},
    connection::NodeError,
    keys::DeviceSigner,
    ledger::{NotMember, Refusal, SendError},
    sources::{feed, Format},
    time::now,
};
use citynet_merkle::{MemoryTree, Portable};
use citynet_primitives::{
    AlgorithmId, BatchStatement, DeviceId, DeviceInfo, DeviceStatus, Hash, OrganisationId, SubjectHead,
};
use ed25519_dalek::{Signature, VerifyingKey};
use proptest::prelude::*;
use std::{
    cell::RefCell,
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

const DEVICE: DeviceId = DeviceId(7);
const GENESIS: Hash = [9; 32];
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const OTHER_SEED: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const HEADER: &str = "sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2\n";

/// What goes wrong with one question to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// The process dies before the question arrives.
    DiesBefore,
    /// The process dies before the answer arrives.
    DiesAfter,
    /// The transaction is lost.
    Lost,
    /// The transaction is not lost, but looks so.
    SeemsLost,
    /// The block is full.
    Full,
    /// The index is behind.
    Behind,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        2 => Just(Fault::DiesBefore),
        2 => Just(Fault::DiesAfter),
        1 => Just(Fault::Lost),
        2 => Just(Fault::SeemsLost),
        1 => Just(Fault::Full),
        1 => Just(Fault::Behind),
    ]
}

fn died() -> SendError {
    NodeError::Unreachable { url: "ws://nowhere".into(), reason: "killed".into() }.into()
}

fn refusal(name: &str) -> Refusal {
    Refusal { name: name.into(), description: String::new() }
}

/// A ledger with one device, which checks batches as the pallet does.
struct MemoryChain {
    faults: RefCell<VecDeque<Fault>>,
    info: RefCell<DeviceInfo>,
    batches: RefCell<Vec<SignedBatch>>,
}

impl MemoryChain {
    fn new(faults: Vec<Fault>) -> Self {
        let info = DeviceInfo {
            owner: OrganisationId(1),
            status: DeviceStatus::Active,
            epoch: 0,
            key: DeviceSigner::from_hex(SEED).unwrap().key(),
            previous: None,
            next_sequence: 0,
            distrusted_since: None,
            head: SubjectHead::default(),
        };
        Self { faults: RefCell::new(faults.into()), info: RefCell::new(info), batches: RefCell::default() }
    }

    fn fault(&self) -> Fault {
        self.faults.borrow_mut().pop_front().unwrap_or(Fault::None)
    }

    /// The fault of a question other than a transaction.
    fn ask(&self) -> Result<Fault, SendError> {
        match self.fault() {
            Fault::DiesBefore | Fault::DiesAfter => Err(died()),
            other => Ok(other),
        }
    }

    fn admit(&self, signed: &SignedBatch) -> Result<Receipt, Refusal> {
        let SignedBatch { batch, signature } = signed;
        let mut info = self.info.borrow_mut();
        let key = match batch.epoch {
            epoch if epoch == info.epoch => info.key.clone(),
            epoch if epoch + 1 == info.epoch => info.previous.clone().unwrap().0,
            _ => return Err(refusal("Attestations::UnknownEpoch")),
        };
        if batch.expires < now() {
            return Err(refusal("Attestations::BatchExpired"));
        }
        if signed.end() <= info.next_sequence {
            return Err(refusal("Attestations::SequenceReplayed"));
        }
        if batch.first_sequence < info.next_sequence {
            return Err(refusal("Attestations::SequenceOverlap"));
        }
        if batch.first_sequence > info.next_sequence {
            return Err(refusal("Attestations::UndeclaredGap"));
        }
        let statement = BatchStatement { genesis: &GENESIS, algorithm: AlgorithmId::ED25519, batch }.to_bytes();
        let key: [u8; 32] = key.public_key.as_slice().try_into().unwrap();
        VerifyingKey::from_bytes(&key)
            .unwrap()
            .verify_strict(&statement, &Signature::from_bytes(signature))
            .map_err(|_| refusal("Attestations::InvalidSignature"))?;
        info.next_sequence = signed.end();
        let mut batches = self.batches.borrow_mut();
        batches.push(signed.clone());
        Ok(receipt(batches.len() - 1))
    }
}

fn receipt(position: usize) -> Receipt {
    let position = u32::try_from(position).unwrap();
    Receipt { record: u64::from(position) + 100, block: position + 10 }
}

impl Chain for MemoryChain {
    fn genesis(&self) -> Hash {
        GENESIS
    }

    async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>, SendError> {
        self.ask()?;
        Ok((device == DEVICE).then(|| self.info.borrow().clone()))
    }

    async fn batch(&self, _: DeviceId, sequence: u64) -> Result<Option<(SignedBatch, Receipt)>, SendError> {
        if self.ask()? == Fault::Behind {
            return Ok(None);
        }
        let batches = self.batches.borrow();
        let position =
            batches.iter().position(|signed| (signed.batch.first_sequence..signed.end()).contains(&sequence));
        Ok(position.map(|position| (batches[position].clone(), receipt(position))))
    }

    async fn begin(&self) -> Result<(), SendError> {
        self.ask().map(|_| ())
    }

    async fn submit(&self, batches: Vec<SignedBatch>) -> Result<Vec<Result<Receipt, Refusal>>, SendError> {
        let fault = self.fault();
        match fault {
            Fault::DiesBefore => return Err(died()),
            Fault::Lost => return Err(SendError::Replaced),
            Fault::Full => return Err(SendError::Failed(refusal("Journal::TooManyRecords"))),
            _ => {}
        }
        let outcomes: Vec<_> = batches.iter().map(|signed| self.admit(signed)).collect();
        match (fault, outcomes.as_slice()) {
            (Fault::DiesAfter, _) => Err(died()),
            (Fault::SeemsLost, _) => Err(SendError::Expired),
            (_, [Err(refusal)]) => Err(SendError::Failed(refusal.clone())),
            _ => Ok(outcomes),
        }
    }
}

struct Setup {
    directory: tempfile::TempDir,
    batch_size: u32,
    per_transaction: usize,
    in_flight: usize,
}

impl Setup {
    fn new(batch_size: u32, per_transaction: usize, in_flight: usize) -> Self {
        Self { directory: tempfile::tempdir().unwrap(), batch_size, per_transaction, in_flight }
    }

    fn archive(&self) -> PathBuf {
        self.directory.path().join("archive")
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("source.csv")
    }

    fn options(&self) -> Options {
        Options {
            device: DEVICE,
            directory: self.archive(),
            new_archive: false,
            source: feed::Options { format: Format::SensorCommunity, sensor: None, changed_is_new: false },
            files: vec![self.file()],
            batch_size: self.batch_size,
            per_transaction: self.per_transaction,
            in_flight: self.in_flight,
            pause: Duration::ZERO,
        }
    }

    fn run_with(&self, chain: &MemoryChain, options: Options, seed: &str) -> Result<Report, AttestError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let signer = DeviceSigner::from_hex(seed).unwrap();
        runtime.block_on(run(chain, options, &signer, &mut |_| {}))
    }

    fn run(&self, chain: &MemoryChain) -> Result<Report, AttestError> {
        self.run_with(chain, self.options(), SEED)
    }

    /// Runs as often as it takes; dying is the only excuse.
    fn run_until_done(&self, chain: &MemoryChain) -> Report {
        loop {
            match self.run(chain) {
                Ok(report) => return report,
                Err(AttestError::Send(SendError::Node(_)) | AttestError::Stuck { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// Rows with the values 0, 1, 2 …; every seventh is blank. Gives the text and the values that can be attested.
fn source(rows: usize) -> (String, Vec<String>) {
    let (mut text, mut values) = (HEADER.to_owned(), Vec::new());
    for row in 0..rows {
        let value = if row % 7 == 3 { String::new() } else { row.to_string() };
        let (hour, minute, second) = (row / 3600, row / 60 % 60, row % 60);
        text += &format!("7;SDS011;1;59.9;30.3;2020-01-01T{hour:02}:{minute:02}:{second:02};{value};;;1.0;;\n");
        values.extend((!value.is_empty()).then_some(value));
    }
    (text, values)
}

/// Compares the chain and the archive with what the source holds.
fn check(chain: &MemoryChain, archive: &Path, values: &[String]) {
    let archive = Archive::open(archive).unwrap();
    let mut next = 0;
    for (position, signed) in chain.batches.borrow().iter().enumerate() {
        assert_eq!(signed.batch.first_sequence, next);
        let leaves = archive.leaf_hashes(&signed.batch).unwrap();
        assert_eq!(leaves.len(), usize::try_from(signed.batch.count).unwrap());
        assert_eq!(MemoryTree::<Portable>::from_leaf_hashes(leaves).root(), signed.batch.root);
        for sequence in next..signed.end() {
            let (reading, batch, found) = archive.reading(sequence).unwrap();
            assert_eq!((&batch, found), (signed, Some(receipt(position))));
            let leaf: serde_json::Value = serde_json::from_str(&reading.leaf).unwrap();
            assert_eq!(leaf["observation"]["P1"], values[usize::try_from(sequence).unwrap()].as_str());
            assert_eq!(leaf["sequence"], sequence.to_string());
        }
        next = signed.end();
    }
    assert_eq!(usize::try_from(next).unwrap(), values.len());
    assert_eq!(archive.settled().unwrap(), next);
    assert_eq!(archive.next_sequence().unwrap(), next);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_attested_once_and_in_order(
        rows in 0..90usize,
        cut in 0.0..1.0f64,
        batch_size in 1..12u32,
        per_transaction in 1..4usize,
        in_flight in 1..5usize,
        faults in proptest::collection::vec(fault(), 0..40),
    ) {
        let setup = Setup::new(batch_size, per_transaction, in_flight);
        let chain = MemoryChain::new(faults);
        let (text, values) = source(rows);

        // The file grows between two runs, perhaps in the middle of a line.
        let grown = HEADER.len() + ((text.len() - HEADER.len()) as f64 * cut) as usize;
        fs::write(setup.file(), &text[..grown]).unwrap();
        setup.run_until_done(&chain);
        fs::write(setup.file(), &text).unwrap();
        let report = setup.run_until_done(&chain);

        check(&chain, &setup.archive(), &values);
        prop_assert_eq!(report.files.readings, values.len() as u64);
        prop_assert_eq!(report.files.rejected, (rows - values.len()) as u64);
        prop_assert_eq!(setup.archive().join("rejects.csv").exists(), rows > values.len());

        let again = setup.run_until_done(&chain);
        prop_assert_eq!((again.attested, again.batches), (0, 0));
        check(&chain, &setup.archive(), &values);
    }
}

fn attested(rows: usize) -> (Setup, MemoryChain) {
    let setup = Setup::new(4, 1, 2);
    let chain = MemoryChain::new(Vec::new());
    fs::write(setup.file(), source(rows).0).unwrap();
    setup.run(&chain).unwrap();
    (setup, chain)
}

#[test]
fn the_rejects_file_names_line_and_reason() {
    let (setup, _) = attested(12);
    let rejects = fs::read_to_string(setup.archive().join("rejects.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines[0], "file,line,reason,content");
    assert_eq!(lines.len(), 3);
    assert!(lines[1].contains(",5,blank value: P1,7;SDS011;"), "{}", lines[1]);
    assert!(lines[2].contains(",12,blank value: P1,7;SDS011;"), "{}", lines[2]);
}

#[test]
fn a_lost_archive_is_noticed_and_a_new_one_goes_on_after_it() {
    let (setup, chain) = attested(10);
    let next = chain.info.borrow().next_sequence;
    fs::remove_dir_all(setup.archive()).unwrap();
    let refused = setup.run(&chain);
    assert!(matches!(refused, Err(AttestError::ArchiveMissing { next: found, .. }) if found == next));
    let report = setup.run_with(&chain, Options { new_archive: true, ..setup.options() }, SEED).unwrap();
    assert_eq!(report.next_sequence, next * 2);
    let archive = Archive::open(&setup.archive()).unwrap();
    assert_eq!(archive.begins(), next);
    assert!(archive.reading(next - 1).is_err());
    assert!(archive.reading(next).is_ok());
}

#[test]
fn another_archive_of_the_device_is_noticed() {
    let (setup, chain) = attested(10);
    chain.info.borrow_mut().next_sequence += 1;
    assert!(matches!(setup.run(&chain), Err(AttestError::ChainAhead { .. })));
    chain.info.borrow_mut().next_sequence = 1;
    assert!(matches!(setup.run(&chain), Err(AttestError::ChainBehind { .. })));
}

#[test]
fn another_batch_in_the_place_of_a_prepared_one_is_noticed() {
    let setup = Setup::new(4, 1, 1);
    // device, device, begin and then the transaction, which is lost with the process.
    let faults = vec![Fault::None, Fault::None, Fault::None, Fault::DiesBefore];
    let chain = MemoryChain::new(faults);
    fs::write(setup.file(), source(4).0).unwrap();
    assert!(setup.run(&chain).is_err());

    let other = Setup::new(3, 1, 1);
    fs::write(other.file(), source(9).0.replace("1.0", "2.0")).unwrap();
    other.run(&chain).unwrap();
    chain.info.borrow_mut().next_sequence = 3;
    assert!(matches!(setup.run(&chain), Err(AttestError::OtherBatch { first_sequence: 0, .. })));
}

#[test]
fn what_expired_on_the_way_is_signed_again() {
    let setup = Setup::new(4, 1, 1);
    let faults = vec![Fault::None, Fault::None, Fault::None, Fault::DiesBefore];
    let chain = MemoryChain::new(faults);
    let (text, values) = source(11);
    fs::write(setup.file(), text).unwrap();
    assert!(setup.run(&chain).is_err());
    let database = rusqlite::Connection::open(setup.archive().join("archive.sqlite")).unwrap();
    assert_eq!(database.execute("UPDATE batches SET expires = 5", []).unwrap(), 1);
    drop(database);
    setup.run(&chain).unwrap();
    check(&chain, &setup.archive(), &values);
}

#[test]
fn what_was_prepared_before_a_rotation_is_signed_with_the_new_key() {
    let setup = Setup::new(4, 1, 1);
    let faults = vec![Fault::None, Fault::None, Fault::None, Fault::DiesBefore];
    let chain = MemoryChain::new(faults);
    let (text, values) = source(11);
    fs::write(setup.file(), text).unwrap();
    assert!(setup.run(&chain).is_err());
    {
        let mut info = chain.info.borrow_mut();
        let new = DeviceSigner::from_hex(OTHER_SEED).unwrap().key();
        info.previous = Some((std::mem::replace(&mut info.key, new), 0));
        info.epoch = 1;
    }
    assert!(matches!(setup.run(&chain), Err(AttestError::WrongKey { epoch: 1, .. })));
    setup.run_with(&chain, setup.options(), OTHER_SEED).unwrap();
    check(&chain, &setup.archive(), &values);
    assert!(chain.batches.borrow().iter().all(|signed| signed.batch.epoch == 1));
}

#[test]
fn during_an_overlap_the_key_before_still_signs() {
    let (setup, chain) = attested(4);
    {
        let mut info = chain.info.borrow_mut();
        let new = DeviceSigner::from_hex(OTHER_SEED).unwrap().key();
        info.previous = Some((std::mem::replace(&mut info.key, new), now() + 60_000));
        info.epoch = 1;
    }
    let (text, values) = source(11);
    fs::write(setup.file(), text).unwrap();
    setup.run(&chain).unwrap();
    check(&chain, &setup.archive(), &values);
    assert!(chain.batches.borrow().iter().all(|signed| signed.batch.epoch == 0));
}

#[test]
fn a_device_that_is_absent_suspended_or_refused_stops_at_once() {
    let setup = Setup::new(4, 1, 1);
    let chain = MemoryChain::new(Vec::new());
    fs::write(setup.file(), source(4).0).unwrap();
    let absent = Options { device: DeviceId(1), ..setup.options() };
    assert!(matches!(setup.run_with(&chain, absent, SEED), Err(AttestError::NoDevice(DeviceId(1)))));
    assert!(matches!(setup.run_with(&chain, setup.options(), OTHER_SEED), Err(AttestError::WrongKey { .. })));
    chain.info.borrow_mut().status = DeviceStatus::Suspended;
    assert!(matches!(setup.run(&chain), Err(AttestError::NotActive { status: DeviceStatus::Suspended, .. })));
    assert!(!setup.archive().exists());
}

/// A ledger whose account was revoked, or that does not like the signature.
struct Refusing(MemoryChain, SendError);

impl Chain for Refusing {
    fn genesis(&self) -> Hash {
        GENESIS
    }

    async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>, SendError> {
        self.0.device(device).await
    }

    async fn batch(&self, device: DeviceId, sequence: u64) -> Result<Option<(SignedBatch, Receipt)>, SendError> {
        self.0.batch(device, sequence).await
    }

    async fn begin(&self) -> Result<(), SendError> {
        Ok(())
    }

    async fn submit(&self, _: Vec<SignedBatch>) -> Result<Vec<Result<Receipt, Refusal>>, SendError> {
        Err(self.1.clone())
    }
}

#[test]
fn what_cannot_pass_is_not_tried_again() {
    let (text, values) = source(11);
    for error in [
        SendError::NotMember(NotMember::Stranger),
        SendError::Failed(refusal("Attestations::InvalidSignature")),
        SendError::Invalid("Transaction has a bad signature".into()),
    ] {
        let setup = Setup::new(4, 1, 2);
        fs::write(setup.file(), &text).unwrap();
        let words = error.to_string();
        let refusing = Refusing(MemoryChain::new(Vec::new()), error);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let signer = DeviceSigner::from_hex(SEED).unwrap();
        let failed = runtime.block_on(run(&refusing, setup.options(), &signer, &mut |_| {})).unwrap_err();
        assert!(failed.to_string().contains(&words), "{failed}");
        // Nothing is lost: with the right account it goes on.
        setup.run(&refusing.0).unwrap();
        check(&refusing.0, &setup.archive(), &values);
    }
}
