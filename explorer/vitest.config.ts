import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import vite from "./vite.config.ts";

const conditions = ["browser", "module", "import", "default"];

export default defineConfig({
    // Effects run on the client only. Without all of this, tests are compiled as for rendering on a server, and are given the
    // library's parts for servers, where nothing is untracked.
    plugins: [svelte({ dynamicCompileOptions: () => ({ generate: "client" }) })],
    resolve: { ...vite.resolve, conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], server: { deps: { inline: [/svelte/] } } },
});
