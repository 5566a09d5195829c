"""A real OpenID Connect provider on this computer, and a desk at which people sign in through it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from mdm.app import give_role, open_project, operator
from mdm.settings import Settings
from tests.browser.conftest import (
    DONE_WITHIN_MILLISECONDS,
    STARTED_WITHIN_SECONDS,
    Served,
    Visitor,
    wait_until_answered,
)

USERS = {
    "stella": {"email": "stella@example.org", "email_verified": True},
    "stan": {"email": "stan@example.org", "email_verified": True},
    "petra": {"email": "petra@example.org", "email_verified": True},
    "vic": {"email": "Vic@example.org", "email_verified": True},
    "ada": {"email": "ada@example.org", "email_verified": True},
    "nora": {"email": "nora@example.org", "email_verified": True},
    "mallory": {"email": "ada@example.org", "email_verified": False},
}
ROLES = {
    "stella@example.org": "steward",
    "stan@example.org": "steward",
    "petra@example.org": "approver",
    "vic@example.org": "viewer",
    "ada@example.org": "admin",
}


@dataclass(frozen=True)
class Secured:
    """A desk with sign-in, and the provider's address."""

    served: Served
    provider: str


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], health: str, log: Path, more: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program from when it answers until it is stopped."""
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **more}) as process,  # noqa: S603 - our own command
    ):
        try:
            wait_until_answered(health, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=STARTED_WITHIN_SECONDS)


@contextmanager
def secured(folder: Path, environment: dict[str, str] | None = None) -> Iterator[Secured]:
    """A provider and the project's desk behind it, with a user for each of ROLES."""
    give_roles(folder, ROLES)
    theirs, mine = free_port(), free_port()
    provider, url = f"http://127.0.0.1:{theirs}", f"http://localhost:{mine}"
    secret = folder.parent / "client-secret"
    secret.write_text("sesame\n", encoding="utf-8")
    users = [word for sub, said in USERS.items() for word in ("--user-claims", json.dumps({"sub": sub, **said}))]
    login = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(theirs), *users]
    desk = [sys.executable, "-c", "from mdm.cli.main import main; main()", "ui", str(folder), "--port", str(mine)]
    signs_in = {
        "MDM_SIGN_IN_URL": url,
        "MDM_SIGN_IN_PROVIDER": provider,
        "MDM_SIGN_IN_CLIENT_ID": "mdm",
        "MDM_SIGN_IN_CLIENT_SECRET": f"file:{secret}",
        "MDM_SIGN_IN_COOKIE_SECRET": "env:COOKIE_SECRET",
        "COOKIE_SECRET": "a secret of these tests, and of nothing else",
        **(environment or {}),
    }
    health = f"{provider}/.well-known/openid-configuration"
    with (
        running(login, health, folder.parent / "provider.log", {}),
        running(desk, f"{url}/_stcore/health", folder.parent / "desk.log", signs_in) as process,
    ):
        yield Secured(Served(url, mine, folder, process, 0.0), provider)


def give_roles(folder: Path, roles: dict[str, str]) -> None:
    with open_project(folder, Settings()).open_scanned_store() as store:
        for name, role in roles.items():
            give_role(store.access, operator({}, "root"), (name, role), "2026-02-01T00:00:00+00:00")


def sign_in(visitor: Visitor, sub: str) -> None:
    """Go through the provider as that person, from any page of the desk."""
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    authorize(visitor.page, sub)
    visitor.settle()


def authorize(page: Page, sub: str) -> None:
    field = page.get_by_placeholder("sub")
    expect(field).to_be_visible(timeout=DONE_WITHIN_MILLISECONDS)
    field.fill(sub)
    page.get_by_role("button", name="Authorize").click()
