"""What the desk has read of the store and keeps until the store changes, for all who call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import polars as pl

from mdm.app.asked_again import Again, asked_again_now, evidence_now
from mdm.app.desk_kept import Kept
from mdm.app.desk_links import Explainer, Link, link_ends
from mdm.app.desk_pair import Pair, PairRead, describe_pair
from mdm.app.desk_reading import read_pairs
from mdm.app.explain_finding import Evidence, look_up
from mdm.app.explain_words import tell
from mdm.app.project import Project
from mdm.match import thresholds
from mdm.records import RecordKey
from mdm.steward import Decision, standing
from mdm.steward import Evidence as StewardEvidence
from mdm.steward import Pair as Keys
from mdm.store import Choices, Customer, Run, Store

_At = tuple[int, RecordKey, RecordKey]
"""A pair as the customers were at a state of the store."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of the store at one revision and is good until the next; `state` is when customers last changed."""

    revision: int
    state: int
    run: Run | None
    standing: Mapping[Keys, Decision]
    again: Mapping[Keys, Again]


class DeskKnowledge:
    """What all callers of one project have in common. May be shared between threads; nothing in it is masked."""

    def __init__(self, project: Project, store: Store) -> None:
        self._project, self._store = project, store
        self._kept: Kept[_At, tuple[PairRead, Pair]] = Kept(self._read_pairs)
        self._known: Known | None = None
        self._choices: tuple[int, Choices] | None = None
        self._reading = Lock()

    def now(self) -> Known:
        """What holds at the store's current revision, read once for all who ask."""
        with self._reading:
            state = self._store.state_revision()  # first: what changes in between is then noticed the next time
            revision = self._store.current_revision()
            known = self._known
            if known is None or known.revision != revision:
                run = self._store.last_run(revision=revision)
                same_scan = known is not None and run is not None and (known.state, known.run) == (state, run)
                stands = self._standing(known if same_scan else None)
                found = self._asked_again(known if same_scan else None)
                again = {pair: a for pair, a in found.items() if pair in stands and stands[pair].number == a.number}
                known = self._known = Known(revision, state, run, stands, again)
            return known

    def lately(self) -> Known:
        """What held a moment ago, of the customers as they are now; what was said since may be missing.

        Enough for a steward who decides: the store itself sees what was said last, under its lock.
        """
        known = self._known
        return known if known is not None and known.state == self._store.state_revision() else self.now()

    def choices(self) -> Choices:
        """What the queue can be narrowed to."""
        state = self.now().state
        if self._choices is None or self._choices[0] != state:
            self._choices = state, self._store.question_choices()
        return self._choices[1]

    def pairs(self, asked: Sequence[Keys]) -> list[tuple[Pair, list[Customer]]]:
        """Several pairs in full, each with its customers; one with a record that is gone is left out."""
        known = self.now()
        found = self._kept.get([(known.state, *pair) for pair in asked])
        return [(self._with_words(pair, read, known), read.customers) for read, pair in found.values()]

    def evidence(self, known: Known, pair: Keys) -> StewardEvidence | None:
        """What a decision on a pair rests on; None where a record is gone.

        As it was read when the pair was shown, or, where a scan has ended since, as it is now.
        """
        read = self._kept.known((known.state, *pair))
        return read[0].evidence if read else evidence_now(self._store, self._project, pair)

    def explainer(self) -> Explainer:
        """What explains the links of the last scan."""
        return self.explained_by(self.now().run)

    def explained_by(self, run: Run | None) -> Explainer:
        """What explains the links of a scan."""
        manifest: Mapping[str, Any] = run.manifest if run else {}
        return Explainer(self._project.model, str(manifest.get("model", {}).get("sha256", "")))

    def _with_words(self, pair: Pair, read: PairRead, known: Known) -> Pair:
        keys, owners = (pair.left, pair.right), (read.records[0].master_id, read.records[1].master_id)
        told = self._told(pair.link, owners, read.customers, known)
        return replace(pair, decision=known.standing.get(keys), told=told, again=known.again.get(keys))

    def _read_pairs(self, asked: Sequence[_At]) -> dict[_At, tuple[PairRead, Pair]]:
        """What the store has of several pairs since the customers last changed; all links are explained at once."""
        at = {(left, right): (state, left, right) for state, left, right in asked}
        found = read_pairs(self._store, self._project, list(at))
        explainer = self.explained_by(self._store.last_run())
        links = pl.concat([read.links for read in found.values()]).unique() if found else pl.DataFrame()
        told = {(link.left, link.right): link for link in explainer.explain(links)} if links.height else {}
        return {
            at[pair]: (read, describe_pair(read, [told[ends] for ends in link_ends(read.links)]))
            for pair, read in found.items()
        }

    def _told(
        self, link: Link | None, owners: tuple[str | None, str | None], customers: list[Customer], known: Known
    ) -> str:
        """The verdict on a linked pair in one line; nothing where the reasons would be those of another model."""
        if link is None or not link.bars:
            return ""
        bands = thresholds(self._project.model, self._project.rulebook.match)
        both = customers[0] if len(customers) == 1 else None
        return tell(look_up(Evidence(link), owners, both, known.standing, bands))

    def _standing(self, known: Known | None) -> dict[Keys, Decision]:
        """The decisions that stand; of those known since the last scan only what came later is read."""
        last = max((d.number for d in known.standing.values()), default=0) if known else 0
        later = self._store.later_decisions(last)
        said_anew = set(link_ends(later))
        kept = {pair: d for pair, d in known.standing.items() if pair not in said_anew} if known else {}
        return kept | standing(later)

    def _asked_again(self, known: Known | None) -> dict[tuple[RecordKey, RecordKey], Again]:
        """What asks to be decided again; of decisions known since the last scan the answer is known, too."""
        seen = max((d.number for d in known.standing.values()), default=0) if known else 0
        found = asked_again_now(self._store, self._project, seen)
        return {**(known.again if known else {}), **{(a.left, a.right): a for a in found}}
