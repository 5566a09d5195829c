"""How the threads of a desk that many use at once share the interpreter."""

from __future__ import annotations

import sys
from typing import Final

SWITCH_SECONDS: Final = 0.001
"""Python's own five milliseconds let a decision, which asks the store a few dozen times, wait that long each time while
another page is being read. See decision 0243."""


def share_promptly() -> None:
    """Let whoever waits for the interpreter have it after a millisecond; for a process that serves several people."""
    sys.setswitchinterval(SWITCH_SECONDS)
