"""A change of the rules that is tried in the background: how far it is, and how it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Final

from mdm.app.trial import Trial
from mdm.app.watch import Watch
from mdm.errors import MdmError, SettingsInvalid

PATIENCE: Final = 180.0
"""Seconds without a look after which nobody waits any more; a browser asks seldom from a tab in the background."""

ONE_AT_A_TIME: Final = Lock()
"""A scan takes most of what the machine may give, so a desk tries one change at a time."""


class _Stopped(Exception):
    """Nobody waits for the result any more."""


class TrialJob:
    """One change at work. It stops at the end of the stage it is in once it was told to, or nobody has looked for long.

    Raises SettingsInvalid when it is begun while another one is at work in this process.
    """

    def __init__(self, work: Callable[[Watch], Trial], clock: Callable[[], float] = time.monotonic) -> None:
        if not ONE_AT_A_TIME.acquire(blocking=False):
            raise SettingsInvalid(
                "Another change of the rules is being tried at this desk.", "Try yours when that one has ended."
            )
        self.stage = ""
        self.result: Trial | None = None
        self.error: MdmError | None = None
        self._work, self._clock = work, clock
        self._looked = clock()
        self._told_to_stop, self._ended = Event(), Event()
        Thread(target=self._run, name="trial", daemon=True).start()

    def look(self, seconds: float = 0.0) -> bool:
        """Whether it has ended, after waiting for it as long as that; whoever looks still wants it."""
        self._looked = self._clock()
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._told_to_stop.set()

    def begin(self, stage: str) -> None:
        """A stage begins: the moment at which the work can be left."""
        if self._told_to_stop.is_set() or self._clock() - self._looked > PATIENCE:
            raise _Stopped
        self.stage = stage

    def end(self, stage: str, seconds: float) -> None:
        """Nothing is shown of how long a stage took."""

    def _run(self) -> None:
        try:
            self.result = self._work(Watch(self))
        except _Stopped:
            self.error = SettingsInvalid("The work was stopped before it was done.", "Try it again.")
        except MdmError as error:
            self.error = error
        except BaseException as error:
            self.error = SettingsInvalid(f"The work failed: {type(error).__name__}.", "The desk's log says more.")
            raise
        finally:
            ONE_AT_A_TIME.release()
            self._ended.set()
