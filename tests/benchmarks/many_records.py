"""Filling a shared database with more records than laptops could push while one waits.

The rows are copies of those that a laptop brought, under new ids and, where asked, in other
municipalities, each with its line in the history. Past the triggers, which are not what is measured.
"""

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[int | str, ...]]

OWN = "GM1859"
ENTITY = "initiative"


def fill(admin_url: str, municipality: str, records: int) -> None:
    """Add `records` copies to `municipality`, each with its line in the history."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO naoberkaart.municipality VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (municipality, municipality),
        )
        first = _next_seq(connection, municipality)
        _copy_rows(connection, municipality, first, records)
        connection.execute(
            "INSERT INTO naoberkaart.change_log (municipality, seq, change_id, entity, record_id, kind,"
            " person, made_at, applied_at, is_personal, fields)"
            " SELECT municipality, seq, gen_random_uuid(), %s, id, 'create', created_by, created_at,"
            " created_at, false, '{}' FROM naoberkaart.initiative"
            " WHERE municipality = %s AND seq >= %s",
            (ENTITY, municipality, first),
        )
        connection.execute(
            "INSERT INTO naoberkaart.counter VALUES (%s, 'seq', %s)"
            " ON CONFLICT (municipality, name) DO UPDATE SET value = excluded.value",
            (municipality, first + records - 1),
        )


def settle(admin_url: str) -> None:
    """Do what the server does by itself in a quiet hour: statistics, the map of visible rows."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def count_records(admin_url: str) -> int:
    """Return how many records all municipalities have together."""
    counts = " + ".join(
        f"(SELECT count(*) FROM naoberkaart.{name})" for name in ("initiative", "premises", "plot")
    )
    with psycopg.connect(admin_url) as connection:
        row = connection.execute(f"SELECT {counts}").fetchone()
    return int(row[0]) if row else 0


def _next_seq(connection: Connection, municipality: str) -> int:
    row = connection.execute(
        "SELECT coalesce(max(value), 0) + 1 FROM naoberkaart.counter"
        " WHERE municipality = %s AND name = 'seq'",
        (municipality,),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _copy_rows(connection: Connection, municipality: str, first: int, records: int) -> None:
    special = ("municipality", "id", "seq", "code")
    names = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'naoberkaart' AND table_name = %s",
            (ENTITY,),
        )
        if name not in special
    ]
    others = sql.SQL(", ").join(sql.Identifier(str(name)) for name in names)
    statement = sql.SQL(
        "INSERT INTO naoberkaart.initiative (municipality, id, seq, code, {others})"
        " SELECT %(where)s, gen_random_uuid(), %(first)s + number - 1,"
        " 'INI-2019-' || (%(first)s + number), {others}"
        " FROM (SELECT *, row_number() OVER () AS place FROM naoberkaart.initiative"
        "  WHERE municipality = %(own)s AND code NOT LIKE 'INI-2019-%%' LIMIT 5000) t"
        " JOIN generate_series(1, %(records)s) AS number ON number %% 5000 = place - 1"
    ).format(others=others)
    asked = {"where": municipality, "first": first, "own": OWN, "records": records}
    connection.execute(statement, asked)
