"""The way to the server: verified by default, and what is said when it can't be."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from db.errors import Refused, Unreachable, UserProblem
from db.shared.connecting import Address
from db.shared.live import News, Waker
from db.shared.postgres import PostgresDatabase
from db.shared.server_process import PostgresServer, find_binaries, speaks_tls
from tests.certificates import Authority
from tests.contract.changes import made, push_one
from tests.factories import initiative
from tests.postgres import PostgresSide
from tests.proxy import Proxy


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def front(side: PostgresSide, certificate: tuple[Path, Path]) -> Iterator[Proxy]:
    """Put TLS before a server that was built without it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Proxy(side.server.port, front=context) as proxy:
        yield proxy


def hello(address: Address) -> str:
    """Say hello and return the name of who is there."""
    database = PostgresDatabase(address)
    try:
        return database.hello().person.name
    finally:
        database.close()


def reason_of(address: Address) -> str:
    """Return why `address` is refused."""
    with pytest.raises(Refused) as refusal:
        hello(address)
    return refusal.value.reason


@pytest.fixture
def url(real_side: PostgresSide) -> str:
    person, _ = real_side.add("Anna", "counter_clerk")
    return real_side.personal_url(person)


def verified(url: str, root: Path) -> str:
    """Return `url` with full verification against `root`."""
    return f"{url}?sslmode=verify-full&sslrootcert={root}"


def test_a_verified_server_is_spoken_to(real_side: PostgresSide, url: str, authority: Authority):
    with front(real_side, authority.certify()) as proxy:
        assert hello(Address(verified(proxy.url(url), authority.root))) == "Anna"


def test_news_is_heard_over_a_protected_line(
    real_side: PostgresSide, url: str, authority: Authority
):
    """Its bytes may have been read with an earlier answer: nothing may wait for more of them."""
    _, his = real_side.add("Bram", "counter_clerk")
    waker = Waker()
    with front(real_side, authority.certify()) as proxy:
        hers = PostgresDatabase(Address(verified(proxy.url(url), authority.root)))
        hers.listen()
        for _round in range(5):
            push_one(his, made(initiative()))
            hers.hello()
            assert hers.hear(30, waker) == {News.CHANGES}
            assert hers.hear(0, waker) == frozenset()
        hers.close()
    waker.close()


@pytest.mark.parametrize("fault", ["stranger", "other host", "expired"])
def test_a_server_that_can_not_prove_itself_gets_no_password(
    real_side: PostgresSide, url: str, authority: Authority, tmp_path: Path, fault: str
):
    certificate = {
        "stranger": Authority(tmp_path, "Stranger").certify(),
        "other host": authority.certify("database.example"),
        "expired": authority.certify(lifetime=timedelta(days=-1)),
    }[fault]
    with front(real_side, certificate) as proxy:
        assert reason_of(Address(verified(proxy.url(url), authority.root))) == "certificate"
        assert proxy.sent == 0


def test_a_server_without_tls_is_refused_where_it_was_asked(url: str, authority: Authority):
    assert reason_of(Address(verified(url, authority.root))) == "plain_text"


@pytest.mark.parametrize("mode", ["", "?sslmode=disable", "?sslmode=require", "?sslmode=prefer"])
def test_beyond_loopback_only_verified_connections_are_made(mode: str):
    address = Address(f"postgresql://anna@db.example.nl/shared{mode}")
    if mode:
        with pytest.raises(Refused) as refusal:
            address.parameters()
        assert refusal.value.reason == "plain_text"
    else:
        assert address.parameters()["sslmode"] == "verify-full"
        assert address.parameters()["sslrootcert"] == "system"


def test_plain_text_is_a_choice_in_so_many_words():
    url = "postgresql://anna@db.example.nl/shared?sslmode=disable"
    chosen = Address(url, allow_plain_text=True).parameters()
    assert (chosen["sslmode"], chosen["require_auth"]) == ("disable", "scram-sha-256")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_loopback_needs_no_tls(host: str):
    assert Address(f"postgresql://anna@{host}/shared").parameters()["sslmode"] == "disable"


def test_one_loopback_name_does_not_excuse_another_host():
    url = "postgresql://anna@127.0.0.1,db.example.nl/shared"
    assert Address(url).parameters()["sslmode"] == "verify-full"


@pytest.mark.parametrize("wrong", ["http://example.nl", "postgresql:///shared", "nonsense"])
def test_an_address_that_is_none_is_told(wrong: str):
    with pytest.raises(UserProblem):
        Address(wrong).parameters()


def test_a_wrong_password_is_told(real_side: PostgresSide, url: str):
    assert reason_of(Address(url, password="guess")) == "login"


def test_an_unknown_name_is_told(real_side: PostgresSide):
    url = real_side.server.url(real_side.database, "nobody_known", "x")
    assert reason_of(Address(url)) == "login"


def test_a_database_that_is_not_there_or_not_set_up_is_told(real_side: PostgresSide, url: str):
    assert reason_of(Address(url.replace(real_side.database, "no_such"))) == "older_server"
    assert reason_of(Address(real_side.server.url("postgres"))) == "older_server"


def test_a_database_closed_for_a_while_is_worth_a_retry(real_side: PostgresSide, url: str):
    allow = f"ALTER DATABASE {real_side.database} ALLOW_CONNECTIONS"
    with psycopg.connect(real_side.server.url(), autocommit=True) as administrator:
        administrator.execute(f"{allow} false")
        with pytest.raises(Unreachable) as closed:
            hello(Address(url))
        administrator.execute(f"{allow} true")
    assert closed.value.is_retryable


def test_nobody_at_home_is_unreachable_and_worth_a_retry(real_side: PostgresSide, url: str):
    with Proxy(real_side.server.port) as proxy:
        closed = proxy.url(url)
    with pytest.raises(Unreachable) as silence:
        hello(Address(closed))
    assert not isinstance(silence.value, Refused)
    assert silence.value.is_retryable


@pytest.mark.skipif(
    not any(map(speaks_tls, find_binaries())), reason="no PostgreSQL with OpenSSL on this machine"
)
def test_a_real_server_with_tls(authority: Authority):
    binaries = next(filter(speaks_tls, find_binaries()))
    with PostgresServer(binaries=binaries, certificate=authority.certify()) as server:
        address = Address(verified(server.url(), authority.root))
        assert reason_of(address) == "older_server"
        stranger = Authority(authority.root.parent, "Stranger")
        assert reason_of(Address(verified(server.url(), stranger.root))) == "certificate"
