// @polkadot/api, as it comes: connects, reads a device from storage, attests a batch, reads the device again.
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { batchOf, demand, deviceByRpc, job, run } from "../job.mjs";

run(async () => {
    const { url, account, device, seed } = job();
    const provider = new WsProvider(url);
    const api = await ApiPromise.create({ provider, noInitWarn: true });
    const properties = await api.rpc.system.properties();
    const prefix = api.consts.system.ss58Prefix.toNumber();
    const property = properties.ss58Format.unwrap().toNumber();
    demand(prefix === property, `addresses have the prefix ${prefix}, by constant and property`);
    demand(api.registry.chainSS58 === prefix, "the client writes addresses with it");

    const stored = async (at) => {
        const value = await (await api.at(at)).query.attestations.devices(device);
        demand(value.isSome, `storage has device ${device}`);
        return value.unwrap();
    };
    const before = await stored(await api.rpc.chain.getFinalizedHead());
    const next = before.nextSequence.toBigInt();

    const { batch, signature } = batchOf({ device, seed }, api.genesisHash.toHex(), before.epoch.toNumber(), next);
    const signer = new Keyring({ type: "sr25519", ss58Format: prefix }).addFromUri(account);
    const call = api.tx.attestations.attest(batch, `0x${signature.toString("hex")}`);
    const { block, events } = await new Promise((resolve, reject) => {
        call.signAndSend(signer, ({ status, events, dispatchError }) => {
            if (dispatchError) {
                const { isModule, asModule } = dispatchError;
                const error = isModule ? api.registry.findMetaError(asModule).name : `${dispatchError}`;
                reject(new Error(`attest failed: ${error}`));
            } else if (status.isFinalized) {
                const names = events.map(({ event }) => `${event.section}.${event.method}`);
                resolve({ block: status.asFinalized, events: names });
            } else if (status.isInvalid || status.isDropped || status.isUsurped) {
                reject(new Error(`attest ended as ${status.type}`));
            }
        }).catch(reject);
    });
    demand(events.includes("attestations.BatchAttested"), "the batch is attested and final");

    const after = await stored(block);
    demand(after.nextSequence.toBigInt() === next + 1n, `the device's next sequence number is ${next + 1n}`);
    const { number } = await api.rpc.chain.getHeader(block);
    const ask = (method, parameters) => provider.send(method, parameters);
    const answer = await deviceByRpc(device, number.toNumber(), ask);
    demand(answer.nextSequence === `${next + 1n}`, "citynet_device says so too");
    await api.disconnect();
});
