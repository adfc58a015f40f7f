import type { CodeList } from "@citynet/ledger";

import { Asked } from "../ledger/asked.svelte";

import { CODES } from "./codes";

/** The codes that the council added. They are asked for only where a page shows one. */
class Added {
    readonly #names = new Asked<Readonly<Record<CodeList, ReadonlyMap<number, string>>>>(
        { purpose: new Map(), legal_basis: new Map() },
        async (ledger) => {
            const [purposes, bases] = await Promise.all([
                ledger.codes({ list: "purpose" }),
                ledger.codes({ list: "legal_basis" }),
            ]);
            return {
                purpose: new Map(purposes.items.map(({ code, name }) => [code, name])),
                legal_basis: new Map(bases.items.map(({ code, name }) => [code, name])),
            };
        },
    );

    /** The name of a code, such as `dpv:AcademicResearch`, or undefined as long as it is not known. */
    term(list: CodeList, code: number): string | undefined {
        const known = CODES[list][code];
        if (known !== undefined) return known;
        const found = this.#names.value[list].get(code);
        if (found === undefined) this.#names.want(true);
        return found;
    }
}

export const added = new Added();
