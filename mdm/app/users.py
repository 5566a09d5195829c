"""`mdm user`: who may use the desk, and as what."""

from __future__ import annotations

from mdm.app.actor import Actor
from mdm.app.door import user_name
from mdm.app.rights import Right, Role, parse_role, permit
from mdm.errors import NotAllowed, SettingsInvalid
from mdm.store import Access, User

MOST_LETTERS = 200


def list_users(access: Access, actor: Actor) -> tuple[User, ...]:
    """Every user with a role, by name."""
    permit(actor, Right.ADMINISTER)
    return access.roles()


def give_role(access: Access, actor: Actor, named: tuple[str, str], at: str) -> tuple[str, Role]:
    """Give a user a role, both as they are typed; returns them as they are kept.

    Raises NotAllowed, also for whoever would change their own role, and SettingsInvalid for what is no name or role.
    """
    permit(actor, Right.ADMINISTER)
    name, role = _checked(named[0]), parse_role(named[1])
    _refuse_own(actor, name)
    access.give(name, role, by=actor.name, at=at)
    return name, role


def take_role(access: Access, actor: Actor, name: str, at: str) -> str:
    """Take a user's role, which is returned: their next click is refused. Raises what `give_role` raises."""
    permit(actor, Right.ADMINISTER)
    checked = _checked(name)
    _refuse_own(actor, checked)
    return access.take(checked, by=actor.name, at=at)


def _checked(text: str) -> str:
    name = user_name(text)
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise SettingsInvalid(
            "This is no user's name.", "It is what the provider calls the person: their e-mail address."
        )
    return name


def _refuse_own(actor: Actor, name: str) -> None:
    """Nobody at the desk makes themselves more, or locks themselves out; the operator signs in nowhere."""
    if actor.session and actor.name == name:
        raise NotAllowed("Nobody changes their own role.", "Another admin can, or the operator: mdm user.")
