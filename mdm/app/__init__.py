"""Use cases: what a person or a schedule can ask for. The only place where stages meet each other and the store."""

from mdm.app.audit import audit_table, list_audit, verify_project
from mdm.app.author import author
from mdm.app.backup import back_up_project, restore_project
from mdm.app.crosswalk import CrosswalkAnswer, CrosswalkQuestion, crosswalk
from mdm.app.dedupe import Deduped, Errand, dedupe
from mdm.app.demo import Demonstrated, demonstrate, refuse_decided
from mdm.app.detect import DetectedFile, Wishes, detect_files, load_sources
from mdm.app.explaining import Explained, Question, as_plain, explain
from mdm.app.export import export
from mdm.app.facts import Occasion
from mdm.app.groundwork import Call
from mdm.app.label import Asked, Labelling, find_questions
from mdm.app.moments import parse_moment
from mdm.app.naming import parse_system_option
from mdm.app.plan_words import summary, tell_numbers, tell_weightiest, write_view
from mdm.app.planning import Applied, Planned, apply_plan, make_plan
from mdm.app.project import Check, Project, accept_new_types, begin_project, check_project, open_project
from mdm.app.resolve_id import IdEvent, ResolvedId, resolve_master_id, tell_resolved
from mdm.app.scan import Scanned, scan
from mdm.app.train import Trained, save_model, train
from mdm.app.truth import evaluate
from mdm.app.watch import Listener, Timing, Watch

__all__ = [
    "Applied",
    "Asked",
    "Call",
    "Check",
    "CrosswalkAnswer",
    "CrosswalkQuestion",
    "Deduped",
    "Demonstrated",
    "DetectedFile",
    "Errand",
    "Explained",
    "IdEvent",
    "Labelling",
    "Listener",
    "Occasion",
    "Planned",
    "Project",
    "Question",
    "ResolvedId",
    "Scanned",
    "Timing",
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
    "dedupe",
    "demonstrate",
    "detect_files",
    "evaluate",
    "explain",
    "export",
    "find_questions",
    "list_audit",
    "load_sources",
    "make_plan",
    "open_project",
    "parse_moment",
    "parse_system_option",
    "refuse_decided",
    "resolve_master_id",
    "restore_project",
    "save_model",
    "scan",
    "summary",
    "tell_numbers",
    "tell_resolved",
    "tell_weightiest",
    "train",
    "verify_project",
    "write_view",
]
