"""How people sign in at the desk: through an OpenID Connect provider, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from mdm.errors import SettingsInvalid
from mdm.settings.secrets import Secret, read_secret

NEEDED: Final = ("MDM_SIGN_IN_URL", "MDM_SIGN_IN_PROVIDER", "MDM_SIGN_IN_CLIENT_ID", "MDM_SIGN_IN_CLIENT_SECRET")
COOKIE: Final = "MDM_SIGN_IN_COOKIE_SECRET"
SHORTEST: Final = 32
"""Characters of the secret that signs cookies: fewer could be guessed."""

HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this computer that nobody else can reach."""

METADATA: Final = "/.well-known/openid-configuration"
MOST_MINUTES: Final = 10_080


@dataclass(frozen=True, slots=True)
class SignIn:
    """A provider and what it knows the desk by. `url` is the address at which people open the desk.

    `claim` is what of a person is their name here. A session ends when it was not used for `idle`, and after `length`.
    """

    url: str
    provider: str
    client_id: str
    client_secret: Secret
    cookie_secret: Secret
    claim: str = "email"
    idle: timedelta = timedelta(minutes=30)
    length: timedelta = timedelta(hours=12)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def is_encrypted(self) -> bool:
        return self.url.startswith("https://")


def load_sign_in(env: Mapping[str, str]) -> SignIn | None:
    """The sign-in that these variables describe; None where none of them is set.

    MDM_SIGN_IN_URL: where people open the desk. MDM_SIGN_IN_PROVIDER: the provider's address, or that of its metadata.
    MDM_SIGN_IN_CLIENT_ID. MDM_SIGN_IN_CLIENT_SECRET and MDM_SIGN_IN_COOKIE_SECRET: `env:NAME` or `file:PATH`.
    MDM_SIGN_IN_CLAIM: email, or another claim. MDM_SIGN_IN_IDLE, MDM_SIGN_IN_LENGTH: minutes.
    Raises SettingsInvalid for the first variable that is missing or wrong.
    """
    given = {name: env.get(name, "").strip() for name in (*NEEDED, COOKIE)}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise SettingsInvalid(f"{name} is not set.", "Sign-in needs all of its variables; see docs/sign-in.md.")
    url, provider, client_id, client_secret, cookie_secret = given.values()
    return SignIn(
        url=_address("MDM_SIGN_IN_URL", url).rstrip("/"),
        provider=_metadata(_address("MDM_SIGN_IN_PROVIDER", provider)),
        client_id=client_id,
        client_secret=_secret("MDM_SIGN_IN_CLIENT_SECRET", client_secret, env, shortest=1),
        cookie_secret=_secret(COOKIE, cookie_secret, env, shortest=SHORTEST),
        claim=env.get("MDM_SIGN_IN_CLAIM", "").strip() or "email",
        idle=_minutes("MDM_SIGN_IN_IDLE", env, default=30),
        length=_minutes("MDM_SIGN_IN_LENGTH", env, default=720),
    )


def _metadata(provider: str) -> str:
    return provider if METADATA in provider else provider.rstrip("/") + METADATA


def _address(name: str, text: str) -> str:
    """An https address, or any address of this computer. Raises SettingsInvalid for anything else."""
    try:
        found = urlsplit(text)
        host = found.hostname or ""
    except ValueError:
        host = ""
    if not host or found.scheme not in ("http", "https") or found.username or found.query or found.fragment:
        raise SettingsInvalid(f"{name} is no address.", "Write it as https://desk.example.org")
    if found.scheme == "http" and host not in HERE:
        raise SettingsInvalid(
            f"{name} is not encrypted: {text[:80]}", "Write an https address: sessions could be read on the way."
        )
    return text


def _secret(name: str, text: str, env: Mapping[str, str], *, shortest: int) -> Secret:
    if not text.startswith(("env:", "file:")):
        raise SettingsInvalid(f"{name} must be a reference.", "Write env:NAME or file:PATH that leads to the secret.")
    found = read_secret(text, env)
    if len(found.reveal()) < shortest:
        raise SettingsInvalid(f"{name} leads to fewer than {shortest} characters.", "Take a longer secret.")
    return found


def _minutes(name: str, env: Mapping[str, str], *, default: int) -> timedelta:
    text = env.get(name, "").strip()
    if not text:
        return timedelta(minutes=default)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= MOST_MINUTES:
        raise SettingsInvalid(f"{name} must be whole minutes from 1 to {MOST_MINUTES}, is {text[:40]}.")
    return timedelta(minutes=int(text))
