export { default as verify } from "./verify.svelte";
