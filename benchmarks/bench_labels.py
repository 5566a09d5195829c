"""What labels are worth: `python benchmarks/bench_labels.py`, F1 before and after so many answers from the truth.

For each set the pairs that `mdm label` would ask about are answered from the truth, a model is learnt as `mdm train`
does, and all records are clustered with the model before and after. `--leave-out` begins with a model that was fitted
without the set (about 20 s each), as for data that nobody has seen. `--generated DIR` measures a generated project.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from labelled_sets import OTHERS, SETS, SHARED, LabelledSet, read_project, read_set

from mdm.app.pipeline import Engine, nothing_before, run_pipeline
from mdm.app.truth import evaluate
from mdm.app.watch import Watch
from mdm.evaluate import Scores
from mdm.match import MatchModel, encode_records, find_candidates, load_model
from mdm.match.asking import WeighedPairs, worth_asking
from mdm.match.learning import Answers, Learnt, learn_model
from mdm.match.matching import weigh_pairs
from mdm.rulebook import Rulebook, load_rulebook, load_shipped

COUNTS = (50, 200)


@dataclass(frozen=True, slots=True)
class Measured:
    """A set with its rules and its truth."""

    data: LabelledSet
    rulebook: Rulebook
    truth: Path


def of_set(name: str) -> Measured:
    data = read_set(name)
    return Measured(
        data, load_shipped().model_copy(update={"sources": data.inputs.sources}), SHARED / name / "truth.csv"
    )


def of_project(folder: Path) -> Measured:
    return Measured(read_project(folder), load_rulebook(folder)[1], folder / "truth.csv")


def model_without(name: str) -> MatchModel:
    """A model fitted to the other labelled sets."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "model.json"
        script = Path(__file__).parent / "train_model.py"
        command = [sys.executable, str(script), "--leave-out", name, "--out", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return load_model(out)


def answered(m: Measured, model: MatchModel, count: int) -> Answers:
    """The answers to so many questions, from the truth."""
    encoded = encode_records(m.data.standard)
    with duckdb.connect() as connection:
        found = find_candidates(encoded, connection, cap=m.rulebook.match.block_cap).candidates
    left, right = found["left"].to_numpy(), found["right"].to_numpy()
    weighed = weigh_pairs(encoded, left, right, model)
    compared = WeighedPairs(left, right, weighed)
    places = np.sort(worth_asking(encoded, compared, np.zeros(len(left), dtype=np.bool_), count=count))
    one, other = left[places], right[places]
    return Answers(
        {name: level[places] for name, level in weighed.levels.items()},
        encoded.person[one] & encoded.person[other],
        m.data.entity[one] == m.data.entity[other],
    )


def scored(m: Measured, model: MatchModel) -> Scores:
    """The figures of all records clustered by that model."""
    with duckdb.connect() as connection:
        result = run_pipeline(m.data.inputs, m.rulebook, nothing_before(), Engine(connection, model), Watch())
    spelled = {x.system: x.source_value for x in m.data.inputs.landed if x.source_value is not None}
    crosswalk = result.assignment.crosswalk.with_columns(pl.col("system").replace(spelled))
    return evaluate(crosswalk, m.truth)


def held_out(learnt: Learnt) -> str:
    """Log loss on held-out answers before and after, for each population that was judged."""
    return "; ".join(
        f"{p.kind} {p.before.log_loss:.3f} to {p.after.log_loss:.3f}{'' if p.better else ', refused'}"
        for p in learnt.populations
        if p.before and p.after
    )


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("sets", nargs="*", help="labelled sets; all of them where no project is named")
    p.add_argument("--generated", type=Path, action="append", default=[], help="a generated project with truth.csv")
    p.add_argument("--leave-out", action="store_true", help="begin with a model fitted without the set")
    a = p.parse_args()
    chosen = () if a.generated else (*SETS, *OTHERS)
    measured = [of_project(folder) for folder in a.generated]
    measured += [of_set(name) for name in a.sets or chosen if SHARED.is_dir()]
    print("| set | answers | match | not | log loss held out | F1 before | F1 after |\n|---|---|---|---|---|---|---|")
    for m in measured:
        model = model_without(m.data.name) if a.leave_out and m.data.name in SETS else load_model()
        before = scored(m, model)
        for count in COUNTS:
            answers = answered(m, model, count)
            learnt = learn_model(model, answers)
            after = scored(m, learnt.model)
            yes = int(answers.match.sum())
            print(
                f"| {m.data.name} | {len(answers.match)} | {yes} | {len(answers.match) - yes} | {held_out(learnt)} "
                f"| {before.f1:.3f} | {after.f1:.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
