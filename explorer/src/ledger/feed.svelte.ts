import type { Anchor, FilterParams, RecordView } from "@citynet/ledger";

import { connection } from "./connection.svelte";
import { type Failure, failureOf } from "./failure";

/** Records as they become final, the newest first. */
export interface Feed {
    readonly items: readonly RecordView[];
    /** The block to which it has come, or null before the first notification. */
    readonly anchor: Anchor | null;
    /** How many came since it began, also those that were dropped from `items`. */
    readonly count: number;
    /** What interrupts it for now. It goes on by itself. */
    readonly interruption: string | null;
    /** Why it ended. */
    readonly failure: Failure | null;
}

/**
 * Follows the journal from now on, or from an index on, while the component is there:
 *
 *     const news = feed(() => ({ subject: "device:1" }), { keep: 50 });
 *
 * Whatever reactive the filter reads begins it anew.
 */
export function feed(
    filter: () => FilterParams,
    options: { keep?: number; from?: string } = {},
): Feed {
    const keep = options.keep ?? 100;
    let items: readonly RecordView[] = $state.raw([]);
    let anchor: Anchor | null = $state.raw(null);
    let count = $state(0);
    let interruption: string | null = $state(null);
    let failure: Failure | null = $state.raw(null);

    $effect(() => {
        // A new session follows the loss of a connection, on which a watch would go on by itself; but another transport does.
        void connection.session;
        if (connection.state !== "up") return;
        const abort = new AbortController();
        const asked = filter();
        items = [];
        anchor = null;
        count = 0;
        interruption = null;
        failure = null;
        void (async () => {
            try {
                const watch = connection.ledger.watchRecords({
                    filter: asked,
                    signal: abort.signal,
                    onInterruption: (reason) => {
                        if (!abort.signal.aborted) interruption = reason;
                    },
                    ...(options.from === undefined ? {} : { from: options.from }),
                });
                for await (const batch of watch) {
                    if (abort.signal.aborted) return;
                    interruption = null;
                    anchor = batch.anchor;
                    count += batch.items.length;
                    items = [...batch.items.toReversed(), ...items].slice(0, keep);
                }
            } catch (error) {
                if (!abort.signal.aborted) failure = failureOf(error);
            }
        })();
        return () => abort.abort();
    });

    return {
        get items() {
            return items;
        },
        get anchor() {
            return anchor;
        },
        get count() {
            return count;
        },
        get interruption() {
            return interruption;
        },
        get failure() {
            return failure;
        },
    };
}
