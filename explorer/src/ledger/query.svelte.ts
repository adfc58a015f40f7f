import type { AnyPage, Ledger } from "@citynet/ledger";
import { untrack } from "svelte";

import { connection } from "./connection.svelte";
import { type Failure, failureOf, passes } from "./failure";

/** How it stands with something asked for. */
export type LoadState<T> =
    | { readonly phase: "loading" }
    /** `stale`: why it could not be asked for anew; what is shown is what was true before. */
    | { readonly phase: "ready"; readonly value: T; readonly stale: Failure | null }
    | { readonly phase: "failed"; readonly failure: Failure };

/** What `load` gives. It is reactive: read it in markup or in `$derived`. */
export interface Query<T> {
    readonly state: LoadState<T>;
    /** What was answered, or undefined until then. */
    readonly value: T | undefined;
    /** Asks again. */
    reload(): void;
}

/** How often a live query asks again at most, in milliseconds. */
const LIVE_EVERY = 4_000;

/** What of the connection a query depends on. Tests have their own. */
export interface Source {
    readonly state: "connecting" | "up" | "down" | "foreign";
    readonly failure: Failure | null;
    readonly session: number;
    readonly head: { readonly number: number } | null;
    readonly ledger: Ledger;
}

/**
 * Asks the ledger, and again whenever something reactive that `ask` reads before its first `await` changes:
 *
 *     const { parameters } = $props();
 *     const grant = load((ledger) => ledger.grant({ grant: parameters.grant }), { live: true });
 *
 * `live` asks again at new finalised blocks. Whatever failed for want of a connection or a synchronised node is asked again
 * when there is one. It has to be called while a component is made, and ends with it.
 */
export function load<T>(
    ask: (ledger: Ledger) => Promise<T>,
    options: { live?: boolean; source?: Source } = {},
): Query<T> {
    const source = options.source ?? connection;
    let state: LoadState<T> = $state.raw({ phase: "loading" });
    let wishes = $state(0);
    /** Grows with each question, so that an answer to one before is recognised. */
    let asked = 0;
    let underWay = false;
    let lastAsked = 0;

    function start(afresh: boolean): void {
        const question = ++asked;
        if (afresh) state = { phase: "loading" };
        underWay = true;
        lastAsked = Date.now();
        let answer: Promise<T>;
        try {
            // Tracked, so that what it reads is asked for anew when it changes.
            answer = ask(source.ledger);
        } catch (error) {
            answer = Promise.reject(error);
        }
        answer.then(
            (value) => {
                if (question === asked) state = { phase: "ready", value, stale: null };
            },
            (error: unknown) => {
                if (question === asked) fail(failureOf(error));
            },
        ).finally(() => {
            if (question === asked) underWay = false;
        });
    }

    function fail(failure: Failure): void {
        // What is not there any more must not go on being shown; what cannot be asked for may, if it says so.
        state = state.phase === "ready" && passes(failure)
            ? { ...state, stale: failure }
            : { phase: "failed", failure };
    }

    let sessionBefore = -1;
    let wishesBefore = 0;
    $effect(() => {
        const { session } = source;
        const connected = source.state;
        if (connected === "connecting") {
            // Another node was chosen: what the one before said is not to be taken for its word.
            untrack(() => {
                asked++;
                underWay = false;
                state = { phase: "loading" };
            });
            return;
        }
        if (connected !== "up") {
            const why = source.failure;
            untrack(() => {
                asked++;
                underWay = false;
                if (why !== null) fail(why);
            });
            return;
        }
        // A new connection to the same node, or a wish, keeps what is shown until the answer comes; other parameters do not.
        const again = session !== sessionBefore || wishes !== wishesBefore;
        const shown = untrack(() => state.phase === "ready");
        sessionBefore = session;
        wishesBefore = wishes;
        start(!(again && shown));
    });

    $effect(() => {
        const number = source.head?.number;
        const up = source.state === "up";
        if (number === undefined || !up) return;
        return untrack(() => {
            const waits = state.phase === "failed" ? passes(state.failure) : state.phase === "ready" && state.stale !== null;
            if (options.live !== true && !waits) return undefined;
            const timer = setTimeout(
                () => {
                    // It may not be live any more, such as a list of which more pages were asked for meanwhile.
                    if (!underWay && (options.live === true || waits)) start(false);
                },
                Math.max(300, lastAsked + LIVE_EVERY - Date.now()),
            );
            return () => {
                // With short blocks the next head comes before the pause is over; the pause is not begun anew then, since
                // it is counted from the last question.
                clearTimeout(timer);
            };
        });
    });

    return {
        get state() {
            return state;
        },
        get value() {
            return state.phase === "ready" ? state.value : undefined;
        },
        reload: () => {
            wishes++;
        },
    };
}

/** What `pages` gives: a list of which the first pages are here. */
export interface Pages<T> {
    readonly state: LoadState<readonly T[]>;
    readonly items: readonly T[];
    /** Whether these are all items. */
    readonly complete: boolean;
    /** Whether there is another page to ask for. Where there is none and the list is not complete, the rest cannot be had. */
    readonly more: boolean;
    /** Whether the next page is under way. */
    readonly busy: boolean;
    /** Why the next page did not come. */
    readonly trouble: Failure | null;
    /** The block that all of it is true for. */
    readonly anchor: { readonly number: number; readonly hash: string } | null;
    /** Asks for the next page. */
    next(): void;
    /** Begins anew with the first page, at the newest state. */
    reload(): void;
}

/**
 * A list, page after page at one state of the ledger:
 *
 *     const records = pages((ledger, cursor) => ledger.records({ filter: { subject: "grant:5" }, cursor }));
 *
 * `ask` must ask for the same list each time; when something reactive in it changes, the list begins anew. `live` asks for
 * the first page again at new blocks, while it is the only one that is shown.
 */
export function pages<T>(
    ask: (ledger: Ledger, cursor: string | undefined) => Promise<AnyPage<T>>,
    options: { live?: boolean; source?: Source } = {},
): Pages<T> {
    const source = options.source ?? connection;
    let further: readonly T[] = $state.raw([]);
    let last: AnyPage<T> | null = $state.raw(null);
    let busy = $state(false);
    let trouble: Failure | null = $state.raw(null);
    let walk = 0;

    const first = load(
        (ledger) => {
            const page = ask(ledger, undefined);
            return page.then((value) => ({ page: value }));
        },
        {
            source,
            get live() {
                return options.live === true && untrack(() => last === null && !busy);
            },
        },
    );

    // A first page that came anew is the beginning of another walk: pages of the walk before are about another block.
    $effect(() => {
        void first.value;
        untrack(() => {
            walk++;
            further = [];
            last = null;
            busy = false;
            trouble = null;
        });
    });

    const newest = $derived(last ?? first.value?.page ?? null);
    const items = $derived<readonly T[]>([...(first.value?.page.items ?? []), ...further]);

    return {
        get state(): LoadState<readonly T[]> {
            const { state } = first;
            return state.phase === "ready" ? { phase: "ready", value: items, stale: state.stale } : state;
        },
        get items() {
            return items;
        },
        get complete() {
            return newest?.complete === true;
        },
        get more() {
            return newest !== null && newest.next !== null;
        },
        get busy() {
            return busy;
        },
        get trouble() {
            return trouble;
        },
        get anchor() {
            return first.value?.page.anchor ?? null;
        },
        next: () => {
            const cursor = newest?.next ?? null;
            if (cursor === null || busy) return;
            const ours = walk;
            busy = true;
            trouble = null;
            void (async () => {
                try {
                    const page = await ask(source.ledger, cursor);
                    if (ours !== walk) return;
                    if (page.anchor.hash !== first.value?.page.anchor.hash) {
                        throw new Error("a page is about another block than the first one");
                    }
                    further = [...further, ...page.items];
                    last = page;
                } catch (error) {
                    if (ours === walk) trouble = failureOf(error);
                } finally {
                    if (ours === walk) busy = false;
                }
            })();
        },
        reload: () => first.reload(),
    };
}
