"""async-substrate-interface, as it comes: connects, reads a device from storage, attests a batch, reads the device
again. It brings no keys, so the account signs with the library of Python's other client."""

import asyncio

import sr25519
from async_substrate_interface import AsyncSubstrateInterface
from job import batch_of, demand, failure, job
from scalecodec.utils.ss58 import ss58_encode

# The seed of the phrase that all development accounts come from.
PHRASE = bytes.fromhex("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e")


class Keypair:
    """A development account, by its URI, as the client wants one."""

    crypto_type = 1

    def __init__(self, uri: str, ss58_format: int) -> None:
        self.ss58_format = ss58_format
        public, private = sr25519.pair_from_seed(PHRASE)
        for name in uri.split("//")[1:]:
            # The junction as SCALE writes a short text, filled up with zeros.
            code = (bytes([len(name) << 2]) + name.encode()).ljust(32, b"\0")
            _, public, private = sr25519.hard_derive_keypair((code, public, private), b"")
        self.public_key, self.private_key = public, private
        self.ss58_address = ss58_encode(public, ss58_format)

    def sign(self, data: bytes | str) -> bytes:
        """Signs a transaction's payload."""
        return sr25519.sign((self.public_key, self.private_key), bytes(data))


async def check() -> None:
    work = job()
    async with AsyncSubstrateInterface(work.url) as substrate:
        prefix = (await substrate.get_constant("System", "SS58Prefix")).value
        properties = (await substrate.rpc_request("system_properties", []))["result"]
        demand(prefix == properties["ss58Format"], f"addresses have the prefix {prefix}, by constant and property")

        async def stored(block: str) -> dict:
            """The device, as that block has it."""
            value = (await substrate.query("Attestations", "Devices", [work.device], block_hash=block)).value
            demand(value is not None, f"storage has device {work.device}")
            return value

        async def by_rpc() -> dict:
            """The device, as the ledger's own method answers it."""
            return (await substrate.rpc_request("citynet_device", [str(work.device)]))["result"]

        before = await stored(await substrate.get_chain_finalised_head())
        following = before["next_sequence"]

        batch, signature = batch_of(work, await substrate.get_block_hash(0), before["epoch"], following)
        call = await substrate.compose_call("Attestations", "attest", {"batch": batch, "signature": signature})
        extrinsic = await substrate.create_signed_extrinsic(call, Keypair(work.account, prefix))
        receipt = await substrate.submit_extrinsic(extrinsic, wait_for_finalization=True)
        succeeded, error = await receipt.is_success, await receipt.error_message
        demand(succeeded, f"the transaction did what it says{failure(error)}")
        events = [(event["module_id"], event["event_id"]) for event in await receipt.triggered_events]
        demand(("Attestations", "BatchAttested") in events, "the batch is attested and final")

        after = await stored(receipt.block_hash)
        demand(after["next_sequence"] == following + 1, f"the device's next sequence number is {following + 1}")
        block = await substrate.get_block_number(receipt.block_hash)
        # The node's index may be a block behind.
        while (answer := await by_rpc())["anchor"]["number"] < block:
            await asyncio.sleep(0.2)
        demand(answer["nextSequence"] == str(following + 1), "citynet_device says so too")


asyncio.run(check())
