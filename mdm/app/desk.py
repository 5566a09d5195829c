"""The desk's use cases: what a steward can look up and decide. The pages in `ui` call these and nothing below them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self

import polars as pl

from mdm.app.actor import Actor, operator
from mdm.app.asked_again import Again, asked_again_now
from mdm.app.claiming import Claiming
from mdm.app.cohorts import Bulk
from mdm.app.deciding import Answered, decide
from mdm.app.deeds import Deeded, merge, split, undo
from mdm.app.desk_admin import AdminDesk, AuditLine, AuditPage, AuditSought, SourceLine
from mdm.app.desk_customer import CustomerView, DeedLine, Event, Forwarded, GoldenValue, Happened, describe_customer
from mdm.app.desk_difference import Line, Part
from mdm.app.desk_kept import Kept
from mdm.app.desk_links import Bar, Explainer, Link, link_ends
from mdm.app.desk_lists import CustomerPage, Order, Wanted, list_customers
from mdm.app.desk_messages import Ack, Parcel, deliver, read_parcels
from mdm.app.desk_overview import NOTHING_YET, Overview, SetAside, SystemCounts, describe_quarantine, describe_run
from mdm.app.desk_pair import Beside, Pair, PairRead, describe_pair
from mdm.app.desk_publish import LetterLine, PublishingDesk, TargetLine
from mdm.app.desk_queue import Neighbours, QuestionPage, Queue
from mdm.app.desk_reading import read_pairs
from mdm.app.desk_records import Sheet, SheetRow
from mdm.app.desk_runs import GuardLine, InputLine, RunLine, RunView, StageLine, describe_full, describe_line
from mdm.app.desk_search import tell_old
from mdm.app.door import Door
from mdm.app.explain_finding import Evidence, look_up
from mdm.app.explain_read import frame_of
from mdm.app.explain_words import tell
from mdm.app.hand import Hand
from mdm.app.moments import parse_moment
from mdm.app.overriding import Overridden, override
from mdm.app.plan_file import waiting_plans
from mdm.app.project import Project, open_project
from mdm.app.proposing import Agreeing
from mdm.app.publishing import Published, Step
from mdm.app.rights import Right, every_use_case_guarded, has, needs
from mdm.app.undoing import UndoEffect, what_undo_publishes
from mdm.app.veil import veil_again, veil_customer, veil_pair, veil_set_aside
from mdm.errors import DecisionRefused, SettingsInvalid
from mdm.match import thresholds
from mdm.records import Receipt, RecordKey, format_master_id, parse_master_id
from mdm.report.visible import visible
from mdm.report.words import moment, probability
from mdm.settings import SignIn, load_settings, load_sign_in
from mdm.steward import Answer, Decision, Said, ordered, standing
from mdm.steward import Pair as Keys
from mdm.store import Choices, Customer, Doubt, QuestionOrder, Run, Sought, Standing, Statement, Store, Whose

__all__ = [
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
    "Event",
    "Forwarded",
    "GoldenValue",
    "GuardLine",
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
    "Published",
    "PublishingDesk",
    "QuestionOrder",
    "QuestionPage",
    "Right",
    "RunLine",
    "RunView",
    "Said",
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
    "TargetLine",
    "UndoEffect",
    "Wanted",
    "Whose",
    "has",
    "identity",
    "load_sign_in",
    "moment",
    "open_desk",
    "probability",
    "read_parcels",
    "shown",
]


WAITING: Final = Sought()
_At = tuple[int, RecordKey, RecordKey]
"""A pair as the customers were at a state of the store."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the store at one revision and is good until the next; `state` is when customers last changed."""

    revision: int
    state: int
    run: Run | None
    standing: Mapping[tuple[RecordKey, RecordKey], Decision]
    again: Mapping[tuple[RecordKey, RecordKey], Again]


@dataclass(slots=True)
class _Shared:
    """What all callers of one project have in common."""

    kept: Kept[_At, tuple[PairRead, Pair]]
    known: _Known | None = None
    choices: tuple[int, Choices] | None = None
    reading: Lock = field(default_factory=Lock)


@every_use_case_guarded(besides=frozenset({"admit", "called_by", "close", "enter", "leave"}))
class Desk:
    """One project, open for looking and deciding, for one caller. May be shared between threads.

    Every use case first asks the door whether its caller may, and raises NotAllowed where not.

    All texts it gives out are ready to be shown as plain text: control and direction characters are visible markers.
    They are still untrusted and must never be read as Markdown or HTML.
    """

    def __init__(self, project: Project, store: Store, actor: Actor, sign_in: SignIn | None = None) -> None:
        self.project = project
        self.actor = actor
        self.sign_in = sign_in
        self._store = store
        self._door = Door(store.access, sign_in)
        self._shared = _Shared(Kept(self._read_pairs))

    @property
    def store_id(self) -> str:
        """What tells this project's store from every other."""
        return self._store.store_id

    def close(self) -> None:
        self._store.close()

    def called_by(self, actor: Actor) -> Self:
        """The same desk for another caller; what was read is shared."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def enter(self, claims: Mapping[str, Any]) -> Actor:
        """Whoever has signed in, by what the provider says of them; raises what `Door.enter` raises."""
        return self._door.enter(claims)

    def leave(self) -> None:
        """End the caller's session for good."""
        self._door.leave(self.actor)

    def admit(self, right: Right) -> None:
        """Raise NotAllowed unless the caller has the right, now."""
        self._door.admit(self.actor, right)

    @property
    def admin(self) -> AdminDesk:
        """What only an admin may do."""
        return AdminDesk(self.project, self._store, self._door, self.actor)

    @property
    def _sees_personal(self) -> bool:
        return self._door.may(self.actor, Right.SEE_PERSONAL)

    @property
    def claims(self) -> Claiming:
        """Who is at work on which pair."""
        return Claiming(self._store, self._door, self.actor)

    @property
    def agreeing(self) -> Agreeing:
        """Answers that need two people."""
        return Agreeing(self.project, self._store, self._door, self.actor)

    @property
    def bulk(self) -> Bulk:
        """Alike pairs that are accepted together on a sample."""
        return Bulk(self.project, self._store, self._door, self.actor)

    @needs(Right.LOOK)
    def customers(self, wanted: Wanted, order: Order = "name") -> CustomerPage:
        """A page of customers. A search finds words of the name, a master id old or new, or the key of a record."""
        return list_customers(self._store, wanted, order, self._systems())

    @needs(Right.LOOK)
    def questions(self, wanted: Wanted, sought: Sought = WAITING) -> QuestionPage:
        """A page of the pairs that wait for a person; the search, as in the list of customers, fits either of two."""
        known = self._now()
        queue = self._queue(replace(sought, search=wanted.search or sought.search), known)
        return queue.page(wanted, self._explainer(known))

    @needs(Right.LOOK)
    def choices(self) -> Choices:
        """What the queue can be narrowed to."""
        state = self._now().state
        shared = self._shared
        if shared.choices is None or shared.choices[0] != state:
            shared.choices = state, self._store.question_choices()
        return shared.choices[1]

    @needs(Right.LOOK)
    def customer(self, master_id: str, as_of: str = "") -> CustomerView | Forwarded:
        """One customer in full, or where its id leads: now, or at the end of a day (or at a time) of the past.

        Raises SettingsInvalid for text that is no master id, for an id that was not given out (yet), and for a day
        before the first scan.
        """
        if as_of:
            return self._customer_then(str(format_master_id(parse_master_id(master_id))), as_of)
        asked = str(format_master_id(parse_master_id(master_id)))
        known = self._now()
        found = self._store.get_customer(asked)
        if found is not None:
            return self._described(found, self._explainer(known))
        resolved = self._store.resolve(asked)
        if resolved is None:
            raise SettingsInvalid(f"No customer has ever had the id {asked}.", "Search for its name instead.")
        return Forwarded(asked, resolved.active, tell_old(resolved))

    def _customer_then(self, asked: str, as_of: str) -> CustomerView | Forwarded:
        rev = self._store.revision_at(parse_moment(as_of))
        run = self._store.last_run(revision=rev) if rev else None
        if run is None:
            raise SettingsInvalid(f"Nothing had been scanned by {visible(as_of)}.", "Choose a later day.")
        found = self._store.get_customer(asked, revision=rev)
        if found is not None:
            return self._described(found, self._explained_by(run))
        resolved = self._store.resolve(asked, revision=rev)
        if resolved is None:
            raise SettingsInvalid(f"The id {asked} had not been given out by {visible(as_of)}.", "Choose a later day.")
        return Forwarded(asked, resolved.active, tell_old(resolved))

    def _described(self, found: Customer, explainer: Explainer) -> CustomerView:
        view = describe_customer(found, explainer, self.project.rulebook, self._happened())
        return view if self._sees_personal else veil_customer(view, found)

    @needs(Right.LOOK)
    def pair(self, one: RecordKey, other: RecordKey) -> Pair:
        """Two records in full, whichever is named first. Raises SettingsInvalid when one of them is not there."""
        left, right = ordered(one, other)
        for pair in self.pairs([(left, right)]):
            return pair
        keys = self._store.read_crosswalk_of(frame_of((left, right)))
        gone = right if (left.system, left.key) in set(keys.select("system", "key").iter_rows()) else left
        raise SettingsInvalid(f"There is no record {gone}.", "It may have gone with the last scan.")

    @needs(Right.LOOK)
    def pairs(self, asked: Sequence[Keys]) -> list[Pair]:
        """Several pairs in full, each with its smaller key first; one with a record that is gone is left out."""
        known = self._now()
        found = self._shared.kept.get([(known.state, *pair) for pair in asked])
        whole = [(self._with_words(pair, read, known), read.customers) for read, pair in found.values()]
        return [pair if self._sees_personal else veil_pair(pair, customers) for pair, customers in whole]

    def _with_words(self, pair: Pair, read: PairRead, known: _Known) -> Pair:
        keys, owners = (pair.left, pair.right), (read.records[0].master_id, read.records[1].master_id)
        told = self._told(pair.link, owners, read.customers, known)
        return replace(pair, decision=known.standing.get(keys), told=told, again=known.again.get(keys))

    def _read_pairs(self, asked: Sequence[_At]) -> dict[_At, tuple[PairRead, Pair]]:
        """What the store has of several pairs since the customers last changed; all links are explained at once."""
        at = {(left, right): (state, left, right) for state, left, right in asked}
        found = read_pairs(self._store, self.project, list(at))
        explainer = self._explained_by(self._store.last_run())
        links = pl.concat([read.links for read in found.values()]).unique() if found else pl.DataFrame()
        told = {(link.left, link.right): link for link in explainer.explain(links)} if links.height else {}
        return {
            at[pair]: (read, describe_pair(read, [told[ends] for ends in link_ends(read.links)]))
            for pair, read in found.items()
        }

    def _told(
        self, link: Link | None, owners: tuple[str | None, str | None], customers: list[Customer], known: _Known
    ) -> str:
        """The verdict on a linked pair in one line; nothing where the reasons would be those of another model."""
        if link is None or not link.bars:
            return ""
        bands = thresholds(self.project.model, self.project.rulebook.match)
        both = customers[0] if len(customers) == 1 else None
        return tell(look_up(Evidence(link), owners, both, known.standing, bands))

    @needs(Right.LOOK)
    def neighbours(self, one: RecordKey, other: RecordKey, sought: Sought = WAITING) -> Neighbours:
        """Where a pair stands in the queue of those that fit, and the pairs before and behind it."""
        return self._queue(sought, self._now()).around(*ordered(one, other))

    @needs(Right.LOOK)
    def following(
        self, one: RecordKey, other: RecordKey, sought: Sought = WAITING, limit: int = 12
    ) -> list[tuple[RecordKey, RecordKey]]:
        """The next pairs behind one in the queue of those that fit."""
        return self._queue(sought, self._now()).behind(*ordered(one, other), limit)

    @needs(Right.LOOK)
    def can_explain(self) -> bool:
        """False when the match model has changed since the last scan: reasons would be those of another model."""
        known = self._now()
        return known.run is None or self._explainer(known).can_explain

    @needs(Right.LOOK)
    def overview(self) -> Overview:
        known = self._now()
        if known.run is None:
            return NOTHING_YET
        since = sum(d.at >= known.run.started_at for d in known.standing.values())
        return describe_run(known.run, self._store.count_golden(), self._queue(WAITING, known).count(), since)

    @needs(Right.LOOK)
    def waiting_since(self, moment: str) -> int:
        """How many pairs have waited since before that moment (ISO text in UTC)."""
        return self._queue(Sought(asked_before=moment), self._now()).count()

    @needs(Right.DECIDE)
    def publishing(self, env: Mapping[str, str]) -> PublishingDesk:
        """What systems are told; `env` has the secrets that their rules refer to."""
        return PublishingDesk(self.project, self._store, self._door, self.actor, env)

    @needs(Right.LOOK)
    def plan_waiting(self) -> str:
        """The id of the plan that waits to be applied; empty where none does."""
        return next(iter(waiting_plans(self.project.folder)), "")

    @needs(Right.LOOK)
    def runs(self) -> tuple[RunLine, ...]:
        """The scans, latest first."""
        return tuple(describe_line(run) for run in self._store.runs())

    @needs(Right.LOOK)
    def run(self, revision: int) -> RunView | None:
        """One scan in full; None where that revision is none."""
        return next((describe_full(run) for run in self._store.runs() if run.revision == revision), None)

    @needs(Right.LOOK)
    def set_aside(self, limit: int) -> SetAside:
        """The first records that could not be read at the last scan, with their reasons."""
        found = describe_quarantine(self._store.read_quarantine(), limit)
        return found if self._sees_personal else veil_set_aside(found)

    @needs(Right.DECIDE)
    def decide(self, answer: Answer, one: RecordKey, other: RecordKey, said: Said, *, seen: str = "") -> int:
        """Record what a steward says of two records; in effect with the next scan. Returns the decision's number.

        The same answer again is no second decision, unless the records have changed since: then it confirms the first.
        Raises DecisionRefused when one that stands says otherwise, of these two or by what follows from others; one
        that asks to be made again gives way. With the fingerprint `seen` also where the records say otherwise by now.
        """
        left, right = ordered(one, other)
        known = self._now()
        read = self._shared.kept.get([(known.state, left, right)])
        evidence = read[known.state, left, right][0].evidence if read else None
        if evidence is not None and seen not in ("", evidence.fingerprint):
            raise DecisionRefused(
                f"{left} or {right} has changed since you looked at it.", "Look at it as it is now, and decide again."
            )
        answered = Answered(answer, left, right, known.again.get((left, right)), evidence)
        return decide(self._hand(said), answered)

    @needs(Right.DECIDE)
    def undo(self, number: int, said: Said) -> None:
        """Take back what has that number: a deed at once, a decision as if nobody had decided.

        Raises DecisionRefused when it does not stand any more.
        """
        undo(self._hand(said), number)

    @needs(Right.DECIDE)
    def undo_effect(self, number: int) -> UndoEffect:
        """What taking back what has that number would publish; raises DecisionRefused where it does not stand."""
        return what_undo_publishes(self._hand(Said(self.actor.name, "", "")), number)

    @needs(Right.DECIDE)
    def deliver(self, parcels: Sequence[Parcel], said: Said) -> list[Ack]:
        """Carry out what a page sent, each message once, and acknowledge it; see `desk_messages.deliver`."""
        return deliver(self, parcels, said)

    @needs(Right.DECIDE)
    def statement_of(self, receipt: Receipt) -> int | None:
        """The number of what a message made; None where it made nothing (yet)."""
        return self._store.statement_of(receipt)

    @needs(Right.DECIDE)
    def statement(self, number: int) -> Statement | None:
        """Who made the statement of that number; None where nobody did."""
        return self._store.get_statement(number)

    @needs(Right.DECIDE)
    def merge(self, win: str, lose: str, said: Said) -> Deeded:
        """Make two customers one, at once; raises SettingsInvalid for what is no id, and what `deeds.merge` raises."""
        return merge(self._hand(said), win, lose)

    @needs(Right.DECIDE)
    def split(self, master_id: str, records: Sequence[RecordKey], said: Said) -> Deeded:
        """Make some records of a customer a customer of its own, at once; raises what `deeds.split` raises."""
        return split(self._hand(said), master_id, records)

    @needs(Right.DECIDE)
    def override(self, master_id: str, field: str, value: str, said: Said) -> Overridden:
        """Set a golden value, at once unless a scan is at work; raises what `overriding.override` raises."""
        return override(self._hand(said), master_id, field, value)

    def _hand(self, said: Said) -> Hand:
        return Hand(self.project, self._store, self.actor, said)

    def _happened(self) -> Happened:
        return Happened(self._store.runs(), self._store.read_deeds(), self._store.read_overrides())

    def _now(self) -> _Known:
        """What holds at the store's current revision, read once for all who ask."""
        with self._shared.reading:
            state = self._store.state_revision()  # first: what changes in between is then noticed the next time
            revision = self._store.current_revision()
            known = self._shared.known
            if known is None or known.revision != revision:
                run = self._store.last_run(revision=revision)
                same_scan = known is not None and run is not None and (known.state, known.run) == (state, run)
                stands = self._standing(known if same_scan else None)
                found = self._asked_again(known if same_scan else None)
                again = {pair: a for pair, a in found.items() if pair in stands and stands[pair].number == a.number}
                known = self._shared.known = _Known(revision, state, run, stands, again)
            return known

    def _standing(self, known: _Known | None) -> dict[Keys, Decision]:
        """The decisions that stand; of those known since the last scan only what came later is read."""
        last = max((d.number for d in known.standing.values()), default=0) if known else 0
        later = self._store.later_decisions(last)
        said_anew = set(link_ends(later))
        kept = {pair: d for pair, d in known.standing.items() if pair not in said_anew} if known else {}
        return kept | standing(later)

    def _asked_again(self, known: _Known | None) -> dict[tuple[RecordKey, RecordKey], Again]:
        """What asks to be decided again; of decisions known since the last scan the answer is known, too."""
        seen = max((d.number for d in known.standing.values()), default=0) if known else 0
        found = asked_again_now(self._store, self.project, seen)
        return {**(known.again if known else {}), **{(a.left, a.right): a for a in found}}

    def _queue(self, sought: Sought, known: _Known) -> Queue:
        again = tuple(known.again.values())
        seen = again if self._sees_personal else tuple(map(veil_again, again))
        return Queue(self._store, sought, self._systems(), seen)

    def _systems(self) -> tuple[str, ...]:
        return tuple(str(s.system) for s in self.project.rulebook.sources)

    def _explainer(self, known: _Known) -> Explainer:
        return self._explained_by(known.run)

    def _explained_by(self, run: Run | None) -> Explainer:
        manifest: Mapping[str, Any] = run.manifest if run else {}
        return Explainer(self.project.model, str(manifest.get("model", {}).get("sha256", "")))

    def _owners(self, keys: pl.DataFrame) -> dict[RecordKey, str]:
        """Whose the records are."""
        mine = self._store.read_crosswalk_of(keys)
        return {RecordKey(system, key): master_id for system, key, master_id in mine.iter_rows()}


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
