//! HTTP/1.1 over connections that are few, short and slow at most.

use super::{answer::answer, files::Files};
use hyper::{body::Incoming, server::conn::http1, service::service_fn, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

/// Connections at a time; a browser opens six. Further ones wait for one of these to end.
const CONNECTIONS: usize = 64;
/// The longest head of a request, in bytes.
pub const LONGEST_HEAD: usize = 16 * 1024;
/// For how long a client may take to send one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// For how long a connection is kept, and for how long after that it may take to end what it is at. Who reads slower than
/// this, or nothing, holds it no longer.
const LIFE: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(30);
/// After a failure to take a connection, such as too many open files.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves the files until the node ends.
pub async fn run(listener: std::net::TcpListener, files: Arc<Files>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "The explorer is not served. The node goes on without it.");
            return;
        }
    };
    match listener.local_addr() {
        Ok(address) => tracing::info!("The explorer is served at http://{address}/."),
        Err(error) => tracing::info!(%error, "The explorer is served, at an address that is not known."),
    }
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = free.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let files = files.clone();
                tokio::spawn(async move {
                    connection(stream, files).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "A connection to the explorer was not taken.");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, files: Arc<Files>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = answer(&files, &request);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = match timeout(LIFE, connection.as_mut()).await {
        Ok(ended) => Ok(ended),
        Err(_) => {
            connection.as_mut().graceful_shutdown();
            timeout(GRACE, connection).await
        }
    };
    // What a client does wrong is its own affair.
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "A connection to the explorer failed."),
        Err(_) => tracing::debug!("A connection to the explorer was too slow."),
    }
}
