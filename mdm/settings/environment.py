"""Read the settings of a deployment from the variables that begin with MDM_."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mdm.errors import SettingsInvalid
from mdm.settings.secrets import REFERENCE, Secret, read_secret

MOST_THREADS: Final = 1024

SHORTEST_KEY: Final = 32
"""Characters of an audit key: fewer could be guessed."""

MEMORY: Final = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?([KMGT]i?B)", re.IGNORECASE)
"""The sizes that DuckDB takes, such as 4GB or 1.5 GiB."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; None where it says nothing and the project or the machine decides."""

    store_url: Secret | None = None
    threads: int | None = None
    memory_limit: str | None = None
    audit_key: Secret | None = None


def load_settings(env: Mapping[str, str]) -> Settings:
    """The settings in these variables. An empty variable counts as not set.

    MDM_STORE_URL: the store, in place of the one in `mdm.yaml`; a URL, or `env:NAME` or `file:PATH` that leads to one.
    MDM_THREADS: how many threads a run may use. MDM_MEMORY_LIMIT: how much memory, such as `4GB`.
    MDM_AUDIT_KEY: what seals the audit, in place of a file in the project; a key, or a reference as above.
    Raises SettingsInvalid for the first variable that is wrong.
    """
    return Settings(
        store_url=_store_url(env.get("MDM_STORE_URL", "").strip(), env),
        threads=_threads(env.get("MDM_THREADS", "").strip()),
        memory_limit=_memory_limit(env.get("MDM_MEMORY_LIMIT", "").strip()),
        audit_key=_audit_key(env.get("MDM_AUDIT_KEY", "").strip(), env),
    )


def _store_url(text: str, env: Mapping[str, str]) -> Secret | None:
    if not text:
        return None
    url = read_secret(text, env) if text.startswith(REFERENCE) else Secret(text)
    if not re.match(r"[a-z][a-z0-9+]*://", url.reveal()):
        raise SettingsInvalid(
            "MDM_STORE_URL is no URL.",
            "Write sqlite:///mdm.sqlite, postgresql://user@host/name, or env:NAME or file:PATH that leads to one.",
        )
    return url


def _audit_key(text: str, env: Mapping[str, str]) -> Secret | None:
    if not text:
        return None
    key = read_secret(text, env) if text.startswith(REFERENCE) else Secret(text)
    if len(key.reveal()) < SHORTEST_KEY:
        raise SettingsInvalid(f"MDM_AUDIT_KEY leads to fewer than {SHORTEST_KEY} characters.", "Take a longer key.")
    return key


def _threads(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_THREADS:
        raise SettingsInvalid(f"MDM_THREADS must be a whole number from 1 to {MOST_THREADS}, is {text[:40]}.")
    return int(text)


def _memory_limit(text: str) -> str | None:
    if not text:
        return None
    size = MEMORY.fullmatch(text)
    if not size or float(size[1]) == 0:
        raise SettingsInvalid(f"MDM_MEMORY_LIMIT must be a size such as 4GB, is {text[:40]}.")
    return f"{size[1]}{size[2]}"
