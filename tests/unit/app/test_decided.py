"""What stewards' decisions say about the records that live."""

from __future__ import annotations

import polars as pl

from mdm.app.decided import PAIR, Decided, decide

LIVING = "abcdef"
SCHEMA = dict.fromkeys((*PAIR, "decision_id"), pl.String())


def records(keys: str) -> pl.DataFrame:
    """Records of one system, numbered in the order of their keys."""
    return pl.DataFrame({"rid": range(len(keys)), "system": "s", "key": list(keys)}, schema_overrides={"rid": pl.Int32})


def said(*pairs: str) -> pl.DataFrame:
    rows = [("s", one, "s", other, f"{one}{other}") for one, other in pairs]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def rows(must: tuple[str, ...], cannot: tuple[str, ...], keys: str = LIVING) -> tuple[list[str], list[str]]:
    """The decided pairs of living records, by their keys."""
    decided: Decided = decide(said(*must), said(*cannot), records(keys))
    return tuple(
        sorted(keys[left] + keys[right] for left, right, _ in frame.iter_rows())
        for frame in (decided.must, decided.cannot)
    )  # type: ignore[return-value]  # two of them


def test_decisions_on_living_records_are_taken_as_they_are() -> None:
    assert rows(("ab", "bc"), ("de",)) == (["ab", "bc"], ["de"])


def test_each_pair_keeps_the_number_of_its_decision() -> None:
    assert decide(said("ab"), said("cd"), records(LIVING)).must.rows() == [(0, 1, "ab")]


def test_a_decision_on_a_gone_record_rests() -> None:
    assert rows(("ax",), ("by", "yz")) == ([], [])


def test_a_match_holds_through_a_record_that_is_gone() -> None:
    must, cannot = rows(("cx", "xa"), ())
    assert ([set(pair) for pair in must], cannot) == ([{"a", "c"}], [])


def test_a_match_holds_through_several_that_are_gone() -> None:
    must, _ = rows(("ax", "xy", "yz", "zb", "zc"), ())
    assert {frozenset(pair) for pair in must} == {frozenset("ab"), frozenset("ac")}


def test_a_do_not_match_with_a_gone_record_holds_for_its_chain() -> None:
    _, cannot = rows(("xb", "xc"), ("xd",))
    assert cannot == ["bd"]


def test_a_do_not_match_between_two_gone_records_holds_for_their_chains() -> None:
    _, cannot = rows(("xb", "yc"), ("xy",))
    assert cannot == ["bc"]


def test_no_decisions_say_nothing_in_the_declared_form() -> None:
    decided = decide(said(), said(), records(LIVING))
    assert decided.must.schema == decided.cannot.schema
    assert decided.must.columns == ["left", "right", "decision_id"]
    assert decided.must.is_empty()
