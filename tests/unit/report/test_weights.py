"""The report shows how weights are spread and what they have been worth."""

from __future__ import annotations

import dataclasses

from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, empty
from mdm.report import ReportFacts, WeightRow, Weights, count_figures, render_report

NOTHING = ReportFacts(
    title="crm",
    run="1",
    finished="",
    figures=count_figures(empty(CROSSWALK), empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS)),
    review=empty(STEWARD_PAIRS),
)


def test_each_step_of_weight_is_shown_with_what_became_of_its_pairs() -> None:
    weights = Weights((WeightRow("2 to 4", 1234, 56, 7, 0.871),), 0.93, 0.81)
    page = render_report(dataclasses.replace(NOTHING, weights=weights))
    row = page[page.index("2 to 4") :]
    assert [text in row[:600] for text in ("1,234", "56", ">7<", "1,234 joined, 56 for review")] == [True] * 4
    assert "0.93 are expected" in page
    assert "labelled sets 0.81" in page


def test_a_model_without_calibration_promises_nothing() -> None:
    page = render_report(dataclasses.replace(NOTHING, weights=Weights((WeightRow("2 to 4", 1, 0, 0),))))
    assert "are expected to be right" not in page


def test_a_report_without_weights_has_no_such_section() -> None:
    assert "Match weights" not in render_report(NOTHING)
