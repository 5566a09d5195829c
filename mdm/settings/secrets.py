"""Secrets by reference: `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`; read when needed and never shown."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from mdm.errors import SettingsInvalid

REFERENCE: Final = ("env:", "file:", "keyring:")

LARGEST: Final = 65_536
"""Bytes of the largest file that is taken for a secret."""


class Secret:
    """A value that prints as `***`, cannot be serialised, and is compared in constant time."""

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a hash would let a secret be compared by lookup

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be serialised")


def read_secret(reference: str, env: Mapping[str, str]) -> Secret:
    """The secret that a reference names: `env:NAME` in these variables, `file:PATH` without its last line break,
    `keyring:SERVICE/USER` in the keyring of whoever runs this.

    Raises SettingsInvalid, which names the reference and never what it leads to.
    """
    kind, _, name = reference.partition(":")
    if kind == "env" and name:
        value = env.get(name, "")
        if not value:
            raise SettingsInvalid(f"{reference}: the environment variable {name} is not set.", f"Set {name}.")
        return Secret(value)
    if kind == "file" and name:
        return Secret(_first_line(reference, Path(name)))
    if kind == "keyring" and all(name.partition("/")):
        return Secret(_in_keyring(reference, *name.split("/", 1)))
    raise SettingsInvalid("A secret is given by reference only.", "Write env:NAME, file:PATH or keyring:SERVICE/USER.")


def _in_keyring(reference: str, service: str, user: str) -> str:
    try:
        import keyring  # noqa: PLC0415 - optional
    except ModuleNotFoundError:
        raise SettingsInvalid(
            f"{reference}: the package keyring is not installed.", "Install it: pip install 'mdm[keyring]'"
        ) from None
    try:
        value = keyring.get_password(service, user)
    except keyring.errors.KeyringError as error:
        raise SettingsInvalid(
            f"{reference}: the keyring gives no answer: {type(error).__name__}.", "Is there one, and is it unlocked?"
        ) from None
    if not value:
        raise SettingsInvalid(f"{reference}: is not in the keyring.", f"Put it there: keyring set {service} {user}")
    return value


def _first_line(reference: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "not a path"
        raise SettingsInvalid(f"{reference}: cannot be read: {cause}.", "Check the path and its rights.") from None
    try:
        text = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SettingsInvalid(f"{reference}: is not UTF-8 text.", "Write the secret alone into the file.") from None
    if not text or len(content) > LARGEST or "\n" in text:
        raise SettingsInvalid(f"{reference}: does not hold one line.", "Write the secret alone into the file.")
    return text
