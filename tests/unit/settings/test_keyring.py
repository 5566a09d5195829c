"""Secrets in the keyring, by the real library with a keyring of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from mdm.errors import SettingsInvalid
from mdm.settings import read_secret


class Ring(KeyringBackend):
    """A keyring that holds one secret."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return "very secret" if (service, username) == ("mdm", "s4/reader") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    yield
    keyring.set_keyring(before)


def test_a_secret_is_found_by_service_and_user() -> None:
    assert read_secret("keyring:mdm/s4/reader", {}).reveal() == "very secret"


def test_one_that_is_not_there_is_told_with_how_to_put_it_there() -> None:
    with pytest.raises(SettingsInvalid, match=r"is not in the keyring\. Put it there: keyring set mdm crm"):
        read_secret("keyring:mdm/crm", {})


def test_a_reference_without_a_user_is_none() -> None:
    with pytest.raises(SettingsInvalid, match="by reference only"):
        read_secret("keyring:mdm", {})


def test_a_computer_without_a_keyring_is_told() -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(SettingsInvalid, match="gives no answer: NoKeyringError"):
        read_secret("keyring:mdm/crm", {})


def test_without_the_package_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SettingsInvalid, match="the package keyring is not installed"):
        read_secret("keyring:mdm/crm", {})
