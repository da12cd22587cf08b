"""Pseudonyms and generalising: what happens to a person's identifiers in the step that reads them.

Pseudonyms are HMAC-SHA256 under a 256-bit secret, cut to 128 bits (32 hex characters); a plain or salted hash
of a twelve-digit number could be undone by trying all of them. Each domain (patient, staff, graduate) has its
own derived key, so that the same person cannot be followed from one domain into another.
Belongs here: keys, pseudonyms, months, years, age bands. Does not belong here: patterns of personal data in
text (`orchestration/door/personal.py`) and the reading of any format.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from datetime import date
from pathlib import Path

from orchestration.contracts.shared_columns import AGE_BANDS
from orchestration.errors import UserError
from orchestration.settings import ROOT, Settings

KEY_BYTES = 32
PSEUDONYM_BYTES = 16
DOMAINS = ("patient", "staff", "graduate")


class KeyRing:
    """Derived keys of the domains.

    Args:
        secret: At least 32 random bytes.

    Raises:
        ValueError: The secret is shorter than 256 bits or plainly not random.
    """

    def __init__(self, secret: bytes) -> None:
        """Derive one key a domain."""
        if len(secret) < KEY_BYTES:
            raise ValueError(f"the secret has {len(secret) * 8} bits, it needs {KEY_BYTES * 8}")
        if len(set(secret)) < KEY_BYTES // 4:
            raise ValueError("the secret repeats a few bytes; it is not random")
        self._keys = {name: _hmac(secret, f"medkadr pseudonym {name}".encode()) for name in DOMAINS}
        self.key_id = _hmac(secret, b"medkadr key id").hex()[:12]

    def __repr__(self) -> str:
        """Never shows the secret."""
        return f"KeyRing(key_id={self.key_id!r})"

    def pseudonym(self, domain: str, identifier: str) -> str:
        """Pseudonym of an identifier in a domain, 32 hex characters."""
        return _hmac(self._keys[domain], identifier.encode())[:PSEUDONYM_BYTES].hex()


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


def load_key_ring(path: Path | None, home: Path) -> KeyRing:
    """Read the secret (64 hex characters) and derive the keys.

    Args:
        path: The key file, or None where none is configured.
        home: State folder, which must not hold the key.

    Raises:
        UserError: The key is missing, too short, readable by others, or lies in the repository or the home.
    """
    make = "make one outside the repository with `medkadr key PATH` and name it as pseudonym_key_file"
    if path is None or not path.is_file():
        raise UserError(
            "The key of the pseudonyms is missing.",
            where=str(
                path or "pseudonym_key_file in the source configuration, or MEDKADR_PSEUDONYM_KEY_FILE"
            ),
            why="the sources hold identifiers of persons; nothing is read without the key that replaces them",
            mend=make,
        )
    _refuse_inside(path, home)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UserError(
            "The key of the pseudonyms can be read by others.",
            where=str(path),
            why="who has the key can find out the persons behind the pseudonyms",
            mend=f"chmod 600 {path}",
        )
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        if not re.fullmatch(r"[0-9a-fA-F]*", text):
            raise ValueError("the file does not hold hexadecimal digits only")
        return KeyRing(bytes.fromhex(text))
    except ValueError as error:
        raise UserError(
            "The key of the pseudonyms cannot be used.", where=str(path), why=str(error), mend=make
        ) from None


def make_key(path: Path, home: Path) -> KeyRing:
    """Write a new random key with mode 0600.

    Raises:
        UserError: The file exists, or would lie in the repository or the home.
    """
    _refuse_inside(path, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UserError(
            "There is a file already.",
            where=str(path),
            why="a key that is overwritten can never join old and new data again",
            mend="choose another path, or move the old key away if it was never used",
        ) from None
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    return load_key_ring(path, home)


def demonstration_key(settings: Settings) -> Path | None:
    """The key of demonstrations, made when there is none; None where the user has no state folder.

    It serves sources that are declared synthetic. Real sources need a key that somebody made on purpose and
    keeps: with a key made in silence, the loss of this machine would cut new data from old.

    Raises:
        UserError: The folder cannot be written, or lies in the repository or the home.
    """
    path = settings.demonstration_key_path
    if path is None or path.exists():
        return path
    try:
        make_key(path, settings.home)
    except OSError as error:
        raise UserError(
            "The demonstration cannot make its own key.",
            where=str(path),
            why=error.strerror or str(error),
            mend="make one with `medkadr key PATH` and name it in MEDKADR_PSEUDONYM_KEY_FILE",
        ) from None
    return path


def key_ring_for(configured: Path | None, settings: Settings, *, is_synthetic: bool) -> KeyRing:
    """The keys for a source: the configured key, else the environment's, else for synthetic data our own.

    Raises:
        UserError: See `load_key_ring`.
    """
    path = configured or settings.pseudonym_key_path
    if path is None and is_synthetic:
        path = demonstration_key(settings)
    return load_key_ring(path, settings.home)


def _refuse_inside(path: Path, home: Path) -> None:
    for folder, name in ((ROOT, "the repository"), (home, "the state folder")):
        if path.resolve().is_relative_to(folder.resolve()):
            raise UserError(
                f"The key of the pseudonyms lies in {name}.",
                where=str(path),
                why="a key beside the data protects nothing",
                mend="keep it in a folder of its own, for instance ~/.local/state/medkadr/",
            )


def age_band(birth: date, on: date) -> str | None:
    """Five-year age band on a day, the last one 85+; None before birth.

    Example:
        >>> age_band(date(1941, 10, 2), date(2026, 10, 1))
        '80-84'
    """
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return AGE_BANDS[min(age // 5, len(AGE_BANDS) - 1)] if age >= 0 else None
