/** A decoded value, as it is shown: without a type of its own, but each part with what it is. */
export type Value =
    | { readonly is: "none" }
    | { readonly is: "truth"; readonly truth: boolean }
    | { readonly is: "number"; readonly number: string }
    | { readonly is: "text"; readonly text: string }
    /** `text` is what the bytes say, where they are readable. */
    | { readonly is: "bytes"; readonly hex: string; readonly text: string | null }
    | { readonly is: "account"; readonly account: string; readonly address: string }
    | { readonly is: "list"; readonly items: readonly Value[] }
    | { readonly is: "fields"; readonly fields: readonly Named[] }
    | { readonly is: "variant"; readonly name: string; readonly value: Value };

export interface Named {
    readonly name: string;
    readonly value: Value;
}

/** A call of the runtime. */
export interface Call {
    readonly pallet: string;
    readonly name: string;
    /** What the runtime's authors say of it. */
    readonly docs: string;
    readonly value: Value;
}

/** An extrinsic by the runtime of its block. */
export interface Extrinsic {
    readonly version: number;
    /** `bare`: an inherent. `general`: version 5, with extensions that may carry a signature. */
    readonly type: "bare" | "signed" | "general";
    readonly signer: Value | null;
    readonly signature: Value | null;
    /** What it carries besides the call: how long it is valid, its signer's nonce and so on. */
    readonly extensions: readonly Named[];
    readonly call: Call;
}

/** An event of a block. */
export interface Event {
    /** The position of the extrinsic that it belongs to; null in the block's beginning or end. */
    readonly extrinsic: number | null;
    /** `ApplyExtrinsic`, `Initialization` or `Finalization`. */
    readonly phase: string;
    readonly pallet: string;
    readonly name: string;
    readonly docs: string;
    readonly value: Value;
    /** The record that the journal has of the same. */
    readonly record: string | null;
}

/** How an extrinsic ended. */
export type Result =
    | { readonly ended: "done" }
    /** `reason` is such as `Grants.NotProvider`. */
    | { readonly ended: "refused"; readonly reason: string; readonly value: Value }
    /** There is no event that tells. */
    | { readonly ended: "unknown" };

/** How the extrinsic at a position ended, by the block's events. */
export function resultOf(events: readonly Event[], position: number): Result {
    for (const event of events) {
        if (event.extrinsic !== position || event.pallet !== "System") continue;
        if (event.name === "ExtrinsicSuccess") return { ended: "done" };
        if (event.name === "ExtrinsicFailed") {
            const error = fieldOf(event.value, "dispatch_error");
            return { ended: "refused", reason: error === null ? "" : pathOf(error), value: error ?? event.value };
        }
    }
    return { ended: "unknown" };
}

/** The field of a name. */
export function fieldOf(value: Value, name: string): Value | null {
    return value.is === "fields" ? (value.fields.find((each) => each.name === name)?.value ?? null) : null;
}

/** Variants in one another as one word, such as `Module.Grants.NotProvider`, without the word `Module`. */
export function pathOf(value: Value): string {
    const names: string[] = [];
    for (let at = value; at.is === "variant"; at = at.value) names.push(at.name);
    return (names[0] === "Module" ? names.slice(1) : names).join(".");
}

/** What an extrinsic's nonce is. */
export function nonceOf(extrinsic: Extrinsic): string | null {
    const nonce = extrinsic.extensions.find(({ name }) => name === "CheckNonce")?.value;
    return nonce?.is === "number" ? nonce.number : null;
}

/** Whose account signed, where the signer's address names one. */
export function signerOf(extrinsic: Extrinsic): string | null {
    let at = extrinsic.signer;
    while (at?.is === "variant") at = at.value;
    return at?.is === "account" ? at.account : null;
}

/** For how many blocks a transaction is valid, and in which of them that begins to be counted; `forever`; or null. */
export function eraOf(extrinsic: Extrinsic): { period: number; phase: number } | "forever" | null {
    const era = extrinsic.extensions.find(({ name }) => name === "CheckEra" || name === "CheckMortality")?.value;
    if (era?.is !== "variant") return null;
    if (era.name === "Immortal") return "forever";
    const first = Number(/^Mortal(\d+)$/.exec(era.name)?.[1] ?? NaN);
    const second = era.value.is === "number" ? Number(era.value.number) : NaN;
    if (Number.isNaN(first) || Number.isNaN(second)) return null;
    const encoded = first | (second << 8);
    const period = 2 << (encoded % 16);
    return { period, phase: (encoded >> 4) * Math.max(period >> 12, 1) };
}

/** The first and the last block in which a transaction of an era is valid, if one of them is in `block`. */
export function validIn(era: { period: number; phase: number }, block: number): { first: number; last: number } {
    const first = Math.floor((Math.max(block, era.phase) - era.phase) / era.period) * era.period + era.phase;
    return { first, last: first + era.period - 1 };
}

/** A one-line beginning of a value, for tables. */
export function brief(value: Value): string {
    switch (value.is) {
        case "none":
            return "";
        case "truth":
            return String(value.truth);
        case "number":
            return value.number;
        case "text":
            return value.text;
        case "bytes":
            return value.text ?? shorten(value.hex);
        case "account":
            return shorten(value.address);
        case "list":
            return `[${value.items.map(brief).join(", ")}]`;
        case "fields":
            return value.fields.map(({ name, value: each }) => `${name}: ${brief(each)}`).join(", ");
        case "variant": {
            const inner = brief(value.value);
            return inner === "" ? value.name : value.value.is === "variant" ? `${value.name}.${inner}` : `${value.name}(${inner})`;
        }
    }
}

function shorten(text: string): string {
    return text.length > 18 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text;
}
