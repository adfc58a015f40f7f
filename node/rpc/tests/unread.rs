//! Connections that do not read, on jsonrpsee's server: it makes a bounded number of answers for them. All others see no
//! difference.
//!
//! Client and server share a thread and no socket: while a test sleeps, all that can go on does so.

use citynet_rpc::{bounded, UnreadLimits};
use jsonrpsee::{
    core::server::ResponsePayload,
    server::{serve, stop_channel, Server, ServerHandle, StopHandle},
    types::ErrorObjectOwned,
    MethodsError, RpcModule,
};
use serde_json::{json, Value};
use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
    time::Duration,
};
use tokio::{
    io::{duplex, AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc,
    time::sleep,
};

/// How many answers have a place, and how many the buffer of a connection takes.
const PLACES: u32 = 3;
const BUFFER: u32 = 2;
const PATIENT: UnreadLimits = UnreadLimits { answers: PLACES, patience: Duration::from_secs(60) };
const IMPATIENT: UnreadLimits = UnreadLimits { patience: Duration::from_millis(1), ..PATIENT };
/// Much longer than the impatient wait.
const LONG: Duration = Duration::from_millis(100);
/// How many bytes an answer has, and how many can be under way to a client.
const LARGE: usize = 64 * 1024;
const UNDER_WAY: usize = 1024;
/// How many calls a client makes.
const CALLS: usize = 40;

/// A server of large answers.
struct Answers {
    methods: RpcModule<()>,
    /// How many it has made.
    made: Arc<AtomicUsize>,
    stop: (StopHandle, ServerHandle),
}

impl Answers {
    fn new(limits: UnreadLimits) -> Self {
        let made = Arc::new(AtomicUsize::new(0));
        let mut large = RpcModule::from_arc(made.clone());
        large.register_method("large", |_, made, _| answer(made)).unwrap();
        large.register_async_method("later", |_, made, _| async move { answer(&made) }).unwrap();
        let mut methods = RpcModule::new(());
        methods.merge(bounded(&large, limits).unwrap()).unwrap();
        Self { methods, made, stop: stop_channel() }
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }

    /// So many streams, which the server takes for one connection with this number.
    fn connect(&self, connection: u32, streams: usize) -> Vec<DuplexStream> {
        let builder = Server::builder().set_message_buffer_capacity(BUFFER).to_service_builder();
        let service = builder.connection_id(connection).build(self.methods.clone(), self.stop.0.clone());
        let connect = |_| {
            let (client, server) = duplex(UNDER_WAY);
            tokio::spawn(serve(server, service.clone()));
            client
        };
        (0..streams).map(connect).collect()
    }

    async fn websocket(&self, connection: u32) -> WebSocket {
        WebSocket::open(self.connect(connection, 1).remove(0)).await
    }
}

fn answer(made: &AtomicUsize) -> String {
    made.fetch_add(1, Ordering::SeqCst);
    "x".repeat(LARGE)
}

/// Only as much of RFC 6455 as the server needs.
struct WebSocket(DuplexStream);

impl WebSocket {
    async fn open(mut stream: DuplexStream) -> Self {
        let head = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let mut received = Vec::new();
        while !received.ends_with(b"\r\n\r\n") {
            received.push(stream.read_u8().await.unwrap());
        }
        assert!(received.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&received));
        Self(stream)
    }

    /// Makes all calls at once.
    async fn ask(&mut self, method: &str) {
        for id in 0..CALLS {
            self.call(id, method).await;
        }
    }

    async fn call(&mut self, id: usize, method: &str) {
        let call = json!({ "jsonrpc": "2.0", "id": id, "method": method }).to_string();
        let length = u8::try_from(call.len()).unwrap();
        assert!(length < 126, "the length takes one byte");
        // A mask of zeros changes nothing.
        self.0.write_all(&[0x81, 0x80 | length, 0, 0, 0, 0]).await.unwrap();
        self.0.write_all(call.as_bytes()).await.unwrap();
    }

    async fn read(&mut self) -> Value {
        assert_eq!(self.0.read_u8().await.unwrap(), 0x81, "a message of one frame");
        let length = match self.0.read_u8().await.unwrap() {
            126 => u64::from(self.0.read_u16().await.unwrap()),
            127 => self.0.read_u64().await.unwrap(),
            short => u64::from(short),
        };
        let mut message = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut message).await.unwrap();
        serde_json::from_slice(&message).unwrap()
    }
}

/// Whether an answer is one; if not, it must be the refusal of who does not read.
fn is_answered(answer: &Value) -> bool {
    if let Some(result) = answer["result"].as_str() {
        assert_eq!(result.len(), LARGE);
        return true;
    }
    assert_eq!(answer["error"]["code"], 9004, "{answer}");
    let data = json!({ "code": "limit_exceeded", "what": "unread answers of one connection", "limit": PLACES });
    assert_eq!(answer["error"]["data"], data);
    false
}

#[tokio::test]
async fn who_does_not_read_has_few_answers_made() {
    for method in ["large", "later"] {
        let server = Answers::new(IMPATIENT);
        let mut client = server.websocket(1).await;
        client.ask(method).await;
        sleep(LONG).await;
        let made = server.made();
        let (least, most) = (usize::try_from(PLACES).unwrap(), usize::try_from(PLACES + BUFFER + 1).unwrap());
        assert!((least..=most).contains(&made), "{made} answers wait to be read");

        let mut answered = 0;
        for _ in 0..CALLS {
            answered += usize::from(is_answered(&client.read().await));
        }
        assert_eq!(answered, made, "all others are refused");
        // And now that it has read, it is served.
        client.call(0, method).await;
        assert!(is_answered(&client.read().await));
    }
}

#[tokio::test]
async fn others_are_served() {
    let server = Answers::new(IMPATIENT);
    let mut slow = server.websocket(1).await;
    slow.ask("large").await;
    sleep(LONG).await;
    let mut other = server.websocket(2).await;
    other.call(0, "large").await;
    assert!(is_answered(&other.read().await));
}

#[tokio::test]
async fn who_asks_for_much_at_once_and_reads_gets_it_all() {
    let server = Answers::new(PATIENT);
    let mut client = server.websocket(1).await;
    client.ask("large").await;
    for _ in 0..CALLS {
        assert!(is_answered(&client.read().await));
    }
    assert_eq!(server.made(), CALLS);
}

#[tokio::test]
async fn who_breaks_off_leaves_the_places() {
    let server = Answers::new(PATIENT);
    let mut streams = server.connect(1, 2);
    let mut broken = WebSocket::open(streams.remove(0)).await;
    broken.ask("large").await;
    sleep(LONG).await;
    drop(broken);
    let mut next = WebSocket::open(streams.remove(0)).await;
    next.call(0, "large").await;
    assert!(is_answered(&next.read().await));
}

#[tokio::test]
async fn http_is_not_hindered() {
    let server = Answers::new(PATIENT);
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "large" });
    let one = (call.clone(), 1);
    let batch = (Value::from(vec![call; CALLS]), CALLS);
    // More of them than there are places, on one connection.
    let requests = [&one, &one, &one, &one, &batch, &batch, &one];
    for (mut stream, (body, calls)) in server.connect(1, requests.len()).into_iter().zip(requests) {
        let body = body.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut received = String::new();
        stream.read_to_string(&mut received).await.unwrap();
        let (head, answer) = received.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        match serde_json::from_str(answer).unwrap() {
            Value::Array(answers) => assert_eq!(answers.iter().filter(|answer| is_answered(answer)).count(), *calls),
            answer => assert!(is_answered(&answer)),
        }
    }
}

#[tokio::test]
async fn answers_are_the_same() {
    let mut plain = RpcModule::new(());
    plain.register_method("nothing", |_, (), _| ()).unwrap();
    plain.register_method("text", |_, (), _| "\u{1f4a5} \"\\\n\u{1}").unwrap();
    let value = || json!({ "a": [1, -2.5, 1e300, u64::MAX, null, true], "\"": {} });
    plain.register_async_method("value", move |_, _, _| async move { value() }).unwrap();
    plain.register_blocking_method("blocking", move |_, _, _| value()).unwrap();
    let error = || ErrorObjectOwned::owned(9004, "\"no\"", Some(json!({ "code": "limit_exceeded", "limit": 1 })));
    plain.register_method("error", move |_, (), _| error()).unwrap();
    plain.register_method("bare", |_, (), _| ErrorObjectOwned::owned(-32_603, "no", None::<()>)).unwrap();
    plain.register_method("echo", |params, (), _| params.one::<Value>()).unwrap();
    let bounded = bounded(&plain, PATIENT).unwrap();
    for method in ["nothing", "text", "value", "blocking", "error", "bare", "echo"] {
        for id in [json!(null), json!(0), json!(u64::MAX), json!("a \"\\\u{1}")] {
            let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": [[7, "7"]] }).to_string();
            let (expected, _) = plain.raw_json_request(&request, 1).await.unwrap();
            let (found, _) = bounded.raw_json_request(&request, 1).await.unwrap();
            assert_eq!(found, expected, "{request}");
        }
    }
}

/// Some of the SDK's methods go on with something once they were answered.
#[tokio::test]
async fn who_waits_for_an_answer_to_be_taken_is_told() {
    let (told, mut hears) = mpsc::unbounded_channel();
    let mut module = RpcModule::new(told);
    module
        .register_method("well", |_, told, _| {
            let (answer, taken) = ResponsePayload::success(7).notify_on_completion();
            let told = told.clone();
            tokio::spawn(async move { told.send(taken.await.is_ok()) });
            answer
        })
        .unwrap();
    module
        .register_method("badly", |_, told, _| {
            let error = ErrorObjectOwned::owned(1, "no", None::<()>);
            let (answer, taken) = ResponsePayload::<u8>::error(error).notify_on_completion();
            let told = told.clone();
            tokio::spawn(async move { told.send(taken.await.is_ok()) });
            answer
        })
        .unwrap();
    let bounded = bounded(&module, PATIENT).unwrap();
    assert_eq!(bounded.call::<_, u8>("well", [(); 0]).await.unwrap(), 7);
    assert_eq!(hears.recv().await, Some(true));
    let refused = bounded.call::<_, u8>("badly", [(); 0]).await;
    assert!(matches!(refused, Err(MethodsError::JsonRpc(_))), "{refused:?}");
    assert_eq!(hears.recv().await, Some(false));
}
