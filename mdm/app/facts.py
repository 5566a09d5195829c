"""From the tables of a run to what its report says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from mdm.app.pipeline import Result
from mdm.app.watch import Timing
from mdm.app.weights import weights_told
from mdm.evaluate import Scores
from mdm.match import MatchModel, reasons
from mdm.records import conform
from mdm.report import (
    SET_ASIDE,
    Example,
    Guard,
    InputFile,
    Missed,
    ReportFacts,
    RuleCount,
    Score,
    StageTime,
    build_examples,
    choose_examples,
    choose_review_pairs,
    count_figures,
)
from mdm.sources.main_table import MAIN

MOST_TITLE_SYSTEMS: Final = 5


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a run was, as ISO text, and the command that was typed.

    `is_told` when a person said the date and no clock did: then the report holds no measured time either, so that the
    same run gives the same bytes.
    """

    date: str
    command: str = ""
    is_told: bool = False


def report_facts(
    result: Result,
    manifest: Mapping[str, Any],
    timings: Sequence[Timing],
    occasion: Occasion,
    *,
    truth: Scores | None = None,
) -> ReportFacts:
    """Everything the report of a run shows."""
    model = result.matched.weighing.model
    systems = [str(s.system) for s in result.inputs.sources]
    shown = ", ".join(systems[:MOST_TITLE_SYSTEMS])
    more = len(systems) - MOST_TITLE_SYSTEMS
    crosswalk = result.assignment.crosswalk
    return ReportFacts(
        title=shown + (f" and {more} more" if more > 0 else ""),
        run=str(manifest["result_hash"])[:12],
        date=occasion.date,
        command=occasion.command,
        figures=count_figures(crosswalk, result.standard, result.matched.links, result.review, result.inputs.mapped),
        review=choose_review_pairs(result.review),
        examples=_examples(result, model),
        guards=_guards(result),
        weights=weights_told(result.matched),
        rules=tuple(RuleCount(**asdict(b)) for b in result.blocking),
        missed=Missed(**asdict(result.lost)),
        stages=() if occasion.is_told else tuple(StageTime(t.stage, t.seconds) for t in timings),
        inputs=tuple(
            InputFile(
                system,
                f.path.rsplit("/", 1)[-1],
                f.sha256,
                f.rows_in,
                f.loaded,
                f.quarantined,
                repeats=f.unchanged,
                holds="records" if f.table == MAIN else "further values",
            )
            for system, f in result.inputs.files
        ),
        set_aside=_set_aside(result.inputs.quarantine),
        truth=_scores(truth) if truth else (),
        versions=(
            *((name, str(value)) for name, value in manifest["engines"].items()),
            ("match model", f"{model.version} ({model.digest[:8]})"),
            ("rules", str(manifest["rules_hash"])[:12]),
        ),
    )


def _scores(truth: Scores) -> tuple[Score, ...]:
    return (
        Score("Precision", truth.precision, "of the pairs put together, how many belong together"),
        Score("Recall", truth.recall, "of the pairs that belong together, how many were found"),
        Score("F1", truth.f1, "the two in one figure"),
        Score("B-cubed F1", truth.b3_f1, "the same, averaged over records instead of pairs"),
    )


def _set_aside(quarantine: pl.DataFrame) -> pl.DataFrame:
    counted = quarantine.group_by("system", "column", "reason").agg(records=pl.len())
    ordered = counted.sort("records", "system", "column", "reason", descending=[True, False, False, False])
    return conform(ordered, SET_ASIDE, "set aside")


def _examples(result: Result, model: MatchModel) -> tuple[Example, ...]:
    choice = choose_examples(result.assignment.crosswalk, result.standard, result.matched.links)
    found = result.matched.links.join(choice.links.select("left", "right"), on=["left", "right"], how="semi")
    told = dict(zip(found.select("left", "right").rows(), reasons(found["levels"], model), strict=True))
    return build_examples(choice, result.inputs.mapped, result.golden.golden, told)


def _guards(result: Result) -> tuple[Guard, ...]:
    capped = [b for b in result.blocking if b.capped_blocks]
    over = result.clustering.oversize
    matched = result.matched
    return (
        Guard("Every record in exactly one customer", "passed", f"{result.assignment.crosswalk.height:,} records"),
        Guard(
            "Common values do not make pairs",
            "passed",
            f"{sum(b.capped_blocks for b in capped):,} values shared by too many records were left to finer rules",
        ),
        Guard(
            "Contradictions are not merged",
            "warned" if matched.vetoed else "passed",
            f"{matched.vetoed:,} strong links (numbers, parent and child, only a place in common) went to review",
        ),
        Guard(
            "Clusters agree as a whole",
            "passed",
            f"{result.clustering.cut.height:,} links were cut because the rest of the cluster spoke against them",
        ),
        Guard(
            "No cluster is suspiciously large",
            "warned" if over.filter(pl.col("reason") == "too_large").height else "passed",
            f"{over.filter(pl.col('reason') == 'too_large').height:,} clusters above the limit",
        ),
        *_weights_set(result),
    )


def _weights_set(result: Result) -> tuple[Guard, ...]:
    """How the weights were set: the model, and each guard of its adaptation to these records."""
    guards = result.matched.weighing.guards
    model = result.matched.weighing.model
    known = Guard("Match model", "passed", f"version {model.version}, trained on {model.trained_on}")
    return (
        known,
        *(
            Guard(
                f"Adapting the weights of {g.population}s: {g.name[0].lower()}{g.name[1:]}",
                "passed" if g.passed else "noted",  # the shipped weights are good ones: there is nothing to do
                g.found if g.passed else f"{g.found}; the shipped weights stand",
            )
            for g in guards
        ),
    )
