"""The summary for a terminal, and numbers in words."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from mdm.records import CROSSWALK, LINKS, STANDARD, STEWARD_PAIRS, empty
from mdm.report import Figures, Guard, InputFile, ReportFacts, count_figures, plain_summary
from mdm.report.visible import fit, width
from mdm.report.words import counted, moment, percent, probability, seconds, sentences


def figures(*owners: tuple[str, str, str]) -> Figures:
    crosswalk = pl.DataFrame(owners, schema=dict(CROSSWALK), orient="row")
    return count_figures(crosswalk, empty(STANDARD), empty(LINKS), empty(STEWARD_PAIRS))


def facts(*owners: tuple[str, str, str], title: str = "Two systems") -> ReportFacts:
    return ReportFacts(title, "1", "today", figures(*owners), empty(STEWARD_PAIRS))


TWO = (("crm", "1", "A"), ("crm", "2", "A"), ("erp", "1", "A"), ("erp", "2", "B"))


def test_the_summary_tells_the_headline_facts() -> None:
    assert plain_summary(facts(*TWO)) == [
        "Two systems",
        "4 records from 2 systems describe 2 customers. 1 record repeats a customer that",
        "the same system already has. 1 customer is known to two or more systems.",
        "",
        "  Records                                        4",
        "  Customers                                      2",
        "  Duplicates within a system                     1",
        "  Customers in two or more systems               1",
        "  Pairs left for review                          0",
        "",
        "  System                    Records   Customers  Duplicates     Also elsewhere",
        "  crm                             2           1           1         1    100 %",
        "  erp                             2           2           0         1     50 %",
    ]


@pytest.mark.parametrize("name", ["x" * 300, "客户" * 100, "\x1b[31m\u202ered" * 20, "e\u0301" * 300])
def test_no_line_is_wider_than_80_columns_and_none_holds_a_control_character(name: str) -> None:
    given = dataclasses.replace(
        facts(*((name, key, owner) for _, key, owner in TWO[:2]), title=name),
        guards=(Guard("Model", "warned", name),),
        inputs=(InputFile(name, name, "", 3, 2, 1),),
    )
    lines = plain_summary(given)
    assert max(width(line) for line in lines) <= 80
    assert all(line.isprintable() for line in lines)


def test_only_checks_that_did_not_pass_are_named() -> None:
    guards = (Guard("Fine", "passed", "all"), Guard("Model", "warned", "the data differ"))
    lines = plain_summary(dataclasses.replace(facts(*TWO), guards=guards))
    assert lines[-2:] == ["", "warned: Model: the data differ"]


def test_what_the_engine_took_care_of_by_itself_is_not_told_in_the_terminal() -> None:
    guards = (Guard("Weights", "noted", "too few pairs; the shipped weights stand"),)
    assert plain_summary(dataclasses.replace(facts(), guards=guards)) == plain_summary(facts())


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-01-31T08:05:00+00:00", "31 Jan 2026, 08:05 UTC"),
        ("2026-01-31", "31 Jan 2026"),
        ("some day", "some day"),
    ],
)
def test_a_moment_is_written_as_people_write_it(iso: str, said: str) -> None:
    assert moment(iso) == said


def test_many_systems_are_cut_and_counted() -> None:
    lines = plain_summary(facts(*((f"s{i:02d}", "1", f"M{i}") for i in range(20))))
    assert lines[-1] == "  and 8 more"


def test_a_run_without_records_says_so() -> None:
    assert "There were no records to match." in plain_summary(facts())


def test_a_run_without_duplicates_says_so() -> None:
    assert sentences(figures(("crm", "1", "A"))) == [
        "1 record from 1 system describes 1 customer.",
        "No record repeats another.",
    ]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (1, 100_000, "< 0.1 %"),
        (99_999, 100_000, "> 99.9 %"),
        (1, 3, "33 %"),
        (1, 12, "8.3 %"),
        (995, 1000, "99.5 %"),
        (0, 0, "n/a"),
    ],
)
def test_a_share_never_claims_nothing_or_everything_falsely(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.8, "80.0 %"),
        (0.9943, "99.4 %"),
        (0.99953, "99.95 %"),
        (0.999999, "> 99.99 %"),
        (1.0, "> 99.99 %"),
        (0.0, "< 0.1 %"),
    ],
)
def test_a_probability_is_never_certain(value: float, said: str) -> None:
    assert probability(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.04, "0.0 s"), (9.96, "10 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s")]
)
def test_a_time_is_said_as_people_say_it(value: float, said: str) -> None:
    assert seconds(value) == said


def test_one_is_not_many() -> None:
    assert [counted(1, "pair"), counted(2, "pair"), counted(1200, "box", "boxes")] == [
        "1 pair",
        "2 pairs",
        "1,200 boxes",
    ]


@pytest.mark.parametrize("text", ["short", "exactly ten", "客户客户客户", "e\u0301" * 30])
def test_text_fits_its_column_exactly(text: str) -> None:
    assert width(fit(text, 10)) == 10
