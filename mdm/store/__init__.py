"""The record of everything that lasts: source records, master ids, golden records, links, decisions and runs."""

from mdm.store.audit_anchor import Keeper
from mdm.store.backup import Restored, Wish
from mdm.store.backup_archive import Manifest
from mdm.store.decisions import DecisionKind
from mdm.store.desk import Asked, Customer, GoldenOrder, Member, Page
from mdm.store.difference import difference
from mdm.store.frames import (
    CROSSWALK_SINCE,
    DECISIONS,
    GOLDEN_HASHES,
    GOLDEN_PAGE,
    INPUT_FILES,
    RECORD_HASHES,
    REVIEW_PAGE,
    STORED_GOLDEN,
    STORED_LINKS,
    STORED_RECORDS,
)
from mdm.store.ledger import Resolved, Successor
from mdm.store.lock import ScanLease
from mdm.store.past import Wanted
from mdm.store.rows import Origin, golden_rows, link_rows, mapped_rows, record_rows
from mdm.store.runs import Run
from mdm.store.staging import Horizon, Stage
from mdm.store.store import Store, open_store, restore_store
from mdm.store.verify import Verified
from mdm.store.verify_state import Check

__all__ = [
    "CROSSWALK_SINCE",
    "DECISIONS",
    "GOLDEN_HASHES",
    "GOLDEN_PAGE",
    "INPUT_FILES",
    "RECORD_HASHES",
    "REVIEW_PAGE",
    "STORED_GOLDEN",
    "STORED_LINKS",
    "STORED_RECORDS",
    "Asked",
    "Check",
    "Customer",
    "DecisionKind",
    "GoldenOrder",
    "Horizon",
    "Keeper",
    "Manifest",
    "Member",
    "Origin",
    "Page",
    "Resolved",
    "Restored",
    "Run",
    "ScanLease",
    "Stage",
    "Store",
    "Successor",
    "Verified",
    "Wanted",
    "Wish",
    "difference",
    "golden_rows",
    "link_rows",
    "mapped_rows",
    "open_store",
    "record_rows",
    "restore_store",
]
