// What both clients' checks share: their arguments, and a batch as its device signs it. The statement's bytes are laid
// out here from their description in primitives/src/signed.rs, so that they are checked by another hand.
import { createHash, createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

/** The node, the device and its key's file, from the command line. */
export function job() {
    const [url, device, seedFile] = process.argv.slice(2);
    if (!seedFile) {
        console.error("usage: node check.mjs ws://NODE DEVICE SEED-FILE");
        process.exit(2);
    }
    return { url, device: BigInt(device), seed: Buffer.from(readFileSync(seedFile, "utf8").trim().replace(/^0x/, ""), "hex") };
}

/** A batch of one reading, observed now, and the device's signature over it. `genesis` is a hex text. */
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
        root: createHash("sha256").update(Buffer.concat([Buffer.of(0), leaf])).digest(),
        expires: now + 60_000n,
    };
    return { batch, signature: sign(null, statement(genesis, batch), privateKey(seed)) };
}

function statement(genesis, batch) {
    const bytes = Buffer.alloc(141);
    bytes.write("citynet.batch", 0, "latin1");
    bytes.writeUInt8(1, 16);
    Buffer.from(genesis.replace(/^0x/, ""), "hex").copy(bytes, 17);
    bytes.writeUInt16LE(1, 49);
    bytes.writeBigUInt64LE(batch.device, 51);
    bytes.writeUInt32LE(batch.epoch, 59);
    bytes.writeUInt16LE(batch.schema, 63);
    bytes.writeBigUInt64LE(batch.firstSequence, 65);
    bytes.writeUInt32LE(batch.count, 73);
    bytes.writeBigUInt64LE(batch.missing, 77);
    bytes.writeBigUInt64LE(batch.windowStart, 85);
    bytes.writeBigUInt64LE(batch.windowEnd, 93);
    batch.root.copy(bytes, 101);
    bytes.writeBigUInt64LE(batch.expires, 133);
    return bytes;
}

/** An Ed25519 key from its seed: the seed in the only wrapping (PKCS #8) that Node reads. */
function privateKey(seed) {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** Ends the check when something is not as it must be. */
export function demand(holds, what) {
    if (!holds) throw new Error(what);
    console.log(`ok: ${what}`);
}

/** Runs a check, but not for ever. */
export async function run(check) {
    const limit = setTimeout(() => {
        console.error("not done within 120 s");
        process.exit(1);
    }, 120_000);
    try {
        await check();
    } catch (error) {
        console.error(error);
        process.exit(1);
    }
    clearTimeout(limit);
    process.exit(0);
}
