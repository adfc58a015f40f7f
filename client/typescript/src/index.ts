export { LedgerError, TransportError } from "./errors.js";
export * from "./generated.js";
export { Ledger } from "./ledger.js";
export { type AnyPage, items } from "./pages.js";
export {
    DEFAULT_TIMEOUT,
    type HttpOptions,
    HttpTransport,
    type Listener,
    type SubscribingTransport,
    type Transport,
    type WebSocketLike,
    type WebSocketOptions,
    WebSocketTransport,
} from "./transport.js";
export { type RecordBatch, watchRecords, type WatchOptions } from "./watch.js";
