"""The peer of "two laptops in step": pygeodiff on SQLite files with the same rows and edits.

What Mergin Maps does between two laptops and its server, without the network, the rights, the
receipts and the history: changesets, a rebase, and applying them to plain files.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pygeodiff

from db.codec import dumps, values_of
from db.entities.initiative import Initiative
from db.fields import fields_of
from tests.factories import initiative

TABLE = "initiative"


class GeodiffPeer:
    """Three files in step: the one in the middle and two laptops."""

    def __init__(self, folder: Path, records: Sequence[Initiative]) -> None:
        self.middle, self.anna, self.bert = (folder / f"{n}.db" for n in ("middle", "anna", "bert"))
        self.base = folder / "base.db"
        self.diffs = folder / "changes.diff", folder / "more.diff", folder / "conflicts.json"
        self.names = ["id", *fields_of(Initiative)]
        self.ids = [str(record.id) for record in records]
        self.geodiff = pygeodiff.GeoDiff()
        with sqlite3.connect(self.middle) as connection:
            columns = ", ".join(f"{name} TEXT" for name in self.names[1:])
            connection.execute(f"CREATE TABLE {TABLE} (id TEXT PRIMARY KEY NOT NULL, {columns})")
            self._insert(connection, records)
        connection.close()

    def edit_apart(
        self, edits: int, new: int, others: int, same_record: int, same_field: int, run: int
    ) -> None:
        """Copy the middle to both laptops and make the edits there."""
        for laptop in (self.base, self.anna, self.bert):
            shutil.copy(self.middle, laptop)
        start = run * 700 % (len(self.ids) - edits - others)
        chosen = self.ids[start : start + edits + others - same_record]
        first = edits - same_record
        added = [initiative(title=f"Nieuw {run} {number}") for number in range(new)]
        self._update(self.anna, "summary", f"Anna in ronde {run}", chosen[:edits], added)
        meeting = chosen[first : first + same_field]
        self._update(self.bert, "summary", f"Bert in ronde {run}", meeting)
        rest = chosen[first + same_field :]
        self._update(self.bert, "description", f"Bert schrijft in ronde {run}", rest)

    def come_into_step(self) -> None:
        """Anna's changes to the middle, Bert's rebased on them, and those to Anna."""
        changes, more, conflicts = map(str, self.diffs)
        base, middle, anna, bert = map(str, (self.base, self.middle, self.anna, self.bert))
        self.geodiff.create_changeset(base, anna, changes)
        self.geodiff.apply_changeset(middle, changes)
        self.geodiff.rebase(base, middle, bert, conflicts)
        self.geodiff.create_changeset(middle, bert, more)
        self.geodiff.apply_changeset(middle, more)
        self.geodiff.apply_changeset(anna, more)

    def _update(
        self,
        path: Path,
        name: str,
        words: str,
        ids: Sequence[str],
        added: Sequence[Initiative] = (),
    ) -> None:
        with sqlite3.connect(path) as connection:
            statement = f"UPDATE {TABLE} SET {name} = ? WHERE id = ?"
            connection.executemany(statement, [(words, one) for one in ids])
            self._insert(connection, added)
        connection.close()

    def _insert(self, connection: sqlite3.Connection, records: Sequence[Initiative]) -> None:
        rows = [
            [str(record.id), *(_text(values_of(record)[name]) for name in self.names[1:])]
            for record in records
        ]
        marks = ", ".join("?" * len(self.names))
        connection.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", rows)


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else dumps(value)
