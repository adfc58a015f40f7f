export { default as record } from "./record.svelte";
export { default as records } from "./records.svelte";
