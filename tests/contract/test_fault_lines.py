"""A line that holds things back: a request that arrives late, an answer that is never heard."""

import ssl
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from db.errors import Unreachable
from db.shared.connecting import Address
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import Outcome
from tests.certificates import Authority
from tests.contract.changes import edited, history_of, made, push_one, row_of
from tests.factories import initiative
from tests.postgres import PostgresSide
from tests.proxy import Proxy

IMPATIENT_S = 0.3


def push_before_login(database: PostgresDatabase) -> None:
    """Make the line, so that the next turn of the client is a call."""
    database.hello()


def wait_until_alone(side: PostgresSide, login: str) -> None:
    """Wait until the server has done everything that `login` asked for."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
    with psycopg.connect(side.server.url(), autocommit=True) as admin:
        while admin.execute(asked, (login,)).fetchone() != (0,):
            pass


def test_a_request_that_arrives_after_its_retry_has_no_second_effect(real_side: PostgresSide):
    """The laptop gave up, sent it again over another line and edited on; then the first one lands."""
    person, _ = real_side.add("Anna", "counter_clerk")
    url = real_side.personal_url(person)
    record = initiative()
    first = made(record)
    with Proxy(real_side.server.port) as proxy:
        slow = PostgresDatabase(Address(proxy.url(url)), patience_s=IMPATIENT_S)
        push_before_login(slow)
        proxy.hold_sent = proxy.turns
        with pytest.raises(Unreachable):
            push_one(slow, first)
        quick = PostgresDatabase(Address(url))
        assert push_one(quick, first).outcome is Outcome.APPLIED
        assert (
            push_one(quick, edited(record, {"title": record.title}, {"title": "Later"})).outcome
            is Outcome.APPLIED
        )
        quick.close()
        proxy.release()
        wait_until_alone(real_side, real_side.logins[person.id].login)
    _, reader = real_side.add("Bram", "reader")
    assert row_of(reader, record)["title"] == "Later"
    assert [line["kind"] for line in history_of(reader, record)] == ["create", "edit"]


def test_an_answer_that_was_given_up_is_given_again(real_side: PostgresSide):
    """It was stored; the laptop only did not hear so: the same receipt, one line of history."""
    person, _ = real_side.add("Anna", "counter_clerk")
    change = made(initiative())
    with Proxy(real_side.server.port) as proxy:
        database = PostgresDatabase(
            Address(proxy.url(real_side.personal_url(person))), patience_s=IMPATIENT_S
        )
        push_before_login(database)
        proxy.hold_received = proxy.turns + 1
        with pytest.raises(Unreachable):
            push_one(database, change)
        assert proxy.held.is_set()
        proxy.hold_received = None
        receipt = push_one(database, change)
        proxy.release()
        assert receipt == push_one(database, change)
        assert len(history_of(database, initiative(id=change.record_id))) == 1
        database.close()


def test_a_machine_that_is_gone_is_passed_over(real_side: PostgresSide):
    """Two machines in one address: the laptop finds the one that takes changes, by itself."""
    person, _ = real_side.add("Anna", "counter_clerk")
    with Proxy(real_side.server.port) as gone:
        port = gone.port
    url = real_side.personal_url(person).replace("@127.0.0.1:", f"@127.0.0.1:{port},127.0.0.1:")
    database = PostgresDatabase(Address(url))
    assert database.hello().person == person
    database.close()


def test_with_two_machines_the_one_that_takes_changes_is_looked_for():
    both = "postgresql://anna@127.0.0.1:1,127.0.0.1:2/shared"
    assert Address(both).parameters()["target_session_attrs"] == "read-write"
    own = Address(f"{both}?target_session_attrs=primary").parameters()
    assert own["target_session_attrs"] == "primary"
    assert "target_session_attrs" not in Address("postgresql://anna@localhost/a").parameters()


def test_a_server_that_only_reads_is_not_taken_for_one_that_refuses(real_side: PostgresSide):
    """A standby that is not promoted yet: not now, and tried again by itself."""
    person, _ = real_side.add("Anna", "counter_clerk")
    url = real_side.personal_url(person)
    only_reads = f"{url}?options=-c%20default_transaction_read_only%3Don"
    database = PostgresDatabase(Address(only_reads))
    with pytest.raises(Unreachable) as told:
        push_one(database, made(initiative()))
    assert told.value.is_retryable
    looking = PostgresDatabase(Address(f"{only_reads}&target_session_attrs=read-write"))
    with pytest.raises(Unreachable) as told:
        looking.hello()
    assert told.value.is_retryable


def test_lines_that_died_unnoticed_do_not_look_like_a_wrong_password(real_side: PostgresSide):
    """The server still holds the lines that broke off; that passes, and no person need do anything."""
    person, _ = real_side.add("Anna", "counter_clerk")
    url = real_side.personal_url(person)
    with ExitStack() as held:
        for _ in range(10):
            held.enter_context(psycopg.connect(url))
        database = PostgresDatabase(Address(url))
        with pytest.raises(Unreachable) as told:
            database.hello()
        assert told.value.is_retryable
    wait_until_alone(real_side, real_side.logins[person.id].login)
    assert database.hello().person == person
    database.close()


def test_a_protected_line_that_breaks_is_no_reason_to_doubt_the_server(
    real_side: PostgresSide, tmp_path: Path
):
    """Cut anywhere, TLS's own greeting included: not now, and tried again by itself."""
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certify())
    person, _ = real_side.add("Anna", "counter_clerk")
    url = f"{real_side.personal_url(person)}?sslmode=verify-full&sslrootcert={authority.root}"
    with Proxy(real_side.server.port, front=context) as protected:
        with Proxy(protected.port) as whole:
            greet(whole.url(protected.url(url)))
        for sent in range(10, whole.sent, whole.sent // 12):
            with Proxy(protected.port, cut_sent=sent) as line, pytest.raises(Unreachable) as told:
                greet(line.url(protected.url(url)))
            assert told.value.is_retryable, sent
        for received in range(10, whole.received - 40, whole.received // 12):
            with (
                Proxy(protected.port, cut_received=received) as line,
                pytest.raises(Unreachable) as told,
            ):
                greet(line.url(protected.url(url)))
            assert told.value.is_retryable, received


def greet(url: str) -> None:
    database = PostgresDatabase(Address(url, timeout_s=3), patience_s=3)
    try:
        database.hello()
    finally:
        database.close()
