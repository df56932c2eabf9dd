"""The server of our own: found, started as nobody, kept, and gone when it is over."""

from pathlib import Path

import psycopg
import pytest

from db.shared.server_process import NoServer, PostgresServer, find_binaries


def test_the_folder_somebody_names_comes_first(tmp_path: Path):
    [first, *_] = find_binaries({})
    assert find_binaries({"NAOBERKAART_PG_BIN": str(first)})[0] == first
    assert find_binaries({"NAOBERKAART_PG_BIN": str(tmp_path)}) == find_binaries({})


def test_what_is_stored_outlives_a_stop_and_nothing_else_listens():
    server = PostgresServer(is_durable=True)
    with server, psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
        told = connection.execute("SHOW listen_addresses").fetchone()
        connection.close()
        server.crash()
        server.restart()
        with psycopg.connect(server.url()) as again:
            assert again.execute("SELECT x FROM kept").fetchone() == (1,)
    assert told == ("127.0.0.1",)
    assert not server.data.exists()


def test_nobody_enters_without_the_password():
    with PostgresServer() as server:
        for url in (server.url(password="guess"), server.url(user="somebody", password="x")):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(url)


def test_a_folder_without_programs_is_told(tmp_path: Path):
    with pytest.raises((NoServer, OSError)):
        PostgresServer(binaries=tmp_path).start()
