//! Sockets that send what no client would.
//!
//! Only as much of HTTP (RFC 9112) and of WebSocket (RFC 6455) as a JSON-RPC server of the SDK needs: answers have a
//! length, and messages one frame.

use anyhow::{bail, ensure, Context as _, Result};
use std::str::from_utf8;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Beyond any head that a server answers with.
const MAX_HEAD: usize = 16 * 1024;

/// What a server answers by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Posts a body as JSON, over a connection of its own. `None` when the server hangs up.
///
/// # Errors
///
/// When nobody listens there, or what comes back is no HTTP.
pub async fn post(address: &str, body: &[u8]) -> Result<Option<Answer>> {
    let mut stream = begin_post(address, body.len()).await?;
    let (mut reader, mut writer) = stream.split();
    let mut received = Vec::new();
    // A server that has refused it need not read it, and whether it then hangs up is to be seen in what was received.
    let (_, _) = tokio::join!(writer.write_all(body), reader.read_to_end(&mut received));
    if received.is_empty() {
        return Ok(None);
    }
    let end = head_end(&received).context("an answer has a head")?;
    let (head, body) = received.split_at(end);
    Ok(Some(Answer { status: status(head)?, body: body.to_vec() }))
}

/// Connects and sends the head of a POST whose body shall have that length, and nothing of the body.
///
/// # Errors
///
/// When nobody listens there.
pub async fn begin_post(address: &str, length: usize) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await.with_context(|| format!("no connection to {address}"))?;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}

/// Where the head of an answer ends, and its body begins.
fn head_end(received: &[u8]) -> Option<usize> {
    received.windows(4).position(|end| end == b"\r\n\r\n").map(|position| position + 4)
}

/// The status in `HTTP/1.1 200 OK`.
fn status(head: &[u8]) -> Result<u16> {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let status = from_utf8(line).ok().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    status.with_context(|| format!("no status: {}", String::from_utf8_lossy(line)))
}

/// A WebSocket.
#[derive(Debug)]
pub struct WebSocket {
    stream: TcpStream,
}

impl WebSocket {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When the server does not switch to WebSocket.
    pub async fn open(address: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await.with_context(|| format!("no connection to {address}"))?;
        let head = format!(
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut received = Vec::new();
        while head_end(&received).is_none() {
            ensure!(received.len() < MAX_HEAD, "the head of the answer does not end");
            received.push(stream.read_u8().await.context("the server hung up")?);
        }
        let status = status(&received)?;
        ensure!(status == 101, "the server answers {status} instead of switching to WebSocket");
        Ok(Self { stream })
    }

    /// Sends a message as text, whether it is any or not.
    ///
    /// # Errors
    ///
    /// When the server has hung up.
    pub async fn send(&mut self, message: &[u8]) -> Result<()> {
        self.frame(0x81, message).await
    }

    /// Sends a frame that ends a message. Its mask, which a client must have, is zero and changes nothing.
    async fn frame(&mut self, first: u8, payload: &[u8]) -> Result<()> {
        let mut frame = vec![first];
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length), _) if length < 126 => frame.push(0x80 | length),
            (_, Ok(length)) => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
            _ => {
                frame.push(0x80 | 127);
                frame.extend(u64::try_from(payload.len())?.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        Ok(self.stream.write_all(&frame).await?)
    }

    /// The next message. `None` when the server closes.
    ///
    /// # Errors
    ///
    /// When what comes is no WebSocket frame that a server of messages would send.
    pub async fn receive(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            let mut head = [0; 2];
            if self.stream.read_exact(&mut head).await.is_err() {
                return Ok(None);
            }
            let length = match head[1] {
                126 => u64::from(self.stream.read_u16().await?),
                127 => self.stream.read_u64().await?,
                short => u64::from(short),
            };
            let mut payload = vec![0; usize::try_from(length)?];
            self.stream.read_exact(&mut payload).await?;
            match head[0] {
                0x81 => return Ok(Some(payload)),
                0x88 => return Ok(None),
                0x89 => self.frame(0x8a, &payload).await?,
                0x8a => {}
                other => bail!("a frame that begins with {other:#x}"),
            }
        }
    }
}
