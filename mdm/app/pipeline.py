"""The main job: source records in, customers out. Pure but for its scratch; every caller decides what to keep."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.app.asked_again import again_frame, asked_again
from mdm.app.decided import PAIR, Decided, apart_from_parents, decide, guards, with_pins
from mdm.app.followed import merges_to_follow
from mdm.app.inputs import Inputs
from mdm.app.overridden import overriding
from mdm.app.review import Answers, name_customers, review_pairs
from mdm.app.watch import Watch
from mdm.match import (
    BlockCount,
    Blocking,
    BlockingLoss,
    Encoded,
    Matched,
    MatchModel,
    Outcome,
    WeighBy,
    encode_records,
    estimate_blocking_loss,
    find_candidates,
    keep_model,
    score_candidates,
    thresholds,
)
from mdm.publish import plan_publish
from mdm.records import CROSSWALK, MASTERS, empty
from mdm.resolve import Assignment, Clustering, ClusterLimits, assign_master_ids, cluster
from mdm.rulebook import Rulebook
from mdm.standardise import standardise
from mdm.store import EVIDENCE, OVERRIDES, PINS
from mdm.survive import Golden, choose_golden, override_values


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before this run: who had which id, all ids given out, and the stewards' standing decisions.

    `must` and `cannot` have system_l, key_l, system_r, key_r and decision_id. `issued` is the highest number that was
    ever put into a master id, also by a scan that was abandoned; `decisions` is the number of the last one known.
    `evidence` is EVIDENCE, what decisions were made on; `overrides` (OVERRIDES) are golden values that stewards set,
    `pins` (PINS) records that keep an id.
    """

    crosswalk: pl.DataFrame
    masters: pl.DataFrame
    must: pl.DataFrame
    cannot: pl.DataFrame
    issued: int = 0
    decisions: int = 0
    evidence: pl.DataFrame = field(default_factory=lambda: empty(EVIDENCE))
    overrides: pl.DataFrame = field(default_factory=lambda: empty(OVERRIDES))
    pins: pl.DataFrame = field(default_factory=lambda: empty(PINS))


def nothing_before() -> Before:
    """The state before the first run."""
    none = pl.DataFrame(schema=dict.fromkeys((*PAIR, "decision_id"), pl.String()))
    return Before(empty(CROSSWALK), empty(MASTERS), none, none)


@dataclass(frozen=True, slots=True)
class Engine:
    """The machine's part of a run: a DuckDB scratch, the match model, and whether it is adapted to the records."""

    scratch: duckdb.DuckDBPyConnection
    model: MatchModel
    weigh_by: WeighBy = keep_model

    @property
    def threads(self) -> int:
        """How many threads the scratch uses: those of the machine, or as many as the settings allow."""
        return int(self.scratch.sql("select current_setting('threads')").fetchall()[0][0])


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a run found out, by the tables of mdm.records."""

    inputs: Inputs
    standard: pl.DataFrame
    matched: Matched
    blocking: tuple[BlockCount, ...]
    lost: BlockingLoss
    clustering: Clustering
    assignment: Assignment
    golden: Golden
    review: pl.DataFrame
    changes: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Linked:
    """The long half of a run, which no decision and no former state changes: the records and how their pairs weigh."""

    inputs: Inputs
    standard: pl.DataFrame
    encoded: Encoded
    blocking: Blocking
    matched: Matched


def run_pipeline(inputs: Inputs, rulebook: Rulebook, before: Before, engine: Engine, watch: Watch) -> Result:
    """Standardise, match, cluster, give ids, choose golden values and plan what goes back.

    The result depends on the set of records, the rules, the model and what stood before; not on the order of rows or
    on threads.
    """
    return settle(link(inputs, rulebook, engine, watch), rulebook, before, watch)


def link(inputs: Inputs, rulebook: Rulebook, engine: Engine, watch: Watch) -> Linked:
    """Standardise the records, find the pairs worth comparing and weigh them."""
    with watch.stage("Standardise"):
        countries = {str(s.system): s.default_country for s in inputs.sources if s.default_country}
        standard = standardise(inputs.mapped, rulebook.standardise, countries, processes=engine.threads)
        encoded = encode_records(standard)
    with watch.stage("Find candidate pairs"):
        blocking = find_candidates(encoded, engine.scratch, cap=rulebook.match.block_cap)
    with watch.stage("Score with Splink"):
        given = (engine.model, rulebook.match)
        matched = score_candidates(encoded, blocking.candidates, *given, weigh_by=engine.weigh_by)
    return Linked(inputs, standard, encoded, blocking, matched)


def settle(linked: Linked, rulebook: Rulebook, before: Before, watch: Watch) -> Result:
    """Cluster by links and decisions, give ids, choose golden values and plan what goes back.

    Short beside `link`, so that decisions made meanwhile can be taken in by settling again.
    """
    inputs, standard, matched = linked.inputs, linked.standard, linked.matched
    encoded, blocking, model = linked.encoded, linked.blocking, matched.weighing.model
    with watch.stage("Cluster"):
        followed = merges_to_follow(inputs.merged, before.must, before.cannot, before.pins)
        decided = decide(pl.concat([before.must, followed]), before.cannot, standard)
        held = decided if before.pins.is_empty() else with_pins(decided, before.pins, standard, _linked(matched))
        clustering = _cluster(encoded, standard, matched, held, (rulebook, model, inputs))
    with watch.stage("Estimate what was missed"):
        lost = _estimate(encoded, blocking, clustering, (rulebook, model))
    with watch.stage("Give master ids"):
        named = clustering.clusters.join(standard.select("rid", "system", "key"), on="rid", how="left")
        live = named.select("system", "key", "cluster")
        assignment = assign_master_ids(
            live,
            before.crosswalk,
            before.masters,
            pins=before.pins.select(list(CROSSWALK)),
            policy=rulebook.match.keep_id,
            issued=before.issued,
        )
    with watch.stage("Choose golden values"):
        chosen = choose_golden(assignment.crosswalk, inputs.mapped, standard, rulebook.survivorship)
        golden = override_values(chosen, overriding(before.overrides))
    with watch.stage("Plan what goes back"):
        known = name_customers(inputs.mapped, assignment.crosswalk)
        again = again_frame(asked_again(before.evidence, inputs.mapped, standard))
        review = review_pairs(matched, clustering, Answers(decided.cannot, again), known, model)
        told = assignment.crosswalk.join(inputs.merged, on=["system", "key"], how="anti")
        changes = plan_publish(told, golden.golden, inputs.current, rulebook.publish)
    return Result(inputs, standard, matched, blocking.counts, lost, clustering, assignment, golden, review, changes)


def _linked(matched: Matched) -> pl.DataFrame:
    return matched.evidence.filter(pl.col("band") == "auto")


def _cluster(
    encoded: Encoded,
    standard: pl.DataFrame,
    matched: Matched,
    decided: Decided,
    given: tuple[Rulebook, MatchModel, Inputs],
) -> Clustering:
    rulebook, model, inputs = given
    return cluster(
        encoded.size,
        matched.evidence,
        must=decided.must,
        cannot=pl.concat([decided.cannot, apart_from_parents(encoded.parent), guards(matched.apart)]),
        limits=ClusterLimits(
            largest=rulebook.match.largest_cluster,
            duplicate_free=_duplicate_free(standard, inputs),
            refine="average",
            stop_at=int(model.cluster_from * 1_000_000),
            missing_weight=int(model.never_compared_weight * 1_000_000),
        ),
    )


def _estimate(
    encoded: Encoded, blocking: Blocking, clustering: Clustering, given: tuple[Rulebook, MatchModel]
) -> BlockingLoss:
    rulebook, model = given
    cluster_of = clustering.clusters.sort("rid")["cluster"].to_numpy().astype(np.int64)
    auto_from, _ = thresholds(model, rulebook.match)
    outcome = Outcome(blocking.candidates, cluster_of, rulebook.match.block_cap)
    return estimate_blocking_loss(encoded, outcome, model, auto_from=auto_from)


def _duplicate_free(standard: pl.DataFrame, inputs: Inputs) -> npt.NDArray[np.int64] | None:
    single = [str(s.system) for s in inputs.sources if s.duplicate_free]
    if not single:
        return None
    codes = standard["system"].replace_strict({name: at for at, name in enumerate(single)}, default=-1)
    return codes.cast(pl.Int64).to_numpy()
