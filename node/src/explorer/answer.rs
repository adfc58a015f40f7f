//! What a request is answered.

use super::files::{File, Files};
use http_body_util::Full;
use hyper::{
    body::Bytes,
    header::{HeaderMap, HeaderValue, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH},
    Method, Request, Response, StatusCode,
};

/// What the browser shall see to. The policy is the one in the application's own `index.html`, and that no page may
/// frame it, which only a header can say.
pub const PROTECTION: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self' http: https: ws: wss:; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// For files that are named by their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For files that may be others next time: they are asked for again, and only sent where they are.
const ASK_AGAIN: &str = "no-cache";
/// For what says that something is wrong.
const NEVER: &str = "no-store";

/// Answers from the files.
pub fn answer<B>(files: &Files, request: &Request<B>) -> Response<Full<Bytes>> {
    let (method, path) = (request.method(), request.uri().path());
    let mut response = if !is_for_this_machine(request) {
        told(StatusCode::BAD_REQUEST, "The explorer is served to this machine alone, as 127.0.0.1 or localhost.\n")
    } else if method != Method::GET && method != Method::HEAD {
        let mut response = told(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD can be asked.\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    } else {
        match files.find(path) {
            Some(file) if is_known(request.headers(), file) => not_modified(file),
            Some(file) => found(file),
            None => told(StatusCode::NOT_FOUND, "There is no such file.\n"),
        }
    };
    for (name, value) in PROTECTION {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if method == Method::HEAD {
        // With the length of what GET would answer.
        *response.body_mut() = Full::default();
    }
    response
}

/// Whether the request names this machine. A page of another site that had its own name lead here would name that.
fn is_for_this_machine<B>(request: &Request<B>) -> bool {
    let named = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST).and_then(|host| host.to_str().ok()),
    };
    named.is_some_and(|named| {
        let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let host = named.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(named, |(host, _)| host);
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| host.eq_ignore_ascii_case(local))
    })
}

/// Whether the browser has the file already.
fn is_known(headers: &HeaderMap, file: &File) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|value| value.split(',')).map(str::trim).any(|tag| {
        // Compared weakly, as RFC 9110 has it for GET and HEAD.
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == file.tag.as_bytes()
    })
}

fn found(file: &File) -> Response<Full<Bytes>> {
    let mut response = with_content(StatusCode::OK, file.media_type, file.content.clone());
    caching(response.headers_mut(), file);
    response
}

fn not_modified(file: &File) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    caching(response.headers_mut(), file);
    response
}

fn caching(headers: &mut HeaderMap, file: &File) {
    headers.insert(ETAG, file.tag.clone());
    let caching = if file.immutable { FOR_EVER } else { ASK_AGAIN };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
}

/// A few words for whoever asked.
fn told(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let mut response = with_content(status, "text/plain; charset=utf-8", Bytes::from_static(words.as_bytes()));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(NEVER));
    response
}

fn with_content(status: StatusCode, media_type: &'static str, content: Bytes) -> Response<Full<Bytes>> {
    let length = content.len();
    let mut response = Response::new(Full::new(content));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
