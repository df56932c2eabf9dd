"""Real deliveries of others, taken in by the command line with the mappings of `tests/imports`.

The files are not part of this project; where they are absent these tests are skipped.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_command_line import Laptop, laptop

__all__ = ["laptop"]

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = Path(os.environ.get("NAOBERKAART_SHARED", ROOT.parent / "shared")) / "data"
MAPPINGS = ROOT / "tests" / "imports"

pytestmark = pytest.mark.skipif(not DELIVERIES.exists(), reason="the deliveries are not here")


def taken(laptop: Laptop, name: str, mapping: str, entity: str) -> Any:
    return laptop.json(
        "import", DELIVERIES / name, "--as", entity, "--mapping", MAPPINGS / f"{mapping}.json",
        "--json",
    )  # fmt: skip


def test_paris(laptop: Laptop) -> None:
    report = taken(laptop, "initiatives-paris-bp/bp_projects.csv", "paris-bp", "initiative")
    assert (report["rows"], report["new"], report["rejected"]) == (1341, 1341, 0)
    assert {line["field"] for line in report["lines"]} == {"Startdatum", "Verwachte einddatum"}
    found = laptop.json("record", "list", "initiative", "--where", "phase=stopped")
    assert len(found) == 56
    assert {record["status_reason"] for record in found} == {"Volgens de bron: abandonné."}


def test_new_york(laptop: Laptop) -> None:
    report = taken(laptop, "initiatives-nyc-pb/ballot.csv", "nyc-pb", "initiative")
    assert (report["rows"], report["new"], report["rejected"]) == (370, 370, 0)
    again = taken(laptop, "initiatives-nyc-pb/ballot.csv", "nyc-pb", "initiative")
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 370)


@pytest.mark.slow
def test_chicago_and_its_update(laptop: Laptop) -> None:
    whole = taken(laptop, "plots-chicago/land-inventory.csv", "chicago-lots", "plot")
    assert (whole["rows"], whole["new"], whole["rejected"]) == (15373, 15373, 0)
    new = "plots-chicago/chicago_land_inventory_new_2014_11_19.geojson"
    removed = "plots-chicago/chicago_land_inventory_removed_2014_11_19.geojson"
    added = taken(laptop, new, "chicago-new", "plot")
    assert (added["new"], added["updated"], added["rejected"]) == (79, 5, 0)
    gone = taken(laptop, removed, "chicago-removed", "plot")
    assert (gone["new"], gone["updated"], gone["rejected"]) == (16, 287, 0)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("rochdale", 128), ("fylde", 47), ("leicester", 66), ("new-forest", 56)],
)
def test_english_land_registers_are_read_whole(name: str, rows: int) -> None:
    from desktop_app.services.import_sources import open_source

    source = open_source(DELIVERIES / "plots-uk-brownfield" / f"{name}.csv")
    read = list(source.rows())
    assert len(read) == rows
    assert not [row.fault for row in read if row.fault]


def test_geojson_of_every_shape_is_read_or_refused_in_words() -> None:
    from db.errors import UserProblem
    from desktop_app.services.import_places import Placer
    from desktop_app.services.import_sources import open_source

    placer = Placer(None, is_area=False)
    read = refused = 0
    for path in sorted((DELIVERIES / "geojson-good").glob("*.geojson")):
        try:
            for row in open_source(path).rows():
                placer.place(row)
            read += 1
        except UserProblem:
            refused += 1
    assert (read, refused) == (16, 2)
