export { default as settings } from "./settings.svelte";
