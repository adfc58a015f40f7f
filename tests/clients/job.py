"""What the checks in Python share: their arguments, and a batch as its device signs it. The statement's bytes are laid
out here from their description in primitives/src/signed.rs, so that they are checked by another hand."""

import hashlib
import json
import pathlib
import struct
import sys
import time
from typing import NamedTuple

from nacl.signing import SigningKey


class Job(NamedTuple):
    """The node, the account that submits, the device and its key, from the command line."""

    url: str
    account: str
    device: int
    seed: bytes


def job() -> Job:
    """Reads the command line."""
    if len(sys.argv) != 5:
        sys.exit("usage: python check.py ws://NODE ACCOUNT-URI DEVICE SEED-FILE")
    url, account, device, seed_file = sys.argv[1:]
    seed = pathlib.Path(seed_file).read_text().strip().removeprefix("0x")
    return Job(url, account, int(device), bytes.fromhex(seed))


def batch_of(job: Job, genesis: str, epoch: int, first_sequence: int) -> tuple[dict, str]:
    """A batch of one reading, observed now, and the device's signature over it."""
    now = time.time_ns() // 1_000_000
    leaf = json.dumps({"device": str(job.device), "sequence": str(first_sequence)}, separators=(",", ":"))
    root = hashlib.sha256(b"\0" + leaf.encode()).digest()
    batch = {
        "device": job.device,
        "epoch": epoch,
        "schema": 1,
        "first_sequence": first_sequence,
        "count": 1,
        "missing": 0,
        "window_start": now,
        "window_end": now,
        "root": f"0x{root.hex()}",
        "expires": now + 60_000,
    }
    statement = struct.pack(
        "<16sB32sHQIHQIQQQ32sQ",
        b"citynet.batch",
        1,
        bytes.fromhex(genesis.removeprefix("0x")),
        1,
        *(root if name == "root" else value for name, value in batch.items()),
    )
    return batch, f"0x{SigningKey(job.seed).sign(statement).signature.hex()}"


def failure(error: dict | None) -> str:
    """Why a transaction failed, if it did."""
    return f": {error}" if error else ""


def demand(holds: bool, what: str) -> None:
    """Ends the check when something is not as it must be."""
    if not holds:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}", flush=True)
