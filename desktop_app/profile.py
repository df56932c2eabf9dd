"""One person's folder: the encrypted store, its key, the settings and the login. No Qt.

The key comes from NAOBERKAART_KEY_FILE when that is set (unattended use), else from the system's
key store, else from a file that a passphrase unseals; a key file with a short text holds that
passphrase. A password for the shared database goes to
the key store as well; where there is none it stays inside the encrypted store itself, which is
sealed as well as any file of ours could be.
"""

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha384
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import platformdirs
import psycopg
from psycopg import conninfo

from db.errors import AppError, UserProblem, WrongKey
from db.fields import N_
from db.local import keys
from db.local.engine import create_store, open_store
from db.local.store import LocalStore
from db.reference import reference_kernen
from db.shared.connecting import Address
from desktop_app import settings as settings_file
from desktop_app.settings import Settings

KEY_FILE = "NAOBERKAART_KEY_FILE"
_PASSWORD = "server_password"
_LEAST_KEY_BYTES = 32

AskPassphrase = Callable[[bool], str]
"""Asks for the passphrase; True when it is a new one, to be typed twice. "" gives up."""


class NoKeyPlace(AppError):
    """There is no key store and nobody to ask for a passphrase."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Where one person's things are."""

    folder: Path

    @property
    def store_path(self) -> Path:
        """The encrypted store."""
        return self.folder / "naoberkaart.db"

    @property
    def sealed_key_path(self) -> Path:
        """The key, sealed by a passphrase; only where the system keeps no keys."""
        return self.folder / "naoberkaart.key"

    @property
    def has_store(self) -> bool:
        """Whether this profile was started before."""
        return self.store_path.exists()

    @property
    def needs_passphrase(self) -> bool:
        """Whether opening or starting it will ask for a passphrase."""
        if os.environ.get(KEY_FILE):
            return False
        if self.has_store:
            return self.sealed_key_path.exists() and _kept_key(self) is None
        return not _has_key_store()

    def settings(self) -> Settings:
        """Return what the person chose."""
        return settings_file.load(self.folder)

    def save_settings(self, settings: Settings) -> None:
        """Keep what the person chose."""
        settings_file.save(settings, self.folder)


def profile_at(folder: Path | None = None) -> Profile:
    """Return the profile in a folder; by default the one in the user's data folder."""
    return Profile(folder or platformdirs.user_data_path("naoberkaart", appauthor=False))


def start(
    profile: Profile, ask: AskPassphrase | None = None, *, examples: bool = False
) -> LocalStore:
    """Make the store of a new profile, with the kernen of Berkelland or all example data in it.

    Raises:
        NoKeyPlace: the key can be kept nowhere. UserProblem: no passphrase was given.
    """
    key = _key_file(is_new=True) or _existing_key(profile, ask) or _new_key(profile, ask)
    store = LocalStore(create_store(profile.store_path, key))
    if examples:
        from db.examples import example_records

        store.save_new(example_records(date.today()), as_example=True)  # noqa: DTZ011
        store.set_meta("example", "1")
    else:
        store.save_new(reference_kernen(), as_example=True)
    return store


def open_profile(profile: Profile, ask: AskPassphrase | None = None) -> LocalStore:
    """Open the store of a profile that was started before.

    Raises:
        WrongKey: the key or passphrase is not right, or is gone. LocalStoreDamaged: see there.
    """
    key = _key_file(is_new=False) or _existing_key(profile, ask)
    if key is None:
        raise WrongKey(N_("The key of this file is not on this laptop any more."))
    return LocalStore(open_store(profile.store_path, key))


def open_or_start(profile: Profile, ask: AskPassphrase | None = None) -> LocalStore:
    """Open the store, or make an empty one in a new profile."""
    return open_profile(profile, ask) if profile.has_store else start(profile, ask)


def _key_file(*, is_new: bool) -> bytes | None:
    """Return the key that the environment points at; None when the file holds a short passphrase.

    A file that is missing or empty gets a new key when the store is new. A file of ours holds 96
    hexadecimal digits; any other long secret, such as one of a vault, is made into a key.
    """
    name = os.environ.get(KEY_FILE)
    if not name:
        return None
    path = Path(name)
    content = _content(path)
    if not content and is_new:
        return _write_new_key(path)
    if not content:
        raise WrongKey(N_("The key file %(name)s can't be read."), name=path.name)
    if len(content) < _LEAST_KEY_BYTES:
        return None
    try:
        return keys.read_key_file(path)
    except WrongKey:
        return sha384(content).digest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError:
        return b""


def _write_new_key(path: Path) -> bytes:
    key = keys.new_key()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key.hex() + "\n")
    path.chmod(0o600)
    return key


def _name(profile: Profile) -> str:
    """Return the name under which the key store knows this profile; it moves along with the folder."""
    path = profile.folder / "profile-id"
    try:
        return str(UUID(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError):
        name = str(uuid4())
        profile.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(name + "\n", encoding="ascii")
        return name


def _kept_key(profile: Profile) -> bytes | None:
    known = (profile.folder / "profile-id").exists()
    return keys.from_keyring(f"store-{_name(profile)}") if known else None


def _existing_key(profile: Profile, ask: AskPassphrase | None) -> bytes | None:
    kept = _kept_key(profile)
    if kept is not None or not profile.sealed_key_path.exists():
        return kept
    return keys.unseal(profile.sealed_key_path, _asked(ask, is_new=False))


def _new_key(profile: Profile, ask: AskPassphrase | None) -> bytes:
    key = keys.new_key()
    if keys.keep_in_keyring(f"store-{_name(profile)}", key):
        return key
    keys.seal(key, _asked(ask, is_new=True), profile.sealed_key_path)
    return key


def _asked(ask: AskPassphrase | None, *, is_new: bool) -> str:
    short_secret = _content(Path(os.environ[KEY_FILE])) if os.environ.get(KEY_FILE) else b""
    if short_secret:
        return short_secret.decode("utf-8", "replace")
    if ask is None:
        raise NoKeyPlace(
            N_("This system keeps no keys. Set %(name)s to a file, or give a passphrase."),
            name=KEY_FILE,
        )
    passphrase = ask(is_new)
    if not passphrase:
        raise UserProblem(N_("No passphrase was given."))
    return passphrase


def _has_key_store() -> bool:
    name = f"probe-{uuid4()}"
    is_kept = keys.keep_in_keyring(name, b"probe")
    if is_kept:
        keys.forget_in_keyring(name)
    return is_kept


def keep_server(profile: Profile, store: LocalStore, address: Address) -> None:
    """Keep where the shared database is, and the password apart from it."""
    url, password = split_password(address.url)
    secret = address.password or password
    settings = dataclasses.replace(
        profile.settings(),
        server_url=url,
        certificate=str(address.certificate) if address.certificate else None,
        allow_plain_text=address.allow_plain_text,
    )
    name = f"server-{_name(profile)}"
    in_key_store = bool(secret) and keys.keep_in_keyring(name, secret.encode())
    store.set_meta(_PASSWORD, None if in_key_store or not secret else secret)
    profile.save_settings(settings)


def forget_server(profile: Profile, store: LocalStore) -> None:
    """Forget the shared database; what waits to be sent is kept."""
    keys.forget_in_keyring(f"server-{_name(profile)}")
    store.set_meta(_PASSWORD, None)
    profile.save_settings(dataclasses.replace(profile.settings(), server_url=None))


def address_of(profile: Profile, store: LocalStore) -> Address | None:
    """Return the shared database with its password, or None when there is none."""
    settings = profile.settings()
    if not settings.server_url:
        return None
    kept = keys.from_keyring(f"server-{_name(profile)}")
    password = kept.decode() if kept else store.meta(_PASSWORD) or ""
    certificate = Path(settings.certificate) if settings.certificate else None
    return Address(
        settings.server_url,
        password=password,
        certificate=certificate,
        allow_plain_text=settings.allow_plain_text,
    )


def split_password(url: str) -> tuple[str, str]:
    """Return a connection URL without its password, and the password.

    >>> split_password("postgresql://jan:ge%40heim@db.voorbeeld.nl/naoberkaart")
    ('postgresql://jan@db.voorbeeld.nl/naoberkaart', 'ge@heim')
    """
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as exc:
        raise UserProblem(N_("This is no address of a PostgreSQL database.")) from exc
    password = str(parts.pop("password", None) or "")
    if not password:
        return url, ""
    address = urlsplit(url)
    if not address.scheme or address.password is None:
        return conninfo.make_conninfo("", **parts), password
    login, _, host = address.netloc.rpartition("@")
    bare = address._replace(netloc=f"{login.partition(':')[0]}@{host}")
    return urlunsplit(bare), password
