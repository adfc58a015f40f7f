//! One validator serves JSON-RPC to whoever comes, and is abused: by too much at once, by what is no JSON or makes no
//! sense, by who takes up connections, and by who asks and does not read. Its blocks are made and become final as
//! before, its memory stays bounded, and each answer is a proper error.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_tests::{
    chain::PATIENCE,
    consensus::Production,
    gateway::Gateway,
    memory::Memory,
    raw::{begin_post, post, WebSocket},
    Backend, Chain, Network, Steps,
};
use futures::future::try_join_all;
use serde_json::{json, Value};
use std::convert::Infallible;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};

/// For so many blocks at least everything is as always, and then it is not.
const QUIET: u32 = 15;
const ABUSED: u32 = 30;
/// Who authors is one of four: of so many blocks it is each one's turn often.
const VALIDATORS: u64 = 4;

const CALLS_IN_A_BATCH: usize = 10_000;
const LARGE_BODY: usize = 15 * 1024 * 1024;
const DEPTH: usize = 10_000;
const SUBSCRIPTIONS: usize = 1_000;
/// Who makes so many calls at once, and subscribes so often, and does not read. The node makes a few of the answers and
/// keeps them, and refuses the other calls.
const SLOW_READERS: usize = 4;
const UNREAD: usize = 400;
const UNREAD_HEADS: usize = 20;
/// Who subscribes to all records so often and does not read them.
const UNREAD_SUBSCRIPTIONS: usize = 20;
/// More connections than a node has for everybody.
const CONNECTIONS: usize = 200;
/// How much more memory a node may take for all that, in MiB.
const MEMORY: u64 = 400;

/// Error codes of JSON-RPC 2.0, and of the SDK's server.
const NO_JSON: i64 = -32_700;
const NO_REQUEST: i64 = -32_600;
const NO_METHOD: i64 = -32_601;
const NO_PARAMETERS: i64 = -32_602;
const BATCH_TOO_LARGE: i64 = -32_010;
const BODY_TOO_LARGE: i64 = -32_007;
const TOO_MANY_SUBSCRIPTIONS: i64 = -32_006;
/// Of the ledger.
const LIMIT_EXCEEDED: i64 = 9_004;
const NOT_FOUND: i64 = 9_005;
/// Of the ledger: the node failed. No caller may bring that about.
const INTERNAL: i64 = 9_000;

#[tokio::test(flavor = "multi_thread")]
async fn abuse_of_json_rpc_disturbs_nobody() -> Result<()> {
    let mut steps = Steps::of("rpc_abuse");
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, witness) = (network.chain().await?, network.node(1).chain().await?);
    let (address, process) = (network.node(0).rpc_address().to_owned(), network.node(0).process()?);
    let methods = Method::all(&chain).await?;
    steps.done(&format!("four validators finalise; one serves {} methods of the ledger", methods.len()));

    // There must be something to ask for.
    let gateway = Gateway::open(network.node(0)).await?;
    tokio::select! {
        grown = witness.grow(QUIET) => grown?,
        ended = gateway.go_on() => match ended? {},
    }
    let quiet = passed(&witness, QUIET).await?;
    steps.done(&format!("in a quiet time there are {} blocks in {} slots", quiet.blocks, quiet.slots));

    let before = Memory::of(process)?;
    Memory::forget_peak(process)?;
    let (begin, _) = witness.best().await?;
    let mut slow = try_join_all((0..SLOW_READERS).map(|_| ask_without_reading(&address))).await?;
    let mut slow_subscriber = subscribe_without_reading(&address).await?;
    let mut subscribers = Vec::new();
    for method in ["chain_subscribeNewHeads", "citynet_subscribeRecords"] {
        subscribers.push(Subscriber::begin(&address, method).await?);
    }
    let subscribed: Vec<usize> = subscribers.iter().map(|subscriber| subscriber.accepted).collect();
    steps.done(&format!("{SLOW_READERS} connections ask and do not read; there are {subscribed:?} subscriptions"));

    let mut waves = 0;
    let abuse = async {
        while witness.best().await?.0 < begin + ABUSED {
            what_is_no_request(&address).await?;
            what_makes_no_sense(&address, &chain, &methods).await?;
            waves += 1;
        }
        anyhow::Ok(())
    };
    tokio::select! {
        abused = abuse => abused?,
        ended = try_join_all(subscribers.iter_mut().map(Subscriber::read_on)) => bail!("nobody reads on: {ended:?}"),
    }
    for Subscriber { method, accepted, notified, .. } in &subscribers {
        ensure!(*method != "chain_subscribeNewHeads" || notified >= accepted, "{method} notified {notified} times");
    }
    steps.done(&format!("each of {waves} waves of bad requests was answered by proper errors"));
    timeout(PATIENCE, until_closed(&mut slow_subscriber)).await.context("no subscription is closed")??;
    steps.done("who did not read what it subscribed to is told that it was too slow");
    let answered = timeout(PATIENCE, try_join_all(slow.iter_mut().map(read_late))).await;
    let answered = answered.context("not every call is answered")??;
    ensure!(
        answered.iter().all(|answered| (1..=UNREAD / 2).contains(answered)),
        "of {UNREAD} calls that were not read the node answered {answered:?}"
    );
    steps.done(&format!("of {UNREAD} calls each, who did not read has {answered:?} answered and the others refused"));

    let held = all_connections(&address).await?;
    let status = chain.call("citynet_status", vec![]).await?;
    ensure!(status["finalized"].is_object(), "who was connected before is served: {status}");
    let taken = held.len();
    drop((held, slow, slow_subscriber, subscribers));
    let question = json!({ "jsonrpc": "2.0", "id": 1, "method": "citynet_status" }).to_string();
    let served = chain.until_best("the node serves new connections again", async || {
        let answer = post(&address, question.as_bytes()).await?;
        Ok(answer.filter(|answer| answer.status == 200).map(|answer| answer.body))
    });
    let served: Value = serde_json::from_slice(&served.await?)?;
    ensure!(served["result"]["index"].is_object(), "the node is not as before: {served}");
    steps.done(&format!("{taken} half requests kept others out, and who came before them not; then all are served"));

    let memory = Memory::of(process)?;
    ensure!(
        memory.peak <= before.resident + MEMORY,
        "the node had {} MiB, and then up to {} MiB",
        before.resident,
        memory.peak
    );
    let (last, _) = witness.best().await?;
    let abused = passed(&witness, last - begin).await?;
    undisturbed(&quiet, &abused)?;
    for chain in network.chains().await? {
        chain.until_finalized(last).await?;
    }
    steps.done(&format!(
        "meanwhile there were {} blocks in {} slots, all final; the node's memory went from {} to at most {} MiB",
        abused.blocks, abused.slots, before.resident, memory.peak
    ));
    network.finish().await
}

/// What became of the slots of the last blocks.
async fn passed(chain: &Chain, blocks: u32) -> Result<Production> {
    let (last, _) = chain.best().await?;
    let production = chain.production(last - blocks, last).await?;
    let Production { blocks, slots, skipped } = production;
    ensure!(slots == blocks + skipped, "{blocks} blocks and {skipped} skipped slots are not {slots} slots");
    Ok(production)
}

/// Blocks are made as in the quiet time. One round of turns may be late: this machine makes the abuse, too.
fn undisturbed(quiet: &Production, abused: &Production) -> Result<()> {
    let share = |production: &Production| production.skipped * 100 / production.slots.max(1);
    ensure!(
        abused.skipped <= VALIDATORS || share(abused) <= share(quiet),
        "slots were skipped: {abused:?}, and in the quiet time {quiet:?}"
    );
    Ok(())
}

/// A method with parameters, as the node describes it.
struct Method {
    name: String,
    /// The names of its parameters, in order.
    parameters: Vec<String>,
    /// What they may be: those of its first example.
    example: Vec<Value>,
}

impl Method {
    async fn all(chain: &Chain) -> Result<Vec<Self>> {
        let document = chain.call("rpc.discover", vec![]).await?;
        let methods = document["methods"].as_array().context("the document lists methods")?;
        let methods: Vec<Self> = methods.iter().map(Self::read).collect::<Result<_>>()?;
        Ok(methods.into_iter().filter(|method| !method.name.contains("ubscribe")).collect())
    }

    fn read(view: &Value) -> Result<Self> {
        let name = view["name"].as_str().context("a method has a name")?.to_owned();
        let parameters = view["params"].as_array().context("a method has parameters")?;
        let parameters: Vec<String> =
            parameters.iter().filter_map(|parameter| parameter["name"].as_str()).map(str::to_owned).collect();
        let given = view["examples"][0]["params"].as_array().context("a method has an example")?;
        let value = |name: &String| {
            let given = given.iter().find(|given| given["name"] == json!(name));
            given.map_or(Value::Null, |given| given["value"].clone())
        };
        let example = parameters.iter().map(value).collect();
        Ok(Self { name, parameters, example })
    }

    /// Its parameters as in the example, but for one.
    fn with(&self, name: &str, value: &Value) -> Option<Vec<Value>> {
        let position = self.parameters.iter().position(|parameter| parameter == name)?;
        let mut parameters = self.example.clone();
        *parameters.get_mut(position)? = value.clone();
        Some(parameters)
    }
}

/// The code of what must be a proper error.
fn error_code(answer: &Value) -> Result<i64> {
    let error = &answer["error"];
    let told = error["message"].as_str().is_some_and(|message| !message.is_empty());
    ensure!(
        answer["jsonrpc"] == "2.0" && answer.get("id").is_some() && answer.get("result").is_none() && told,
        "no proper error: {answer}"
    );
    error["code"].as_i64().with_context(|| format!("an error has a code: {answer}"))
}

/// As [`error_code`], of one of the ledger's methods, which has the code's name in its data too.
fn ledger_error_code(answer: &Value) -> Result<i64> {
    let code = error_code(answer)?;
    ensure!(answer["error"]["data"]["code"].is_string(), "an error of the ledger has a name: {answer}");
    ensure!(code != INTERNAL, "the node failed: {answer}");
    Ok(code)
}

/// The codes of an answer, or of each one in a list of them.
fn codes(answer: &[u8]) -> Result<Vec<i64>> {
    let answer: Value =
        serde_json::from_slice(answer).with_context(|| format!("no JSON: {}", String::from_utf8_lossy(answer)))?;
    match &answer {
        Value::Array(answers) => answers.iter().map(error_code).collect(),
        answer => Ok(vec![error_code(answer)?]),
    }
}

/// Bodies of which none is a request that a node would do, by HTTP and by WebSocket.
async fn what_is_no_request(address: &str) -> Result<()> {
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"citynet_status"}"#;
    let batch = format!("[{}]", vec![call; CALLS_IN_A_BATCH].join(","));
    let large =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"citynet_search","params":["{}"]}}"#, "a".repeat(LARGE_BODY));
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    let deep = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"citynet_records","params":{open}{close}}}"#);
    let unknown = r#"{"jsonrpc":"2.0","id":1,"method":"citynet_noSuchMethod","params":[]}"#;
    let wrong = [NO_JSON, NO_REQUEST];
    let bodies: [(&str, Vec<u8>, &[i64]); 12] = [
        ("10,000 calls", batch.into(), &[BATCH_TOO_LARGE]),
        ("15 MB", large.into(), &[BODY_TOO_LARGE]),
        ("deep parameters", deep.into(), &[NO_PARAMETERS]),
        ("a deep list", format!("{open}{close}").into(), &wrong),
        ("deep objects", r#"{"a":"#.repeat(DEPTH).into(), &wrong),
        ("a method that does not exist", unknown.into(), &[NO_METHOD]),
        ("no UTF-8", b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}".to_vec(), &wrong),
        ("nothing", Vec::new(), &wrong),
        ("a number", b"18446744073709551616".to_vec(), &wrong),
        ("an object without anything", b"{}".to_vec(), &wrong),
        ("a batch of nothing", b"[]".to_vec(), &wrong),
        ("half a request", call.as_bytes()[..call.len() / 2].to_vec(), &wrong),
    ];
    let mut socket = WebSocket::open(address).await?;
    for (what, body, expected) in bodies {
        let by_http = post(address, &body).await?.with_context(|| format!("{what}: the node hangs up"))?;
        socket.send(&body).await?;
        let by_websocket = socket.receive().await?.with_context(|| format!("{what}: the node closes"))?;
        for answer in [by_http.body, by_websocket] {
            let codes = codes(&answer).with_context(|| what.to_owned())?;
            ensure!(
                !codes.is_empty() && codes.iter().all(|code| expected.contains(code)),
                "{what}: the node answers {codes:?} instead of {expected:?}"
            );
        }
    }
    Ok(())
}

/// Requests to every method with parameters that are none, and to every list with cursors that no node gave.
async fn what_makes_no_sense(address: &str, chain: &Chain, methods: &[Method]) -> Result<()> {
    let first = chain.call("citynet_records", vec![json!({}), Value::Null, json!(1)]).await?;
    let cursor = first["next"].as_str().context("there is more than one record")?;
    let huge: Value = serde_json::from_str("18446744073709551616")?;
    let values =
        [json!(-1), json!(1.5), huge, json!(true), json!("\u{1f4a5}"), json!("9".repeat(1_000)), json!([[[]]])];
    let cursors = [
        json!(""),
        json!("00"),
        json!("no hex"),
        json!(cursor.get(1..).context("a cursor is not short")?),
        json!(format!("{cursor}00")),
        json!("ab".repeat(50_000)),
        json!(7),
        json!({}),
    ];
    let mut socket = WebSocket::open(address).await?;
    for method in methods.iter().filter(|method| !method.parameters.is_empty()) {
        let nobody = vec![json!({ "no such member": [] }); method.parameters.len()];
        let code = ledger_error_code(&ask(&mut socket, &method.name, nobody).await?)?;
        ensure!(code == NO_PARAMETERS, "{} answers {code} to an object that is none", method.name);
        for value in &values {
            let answer = ask(&mut socket, &method.name, vec![value.clone(); method.parameters.len()]).await?;
            ensure!(
                answer.get("result").is_some() || ledger_error_code(&answer).is_ok(),
                "{} answers {answer} to {value}",
                method.name
            );
        }
        for bad in &cursors {
            let Some(parameters) = method.with("cursor", bad) else { continue };
            let code = ledger_error_code(&ask(&mut socket, &method.name, parameters).await?)?;
            // What the example is about may not be here.
            let is_refused = [NO_PARAMETERS, NOT_FOUND].contains(&code);
            ensure!(is_refused, "{} answers {code} to the cursor {bad}", method.name);
        }
        // One that is good, but not for another list.
        if method.name != "citynet_records" {
            let Some(parameters) = method.with("cursor", &json!(cursor)) else { continue };
            let code = ledger_error_code(&ask(&mut socket, &method.name, parameters).await?)?;
            let is_refused = [NO_PARAMETERS, NOT_FOUND].contains(&code);
            ensure!(is_refused, "{} answers {code} to a cursor of another list", method.name);
        }
    }
    Ok(())
}

async fn ask(socket: &mut WebSocket, method: &str, parameters: Vec<Value>) -> Result<Value> {
    let question = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
    socket.send(question.to_string().as_bytes()).await?;
    let answer = socket.receive().await?.with_context(|| format!("{method}: the node closes"))?;
    Ok(serde_json::from_slice(&answer)?)
}

/// Asks for all there is, again and again, and for news besides, and reads nothing.
async fn ask_without_reading(address: &str) -> Result<WebSocket> {
    let mut socket = WebSocket::open(address).await?;
    for id in UNREAD..UNREAD + UNREAD_HEADS {
        let heads = json!({ "jsonrpc": "2.0", "id": id, "method": "chain_subscribeNewHeads", "params": [] });
        socket.send(heads.to_string().as_bytes()).await?;
    }
    for id in 0..UNREAD {
        let records = json!({ "jsonrpc": "2.0", "id": id, "method": "citynet_records", "params": [{}, null, 1000] });
        socket.send(records.to_string().as_bytes()).await?;
    }
    Ok(socket)
}

/// Reads at last: each call was answered or refused with a proper error. How many were answered.
async fn read_late(socket: &mut WebSocket) -> Result<usize> {
    let (mut answered, mut refused) = (0, 0);
    while answered + refused < UNREAD {
        let message = socket.receive().await?.context("the node closes before all calls are answered")?;
        let message: Value = serde_json::from_slice(&message)?;
        // All else is about the news.
        if message["id"].as_u64().is_none_or(|id| id >= UNREAD as u64) {
            continue;
        }
        if message.get("result").is_some() {
            answered += 1;
        } else {
            ensure!(ledger_error_code(&message)? == LIMIT_EXCEEDED, "a call is refused otherwise: {message}");
            refused += 1;
        }
    }
    Ok(answered)
}

/// Subscribes to all records, again and again, and reads nothing.
async fn subscribe_without_reading(address: &str) -> Result<WebSocket> {
    let mut socket = WebSocket::open(address).await?;
    for id in 0..UNREAD_SUBSCRIPTIONS {
        let all = json!({ "jsonrpc": "2.0", "id": id, "method": "citynet_subscribeRecords", "params": [{}, "0"] });
        socket.send(all.to_string().as_bytes()).await?;
    }
    Ok(socket)
}

/// Reads until the node says that it has ended a subscription, for it was not read.
async fn until_closed(socket: &mut WebSocket) -> Result<()> {
    loop {
        let message = socket.receive().await?.context("the node closes without a reason")?;
        let message: Value = serde_json::from_slice(&message)?;
        let news = &message["params"]["result"];
        if news["event"] == "closed" {
            ensure!(news["reason"] == "slow_reader", "a subscription is closed for another reason: {message}");
            return Ok(());
        }
    }
}

/// Who subscribes to the same a thousand times, over one connection.
struct Subscriber {
    method: &'static str,
    socket: WebSocket,
    accepted: usize,
    notified: usize,
}

impl Subscriber {
    /// Each subscription is accepted or refused with a proper error.
    async fn begin(address: &str, method: &'static str) -> Result<Self> {
        let mut subscriber = Self { method, socket: WebSocket::open(address).await?, accepted: 0, notified: 0 };
        let mut refused = 0;
        for id in 0..SUBSCRIPTIONS {
            let question = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": [] });
            subscriber.socket.send(question.to_string().as_bytes()).await?;
            loop {
                let message = subscriber.next().await?;
                if message.get("method").is_some() {
                    continue;
                }
                if message.get("result").is_some() {
                    subscriber.accepted += 1;
                } else {
                    let code = error_code(&message)?;
                    let is_limit = [TOO_MANY_SUBSCRIPTIONS, LIMIT_EXCEEDED].contains(&code);
                    ensure!(is_limit, "{method} is refused otherwise: {message}");
                    refused += 1;
                }
                break;
            }
        }
        let Self { accepted, .. } = subscriber;
        ensure!(
            accepted > 0 && accepted + refused == SUBSCRIPTIONS,
            "{method}: {accepted} accepted, {refused} refused"
        );
        Ok(subscriber)
    }

    /// The next message. Those that have a method are news.
    async fn next(&mut self) -> Result<Value> {
        let message = self.socket.receive().await?.with_context(|| format!("{}: the node closes", self.method))?;
        let message: Value = serde_json::from_slice(&message)?;
        self.notified += usize::from(message.get("method").is_some());
        Ok(message)
    }

    /// Reads all that comes.
    async fn read_on(&mut self) -> Result<Infallible> {
        loop {
            self.next().await?;
        }
    }
}

/// Takes connections by requests that do not end, until there are none for others. These are told so by HTTP, before
/// there is any JSON-RPC.
async fn all_connections(address: &str) -> Result<Vec<TcpStream>> {
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut stream = begin_post(address, 100).await?;
        stream.write_all(b"{").await?;
        held.push(stream);
        let answer = post(address, b"{}").await?.context("the node hangs up")?;
        if answer.status == 429 {
            return Ok(held);
        }
    }
    bail!("the node takes {CONNECTIONS} connections")
}
