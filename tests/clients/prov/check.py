"""Loads PROV-JSON that `citynet prov export` wrote in the library `prov`, and writes it again.

    pip install -r requirements.txt
    python3 check.py example.json lineage.json …

No warning is let pass, no record may get lost or be added, and what is written again must say the same. Whether
relations lead somewhere and times run forwards, the library does not look at: citynet does, before it writes.
"""

import json
import sys
import warnings
from pathlib import Path

from prov.model import ProvDocument

# The kinds of records that citynet writes.
SECTIONS = {
    "entity",
    "activity",
    "agent",
    "used",
    "wasGeneratedBy",
    "wasDerivedFrom",
    "wasAssociatedWith",
    "wasAttributedTo",
}


def demand(holds: bool, what: str) -> None:
    """Ends the check when something is not as it must be."""
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def count(text: str) -> int:
    """How many records a document has."""
    document = json.loads(text)
    unknown = set(document) - SECTIONS - {"prefix"}
    demand(not unknown, f"unknown kinds of records: {sorted(unknown)}")
    return sum(len(document.get(section, {})) for section in SECTIONS)


def check(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    records = count(text)
    demand(records > 0, f"{path} has no records")
    loaded = ProvDocument.deserialize(content=text, format="json")
    demand(len(loaded.get_records()) == records, f"{len(loaded.get_records())} of {records} records are loaded")
    again = loaded.serialize(format="json")
    demand(count(again) == records, f"{count(again)} of {records} records are written again")
    demand(ProvDocument.deserialize(content=again, format="json") == loaded, "what is written again says the same")
    # Every name is one of a prefix that the document declares: the library would keep others as they are.
    declared = set(json.loads(text)["prefix"].values())
    for record in loaded.get_records():
        name = record.identifier
        demand(name is None or name.namespace.uri in declared, f"{name} has a prefix that is not declared")
    # PROV-N has other rules for names: it must be possible to write it, too.
    demand(len(loaded.get_provn().splitlines()) > records, "it can be written as PROV-N")
    print(f"ok: {path}: {records} records")


if __name__ == "__main__":
    warnings.simplefilter("error")
    demand(len(sys.argv) > 1, "give at least one file")
    for argument in sys.argv[1:]:
        check(Path(argument))
