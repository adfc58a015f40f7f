// polkadot-api, as it comes: connects, reads a device from storage, attests a batch, reads the device again.
import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { createClient } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import { WebSocket } from "ws";
import { batchOf, demand, job, run } from "../job.mjs";

run(async () => {
    const { url, device, seed } = job();
    await cryptoWaitReady();
    // Node brings a WebSocket from version 22 on; before, the client takes the one of `ws`.
    const client = createClient(getWsProvider(url, { websocketClass: globalThis.WebSocket ?? WebSocket }));
    const api = client.getUnsafeApi();

    const stored = async (at) => {
        const value = await api.query.Attestations.Devices.getValue(device, { at });
        demand(value !== undefined, `storage has device ${device}`);
        return value;
    };
    const before = await stored("finalized");
    const next = before.next_sequence;

    const { genesisHash } = await client.getChainSpecData();
    const { batch, signature } = batchOf({ device, seed }, genesisHash, before.epoch, next);
    const alice = new Keyring({ type: "sr25519", ss58Format: 42 }).addFromUri("//Alice");
    const signer = getPolkadotSigner(alice.publicKey, "Sr25519", (message) => alice.sign(message));
    const call = api.tx.Attestations.attest({
        batch: {
            device: batch.device,
            epoch: batch.epoch,
            schema: batch.schema,
            first_sequence: batch.firstSequence,
            count: batch.count,
            missing: batch.missing,
            window_start: batch.windowStart,
            window_end: batch.windowEnd,
            root: `0x${batch.root.toString("hex")}`,
            expires: batch.expires,
        },
        signature: new Uint8Array(signature),
    });
    const result = await call.signAndSubmit(signer);
    demand(result.ok, `the transaction did what it says${result.ok ? "" : `: ${JSON.stringify(result.dispatchError)}`}`);
    const attested = result.events.some(({ type, value }) => type === "Attestations" && value.type === "BatchAttested");
    demand(attested, "the batch is attested and final");

    const after = await stored(result.block.hash);
    demand(after.next_sequence === next + 1n, `the device's next sequence number is ${next + 1n}`);
    client.destroy();
});
