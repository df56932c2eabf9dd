"""The digests that came with the rows of the shared database: to compare both sides (promise S8).

A digest is opaque here: it is kept as it came, next to the record's line in the listing, and own edits
leave it alone. Records that were never stored there have none.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from db.local.indexes import driver


def sums(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return per entity how many records have a digest, and the sum of these."""
    rows = connection.exec_driver_sql(
        "SELECT entity, count(*), sum(digest) FROM item WHERE digest IS NOT NULL GROUP BY entity"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def held(connection: Connection) -> int:
    """Return how many records of the shared database are here."""
    found = connection.exec_driver_sql("SELECT count(*) FROM item WHERE digest IS NOT NULL")
    return int(found.scalar_one())


def alive(connection: Connection) -> dict[str, int]:
    """Return per entity how many live records of the shared database are here.

    An attachment of a record counts with the entity of that record.
    """
    rows = connection.exec_driver_sql(
        "SELECT coalesce(a.belongs_to_entity, i.entity), count(*) FROM item AS i"
        " LEFT JOIN attachment AS a ON i.entity = 'attachment' AND a.id = i.record_id"
        " WHERE i.digest IS NOT NULL AND i.deleted = 0 GROUP BY 1"
    )
    return {row[0]: row[1] for row in rows}


def of_entity(connection: Connection, entity: str) -> dict[str, int]:
    """Return the digests of one entity's records, by id."""
    rows = connection.exec_driver_sql(
        "SELECT record_id, digest FROM item WHERE entity = ? AND digest IS NOT NULL", (entity,)
    )
    return {row[0]: row[1] for row in rows}


def put(connection: Connection, digests: Mapping[str, int | None]) -> None:
    """Keep these digests; None: the shared database does not have the record (any more)."""
    driver(connection).executemany(
        "UPDATE item SET digest = ? WHERE record_id = ?",
        [(digest, record_id) for record_id, digest in digests.items()],
    )


def forget(connection: Connection, record_ids: Iterable[str]) -> None:
    """Note that the shared database does not have these records."""
    put(connection, dict.fromkeys(record_ids))
