export { default as grant } from "./grant.svelte";
export { default as grants } from "./grants.svelte";
