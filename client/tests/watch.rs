//! Watching records over connections that break, at a node that says what the test has it say.

use citynet_client::{
    connection::NodeError,
    ledger::Ledger,
    watch::{News, Watch},
};
use citynet_primitives::{Body, DeviceId, OrganisationId, Record, RECORD_VERSION};
use codec::Encode as _;
use jsonrpsee::{
    server::{Server, ServerHandle},
    types::ErrorObjectOwned,
    RpcModule, SubscriptionMessage,
};
use rustix::process::{kill_process, Pid, Signal};
use serde_json::{json, Value};
use std::{
    collections::VecDeque,
    future::Future,
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{copy_bidirectional, AsyncBufReadExt as _, BufReader, Lines},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout, Command},
    task::{AbortHandle, JoinHandle},
};

/// What the node does with one subscription.
enum Answer {
    /// It says this, and then no more.
    Say(Vec<Value>),
    /// It refuses with this error code.
    Refuse(i32),
}

/// What the node will do, and what it was asked for.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<Value>>,
}

/// A node behind connections that the test can break.
struct Node {
    url: String,
    script: Arc<Script>,
    connections: Arc<Mutex<Vec<AbortHandle>>>,
    proxy: JoinHandle<()>,
    _server: ServerHandle,
}

impl Node {
    async fn start(answers: Vec<Answer>) -> Self {
        let script = Arc::new(Script { answers: Mutex::new(answers.into()), asked: Mutex::default() });
        let server = Server::builder().build("127.0.0.1:0").await.unwrap();
        let behind = server.local_addr().unwrap();
        let _server = server.start(methods(script.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let connections: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let proxy = tokio::spawn(pass_on(listener, behind, connections.clone()));
        Self { url, script, connections, proxy, _server }
    }

    fn break_connections(&self) {
        self.connections.lock().unwrap().drain(..).for_each(|connection| connection.abort());
    }

    /// From where each subscription was to begin.
    fn asked(&self) -> Vec<Value> {
        self.script.asked.lock().unwrap().iter().map(|params| params[1].clone()).collect()
    }

    async fn ledger(&self) -> Ledger {
        Ledger::connect(&self.url, Duration::from_secs(1)).await.unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_citynet"));
        command.args(["watch", "--node", &self.url]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.proxy.abort();
        self.break_connections();
    }
}

/// Carries bytes between those who connect and the node.
async fn pass_on(listener: TcpListener, behind: SocketAddr, connections: Arc<Mutex<Vec<AbortHandle>>>) {
    loop {
        let (mut before, _) = listener.accept().await.unwrap();
        let connection = tokio::spawn(async move {
            let mut behind = TcpStream::connect(behind).await.unwrap();
            // It ends with an error when a side breaks it.
            let _ = copy_bidirectional(&mut before, &mut behind).await;
        });
        connections.lock().unwrap().push(connection.abort_handle());
    }
}

fn methods(script: Arc<Script>) -> RpcModule<Script> {
    let mut module = RpcModule::from_arc(script);
    let genesis = format!("0x{}", "07".repeat(32));
    module.register_method("chain_getBlockHash", move |_, _, _| Ok::<_, ErrorObjectOwned>(genesis.clone())).unwrap();
    module
        .register_subscription(
            "citynet_subscribeRecords",
            "citynet_streamedRecords",
            "citynet_unsubscribeRecords",
            |params, pending, script, _| async move {
                script.asked.lock().unwrap().push(params.parse().unwrap());
                let answer = script.answers.lock().unwrap().pop_front();
                let said = match answer {
                    Some(Answer::Refuse(code)) => {
                        return pending.reject(ErrorObjectOwned::owned(code, "not now", None::<()>)).await
                    }
                    Some(Answer::Say(said)) => said,
                    None => Vec::new(),
                };
                let Ok(sink) = pending.accept().await else { return };
                for notification in said {
                    if sink.send(SubscriptionMessage::from_json(&notification).unwrap()).await.is_err() {
                        return;
                    }
                }
                sink.closed().await;
            },
        )
        .unwrap();
    module
}

fn records(indices: &[u64], next: u64) -> Value {
    let view = |index: &u64| {
        let body = Body::DeviceRetired { device: DeviceId(1), reason: Default::default() };
        let (version, organisation, account) = (RECORD_VERSION, OrganisationId(1), [1; 32]);
        let record = Record { version, index: *index, block: 1, time: 1000, organisation, account, body };
        let encoded = format!("0x{}", hex::encode(record.encode()));
        json!({ "index": index.to_string(), "block": 1, "body": { "kind": "device_retired" }, "encoded": encoded })
    };
    let items: Vec<_> = indices.iter().map(view).collect();
    let anchor = json!({ "number": 1, "hash": format!("0x{}", "01".repeat(32)) });
    json!({ "event": "records", "anchor": anchor, "items": items, "next": next.to_string() })
}

fn closed(reason: &str, next: u64) -> Value {
    json!({ "event": "closed", "reason": reason, "message": format!("it is {reason}"), "next": next.to_string() })
}

/// Ends what would wait for ever.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("it comes to an end")
}

/// The indices of the next records, and why there were none before.
async fn seen(watch: &mut Watch<'_>) -> (Vec<u64>, Vec<String>) {
    let mut reasons = Vec::new();
    loop {
        match in_time(watch.next()).await.unwrap() {
            News::Records(batch) => return (batch.items.iter().map(|view| view.index.0).collect(), reasons),
            News::Interrupted { reason, .. } => reasons.push(reason),
        }
    }
}

#[tokio::test]
async fn a_broken_connection_costs_no_record() {
    let answers = [records(&[0, 1], 2), records(&[], 5), records(&[7], 9), records(&[9], 10)];
    let node = Node::start(answers.into_iter().map(|said| Answer::Say(vec![said])).collect()).await;
    let ledger = node.ledger().await;
    let mut watch = Watch::new(&ledger, json!({ "kind": "device_retired" }), None);
    assert_eq!(seen(&mut watch).await.0, [0, 1]);
    let expected: [&[u64]; 3] = [&[], &[7], &[9]];
    for expected in expected {
        node.break_connections();
        let (indices, reasons) = seen(&mut watch).await;
        assert_eq!(indices, expected);
        assert!(!reasons.is_empty());
    }
    assert_eq!(watch.position(), Some(10));
    assert_eq!(node.asked(), [json!(null), json!("2"), json!("5"), json!("9")]);
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    let answers = vec![
        Answer::Refuse(9001),
        Answer::Say(vec![records(&[0], 1), closed("slow_reader", 1)]),
        Answer::Refuse(9004),
        Answer::Say(vec![records(&[1], 2), closed("not_synced", 2)]),
        Answer::Say(vec![records(&[2], 3)]),
    ];
    let node = Node::start(answers).await;
    let ledger = node.ledger().await;
    let mut watch = Watch::new(&ledger, json!({}), Some(0));
    let (indices, reasons) = seen(&mut watch).await;
    assert_eq!((indices.as_slice(), reasons.len()), (&[0][..], 1));
    let (indices, reasons) = seen(&mut watch).await;
    assert_eq!((indices.as_slice(), reasons.len()), (&[1][..], 2));
    assert_eq!(reasons[0], "it is slow_reader");
    let (indices, reasons) = seen(&mut watch).await;
    assert_eq!((indices.as_slice(), reasons), (&[2][..], vec!["it is not_synced".to_owned()]));
    assert_eq!(node.asked(), ["0", "0", "1", "1", "2"].map(|index| json!(index)));
}

#[tokio::test]
async fn what_does_not_pass_ends_it() {
    for code in [9007, -32602] {
        let node = Node::start(vec![Answer::Refuse(code)]).await;
        let ledger = node.ledger().await;
        let ended = in_time(Watch::new(&ledger, json!({}), None).next()).await;
        assert!(matches!(&ended, Err(NodeError::Refused { code: found, .. }) if *found == code), "{ended:?}");
    }
    for said in [closed("too_expensive", 0), records(&[1], 2), records(&[0, 0], 1), json!({ "event": "other" })] {
        let node = Node::start(vec![Answer::Say(vec![said.clone()])]).await;
        let ledger = node.ledger().await;
        let ended = in_time(Watch::new(&ledger, json!({}), Some(0)).next()).await;
        assert!(matches!(&ended, Err(NodeError::Answer(_))), "{said}: {ended:?}");
    }
}

/// What a process prints, line by line as it comes.
struct Printed(Lines<BufReader<ChildStdout>>);

impl Printed {
    fn by(child: &mut Child) -> Self {
        Self(BufReader::new(child.stdout.take().unwrap()).lines())
    }

    async fn line(&mut self) -> String {
        in_time(self.0.next_line()).await.unwrap().expect("there is another line")
    }

    async fn json(&mut self) -> Value {
        serde_json::from_str(&self.line().await).unwrap()
    }
}

#[tokio::test]
async fn the_command_prints_each_record_once_and_where_to_go_on() {
    let answers = [vec![records(&[0, 1], 2)], vec![records(&[2], 3), records(&[], 4), records(&[4, 6], 8)]];
    let node = Node::start(answers.into_iter().map(Answer::Say).collect()).await;
    let mut child = node.command(&["--from", "genesis", "--org", "1", "--limit", "4", "--json"]);
    let mut printed = Printed::by(&mut child);
    for index in ["0", "1", "2", "4"] {
        let line = printed.json().await;
        assert_eq!((&line["index"], &line["body"]["kind"]), (&json!(index), &json!("device_retired")));
        if index == "1" {
            node.break_connections();
        }
    }
    assert_eq!(printed.json().await, json!({ "next": "5" }));
    assert_eq!(in_time(child.wait()).await.unwrap().code(), Some(0));
    assert_eq!(node.asked(), ["0", "2"].map(|index| json!(index)));
}

#[tokio::test]
async fn an_interrupt_ends_the_command_well() {
    let node = Node::start(vec![Answer::Say(vec![records(&[5], 6), records(&[], 70)])]).await;
    let mut child = node.command(&["--subject", "device:1"]);
    let mut printed = Printed::by(&mut child);
    let row = printed.line().await;
    assert!(row.starts_with(&format!("{:<10}1970-01-01T00:00:01Z  device_retired ", 5)), "{row}");
    let id = child.id().and_then(|id| Pid::from_raw(id.try_into().unwrap())).unwrap();
    kill_process(id, Signal::INT).unwrap();
    let last = printed.line().await;
    assert!(["6", "70"].map(|next| format!("--from {next} goes on from here")).contains(&last), "{last}");
    assert_eq!(in_time(child.wait()).await.unwrap().code(), Some(0));
}
