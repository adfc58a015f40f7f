import type { Anchor } from "./generated.js";

/** A page of any list. */
export interface AnyPage<T> {
    anchor: Anchor;
    items: T[];
    next: string | null;
    complete: boolean;
}

/**
 * All items of a list, page by page, at one state of the ledger:
 *
 *     for await (const record of items((cursor) => ledger.records({ filter, cursor }))) …
 *
 * `ask` must ask for the same list each time. Throws when a page is about another block than the first one, or when the
 * list ends before it is complete, as that of `citynet_dependents` does where there are too many.
 */
export async function* items<T>(ask: (cursor: string | undefined) => Promise<AnyPage<T>>): AsyncGenerator<T, void> {
    let cursor: string | undefined;
    let anchor: string | undefined;
    for (;;) {
        const page = await ask(cursor);
        anchor ??= page.anchor.hash;
        if (page.anchor.hash !== anchor) throw new Error("a page is about another block than the first one");
        yield* page.items;
        if (page.next === null) {
            if (!page.complete) throw new Error("the list is not complete, and there is no next page");
            return;
        }
        cursor = page.next;
    }
}
