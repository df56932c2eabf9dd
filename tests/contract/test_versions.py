"""Programs and servers of different ages, and a server in trouble: told, and nothing lost."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from db.errors import Refused, Unreachable
from db.shared.protocol import LEAST_SERVER, VERSION, Outcome, SharedDatabase
from tests.contract.changes import edited, everything, made, push_one, row_of
from tests.factories import initiative
from tests.postgres import PostgresSide

IN_TROUBLE = """
    CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'in trouble' USING errcode = '{code}'; END $$;
    CREATE TRIGGER trouble BEFORE {when} FOR EACH ROW EXECUTE FUNCTION public.trouble();
"""
END_OF_TROUBLE = "DROP FUNCTION public.trouble CASCADE"


@pytest.fixture
def owner(lone_side: PostgresSide) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(lone_side.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def anna(lone_side: PostgresSide) -> SharedDatabase:
    return lone_side.add("Anna", "counter_clerk")[1]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("least_client", VERSION + 1, "newer_server"), ("version", LEAST_SERVER - 1, "older_server")],
)
def test_a_version_that_does_not_fit_is_told(
    owner: psycopg.Connection[Any], anna: SharedDatabase, column: str, value: int, reason: str
):
    owner.execute(f"UPDATE naoberkaart.server SET {column} = %s", (value,))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        anna.hello()
    assert refusal.value.reason == reason


def test_a_newer_server_that_still_serves_us_is_fine(
    owner: psycopg.Connection[Any], anna: SharedDatabase
):
    owner.execute("UPDATE naoberkaart.server SET version = version + 5")
    assert anna.hello().version == VERSION + 5


def test_a_field_added_on_the_server_harms_no_older_program(
    owner: psycopg.Connection[Any], anna: SharedDatabase
):
    """What a later migration does: a column and what is known of it; nothing else changes."""
    plan = initiative()
    push_one(anna, made(plan, colour="red"))
    owner.execute("ALTER TABLE naoberkaart.initiative ADD COLUMN colour text")
    owner.execute(
        "INSERT INTO naoberkaart.field_meta VALUES"
        " ('initiative', 'colour', 'colour', 'TEXT', 'string', 'text', NULL, false, false)"
    )
    owner.execute("SET session_replication_role = replica")  # a migration tells no history
    owner.execute(
        "UPDATE naoberkaart.initiative SET colour = extra ->> 'colour', extra = extra - 'colour'"
    )
    push_one(anna, edited(plan, {"phase": "idea"}, {"phase": "plan"}))
    row = row_of(anna, plan)
    assert (row["colour"], row["phase"]) == ("red", "plan")
    newer = push_one(anna, edited(plan, {"colour": "red"}, {"colour": "blue"}))
    late = push_one(anna, edited(plan, {"colour": "red"}, {"colour": "green"}))
    assert (newer.outcome, late.outcome) == (Outcome.APPLIED, Outcome.CONFLICT)
    assert row_of(anna, plan)["colour"] == "blue"


@pytest.fixture
def trouble(owner: psycopg.Connection[Any]) -> Callable[[str, str], None]:
    def begin(code: str, when: str) -> None:
        owner.execute(IN_TROUBLE.format(code=code, when=when))  # type: ignore[arg-type]

    return begin


@pytest.mark.parametrize("code", ["53100", "40P01", "55P03"], ids=["disk", "deadlock", "lock"])
@pytest.mark.parametrize(
    "when", ["INSERT ON naoberkaart.initiative", "INSERT ON naoberkaart.receipt"]
)
def test_a_server_in_trouble_blames_no_change(
    owner: psycopg.Connection[Any],
    anna: SharedDatabase,
    trouble: Callable[[str, str], None],
    code: str,
    when: str,
):
    """A full disk is worth a retry; the change is not refused and nothing is half stored."""
    before, change = everything(anna), made(initiative())
    trouble(code, when)
    with pytest.raises(Unreachable) as silence:
        push_one(anna, change)
    assert silence.value.is_retryable
    assert everything(anna) == before
    owner.execute(END_OF_TROUBLE)
    assert push_one(anna, change).outcome is Outcome.APPLIED


def test_the_database_is_told_apart_from_another(lone_side: PostgresSide, real_side: PostgresSide):
    """Each has its epoch, made when it was set up."""
    _, hers = lone_side.add("Anna", "counter_clerk")
    _, his = real_side.add("Bram", "counter_clerk")
    with psycopg.connect(lone_side.url) as connection:
        found: Any = connection.execute("SELECT epoch FROM naoberkaart.server").fetchone()
    assert hers.hello().epoch == hers.pull(0).epoch == found[0]
    assert his.hello().epoch is not None
