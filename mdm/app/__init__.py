"""Use cases: what a person or a schedule can ask for. The only place where stages meet each other and the store."""

from mdm.app.crosswalk import CrosswalkAnswer, CrosswalkQuestion, crosswalk
from mdm.app.dedupe import Deduped, dedupe
from mdm.app.demo import Demonstrated, demonstrate
from mdm.app.detect import DetectedFile, Wishes, detect_files, load_sources
from mdm.app.explaining import Explained, Question, as_plain, explain
from mdm.app.export import export
from mdm.app.naming import parse_system_option
from mdm.app.project import Check, Project, begin_project, check_project, open_project
from mdm.app.resolve_id import IdEvent, ResolvedId, resolve_master_id, tell_resolved
from mdm.app.scan import Call, Scanned, scan
from mdm.app.truth import evaluate
from mdm.app.watch import Listener, Timing, Watch

__all__ = [
    "Call",
    "Check",
    "CrosswalkAnswer",
    "CrosswalkQuestion",
    "Deduped",
    "Demonstrated",
    "DetectedFile",
    "Explained",
    "IdEvent",
    "Listener",
    "Project",
    "Question",
    "ResolvedId",
    "Scanned",
    "Timing",
    "Watch",
    "Wishes",
    "as_plain",
    "begin_project",
    "check_project",
    "crosswalk",
    "dedupe",
    "demonstrate",
    "detect_files",
    "evaluate",
    "explain",
    "export",
    "load_sources",
    "open_project",
    "parse_system_option",
    "resolve_master_id",
    "scan",
    "tell_resolved",
]
