"""Scores of a clustering: the same figures as the reference script and as counting by hand."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from mdm.errors import InputRefused
from mdm.evaluate import score, worst_errors

SCRIPT = Path(__file__).parents[3] / ".." / "shared" / "tools" / "score.py"


def tables(got: dict[str, str], true: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    clusters = pl.DataFrame(
        [("crm", k, c) for k, c in got.items()],
        schema={"system": pl.String, "key": pl.String, "master_id": pl.String},
        orient="row",
    )
    truth = pl.DataFrame(
        [("crm", k, e) for k, e in true.items()],
        schema={"source": pl.String, "id": pl.String, "entity_id": pl.String},
        orient="row",
    )
    return clusters, truth


def drawn(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    chance = random.Random(seed)  # noqa: S311 # a seeded example, no secret
    keys = [str(n) for n in range(60)]
    true = {k: f"E{chance.randrange(20)}" for k in keys}
    got = {k: f"M{chance.randrange(25)}" if chance.random() < 0.4 else "M-" + true[k] for k in keys[:55]}
    return tables(got, true)


@pytest.mark.parametrize("seed", range(5))
def test_the_figures_are_those_of_the_reference_script(seed: int, tmp_path: Path) -> None:
    if not SCRIPT.exists():
        pytest.skip("the reference script score.py is not beside this checkout")
    clusters, truth = drawn(seed)
    clusters.write_csv(tmp_path / "clusters.csv")
    truth.write_csv(tmp_path / "truth.csv")
    files = [str(tmp_path / "clusters.csv"), str(tmp_path / "truth.csv")]
    columns = ["--source-column", "system", "--key-column", "key", "--cluster-column", "master_id"]
    done = subprocess.run([sys.executable, str(SCRIPT), *files, *columns], check=True, capture_output=True, text=True)  # noqa: S603 # our own script with our own arguments
    assert score(clusters, truth).as_dict() == json.loads(done.stdout)


@pytest.mark.parametrize("seed", range(5))
def test_the_figures_are_those_of_counting_every_pair(seed: int) -> None:
    clusters, truth = drawn(seed)
    entity = {k: e for _, k, e in truth.rows()}
    mine = {k: c for _, k, c in clusters.rows()}
    cluster = {k: mine.get(k, "alone " + k) for k in entity}
    pairs = list(itertools.combinations(entity, 2))
    said = [p for p in pairs if cluster[p[0]] == cluster[p[1]]]
    true = [p for p in pairs if entity[p[0]] == entity[p[1]]]
    hit = len(set(said) & set(true))

    def b_cubed(of: dict[str, str]) -> float:
        shares = []
        for k, name in of.items():
            own = [o for o in entity if of[o] == name]
            both = sum(cluster[o] == cluster[k] and entity[o] == entity[k] for o in own)
            shares.append(Fraction(both, len(own)))
        return float(sum(shares, Fraction(0)) / len(entity))

    found = score(clusters, truth)
    assert (found.precision, found.recall) == (round(hit / len(said), 4), round(hit / len(true), 4))
    assert (found.b3_precision, found.b3_recall) == (round(b_cubed(cluster), 4), round(b_cubed(entity), 4))
    assert (found.clusters, found.entities) == (len(set(cluster.values())), len(set(entity.values())))


def test_a_clustering_like_the_truth_is_perfect() -> None:
    found = score(*tables({"a": "M1", "b": "M1", "c": "M2"}, {"a": "E1", "b": "E1", "c": "E2"}))
    assert (found.precision, found.recall, found.b3_f1) == (1.0, 1.0, 1.0)


def test_a_record_without_a_cluster_counts_as_one_of_its_own() -> None:
    found = score(*tables({"a": "M1"}, {"a": "E1", "b": "E1", "c": "E1"}))
    assert (found.missing, found.clusters, found.recall) == (2, 3, 0.0)


def test_a_record_that_the_truth_does_not_know_is_refused() -> None:
    with pytest.raises(InputRefused, match="1 records are not in the truth, such as crm:z"):
        score(*tables({"z": "M1"}, {"a": "E1"}))


def test_a_record_given_twice_is_refused() -> None:
    clusters, truth = tables({"a": "M1"}, {"a": "E1"})
    with pytest.raises(InputRefused, match="The clustering has the record crm:a twice"):
        score(pl.concat([clusters, clusters]), truth)


def test_a_truth_that_gives_a_record_two_entities_is_refused() -> None:
    clusters, truth = tables({"a": "M1"}, {"a": "E1"})
    with pytest.raises(InputRefused, match="The truth has the record crm:a twice"):
        score(clusters, pl.concat([truth, truth.with_columns(entity_id=pl.lit("E2"))]))


def test_an_empty_truth_is_refused() -> None:
    with pytest.raises(InputRefused, match="no records"):
        score(*tables({}, {}))


def test_a_missing_column_is_named() -> None:
    clusters, truth = tables({"a": "M1"}, {"a": "E1"})
    with pytest.raises(InputRefused, match="The truth has no column entity_id"):
        score(clusters, truth.drop("entity_id"))


def test_the_worst_errors_come_first() -> None:
    true = dict.fromkeys("abcd", "E1") | dict.fromkeys("ef", "E2") | {"g": "E3"}
    got = {"a": "M1", "b": "M1", "c": "M2", "d": "M2", "e": "M3", "f": "M4", "g": "M2"}
    found = worst_errors(*tables(got, true))
    assert found.split.rows() == [("E1", 4, 2, 4), ("E2", 2, 2, 1)]
    assert found.merged.rows() == [("M2", 3, 2, 2)]
