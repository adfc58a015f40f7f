export { default as dataset } from "./dataset.svelte";
export { default as datasets } from "./datasets.svelte";
export { default as deviceLineage } from "./device-lineage.svelte";
export { default as lineage } from "./lineage.svelte";
export { default as version } from "./version.svelte";
