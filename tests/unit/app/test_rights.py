"""What each role may do: every use case of the desk is called by every role, and what is not expected is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from mdm.app import Actor, Hand, Publisher, Said, give_role, list_users, open_project, operator, publish, take_role
from mdm.app.claiming import Claiming
from mdm.app.cohorts import Bulk, Wish
from mdm.app.desk import AdminDesk, AuditSought, Desk, Right, RulesDesk, Sought, Wanted, open_desk
from mdm.app.proposing import Agreeing
from mdm.app.rights import MATRIX, ROLES, every_use_case_guarded, needs
from mdm.app.saved_views import SavedViews
from mdm.errors import MdmError, NotAllowed, SessionOver, SettingsInvalid
from mdm.records import Receipt
from mdm.settings import Settings
from tests.ui import project

NOW = "2026-02-01T09:00:00+00:00"
SAID = Said("somebody else", NOW, "tried")
D = project.DOUBTFUL.start
PAIR = project.left(D), project.right(D)
SIGN_IN = {
    "MDM_SIGN_IN_URL": "https://desk.example.org",
    "MDM_SIGN_IN_PROVIDER": "https://login.example.org",
    "MDM_SIGN_IN_CLIENT_ID": "mdm",
    "MDM_SIGN_IN_CLIENT_SECRET": "env:CLIENT",
    "MDM_SIGN_IN_COOKIE_SECRET": "env:COOKIE",
    "CLIENT": "sesame",
    "COOKIE": "0123456789abcdef0123456789abcdef",
}
WISH = Wish("match", Sought(), 1_000)
NO_PAIRS = pl.DataFrame(schema=dict.fromkeys(("system_l", "key_l", "system_r", "key_r"), pl.String()))
LOOKERS = ("viewer", "steward", "approver", "admin")
DECIDERS = ("steward", "approver", "admin")

MAY: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "customers": (LOOKERS, (Wanted(),)),
    "questions": (LOOKERS, (Wanted(),)),
    "choices": (LOOKERS, ()),
    "customer": (LOOKERS, ("M-0000001-1",)),
    "pair": (LOOKERS, PAIR),
    "pairs": (LOOKERS, ([PAIR],)),
    "following": (LOOKERS, PAIR),
    "neighbours": (LOOKERS, PAIR),
    "can_explain": (LOOKERS, ()),
    "overview": (LOOKERS, ()),
    "waiting_since": (LOOKERS, (NOW,)),
    "plan_waiting": (LOOKERS, ()),
    "runs": (LOOKERS, ()),
    "run": (LOOKERS, (1,)),
    "set_aside": (LOOKERS, (5,)),
    "decide": (DECIDERS, ("match", *PAIR, SAID)),
    "deliver": (DECIDERS, ([], SAID)),
    "statement": (DECIDERS, (1,)),
    "statement_of": (DECIDERS, (Receipt("a" * 32, 1),)),
    "undo_effect": (DECIDERS, (1,)),
    "publishing": (DECIDERS, ({},)),
    "undo": (DECIDERS, (1, SAID)),
    "merge": (DECIDERS, ("M-0000001-1", "M-0000002-2", SAID)),
    "split": (DECIDERS, ("M-0000001-1", [project.left(0)], SAID)),
    "override": (DECIDERS, ("M-0000001-1", "city", "Bonn", SAID)),
    "claims.of": (LOOKERS, (PAIR,)),
    "claims.told": (LOOKERS, (NO_PAIRS, SAID)),
    "claims.hold": (DECIDERS, ([PAIR], SAID)),
    "claims.leave": (DECIDERS, ([PAIR],)),
    "claims.assign": (DECIDERS, (PAIR, "", SAID)),
    "agreeing.all": (DECIDERS, ()),
    "agreeing.why": (DECIDERS, PAIR),
    "saved_views.all": (LOOKERS, ()),
    "saved_views.save": (LOOKERS, ("mine", {"by": "age"})),
    "saved_views.rename": (LOOKERS, ("mine", "own")),
    "saved_views.delete": (LOOKERS, ("own",)),
    "saved_views.share": (DECIDERS, ("ours", {})),
    "bulk.fitting": (DECIDERS, (WISH,)),
    "bulk.draw": (DECIDERS, (WISH, SAID)),
    "bulk.all": (DECIDERS, ()),
    "bulk.view": (DECIDERS, (99,)),
    "bulk.rest": (DECIDERS, (99, "decided")),
    "bulk.names": (DECIDERS, ((),)),
    "bulk.accept": (DECIDERS, (99, SAID)),
    "bulk.take_back": (DECIDERS, (99, SAID)),
    "bulk.close": (DECIDERS, (99, SAID)),
    "rules.in_force": (LOOKERS, ({},)),
    "rules.texts": (DECIDERS, ()),
    "rules.begin": (DECIDERS, ({"nonsense": ""}, {}, NOW)),
    "rules.look": (DECIDERS, (SimpleNamespace(look=bool, error=SettingsInvalid("looked at")),)),
    "admin.users": (("admin",), ()),
    "admin.roles": (("admin",), ()),
    "admin.give": (("admin",), ("zoe@example.org", "viewer")),
    "admin.take": (("admin",), ("zoe@example.org",)),
    "admin.signed_in": (("admin",), ()),
    "admin.rhythm": (("admin",), ()),
    "admin.sources": (("admin",), ()),
    "admin.audit": (("admin",), (AuditSought(), 5)),
}
"""Every use case of the desk: who may call it, and what it is called with here."""

UNGUARDED = {"admit", "called_by", "close", "enter", "leave"}
"""What is no use case: who calls comes in by these, and goes."""


def claims(name: str, at: datetime | None = None, **more: object) -> dict[str, object]:
    """What a provider says of somebody who has just signed in."""
    made = at or datetime.now(UTC)
    times = {"iat": int(made.timestamp()), "exp": int((made + timedelta(hours=1)).timestamp())}
    return {"iss": "x", "sub": name, "email": name, "email_verified": True, "nonce": f"n{made}", **times, **more}


@pytest.fixture(scope="module")
def shared(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk at which people sign in; each role has a user of its name."""
    folder = project.copy_project(scanned, tmp_path_factory.mktemp("rights") / "shop")
    opened = open_desk(folder, SIGN_IN)
    for role in ROLES:
        give_role(opened._store.access, operator({}, "root"), (f"{role}@example.org", role), NOW)
    yield opened
    opened.close()


def call(desk: Desk, name: str, given: tuple[Any, ...]) -> None:
    part: Any = desk
    for word in name.split("."):
        part = getattr(part, word)
    part(*given)


def test_the_matrix_of_the_test_knows_every_use_case() -> None:
    public = {name for name in vars(Desk) if not name.startswith("_") and callable(vars(Desk)[name])} - UNGUARDED
    parts = {"admin": AdminDesk, "claims": Claiming, "agreeing": Agreeing, "bulk": Bulk, "rules": RulesDesk}
    parts["saved_views"] = SavedViews
    of_parts = {
        f"{part}.{name}"
        for part, kind in parts.items()
        for name in vars(kind)
        if not name.startswith("_") and callable(vars(kind)[name]) and name != "admit"
    }
    assert public | of_parts == set(MAY)


@pytest.mark.parametrize("role", [*ROLES, None, "nonsense"])
def test_no_role_does_what_it_may_not(shared: Desk, role: str | None) -> None:
    user = f"{role}@example.org" if role else "nobody@example.org"
    desk = shared.called_by(shared.enter(claims(user)))
    wrong = []
    for name, (may, given) in MAY.items():
        try:
            call(desk, name, given)
            allowed = True
        except NotAllowed:
            allowed = False
        except MdmError:
            allowed = True  # it was let in, and refused for a reason of its own
        if allowed != (role in may):
            wrong.append((name, role, allowed))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_a_caller_claims_counts_for_nothing(shared: Desk, role: str) -> None:
    for forged in (Actor("eve", role), Actor("eve", role, "made up")):
        for name, (_, given) in MAY.items():
            with pytest.raises(SessionOver):
                call(shared.called_by(forged), name, given)
    viewer = shared.enter(claims("viewer@example.org"))
    with pytest.raises(NotAllowed, match="is viewer and may not"):
        shared.called_by(replace(viewer, role=role, name="admin@example.org")).merge("x", "y", SAID)


def test_a_role_that_is_taken_is_gone_with_the_next_call(shared: Desk) -> None:
    access, root = shared._store.access, operator({}, "root")
    give_role(access, root, ("leaver@example.org", "steward"), NOW)
    desk = shared.called_by(shared.enter(claims("leaver@example.org")))
    number = desk.decide("unsure", project.left(D + 1), project.right(D + 1), SAID)
    take_role(access, root, "leaver@example.org", NOW)
    with pytest.raises(NotAllowed, match="has no role"):
        desk.undo(number, SAID)
    assert shared._store.decisions().filter(id=number)["author"].to_list() == ["leaver@example.org"]


def test_nobody_changes_their_own_role_at_the_desk(shared: Desk) -> None:
    admin = shared.called_by(shared.enter(claims("Admin@Example.org"))).admin
    with pytest.raises(NotAllowed, match="own role"):
        admin.take("admin@example.org")
    with pytest.raises(NotAllowed, match="own role"):
        admin.give("ADMIN@example.org", "viewer")


@pytest.mark.parametrize(("name", "role"), [("ann@example.org", "king"), ("", "viewer"), ("a\x00b", "viewer")])
def test_what_is_no_name_or_role_is_refused(shared: Desk, name: str, role: str) -> None:
    with pytest.raises(SettingsInvalid):
        give_role(shared._store.access, operator({}), (name, role), NOW)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_what_acts_on_customers_or_systems_checks_the_role_by_itself(shared: Desk, role: str | None) -> None:
    store, actor = shared._store, Actor("ann", role)
    deeds = {
        Right.DECIDE: lambda: Hand(shared.project, store, actor, SAID),
        Right.APPROVE: lambda: publish(
            Publisher(shared.project, store, {}, actor, lambda: NOW), [], frozenset({"approve", "send"})
        ),
        Right.ADMINISTER: lambda: list_users(store.access, actor),
    }
    for right, deed in deeds.items():
        if role in MATRIX[right]:
            deed()
        else:
            with pytest.raises(NotAllowed):
                deed()


def test_whoever_acts_is_the_author_whatever_they_say(scanned: Path) -> None:
    opened = open_project(scanned, Settings())
    with opened.open_scanned_store() as store:
        assert Hand(opened, store, operator({}, "ann"), SAID).said.author == "ann"


def test_a_use_case_without_a_right_is_refused_when_it_is_imported() -> None:
    class Fine:
        @needs(Right.LOOK)
        def look(self) -> None: ...

        def close(self) -> None: ...

    class Bare(Fine):
        def decide(self) -> None: ...

    assert every_use_case_guarded(besides=frozenset({"close"}))(Fine) is Fine
    with pytest.raises(TypeError, match="Bare has use cases without a right: decide"):
        every_use_case_guarded(besides=frozenset())(Bare)


def test_every_role_may_what_the_one_before_it_may() -> None:
    rights = [{right for right in Right if role in MATRIX[right]} for role in ROLES]
    assert all(less < more for less, more in pairwise(rights))
