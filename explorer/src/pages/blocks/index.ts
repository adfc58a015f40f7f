export { default as account } from "./account.svelte";
export { default as block } from "./block.svelte";
export { default as blocks } from "./blocks.svelte";
export { default as extrinsic } from "./extrinsic.svelte";
