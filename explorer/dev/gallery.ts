import "../src/app.css";

import { mount } from "svelte";

import Gallery from "./gallery.svelte";

const target = document.querySelector("#app");
if (target === null) throw new Error("gallery.html has no #app");
mount(Gallery, { target });
