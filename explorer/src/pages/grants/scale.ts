import type { Terms } from "@citynet/ledger";

const ACTIONS = ["read", "derive", "train", "aggregate", "publish"] as const;
const PERSONAL_DATA = ["none", "pseudonymised", "personal", "special_category"] as const;
const UNITS = ["access", "record", "byte"] as const;
/** `citynet.terms`, padded with zeros, and version 1. */
const TAG = [...new TextEncoder().encode("citynet.terms"), 0, 0, 0, 1];

/** The bytes whose SHA-256 is the hash of terms: the tag, and the terms in SCALE, field by field. */
export function termsBytes(terms: Terms): Uint8Array<ArrayBuffer> {
    const out = new Encoder();
    out.raw(TAG);
    out.uint(terms.dataset, 8);
    out.uint(terms.versions.first, 4);
    out.option(terms.versions.last, (last) => out.uint(last, 4));
    out.option(terms.versions.content, (content) => out.hash(content));
    out.uint(terms.provider, 4);
    out.uint(terms.consumer, 4);
    out.uint(terms.controller, 4);
    out.uint(
        terms.actions.reduce((bits, action) => bits | (1 << ACTIONS.indexOf(action)), 0),
        1,
    );
    out.list(terms.purposes, (purpose) => out.uint(purpose, 2));
    out.uint(terms.notBefore, 8);
    out.uint(terms.notAfter, 8);
    for (const most of [terms.limit.accesses, terms.limit.records, terms.limit.bytes]) {
        out.option(most, (value) => out.uint(value, 8));
    }
    price(out, terms.price);
    out.uint(terms.delegationDepth, 1);
    out.uint(terms.restrictedDelegation ? 1 : 0, 1);
    out.text(terms.jurisdiction);
    out.option(terms.legalBasis, (code) => out.uint(code, 2));
    out.uint(PERSONAL_DATA.indexOf(terms.personalData), 1);
    out.option(terms.consent, (hash) => out.hash(hash));
    out.option(terms.notice, (notice) => {
        out.hash(notice.hash);
        out.text(notice.language);
    });
    out.option(terms.retentionDays, (days) => out.uint(days, 4));
    out.list(terms.recipients, (recipient) => out.text(recipient));
    out.option(terms.assessment, (hash) => out.hash(hash));
    out.option(terms.withdrawal, (text) => out.text(text));
    out.option(terms.agreement, (agreement) => {
        out.hash(agreement.hash);
        out.text(agreement.uri);
    });
    return out.bytes();
}

function price(out: Encoder, price: Terms["price"]): void {
    switch (price.price) {
        case "free":
            return out.uint(0, 1);
        case "contract":
            out.uint(1, 1);
            out.hash(price.contract.hash);
            return out.text(price.contract.uri);
        case "fixed":
            out.uint(2, 1);
            out.uint(price.currency, 4);
            return out.uint(price.amount, 16);
        case "per_period":
            out.uint(3, 1);
            out.uint(price.currency, 4);
            out.uint(price.amount, 16);
            return out.uint(price.period, 8);
        case "metered":
            out.uint(4, 1);
            out.uint(price.currency, 4);
            out.uint(UNITS.indexOf(price.unit), 1);
            out.uint(price.per, 8);
            out.list(price.tiers, (tier) => {
                out.uint(tier.above, 8);
                out.uint(tier.amount, 16);
            });
            return out.uint(price.disputeWindow, 8);
    }
}

/** Writes SCALE: numbers little-endian, lists and texts after their compact length, options after a byte 0 or 1. */
class Encoder {
    readonly #bytes: number[] = [];

    bytes(): Uint8Array<ArrayBuffer> {
        return Uint8Array.from(this.#bytes);
    }

    raw(bytes: Iterable<number>): void {
        this.#bytes.push(...bytes);
    }

    uint(value: string | number, width: number): void {
        let rest = BigInt(value);
        // A name that is on none of the lists has the index -1.
        if (rest < 0n || rest >> BigInt(width * 8) !== 0n) throw new RangeError(`${value} does not fit into ${width} bytes`);
        for (let at = 0; at < width; at++) {
            this.#bytes.push(Number(rest & 0xffn));
            rest >>= 8n;
        }
    }

    hash(hex: string): void {
        if (!/^0x[0-9a-f]{64}$/.test(hex)) throw new RangeError(`${hex} is no hash`);
        for (let at = 2; at < 66; at += 2) this.#bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
    }

    text(text: string): void {
        const bytes = new TextEncoder().encode(text);
        this.#length(bytes.length);
        this.raw(bytes);
    }

    option<T>(value: T | null, write: (value: T) => void): void {
        this.uint(value === null ? 0 : 1, 1);
        if (value !== null) write(value);
    }

    list<T>(items: readonly T[], write: (item: T) => void): void {
        this.#length(items.length);
        items.forEach(write);
    }

    /** A compact length, of those that terms can have: below 2^14. */
    #length(length: number): void {
        if (length < 64) this.uint(length << 2, 1);
        else this.uint((length << 2) | 1, 2);
    }
}
