"""`mdm train`: a match model of one's own, from labels and from every standing decision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mdm.app.explain_read import read_everything
from mdm.app.groundwork import read_before
from mdm.app.label import by_rids
from mdm.app.label_file import PAIR, read_labels
from mdm.app.project import Project
from mdm.app.watch import Watch
from mdm.errors import GuardTripped, SettingsInvalid
from mdm.match import Answers, Learnt, MatchModel, learn_model, load_model, teaches, weigh_pairs
from mdm.publish.atomic import replacing
from mdm.store import Store


@dataclass(frozen=True, slots=True)
class Told:
    """What people said of pairs, counted.

    `overruled` labels contradict a decision, which counts instead; `gone` pairs have a record that lives no more;
    `families` are a record and its parent, which no weight of a level could tell apart.
    """

    labels: int
    unsure: int
    decisions: int
    overruled: int
    gone: int
    families: int


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learnt, from what, and which model it began with."""

    learnt: Learnt
    told: Told
    start: MatchModel


def train(project: Project, labels: Path | None, start: Path | None, watch: Watch) -> Trained:
    """Learn a model from the labels of a file and the standing decisions of the store; nothing is written.

    It begins with the shipped model or the one at `start`, never with one that learnt from the same answers before: so
    equal answers give an equal model. Raises SettingsInvalid where nobody said anything yet.
    """
    begun = load_model(start) if start else load_model()
    with project.open_scanned_store() as store:
        said, counts = _gather(store, labels)
        if said.is_empty():
            raise SettingsInvalid("There are no labels and no decisions to learn from.", "Answer some: mdm label.")
        everything = read_everything(store, project, watch)
    with watch.stage("Learn"):
        rids = everything.standard.select("system", "key", "rid")
        known = by_rids(said, rids).sort("left", "right")
        left, right = known["left"].to_numpy(), known["right"].to_numpy()
        weighed = weigh_pairs(everything.encoded, left, right, begun)
        kept = teaches(weighed)
        people = everything.encoded.person[left] & everything.encoded.person[right]
        levels = {name: found[kept] for name, found in weighed.levels.items()}
        learnt = learn_model(begun, Answers(levels, people[kept], known["match"].to_numpy()[kept]))
        told = Told(**counts, gone=said.height - known.height, families=int((~kept).sum()))
        return Trained(_named(learnt, begun, said, told), told, begun)


def _gather(store: Store, labels: Path | None) -> tuple[pl.DataFrame, dict[str, int]]:
    """Each pair once with whether it is a match, and how many came from where; a decision counts before a label."""
    before = read_before(store)
    decided = pl.concat(
        [frame.select(*PAIR, match=pl.lit(yes)) for frame, yes in ((before.must, True), (before.cannot, False))]
    )
    known = read_labels(labels) if labels else pl.DataFrame(schema=dict.fromkeys((*PAIR, "label"), pl.String()))
    sure = known.filter(pl.col("label") != "unsure").select(*PAIR, match=pl.col("label") == "match")
    both = sure.join(decided, on=PAIR, suffix="_decided")
    alone = sure.join(decided, on=PAIR, how="anti")
    counts = {
        "labels": alone.height,
        "unsure": known.height - sure.height,
        "decisions": decided.height,
        "overruled": both.filter(pl.col("match") != pl.col("match_decided")).height,
    }
    return pl.concat([decided, alone]).sort(PAIR), counts


def _named(learnt: Learnt, start: MatchModel, said: pl.DataFrame, told: Told) -> Learnt:
    """The model with a version that follows from what it was learnt from."""
    rows = "\n".join(map(repr, said.rows()))
    version = hashlib.sha256(f"{start.digest}\n{rows}".encode()).hexdigest()[:8]
    counts = "; ".join(f"{p.kind} {p.matches} match, {p.others} not" for p in learnt.populations)
    model = learnt.model.altered(
        version=f"{start.version}+{version}",
        trained_on=f"model {start.version}, then {told.labels} labels and {told.decisions} decisions ({counts})",
    )
    return Learnt(model, learnt.populations)


def save_model(trained: Trained, path: Path) -> None:
    """Write the model as JSON. Raises GuardTripped, and writes nothing, where it is no better on answers held out."""
    if not trained.learnt.better:
        raise GuardTripped(
            "No model was written: on answers it had not seen it is not better than the one before.",
            "Answer more pairs: mdm label.",
        )
    with replacing(path) as part:
        part.write_text(trained.learnt.model.model_dump_json(indent=1) + "\n", encoding="utf-8")
