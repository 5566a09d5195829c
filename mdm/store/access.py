"""Who may use the desk: the role of each user, every change of it audited, and the sessions that are open."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mdm.errors import SettingsInvalid
from mdm.store.audit import Deed, changing
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import desk_session, user_role

if TYPE_CHECKING:
    from mdm.store.database import Database


@dataclass(frozen=True, slots=True)
class User:
    """The role a user has, who gave it and when (ISO text)."""

    name: str
    role: str
    given_by: str
    given_at: str


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in: a hash of what the provider said of it, whose it is, when it began and was last used (ISO text)."""

    id: str
    name: str
    began_at: str
    seen_at: str
    ended_at: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A session as it stands, and the role its user has now; None where there is none."""

    session: Session
    role: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """The users of a store and their sessions. Names are compared as they are written."""

    database: Database

    def roles(self) -> tuple[User, ...]:
        """Every user by name."""
        with self.database.reading() as connection:
            return tuple(User(*row) for row in connection.execute(sa.select(user_role).order_by(user_role.c.name)))

    def give(self, name: str, role: str, *, by: str, at: str) -> str | None:
        """Let a user have a role in place of the one before, which is returned; the same again changes nothing."""
        with changing(self.database) as change:
            connection, here = change.connection, user_role.c.name == name
            locked_pointer(connection)
            was = connection.execute(sa.select(user_role.c.role).where(here)).scalar_one_or_none()
            if was == role:
                return role
            connection.execute(sa.delete(user_role).where(here))
            connection.execute(sa.insert(user_role).values(name=name, role=role, given_by=by, given_at=at))
            change.record(Deed(at, by, "grant", f"user {name}", {"user": name, "role": role, "was": was}))
            return was

    def take(self, name: str, *, by: str, at: str) -> str:
        """Take the role of a user, which is returned. Raises SettingsInvalid for a user who has none."""
        with changing(self.database) as change:
            connection, here = change.connection, user_role.c.name == name
            locked_pointer(connection)
            was = connection.execute(sa.select(user_role.c.role).where(here)).scalar_one_or_none()
            if was is None:
                raise SettingsInvalid(f"{name} has no role.", "Who has one: mdm user list")
            connection.execute(sa.delete(user_role).where(here))
            change.record(Deed(at, by, "revoke", f"user {name}", {"user": name, "role": None, "was": was}))
            return str(was)

    def begin(self, session: Session, *, forget_before: str) -> None:
        """Open a session unless it was opened before; those that began before that moment are forgotten."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(desk_session).where(desk_session.c.began_at < forget_before))
            insert = (postgresql if self.database.is_postgresql else sqlite).insert(desk_session)
            values = dict(zip(desk_session.c.keys(), astuple(session), strict=True))
            connection.execute(insert.values(values).on_conflict_do_nothing())

    def find(self, session_id: str) -> Admitted | None:
        """The session of that id and the role of its user now; None where it was never opened or is forgotten."""
        joined = desk_session.outerjoin(user_role, user_role.c.name == desk_session.c.name)
        query = sa.select(*desk_session.c, user_role.c.role).select_from(joined)
        with self.database.reading() as connection:
            row = connection.execute(query.where(desk_session.c.id == session_id)).first()
        return None if row is None else Admitted(Session(*row[:-1]), row[-1])

    def touch(self, session_id: str, at: str) -> None:
        """Note that an open session is in use."""
        mine = (desk_session.c.id == session_id) & desk_session.c.ended_at.is_(None)
        with self.database.writing() as connection:
            connection.execute(sa.update(desk_session).where(mine).values(seen_at=at))

    def end(self, session_id: str, at: str) -> None:
        """End a session for good; one that ended before stays as it is."""
        mine = (desk_session.c.id == session_id) & desk_session.c.ended_at.is_(None)
        with self.database.writing() as connection:
            connection.execute(sa.update(desk_session).where(mine).values(ended_at=at))

    def open_sessions(self, seen_after: str) -> tuple[Session, ...]:
        """The sessions that did not end and were used since that moment, the latest first."""
        query = sa.select(desk_session).where(desk_session.c.ended_at.is_(None), desk_session.c.seen_at >= seen_after)
        order = desk_session.c.began_at.desc(), desk_session.c.id
        with self.database.reading() as connection:
            return tuple(Session(*row) for row in connection.execute(query.order_by(*order)))
