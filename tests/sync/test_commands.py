"""Two laptops and a real PostgreSQL, by the command line alone: what an administrator can script."""

import getpass
import io
import json
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.shared.server_process import PostgresServer
from tests.unit.test_command_line import PLEIN, Laptop

_numbers = count(1)
"""Logins belong to the whole server, so every test has its own."""


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the administrator's URL of an empty database."""
    name = "commands"
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def login_of(name: str, number: int) -> str:
    """Return the login name of the counter in one test."""
    return f"balie_{name.lower()}_{number}"


@pytest.fixture
def laptops(
    database: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Laptop, Laptop]:
    """Set up the database and two people, and connect a laptop for each."""
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("NAOBERKAART_LANG", "nl")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    made, number = [], next(_numbers)
    for name in ("Neede", "Rekken"):
        laptop = Laptop(tmp_path / name, capsys)
        if not made:
            assert laptop.json("server", "init", database, "--json")["municipalities"] == ["GM1859"]
        person: Any = laptop.json(
            "server", "add-person", database, "--name", f"Balie {name}",
            "--login", login_of(name, number), "--role", "counter_clerk", "--json",
        )  # fmt: skip
        url = postgres_server.url("commands", person["login"], person["password"])
        assert laptop.json("connect", url, "--json")["person"] == f"Balie {name}"
        assert person["password"] not in laptop.said
        made.append(laptop)
    return made[0], made[1]


def test_two_laptops_get_each_others_work(laptops: tuple[Laptop, Laptop]) -> None:
    neede, rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    assert neede.json("sync", "--json")["sent"] == 1
    rekken.run("sync")
    got = rekken.json("record", "get", "initiative", made["id"])
    assert (got["title"], got["geometry"]) == (made["title"], made["geometry"])
    assert got["code"].startswith("INI-")
    assert rekken.json("status", "--json")["waiting"] == 0
    assert "Balie Neede" in rekken.run("record", "history", "initiative", made["id"])


def test_a_double_edit_needs_a_person(laptops: tuple[Laptop, Laptop]) -> None:
    neede, rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    neede.run("sync")
    rekken.run("sync")
    neede.run("record", "set", "initiative", made["id"], '{"title": "Titel uit Neede"}')
    rekken.run("record", "set", "initiative", made["id"], '{"title": "Titel uit Rekken"}')
    neede.run("sync")
    rekken.run("sync", code=4)
    rekken.run("status", code=4)
    (question,) = [rekken.json("conflicts", "list", "--json")]
    assert (question["mine"]["title"], question["theirs"]["title"]) == (
        "Titel uit Rekken",
        "Titel uit Neede",
    )
    assert "Titel uit Neede" in rekken.run("conflicts")
    rekken.run("conflicts", "resolve", question["id"], "--take", "mine")
    rekken.run("sync")
    neede.run("sync")
    assert neede.json("record", "get", "initiative", made["id"])["title"] == "Titel uit Rekken"


def test_deleted_there_and_edited_here_is_a_question(laptops: tuple[Laptop, Laptop]) -> None:
    neede, rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    neede.run("sync")
    rekken.run("sync")
    neede.run("record", "delete", "initiative", made["id"])
    rekken.run("record", "set", "initiative", made["id"], '{"title": "Toch houden"}')
    neede.run("sync")
    rekken.run("sync", code=4)
    question = rekken.json("conflicts", "list", "--json")
    rekken.run("conflicts", "resolve", question["id"][:8], "--take", "mine")
    rekken.run("sync")
    neede.run("sync")
    assert neede.json("record", "get", "initiative", made["id"])["title"] == "Toch houden"


def test_an_import_and_a_photo_reach_the_other_laptop(
    laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    neede, rekken = laptops
    path, photo = tmp_path / "in.csv", tmp_path / "brief.pdf"
    rows = "".join(f"Nummer {n};Rekken\n" for n in range(700))
    path.write_text("title;kern\n" + rows, encoding="utf-8")
    photo.write_bytes(b"%PDF-1.7\n" + b"x" * 300_000 + b"\n%%EOF\n")
    neede.run("import", path, "--as", "initiative")
    attached = neede.json("record", "attach", "initiative", "Nummer 7", photo)
    neede.run("sync")
    assert rekken.json("sync", "--json")["received"] >= 701
    assert rekken.json("status", "--json")["records"]["initiative"] == 700
    listed = rekken.json("record", "list", "attachment")
    assert (listed["sha256"], listed["belongs_to"]) == (attached["sha256"], attached["belongs_to"])


def test_who_has_no_access_any_more_is_told(laptops: tuple[Laptop, Laptop], database: str) -> None:
    neede, rekken = laptops
    rekken.run("record", "add", "initiative", PLEIN)
    login = neede.json("server", "list-people", database, "--json")[1]["login"]
    neede.run("server", "revoke", database, login)
    people = neede.json("server", "list-people", database, "--json")
    assert [(p["name"], p["active"]) for p in people] == [
        ("Balie Neede", True),
        ("Balie Rekken", False),
    ]
    rekken.run("sync", code=3)
    assert rekken.said
    assert rekken.json("record", "list", "initiative")["title"] == json.loads(PLEIN)["title"]


def test_the_administrators_commands_can_be_repeated(
    laptops: tuple[Laptop, Laptop], database: str
) -> None:
    neede, _rekken = laptops
    before = neede.json("server", "status", database, "--json")
    neede.run("server", "init", database)
    neede.run("server", "migrate", database)
    after = neede.json("server", "status", database, "--json")
    assert (after["epoch"], after["people"], after["version"]) == (
        before["epoch"],
        2,
        after["newest_version"],
    )
    login = neede.json("server", "list-people", database, "--json")[0]["login"]
    neede.run("server", "add-person", database, "--name", "X", "--login", login, code=2)
    neede.run("server", "revoke", database, "niemand", code=2)
    neede.run("server", "status", "postgresql://127.0.0.1:9/x", code=3)


class Terminal(io.StringIO):
    """A keyboard on which this was typed."""

    def isatty(self) -> bool:
        return True


def test_a_purge_is_not_done_by_accident(
    laptops: tuple[Laptop, Laptop], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what goes, wants a yes, and a word of its own for what was deleted lately."""
    neede, _rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    neede.run("sync")
    neede.run("record", "delete", "initiative", made["id"])
    neede.run("sync")
    purge = ("server", "purge", database, "--older-than")
    neede.run(*purge, "0", "--yes", code=2)
    assert "--even-recent" in neede.said
    neede.run(*purge, "-1", "--yes", code=2)
    neede.run(*purge, "0", "--even-recent", code=2)  # nobody to ask
    assert "1 verwijderd" in neede.said
    assert "--yes" in neede.said
    assert neede.json(*purge, "90", "--yes", "--json") == {"purged": 0}
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "")
    monkeypatch.setattr(sys, "stdin", Terminal("ja\n"))
    assert neede.run(*purge, "0", "--even-recent") == ""
    monkeypatch.setattr(sys, "stdin", Terminal("1\n"))
    assert neede.json(*purge, "0", "--even-recent", "--json") == {"purged": 1}


def test_a_purge_counts_what_goes_along(laptops: tuple[Laptop, Laptop], database: str) -> None:
    """A photo of what was deleted goes with it, and is counted beforehand."""
    neede, _rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    photo = neede.folder / "brief.pdf"
    photo.write_bytes(b"%PDF-1.7\n%%EOF\n")
    neede.run("record", "attach", "initiative", made["id"], photo)
    neede.run("record", "delete", "initiative", made["id"])
    neede.run("sync")
    neede.run("server", "purge", database, "--older-than", "0", "--even-recent", code=2)
    assert "2 verwijderde" in neede.said
    purged = ("server", "purge", database, "--older-than", "0", "--even-recent", "--yes", "--json")
    assert neede.json(*purged) == {"purged": 2}
