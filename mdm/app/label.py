"""`mdm label`: the pairs worth asking about, and one person's way through them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.app.desk_pair import delivered
from mdm.app.desk_records import Delivered, Sheet, compare_records
from mdm.app.engine import open_scratch
from mdm.app.explain_read import Everything, read_everything
from mdm.app.groundwork import read_before
from mdm.app.label_file import PAIR, Label, append_label, read_labels
from mdm.app.project import Project
from mdm.app.watch import Watch
from mdm.match import WeighedPairs, find_candidates, thresholds, weigh_pairs, worth_asking
from mdm.records import RecordKey, SystemName
from mdm.report.visible import visible
from mdm.settings import Settings
from mdm.store import Store

MOST_COMPARED: Final = 1_000_000
"""Of more candidate pairs every second, third, … is compared: enough to choose some hundreds from."""

Answer = Literal["match", "do_not_match", "unsure"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: two records side by side, and whether the model would join them (not shown before the answer)."""

    left: RecordKey
    right: RecordKey
    names: tuple[str, str]
    sheet: Sheet
    joined: bool


def find_questions(
    project: Project, settings: Settings, labels: Path, watch: Watch, *, count: int
) -> tuple[Asked, ...]:
    """So many pairs of the last scan's records, most worth asking first, without those labelled or decided.

    The candidate pairs are found and compared anew, so that pairs below the review band are asked about too. Equal
    input gives equal questions. Nothing is written. Raises StoreRefused where nothing was scanned yet.
    """
    with project.open_scanned_store() as store:
        known = read_labels(labels) if labels.exists() else None
        everything = read_everything(store, project, watch)
        with watch.stage("Find candidate pairs"), tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
            with open_scratch(Path(scratch), settings) as connection:
                found = find_candidates(everything.encoded, connection, cap=project.rulebook.match.block_cap)
            pairs = found.candidates.gather_every(max(1, -(-found.candidates.height // MOST_COMPARED)))
        with watch.stage("Choose questions"):
            left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
            weighed = weigh_pairs(everything.encoded, left, right, project.model)
            answered = _answered(pairs, everything, known, store)
            compared = WeighedPairs(left, right, weighed)
            places = worth_asking(everything.encoded, compared, answered, count=count)
            auto_from, _ = thresholds(project.model, project.rulebook.match)
            return _asked(store, everything, pairs[places], weighed.weight[places] >= auto_from)


def _answered(
    pairs: pl.DataFrame, everything: Everything, known: pl.DataFrame | None, store: Store
) -> npt.NDArray[np.bool_]:
    """Which pairs have a label or a standing decision."""
    before = read_before(store)
    said = [before.must, before.cannot, *([] if known is None else [known])]
    rids = everything.standard.select("system", "key", "rid")
    by_rid = by_rids(pl.concat([frame.select(PAIR) for frame in said]), rids)
    by_rid = by_rid.select("left", "right", answered=pl.lit(True))
    marked = pairs.join(by_rid.unique(), on=["left", "right"], how="left", maintain_order="left")
    return marked["answered"].fill_null(value=False).to_numpy()


def by_rids(frame: pl.DataFrame, rids: pl.DataFrame) -> pl.DataFrame:
    """The pairs (system_l, key_l, system_r, key_r) of which both records live, as left and right rid, left smaller.

    Further columns stay.
    """
    found = frame.join(rids, left_on=["system_l", "key_l"], right_on=["system", "key"]).rename({"rid": "one"})
    found = found.join(rids, left_on=["system_r", "key_r"], right_on=["system", "key"]).rename({"rid": "other"})
    ordered = found.with_columns(left=pl.min_horizontal("one", "other"), right=pl.max_horizontal("one", "other"))
    return ordered.drop("one", "other")


def _asked(
    store: Store, everything: Everything, pairs: pl.DataFrame, joined: npt.NDArray[np.bool_]
) -> tuple[Asked, ...]:
    records = everything.standard.select("system", "key")
    wanted = pl.concat([records[pairs[side]] for side in ("left", "right")])
    values = delivered(store, wanted)
    questions = []
    for (one, other), would in zip(pairs.select("left", "right").iter_rows(), joined, strict=True):
        left, right = (RecordKey(SystemName(system), key) for system, key in (records.row(one), records.row(other)))
        sheet = compare_records([Delivered(k.system, k.key, values[k]) for k in (left, right)])
        questions.append(Asked(left, right, (visible(str(left)), visible(str(right))), sheet, bool(would)))
    return tuple(questions)


@dataclass(slots=True)
class Labelling:
    """One person going through questions: forwards with an answer or without, and back. Every answer is saved at once.

    `clock` gives the moment as ISO text in UTC.
    """

    questions: tuple[Asked, ...]
    labels: Path
    author: str
    clock: Callable[[], str]
    place: int = 0
    answers: dict[int, Answer] = field(default_factory=dict)

    @property
    def current(self) -> Asked | None:
        """The question that waits, or None at the end."""
        return self.questions[self.place] if self.place < len(self.questions) else None

    @property
    def agreed(self) -> tuple[int, int]:
        """How many answers of yes or no the model would have given, and how many there are."""
        sure = [(n, answer) for n, answer in self.answers.items() if answer != "unsure"]
        return sum(self.questions[n].joined == (answer == "match") for n, answer in sure), len(sure)

    def answer(self, answer: Answer) -> None:
        """Save the answer to the question that waits and go on."""
        self._save(answer)
        self.answers[self.place] = answer
        self.place += 1

    def skip(self) -> None:
        """Go on without an answer; the pair may be asked another time."""
        self.place += 1

    def back(self) -> bool:
        """Return to the question before and take its answer back; False when there is none before."""
        if self.place == 0:
            return False
        self.place -= 1
        if self.answers.pop(self.place, None) is not None:
            self._save("withdrawn")
        return True

    def _save(self, word: Answer | Literal["withdrawn"]) -> None:
        asked = self.questions[self.place]
        append_label(self.labels, Label(asked.left, asked.right, word, self.author, self.clock()))
