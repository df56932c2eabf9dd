"""How a connection to the shared database is made, and what its errors mean for a person.

TLS with full verification is the default; plain text is only for loopback or when someone chose it
in so many words. The server's certificate is checked against `certificate` (a file with the
authority's certificate), else against those the machine trusts. A connection is made once for a
whole synchronisation: TLS and SCRAM cost five round trips (facts of 80 ms lines: 0.4 s).
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import conninfo

from db.errors import AppError, Refused, Unreachable, UserProblem
from db.fields import N_
from db.shared.patience import PATIENCE_S, PatientConnection

UNREACHABLE = N_("The shared database can't be reached. Your work is safe on this laptop.")
SERVER_FULL = N_(
    "The shared database has no room left. Warn the administrator. Your work is safe on this laptop."
)
BAD_LOGIN = N_("The shared database does not accept this name and password.")
BAD_CERTIFICATE = N_(
    "The shared database can't prove that it is the right one. Warn the administrator."
)
PLAIN_TEXT = N_("The shared database offers no protected connection (TLS). Warn the administrator.")
REVOKED = N_(
    "Your access to the shared database has been withdrawn. Your unsent work was handed in."
)
NOT_SET_UP = N_("This database has not been set up for Naoberkaart yet. Ask the administrator.")
NOT_ALLOWED = N_("This name has no access to Naoberkaart in this database.")
RESTORED = N_(
    "The shared database was put back to an earlier state. The administrator must decide."
)

# libpq gives no error codes while connecting; these are its own texts, which it does not translate
# in the wheels we use. A server's own text may be translated, so those are looked for in Dutch too.
_CERTIFICATE_WORDS = ("certificate", "ssl error", "certificaat")
# What a protected line says when it breaks: that is no reason to doubt who is at the other end.
_BROKEN_WORDS = (
    "ssl connection has been closed", "eof", "bad record mac", "record layer failure", "bad length",
    "packet length", "reset by peer", "timed out", "broken pipe",
)  # fmt: skip
_PLAIN_WORDS = ("server does not support ssl", "no encryption", "zonder versleuteling")
# Of the server; "permission denied" alone is what a firewall on the laptop says.
_NO_ACCESS_WORDS = ("permission denied for", "toegang geweigerd voor")
_BUSY_WORDS = (
    "not currently accepting connections", "starting up", "shutting down", "too many", "te veel",
)  # fmt: skip
_ABSENT_WORDS = ('database "',)
_LOGIN_WORDS = ("password authentication failed", "no password supplied", "wachtwoord", 'role "')


@dataclass(frozen=True, slots=True)
class Address:
    """Where the shared database is and how to go there; `url` is a PostgreSQL connection URL.

    It may name several machines (`@one:5432,two:5432/`): then it is the one that takes changes which
    is looked for, so that a laptop finds a standby that took over by itself.
    `password` overrides the one in the URL, which then need not be stored anywhere. Neither is shown
    when an address is logged.
    """

    url: str = field(repr=False)
    password: str = field(default="", repr=False)
    certificate: Path | None = None
    allow_plain_text: bool = False
    timeout_s: int = 10

    def parameters(self) -> dict[str, str | int]:
        """Return the arguments of `psycopg.connect`.

        Raises:
            UserProblem: the URL can't be read or names no host.
            Refused: the URL asks for a connection that is not verified.
        """
        try:
            given = conninfo.conninfo_to_dict(self.url)
        except psycopg.ProgrammingError as exc:
            raise UserProblem(N_("This is no address of a PostgreSQL database.")) from exc
        hosts = str(given.get("hostaddr") or given.get("host") or "")
        if not hosts:
            raise UserProblem(N_("The address does not say on which machine the database is."))
        given |= self._protection(given, hosts)
        if self.password:
            given["password"] = self.password
        if "," in hosts:
            given.setdefault("target_session_attrs", "read-write")
        return {
            "application_name": "naoberkaart",
            "connect_timeout": self.timeout_s,
            "gssencmode": "disable",
            "keepalives_idle": 20,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            **{name: value for name, value in given.items() if value is not None},
        }

    def _protection(self, given: dict[str, str | int | None], hosts: str) -> dict[str, str]:
        mode = str(given.get("sslmode") or "")
        if all(_is_loopback(host) for host in hosts.split(",")):
            return {"sslmode": mode or "disable"}
        if self.allow_plain_text:
            # Even then a server can't have the password itself, only proof of it.
            return {"sslmode": mode or "prefer", "require_auth": "scram-sha-256"}
        if mode not in {"", "verify-full"}:
            raise Refused(PLAIN_TEXT, reason="plain_text")
        root = str(self.certificate or given.get("sslrootcert") or "system")
        return {"sslmode": "verify-full", "sslrootcert": root}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connect(address: Address, patience_s: float = PATIENCE_S) -> PatientConnection:
    """Open a connection that commits every statement by itself.

    It gives up on a server that says nothing for `patience_s`.

    Raises:
        Unreachable: nobody answers. Refused: somebody answers and turns us away.
    """
    with errors_told():
        connection = PatientConnection.connect(**address.parameters(), autocommit=True)  # type: ignore[arg-type]
        connection.patience_s = patience_s
        return connection


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn the driver's errors into those of `db.errors`; the one border of the shared side."""
    try:
        yield
    except psycopg.Error as exc:
        raise told(exc) from exc


_BY_STATE = {
    "NK403": (REVOKED, "revoked"),
    "NK409": (RESTORED, "restored"),
    "42501": (NOT_ALLOWED, "login"),
    "28000": (BAD_LOGIN, "login"),
    "28P01": (BAD_LOGIN, "login"),
    "3D000": (NOT_SET_UP, "older_server"),
    "3F000": (NOT_SET_UP, "older_server"),
    "42883": (NOT_SET_UP, "older_server"),
    "42P01": (NOT_SET_UP, "older_server"),
}


def told(exc: psycopg.Error) -> AppError:
    """Return what a driver's error means."""
    if exc.sqlstate == "55000":  # the administrator keeps people out for a while
        return Unreachable(UNREACHABLE)
    if isinstance(exc, psycopg.errors.DiskFull):
        return Unreachable(SERVER_FULL)
    if exc.sqlstate in _BY_STATE:
        message, reason = _BY_STATE[exc.sqlstate]
        return Refused(message, reason=reason)
    if exc.sqlstate is None and isinstance(exc, psycopg.OperationalError):
        return _told_while_connecting(str(exc).lower())
    if isinstance(exc, psycopg.OperationalError | psycopg.InternalError):
        return Unreachable(UNREACHABLE)
    raise exc


def _told_while_connecting(said: str) -> Unreachable:
    if any(word in said for word in (*_BUSY_WORDS, *_BROKEN_WORDS)):
        return Unreachable(UNREACHABLE)
    for words, message, reason in (
        (_PLAIN_WORDS, PLAIN_TEXT, "plain_text"),
        (_CERTIFICATE_WORDS, BAD_CERTIFICATE, "certificate"),
        (_NO_ACCESS_WORDS, NOT_ALLOWED, "login"),
        (_ABSENT_WORDS, NOT_SET_UP, "older_server"),
        (_LOGIN_WORDS, BAD_LOGIN, "login"),
    ):
        if any(word in said for word in words):
            return Refused(message, reason=reason)
    return Unreachable(UNREACHABLE)
