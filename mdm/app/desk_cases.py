"""The use cases of the desk: what a caller can look up and decide, each asked first whether this caller may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from mdm.app.claiming import Claiming
from mdm.app.cohorts import Bulk
from mdm.app.deciding import Answered, decide
from mdm.app.deeds import Deeded, merge, split, undo
from mdm.app.desk_admin import AdminDesk
from mdm.app.desk_caller import DeskCaller
from mdm.app.desk_customer import CustomerView, Forwarded, Happened, describe_customer
from mdm.app.desk_known import Known
from mdm.app.desk_links import Explainer
from mdm.app.desk_lists import CustomerPage, Order, Wanted, list_customers
from mdm.app.desk_messages import Ack, Parcel, deliver
from mdm.app.desk_overview import NOTHING_YET, Overview, SetAside, describe_quarantine, describe_run
from mdm.app.desk_pair import Pair
from mdm.app.desk_publish import PublishingDesk
from mdm.app.desk_queue import Neighbours, QuestionPage, Queue
from mdm.app.desk_rules import RulesDesk
from mdm.app.desk_runs import RunLine, RunView, describe_full, describe_line
from mdm.app.desk_search import tell_old
from mdm.app.explain_read import frame_of
from mdm.app.moments import parse_moment
from mdm.app.overriding import Overridden, override
from mdm.app.plan_file import waiting_plans
from mdm.app.proposing import Agreeing
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.app.saved_views import SavedViews
from mdm.app.undoing import UndoEffect, what_undo_publishes
from mdm.app.veil import veil_again, veil_customer, veil_pair, veil_set_aside
from mdm.errors import DecisionRefused, SettingsInvalid
from mdm.records import Receipt, RecordKey, format_master_id, parse_master_id
from mdm.report.visible import visible
from mdm.steward import Answer, Said, ordered
from mdm.steward import Pair as Keys
from mdm.store import Choices, Customer, Sought, Statement

WAITING: Final = Sought()


@every_use_case_guarded()
class Desk(DeskCaller):
    """One project, open for looking and deciding, for one caller. May be shared between threads.

    Every use case first asks the door whether its caller may, and raises NotAllowed where not.

    All texts it gives out are ready to be shown as plain text: control and direction characters are visible markers.
    They are still untrusted and must never be read as Markdown or HTML.
    """

    @property
    def admin(self) -> AdminDesk:
        """What only an admin may do."""
        return self._part(AdminDesk)

    @property
    def claims(self) -> Claiming:
        """Who is at work on which pair."""
        return self._part(Claiming)

    @property
    def saved_views(self) -> SavedViews:
        """Views of the queue that people keep."""
        return self._part(SavedViews)

    @property
    def agreeing(self) -> Agreeing:
        """Answers that need two people."""
        return self._part(Agreeing)

    @property
    def rules(self) -> RulesDesk:
        """The rules in force, and what a change of them would do."""
        return self._part(RulesDesk)

    @property
    def bulk(self) -> Bulk:
        """Alike pairs that are accepted together on a sample."""
        return self._part(Bulk)

    @needs(Right.LOOK)
    def customers(self, wanted: Wanted, order: Order = "name") -> CustomerPage:
        """A page of customers. A search finds words of the name, a master id old or new, or the key of a record."""
        return list_customers(self._store, wanted, order, self._systems())

    @needs(Right.LOOK)
    def questions(self, wanted: Wanted, sought: Sought = WAITING) -> QuestionPage:
        """A page of the pairs that wait for a person; the search, as in the list of customers, fits either of two."""
        known = self._knows.now()
        queue = self._queue(replace(sought, search=wanted.search or sought.search), known)
        return queue.page(wanted, self._knows.explainer())

    @needs(Right.LOOK)
    def choices(self) -> Choices:
        """What the queue can be narrowed to."""
        return self._knows.choices()

    @needs(Right.LOOK)
    def customer(self, master_id: str, as_of: str = "") -> CustomerView | Forwarded:
        """One customer in full, or where its id leads: now, or at the end of a day (or at a time) of the past.

        Raises SettingsInvalid for text that is no master id, for an id that was not given out (yet), and for a day
        before the first scan.
        """
        asked = str(format_master_id(parse_master_id(master_id)))
        revision, explainer = self._then(as_of) if as_of else (None, self._knows.explainer())
        found = self._store.get_customer(asked, revision=revision)
        if found is not None:
            return self._described(found, explainer)
        resolved = self._store.resolve(asked, revision=revision)
        if resolved is not None:
            return Forwarded(asked, resolved.active, tell_old(resolved))
        if as_of:
            raise SettingsInvalid(f"The id {asked} had not been given out by {visible(as_of)}.", "Choose a later day.")
        raise SettingsInvalid(f"No customer has ever had the id {asked}.", "Search for its name instead.")

    def _then(self, as_of: str) -> tuple[int, Explainer]:
        """What readers saw at a moment, and what explains its links."""
        revision = self._store.revision_at(parse_moment(as_of))
        run = self._store.last_run(revision=revision) if revision else None
        if run is None:
            raise SettingsInvalid(f"Nothing had been scanned by {visible(as_of)}.", "Choose a later day.")
        return revision, self._knows.explained_by(run)

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
        whole, in_clear = self._knows.pairs(asked), self._sees_personal
        return [pair if in_clear else veil_pair(pair, customers) for pair, customers in whole]

    @needs(Right.LOOK)
    def neighbours(self, one: RecordKey, other: RecordKey, sought: Sought = WAITING) -> Neighbours:
        """Where a pair stands in the queue of those that fit, and the pairs before and behind it."""
        return self._queue(sought, self._knows.now()).around(*ordered(one, other))

    @needs(Right.LOOK)
    def following(
        self, one: RecordKey, other: RecordKey, sought: Sought = WAITING, limit: int = 12
    ) -> list[tuple[RecordKey, RecordKey]]:
        """The next pairs behind one in the queue of those that fit."""
        return self._queue(sought, self._knows.now()).behind(*ordered(one, other), limit)

    @needs(Right.LOOK)
    def can_explain(self) -> bool:
        """False when the match model has changed since the last scan: reasons would be those of another model."""
        return self._knows.now().run is None or self._knows.explainer().can_explain

    @needs(Right.LOOK)
    def overview(self) -> Overview:
        known = self._knows.now()
        if known.run is None:
            return NOTHING_YET
        since = sum(d.at >= known.run.started_at for d in known.standing.values())
        queue = self._queue(WAITING, known)
        return describe_run(known.run, self._store.count_golden(), (queue.count(), queue.value()), since)

    @needs(Right.LOOK)
    def waiting_since(self, moment: str) -> int:
        """How many pairs have waited since before that moment (ISO text in UTC)."""
        return self._queue(Sought(asked_before=moment), self._knows.now()).count()

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
        runs = [*self._store.runs(), None]
        limits = {str(s.system): s.shrink_limit for s in self.project.rulebook.sources}
        for run, before in pairwise(runs):
            if run is not None and run.revision == revision:
                return describe_full(run, before, limits)
        return None

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
        known = self._knows.lately()
        if (left, right) in known.again:  # what asked to be made again may have been made since
            known = self._knows.now()
        evidence = self._knows.evidence(known, (left, right))
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

    def _happened(self) -> Happened:
        return Happened(self._store.runs(), self._store.read_deeds(), self._store.read_overrides())

    def _queue(self, sought: Sought, known: Known) -> Queue:
        again = tuple(known.again.values())
        seen = again if self._sees_personal else tuple(map(veil_again, again))
        return Queue(self._store, sought, self._systems(), seen)

    def _systems(self) -> tuple[str, ...]:
        return tuple(str(s.system) for s in self.project.rulebook.sources)
