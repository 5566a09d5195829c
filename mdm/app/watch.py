"""What a run tells while it works: the stage it is in, and afterwards seconds and peak memory of each."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

KILOBYTE: Final = 1024


class Listener(Protocol):
    """Who shows the progress: told when a stage begins and when it ends."""

    def begin(self, stage: str) -> None: ...
    def end(self, stage: str, seconds: float) -> None: ...


class Silent:
    """Shows nothing."""

    def begin(self, stage: str) -> None:
        """Nobody looks."""

    def end(self, stage: str, seconds: float) -> None:
        """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One stage: its name for people, wall seconds, and the peak memory of the process so far in megabytes."""

    stage: str
    seconds: float
    peak_mb: int


@dataclass(slots=True)
class Watch:
    """Times the stages of one run and passes them on to the listener."""

    listener: Listener = field(default_factory=Silent)
    timings: list[Timing] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Run a stage; its time counts also when it fails."""
        self.listener.begin(name)
        start = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - start
            self.timings.append(Timing(name, round(seconds, 2), peak_memory_mb()))
            self.listener.end(name, seconds)


def peak_memory_mb() -> int:
    """The most memory this process has held so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / KILOBYTE if sys.platform != "darwin" else peak / KILOBYTE**2)
