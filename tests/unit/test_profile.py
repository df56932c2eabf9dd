"""One person's folder: the key is kept or asked for, and secrets never stand in a readable file."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from db.errors import UserProblem, WrongKey
from db.local.store import LocalStore
from db.shared.connecting import Address
from desktop_app import settings as settings_file
from desktop_app.profile import (
    NoKeyPlace,
    Profile,
    address_of,
    forget_server,
    keep_server,
    open_or_start,
    open_profile,
    profile_at,
    start,
)
from desktop_app.settings import Appearance, Language, Settings


class MemoryKeyring(KeyringBackend):
    """A key store that works, for this test only."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


@pytest.fixture
def key_store() -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(NoKeyring())


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return profile_at(tmp_path / "profiel")


def close(store: LocalStore) -> None:
    store.close()


def test_with_a_key_store_nothing_is_asked(profile: Profile, key_store: MemoryKeyring) -> None:
    assert not profile.needs_passphrase
    close(start(profile))
    assert key_store.kept
    assert not profile.sealed_key_path.exists()
    close(open_profile(profile))


def test_without_one_a_passphrase_seals_the_key(profile: Profile) -> None:
    assert profile.needs_passphrase
    close(start(profile, lambda is_new: "paard stal batterij" if is_new else ""))
    assert profile.needs_passphrase
    close(open_profile(profile, lambda _is_new: "paard stal batterij"))
    with pytest.raises(WrongKey):
        open_profile(profile, lambda _is_new: "fout")
    with pytest.raises(NoKeyPlace):
        open_profile(profile)


def test_no_passphrase_makes_no_store(profile: Profile) -> None:
    with pytest.raises(UserProblem):
        start(profile, lambda _is_new: "")
    assert not profile.has_store


def test_a_key_file_is_made_once_and_used(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "geheim" / "sleutel"
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(path))
    close(open_or_start(profile))
    assert path.stat().st_mode & 0o077 == 0
    close(open_or_start(profile))
    path.write_text("00" * 48)
    with pytest.raises(WrongKey):
        open_profile(profile)


@pytest.mark.parametrize(
    "secret", ["een geheim uit de kluis van de gemeente\n", "0" * 64, "kort", ""]
)
def test_a_key_file_of_any_kind_opens_what_it_closed(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    path = tmp_path / "sleutel"
    path.write_text(secret)
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(path))
    close(start(profile))
    close(open_profile(profile))
    path.write_text("iets anders")
    with pytest.raises(WrongKey):
        open_profile(profile)


def test_a_lost_key_is_said(profile: Profile, key_store: MemoryKeyring) -> None:
    close(start(profile))
    key_store.kept.clear()
    with pytest.raises(WrongKey):
        open_profile(profile)


def test_a_new_store_has_the_kernen_and_nothing_to_send(
    profile: Profile, key_store: MemoryKeyring
) -> None:
    store = start(profile)
    assert (store.counts()["kern"], store.tally().waiting) == (12, 0)
    close(store)


def test_examples_are_marked(profile: Profile, key_store: MemoryKeyring) -> None:
    store = start(profile, examples=True)
    assert store.meta("example")
    assert store.counts()["initiative"] > 20
    assert store.tally().waiting == 0
    close(store)


@pytest.mark.parametrize("has_key_store", [True, False])
def test_the_password_is_kept_but_never_readable(
    profile: Profile, request: pytest.FixtureRequest, has_key_store: bool
) -> None:
    if has_key_store:
        request.getfixturevalue("key_store")
    store = start(profile, lambda _is_new: "paard stal batterij")
    keep_server(profile, store, Address("postgresql://jan:ge%40heim@db.voorbeeld.nl/naober"))
    found = address_of(profile, store)
    assert found is not None
    assert (found.url, found.password) == ("postgresql://jan@db.voorbeeld.nl/naober", "ge@heim")
    close(store)
    for path in profile.folder.rglob("*"):
        assert b"heim" not in path.read_bytes(), path
    store = open_profile(profile, lambda _is_new: "paard stal batterij")
    forget_server(profile, store)
    assert address_of(profile, store) is None
    close(store)


def test_settings_come_back(tmp_path: Path) -> None:
    chosen = Settings(
        language=Language.ENGLISH,
        appearance=Appearance.DARK,
        server_url='postgresql://x/"y"\\z\n',
        allow_plain_text=True,
    )
    settings_file.save(chosen, tmp_path)
    assert settings_file.load(tmp_path) == chosen
    assert settings_file.load(tmp_path / "nergens") == Settings()


@pytest.mark.parametrize("content", [b"language = ", b"\xff\xfe", b'language = "klingon"\nx = 1'])
def test_settings_that_cannot_be_read_give_way_to_defaults(tmp_path: Path, content: bytes) -> None:
    (tmp_path / settings_file.FILE_NAME).write_bytes(content)
    assert settings_file.load(tmp_path) == Settings()
    settings_file.save(dataclasses.replace(Settings(), language=Language.ENGLISH), tmp_path)
    assert settings_file.load(tmp_path).language is Language.ENGLISH


def test_every_setting_has_a_label() -> None:
    assert all(spec.meta.label for spec in settings_file.specs().values())
