export { default as overview } from "./overview.svelte";
