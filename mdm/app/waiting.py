"""The pairs that wait for a person, out of the store: as `review.csv` of a run, less what was decided since."""

from __future__ import annotations

import polars as pl

from mdm.app.asked_again import again_frame, asked_again_now
from mdm.app.decided import PAIR
from mdm.app.desk_links import MICRO, Explainer
from mdm.app.project import Project
from mdm.app.review import name_customers
from mdm.records import STEWARD_PAIRS, conform
from mdm.store import Sought, Standing, Store, mapped_rows


def waiting_pairs(store: Store, project: Project, which: Standing = "waiting") -> pl.DataFrame:
    """STEWARD_PAIRS of the open questions, or of what stewards were unsure of, heaviest first.

    Without the reasons of the match where the model is no longer the scan's.
    """
    crosswalk, run, again = store.read_crosswalk(), store.last_run(), asked_again_now(store, project)
    sought = Sought(state=which, again=tuple(a.number for a in again))
    found = store.page_questions(sought, limit=store.count_questions(sought)).rows
    questions = found.join(again_frame(again), on=list(PAIR), how="left", maintain_order="left")
    scored_by = str(run.manifest["model"]["sha256"]) if run else ""
    told = questions.with_columns(
        weight=pl.col("weight") / MICRO, reason=Explainer(project.model, scored_by).reasons(questions)
    )
    ends = [questions.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    known = name_customers(mapped_rows(store.read_records(pl.concat(ends).unique())), crosswalk)
    for side in "lr":
        names = known.select(**{f"system_{side}": "system", f"key_{side}": "key", f"name_{side}": "name"})
        told = told.join(names, on=[f"system_{side}", f"key_{side}"], how="left", maintain_order="left")
    return conform(told, STEWARD_PAIRS, "pairs that wait")
