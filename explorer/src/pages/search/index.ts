export { default as search } from "./search.svelte";
