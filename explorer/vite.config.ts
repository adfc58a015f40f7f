import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** The development server puts style sheets into the page and talks to it, which the policy of the built page forbids. */
function withoutPolicyWhileServing(): Plugin {
    return {
        name: "without-policy-while-serving",
        apply: "serve",
        transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="content-security-policy"[^>]*>/i, ""),
    };
}

export default defineConfig({
    base: "./",
    plugins: [svelte(), withoutPolicyWhileServing()],
    resolve: {
        alias: { "@citynet/ledger": new URL("../client/typescript/src/index.ts", import.meta.url).pathname },
    },
    server: { fs: { allow: [".", "../client/typescript/src"] } },
    build: {
        target: "es2022",
        // Inlined as data: URLs they would need a wider policy.
        assetsInlineLimit: 0,
        // For scripts/size.mjs.
        manifest: "chunks.json",
    },
    worker: { format: "es" },
});
