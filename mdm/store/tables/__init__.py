"""The tables of the store: what lasts, and how a row says from which revision to which it stands."""

from mdm.store.tables.access import desk_session, user_role
from mdm.store.tables.audit import audit
from mdm.store.tables.claims import claim
from mdm.store.tables.cohorts import cohort, cohort_pair
from mdm.store.tables.columns import metadata
from mdm.store.tables.customers import golden, publish_change, source_record
from mdm.store.tables.deeds import deed, override, pin
from mdm.store.tables.ids import crosswalk, lineage, master, master_state
from mdm.store.tables.outbox import outbox
from mdm.store.tables.pairs import decision, link, question
from mdm.store.tables.proposals import proposal
from mdm.store.tables.receipts import receipt
from mdm.store.tables.revised import (
    APPENDED,
    CHANGES,
    CHUNK,
    CROSSWALKS,
    GOLDENS,
    LINK_ROWS,
    MASTER_STATES,
    QUARANTINED,
    QUESTIONS,
    RECORDS,
    REVISED,
    Revised,
)
from mdm.store.tables.scans import input_file, quarantine, run
from mdm.store.tables.state import meta, pointer, revision, scan_lock
from mdm.store.tables.views import saved_view

__all__ = [
    "APPENDED",
    "CHANGES",
    "CHUNK",
    "CROSSWALKS",
    "GOLDENS",
    "LINK_ROWS",
    "MASTER_STATES",
    "QUARANTINED",
    "QUESTIONS",
    "RECORDS",
    "REVISED",
    "Revised",
    "audit",
    "claim",
    "cohort",
    "cohort_pair",
    "crosswalk",
    "decision",
    "deed",
    "desk_session",
    "golden",
    "input_file",
    "lineage",
    "link",
    "master",
    "master_state",
    "meta",
    "metadata",
    "outbox",
    "override",
    "pin",
    "pointer",
    "proposal",
    "publish_change",
    "quarantine",
    "question",
    "receipt",
    "revision",
    "run",
    "saved_view",
    "scan_lock",
    "source_record",
    "user_role",
]
