"""Sign-in is described by the environment, secrets by reference; what is missing or unsafe is refused by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mdm.errors import SettingsInvalid
from mdm.settings import load_sign_in

ENV = {
    "MDM_SIGN_IN_URL": "https://desk.example.org/",
    "MDM_SIGN_IN_PROVIDER": "https://login.example.org/tenant",
    "MDM_SIGN_IN_CLIENT_ID": "mdm",
    "MDM_SIGN_IN_CLIENT_SECRET": "env:CLIENT",
    "MDM_SIGN_IN_COOKIE_SECRET": "env:COOKIE",
    "CLIENT": "sesame",
    "COOKIE": "0123456789abcdef0123456789abcdef",
}


def test_no_variable_is_no_sign_in() -> None:
    assert load_sign_in({"MDM_SIGN_IN_CLAIM": "sub", "OTHER": "x"}) is None


def test_what_is_given_is_taken_and_the_rest_has_defaults() -> None:
    found = load_sign_in(ENV)
    assert found is not None
    assert (found.url, found.host, found.is_encrypted) == ("https://desk.example.org", "desk.example.org", True)
    assert found.provider == "https://login.example.org/tenant/.well-known/openid-configuration"
    assert (found.claim, found.idle, found.length) == ("email", timedelta(minutes=30), timedelta(hours=12))
    assert "sesame" not in repr(found)
    assert "0123456789" not in repr(found)


@pytest.mark.parametrize("name", [name for name in ENV if name.startswith("MDM_")])
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        load_sign_in({**ENV, name: ""})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MDM_SIGN_IN_URL", "desk.example.org", "is no address"),
        ("MDM_SIGN_IN_URL", "http://desk.example.org", "is not encrypted"),
        ("MDM_SIGN_IN_URL", "http://[::1", "is no address"),
        ("MDM_SIGN_IN_PROVIDER", "http://login.example.org", "is not encrypted"),
        ("MDM_SIGN_IN_PROVIDER", "https://user@login.example.org", "is no address"),
        ("MDM_SIGN_IN_CLIENT_SECRET", "sesame", "must be a reference"),
        ("MDM_SIGN_IN_COOKIE_SECRET", "env:CLIENT", "fewer than 32"),
        ("MDM_SIGN_IN_IDLE", "0", "whole minutes"),
        ("MDM_SIGN_IN_LENGTH", "ever", "whole minutes"),
    ],
)
def test_what_is_unsafe_or_wrong_is_refused(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsInvalid, match=told) as raised:
        load_sign_in({**ENV, name: value})
    assert name in raised.value.what
    assert "sesame" not in str(raised.value)


def test_on_this_computer_no_encryption_is_needed() -> None:
    found = load_sign_in({**ENV, "MDM_SIGN_IN_URL": "http://localhost:8501"})
    assert found is not None
    assert not found.is_encrypted
