import { LedgerError, TransportError } from "@citynet/ledger";
import { describe, expect, test } from "vitest";

import { configOf, nodeUrl } from "./config";
import { failureOf, passes } from "./failure";
import { headOf, slotOf } from "./head";

const HASH = `0x${"ab".repeat(32)}`;

describe("config.json", () => {
    test("names a node and perhaps a genesis hash", () => {
        expect(configOf({ node: "ws://127.0.0.1:9944" })).toEqual({ node: "ws://127.0.0.1:9944", genesis: null });
        expect(configOf({ node: "wss://node.example.org", genesis: HASH }).genesis).toBe(HASH);
    });

    test.each([null, {}, { node: "ftp://a" }, { node: 1 }, { node: "ws://a", genesis: "0x12" }, { node: "ws://a", genesis: HASH.toUpperCase() }])(
        "%j makes no sense",
        (found) => expect(() => configOf(found)).toThrow("config.json"),
    );

    test("an address is a WebSocket's", () => {
        expect(nodeUrl(" http://127.0.0.1:9944/ ")).toBe("ws://127.0.0.1:9944");
        expect(nodeUrl("https://node.example.org/rpc")).toBe("wss://node.example.org/rpc");
        expect(nodeUrl("127.0.0.1:9944")).toBeNull();
        expect(nodeUrl("javascript:alert(1)")).toBeNull();
    });
});

describe("headers", () => {
    const header = (logs: string[]) => ({
        number: "0x1b",
        parentHash: HASH,
        stateRoot: HASH,
        extrinsicsRoot: HASH,
        digest: { logs },
    });

    test("tell their time by their slot", () => {
        const found = header(["0x0466726f6e880100", "0x066175726120e803000000000000"]);
        expect(slotOf(found)).toBe(1_000n);
        expect(headOf(found, 6_000)).toEqual({ number: 27, time: 6_000_000 });
        expect(headOf(found, null)).toEqual({ number: 27, time: null });
    });

    test("without a slot have no time", () => expect(headOf(header([]), 6_000)).toEqual({ number: 27, time: null }));
    test("that are none are refused", () => expect(() => headOf({ number: 1 }, 6_000)).toThrow("header"));
});

describe("failures", () => {
    test("are told apart", () => {
        const ledger = new LedgerError(9002, "pruned", { code: "pruned", block: 5 });
        expect(failureOf(ledger)).toEqual({ kind: "pruned", message: "pruned", data: { code: "pruned", block: 5 } });
        expect(failureOf(new TransportError("lost")).kind).toBe("unreachable");
        expect(failureOf(new TransportError("no", { number: -32601 })).kind).toBe("unknown_method");
        expect(failureOf(new TransportError("no", { number: -32000 })).kind).toBe("internal");
    });

    test("that pass are asked about again", () => {
        const of = (kind: Parameters<typeof passes>[0]["kind"]) => passes({ kind, message: "", data: {} });
        expect([of("unreachable"), of("not_synced"), of("not_final_yet")]).toEqual([true, true, true]);
        expect([of("not_found"), of("foreign"), of("broken"), of("no_index")]).toEqual([false, false, false, false]);
    });
});
