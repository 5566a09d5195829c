"""Collects garbage once a minute instead of after every answer.

Streamlit runs a full collection after each script run, which takes longer than the run itself; `.streamlit/config.toml`
switches that off (the hidden option `runner.postScriptGC`, guarded by a test).
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import streamlit as st

SECONDS: Final = 60.0


@dataclass
class Rounds:
    """When garbage was last collected in this process."""

    last: float = field(default_factory=time.monotonic)
    lock: Lock = field(default_factory=Lock)

    def is_due(self, now: float) -> bool:
        """True once in SECONDS, for one of all who ask."""
        with self.lock:
            if now - self.last < SECONDS:
                return False
            self.last = now
            return True


@st.cache_resource
def rounds() -> Rounds:
    return Rounds()


def collect_when_due() -> None:
    """Belongs at the end of a script run, when the page has been sent."""
    if rounds().is_due(time.monotonic()):
        gc.collect()
