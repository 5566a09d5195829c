"""The report shows how weights are spread and what they have been worth."""

from __future__ import annotations

import dataclasses

from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, empty
from mdm.report import CurvePoint, ReportFacts, WeightRow, Weights, count_figures, render_report
from mdm.report.curve import plot

NOTHING = ReportFacts(
    title="crm",
    run="1",
    date="",
    figures=count_figures(empty(CROSSWALK), empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS)),
    review=empty(STEWARD_PAIRS),
)


def test_each_step_of_weight_is_shown_with_what_became_of_its_pairs() -> None:
    weights = Weights((WeightRow("2 to 4", 1234, 56, 7, 0.871),), 0.93, 0.81)
    page = render_report(dataclasses.replace(NOTHING, weights=weights))
    row = page[page.index("2 to 4") :]
    assert [text in row[:600] for text in ("1,234", "56", ">7<", "1,234 joined, 56 for review")] == [True] * 4
    assert "93.0 % are expected" in page
    assert "labelled sets 81.0 %" in page


def test_a_model_without_calibration_promises_nothing() -> None:
    page = render_report(dataclasses.replace(NOTHING, weights=Weights((WeightRow("2 to 4", 1, 0, 0),))))
    assert "are expected to be right" not in page


def test_a_report_without_weights_has_no_such_section() -> None:
    assert "Match weights" not in render_report(NOTHING)


CURVE = (CurvePoint(-8, 0, 0.5, 0.25), CurvePoint(0, 0.5, 0.75, 0.5), CurvePoint(8, 1, 1, 1))


def test_the_calibration_is_drawn_to_scale() -> None:
    drawn = plot(Weights((), curve=CURVE, asked_from=-8.0, joined_from=0.0))
    assert drawn is not None
    half = (drawn.left + drawn.right) / 2
    middle = (drawn.top + drawn.bottom) / 2
    assert drawn.share == f"{drawn.left},{drawn.bottom} {half},{middle} {drawn.right},{drawn.top}"
    assert [(m.at, m.label) for m in drawn.marks] == [(drawn.left, "asked from -8.0"), (half, "joined from 0.0")]


def test_a_weight_beyond_the_calibration_is_marked_at_its_end() -> None:
    drawn = plot(Weights((), curve=CURVE, joined_from=30.0))
    assert drawn is not None
    assert [(m.at, m.label) for m in drawn.marks] == [(drawn.right, "joined from 30.0")]


def test_the_page_has_the_calibration_as_a_curve_with_its_three_lines() -> None:
    page = render_report(dataclasses.replace(NOTHING, weights=Weights((WeightRow("2 to 4", 1, 0, 0),), curve=CURVE)))
    figure = page[page.index('<figure class="curve">') : page.index("</figure>")]
    assert figure.count("<polyline") == 6
    assert "right from this weight upward" in figure


def test_a_model_without_calibration_has_no_curve() -> None:
    page = render_report(dataclasses.replace(NOTHING, weights=Weights((WeightRow("2 to 4", 1, 0, 0),))))
    assert '<figure class="curve">' not in page
