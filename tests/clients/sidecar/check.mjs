// @substrate/api-sidecar, as it comes but for its libraries: gives a block, an account and a device over REST, takes a
// batch that was signed without a node, and shows it in its block.
import { Keyring } from "@polkadot/keyring";
import { expandMetadata, Metadata, TypeRegistry } from "@polkadot/types";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { batchOf, demand, job, run } from "../job.mjs";

run(async () => {
    const { url, account, device, seed } = job();
    await cryptoWaitReady();
    const ask = await startSidecar(url);

    const { specName, properties } = await ask("/runtime/spec");
    demand(specName === "citynet", "/runtime/spec names the runtime");
    const constant = await ask("/pallets/system/consts/SS58Prefix?metadata=true");
    const prefix = Buffer.from(constant.metadata.value.slice(2), "hex").readUInt16LE();
    demand(`${prefix}` === properties.ss58Format, `addresses have the prefix ${prefix}, by constant and property`);
    const signer = new Keyring({ type: "sr25519", ss58Format: prefix }).addFromUri(account);
    const { isValid, ss58Prefix } = await ask(`/accounts/${signer.address}/validate`);
    demand(isValid && ss58Prefix === `${prefix}`, "/accounts/…/validate takes the account's address");
    const head = await ask("/blocks/head");
    demand(head.finalized && Number(head.number) > 0, `/blocks/head gives block ${head.number}, which is final`);
    demand(typeof head.authorId === "string", "and who authored it");

    const stored = async () => (await ask(`/pallets/attestations/storage/devices?keys[]=${device}`)).value;
    const before = await stored();
    demand(before !== null, `storage has device ${device}`);
    const next = BigInt(before.nextSequence);

    const material = await ask("/transaction/material?metadata=scale");
    const { batch, signature } = batchOf({ device, seed }, material.genesisHash, Number(before.epoch), next);
    const { nonce } = (await ask(`/pallets/system/storage/account?keys[]=${signer.address}`)).value;
    const tx = signed(material, signer, nonce, batch, `0x${signature.toString("hex")}`);
    const { hash } = await ask("/transaction", { tx });
    const { number, extrinsic } = await included(ask, BigInt(head.number), hash);
    const failure = extrinsic.success ? "" : `: ${JSON.stringify(extrinsic.events)}`;
    demand(extrinsic.success, `the transaction did what it says, in block ${number}${failure}`);
    const events = extrinsic.events.map(({ method }) => `${method.pallet}.${method.method}`);
    demand(events.includes("attestations.BatchAttested"), "the batch is attested and final");

    const after = await stored();
    demand(BigInt(after.nextSequence) === next + 1n, `the device's next sequence number is ${next + 1n}`);
});

/** Starts the sidecar on a free port, in a thread so that it ends with this process. Gives what asks it. */
async function startSidecar(url) {
    const port = await freePort();
    const program = createRequire(import.meta.url).resolve("@substrate/api-sidecar/build/src/main.js");
    const settings = { SAS_SUBSTRATE_URL: url, SAS_EXPRESS_PORT: `${port}`, SAS_LOG_LEVEL: "error" };
    // It lists its settings to the standard output, which nobody needs.
    new Worker(program, { env: { ...process.env, ...settings }, stdout: true }).on("error", (error) => {
        console.error(error);
        process.exit(1);
    });

    const ask = async (path, body) => {
        const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, body && post);
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    };
    for (;;) {
        try {
            await ask("/node/version");
            return ask;
        } catch (error) {
            // It listens as soon as it is connected to the node.
            if (error.cause?.code !== "ECONNREFUSED") throw error;
            await pause(200);
        }
    }
}

async function freePort() {
    const server = createServer();
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address();
    await new Promise((closed) => server.close(closed));
    return port;
}

/** The transaction, made from what the sidecar tells about the chain. */
function signed({ genesisHash, metadata, specVersion, txVersion }, signer, nonce, batch, signature) {
    const registry = new TypeRegistry();
    const expanded = new Metadata(registry, metadata);
    registry.setMetadata(expanded);
    const method = expandMetadata(registry, expanded).tx.attestations.attest(batch, signature);
    const extrinsic = registry.createType("Extrinsic", { method }, { version: 4 });
    // Without an end of its life, the block that it refers to is the first one.
    const options = {
        blockHash: genesisHash,
        genesisHash,
        nonce,
        runtimeVersion: { specVersion, transactionVersion: txVersion },
        signedExtensions: registry.signedExtensions,
    };
    return extrinsic.sign(signer, options).toHex();
}

/** The extrinsic with that hash, as soon as a final block has it. */
async function included(ask, first, hash) {
    for (let number = first; ; number += 1n) {
        while (BigInt((await ask("/blocks/head")).number) < number) await pause(300);
        const { extrinsics } = await ask(`/blocks/${number}`);
        const extrinsic = extrinsics.find((extrinsic) => extrinsic.hash === hash);
        if (extrinsic) return { number, extrinsic };
    }
}
