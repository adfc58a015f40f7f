// @polkadot/api, as it comes: connects, reads a device from storage, attests a batch, reads the device again.
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { batchOf, demand, job, run } from "../job.mjs";

run(async () => {
    const { url, device, seed } = job();
    const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
    demand(api.registry.chainSS58 === 42, "addresses have the prefix 42");

    const stored = async () => {
        const value = await api.query.attestations.devices(device);
        demand(value.isSome, `storage has device ${device}`);
        return value.unwrap();
    };
    const before = await stored();
    const next = before.nextSequence.toBigInt();

    const { batch, signature } = batchOf({ device, seed }, api.genesisHash.toHex(), before.epoch.toNumber(), next);
    const alice = new Keyring({ type: "sr25519", ss58Format: 42 }).addFromUri("//Alice");
    const call = api.tx.attestations.attest(batch, `0x${signature.toString("hex")}`);
    const events = await new Promise((resolve, reject) => {
        call.signAndSend(alice, ({ status, events, dispatchError }) => {
            if (dispatchError) {
                const error = dispatchError.isModule ? api.registry.findMetaError(dispatchError.asModule).name : `${dispatchError}`;
                reject(new Error(`attest failed: ${error}`));
            } else if (status.isFinalized) {
                resolve(events.map(({ event }) => `${event.section}.${event.method}`));
            } else if (status.isInvalid || status.isDropped || status.isUsurped) {
                reject(new Error(`attest ended as ${status.type}`));
            }
        }).catch(reject);
    });
    demand(events.includes("attestations.BatchAttested"), "the batch is attested and final");

    const after = await stored();
    demand(after.nextSequence.toBigInt() === next + 1n, `the device's next sequence number is ${next + 1n}`);
    await api.disconnect();
});
