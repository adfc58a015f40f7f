//! Following a chain that nobody made, while the disk and other programs are in the way. What may be in the way of
//! PostgreSQL is in [`crate::postgres`].

use crate::{chain::*, database::*};
use citynet_index::{run, Error, FinalisedBlock, FinalisedChain, Inconsistency, Index, Location, Settings};
use citynet_primitives::Hash;
use futures::{
    channel::mpsc::{unbounded, UnboundedSender},
    stream::BoxStream,
    StreamExt,
};
use rusqlite::{Connection, ErrorCode};
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;
use tokio::{task::JoinHandle, time::sleep};

/// A chain whose finality the test decides.
pub struct Node {
    blocks: Vec<FinalisedBlock>,
    finalised: Mutex<u32>,
    listeners: Mutex<Vec<UnboundedSender<()>>>,
    /// How long it takes to load a block.
    pace: Duration,
}

impl Node {
    pub fn new(chain: &Chain, finalised: u32) -> Arc<Self> {
        Self::paced(chain, finalised, Duration::ZERO)
    }

    fn paced(chain: &Chain, finalised: u32, pace: Duration) -> Arc<Self> {
        let (finalised, listeners) = (Mutex::new(finalised), Mutex::default());
        Arc::new(Self { blocks: chain.blocks.clone(), finalised, listeners, pace })
    }

    pub fn finalise(&self, number: u32) {
        *self.finalised.lock().unwrap() = number;
        self.listeners.lock().unwrap().retain(|listener| listener.unbounded_send(()).is_ok());
    }

    fn stop(&self) {
        self.listeners.lock().unwrap().clear();
    }
}

impl FinalisedChain for Node {
    fn genesis(&self) -> Hash {
        GENESIS
    }

    fn finalised(&self) -> u32 {
        *self.finalised.lock().unwrap()
    }

    fn hash_of(&self, number: u32) -> Result<Option<Hash>, Error> {
        Ok(self.blocks.get(number as usize).map(|block| block.hash))
    }

    fn load(&self, number: u32) -> Result<FinalisedBlock, Error> {
        std::thread::sleep(self.pace);
        self.blocks.get(number as usize).cloned().ok_or(Error::NoBlock(number))
    }

    fn finality(&self) -> BoxStream<'static, ()> {
        let (listener, notifications) = unbounded();
        self.listeners.lock().unwrap().push(listener);
        notifications.boxed()
    }
}

/// Waits for little, so that the tests do.
pub fn quick() -> Settings {
    Settings { busy: Duration::from_millis(20), retry: Duration::from_millis(20), ..Settings::default() }
}

/// An index that follows a node, and what Prometheus sees of it.
pub struct Following {
    pub index: Index,
    registry: Registry,
    task: JoinHandle<()>,
}

impl Following {
    pub fn start(node: &Arc<Node>, location: impl Into<Location>) -> Self {
        let (index, registry) = (Index::new(location, quick()), Registry::new());
        let task = tokio::spawn(run(node.clone(), index.clone(), Some(&registry)));
        Self { index, registry, task }
    }

    pub fn height(&self) -> Option<u32> {
        self.index.read(|snapshot| Ok::<_, Error>(snapshot.position().number)).ok()
    }

    pub async fn reaches(&self, height: u32) {
        until(|| self.height() == Some(height)).await;
        // The metrics come right after.
        until(|| self.metric("citynet_index_height") == f64::from(height)).await;
    }

    /// Until the trouble was met some times.
    pub async fn stumbles(&self) {
        let before = self.metric("citynet_index_errors_total");
        until(|| self.metric("citynet_index_errors_total") >= before + 3.0).await;
        assert!(!self.task.is_finished(), "it goes on");
    }

    pub fn metric(&self, name: &str) -> f64 {
        let families = self.registry.gather();
        let family = families.iter().find(|family| family.get_name() == name).unwrap();
        let metric = &family.get_metric()[0];
        metric.get_gauge().get_value() + metric.get_counter().get_value()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub async fn until(mut reached: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come");
        sleep(Duration::from_millis(5)).await;
    }
}

pub fn long(blocks: u32) -> Chain {
    let mut chain = Chain::sample();
    for _ in 5..blocks {
        chain.block(Vec::new());
    }
    chain
}

fn database(store: &Store) -> PathBuf {
    let path = store.path();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

fn content(index: &Index, number: u32) -> Hash {
    read(index, |snapshot| snapshot.content(number)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn finalised_blocks_are_followed_and_counted() {
    for store in stores() {
        let chain = long(700);
        let node = Node::new(&chain, 600);
        let following = Following::start(&node, store.location());
        following.reaches(600).await;
        node.finalise(699);
        following.reaches(699).await;
        let metric = |name| following.metric(name);
        assert_eq!((metric("citynet_index_lag_blocks"), metric("citynet_index_blocks_total")), (0.0, 700.0));
        assert_eq!((metric("citynet_records_total"), metric("citynet_attestations_total")), (6.0, 2.0));
        assert_eq!(metric("citynet_index_errors_total"), 0.0);
        assert_eq!(metric("citynet_index_backfill_blocks_per_second"), 0.0, "there is nothing to catch up with");
        let other = store.another();
        assert_eq!(content(&following.index, 699), content(&filled(&other, &chain), 699));
        node.stop();
        until(|| following.task.is_finished()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_speed_of_catching_up_is_shown() {
    for store in stores() {
        let node = Node::paced(&long(700), 699, Duration::from_millis(5));
        let following = Following::start(&node, store.location());
        let speed = || following.metric("citynet_index_backfill_blocks_per_second");
        until(|| speed() > 0.0).await;
        // One block in 5 ms is the most.
        assert!(speed() <= 200.0, "{}", speed());
        assert!(following.metric("citynet_index_lag_blocks") > 0.0);
        following.reaches(699).await;
        until(|| speed() == 0.0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_waited_for_while_readers_go_on() {
    let store = Store::file();
    let node = Node::new(&long(20), 9);
    let following = Following::start(&node, store.location());
    following.reaches(9).await;
    let operator = Connection::open(store.path()).unwrap();
    operator.execute_batch("BEGIN IMMEDIATE").unwrap();
    node.finalise(19);
    following.stumbles().await;
    assert_eq!((following.height(), following.metric("citynet_index_lag_blocks")), (Some(9), 10.0));
    operator.execute_batch("ROLLBACK").unwrap();
    following.reaches(19).await;
    assert_eq!(following.index.check().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_locked_at_the_start_is_waited_for() {
    let store = Store::file();
    let path = database(&store);
    let operator = Connection::open(&path).unwrap();
    operator.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t (x);").unwrap();
    assert!(matches!(Index::open_with(&path, quick()), Err(Error::Database(_))));
    let following = Following::start(&Node::new(&long(20), 19), &path);
    following.stumbles().await;
    let refused = following.index.read(|snapshot| snapshot.record(0));
    assert!(matches!(refused, Err(Error::NotReady)), "{refused:?}");
    assert_eq!(following.metric("citynet_index_lag_blocks"), 20.0);
    drop(operator);
    following.reaches(19).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_where_no_file_can_be_is_tried_again() {
    let store = Store::file();
    let parent = store.path().parent().unwrap().to_owned();
    fs::write(&parent, "in the way").unwrap();
    assert!(matches!(Index::open(store.location()), Err(Error::Folder(_))));
    let following = Following::start(&Node::new(&long(20), 19), store.location());
    following.stumbles().await;
    fs::remove_file(&parent).unwrap();
    following.reaches(19).await;
}

/// Byte 18 of an SQLite file is the version that writers must know: a higher one than theirs makes it read-only, whoever
/// asks, even root.
fn set_write_version(path: &Path, version: u8) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(18)).unwrap();
    file.write_all(&[version]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_file_answers_and_is_tried_again() {
    let store = Store::file();
    let (chain, path) = (long(20), store.path());
    {
        let index = bound(&store);
        index.append(&chain.blocks[..10]).unwrap();
    }
    set_write_version(&path, 3);
    {
        let index = bound(&store);
        let error = index.append(&chain.blocks[10..]).unwrap_err();
        let Error::Database(cause) = &error else { panic!("{error:?}") };
        assert_eq!((cause.sqlite_error_code(), error.is_final()), (Some(ErrorCode::ReadOnly), false));
    }
    let node = Node::new(&chain, 19);
    {
        let following = Following::start(&node, &path);
        following.stumbles().await;
        assert_eq!(following.height(), Some(9), "what was indexed is answered");
    }
    // Its task ends, and with it the last connection.
    sleep(Duration::from_millis(100)).await;
    set_write_version(&path, 2);
    Following::start(&node, &path).reaches(19).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_waited_for_while_readers_go_on() {
    let store = Store::file();
    let (chain, path) = (long(20), store.path());
    {
        let index = bound(&store);
        index.append(&chain.blocks[..10]).unwrap();
    }
    // What `/dev/full` is: everything that is written to the log meets a full disk.
    let log = path.with_extension("sqlite-wal");
    let made = Command::new("mknod").arg(&log).args(["c", "1", "7"]).status();
    if !made.is_ok_and(|status| status.success()) {
        // Not by `eprintln!`, which is shown only where a test fails.
        let _ = writeln!(std::io::stderr(), "\nNOT RUN: a full disk, because `mknod` needs root");
        return;
    }
    let node = Node::new(&chain, 19);
    {
        let following = Following::start(&node, &path);
        following.stumbles().await;
        assert_eq!(following.height(), Some(9), "what was indexed is answered");
        let error = following.index.append(&chain.blocks[10..]).unwrap_err();
        let Error::Database(cause) = &error else { panic!("{error:?}") };
        assert_eq!((cause.sqlite_error_code(), error.is_final()), (Some(ErrorCode::DiskFull), false));
    }
    sleep(Duration::from_millis(100)).await;
    let _ = fs::remove_file(&log);
    let following = Following::start(&node, &path);
    following.reaches(19).await;
    assert_eq!(following.index.check().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_mended_by_waiting_ends_the_task_and_nothing_else() {
    let store = Store::file();
    let path = database(&store);
    fs::write(&path, "This is no database, but longer than the header of one. ".repeat(10)).unwrap();
    let error = Index::open(&path).err().unwrap();
    assert!(matches!(error, Error::Database(_)) && error.is_final(), "{error:?}");
    let following = Following::start(&Node::new(&long(20), 19), &path);
    until(|| following.task.is_finished()).await;
    assert_eq!((following.height(), following.metric("citynet_index_errors_total")), (None, 1.0));

    let mut chain = long(20);
    chain.blocks[12].head.size += 1;
    let store = Store::file();
    let following = Following::start(&Node::new(&chain, 19), store.location());
    until(|| following.task.is_finished()).await;
    let error = filled(&Store::file(), &Chain::default()).append(&chain.blocks).unwrap_err();
    let Error::Inconsistent { number: 12, reason: Inconsistency::TreeHead { .. } } = error else { panic!("{error:?}") };
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_fork_becomes_that_of_the_chain() {
    for store in stores() {
        let mut fork = Chain { salt: 1, ..Chain::default() };
        for _ in 0..15 {
            fork.block(Vec::new());
        }
        drop(filled(&store, &fork));
        let chain = long(20);
        let node = Node::new(&chain, 9);
        let following = Following::start(&node, store.location());
        // The chain is behind the index: it may be one that syncs again.
        until(|| following.metric("citynet_index_height") == 14.0).await;
        assert_eq!(following.height(), Some(14));
        node.finalise(19);
        following.reaches(19).await;
        let other = store.another();
        assert_eq!(content(&following.index, 19), content(&filled(&other, &chain), 19));
    }
}
