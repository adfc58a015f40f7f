//! Bounds the answers that a connection does not read.
//!
//! jsonrpsee's server has a task for every message of a WebSocket. The task makes the answer and then waits, with it,
//! until the connection's buffer has room; messages are read and answered meanwhile, as many as come. So who asks and does
//! not read would fill the node's memory. [`bounded`] gives every connection a few places: a call takes one before its
//! answer is made and leaves it when the buffer has taken the answer. Other calls wait; those that get no place in time are
//! refused, and have cost nothing. What a WebSocket can make a node hold is then as many answers as there are places, those
//! in the buffer, and the one that is being sent.
//!
//! # What is not bounded
//!
//! * The answers of batches. They belong to no call, so nobody is told when one was taken: the calls in it have left their
//!   places when it begins to wait.
//! * Answers over HTTP. A call leaves its place when it is answered; what is not read waits in the TCP connection's task.
//! * Methods that are not given to [`bounded`], how many connections there are, and what is small: refusals, and calls that
//!   wait for a place.

use crate::Error;
use jsonrpsee::{
    core::RegisterMethodError,
    types::{ErrorObjectOwned, Response},
    AsyncMethod, ConnectionId, MethodCallback, MethodResponse, MethodResponseError, Methods, ResponsePayload,
};
use serde_json::value::RawValue;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How much a connection may leave unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadLimits {
    /// How many of its calls are being answered, or have an answer that the connection's buffer has no room for.
    pub answers: u32,
    /// How long other calls wait before they are refused.
    pub patience: Duration,
}

impl Default for UnreadLimits {
    fn default() -> Self {
        Self { answers: 8, patience: Duration::from_secs(10) }
    }
}

/// The same methods, which refuse with [`Error::LimitExceeded`] a connection that does not read their answers. Subscriptions
/// stay as they are: their own buffers are bounded.
///
/// # Errors
///
/// None: names that differ stay different.
pub fn bounded(methods: &Methods, limits: UnreadLimits) -> Result<Methods, RegisterMethodError> {
    let connections = Arc::new(Connections { limits, open: Mutex::default() });
    let mut bounded = Methods::new();
    for name in methods.method_names() {
        if let Some(callback) = methods.method(name) {
            bounded.verify_and_insert(name, with_place(callback, &connections))?;
        }
    }
    Ok(bounded)
}

/// A method whose calls have a place of their connection.
fn with_place(callback: &MethodCallback, connections: &Arc<Connections>) -> MethodCallback {
    let answer: AsyncMethod<'static> = match callback {
        MethodCallback::Sync(answer) => {
            let answer = answer.clone();
            Arc::new(move |id, params, _, max_size, extensions| {
                let answer = answer.clone();
                Box::pin(async move { answer(id, params, max_size, extensions) })
            })
        }
        MethodCallback::Async(answer) => answer.clone(),
        MethodCallback::Subscription(_) | MethodCallback::Unsubscription(_) => return callback.clone(),
    };
    let connections = connections.clone();
    MethodCallback::Async(Arc::new(move |id, params, connection, max_size, extensions| {
        let (answer, connections) = (answer.clone(), connections.clone());
        Box::pin(async move {
            match connections.place(connection).await {
                Ok(place) => place.hold(answer(id, params, connection, max_size, extensions).await),
                Err(error) => MethodResponse::error(id, ErrorObjectOwned::from(error)).with_extensions(extensions),
            }
        })
    }))
}

/// The connections that have calls.
///
/// To the SDK's server every request over HTTP is a connection. Each of its listeners numbers its own, so that two may have
/// the same number, and then share their places.
struct Connections {
    limits: UnreadLimits,
    open: Mutex<HashMap<ConnectionId, Connection>>,
}

struct Connection {
    calls: usize,
    places: Arc<Semaphore>,
}

impl Connections {
    /// Waits for a place.
    async fn place(self: &Arc<Self>, connection: ConnectionId) -> Result<Place, Error> {
        let UnreadLimits { answers, patience } = self.limits;
        let call = Call::begin(self.clone(), connection);
        match timeout(patience, call.places.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Place { _permit: permit, _call: call }),
            // Nobody closes the semaphore: there was no place.
            Ok(Err(_)) | Err(_) => {
                Err(Error::LimitExceeded { what: "unread answers of one connection", limit: answers })
            }
        }
    }

    /// What a panic left behind is whole: calls are counted in one step.
    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that has a place or waits for one. A connection without calls is forgotten.
struct Call {
    connections: Arc<Connections>,
    id: ConnectionId,
    places: Arc<Semaphore>,
}

impl Call {
    fn begin(connections: Arc<Connections>, id: ConnectionId) -> Self {
        let answers = usize::try_from(connections.limits.answers).unwrap_or(Semaphore::MAX_PERMITS);
        let places = {
            let mut open = connections.lock();
            let connection =
                open.entry(id).or_insert_with(|| Connection { calls: 0, places: Arc::new(Semaphore::new(answers)) });
            connection.calls += 1;
            connection.places.clone()
        };
        Self { connections, id, places }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut open = self.connections.lock();
        if let Some(connection) = open.get_mut(&self.id) {
            connection.calls -= 1;
            if connection.calls == 0 {
                open.remove(&self.id);
            }
        }
    }
}

/// A place that a call has.
struct Place {
    _permit: OwnedSemaphorePermit,
    _call: Call,
}

impl Place {
    /// The same answer, which keeps the place until the connection's buffer has taken it, or it is thrown away.
    ///
    /// jsonrpsee tells of that only whom it told to when the answer was made, so it is made once more.
    fn hold(self, mut answer: MethodResponse) -> MethodResponse {
        let (is_success, extensions) = (answer.is_success(), std::mem::take(answer.extensions_mut()));
        let (text, listener) = answer.into_parts();
        let Response { payload, id, .. } = serde_json::from_str::<Response<'_, &RawValue>>(&text)
            .expect("jsonrpsee writes every answer as a response of JSON-RPC 2.0");
        let (payload, taken) = ResponsePayload::from(payload).notify_on_completion();
        // It was found to be small enough when it was made first.
        let answer = MethodResponse::response(id, payload, usize::MAX).with_extensions(extensions);
        tokio::spawn(async move {
            let taken = taken.await;
            drop(self);
            if let (Some(listener), Ok(()) | Err(MethodResponseError::JsonRpcError)) = (listener, taken) {
                listener.notify(is_success);
            }
        });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: UnreadLimits = UnreadLimits { answers: 1, patience: Duration::ZERO };

    #[tokio::test]
    async fn connections_have_places_of_their_own() {
        let connections = Arc::new(Connections { limits: ONE, open: Mutex::default() });
        let first = connections.place(ConnectionId(1)).await.ok();
        assert!(first.is_some());
        let refused = connections.place(ConnectionId(1)).await.err();
        assert!(matches!(refused, Some(Error::LimitExceeded { limit: 1, .. })), "{refused:?}");
        assert!(connections.place(ConnectionId(2)).await.is_ok());
        drop(first);
        assert!(connections.place(ConnectionId(1)).await.is_ok());
    }

    #[tokio::test]
    async fn a_connection_without_calls_is_forgotten() {
        let connections = Arc::new(Connections { limits: ONE, open: Mutex::default() });
        let place = connections.place(ConnectionId(1)).await.ok();
        assert!(connections.place(ConnectionId(1)).await.is_err());
        assert_eq!(connections.lock().len(), 1);
        drop(place);
        assert!(connections.lock().is_empty());
    }
}
