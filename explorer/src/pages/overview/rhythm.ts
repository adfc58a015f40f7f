import { isHeader, slotOf } from "../../ledger";

/** A block and the slot in which it was made. */
export interface Beat {
    readonly number: number;
    readonly slot: bigint;
}

/** Asks by a method of Substrate's own. */
export type Request = (method: string, parameters: readonly unknown[]) => Promise<unknown>;

/**
 * The slots of the last blocks up to the newest, in order. `known` keeps those that were asked for: a finalised block never
 * changes. Blocks whose header names no slot, such as the first one, are left out.
 */
export async function beats(request: Request, newest: number, count: number, known: Map<number, bigint>): Promise<Beat[]> {
    const numbers = Array.from({ length: Math.min(count, newest) }, (_, back) => newest - back).reverse();
    const missing = numbers.filter((number) => !known.has(number));
    if (missing.length > 0) {
        const hashes = await request("chain_getBlockHash", [missing]);
        if (!Array.isArray(hashes)) throw new Error("the node does not list the hashes of blocks");
        const headers = await Promise.all(hashes.map((hash: unknown) => request("chain_getHeader", [hash])));
        headers.forEach((header, position) => {
            const number = missing[position];
            if (!isHeader(header)) throw new Error(`the node has no header of block ${number}`);
            const slot = slotOf(header);
            if (slot !== null && number !== undefined) known.set(number, slot);
        });
    }
    return numbers.flatMap((number) => {
        const slot = known.get(number);
        return slot === undefined ? [] : [{ number, slot }];
    });
}

/** How long each block took after the one before it, in milliseconds. */
export function intervals(of: readonly Beat[], slotDuration: number): { number: number; milliseconds: number }[] {
    return of.slice(1).map(({ number, slot }, before) => ({
        number,
        milliseconds: Number(slot - (of[before]?.slot ?? slot)) * slotDuration,
    }));
}

/** How many slots there were from the first block to the last, and in how many of them no block was made. */
export function skipped(of: readonly Beat[]): { slots: number; empty: number } {
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined) return { slots: 0, empty: 0 };
    const slots = Number(last.slot - first.slot) + 1;
    return { slots, empty: slots - of.length };
}
