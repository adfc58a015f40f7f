import { describe, expect, test } from "vitest";

import { addressOf, sorted, written } from "./address";

const PEER = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

describe("an address", () => {
    test.each([
        [`/ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER}`, { secure: false, local: true }],
        [`/ip4/192.0.2.7/tcp/30334/ws/p2p/${PEER}`, { secure: false, local: false }],
        [`/ip6/::1/tcp/30334/ws/p2p/${PEER}`, { secure: false, local: true }],
        [`/dns/localhost/tcp/30334/ws/p2p/${PEER}`, { secure: false, local: true }],
        [`/dns4/node.example.org/tcp/443/wss/p2p/${PEER}`, { secure: true, local: false }],
        [`/dns6/node.example.org/tcp/443/tls/ws/p2p/${PEER}`, { secure: true, local: false }],
        [`/dns/example.org/tcp/1/ws/p2p/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG`, { secure: false, local: false }],
    ])("%s can be dialled", (text, rest) => expect(addressOf(text, false)).toEqual({ text, ...rest }));

    test.each([
        ["", "form"],
        ["ws://127.0.0.1:30334", "form"],
        [`ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER}`, "form"],
        [`/ip4/127.0.0.256/tcp/30334/ws/p2p/${PEER}`, "form"],
        [`/ip4/127.0.0.1/tcp/0/ws/p2p/${PEER}`, "form"],
        [`/ip4/127.0.0.1/tcp/65536/ws/p2p/${PEER}`, "form"],
        [`/unix/x/tcp/1/ws/p2p/${PEER}`, "form"],
        [`/toString/x/tcp/1/ws/p2p/${PEER}`, "form"],
        [`/ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER}/p2p-circuit`, "form"],
        ["/ip4/127.0.0.1/tcp/30334/ws/p2p/12D3", "form"],
        [`/ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER.replace("p", "0")}`, "form"],
        [`/ip4/127.0.0.1/tcp/30333/p2p/${PEER}`, "transport"],
        [`/ip4/127.0.0.1/udp/30333/quic-v1/p2p/${PEER}`, "transport"],
        // Nobody has a certificate for a number, and the light client does not try.
        [`/ip4/192.0.2.7/tcp/443/wss/p2p/${PEER}`, "transport"],
        ["/ip4/127.0.0.1/tcp/30334/ws", "peer"],
    ])("%s cannot, for its %s", (text, fault) => expect(addressOf(text, false)).toBe(fault));

    test("without encryption leads from a page over https to this computer alone", () => {
        expect(addressOf(`/ip4/192.0.2.7/tcp/30334/ws/p2p/${PEER}`, true)).toBe("insecure");
        expect(addressOf(`/dns/node.example.org/tcp/1/ws/p2p/${PEER}`, true)).toBe("insecure");
        expect(addressOf(`/ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER}`, true)).toMatchObject({ local: true });
        expect(addressOf(`/dns/node.example.org/tcp/443/wss/p2p/${PEER}`, true)).toMatchObject({ secure: true });
    });
});

test("what a reader writes is taken apart, and each address is there once", () => {
    const good = `/ip4/127.0.0.1/tcp/30334/ws/p2p/${PEER}`;
    expect(written(` ${good},\n\n${good}\tx `)).toEqual([good, good, "x"]);
    const { usable, refused } = sorted(written(`${good}\n${good} x`), false);
    expect(usable.map(({ text }) => text)).toEqual([good]);
    expect(refused).toEqual([{ text: "x", fault: "form" }]);
});
