//! What is otherwise on a server than in a file: it goes away, others use it too, and it asks who one is.

use crate::{
    chain::*,
    database::{ServerStore, Store},
    follow::{long, quick, Following, Node},
};
use citynet_index::{Error, Index};

fn place(store: &Store) -> &ServerStore {
    let Store::Server(place) = store else { panic!("it is a file") };
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_waited_for() {
    let Some(store) = Store::server() else { return };
    let node = Node::new(&long(20), 9);
    let following = Following::start(&node, store.location());
    following.reaches(9).await;
    place(&store).close();
    node.finalise(19);
    following.stumbles().await;
    let refused = following.index.read(|snapshot| snapshot.record(0));
    assert!(matches!(refused, Err(Error::NotReady | Error::Postgres(_))), "{refused:?}");
    assert_eq!(following.metric("citynet_index_lag_blocks"), 10.0);
    place(&store).open();
    following.reaches(19).await;
    assert_eq!(following.index.check().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_at_the_start_is_waited_for() {
    let Some(store) = Store::server() else { return };
    place(&store).close();
    assert!(matches!(Index::open(store.location()), Err(Error::Postgres(_))));
    let following = Following::start(&Node::new(&long(20), 19), store.location());
    following.stumbles().await;
    let refused = following.index.read(|snapshot| snapshot.record(0));
    assert!(matches!(refused, Err(Error::NotReady)), "{refused:?}");
    place(&store).open();
    following.reaches(19).await;
}

/// As when the server is started again: nobody has to do anything.
#[test]
fn readers_connect_again() {
    let Some(store) = Store::server() else { return };
    let index = filled(&store, &Chain::sample());
    let height = || index.read(|snapshot| Ok::<_, Error>(snapshot.position().number));
    assert_eq!(height().unwrap(), 4);
    place(&store).throw_out();
    // That a connection is gone is seen in the background; whoever uses it before is told so.
    let answer = (0..10).find_map(|_| height().ok());
    assert_eq!(answer, Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_table_is_waited_for_while_readers_go_on() {
    let Some(store) = Store::server() else { return };
    let node = Node::new(&long(20), 9);
    let following = Following::start(&node, store.location());
    following.reaches(9).await;
    let mut operator = place(&store).sql_and_stay("BEGIN; LOCK TABLE blocks IN SHARE MODE;");
    node.finalise(19);
    following.stumbles().await;
    assert_eq!((following.height(), following.metric("citynet_index_lag_blocks")), (Some(9), 10.0));
    operator.kill().unwrap();
    operator.wait().unwrap();
    following.reaches(19).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_server_answers_and_is_tried_again() {
    let Some(store) = Store::server() else { return };
    let (chain, place) = (long(20), place(&store));
    drop(filled(&store, &Chain { blocks: chain.blocks[..10].to_vec(), ..Chain::default() }));
    place.set_read_only(true);
    let following = Following::start(&Node::new(&chain, 19), store.location());
    following.stumbles().await;
    assert_eq!(following.height(), Some(9), "what was indexed is answered");
    let error = following.index.append(&chain.blocks[10..]).unwrap_err();
    assert!(matches!(error, Error::Postgres(_)) && !error.is_final(), "{error}");
    place.set_read_only(false);
    // Sessions keep what they were told when they began.
    place.throw_out();
    following.reaches(19).await;
}

#[test]
fn one_node_at_a_time_writes_to_a_database() {
    let Some(store) = Store::server() else { return };
    let (first, second) = (filled(&store, &Chain::sample()), Index::new(store.location(), quick()));
    let refused = || Index::open_with(store.location(), quick()).err().unwrap();
    assert!(matches!(refused(), Error::InUse) && !refused().is_final());
    assert!(matches!(second.read(|_| Ok::<_, Error>(())), Err(Error::NotReady)));
    drop(first);
    // It is let go of once the server has noticed, for which the usual settings wait.
    let index = bound(&store);
    assert_eq!(index.position().unwrap().unwrap().number, 4);
}

/// A table that is made anew would be empty to a snapshot that is older.
#[test]
fn a_snapshot_keeps_its_tables() {
    let Some(store) = Store::server() else { return };
    let index = Index::open_with(store.location(), quick()).unwrap();
    index.bind(&GENESIS).unwrap();
    index.append(&Chain::sample().blocks).unwrap();
    read(&index, |snapshot| {
        let refused = index.reset(&GENESIS);
        assert!(matches!(refused, Err(Error::Postgres(_))), "{refused:?}");
        assert!(snapshot.record(0)?.is_some());
        Ok(())
    });
    index.reset(&GENESIS).unwrap();
    assert_eq!(index.position().unwrap(), None);
}

#[test]
fn a_password_is_given_and_never_shown() {
    let Some(store) = Store::server() else { return };
    let place = place(&store);
    place.sql("DROP ROLE IF EXISTS guarded; CREATE ROLE guarded SUPERUSER LOGIN PASSWORD 's3crit'");
    let index = Index::open(place.url("guarded:s3crit")).unwrap();
    index.bind(&GENESIS).unwrap();
    drop(index);
    for wrong in ["guarded:wr0ng", "guarded"] {
        let error = Index::open(place.url(wrong)).err().unwrap();
        assert!(matches!(error, Error::Postgres(_)) && !error.is_final(), "{error}");
        let url = place.url(wrong);
        let texts = format!("{error} {error:?} {url} {url:?}");
        assert!(!texts.contains("wr0ng"), "{texts}");
    }
}

/// A connection is used, lost and dropped where another runtime's tasks run.
#[tokio::test]
async fn an_index_can_be_used_and_dropped_by_a_task() {
    let Some(store) = Store::server() else { return };
    let index = filled(&store, &Chain::sample());
    assert_eq!(read(&index, |snapshot| Ok(snapshot.position().number)), 4);
}

/// Others may read the tables, and what they are allowed lasts when the index is made anew.
#[test]
fn a_role_that_may_read_reads() {
    let Some(store) = Store::server() else { return };
    let place = place(&store);
    let index = filled(&store, &Chain::sample());
    place.sql(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA citynet TO reader;
         ALTER DEFAULT PRIVILEGES IN SCHEMA citynet GRANT SELECT ON TABLES TO reader",
    );
    index.reset(&GENESIS).unwrap();
    index.append(&Chain::sample().blocks).unwrap();
    assert_eq!(place.sql("SET ROLE reader; SELECT count(*) FROM citynet.records").lines().last(), Some("6"));
}
