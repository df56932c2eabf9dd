"""Small settings of the store itself, by key.

`device_id`, `me` (staff id), `rights`; of the shared database `epoch`, `municipality`, `cursor`,
`last_sync`; and `example` when the store holds voorbeeldgegevens.
"""

from sqlalchemy import Connection


def get(connection: Connection, key: str) -> str | None:
    """Return a small setting of the store."""
    return connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,)).scalar()


def put(connection: Connection, key: str, value: str | None) -> None:
    """Keep a small setting inside a transaction; None removes it."""
    if value is None:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (key,))
    else:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO meta(key, value) VALUES (?,?)", (key, value)
        )
