"""Laws of proposed merges: each record once, never more in a step than the system merges, whatever the order."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mdm.app.duplicates import choose_kept, rows_of
from mdm.rulebook import Merging

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.text("abcXYZ019", min_size=1, max_size=4),
            "given": st.integers(0, 2),
            "values": st.integers(1, 3),
            "changed_at": st.sampled_from(["", "2026-01-01", "2026-02-01"]),
        }
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda record: record["key"],
)


@given(RECORDS, st.one_of(st.none(), st.integers(1, 5)), st.randoms())
def test_each_record_is_kept_or_merged_once_and_the_order_makes_no_difference(
    records: list[dict[str, object]], most: int | None, chance: object
) -> None:
    merging = Merging(most=most, how="Press Merge.")
    frame = pl.DataFrame([r | {"master_id": "M-1", "customer": "x", "name": "x"} for r in records])
    told = list(rows_of(choose_kept(frame), merging))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=chance.randrange(1000))  # type: ignore[attr-defined]
    assert list(rows_of(choose_kept(shuffled), merging)) == told
    assert sorted([told[0]["keep"], *(row["merge"] for row in told)]) == sorted(r["key"] for r in records)
    sizes = pl.Series([row["step"] for row in told]).value_counts()["count"].to_list()
    assert max(sizes) <= max((most or len(records)) - 1, 1)
