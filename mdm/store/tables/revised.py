"""How a scan writes each table: rows that stand for a time, rows that are only added, and how many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from mdm.store.tables.customers import golden, publish_change, source_record
from mdm.store.tables.ids import crosswalk, lineage, master, master_state
from mdm.store.tables.pairs import link, question
from mdm.store.tables.scans import input_file, quarantine

CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class Revised:
    """A table whose rows stand from one revision to another; `key` identifies what a row is about.

    `chunk` is how many of its rows one transaction may write: measured to hold SQLite's write lock for 20 ms or so.
    """

    table: sa.Table
    key: tuple[str, ...]
    chunk: int = CHUNK


RECORDS: Final = Revised(source_record, ("system", "key"))
CROSSWALKS: Final = Revised(crosswalk, ("system", "key"))
MASTER_STATES: Final = Revised(master_state, ("master_id",))
GOLDENS: Final = Revised(golden, ("master_id",), chunk=1_000)  # wide rows, and an index in the order of names
LINK_ROWS: Final = Revised(link, ("system_l", "key_l", "system_r", "key_r"))
QUESTIONS: Final = Revised(question, ("system_l", "key_l", "system_r", "key_r"), chunk=1_000)  # five indexes
QUARANTINED: Final = Revised(quarantine, ("row_hash",))
CHANGES: Final = Revised(publish_change, ("target", "key", "field"))

REVISED: Final = (RECORDS, CROSSWALKS, MASTER_STATES, GOLDENS, LINK_ROWS, QUESTIONS, QUARANTINED, CHANGES)
"""Every revised table, those that refer to a master id before the table of masters."""

APPENDED: Final = (input_file, lineage, master)
"""Tables a scan only adds to, each row marked by its `rev`; masters last, because others refer to them."""
