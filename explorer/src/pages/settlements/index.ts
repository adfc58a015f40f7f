export { default as cycle } from "./cycle.svelte";
export { default as obligation } from "./obligation.svelte";
export { default as settlements } from "./settlements.svelte";
export { default as statement } from "./statement.svelte";
