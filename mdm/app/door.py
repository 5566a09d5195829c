"""The door of the desk: makes a caller out of what the provider says of a person, and checks it with every call."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mdm.app.actor import Actor
from mdm.app.rights import ROLES, Right, permit
from mdm.errors import NotAllowed, SessionOver
from mdm.settings import SignIn
from mdm.store import Access, Session

OF_A_SIGN_IN: Final = ("iss", "sub", "aud", "iat", "exp", "nonce", "jti", "sid")
"""Claims that tell one sign-in from every other; a copy of its cookie has the same."""

SKEW: Final = timedelta(minutes=2)
"""By how much the clocks of provider and desk may differ."""

NOTED_EVERY: Final = timedelta(minutes=1)
"""How often a session that is in use is written down."""

AGAIN: Final = "Sign in again."


def now() -> datetime:
    """The moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Door:
    """Checks whoever calls against the store of this moment; without `rules` only the operator is here, without one."""

    access: Access
    rules: SignIn | None
    clock: Callable[[], datetime] = now

    def enter(self, claims: Mapping[str, Any]) -> Actor:
        """Whoever the provider says has signed in; without a role where nobody gave one.

        Raises SessionOver for a sign-in that ended, expired, or is not fresh and unknown here, and NotAllowed where it
        does not say who it is.
        """
        if self.rules is None:
            raise NotAllowed("Nobody signs in at this desk.", "It is for this computer only.")
        name, at = _name(claims, self.rules.claim), self.clock()
        session_id = _session_id(claims)
        found = self.access.find(session_id)
        if found is None:
            began = _began(claims, at, self.rules)
            first = Session(session_id, name, began.isoformat(), at.isoformat())
            self.access.begin(first, forget_before=(at - self.rules.length).isoformat())
            found = self.access.find(session_id)
        if found is None:
            raise SessionOver("The session could not be opened.", AGAIN)
        self._refuse_over(found.session, at, self.rules)
        return Actor(found.session.name, found.role, session_id)

    def admit(self, actor: Actor, right: Right) -> None:
        """Raise NotAllowed unless the caller may, now: the session must last, and the role is the one of now."""
        if self.rules is None:
            permit(actor, right)
            return
        found = self.access.find(actor.session) if actor.session else None
        if found is None:
            raise SessionOver("Nobody is signed in.", AGAIN)
        at = self.clock()
        self._refuse_over(found.session, at, self.rules)
        permit(replace(actor, name=found.session.name, role=found.role if found.role in ROLES else None), right)
        if at - datetime.fromisoformat(found.session.seen_at) >= NOTED_EVERY:
            self.access.touch(actor.session, at.isoformat())

    def may(self, actor: Actor, right: Right) -> bool:
        """Whether the caller has the right, now."""
        try:
            self.admit(actor, right)
        except NotAllowed:
            return False
        return True

    def leave(self, actor: Actor) -> None:
        """End the session: every copy of its cookie is worth nothing from now on."""
        if actor.session:
            self.access.end(actor.session, self.clock().isoformat())

    def _refuse_over(self, session: Session, at: datetime, rules: SignIn) -> None:
        if session.ended_at is not None:
            raise SessionOver("You have signed out.", AGAIN)
        if at >= datetime.fromisoformat(session.seen_at) + rules.idle:
            raise SessionOver(f"Nothing was done for {_length(rules.idle)}, so the session has ended.", AGAIN)
        if at >= datetime.fromisoformat(session.began_at) + rules.length:
            raise SessionOver(f"A session lasts {_length(rules.length)}; this one has ended.", AGAIN)


def user_name(text: str) -> str:
    """A user's name as it is compared: an e-mail address without regard to capitals."""
    name = text.strip()
    return name.lower() if "@" in name else name


def _name(claims: Mapping[str, Any], claim: str) -> str:
    name = user_name(str(claims.get(claim) or ""))
    if not name:
        raise NotAllowed(
            f"The provider does not say your {claim}.", "Ask whoever runs the desk to set MDM_SIGN_IN_CLAIM."
        )
    if claim == "email" and claims.get("email_verified") is not True:
        # An address that the provider did not verify can be typed in by anybody.
        raise NotAllowed(
            f"The provider did not verify the address {name}.",
            "Verify it there, or ask whoever runs the desk to set MDM_SIGN_IN_CLAIM to another claim.",
        )
    return name


def _session_id(claims: Mapping[str, Any]) -> str:
    said = {name: claims[name] for name in OF_A_SIGN_IN if claims.get(name) is not None}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _began(claims: Mapping[str, Any], at: datetime, rules: SignIn) -> datetime:
    """When a sign-in that is new here was made. Raises SessionOver for one that is too old to be new."""
    try:
        began, ends = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise SessionOver("The sign-in does not say when it was made.", AGAIN) from None
    if not began - SKEW <= at < min(ends + SKEW, began + rules.length):
        raise SessionOver("The sign-in has expired.", AGAIN)
    return min(began, at)


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    number, unit = (minutes, "minute") if rest else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
