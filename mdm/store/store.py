"""The store as the rest of the tool sees it: one object, frames and small values in and out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mdm.store import decisions, reading, schema
from mdm.store.database import Database, connect
from mdm.store.lock import ScanLease, acquire, break_lock
from mdm.store.runs import Run, read_runs
from mdm.store.snapshot import snapshot
from mdm.store.staging import Stage
from mdm.store.tables import meta
from mdm.store.unfinished import clear_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Concatenate, ParamSpec, TypeVar

    import polars as pl

    from mdm.records import RecordKey
    from mdm.store.decisions import DecisionKind
    from mdm.store.snapshot import Snapshot

    P = ParamSpec("P")
    T = TypeVar("T")
