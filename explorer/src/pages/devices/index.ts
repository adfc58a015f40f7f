export { default as batch } from "./batch.svelte";
export { default as device } from "./device.svelte";
export { default as devices } from "./devices.svelte";
