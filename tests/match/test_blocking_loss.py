"""The estimate of what blocking missed: the draws stand for all pairs, and what was missed is seen."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from mdm.match import Outcome, encode_records, estimate_blocking_loss, find_candidates, load_model, thresholds
from mdm.match.blocking_loss import recapture
from mdm.match.encoded import Encoded
from mdm.match.unblocked import Drawn, draw_unblocked
from mdm.records import CANDIDATES, conform
from mdm.rulebook import MatchRules
from tests.match.conftest import MakeStandard

CAP = 5
MODEL = load_model()
AUTO_FROM, _ = thresholds(MODEL, MatchRules())
ALL_RULES = 20


@pytest.fixture
def encoded(make_standard: MakeStandard) -> Encoded:
    """Three hundred firms whose words, telephones and postcodes repeat."""
    return encode_records(
        make_standard(
            *(
                {
                    "name": f"firma w{n * 7 % 41} v{n * 5 % 13}",
                    "postcode": f"50{n % 60:03}",
                    "phones": [f"+49221555{n % 70:03}"],
                    "country": "DE",
                }
                for n in range(300)
            )
        )
    )


def candidates_of(encoded: Encoded, cap: int = CAP) -> pl.DataFrame:
    with duckdb.connect() as connection:
        return find_candidates(encoded, connection, cap=cap).candidates


def candidates(*rows: tuple[int, int, int]) -> pl.DataFrame:
    return conform(pl.DataFrame(rows, schema=list(CANDIDATES), orient="row"), CANDIDATES, "candidates")


def pairs_of(drawn: Drawn) -> set[tuple[int, int]]:
    return set(zip(drawn.left.tolist(), drawn.right.tolist(), strict=True))


def test_no_drawn_pair_was_compared(encoded: Encoded) -> None:
    known = candidates_of(encoded)
    drawn = draw_unblocked(encoded, known, 5_000, cap=CAP)
    assert len(pairs_of(drawn)) > 1_000
    assert not pairs_of(drawn) & set(known.select("left", "right").iter_rows())
    assert (drawn.left < drawn.right).all()


def test_with_enough_draws_every_pair_never_compared_is_drawn_and_stands_for_itself(encoded: Encoded) -> None:
    known = candidates_of(encoded)
    drawn = draw_unblocked(encoded, known, 10_000_000, cap=CAP)
    never = 300 * 299 // 2 - known.height
    assert len(pairs_of(drawn)) == never
    assert drawn.stands_for.sum() == pytest.approx(never)
    assert not drawn.by_chance.any()


@pytest.mark.parametrize("budget", [300, 3_000, 20_000])
def test_few_draws_stand_for_all_pairs(encoded: Encoded, budget: int) -> None:
    known = candidates_of(encoded)
    drawn = draw_unblocked(encoded, known, budget, cap=CAP)
    never = 300 * 299 // 2 - known.height
    error = float(np.sqrt(np.square(drawn.stands_for[drawn.by_chance]).sum()))
    assert drawn.stands_for.sum() == pytest.approx(never, abs=4 * error)
    assert len(drawn.left) <= budget


def test_nothing_is_drawn_from_fewer_than_two_records(make_standard: MakeStandard) -> None:
    alone = encode_records(make_standard({"name": "acme"}))
    assert len(draw_unblocked(alone, candidates(), 100, cap=CAP).left) == 0


def test_joinable_pairs_above_the_cap_are_counted(make_standard: MakeStandard) -> None:
    same: dict[str, Any] = {"name": "nordlicht backwaren", "phones": ["+49221555001"], "country": "DE"}
    others = [{"name": f"x{n}q z{n}k", "country": "FR"} for n in range(5_000)]
    encoded = encode_records(make_standard(*([same] * 10), *others))
    outcome = Outcome(candidates_of(encoded, 2), np.arange(5_010), 2)
    found = estimate_blocking_loss(encoded, outcome, MODEL, auto_from=AUTO_FROM)
    assert found.joinable == pytest.approx(45, rel=0.01)
    assert found.joinable_error == 0


def test_pairs_found_by_one_rule_and_by_two_tell_how_many_were_found_by_none(encoded: Encoded) -> None:
    once = [(2 * n, 2 * n + 1, 1 << 3) for n in range(10)]
    twice = [(2 * n, 2 * n + 1, 0b11) for n in range(10, 14)]
    often = [(2 * n, 2 * n + 1, 0b10111) for n in range(14, 100)]
    cluster = np.arange(300) // 2 * 2
    outcome = Outcome(candidates(*once, *twice, *often, (200, 203, 1)), cluster, CAP)
    found = estimate_blocking_loss(encoded, outcome, MODEL, auto_from=AUTO_FROM)
    assert found.found == 100
    assert found.missed == pytest.approx(9 / 109, abs=1e-5)  # 10 x 9 / 2 x 5 = 9
    assert 0 < found.missed_low < found.missed
    assert found.missed < found.missed_high < 0.3


def test_pairs_that_several_rules_found_leave_nothing_to_miss(encoded: Encoded) -> None:
    pairs = [(2 * n, 2 * n + 1, (1 << ALL_RULES) - 1) for n in range(100)]
    found = estimate_blocking_loss(
        encoded, Outcome(candidates(*pairs), np.arange(300) // 2 * 2, CAP), MODEL, auto_from=AUTO_FROM
    )
    assert (found.missed, found.missed_low) == (0, 0)
    assert found.missed_high == pytest.approx(3 / 103, abs=1e-5)


def test_the_estimate_is_the_same_each_time(encoded: Encoded) -> None:
    outcome = Outcome(candidates_of(encoded), np.arange(300) // 3, CAP)
    once = estimate_blocking_loss(encoded, outcome, MODEL, auto_from=AUTO_FROM)
    assert estimate_blocking_loss(encoded, outcome, MODEL, auto_from=AUTO_FROM) == once


def caught(seed: int, ease: float) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], int]:
    """How many of twelve rules found each of 2,000 pairs of 1,000 customers, those of none left out; and these.

    Pairs differ in how easy they are to find, the less the higher `ease`; the pairs of one customer are alike in it.
    """
    chance = np.random.default_rng(seed)
    customer = np.arange(2_000) // 2
    easy = chance.beta(ease, ease * 0.6, 1_000)[customer]
    rules = chance.binomial(12, easy).astype(np.uint8)
    return rules[rules > 0], customer[rules > 0].astype(np.int64), int((rules == 0).sum())


@pytest.mark.parametrize("ease", [1.5, 2.5, 4.0])
def test_the_share_lies_between_its_limits_in_most_registers(ease: float) -> None:
    inside = 0
    for seed in range(40):
        rules, customer, none = caught(seed, ease)
        low, _, high = recapture(rules, customer)
        inside += low <= none / 2_000 <= high
    assert inside >= 34


def test_more_pairs_of_one_rule_alone_raise_the_share_and_its_limits() -> None:
    rules, customer, _ = caught(1, 2.5)
    more = np.where(rules == 3, 1, rules).astype(np.uint8)
    assert all(b > a for a, b in zip(recapture(rules, customer), recapture(more, customer), strict=True))
