"""Files to import, written and taken in by one call, for the tests of importing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.entities import ENTITIES
from db.fields import Record
from db.local.store import LocalStore
from desktop_app.services.import_mapping import mapping_from_headers, mapping_of
from desktop_app.services.import_report import ImportReport
from desktop_app.services.import_sources import open_source
from desktop_app.services.importing import run_import
from desktop_app.services.listing import Listing, records_of
from tests.stores import a_store


class Delivery:
    """Writes files and takes them in."""

    def __init__(self, store: LocalStore, folder: Path) -> None:
        self.store, self.folder = store, folder

    def take(
        self,
        content: str | bytes,
        mapping: dict[str, Any] | None = None,
        *,
        entity: str = "initiative",
        name: str = "in.csv",
        **options: Any,
    ) -> ImportReport:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        kind = ENTITIES[entity]
        given = mapping_of(mapping, kind, "test") if mapping else None
        source = open_source(path, given.options if given else None)
        return run_import(
            self.store, source, given or mapping_from_headers(kind, source.headers), **options
        )

    def records(self, entity: str = "initiative") -> list[Record]:
        title = ENTITIES[entity].TITLE
        return list(records_of(self.store, Listing(entity=entity, sort=title, descending=False)))


def deliveries(folder: Path) -> Iterator[Delivery]:
    """Give a store with the kernen that takes deliveries; it is closed afterwards."""
    with a_store(folder) as store:
        yield Delivery(store, folder)
