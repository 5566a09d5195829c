"""Long work over many values, shared among processes: plain Python keeps one core busy, whatever the machine has.

Each share goes to a Python of its own, over a pipe: it imports this package and nothing of the caller, reads its share,
writes what it found, and ends, also when the caller was killed meanwhile. A share that fails is done here instead.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

SHARE: Final = 25_000
"""Values that are worth a process of their own: it takes a second to begin."""

MOST: Final = 8

Columns = tuple[list[Any], ...]
Work = Callable[[Any, Sequence[Any]], Columns]
"""A function at the top of a module: from what all values have in common and some values to columns."""


def share(work: Work, common: object, values: Sequence[Any], processes: int) -> Columns:
    """The columns of all values, in their order: what `work(common, values)` returns, however it is shared.

    Columns have any length, such as one entry a value; those of a later share follow those of an earlier one.
    """
    shares = max(1, min(processes, MOST, len(values) // SHARE))
    size = max(1, -(-len(values) // shares))
    parts = [values[at : at + size] for at in range(0, max(1, len(values)), size)]
    with ThreadPoolExecutor(max(1, len(parts) - 1)) as others:
        asked = [others.submit(_elsewhere, work, common, part) for part in parts[1:]]
        found = [work(common, parts[0]), *(each.result() for each in asked)]
    if len(found) == 1:
        return found[0]
    return tuple([entry for part in column for entry in part] for column in zip(*found, strict=True))


def _elsewhere(work: Work, common: object, values: Sequence[Any]) -> Columns:
    task = pickle.dumps((work.__module__, work.__qualname__, common, values))
    command = [sys.executable, "-c", f"from {serve.__module__} import {serve.__name__}; {serve.__name__}()"]
    with suppress(OSError, subprocess.SubprocessError, pickle.UnpicklingError, EOFError):
        done = subprocess.run(  # noqa: S603 - our own interpreter and text
            command,
            input=task,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        found: Columns = pickle.loads(done.stdout)  # noqa: S301 - what our own program wrote
        return found
    return work(common, values)


def serve() -> None:
    """The other process: one share from standard input, its columns to standard output."""
    module, name, common, values = pickle.load(sys.stdin.buffer)  # noqa: S301 - what our own program wrote
    found = getattr(import_module(module), name)(common, values)
    pickle.dump(found, sys.stdout.buffer)
