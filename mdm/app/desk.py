"""The desk's use cases: what a steward can look up and decide. The pages in `ui` call these and nothing below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Final

import polars as pl

from mdm.app.asked_again import Again, asked_again_now, evidence_now
from mdm.app.author import author
from mdm.app.claiming import Claiming
from mdm.app.cohorts import Bulk
from mdm.app.decided import PAIR
from mdm.app.deciding import Answered, decide
from mdm.app.deeds import Deeded, merge, split, undo
from mdm.app.desk_ahead import Ahead
from mdm.app.desk_customer import CustomerView, DeedLine, Event, Forwarded, GoldenValue, Happened, describe_customer
from mdm.app.desk_difference import Line, Part
from mdm.app.desk_links import Bar, Explainer, Link
from mdm.app.desk_lists import CustomerPage, Order, Wanted, list_customers
from mdm.app.desk_overview import NOTHING_YET, Overview, SetAside, SystemCounts, describe_quarantine, describe_run
from mdm.app.desk_pair import Beside, Pair, PairRead, delivered, describe_pair
from mdm.app.desk_queue import Neighbours, QuestionPage, Queue
from mdm.app.desk_records import Delivered, Sheet, SheetRow
from mdm.app.desk_result import golden_together
from mdm.app.desk_runs import GuardLine, InputLine, RunLine, RunView, StageLine, describe_full, describe_line
from mdm.app.desk_search import tell_old
from mdm.app.explain_finding import Evidence, look_up
from mdm.app.explain_words import tell
from mdm.app.hand import Hand
from mdm.app.moments import parse_moment
from mdm.app.overriding import Overridden, override
from mdm.app.plan_file import waiting_plans
from mdm.app.project import Project, open_project
from mdm.app.proposing import Agreeing
from mdm.errors import SettingsInvalid
from mdm.match import thresholds
from mdm.records import RecordKey, format_master_id, parse_master_id
from mdm.report.visible import visible
from mdm.report.words import moment, probability
from mdm.settings import load_settings
from mdm.steward import Answer, Decision, Said, ordered, standing
from mdm.store import Choices, Customer, Doubt, QuestionOrder, Run, Sought, Standing, Store, Whose

__all__ = [
    "Again",
    "Answer",
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
    "Line",
    "Link",
    "Neighbours",
    "Order",
    "Overview",
    "Pair",
    "Part",
    "QuestionOrder",
    "QuestionPage",
    "RunLine",
    "RunView",
    "Said",
    "SetAside",
    "Sheet",
    "SheetRow",
    "Sought",
    "StageLine",
    "Standing",
    "SystemCounts",
    "Wanted",
    "Whose",
    "identity",
    "moment",
    "open_desk",
    "probability",
    "shown",
]


WAITING: Final = Sought()


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the store at one revision and is good until the next; `state` is when customers last changed."""

    revision: int
    state: int
    run: Run | None
    standing: Mapping[tuple[RecordKey, RecordKey], Decision]
    again: Mapping[tuple[RecordKey, RecordKey], Again]


class Desk:
    """One project, open for looking and deciding. May be shared between threads.

    All texts it gives out are ready to be shown as plain text: control and direction characters are visible markers.
    They are still untrusted and must never be read as Markdown or HTML.
    """

    def __init__(self, project: Project, store: Store, author: str) -> None:
        self.project = project
        self.author = author
        self._store = store
        self._known: _Known | None = None
        self._reading = Lock()
        self._ahead = Ahead(self._read_pair)
        self._choices: tuple[int, Choices] | None = None

    def close(self) -> None:
        self._ahead.close()
        self._store.close()

    @property
    def claims(self) -> Claiming:
        """Who is at work on which pair."""
        return Claiming(self._store)

    @property
    def agreeing(self) -> Agreeing:
        """Answers that need two people."""
        return Agreeing(self.project, self._store)

    @property
    def bulk(self) -> Bulk:
        """Alike pairs that are accepted together on a sample."""
        return Bulk(self.project, self._store)

    def customers(self, wanted: Wanted, order: Order = "name") -> CustomerPage:
        """A page of customers. A search finds words of the name, a master id old or new, or the key of a record."""
        return list_customers(self._store, wanted, order, self._systems())

    def questions(self, wanted: Wanted, sought: Sought = WAITING) -> QuestionPage:
        """A page of the pairs that wait for a person; the search, as in the list of customers, fits either of two."""
        known = self._now()
        queue = self._queue(replace(sought, search=wanted.search or sought.search), known)
        return queue.page(wanted, self._explainer(known))

    def choices(self) -> Choices:
        """What the queue can be narrowed to."""
        state = self._now().state
        if self._choices is None or self._choices[0] != state:
            self._choices = state, self._store.question_choices()
        return self._choices[1]

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
            return describe_customer(found, self._explainer(known), self.project.rulebook, self._happened())
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
            return describe_customer(found, self._explained_by(run), self.project.rulebook, self._happened())
        resolved = self._store.resolve(asked, revision=rev)
        if resolved is None:
            raise SettingsInvalid(f"The id {asked} had not been given out by {visible(as_of)}.", "Choose a later day.")
        return Forwarded(asked, resolved.active, tell_old(resolved))

    def pair(self, one: RecordKey, other: RecordKey) -> Pair:
        """Two records in full, whichever is named first. Raises SettingsInvalid when one of them is not there."""
        known = self._now()
        left, right = ordered(one, other)
        read = self._ahead.get((known.state, left, right))
        link = self._explainer(known).explain(read.links)[0] if read.links.height else None
        stands = known.standing.get((left, right))
        pair = describe_pair(read.records, link, read.customers, stands, read.together)
        told = self._told(link, (read.records[0].master_id, read.records[1].master_id), read.customers, known)
        return replace(pair, told=told, again=known.again.get((left, right)))

    def load_ahead(self, one: RecordKey, other: RecordKey) -> None:
        """Read a pair that is likely to be asked for next, by the way."""
        self._ahead.ask((self._now().state, *ordered(one, other)))

    def _read_pair(self, key: tuple[int, RecordKey, RecordKey]) -> PairRead:
        """What the store has of two records since the customers last changed."""
        _, left, right = key
        keys = pl.DataFrame([(k.system, k.key) for k in (left, right)], ["system", "key"], orient="row")
        values = delivered(self._store, keys)
        for record in (left, right):
            if record not in values:
                raise SettingsInvalid(f"There is no record {record}.", "It may have gone with the last scan.")
        owners = self._owners(keys)
        records = (
            Delivered(left.system, left.key, values[left], owners.get(left)),
            Delivered(right.system, right.key, values[right], owners.get(right)),
        )
        distinct = dict.fromkeys(owners[k] for k in (left, right) if k in owners)
        customers = [c for c in map(self._store.get_customer, distinct) if c is not None]
        asked = [(left.system, left.key, right.system, right.key)]
        links = self._store.read_links_of(pl.DataFrame(asked, schema=list(PAIR), orient="row"))
        together = golden_together(self._store, self.project, customers) if len(customers) == 2 else None
        return PairRead(records, customers, links, together, evidence_now(self._store, self.project, (left, right)))

    def _told(
        self, link: Link | None, owners: tuple[str | None, str | None], customers: list[Customer], known: _Known
    ) -> str:
        """The verdict on a linked pair in one line; nothing where the reasons would be those of another model."""
        if link is None or not link.bars:
            return ""
        bands = thresholds(self.project.model, self.project.rulebook.match)
        both = customers[0] if len(customers) == 1 else None
        return tell(look_up(Evidence(link), owners, both, known.standing, bands))

    def neighbours(self, one: RecordKey, other: RecordKey, sought: Sought = WAITING) -> Neighbours:
        """Where a pair stands in the queue of those that fit, and the pairs before and behind it."""
        return self._queue(sought, self._now()).around(*ordered(one, other))

    def can_explain(self) -> bool:
        """False when the match model has changed since the last scan: reasons would be those of another model."""
        known = self._now()
        return known.run is None or self._explainer(known).can_explain

    def overview(self) -> Overview:
        known = self._now()
        if known.run is None:
            return NOTHING_YET
        since = sum(d.at >= known.run.started_at for d in known.standing.values())
        return describe_run(known.run, self._store.count_golden(), self._queue(WAITING, known).count(), since)

    def waiting_since(self, moment: str) -> int:
        """How many pairs have waited since before that moment (ISO text in UTC)."""
        return self._queue(Sought(asked_before=moment), self._now()).count()

    def plan_waiting(self) -> str:
        """The id of the plan that waits to be applied; empty where none does."""
        return next(iter(waiting_plans(self.project.folder)), "")

    def runs(self) -> tuple[RunLine, ...]:
        """The scans, latest first."""
        return tuple(describe_line(run) for run in self._store.runs())

    def run(self, revision: int) -> RunView | None:
        """One scan in full; None where that revision is none."""
        return next((describe_full(run) for run in self._store.runs() if run.revision == revision), None)

    def set_aside(self, limit: int) -> SetAside:
        """The first records that could not be read at the last scan, with their reasons."""
        return describe_quarantine(self._store.read_quarantine(), limit)

    def decide(self, answer: Answer, one: RecordKey, other: RecordKey, said: Said) -> int:
        """Record what a steward says of two records; in effect with the next scan. Returns the decision's number.

        The same answer again is no second decision, unless the records have changed since: then it confirms the first.
        Raises DecisionRefused when one that stands says otherwise, of these two or by what follows from others; one
        that asks to be made again gives way.
        """
        left, right = ordered(one, other)
        known = self._now()
        read = self._ahead.get((known.state, left, right))
        answered = Answered(answer, left, right, known.again.get((left, right)), read.evidence)
        return decide(self.project, self._store, answered, said)

    def undo(self, number: int, said: Said) -> None:
        """Take back what has that number: a deed at once, a decision as if nobody had decided.

        Raises DecisionRefused when it does not stand any more.
        """
        undo(self._hand(said), number)

    def merge(self, win: str, lose: str, said: Said) -> Deeded:
        """Make two customers one, at once; raises SettingsInvalid for what is no id, and what `deeds.merge` raises."""
        return merge(self._hand(said), win, lose)

    def split(self, master_id: str, records: Sequence[RecordKey], said: Said) -> Deeded:
        """Make some records of a customer a customer of its own, at once; raises what `deeds.split` raises."""
        return split(self._hand(said), master_id, records)

    def override(self, master_id: str, field: str, value: str, said: Said) -> Overridden:
        """Set a golden value, at once unless a scan is at work; raises what `overriding.override` raises."""
        return override(self._hand(said), master_id, field, value)

    def _hand(self, said: Said) -> Hand:
        return Hand(self.project, self._store, said)

    def _happened(self) -> Happened:
        return Happened(self._store.runs(), self._store.read_deeds(), self._store.read_overrides())

    def _now(self) -> _Known:
        """What holds at the store's current revision, read once for all who ask."""
        with self._reading:
            state = self._store.state_revision()  # first: what changes in between is then noticed the next time
            revision = self._store.current_revision()
            known = self._known
            if known is None or known.revision != revision:
                run = self._store.last_run(revision=revision)
                same_scan = known is not None and run is not None and (known.state, known.run) == (state, run)
                decisions = self._store.decisions(revision=revision)
                stands = standing(decisions)
                found = self._asked_again(known if same_scan else None)
                again = {pair: a for pair, a in found.items() if pair in stands and stands[pair].number == a.number}
                known = self._known = _Known(revision, state, run, stands, again)
            return known

    def _asked_again(self, known: _Known | None) -> dict[tuple[RecordKey, RecordKey], Again]:
        """What asks to be decided again; of decisions known since the last scan the answer is known, too."""
        seen = max((d.number for d in known.standing.values()), default=0) if known else 0
        found = asked_again_now(self._store, self.project, seen)
        return {**(known.again if known else {}), **{(a.left, a.right): a for a in found}}

    def _queue(self, sought: Sought, known: _Known) -> Queue:
        return Queue(self._store, sought, self._systems(), tuple(known.again.values()))

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
    """Open the desk of a project. Decisions carry the name of whoever the environment says is at work.

    Raises SettingsInvalid, RulesInvalid or StoreRefused where the project cannot be opened.
    """
    settings = load_settings(env)
    project = open_project(folder, settings)
    return Desk(project, project.open_store(), author(env))


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
