"""The beginnings of attachments that are on their way here: they outlive a cut line and a crash."""

from sqlalchemy import Connection

from db.local import blobs


def received_bytes(connection: Connection, sha256: str) -> int:
    """Return how much of an attachment has come, from its beginning on."""
    found = connection.exec_driver_sql(
        "SELECT sum(length(content)) FROM blob_part WHERE sha256 = ?", (sha256,)
    ).scalar()
    return int(found or 0)


def begun(connection: Connection) -> set[str]:
    """Return the attachments of which some has come."""
    return set(connection.exec_driver_sql("SELECT DISTINCT sha256 FROM blob_part").scalars())


def keep(connection: Connection, sha256: str, position: int, content: bytes) -> None:
    """Keep the piece that follows on what has come."""
    connection.exec_driver_sql(
        "INSERT INTO blob_part(sha256, position, content) VALUES (?,?,?) ON CONFLICT DO NOTHING",
        (sha256, position, content),
    )


def drop(connection: Connection, sha256: str) -> None:
    """Forget what has come: it is whole now, or wrong."""
    connection.exec_driver_sql("DELETE FROM blob_part WHERE sha256 = ?", (sha256,))


def complete(connection: Connection, sha256: str) -> bool:
    """Make an attachment of what has come; False when that is not (yet) what `sha256` says."""
    rows = connection.exec_driver_sql(
        "SELECT content FROM blob_part WHERE sha256 = ? ORDER BY position", (sha256,)
    )
    return accept(connection, sha256, b"".join(rows.scalars()))


def accept(connection: Connection, sha256: str, content: bytes) -> bool:
    """Keep bytes that came from the shared database; False when they are not what `sha256` says."""
    if not blobs.is_of(content, sha256):
        return False
    blobs.add(connection, content, is_stored=True)
    blobs.mark_stored(connection, [sha256])
    blobs.want(connection, sha256, is_wanted=False)
    drop(connection, sha256)
    return True
