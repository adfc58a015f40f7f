import type { Ledger } from "@citynet/ledger";

import { connection } from "./connection.svelte";

/** How long to wait before it is asked again about what was not known, in milliseconds. */
const AGAIN = 10_000;

/**
 * What stands behind numbers on many pages. It is asked for once, when the first page wants it, and again with another
 * connection, or where something is missing in it.
 */
export class Asked<T> {
    /** What was answered last. */
    value: T;
    readonly #ask: (ledger: Ledger) => Promise<T>;
    #session = -1;
    #askedAt = 0;

    constructor(before: T, ask: (ledger: Ledger) => Promise<T>) {
        this.value = $state.raw(before);
        this.#ask = ask;
    }

    /** Sees to it that it is there. `missing`: what is wanted of it is not in what there is. */
    want(missing: boolean): void {
        // Read in any case, so that whoever shows it follows the connection.
        const { session, state } = connection;
        if (state !== "up") return;
        const another = session !== this.#session;
        if (!another && (!missing || Date.now() < this.#askedAt + AGAIN)) return;
        this.#session = session;
        this.#askedAt = Date.now();
        // Not while markup is being made: state must not change then.
        queueMicrotask(() => void this.#begin(session));
    }

    async #begin(session: number): Promise<void> {
        try {
            const value = await this.#ask(connection.ledger);
            if (session === connection.session) this.value = value;
        } catch {
            // Pages go on showing the numbers, which say the same, and ask again; that the node fails is said by what they load.
        }
    }
}
