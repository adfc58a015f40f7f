import { isHeader, type Header } from "./substrate";

/** A finalised block, as its header tells. */
export interface Head {
    readonly number: number;
    /** When it was made, in milliseconds since 1970: its slot's time. Null where the header names no slot. */
    readonly time: number | null;
}

/** The engine id of Aura in a digest: the bytes of `aura`. */
const AURA = "61757261";
/** The tag of a digest item that a block's author puts in before it is executed. */
const PRE_RUNTIME = "06";

/** The slot in a header's digest, in which Aura wrote it: a pre-runtime item of 8 bytes, little-endian. */
export function slotOf(header: Header): bigint | null {
    for (const log of header.digest.logs) {
        const match = new RegExp(`^0x${PRE_RUNTIME}${AURA}20([0-9a-f]{16})$`).exec(log);
        if (match?.[1] !== undefined) return littleEndian(match[1]);
    }
    return null;
}

export function headOf(header: unknown, slotDuration: number | null): Head {
    if (!isHeader(header)) throw new Error("the node's notification is not a header");
    const slot = slotOf(header);
    return {
        number: Number.parseInt(header.number, 16),
        time: slot === null || slotDuration === null ? null : Number(slot) * slotDuration,
    };
}

/** The number that little-endian bytes in hex, without `0x`, stand for. */
export function littleEndian(hex: string): bigint {
    return BigInt(`0x${(hex.match(/../g) ?? []).reverse().join("") || "0"}`);
}
