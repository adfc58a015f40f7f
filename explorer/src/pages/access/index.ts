export { default as access } from "./access.svelte";
