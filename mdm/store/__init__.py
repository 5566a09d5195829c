"""The record of everything that lasts: source records, master ids, golden records, links, decisions and runs."""

from mdm.store.access import Access, Admitted, Session, User
from mdm.store.asking import ask, since
from mdm.store.audit_anchor import Keeper
from mdm.store.backup import Restored, Wish
from mdm.store.backup_archive import Manifest
from mdm.store.changes import Since
from mdm.store.claims import Claim, Hold
from mdm.store.cohort_settling import Candidate
from mdm.store.cohort_states import CohortAct, CohortState
from mdm.store.cohorts import COHORT_PAIRS, CohortRow, Cohorts, Drawing
from mdm.store.decisions import NO_BASIS, Basis, DecisionKind, Saying, Statement
from mdm.store.deeds import Doing, Done, Journaled
from mdm.store.desk import Asked, Customer, GoldenOrder, Member, Page
from mdm.store.difference import difference
from mdm.store.effects import Effects
from mdm.store.footing import Footing
from mdm.store.frames import (
    CROSSWALK_SINCE,
    DECISIONS,
    EVIDENCE,
    GOLDEN_HASHES,
    GOLDEN_PAGE,
    INPUT_FILES,
    OVERRIDES,
    PINS,
    RECORD_HASHES,
    STORED_GOLDEN,
    STORED_LINKS,
    STORED_QUESTIONS,
    STORED_RECORDS,
)
from mdm.store.ledger import Resolved, Successor
from mdm.store.lock import ScanLease
from mdm.store.outbox import Fate, Lease, Outbox
from mdm.store.outbox_letters import COUNTS, LISTED, Letter
from mdm.store.outbox_states import NEXT_STATE, Act, State
from mdm.store.outbox_taking import Taken
from mdm.store.overrides import Overriding
from mdm.store.past import Wanted
from mdm.store.pins import Pinning
from mdm.store.questions import Around, Choices, Doubt, Place, QuestionOrder, Sought, Standing, Whose
from mdm.store.rows import Origin, golden_rows, link_rows, mapped_rows, provenance_of, record_rows, values_given
from mdm.store.runs import Run
from mdm.store.staging import Horizon, Stage
from mdm.store.store import Store, open_store, restore_store
from mdm.store.verify import Verified
from mdm.store.verify_state import Check
from mdm.store.views import SavedView

__all__ = [
    "COHORT_PAIRS",
    "COUNTS",
    "CROSSWALK_SINCE",
    "DECISIONS",
    "EVIDENCE",
    "GOLDEN_HASHES",
    "GOLDEN_PAGE",
    "INPUT_FILES",
    "LISTED",
    "NEXT_STATE",
    "NO_BASIS",
    "OVERRIDES",
    "PINS",
    "RECORD_HASHES",
    "STORED_GOLDEN",
    "STORED_LINKS",
    "STORED_QUESTIONS",
    "STORED_RECORDS",
    "Access",
    "Act",
    "Admitted",
    "Around",
    "Asked",
    "Basis",
    "Candidate",
    "Check",
    "Choices",
    "Claim",
    "CohortAct",
    "CohortRow",
    "CohortState",
    "Cohorts",
    "Customer",
    "DecisionKind",
    "Doing",
    "Done",
    "Doubt",
    "Drawing",
    "Effects",
    "Fate",
    "Footing",
    "GoldenOrder",
    "Hold",
    "Horizon",
    "Journaled",
    "Keeper",
    "Lease",
    "Letter",
    "Manifest",
    "Member",
    "Origin",
    "Outbox",
    "Overriding",
    "Page",
    "Pinning",
    "Place",
    "QuestionOrder",
    "Resolved",
    "Restored",
    "Run",
    "SavedView",
    "Saying",
    "ScanLease",
    "Session",
    "Since",
    "Sought",
    "Stage",
    "Standing",
    "State",
    "Statement",
    "Store",
    "Successor",
    "Taken",
    "User",
    "Verified",
    "Wanted",
    "Whose",
    "Wish",
    "ask",
    "difference",
    "golden_rows",
    "link_rows",
    "mapped_rows",
    "open_store",
    "provenance_of",
    "record_rows",
    "restore_store",
    "since",
    "values_given",
]
