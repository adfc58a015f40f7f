import type { CodeList } from "@citynet/ledger";

import { connection } from "../ledger/connection.svelte";
import { type Failure, failureOf } from "../ledger/failure";

import { CODES } from "./codes";

/** How long to wait before it is asked again about a code that was not known, in milliseconds. */
const AGAIN = 10_000;

/** The codes that the council added. They are asked for only where a page shows one. */
class Added {
    #names: Readonly<Record<CodeList, ReadonlyMap<number, string>>> = $state.raw({
        purpose: new Map(),
        legal_basis: new Map(),
    });
    /** Why there are none. Pages then show numbers, which say the same. */
    failure: Failure | null = $state.raw(null);
    #session = -1;
    #askedAt = 0;

    /** The name of a code, such as `dpv:AcademicResearch`, or undefined as long as it is not known. */
    term(list: CodeList, code: number): string | undefined {
        const known = CODES[list][code];
        if (known !== undefined) return known;
        const found = this.#names[list].get(code);
        if (found === undefined) this.#want();
        return found;
    }

    #want(): void {
        const { session, state } = connection;
        if (state !== "up") return;
        if (session === this.#session && Date.now() < this.#askedAt + AGAIN) return;
        this.#session = session;
        this.#askedAt = Date.now();
        // Not while markup is being made: state must not change then.
        queueMicrotask(() => void this.#ask(session));
    }

    async #ask(session: number): Promise<void> {
        try {
            const { ledger } = connection;
            const [purposes, bases] = await Promise.all([
                ledger.codes({ list: "purpose" }),
                ledger.codes({ list: "legal_basis" }),
            ]);
            if (session !== connection.session) return;
            this.#names = {
                purpose: new Map(purposes.items.map(({ code, name }) => [code, name])),
                legal_basis: new Map(bases.items.map(({ code, name }) => [code, name])),
            };
            this.failure = null;
        } catch (error) {
            if (session === connection.session) this.failure = failureOf(error);
        }
    }
}

export const added = new Added();
