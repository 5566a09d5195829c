"""What the report says about pairs that were never compared."""

from __future__ import annotations

import dataclasses

import polars as pl

from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, empty
from mdm.report import Missed, ReportFacts, RuleCount, count_figures, plain_summary, render_report, tell_missed

SOME = Missed(0.0117, 0.0041, 0.0309, 12.4, 3.2, 5_000, 20_000)


def facts() -> ReportFacts:
    crosswalk = pl.DataFrame([("crm", "1", "A"), ("crm", "2", "A")], schema=dict(CROSSWALK), orient="row")
    figures = count_figures(crosswalk, empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS))
    rules = (RuleCount("same e-mail", 1_234, 5_678, 9, 87_654),)
    return ReportFacts("One", "1", "today", figures, empty(STEWARD_PAIRS), rules=rules, missed=SOME)


def test_the_share_is_told_with_its_doubt() -> None:
    told = tell_missed(SOME)
    assert told.startswith("About 1.2 % of the true pairs were never compared, likely between 0.41 % and 3.1 %.")
    assert told.endswith("about 12 ± 3 would have been joined.")


def test_a_small_share_gets_a_second_digit() -> None:
    told = tell_missed(dataclasses.replace(SOME, missed=0.0017, missed_low=0.0004))
    assert told.startswith("About 0.17 % of the true pairs were never compared, likely between 0.04 % and 3.1 %.")


def test_without_any_duplicate_nothing_is_claimed() -> None:
    assert "nothing says" in tell_missed(Missed(0, 0, 0, 0, 0, 0, 20_000))


def test_the_terminal_tells_what_was_missed() -> None:
    assert tell_missed(SOME) in " ".join(" ".join(plain_summary(facts())).split())


def test_the_page_counts_every_rule_before_the_run() -> None:
    page = render_report(facts())
    assert tell_missed(SOME) in page
    for text in ("same e-mail", "1,234", "5,678", "87,654"):
        assert text in page
