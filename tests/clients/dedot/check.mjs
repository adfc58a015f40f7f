// dedot, as it comes: connects, reads a device from storage, attests a batch, reads the device again.
import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { DedotClient, WsProvider } from "dedot";
import { batchOf, demand, deviceByRpc, job, run } from "../job.mjs";

run(async () => {
    const { url, account, device, seed } = job();
    await cryptoWaitReady();
    const client = await DedotClient.new(new WsProvider(url));
    const prefix = client.consts.system.ss58Prefix;
    const { ss58Format } = await client.chainSpec.properties();
    demand(prefix === ss58Format, `addresses have the prefix ${prefix}, by constant and property`);

    const stored = async (at) => {
        const value = await (await client.at(at)).query.attestations.devices(device);
        demand(value !== undefined, `storage has device ${device}`);
        return value;
    };
    const before = await stored((await client.block.finalized()).hash);
    const next = before.nextSequence;

    const { batch, signature } = batchOf({ device, seed }, client.genesisHash, before.epoch, next);
    const signer = new Keyring({ type: "sr25519", ss58Format: prefix }).addFromUri(account);
    const call = client.tx.attestations.attest(batch, new Uint8Array(signature));
    const { status, events, dispatchError } = await call.signAndSend(signer).untilFinalized();
    const failure = dispatchError ? `: ${JSON.stringify(dispatchError)}` : "";
    demand(!dispatchError, `the transaction did what it says${failure}`);
    const attested = events.some(({ event }) => client.events.attestations.BatchAttested.is(event));
    demand(attested, "the batch is attested and final");

    const { blockHash, blockNumber } = status.value;
    const after = await stored(blockHash);
    demand(after.nextSequence === next + 1n, `the device's next sequence number is ${next + 1n}`);
    const answer = await deviceByRpc(device, blockNumber, (method, parameters) => client.rpc[method](...parameters));
    demand(answer.nextSequence === `${next + 1n}`, "citynet_device says so too");
    await client.disconnect();
});
