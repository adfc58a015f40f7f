import { isHash } from "../settings.svelte";

/** What `config.json` beside the page says. */
export interface Config {
    /** The node to ask, as `ws://…` or `wss://…`. */
    readonly node: string;
    /** The genesis hash that it has to have, if whoever hosts the page vouches for one. */
    readonly genesis: string | null;
}

/** Reads `config.json`. Throws when there is none or it makes no sense: a page that guesses might ask the wrong node. */
export async function config(fetching: typeof fetch = fetch): Promise<Config> {
    const answer = await fetching("./config.json", { cache: "no-cache" });
    if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
    return configOf(await answer.json());
}

export function configOf(found: unknown): Config {
    if (typeof found !== "object" || found === null) throw new Error("config.json: no object");
    const { node, genesis = null } = found as Record<string, unknown>;
    if (typeof node !== "string" || nodeUrl(node) === null) throw new Error("config.json: `node` is no ws:// or wss:// address");
    if (genesis !== null && (typeof genesis !== "string" || !isHash(genesis))) {
        throw new Error("config.json: `genesis` is neither null nor 0x and 64 lower-case hex digits");
    }
    return { node, genesis };
}

/** A node's address as a WebSocket's, or null where it is none. A node answers http and ws at the same address. */
export function nodeUrl(text: string): string | null {
    let url: URL;
    try {
        url = new URL(text.trim());
    } catch {
        // No address at all.
        return null;
    }
    if (url.protocol === "http:") url.protocol = "ws:";
    if (url.protocol === "https:") url.protocol = "wss:";
    return url.protocol === "ws:" || url.protocol === "wss:" ? url.href.replace(/\/$/, "") : null;
}
