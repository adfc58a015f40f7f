import type { Terms } from "@citynet/ledger";
import { expect, test } from "vitest";

import golden from "../../../../client/tests/golden/agreement.json?raw";
import answered from "../../../../node/rpc/tests/golden/citynet_grant/found.json?raw";

import { agreementOf } from "./odrl";
import { termsBytes } from "./scale";

const of = (byte: string) => `0x${byte.repeat(32)}`;

/** Those of `client/tests/golden/terms.toml`, which have every field. */
const terms: Terms = {
    dataset: "7",
    versions: { first: 3, last: 3, content: of("09") },
    provider: 1,
    consumer: 3,
    controller: 2,
    actions: ["read", "train", "publish"],
    purposes: [2, 3, 40000],
    notBefore: String(Date.UTC(2026, 0, 1)),
    notAfter: String(Date.UTC(2027, 0, 1)),
    limit: { accesses: "1000", records: null, bytes: "18446744073709551615" },
    price: { price: "contract", contract: { hash: of("0a"), uri: "https://example.org/contract.pdf" } },
    delegationDepth: 2,
    restrictedDelegation: false,
    jurisdiction: "RU-SPE",
    legalBasis: 101,
    personalData: "special_category",
    consent: of("07"),
    notice: { hash: of("08"), language: "ru" },
    retentionDays: 30,
    recipients: ["doctoral students", 'журнал "Нева"'],
    assessment: of("06"),
    withdrawal: "https://example.org/withdraw",
    agreement: { hash: "0x7128da595b338ee467743a925565fa20f95df7c2afdea51f1c8c410761141d5d", uri: "https://example.org/agreement.json" },
};
const genesis = "0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3";

test("the agreement of terms with every field is the golden one of the client", async () => {
    const made = await agreementOf(terms, genesis);
    expect(JSON.parse(made.text)).toEqual(JSON.parse(golden));
    expect(made.hash).toBe(terms.agreement?.hash);
});

test("the hash of the terms is the documented one", async () => {
    expect(termsBytes(terms).length).toBe(449);
    const { termsHash } = await agreementOf(terms, genesis);
    expect(termsHash).toBe("0x2150addd8ac143df4ae8541f964a7c51f52ffb0deb109103b93782ef6ded98d0");
});

test("the hash of metered terms is the one that a node gave", async () => {
    const { result } = (JSON.parse(answered) as { answer: { result: { terms: Terms; termsHash: string } } }).answer;
    expect((await agreementOf(result.terms, genesis)).termsHash).toBe(result.termsHash);
});

test("prices on the ledger stand in the agreement", async () => {
    const textOf = async (price: Terms["price"]) => (await agreementOf({ ...terms, price }, genesis)).text;
    expect(await textOf({ price: "fixed", currency: 1, amount: "500" })).toContain(
        '"constraint":[{"leftOperand":"payAmount","operator":"eq","rightOperand":{"@type":"xsd:integer","@value":"500"}}]',
    );
    const rent = await textOf({ price: "per_period", currency: 1, amount: "500", period: "86400500" });
    expect(rent).toContain('"xsd:duration","@value":"PT86400.500S"');
    expect(await textOf({ price: "free" })).not.toContain("compensate");
});

test("terms that are none are refused rather than hashed", async () => {
    await expect(agreementOf({ ...terms, consent: "0x07" }, genesis)).rejects.toThrow("no hash");
    await expect(agreementOf({ ...terms, provider: -1 }, genesis)).rejects.toThrow("does not fit");
});
