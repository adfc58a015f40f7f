// polkadot-api, as it comes: connects, reads a device from storage, attests a batch, reads the device again.
import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { createClient } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import { WebSocket } from "ws";
import { batchOf, demand, deviceByRpc, job, run } from "../job.mjs";

run(async () => {
    const { url, account, device, seed } = job();
    await cryptoWaitReady();
    // Node brings a WebSocket from version 22 on; before, the client takes the one of `ws`.
    const client = createClient(getWsProvider(url, { websocketClass: globalThis.WebSocket ?? WebSocket }));
    const api = client.getUnsafeApi();
    const { genesisHash, properties } = await client.getChainSpecData();
    const prefix = await api.constants.System.SS58Prefix();
    demand(prefix === properties.ss58Format, `addresses have the prefix ${prefix}, by constant and property`);

    const stored = async (at) => {
        const value = await api.query.Attestations.Devices.getValue(device, { at });
        demand(value !== undefined, `storage has device ${device}`);
        return value;
    };
    const before = await stored("finalized");
    const next = before.next_sequence;

    const { batch, signature } = batchOf({ device, seed }, genesisHash, before.epoch, next);
    const pair = new Keyring({ type: "sr25519", ss58Format: prefix }).addFromUri(account);
    const signer = getPolkadotSigner(pair.publicKey, "Sr25519", (message) => pair.sign(message));
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
            root: batch.root,
            expires: batch.expires,
        },
        signature: new Uint8Array(signature),
    });
    const result = await call.signAndSubmit(signer);
    const failure = result.ok ? "" : `: ${JSON.stringify(result.dispatchError)}`;
    demand(result.ok, `the transaction did what it says${failure}`);
    const events = result.events.map(({ type, value }) => `${type}.${value.type}`);
    demand(events.includes("Attestations.BatchAttested"), "the batch is attested and final");

    const after = await stored(result.block.hash);
    demand(after.next_sequence === next + 1n, `the device's next sequence number is ${next + 1n}`);
    const ask = (method, parameters) => client._request(method, parameters);
    const answer = await deviceByRpc(device, result.block.number, ask);
    demand(answer.nextSequence === `${next + 1n}`, "citynet_device says so too");
    client.destroy();
});
