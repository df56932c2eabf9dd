"""What the administrator does: set up, people, passwords, status."""

from uuid import uuid4

import psycopg
import pytest

from db.errors import Refused, UserProblem
from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.server_process import PostgresServer, find_binaries
from tests.contract.changes import everything, made, push_one
from tests.factories import initiative
from tests.postgres import PostgresSide, add_person


@pytest.fixture
def empty_url(postgres_server: PostgresServer):
    """Give a database that was not set up."""
    name = f"empty_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_is_set_up_once_and_again_without_harm(empty_url: str):
    first = admin.init(empty_url, records=reference_kernen())
    again = admin.init(empty_url, records=reference_kernen())
    assert first == again
    assert (first.version, first.municipalities) == (first.newest_version, ("GM1859",))
    assert first.records == len(reference_kernen())


def test_setting_up_again_keeps_what_people_changed(real_side: PostgresSide):
    _, hers = real_side.add("Anna", "counter_clerk")
    plan = initiative()
    push_one(hers, made(plan))
    before = everything(hers)
    admin.init(real_side.url, records=reference_kernen())
    admin.migrate(real_side.url)
    assert everything(hers) == before


def test_a_status_is_told_before_and_after(empty_url: str):
    assert admin.status(empty_url).version is None
    admin.init(empty_url)
    told = admin.status(empty_url)
    assert told.version == told.newest_version
    assert told.size_bytes > 0


def test_people_need_a_database_that_was_set_up(empty_url: str):
    for ask in (
        lambda: admin.add_person(empty_url, "Anna", ["reader"]),
        lambda: admin.list_people(empty_url),
        lambda: admin.revoke(empty_url, "anna"),
        lambda: admin.migrate(empty_url),
    ):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.reason == "older_server"


def test_a_password_is_strong_and_never_sent_in_the_clear(
    postgres_server: PostgresServer, shared_url: str
):
    """Even with every statement in the server's log."""
    with psycopg.connect(shared_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
        added = add_person(shared_url, "Anna")
        chosen = admin.add_person(
            shared_url,
            "Bram",
            ["reader"],
            login=f"bram_{uuid4().hex[:6]}",
            password="kaas-en-worst",
        )
        connection.execute("ALTER SYSTEM RESET log_statement")
        connection.execute("SELECT pg_reload_conf()")
    log = postgres_server.log.read_text(encoding="utf-8")
    assert len(added.password) >= 20
    assert "CREATE ROLE" in log
    assert added.password not in log
    assert chosen.password not in log


def test_everybody_is_listed_with_their_roles(lone_side: PostgresSide):
    lone_side.add("Carla", "publisher", "assessor")
    anna, _ = lone_side.add("Anna", "counter_clerk")
    lone_side.revoke(anna)
    told = [(p.name, p.roles, p.is_active) for p in admin.list_people(lone_side.url)]
    assert told == [
        ("Anna", ("counter_clerk",), False),
        ("Carla", ("publisher", "assessor"), True),
    ]


@pytest.mark.parametrize(
    ("name", "roles", "login"),
    [
        ("Anna", [], "anna_x"),
        ("Anna", ["king"], "anna_x"),
        ("Anna", ["reader"], "naoberkaart_owner"),
        ("Anna", ["reader"], "postgres"),
        ("Anna", ["reader"], 'x"; DROP ROLE postgres; --'),
        ("李", ["reader"], ""),
    ],
    ids=["no role", "no such role", "ours", "taken", "an attack", "no letters"],
)
def test_a_wrong_person_is_told(shared_url: str, name: str, roles: list[str], login: str):
    with pytest.raises(UserProblem):
        admin.add_person(shared_url, name, roles, login=login)
    assert admin.list_people(shared_url) == ()


def test_a_login_name_is_made_from_the_name(shared_url: str):
    added = admin.add_person(shared_url, f"Zoë van 't Hoff {uuid4().hex[:6]}", ["reader"])
    assert added.login.startswith("zoe.van.t.hoff.")


def test_nobody_unknown_is_revoked(shared_url: str):
    with pytest.raises(UserProblem):
        admin.revoke(shared_url, "nobody")


def test_a_wrong_municipality_is_told(empty_url: str):
    with pytest.raises(UserProblem):
        admin.init(empty_url, "Berkelland")


def test_an_administrator_need_not_be_superuser(postgres_server: PostgresServer):
    """A database administrator who may make roles and owns the database is enough."""
    name, secret = f"dba_{uuid4().hex[:8]}", "geheim-genoeg"
    server = PostgresServer()
    with server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{secret}'")
            connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        url = server.url(name, name, secret)
        admin.init(url, records=reference_kernen())
        added = add_person(url, "Anna")
        database = PostgresDatabase(Address(server.url(name, added.login, added.password)))
        assert push_one(database, made(initiative())).reason == ""
        database.close()
        admin.revoke(url, added.login)
        assert admin.migrate(url).people == 0


def test_an_ordinary_person_administers_nothing(real_side: PostgresSide):
    anna, _ = real_side.add("Anna", "administrator")
    url = real_side.personal_url(anna)
    for ask in (
        lambda: admin.add_person(url, "Bram", ["reader"]),
        lambda: admin.init(url),
        lambda: admin.revoke(url, real_side.logins[anna.id].login),
    ):
        with pytest.raises(Refused):
            ask()


@pytest.mark.parametrize("binaries", find_binaries(), ids=lambda folder: folder.parent.name)
def test_it_works_on_every_postgresql_of_this_machine(binaries):
    with PostgresServer(binaries=binaries) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE shared")
        url = server.url("shared")
        admin.init(url, records=reference_kernen())
        added = add_person(url, "Anna")
        database = PostgresDatabase(Address(server.url("shared", added.login, added.password)))
        plan = initiative()
        receipts = [push_one(database, change) for change in [made(plan)] * 2]
        assert receipts[0] == receipts[1]
        assert len(everything(database).rows) == len(reference_kernen()) + 2
        database.close()
