import type { Document, Terms } from "@citynet/ledger";

import { canonical, type Json } from "../../proof/canonical";
import { CODES } from "../../words/codes";
import { termsBytes } from "./scale";

const ACTIONS = { read: "read", derive: "derive", train: "cn:train", aggregate: "aggregate", publish: "distribute" } as const;

/** An agreement, as it is hashed. */
export interface Agreement {
    /** Its canonical text. */
    readonly text: string;
    /** The SHA-256 of the text. */
    readonly hash: string;
    /** The hash of the terms, computed from the terms. */
    readonly termsHash: string;
}

/** Whether this browser computes hashes here: it does on pages that came over https, or from the reader's computer. */
export function canHash(): boolean {
    return (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;
}

/** The ODRL agreement of terms, for the chain with a genesis hash. */
export async function agreementOf(terms: Terms, genesis: string): Promise<Agreement> {
    const bare = await sha256(termsBytes({ ...terms, agreement: null }));
    const text = canonical(document(terms, genesis, bare));
    return {
        text,
        hash: `0x${await sha256(new TextEncoder().encode(text))}`,
        termsHash: `0x${await sha256(termsBytes(terms))}`,
    };
}

function document(terms: Terms, genesis: string, bare: string): Json {
    const chain = `urn:citynet:${digits(genesis)}`;
    const party = (organisation: number) => `${chain}:organisation:${organisation}`;
    const target = `${chain}:dataset:${terms.dataset}`;
    const duty = compensation(terms.price, chain);
    const use: Json = {
        target,
        action: terms.actions.map((action) => ACTIONS[action]),
        constraint: constraints(terms, chain),
        ...(duty === null ? {} : { duty: [duty] }),
    };
    const passesOn = terms.delegationDepth > 0;
    return {
        "@context": [
            "http://www.w3.org/ns/odrl.jsonld",
            {
                cn: "urn:citynet:odrl:",
                dpv: "https://w3id.org/dpv#",
                "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
                xsd: "http://www.w3.org/2001/XMLSchema#",
            },
        ],
        "@type": "Agreement",
        uid: `${chain}:terms:${bare}`,
        profile: "urn:citynet:odrl:1",
        conflict: "prohibit",
        assigner: party(terms.provider),
        assignee: party(terms.consumer),
        "dpv:hasDataController": { "@id": party(terms.controller) },
        "cn:personalData": terms.personalData,
        permission: passesOn ? [use, passingOn(terms, target)] : [use],
        ...(passesOn ? {} : { prohibition: [{ target, action: "grantUse" }] }),
        ...(terms.retentionDays === null ? {} : { obligation: [deletion(terms.retentionDays, target)] }),
        ...(terms.legalBasis === null
            ? {}
            : { "dpv:hasLegalBasis": { "@id": legalBasis(terms.legalBasis, chain) } }),
        ...(terms.recipients.length === 0 ? {} : { "dpv:hasRecipient": terms.recipients }),
        ...(terms.consent === null ? {} : { "cn:consent": digits(terms.consent) }),
        ...(terms.notice === null
            ? {}
            : { "cn:notice": { "cn:sha256": digits(terms.notice.hash), "cn:language": terms.notice.language } }),
        ...(terms.assessment === null ? {} : { "cn:assessment": digits(terms.assessment) }),
        ...(terms.withdrawal === null ? {} : { "cn:withdrawal": terms.withdrawal }),
    };
}

function constraints(terms: Terms, chain: string): Json[] {
    const { versions, limit } = terms;
    const counts = [
        ["count", limit.accesses],
        ["cn:records", limit.records],
        ["cn:bytes", limit.bytes],
    ] as const;
    return [
        constraint("dateTime", "gteq", dateTime(terms.notBefore)),
        constraint("dateTime", "lt", dateTime(terms.notAfter)),
        constraint(
            "purpose",
            "isAnyOf",
            // What the council added is named by its number, so that the agreement does not depend on the ledger's state.
            terms.purposes.map((code) => ({ "@id": CODES.purpose[code] ?? `${chain}:purpose:${code}` })),
        ),
        constraint("spatial", "isPartOf", terms.jurisdiction),
        constraint("cn:version", "gteq", integer(versions.first)),
        ...(versions.last === null ? [] : [constraint("cn:version", "lteq", integer(versions.last))]),
        ...(versions.content === null ? [] : [constraint("cn:content", "eq", digits(versions.content))]),
        ...counts.flatMap(([operand, most]) => (most === null ? [] : [constraint(operand, "lteq", integer(most))])),
    ];
}

function legalBasis(code: number, chain: string): string {
    const name = CODES.legal_basis[code];
    if (name === undefined) return `${chain}:legal-basis:${code}`;
    return name.startsWith("ru152-") ? `cn:${name}` : `eu-gdpr:${name}`;
}

function passingOn(terms: Terms, target: string): Json {
    return {
        target,
        action: "grantUse",
        constraint: [
            constraint("cn:delegationDepth", "lteq", integer(terms.delegationDepth)),
            ...(terms.restrictedDelegation ? [] : [constraint("cn:sensitivity", "isAnyOf", ["open", "internal"])]),
        ],
    };
}

function compensation(price: Terms["price"], chain: string): Json | null {
    if (price.price === "free") return null;
    if (price.price === "contract") return { action: "compensate", "cn:contract": elsewhere(price.contract) };
    const paid = { action: "compensate", "cn:currency": { "@id": `${chain}:currency:${price.currency}` } };
    switch (price.price) {
        case "fixed":
            return { ...paid, constraint: [constraint("payAmount", "eq", integer(price.amount))] };
        case "per_period":
            return {
                ...paid,
                constraint: [
                    constraint("payAmount", "eq", integer(price.amount)),
                    constraint("timeInterval", "eq", duration(price.period)),
                ],
            };
        case "metered":
            return {
                ...paid,
                "cn:tariff": {
                    "cn:unit": price.unit,
                    "cn:per": integer(price.per),
                    "cn:tier": price.tiers.map((tier) => ({
                        "cn:above": integer(tier.above),
                        "cn:amount": integer(tier.amount),
                    })),
                    "cn:disputeWindow": duration(price.disputeWindow),
                },
            };
    }
}

function deletion(days: number, target: string): Json {
    return {
        target,
        action: "delete",
        constraint: [
            constraint("event", "gt", { "@id": "odrl:policyUsage" }),
            constraint("delayPeriod", "lteq", { "@type": "xsd:duration", "@value": `P${days}D` }),
        ],
    };
}

function constraint(leftOperand: string, operator: string, rightOperand: Json): Json {
    return { leftOperand, operator, rightOperand };
}

/** As text: a JSON number above 2^53 is not exact. */
function integer(value: string | number): Json {
    return { "@type": "xsd:integer", "@value": String(value) };
}

/** Whole seconds have no fraction. */
function dateTime(moment: string): Json {
    const date = new Date(Number(moment));
    if (Number.isNaN(date.getTime())) throw new RangeError(`${moment} is beyond what a date can say`);
    return { "@type": "xsd:dateTime", "@value": date.toISOString().replace(/\.000Z$/, "Z") };
}

function duration(milliseconds: string): Json {
    const value = BigInt(milliseconds);
    const rest = value % 1000n;
    const fraction = rest === 0n ? "" : `.${rest.toString().padStart(3, "0")}`;
    return { "@type": "xsd:duration", "@value": `PT${value / 1000n}${fraction}S` };
}

function elsewhere({ hash, uri }: Document): Json {
    return { "cn:sha256": digits(hash), ...(uri === "" ? {} : { "cn:location": uri }) };
}

/** Hex without `0x`. */
function digits(hex: string): string {
    return hex.slice(2);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
