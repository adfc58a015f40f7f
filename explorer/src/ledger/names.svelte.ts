import type { CurrencyView, OrganisationInfo } from "@citynet/ledger";

import { Asked } from "./asked.svelte";

interface Known {
    readonly organisations: ReadonlyMap<number, OrganisationInfo>;
    readonly currencies: ReadonlyMap<number, CurrencyView>;
}

/** The names that stand behind numbers on every page: organisations and currencies. */
class Names {
    readonly #known = new Asked<Known>({ organisations: new Map(), currencies: new Map() }, async (ledger) => {
        const [organisations, currencies] = await Promise.all([ledger.organisations(), ledger.currencies()]);
        return {
            organisations: new Map(organisations.items.map((each) => [each.id, each])),
            currencies: new Map(currencies.items.map((each) => [each.currency, each])),
        };
    });

    /** The organisation with a number, or undefined as long as it is not known. */
    organisation(id: number): OrganisationInfo | undefined {
        const found = this.#known.value.organisations.get(id);
        this.#known.want(found === undefined && id !== 0);
        return found;
    }

    /** All organisations by number, none until they are known. */
    get organisations(): readonly OrganisationInfo[] {
        const { organisations } = this.#known.value;
        this.#known.want(organisations.size === 0);
        return [...organisations.values()];
    }

    get currencies(): readonly CurrencyView[] {
        const { currencies } = this.#known.value;
        this.#known.want(currencies.size === 0);
        return [...currencies.values()];
    }

    currency(number: number): CurrencyView | undefined {
        const found = this.#known.value.currencies.get(number);
        this.#known.want(found === undefined);
        return found;
    }
}

export const names = new Names();
