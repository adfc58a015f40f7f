"""substrate-interface, as it comes: connects, reads a device from storage, attests a batch, reads the device again."""

import time

from job import batch_of, demand, failure, job
from substrateinterface import Keypair, SubstrateInterface

work = job()
substrate = SubstrateInterface(url=work.url)
prefix = substrate.get_constant("System", "SS58Prefix").value
demand(prefix == substrate.properties["ss58Format"], f"addresses have the prefix {prefix}, by constant and property")
demand(substrate.ss58_format == prefix, "the client writes addresses with it")


def stored(block: str) -> dict:
    """The device, as that block has it."""
    value = substrate.query("Attestations", "Devices", [work.device], block_hash=block).value
    demand(value is not None, f"storage has device {work.device}")
    return value


before = stored(substrate.get_chain_finalised_head())
following = before["next_sequence"]

batch, signature = batch_of(work, substrate.get_block_hash(0), before["epoch"], following)
call = substrate.compose_call("Attestations", "attest", {"batch": batch, "signature": signature})
signer = Keypair.create_from_uri(work.account, ss58_format=prefix)
extrinsic = substrate.create_signed_extrinsic(call, signer)
receipt = substrate.submit_extrinsic(extrinsic, wait_for_finalization=True)
demand(receipt.is_success, f"the transaction did what it says{failure(receipt.error_message)}")
events = [(event.value["module_id"], event.value["event_id"]) for event in receipt.triggered_events]
demand(("Attestations", "BatchAttested") in events, "the batch is attested and final")

after = stored(receipt.block_hash)
demand(after["next_sequence"] == following + 1, f"the device's next sequence number is {following + 1}")
block = substrate.get_block_number(receipt.block_hash)
# The node's index may be a block behind.
while (answer := substrate.rpc_request("citynet_device", [str(work.device)])["result"])["anchor"]["number"] < block:
    time.sleep(0.2)
demand(answer["nextSequence"] == str(following + 1), "citynet_device says so too")
substrate.close()
