"""The admin is told of scans that stay out, by the times between those before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mdm.app.desk_admin import BY_HAND, FEWEST, rhythm_of

NIGHT = datetime(2026, 2, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_nightly_scan_that_stays_out_for_three_days_is_late() -> None:
    nights = [NIGHT + n * DAY for n in range(5)]
    assert not rhythm_of(nights, nights[-1] + DAY * 1.5).is_late
    found = rhythm_of(nights, nights[-1] + 3 * DAY)
    assert (found.is_late, found.usual, found.since) == (True, DAY, 3 * DAY)


def test_scans_that_somebody_tried_one_after_the_other_promise_nothing() -> None:
    tried = [NIGHT + timedelta(minutes=n) for n in range(9)]
    assert not rhythm_of(tried, NIGHT + 30 * DAY).is_late


def test_without_a_scan_or_with_few_nothing_is_late() -> None:
    assert not rhythm_of([], NIGHT).is_late
    assert not rhythm_of([NIGHT + n * DAY for n in range(FEWEST)], NIGHT + 90 * DAY).is_late


@given(
    gap=st.timedeltas(min_value=BY_HAND + timedelta(seconds=1), max_value=90 * DAY),
    since=st.timedeltas(min_value=timedelta(), max_value=365 * DAY),
    order=st.permutations(range(FEWEST + 3)),
)
def test_what_comes_by_the_clock_is_late_after_twice_its_time(
    gap: timedelta, since: timedelta, order: list[int]
) -> None:
    """In whichever order the log is read."""
    ends = [NIGHT + n * gap for n in order]
    assert rhythm_of(ends, max(ends) + since).is_late == (since > 2 * gap)
