"""Cohorts on other pages: how far the sample of one has come while its pairs are decided."""

from __future__ import annotations

from typing import Final

from mdm.app.cohorts import CohortView
from ui import narrowing, places, session, view

PROBLEM: Final = "bulk_problem"
"""Where a refusal waits for the page that shows it."""


def show_progress() -> None:
    """What the sample says by now; nothing where the pair was opened from somewhere else."""
    number = narrowing.read().cohort
    if number is not None:
        to = view.link(f"Cohort {number}", places.to_cohort(number))
        view.show(progress(session.desk().bulk.view(number), to), key="cohort_progress")


def progress(cohort: CohortView, *links: view.Cell) -> view.Block:
    """The bound in words."""
    allowed = f"{cohort.allowed} may be wrong."
    if cohort.left and not cohort.holds:
        allowed = f"{allowed} Too many are wrong already: this cohort cannot be accepted."
    return view.notice(cohort.told, allowed, links=links)
