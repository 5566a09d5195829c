"""The pairs that wait for a person, out of the store: as `review.csv` of a run, less what was decided since."""

from __future__ import annotations

import polars as pl

from mdm.app.desk_links import MICRO, Explainer
from mdm.app.desk_queue import links_between, open_questions
from mdm.app.review import name_customers
from mdm.match import MatchModel
from mdm.records import STEWARD_PAIRS, conform
from mdm.store import Store, mapped_rows


def waiting_pairs(store: Store, model: MatchModel) -> pl.DataFrame:
    """STEWARD_PAIRS of the open questions, heaviest first; without reasons where `model` is not the scan's."""
    crosswalk, decisions, run = store.read_crosswalk(), store.decisions(), store.last_run()
    questions = open_questions(links_between(store.read_links(), crosswalk, decisions), decisions)
    scored_by = str(run.manifest["model"]["sha256"]) if run else ""
    told = questions.with_columns(
        weight=pl.col("weight") / MICRO, reason=Explainer(model, scored_by).reasons(questions)
    )
    ends = [questions.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    known = name_customers(mapped_rows(store.read_records(pl.concat(ends).unique())), crosswalk)
    for side in "lr":
        names = known.select(**{f"system_{side}": "system", f"key_{side}": "key", f"name_{side}": "name"})
        told = told.join(names, on=[f"system_{side}", f"key_{side}"], how="left", maintain_order="left")
    return conform(told, STEWARD_PAIRS, "pairs that wait")
