"""A person with their own login and `psql`: the database itself says no (promise S10)."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from db.entities import ENTITIES
from db.shared import admin
from db.shared.protocol import Person, SharedDatabase
from tests.contract.changes import edited, history_of, made, push, push_one, row_of
from tests.factories import contact_person, initiative
from tests.postgres import PostgresSide, add_person

Psql = psycopg.Connection[Any]
SYSTEM = (
    "server", "municipality", "person", "role_right", "entity_meta", "field_meta", "transition",
    "counter", "receipt", "change_log", "rescued", "blob", "blob_chunk", "plot_bounds",
    "alembic_version", "presence",
)  # fmt: skip
INTERNAL = {
    "next_numbers": "'GM1859', 'seq', 1000",
    "refuse_overlap": "'GM1859', '{}'",
    "store_as_owner": "'GM1859', 'staff', '[]'",
}


@pytest.fixture
def anna(real_side: PostgresSide) -> tuple[Person, SharedDatabase]:
    return real_side.add("Anna", "administrator", "counter_clerk")


@pytest.fixture
def psql(real_side: PostgresSide, anna: tuple[Person, SharedDatabase]) -> Iterator[Psql]:
    """Log in as Anna, who may do everything in the program, with a bare connection."""
    with psycopg.connect(real_side.personal_url(anna[0]), autocommit=True) as connection:
        yield connection


@pytest.fixture
def neighbour(real_side: PostgresSide) -> Iterator[PostgresSide]:
    """Give another municipality in the same database."""
    code = f"GM9{real_side.municipality[3:]}"
    admin.init(real_side.url, code)
    found = PostgresSide(real_side.server, real_side.url, code)
    yield found
    found.close()


def refused(psql: Psql, statement: sql.Composable | str) -> bool:
    """Say whether the database turns a statement away for want of a privilege."""
    try:
        psql.execute(statement)  # type: ignore[arg-type]
    except errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("table", [*ENTITIES, *SYSTEM])
def test_no_table_can_be_written_directly(psql: Psql, table: str):
    name = sql.Identifier("naoberkaart", table)
    for statement in (
        sql.SQL("INSERT INTO {} DEFAULT VALUES"),
        sql.SQL("DELETE FROM {}"),
        sql.SQL("TRUNCATE {}"),
        sql.SQL("DROP TABLE {}"),
        sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL"),
        sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY"),
    ):
        assert refused(psql, statement.format(name)), statement
    columns = psql.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
        (f"naoberkaart.{table}",),
    ).fetchall()
    update = sql.SQL("UPDATE {} SET {} = NULL").format(name, sql.Identifier(columns[0][0]))
    assert refused(psql, update)


@pytest.mark.parametrize("table", ["person", "receipt", "rescued", "blob_chunk", "counter"])
def test_what_is_the_servers_own_is_not_even_read(psql: Psql, table: str):
    assert refused(psql, sql.SQL("SELECT * FROM {}").format(sql.Identifier("naoberkaart", table)))


@pytest.mark.parametrize("function", INTERNAL)
def test_inner_functions_are_for_the_owner(psql: Psql, function: str):
    assert refused(psql, f"SELECT naoberkaart.{function}({INTERNAL[function]})")


def test_only_the_functions_of_the_protocol_are_open(psql: Psql):
    names = psql.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'naoberkaart'::regnamespace"
        " AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()
    assert {name for (name,) in names} == {
        "push", "pull", "row_as_json", "news_channel", "hello", "last_seq", "my_municipality",
        "has_right", "blob_offset", "put_blob", "get_blob", "blob_piece",
        "deliver", "unknown_changes", "greet", "is_known", "tip_of", "of_every_entity", "sums",
        "row_with_digest", "digests", "rows_of", "editing", "who_is_editing",
        "blob_offsets", "put_blobs", "get_blobs",
    }  # fmt: skip


def test_nobody_becomes_the_owner_or_someone_else(psql: Psql, real_side: PostgresSide):
    bram, _ = real_side.add("Bram", "counter_clerk")
    for role in (admin.OWNER, "postgres", real_side.logins[bram.id].login):
        assert refused(psql, sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        assert refused(psql, sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(role)))
    assert refused(psql, "CREATE ROLE mallory LOGIN")
    assert refused(psql, "CREATE TABLE naoberkaart.mine (x int)")


def test_the_history_can_not_be_forged(
    psql: Psql, anna: tuple[Person, SharedDatabase], real_side: PostgresSide
):
    """A person sets what the trigger reads; the function sets it again, and who is who is known."""
    person, database = anna
    bram, _ = real_side.add("Bram", "counter_clerk")
    plan = initiative()
    psql.execute("SELECT set_config('naoberkaart.context', '[{\"change_id\": null}]', false)")
    psql.execute("SET search_path = pg_temp, public")
    change = made(plan).to_json() | {"author": str(bram.id)}
    psql.execute("SELECT naoberkaart.push(%s::text::jsonb)", (f"[{_json(change)}]",))
    [line] = history_of(database, plan)
    assert line["person"] == str(person.id)
    assert line["change_id"] == change["id"]


def test_even_the_owner_does_not_rewrite_history(real_side: PostgresSide):
    with psycopg.connect(real_side.url, autocommit=True) as owner:
        owner.execute(f"SET ROLE {admin.OWNER}")
        for statement in (
            "UPDATE naoberkaart.change_log SET person = NULL",
            "DELETE FROM naoberkaart.change_log",
            "TRUNCATE naoberkaart.change_log",
            "DELETE FROM naoberkaart.kern",
        ):
            with pytest.raises(errors.InsufficientPrivilege, match="never removed"):
                owner.execute(statement)


def test_a_write_past_push_can_not_pass_unseen(real_side: PostgresSide):
    """Whoever may do everything still can't change a row under the place it has in the order."""
    rename = "UPDATE naoberkaart.kern SET name = 'Elders' WHERE name = 'Rekken'"
    with (
        psycopg.connect(real_side.url, autocommit=True) as owner,
        pytest.raises(errors.UniqueViolation),
    ):
        owner.execute(rename)


def test_temporary_objects_do_not_take_the_place_of_ours(
    psql: Psql, anna: tuple[Person, SharedDatabase]
):
    psql.execute("CREATE TEMP TABLE person AS SELECT 1 AS id")
    psql.execute("CREATE TEMP TABLE role_right (role text, right_name text)")
    psql.execute("SET search_path = pg_temp, naoberkaart")
    told: Any = psql.execute("SELECT naoberkaart.hello()").fetchone()
    assert told[0]["person"] == str(anna[0].id)


def test_contact_details_are_not_seen_without_the_right(real_side: PostgresSide):
    _, clerk = real_side.add("Anna", "counter_clerk")
    bram, his = real_side.add("Bram", "assessor")
    person = contact_person()
    push_one(clerk, made(person))
    push_one(clerk, edited(person, {"phone": None}, {"phone": "0612345678"}))
    with psycopg.connect(real_side.personal_url(bram), autocommit=True) as connection:
        for query in (
            "SELECT * FROM naoberkaart.contact_person",
            "SELECT * FROM naoberkaart.contact_moment",
            "SELECT * FROM naoberkaart.change_log WHERE entity IN ('contact_person', 'contact_moment')",
        ):
            assert connection.execute(query).fetchall() == []
    assert row_of(his, person) == {}


def test_an_error_does_not_tell_what_may_not_be_seen(real_side: PostgresSide):
    """A leaky function in a query is not run on rows of others (row security comes first)."""
    _, clerk = real_side.add("Anna", "counter_clerk")
    bram, _ = real_side.add("Bram", "assessor")
    push_one(clerk, made(contact_person(name="Geheim")))
    with psycopg.connect(real_side.personal_url(bram), autocommit=True) as connection:
        connection.execute("SELECT 1 / (length(name) - 6) FROM naoberkaart.contact_person")


def test_another_municipality_does_not_exist(real_side: PostgresSide, neighbour: PostgresSide):
    _, clerk = real_side.add("Anna", "counter_clerk")
    carla, _ = neighbour.add("Carla", "administrator")
    push(clerk, made(initiative()), made(contact_person()))
    with psycopg.connect(neighbour.personal_url(carla), autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM naoberkaart.initiative UNION ALL"
            " SELECT count(*) FROM naoberkaart.contact_person UNION ALL"
            " SELECT count(*) FROM naoberkaart.change_log WHERE municipality <> %s",
            (neighbour.municipality,),
        ).fetchall()
        page: Any = connection.execute("SELECT naoberkaart.pull(0, 5000)").fetchone()
    assert found == [(0,), (0,), (0,)]
    assert json.loads(page[0])["rows"].keys() == {"staff"}


def test_the_same_record_id_in_two_municipalities_is_two_records(
    real_side: PostgresSide, neighbour: PostgresSide
):
    _, clerk = real_side.add("Anna", "counter_clerk")
    _, hers = neighbour.add("Carla", "counter_clerk")
    plan = initiative()
    push_one(clerk, made(plan))
    push_one(hers, made(plan, title="Van Oost Gelre"))
    assert row_of(clerk, plan)["title"] == plan.title
    assert row_of(hers, plan)["title"] == "Van Oost Gelre"


def test_a_revoked_person_sees_nothing_with_psql(
    real_side: PostgresSide, anna: tuple[Person, SharedDatabase], psql: Psql
):
    push_one(anna[1], made(initiative()))
    real_side.revoke(anna[0])
    assert psql.execute("SELECT * FROM naoberkaart.initiative").fetchall() == []
    assert psql.execute("SELECT * FROM naoberkaart.kern").fetchall() == []
    with pytest.raises(psycopg.Error, match="revoked"):
        psql.execute("SELECT naoberkaart.pull(0, 10)")


def test_unsent_work_of_a_revoked_person_is_kept_for_the_administrator(
    real_side: PostgresSide, anna: tuple[Person, SharedDatabase]
):
    real_side.revoke(anna[0])
    plan = initiative()
    push(anna[1], made(plan), made(initiative()))
    rescued = {known.id: known.rescued for known in admin.list_people(real_side.url)}
    assert rescued[anna[0].id] == 2


def test_a_login_that_is_no_person_gets_nothing(real_side: PostgresSide):
    stranger = add_person(real_side.url, "Stranger", municipality=real_side.municipality)
    with psycopg.connect(real_side.url, autocommit=True) as owner:
        owner.execute("DELETE FROM naoberkaart.person WHERE id = %s", (stranger.id,))
    url = real_side.server.url(real_side.database, stranger.login, stranger.password)
    with psycopg.connect(url, autocommit=True) as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT naoberkaart.push('[]')")
        assert connection.execute("SELECT * FROM naoberkaart.kern").fetchall() == []


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value)
