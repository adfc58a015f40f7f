import type { CurrencyView, OrganisationInfo } from "@citynet/ledger";

import { connection } from "./connection.svelte";
import { type Failure, failureOf } from "./failure";

/** How long to wait before it is asked again about a number that was not known, in milliseconds. */
const AGAIN = 10_000;

/**
 * The names that stand behind numbers on every page: organisations and currencies. They are asked for when the first page
 * needs one, and again when there is another connection or a number that is not known yet.
 */
class Names {
    #organisations: ReadonlyMap<number, OrganisationInfo> = $state.raw(new Map());
    #currencies: ReadonlyMap<number, CurrencyView> = $state.raw(new Map());
    /** Why there are none. Pages then show numbers, which say the same. */
    failure: Failure | null = $state.raw(null);
    #session = -1;
    #askedAt = 0;

    /** The organisation with a number, or undefined as long as it is not known. */
    organisation(id: number): OrganisationInfo | undefined {
        const found = this.#organisations.get(id);
        this.#want(found === undefined && id !== 0);
        return found;
    }

    /** All organisations by number, none until they are known. */
    get organisations(): readonly OrganisationInfo[] {
        this.#want(this.#organisations.size === 0);
        return [...this.#organisations.values()];
    }

    get currencies(): readonly CurrencyView[] {
        this.#want(this.#currencies.size === 0);
        return [...this.#currencies.values()];
    }

    currency(number: number): CurrencyView | undefined {
        const found = this.#currencies.get(number);
        this.#want(found === undefined);
        return found;
    }

    #want(missing: boolean): void {
        // Read in any case, so that whoever shows a name follows the connection.
        const { session, state } = connection;
        if (state !== "up") return;
        const another = session !== this.#session;
        if (!another && (!missing || Date.now() < this.#askedAt + AGAIN)) return;
        this.#session = session;
        this.#askedAt = Date.now();
        // Not while markup is being made: state must not change then.
        queueMicrotask(() => void this.#ask(session));
    }

    async #ask(session: number): Promise<void> {
        try {
            const { ledger } = connection;
            const [organisations, currencies] = await Promise.all([ledger.organisations(), ledger.currencies()]);
            if (session !== connection.session) return;
            this.#organisations = new Map(organisations.items.map((each) => [each.id, each]));
            this.#currencies = new Map(currencies.items.map((each) => [each.currency, each]));
            this.failure = null;
        } catch (error) {
            if (session === connection.session) this.failure = failureOf(error);
        }
    }
}

export const names = new Names();
