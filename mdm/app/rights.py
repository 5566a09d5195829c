"""What each role may do: one table, asked by every use case of the desk before it does anything."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Concatenate, Final, Literal, ParamSpec, Protocol, TypeVar, get_args

from mdm.app.actor import Actor
from mdm.errors import NotAllowed, SettingsInvalid

Role = Literal["viewer", "steward", "approver", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class Right(Enum):
    """Something that a role may do, in the words in which it is refused."""

    LOOK = "look at customers, pairs and scans"
    SEE_PERSONAL = "see personal data of persons"
    DECIDE = "decide, correct customers and take that back"
    TRY_RULES = "read the rules' files and see what a change of them would do"
    APPROVE = "approve and send what systems are told"
    ADMINISTER = "give roles and read the audit"


MATRIX: Final[Mapping[Right, frozenset[Role]]] = {
    Right.LOOK: frozenset({"viewer", "steward", "approver", "admin"}),
    Right.SEE_PERSONAL: frozenset({"steward", "approver", "admin"}),
    Right.DECIDE: frozenset({"steward", "approver", "admin"}),
    Right.TRY_RULES: frozenset({"steward", "approver", "admin"}),
    Right.APPROVE: frozenset({"approver", "admin"}),
    Right.ADMINISTER: frozenset({"admin"}),
}
"""What is not here is refused."""

P = ParamSpec("P")
T = TypeVar("T")


class Guarded(Protocol):
    """Whatever has use cases: it knows who calls and can have that checked."""

    @property
    def actor(self) -> Actor: ...

    def admit(self, right: Right) -> None:
        """Raise NotAllowed unless the caller has the right, now."""


G = TypeVar("G", bound=Guarded)


def has(actor: Actor, right: Right) -> bool:
    """Whether the actor's role, as it was when the actor came in, has that right: for what a page offers."""
    return actor.role in MATRIX[right]


def permit(actor: Actor, right: Right) -> None:
    """Raise NotAllowed unless the actor's role has that right."""
    if not has(actor, right):
        told = f"is {actor.role}" if actor.role else "has no role"
        may = ", ".join(role for role in ROLES if role in MATRIX[right])
        raise NotAllowed(
            f"{actor.name} {told} and may not {right.value}.",
            f"That takes one of these roles: {may}. An admin can give it.",
        )


def needs(right: Right) -> Callable[[Callable[Concatenate[G, P], T]], Callable[Concatenate[G, P], T]]:
    """Let a use case begin only when its caller has that right."""

    def guard(use_case: Callable[Concatenate[G, P], T]) -> Callable[Concatenate[G, P], T]:
        @functools.wraps(use_case)
        def guarded(self: G, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self.admit(right)
            return use_case(self, *args, **kwargs)

        guarded.needs = right  # type: ignore[attr-defined]
        return guarded

    return guard


def every_use_case_guarded(*, besides: frozenset[str] = frozenset()) -> Callable[[type[T]], type[T]]:
    """Refuse, when it is imported, a class with a public method that says no right and is not named here."""

    def check(kind: type[T]) -> type[T]:
        public = {name for name, value in vars(kind).items() if callable(value) and not name.startswith("_")}
        bare = sorted(name for name in public - besides if not hasattr(vars(kind)[name], "needs"))
        if bare:
            raise TypeError(f"{kind.__name__} has use cases without a right: {', '.join(bare)}")
        return kind

    return check


def parse_role(text: str) -> Role:
    """The role of that name. Raises SettingsInvalid for any other text."""
    for role in ROLES:
        if text == role:
            return role
    raise SettingsInvalid(f"There is no role {text!r}.", f"There are {', '.join(ROLES)}.")
