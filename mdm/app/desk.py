"""The desk as the pages in `ui` see it: they call what is named here and nothing below it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mdm.app.actor import Actor, operator
from mdm.app.asked_again import Again
from mdm.app.deeds import Deeded
from mdm.app.desk_admin import AdminDesk, AuditLine, AuditPage, AuditSought, SourceLine
from mdm.app.desk_cases import Desk
from mdm.app.desk_customer import CustomerView, DeedLine, Event, Forwarded, GoldenValue
from mdm.app.desk_difference import Line, Part
from mdm.app.desk_links import Bar, Link
from mdm.app.desk_lists import CustomerPage, Order, Wanted
from mdm.app.desk_messages import Ack, Parcel, read_parcels
from mdm.app.desk_overview import Overview, SetAside, SystemCounts
from mdm.app.desk_pair import Beside, Pair
from mdm.app.desk_publish import DuplicateList, LetterLine, PublishingDesk, TargetLine
from mdm.app.desk_queue import Neighbours, QuestionPage
from mdm.app.desk_records import LABELS, Sheet, SheetRow
from mdm.app.desk_rules import InForce, Progress, RulesDesk
from mdm.app.desk_runs import GuardLine, InputLine, RunLine, RunView, StageLine, SystemGuard
from mdm.app.held_back import held_back_by
from mdm.app.project import open_project
from mdm.app.publishing import Published, Step
from mdm.app.rights import Right, has
from mdm.app.rules_told import RuleTable
from mdm.app.threads import share_promptly
from mdm.app.trial import Effect, Trial
from mdm.app.trial_job import TrialJob
from mdm.app.undoing import UndoEffect
from mdm.report.visible import visible
from mdm.report.words import moment, probability
from mdm.settings import SignIn, load_settings, load_sign_in
from mdm.steward import Answer, Decision, Said
from mdm.store import Choices, Doubt, QuestionOrder, SavedView, Sought, Standing, Whose

__all__ = [
    "LABELS",
    "Ack",
    "Actor",
    "AdminDesk",
    "Again",
    "Answer",
    "AuditLine",
    "AuditPage",
    "AuditSought",
    "Bar",
    "Beside",
    "Choices",
    "CustomerPage",
    "CustomerView",
    "Decision",
    "DeedLine",
    "Deeded",
    "Desk",
    "Doubt",
    "DuplicateList",
    "Effect",
    "Event",
    "Forwarded",
    "GoldenValue",
    "GuardLine",
    "InForce",
    "InputLine",
    "LetterLine",
    "Line",
    "Link",
    "Neighbours",
    "Order",
    "Overview",
    "Pair",
    "Parcel",
    "Part",
    "Progress",
    "Published",
    "PublishingDesk",
    "QuestionOrder",
    "QuestionPage",
    "Right",
    "RuleTable",
    "RulesDesk",
    "RunLine",
    "RunView",
    "Said",
    "SavedView",
    "SetAside",
    "Sheet",
    "SheetRow",
    "SignIn",
    "Sought",
    "SourceLine",
    "StageLine",
    "Standing",
    "Step",
    "SystemCounts",
    "SystemGuard",
    "TargetLine",
    "Trial",
    "TrialJob",
    "UndoEffect",
    "Wanted",
    "Whose",
    "has",
    "held_back_by",
    "identity",
    "load_sign_in",
    "moment",
    "open_desk",
    "probability",
    "read_parcels",
    "share_promptly",
    "shown",
]


def open_desk(folder: Path, env: Mapping[str, str]) -> Desk:
    """Open the desk of a project. Without sign-in it is called by the operator, else by nobody until `called_by`.

    Raises SettingsInvalid, RulesInvalid or StoreRefused where the project cannot be opened.
    """
    settings = load_settings(env)
    project = open_project(folder, settings)
    sign_in = load_sign_in(env)
    return Desk(project, project.open_store(), Actor("", None) if sign_in else operator(env), sign_in)


def shown(text: str) -> str:
    """Any other text, such as the key of a record, ready to be shown as plain text."""
    return visible(text)


def identity(folder: Path) -> tuple[int, ...]:
    """What changes when another project takes this one's place in the same folder, as each demo does."""
    try:
        seen = (folder / "mdm.yaml").stat()
    except OSError:
        return ()
    return seen.st_dev, seen.st_ino, seen.st_ctime_ns
