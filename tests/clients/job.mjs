// What the checks in JavaScript share: their arguments, and a batch as its device signs it. The statement's bytes are
// laid out here from their description in primitives/src/signed.rs, so that they are checked by another hand.
import { createHash, createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** The node, the account that submits, the device and its key's file, from the command line. */
export function job() {
    const [url, account, device, seedFile] = process.argv.slice(2);
    if (!seedFile) {
        console.error("usage: node check.mjs ws://NODE ACCOUNT-URI DEVICE SEED-FILE");
        process.exit(2);
    }
    const seed = Buffer.from(readFileSync(seedFile, "utf8").trim().replace(/^0x/, ""), "hex");
    return { url, account, device: BigInt(device), seed };
}

/** A batch of one reading, observed now, and the device's signature over it. `genesis` is 0x and hex. */
export function batchOf({ device, seed }, genesis, epoch, firstSequence) {
    const now = BigInt(Date.now());
    const leaf = Buffer.from(JSON.stringify({ device: `${device}`, sequence: `${firstSequence}` }));
    const batch = {
        device,
        epoch,
        schema: 1,
        firstSequence,
        count: 1,
        missing: 0n,
        windowStart: now,
        windowEnd: now,
        root: `0x${createHash("sha256").update(Buffer.concat([Buffer.of(0), leaf])).digest("hex")}`,
        expires: now + 60_000n,
    };
    return { batch, signature: sign(null, statement(genesis, batch), privateKey(seed)) };
}

function statement(genesis, batch) {
    const bytes = Buffer.alloc(141);
    bytes.write("citynet.batch", 0, "latin1");
    bytes.writeUInt8(1, 16);
    bytes.write(genesis.slice(2), 17, "hex");
    bytes.writeUInt16LE(1, 49);
    bytes.writeBigUInt64LE(batch.device, 51);
    bytes.writeUInt32LE(batch.epoch, 59);
    bytes.writeUInt16LE(batch.schema, 63);
    bytes.writeBigUInt64LE(batch.firstSequence, 65);
    bytes.writeUInt32LE(batch.count, 73);
    bytes.writeBigUInt64LE(batch.missing, 77);
    bytes.writeBigUInt64LE(batch.windowStart, 85);
    bytes.writeBigUInt64LE(batch.windowEnd, 93);
    bytes.write(batch.root.slice(2), 101, "hex");
    bytes.writeBigUInt64LE(batch.expires, 133);
    return bytes;
}

/** An Ed25519 key from its seed: the seed in the only wrapping (PKCS #8) that Node reads. */
function privateKey(seed) {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** What the ledger's own method answers about the device, once the node's index has come to that block. */
export async function deviceByRpc(device, block, ask) {
    for (;;) {
        const answer = await ask("citynet_device", [`${device}`]);
        if (answer.anchor.number >= block) return answer;
        await pause(200);
    }
}

/** Ends the check when something is not as it must be. */
export function demand(holds, what) {
    if (!holds) throw new Error(what);
    console.log(`ok: ${what}`);
}

/** Runs a check, but not for ever. */
export async function run(check) {
    const limit = setTimeout(() => {
        console.error("not done within 150 s");
        process.exit(1);
    }, 150_000);
    try {
        await check();
    } catch (error) {
        console.error(error);
        process.exit(1);
    }
    clearTimeout(limit);
    process.exit(0);
}
