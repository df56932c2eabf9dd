"""The key of the store: made per laptop, kept by the operating system or sealed by a passphrase.

The key is 32 random bytes and the 16 bytes of salt that SQLCipher wants beside a raw key. Where the
system has a key store, it lives there; where there is none (facts.md 9: headless Linux), it is sealed
in a file with AES-256-GCM under a key that scrypt makes of a passphrase, unwrapped once at start.
A secret is only trusted to a key store that gives it back: some backends drop it silently.
"""

import json
import os
import secrets
from pathlib import Path

from db.errors import LocalStoreDamaged, WrongKey
from db.fields import N_

KEY_BYTES = 48
_SERVICE = "naoberkaart"
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
"""RFC 7914 parameters: about 0.1 s and 32 MB on an office laptop."""


def new_key() -> bytes:
    """Make a new random key of 48 bytes."""
    return secrets.token_bytes(KEY_BYTES)


def keep_in_keyring(name: str, secret: bytes) -> bool:
    """Put `secret` in the system's key store under `name`; False when there is none to trust."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, name, secret.hex())
    except (KeyringError, OSError):
        return False
    return from_keyring(name) == secret


def from_keyring(name: str) -> bytes | None:
    """Return the secret kept under `name`, or None."""
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(_SERVICE, name)
    except (KeyringError, OSError):
        return None
    return bytes.fromhex(text) if text else None


def forget_in_keyring(name: str) -> None:
    """Remove what is kept under `name`, if anything."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, name)
    except (KeyringError, OSError):
        return


def seal(secret: bytes, passphrase: str, path: Path) -> None:
    """Write `secret` to `path`, readable only with `passphrase`, in one step."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_wrapping_key(passphrase, salt)).encrypt(nonce, secret, b"naoberkaart")
    content = {"scrypt": _SCRYPT, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content), encoding="ascii")
    unfinished.chmod(0o600)
    os.replace(unfinished, path)  # noqa: PTH105 - atomic on every platform


def unseal(path: Path, passphrase: str) -> bytes:
    """Read the secret sealed at `path`.

    Raises:
        WrongKey: the passphrase is not right. LocalStoreDamaged: the file can't be read.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = json.loads(path.read_text(encoding="ascii"))
        salt, nonce, sealed = (bytes.fromhex(content[name]) for name in ("salt", "nonce", "sealed"))
    except (OSError, ValueError, KeyError) as exc:
        raise LocalStoreDamaged(N_("The key file %(name)s can't be read."), name=path.name) from exc
    try:
        return AESGCM(_wrapping_key(passphrase, salt)).decrypt(nonce, sealed, b"naoberkaart")
    except InvalidTag as exc:
        raise WrongKey(N_("This passphrase is not right. Try again.")) from exc


def read_key_file(path: Path) -> bytes:
    """Read a key written as 96 hexadecimal digits (for unattended use).

    Raises:
        WrongKey: the file is missing or holds no key.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as exc:
        raise WrongKey(N_("The key file %(name)s can't be read."), name=path.name) from exc
    if len(key) != KEY_BYTES:
        raise WrongKey(N_("The key file %(name)s can't be read."), name=path.name)
    return key


def _wrapping_key(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())
