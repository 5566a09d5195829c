"""The desk's use cases: what a steward can look up and decide. The pages in `ui` call these and nothing below them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from mdm.app.author import author
from mdm.app.desk_customer import CustomerView, Event, Forwarded, GoldenValue, describe_customer
from mdm.app.desk_difference import Line, Part
from mdm.app.desk_links import Bar, Explainer, Link
from mdm.app.desk_lists import (
    CustomerPage,
    Order,
    QuestionPage,
    Wanted,
    list_customers,
    list_questions,
    search_questions,
)
from mdm.app.desk_overview import NOTHING_YET, Overview, SetAside, SystemCounts, describe_quarantine, describe_run
from mdm.app.desk_pair import Beside, Pair, delivered, describe_pair
from mdm.app.desk_queue import LINK, PAIR, Between, Neighbours, links_between, neighbours, open_questions
from mdm.app.desk_records import Delivered, Sheet, SheetRow
from mdm.app.explain_finding import Evidence, look_up
from mdm.app.explain_words import tell
from mdm.app.project import Project, open_project
from mdm.errors import SettingsInvalid
from mdm.match import thresholds
from mdm.records import RecordKey, format_master_id, parse_master_id
from mdm.report.visible import visible
from mdm.report.words import moment, probability
from mdm.settings import load_settings
from mdm.steward import Answer, Decision, Said, ordered, refuse_contradiction, standing
from mdm.store import Customer, Run, Store

__all__ = [
    "Answer",
    "Bar",
    "Beside",
    "CustomerPage",
    "CustomerView",
    "Decision",
    "Desk",
    "Event",
    "Forwarded",
    "GoldenValue",
    "Line",
    "Link",
    "Neighbours",
    "Order",
    "Overview",
    "Pair",
    "Part",
    "QuestionPage",
    "Said",
    "SetAside",
    "Sheet",
    "SheetRow",
    "SystemCounts",
    "Wanted",
    "identity",
    "moment",
    "open_desk",
    "probability",
    "shown",
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the store at one revision and is good until the next."""

    revision: int
    run: Run | None
    between: Between
    standing: Mapping[tuple[RecordKey, RecordKey], Decision]
    questions: pl.DataFrame


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

    def close(self) -> None:
        self._store.close()

    def customers(self, wanted: Wanted, order: Order = "name") -> CustomerPage:
        """A page of customers whose name has all the words of the search, or the one with that master id."""
        return list_customers(self._store, wanted, order)

    def questions(self, wanted: Wanted) -> QuestionPage:
        """A page of the pairs that wait for a person, strongest first; the search fits either customer."""
        known = self._now()
        return list_questions(self._store, known.questions, wanted, self._explainer(known))

    def customer(self, master_id: str) -> CustomerView | Forwarded:
        """One customer in full, or where its id leads now.

        Raises SettingsInvalid for text that is no master id and for an id that was never given out.
        """
        asked = str(format_master_id(parse_master_id(master_id)))
        known = self._now()
        found = self._store.get_customer(asked)
        if found is not None:
            return describe_customer(found, self._explainer(known), self.project.rulebook, self._store.runs())
        resolved = self._store.resolve(asked)
        if resolved is None:
            raise SettingsInvalid(f"No customer has ever had the id {asked}.", "Search for its name instead.")
        return Forwarded(asked, resolved.active)

    def pair(self, one: RecordKey, other: RecordKey) -> Pair:
        """Two records in full, whichever is named first. Raises SettingsInvalid when one of them is not there."""
        known = self._now()
        left, right = ordered(one, other)
        keys = pl.DataFrame([(k.system, k.key) for k in (left, right)], ["system", "key"], orient="row")
        values = delivered(self._store, keys)
        for key in (left, right):
            if key not in values:
                raise SettingsInvalid(f"There is no record {key}.", "It may have gone with the last scan.")
        owners = self._owners((left, right), known.between)
        records = (
            Delivered(left.system, left.key, values[left], owners.get(left)),
            Delivered(right.system, right.key, values[right], owners.get(right)),
        )
        distinct = dict.fromkeys(owners[k] for k in (left, right) if k in owners)
        customers = [c for c in map(self._store.get_customer, distinct) if c is not None]
        links = [*known.between.links.filter(_is_pair(left, right)).select(LINK).iter_slices(1)]
        if len(customers) == 1:
            links = [*customers[0].links.filter(_is_pair(left, right)).iter_slices(1)]
        link = self._explainer(known).explain(links[0])[0] if links else None
        pair = describe_pair(records, link, customers, known.standing.get((left, right)))
        return replace(pair, told=self._told(link, (owners.get(left), owners.get(right)), customers, known))

    def _told(
        self, link: Link | None, owners: tuple[str | None, str | None], customers: list[Customer], known: _Known
    ) -> str:
        """The verdict on a linked pair in one line; nothing where the reasons would be those of another model."""
        if link is None or not link.bars:
            return ""
        bands = thresholds(self.project.model, self.project.rulebook.match)
        both = customers[0] if len(customers) == 1 else None
        return tell(look_up(Evidence(link), owners, both, known.standing, bands))

    def neighbours(self, one: RecordKey, other: RecordKey, search: str = "") -> Neighbours:
        """Where a pair stands in the queue of those that fit a search, and the pairs before and behind it."""
        known = self._now()
        left, right = ordered(one, other)
        questions, _ = search_questions(self._store, known.questions, search)
        here = known.between.links.filter(_is_pair(left, right)).select("weight", *PAIR)
        return neighbours(questions, here.row(0) if here.height else None)

    def can_explain(self) -> bool:
        """False when the match model has changed since the last scan: reasons would be those of another model."""
        known = self._now()
        return known.run is None or self._explainer(known).can_explain

    def overview(self) -> Overview:
        known = self._now()
        if known.run is None:
            return NOTHING_YET
        since = sum(d.at >= known.run.started_at for d in known.standing.values())
        return describe_run(known.run, self._store.count_golden(), known.questions.height, since)

    def set_aside(self, limit: int) -> SetAside:
        """The first records that could not be read at the last scan, with their reasons."""
        return describe_quarantine(self._store.read_quarantine(), limit)

    def decide(self, answer: Answer, one: RecordKey, other: RecordKey, said: Said) -> int:
        """Record what a steward says of two records; in effect with the next scan. Returns the decision's number.

        The same answer again is no second decision. Raises DecisionRefused when one that stands says otherwise, of
        these two or by what follows from others.
        """
        left, right = ordered(one, other)
        reason = said.reason.strip() or "no reason given"
        return self._store.add_decision(
            answer,
            left,
            right,
            author=said.author,
            at=said.at,
            reason=reason,
            check=lambda known: refuse_contradiction(answer, (left, right), standing(known)),
        )

    def undo(self, number: int, said: Said) -> None:
        """Take a decision back, as if nobody had decided. Raises DecisionRefused when it does not stand any more."""
        self._store.supersede(number, "withdrawn", author=said.author, at=said.at, reason=said.reason or "undone")

    def _now(self) -> _Known:
        """What holds at the store's current revision, read once for all who ask.

        The links between customers change with a scan only; a decision alone is quick to see.
        """
        with self._reading:
            revision = self._store.current_revision()
            known = self._known
            if known is None or known.revision != revision:
                run = self._store.last_run(revision=revision)
                same_scan = known is not None and known.run is not None and run is not None and known.run == run
                decisions = self._store.decisions(revision=revision)
                between = known.between if known and same_scan else self._read_between(revision, decisions)
                questions = open_questions(between, decisions)
                known = self._known = _Known(revision, run, between, standing(decisions), questions)
            return known

    def _read_between(self, revision: int, decisions: pl.DataFrame) -> Between:
        links, crosswalk = self._store.read_links(revision=revision), self._store.read_crosswalk(revision=revision)
        return links_between(links, crosswalk, decisions)

    def _explainer(self, known: _Known) -> Explainer:
        manifest: Mapping[str, Any] = known.run.manifest if known.run else {}
        return Explainer(self.project.model, str(manifest.get("model", {}).get("sha256", "")))

    def _owners(self, keys: tuple[RecordKey, RecordKey], between: Between) -> dict[RecordKey, str]:
        """Whose the records are: from what the queue knows, else from the whole crosswalk."""
        found = {key: between.owner(key) for key in keys}
        if None in found.values():
            wanted = pl.DataFrame([(k.system, k.key) for k in keys], ["system", "key"], orient="row")
            mine = self._store.read_crosswalk().join(wanted, on=["system", "key"], how="semi")
            found |= {RecordKey(system, key): master_id for system, key, master_id in mine.iter_rows()}
        return {key: master_id for key, master_id in found.items() if master_id is not None}


def _is_pair(left: RecordKey, right: RecordKey) -> pl.Expr:
    values = (left.system, left.key, right.system, right.key)
    return pl.all_horizontal([pl.col(name) == value for name, value in zip(PAIR, values, strict=True)])


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
