"""The labelled sets for measuring, read through the tool's own front door: detection, landing, mapping, standardise."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.app.detect import Wishes, detect_files
from mdm.app.inputs import Inputs, read_inputs
from mdm.app.truth import read_truth
from mdm.rulebook import Rulebook, load_rulebook, load_shipped
from mdm.standardise import standardise

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
SETS = ("listed_companies_dev", "crm_erp_reskin_dev", "chicago_childcare", "crossscript_tw_dev", "febrl3_people")
OTHERS = ("senzing_truthset", "adventureworks_northwind")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A set: its standard records and the true entity of each, as numbers, by rid."""

    name: str
    inputs: Inputs
    standard: pl.DataFrame
    entity: npt.NDArray[np.int64]

    @property
    def true_pairs(self) -> int:
        sizes = np.bincount(self.entity)
        return int((sizes * (sizes - 1) // 2).sum())


def read_set(name: str, beside: Path = SHARED) -> LabelledSet:
    """A set of the shared folder, or of another one that holds records.csv and truth.csv."""
    folder = beside / name
    wishes = Wishes(key_column="id", source_column="source")
    found = detect_files([folder / "records.csv"], wishes)
    rulebook = load_shipped().model_copy(update={"sources": tuple(f.source for f in found)})
    return _label(name, rulebook, folder, folder / "truth.csv")


def read_project(folder: Path) -> LabelledSet:
    """A generated project with its truth."""
    _, rulebook = load_rulebook(folder)
    return _label(folder.name, rulebook, folder, folder / "truth.csv")


def read_training(about: str | None, out: Path) -> tuple[Iterator[LabelledSet], Path]:
    """What the command line of a training asks for: the sets, each read when its turn comes, and the file to write."""
    a = training_options(about, out).parse_args()
    return read_chosen(a), a.out


def training_options(about: str | None, out: Path) -> argparse.ArgumentParser:
    """The options that every training has."""
    p = argparse.ArgumentParser(description=about)
    p.add_argument("--leave-out", action="append", default=[])
    p.add_argument("--generated", type=Path, action="append", default=[], help="a generated project with truth.csv")
    p.add_argument("--out", type=Path, default=out)
    p.add_argument("--people", type=Path, action="append", default=[], help="a folder of generate_people.py")
    return p


def read_chosen(a: argparse.Namespace) -> Iterator[LabelledSet]:
    """The sets that the options choose, one after the other."""
    yield from (read_set(name) for name in SETS if name not in a.leave_out)
    yield from map(read_project, a.generated)
    yield from (read_set(folder.name, folder.parent) for folder in a.people)


def _label(name: str, rulebook: Rulebook, folder: Path, truth: Path) -> LabelledSet:
    with tempfile.TemporaryDirectory() as scratch:
        inputs = read_inputs(rulebook, folder, Path(scratch))
    countries = {str(s.system): s.default_country for s in inputs.sources if s.default_country}
    standard = standardise(inputs.mapped, load_shipped().standardise, countries)
    known = read_truth(truth).rename({"source": "system", "id": "key"})
    spelled = {x.system: x.source_value for x in inputs.landed if x.source_value is not None}
    back = {value: system for system, value in spelled.items()}
    known = known.with_columns(pl.col("system").replace(back))
    entity = standard.select("system", "key").join(known, on=["system", "key"], how="left", maintain_order="left")
    codes = entity["entity_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    return LabelledSet(name, inputs, standard, codes)
