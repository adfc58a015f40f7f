export { connection, type ConnectionState, type Genesis } from "./connection.svelte";
export { type Failure, FailureError, failureOf, passes } from "./failure";
export { feed, type Feed } from "./feed.svelte";
export { type Head, slotOf } from "./head";
export { names } from "./names.svelte";
export { load, type LoadState, pages, type Pages, type Query } from "./query.svelte";
export { type Header, isHeader } from "./substrate";
