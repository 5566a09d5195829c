"""Sessions: who comes in, for how long, and that a copied cookie is worth nothing after its session has ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdm.app.door import Door
from mdm.app.rights import Right
from mdm.errors import NotAllowed, SessionOver
from mdm.settings import load_sign_in
from mdm.store import Store, open_store
from tests.unit.app.test_rights import SIGN_IN, claims

BEGAN = datetime(2026, 2, 1, 8, tzinfo=UTC)
RULES = load_sign_in(SIGN_IN)
ANN = claims("ann@example.org", BEGAN)


@dataclass
class Clock:
    at: datetime = BEGAN

    def __call__(self) -> datetime:
        return self.at

    def after(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("sqlite://") as opened:
        opened.access.give("ann@example.org", "steward", by="root", at="2026-01-01")
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(store: Store, clock: Clock) -> Door:
    return Door(store.access, RULES, clock)


def test_the_same_sign_in_is_the_same_session_and_another_one_is_another(door: Door) -> None:
    ann = door.enter(ANN)
    assert (ann.name, ann.role) == ("ann@example.org", "steward")
    assert door.enter(dict(reversed(ANN.items()))) == ann
    assert door.enter({**ANN, "nonce": "another"}).session != ann.session


def test_after_signing_out_neither_the_caller_nor_a_copy_of_the_cookie_gets_in(door: Door) -> None:
    ann = door.enter(ANN)
    door.leave(ann)
    with pytest.raises(SessionOver, match="signed out"):
        door.admit(ann, Right.LOOK)
    with pytest.raises(SessionOver, match="signed out"):
        door.enter(ANN)


def test_a_session_that_is_used_lasts_its_length_and_no_longer(door: Door, clock: Clock) -> None:
    ann = door.enter(ANN)
    for _ in range(35):
        clock.after(20)
        door.admit(ann, Right.LOOK)
    clock.after(21)
    with pytest.raises(SessionOver, match="lasts 12 hours"):
        door.admit(ann, Right.LOOK)


def test_a_session_that_nobody_uses_ends(door: Door, clock: Clock) -> None:
    ann = door.enter(ANN)
    clock.after(31)
    with pytest.raises(SessionOver, match="Nothing was done for 30 minutes"):
        door.admit(ann, Right.LOOK)
    with pytest.raises(SessionOver):
        door.enter(ANN)


def test_a_sign_in_that_was_forgotten_here_does_not_come_back(door: Door, clock: Clock) -> None:
    door.leave(door.enter(ANN))
    clock.after(13 * 60)
    door.enter(claims("bob@example.org", clock.at))
    with pytest.raises(SessionOver, match="expired"):
        door.enter(ANN)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(-10, 100) | st.integers(-9_000, 9_000))
def test_only_a_fresh_sign_in_opens_a_session(store: Store, minutes: int) -> None:
    door, new = Door(store.access, RULES, Clock(BEGAN + timedelta(minutes=minutes))), {**ANN, "nonce": uuid.uuid4().hex}
    if -2 <= minutes < 62:
        assert door.enter(new).name == "ann@example.org"
    else:
        with pytest.raises(SessionOver):
            door.enter(new)


@pytest.mark.parametrize("more", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
def test_an_address_that_the_provider_did_not_verify_is_nobodys(door: Door, more: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        door.enter({**ANN, **more})


@pytest.mark.parametrize("broken", [{"iat": None}, {"exp": "soon"}, {"iat": 10**30}])
def test_a_sign_in_without_times_is_refused(door: Door, broken: dict[str, object]) -> None:
    with pytest.raises(SessionOver, match="when it was made"):
        door.enter({**ANN, **broken})


def test_without_sign_in_nobody_enters_and_the_operator_is_let_through(store: Store) -> None:
    from mdm.app import operator  # noqa: PLC0415 - of this test alone

    door = Door(store.access, None)
    with pytest.raises(NotAllowed):
        door.enter(ANN)
    door.admit(operator({}, "root"), Right.ADMINISTER)
