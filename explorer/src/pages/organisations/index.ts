export { default as organisation } from "./organisation.svelte";
export { default as organisations } from "./organisations.svelte";
export { default as validators } from "./validators.svelte";
export { default as votes } from "./votes.svelte";
