//! What browsers are answered, and what those do not get who are none.

use super::{
    answer::{answer, PROTECTION},
    config, endpoint,
    files::Files,
    server::{self, LONGEST_HEAD},
    CONFIG,
};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Bytes, Request, Response, StatusCode};
use sc_network::multiaddr::Multiaddr;
use serde_json::json;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const SCRIPT: &str = "/assets/index-B4d_x-7Q.js";

fn files() -> Files {
    let mut files = Files::default();
    for (path, content) in [
        ("index.html", "<!doctype html>"),
        ("icon.svg", "<svg/>"),
        ("robots.txt", "User-agent: *"),
        ("assets/index-B4d_x-7Q.js", "let here"),
        ("assets/index-Dw8qLm20.css", "body {}"),
        ("assets/verifier-C1a2b3c4.wasm", "\0asm"),
        ("assets/readme.txt", "named by hand"),
        ("assets/en-long-name.json", "{}"),
        ("strange.xyz", "?"),
    ] {
        files.put(path, Bytes::from_static(content.as_bytes()));
    }
    files.put(CONFIG, config(&[address("/ip4/127.0.0.1/tcp/9944")]).into());
    files
}

fn address(text: &str) -> Multiaddr {
    text.parse().expect("an address")
}

fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "127.0.0.1:8080");
    }
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    answer(&files(), &request.body(()).expect("a request"))
}

fn get(path: &str) -> Response<Full<Bytes>> {
    ask("GET", path, &[])
}

fn header<'a>(response: &'a Response<Full<Bytes>>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

async fn body(response: Response<Full<Bytes>>) -> Bytes {
    response.into_body().collect().await.expect("it is all there").to_bytes()
}

#[tokio::test]
async fn files_have_their_types() {
    for (path, media_type, content) in [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/index.html", "text/html; charset=utf-8", "<!doctype html>"),
        ("/index.html?x=1", "text/html; charset=utf-8", "<!doctype html>"),
        ("/icon.svg", "image/svg+xml", "<svg/>"),
        ("/robots.txt", "text/plain; charset=utf-8", "User-agent: *"),
        (SCRIPT, "text/javascript; charset=utf-8", "let here"),
        ("/assets/index-Dw8qLm20.css", "text/css; charset=utf-8", "body {}"),
        ("/assets/verifier-C1a2b3c4.wasm", "application/wasm", "\0asm"),
        ("/strange.xyz", "application/octet-stream", "?"),
    ] {
        let response = get(path);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "content-type"), media_type, "{path}");
        assert_eq!(header(&response, "content-length"), content.len().to_string(), "{path}");
        assert_eq!(body(response).await, content, "{path}");
    }
}

#[tokio::test]
async fn the_application_is_told_where_its_node_is() {
    let response = get("/config.json");
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "cache-control"), "no-cache");
    let told: serde_json::Value = serde_json::from_slice(&body(response).await).expect("JSON");
    assert_eq!(told, json!({ "node": "ws://127.0.0.1:9944", "genesis": null }));
}

#[test]
fn the_endpoint_is_one_that_a_browser_here_reaches() {
    let of = |addresses: &[&str]| endpoint(&addresses.iter().map(|text| address(text)).collect::<Vec<_>>());
    assert_eq!(of(&["/ip6/::1/tcp/9945", "/ip4/127.0.0.1/tcp/9944"]).as_deref(), Some("ws://127.0.0.1:9944"));
    assert_eq!(of(&["/ip4/0.0.0.0/tcp/9944"]).as_deref(), Some("ws://127.0.0.1:9944"));
    assert_eq!(of(&["/ip4/192.0.2.7/tcp/9944"]).as_deref(), Some("ws://192.0.2.7:9944"));
    assert_eq!(of(&["/ip6/::1/tcp/9944"]).as_deref(), Some("ws://[::1]:9944"));
    assert_eq!(of(&["/ip6/::/tcp/9944"]).as_deref(), Some("ws://[::1]:9944"));
    assert_eq!(of(&["/dns/node.example/tcp/9944"]), None);
    assert_eq!(of(&[]), None);
}

#[test]
fn only_what_is_named_by_its_content_is_kept_without_asking() {
    for path in [SCRIPT, "/assets/index-Dw8qLm20.css", "/assets/verifier-C1a2b3c4.wasm"] {
        assert_eq!(header(&get(path), "cache-control"), "public, max-age=31536000, immutable", "{path}");
    }
    for path in ["/", "/index.html", "/icon.svg", "/config.json", "/assets/readme.txt", "/assets/en-long-name.json"] {
        assert_eq!(header(&get(path), "cache-control"), "no-cache", "{path}");
    }
    assert_eq!(header(&get("/nothing.js"), "cache-control"), "no-store");
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let tag = header(&get("/index.html"), "etag").to_owned();
    assert!(tag.len() == 34 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    assert_ne!(tag, header(&get("/icon.svg"), "etag"), "other contents have other tags");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let response = ask("GET", "/", &[("if-none-match", &known)]);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&response, "etag"), tag);
        assert_eq!(header(&response, "content-length"), "");
        assert!(body(response).await.is_empty());
    }
    assert_eq!(ask("GET", "/", &[("if-none-match", "\"other\"")]).status(), StatusCode::OK);
}

#[tokio::test]
async fn a_head_is_an_answer_without_its_body() {
    for path in ["/", SCRIPT, "/config.json", "/nothing"] {
        let (of_get, of_head) = (get(path), ask("HEAD", path, &[]));
        assert_eq!(of_head.status(), of_get.status(), "{path}");
        assert_eq!(of_head.headers(), of_get.headers(), "{path}");
        assert!(body(of_head).await.is_empty(), "{path}");
    }
}

#[test]
fn no_path_leads_out() {
    for path in [
        "/../x",
        "/../../Cargo.toml",
        "/assets/../index.html",
        "/./index.html",
        "//index.html",
        "/assets",
        "/assets/",
        "/%2e%2e/x",
        "/..%2fx",
        "/index.html%00",
        "/etc/passwd",
        "*",
    ] {
        assert_eq!(get(path).status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn nothing_can_be_done_to_files() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let response = ask(method, "/", &[]);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(header(&response, "allow"), "GET, HEAD");
    }
}

#[test]
fn other_names_for_this_machine_are_refused() {
    for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "[::1]"] {
        assert_eq!(ask("GET", "/", &[("host", host)]).status(), StatusCode::OK, "{host}");
    }
    for host in
        ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost:8080.evil.example", "", "::1"]
    {
        assert_eq!(ask("GET", "/", &[("host", host)]).status(), StatusCode::BAD_REQUEST, "{host}");
    }
    // The name in the request line counts more than the header.
    let status = |url: &str| ask("GET", url, &[("host", "localhost")]).status();
    assert_eq!(status("http://127.0.0.1:8080/"), StatusCode::OK);
    assert_eq!(status("http://evil.example/"), StatusCode::BAD_REQUEST);
    let nameless = Request::builder().uri("/").body(()).expect("a request");
    assert_eq!(answer(&files(), &nameless).status(), StatusCode::BAD_REQUEST);
}

#[test]
fn every_answer_is_protected() {
    for response in [get("/"), get("/nothing"), ask("POST", "/", &[]), ask("GET", "/", &[("host", "evil.example")])] {
        for (name, value) in PROTECTION {
            assert_eq!(header(&response, name), value);
        }
    }
}

#[test]
fn the_policy_is_the_applications_own() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../explorer/index.html"))
        .expect("the application begins with a page")
        .to_lowercase();
    let own = page
        .split_once("http-equiv=\"content-security-policy\"")
        .and_then(|(_, rest)| rest.split_once("content=\""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(policy, _)| policy.split_whitespace().collect::<Vec<_>>().join(" "))
        .expect("the page has a policy");
    let served = PROTECTION[0].1;
    assert_eq!(format!("{}; frame-ancestors 'none'", own.trim_end_matches(';')), served);
}

/// What a server answers to these bytes until it closes the connection.
async fn exchange(request: &[u8]) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("some port is free");
    listener.set_nonblocking(true).expect("it can be waited for");
    let address = listener.local_addr().expect("it listens");
    let serving = tokio::spawn(server::run(listener, Arc::new(files())));
    let mut stream = TcpStream::connect(address).await.expect("somebody listens");
    stream.write_all(request).await.expect("it is sent");
    let mut answer = Vec::new();
    // A server that refuses does not read all of it, and the connection may be reset after the answer.
    while let Ok(1..) = stream.read_buf(&mut answer).await {}
    serving.abort();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_browser_is_served() {
    let answer = exchange(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\ncontent-length: 15\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n<!doctype html>"), "{answer}");
    let answer = exchange(b"HEAD / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\ncontent-length: 15\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    let answer = exchange(b"GET /../x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    assert!(exchange(b"\x16\x03\x01\x02\x00\r\n\r\n").await.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    let long = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "x".repeat(2 * LONGEST_HEAD));
    let answer = exchange(long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}
