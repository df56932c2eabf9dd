"""A first download in a process of its own; tells milliseconds and the memory it took at its peak.

The memory is what the process held at its worst above what it held just before: everything imported,
the store open, the greeting done.
"""

import re
import sys
from pathlib import Path

from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.sync.engine import Engine
from tests.benchmarks.measure import seconds
from tests.factories import initiative
from tests.stores import new_store

_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


def held_mb(what: str) -> float:
    """Return the memory of this process now (VmRSS) or at its worst (VmHWM)."""
    found = re.search(rf"{what}:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1024


def main(url: str, folder: str) -> None:
    """Download everything and print: records, milliseconds, MB."""
    store = new_store(Path(folder) / "download.db")
    store.save_new([initiative()], as_example=True)  # what is imported late, is imported now
    shared = PostgresDatabase(Address(url))
    shared.hello()
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
    before = held_mb("VmRSS")
    taken = seconds(Engine(store, shared).run_cycle)
    print(store.counts()["initiative"], taken * 1000, held_mb("VmHWM") - before)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
