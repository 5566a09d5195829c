"""Every error a person can meet, in one tree; each message says what is wrong, where, and what to do.

MdmError
├── InputRefused       a file or source is refused as a whole; nothing of it was loaded
├── SystemRefused      a connected system refuses us, or gives an answer that is none: trying again does not help
│   └── SystemSilent   no answer, or one that says later: what was sent may have taken effect
├── RulesInvalid       a YAML file is wrong: file, line, path, reason
├── SettingsInvalid    an environment setting or a command's option is wrong
│   └── CursorOutdated a place in the feed of changes is of another history than the store's
├── GuardTripped       a safety limit stopped the run before it wrote anything
│   └── PlanOutdated   what a plan rests on has changed since it was shown
├── StoreRefused       the store cannot be opened or written: too new, locked, read-only, damaged
│   └── StoreMissing   there is none at that place
├── NotAllowed         whoever calls has no role for this
│   └── SessionOver    their sign-in has ended or expired
├── DecisionRefused    a steward's decision contradicts one that stands, or was made on an old state
└── SchemaMismatch     a table between two stages is not what was declared: a fault of ours
"""

from __future__ import annotations


class MdmError(Exception):
    """Base of all errors that are shown to a person as one sentence and a next step.

    `what` says what is wrong and where; `next_step` says what to do about it.
    """

    exit_code = 2

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what if not next_step else f"{what} {next_step}")
        self.what = what
        self.next_step = next_step


class InputRefused(MdmError):
    """A file or source is refused as a whole; nothing of it was loaded."""


class SystemRefused(MdmError):
    """A connected system refuses the login or the request, or answers what is no answer."""

    exit_code = 7


class SystemSilent(SystemRefused):
    """A connected system gave no answer, or asks to come back later, after `wait` seconds.

    What was sent may have taken effect all the same: whoever wrote must read back before writing again.
    """

    def __init__(self, what: str, next_step: str = "", wait: float = 0.0) -> None:
        super().__init__(what, next_step)
        self.wait = wait


class RulesInvalid(MdmError):
    """A rules file does not fit its schema; `what` begins with `file:line: path:`."""


class SettingsInvalid(MdmError):
    """An environment setting or an option of a command is wrong."""


class CursorOutdated(SettingsInvalid):
    """A cursor of the feed was given out by another store, or before this one was restored."""


class GuardTripped(MdmError):
    """A safety limit stopped the run before anything was written."""

    exit_code = 3


class PlanOutdated(GuardTripped):
    """What a plan rests on is no longer what it was when the plan was shown; `what` says what changed."""


class StoreRefused(MdmError):
    """The store cannot be used as it is; it was not changed."""

    exit_code = 4


class StoreMissing(StoreRefused):
    """There is no store in that place, or an empty database."""


class DecisionRefused(MdmError):
    """A decision contradicts one that stands, or rests on a state that has moved on."""

    exit_code = 5


class NotAllowed(MdmError):
    """Whoever calls has no right to do this; nothing was done."""

    exit_code = 8


class SessionOver(NotAllowed):
    """The sign-in has ended, has expired, or is no sign-in of ours."""


class SchemaMismatch(MdmError):
    """A table that crosses a stage boundary is not of its declared schema."""

    exit_code = 1
