"""Use cases: what a person or a schedule can ask for. The only place where stages meet each other and the store."""

from mdm.app.actor import Actor, operator
from mdm.app.audit import audit_table, list_audit, verify_project
from mdm.app.author import author
from mdm.app.backup import back_up_project, restore_project
from mdm.app.cohort_deciding import SampleWalk
from mdm.app.crosswalk import CrosswalkAnswer, CrosswalkQuestion, crosswalk
from mdm.app.deciding import decide_pair, parse_record
from mdm.app.dedupe import Deduped, Errand, dedupe
from mdm.app.deeds import Deeded, merge, move, split, undo, unmerge
from mdm.app.demo import Demonstrated, demonstrate, refuse_decided
from mdm.app.detect import DetectedFile, Wishes, detect_files, load_sources
from mdm.app.duplicates import Duplicates, find_duplicates, tell_merging, write_duplicates
from mdm.app.explaining import Explained, Question, as_plain, explain
from mdm.app.export import export
from mdm.app.facts import Occasion
from mdm.app.feed import FeedPage, read_feed
from mdm.app.groundwork import Call
from mdm.app.hand import Hand
from mdm.app.label import Labelling, find_questions
from mdm.app.moments import parse_moment
from mdm.app.naming import parse_system_option
from mdm.app.overriding import Overridden, override, take_back
from mdm.app.pinning import pin, unpin
from mdm.app.plan_words import summary, tell_numbers, tell_weightiest, write_view
from mdm.app.planning import Applied, Planned, apply_plan, make_plan
from mdm.app.project import Check, Project, accept_new_types, begin_project, check_project, open_project
from mdm.app.publish_words import tell_letters, tell_status
from mdm.app.publishing import Published, Publisher, Step, Told, publish, sendable
from mdm.app.resolve_id import IdEvent, ResolvedId, resolve_master_id, tell_resolved
from mdm.app.rights import ROLES
from mdm.app.scan import Scanned, scan
from mdm.app.train import Trained, save_model, train
from mdm.app.truth import evaluate
from mdm.app.users import give_role, list_users, take_role
from mdm.app.waiting import waiting_pairs
from mdm.app.watch import Listener, Timing, Watch
from mdm.steward import Said

__all__ = [
    "ROLES",
    "Actor",
    "Applied",
    "Call",
    "Check",
    "CrosswalkAnswer",
    "CrosswalkQuestion",
    "Deduped",
    "Deeded",
    "Demonstrated",
    "DetectedFile",
    "Duplicates",
    "Errand",
    "Explained",
    "FeedPage",
    "Hand",
    "IdEvent",
    "Labelling",
    "Listener",
    "Occasion",
    "Overridden",
    "Planned",
    "Project",
    "Published",
    "Publisher",
    "Question",
    "ResolvedId",
    "Said",
    "SampleWalk",
    "Scanned",
    "Step",
    "Timing",
    "Told",
    "Trained",
    "Watch",
    "Wishes",
    "accept_new_types",
    "apply_plan",
    "as_plain",
    "audit_table",
    "author",
    "back_up_project",
    "begin_project",
    "check_project",
    "crosswalk",
    "decide_pair",
    "dedupe",
    "demonstrate",
    "detect_files",
    "evaluate",
    "explain",
    "export",
    "find_duplicates",
    "find_questions",
    "give_role",
    "list_audit",
    "list_users",
    "load_sources",
    "make_plan",
    "merge",
    "move",
    "open_project",
    "operator",
    "override",
    "parse_moment",
    "parse_record",
    "parse_system_option",
    "pin",
    "publish",
    "read_feed",
    "refuse_decided",
    "resolve_master_id",
    "restore_project",
    "save_model",
    "scan",
    "sendable",
    "split",
    "summary",
    "take_back",
    "take_role",
    "tell_letters",
    "tell_merging",
    "tell_numbers",
    "tell_resolved",
    "tell_status",
    "tell_weightiest",
    "train",
    "undo",
    "unmerge",
    "unpin",
    "verify_project",
    "waiting_pairs",
    "write_duplicates",
    "write_view",
]
