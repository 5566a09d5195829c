"""Laws of proposed merges: each record once, never more in a step than the system merges, whatever the order."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mdm.app.duplicates import propose_merges

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
    same = {"system": "crm", "master_id": "M-1", "customer": "x", "name": "x"}
    frame = pl.DataFrame([r | same for r in records])
    told = propose_merges(frame, {"crm": most})
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=chance.randrange(1000))  # type: ignore[attr-defined]
    assert propose_merges(shuffled, {"crm": most}).equals(told)
    assert sorted([told["keep"][0], *told["merge"]]) == sorted(r["key"] for r in records)
    best = max((r["given"], r["values"], r["changed_at"]) for r in records)
    kept = next(r for r in records if r["key"] == told["keep"][0])
    assert (kept["given"], kept["values"], kept["changed_at"]) == best
    sizes = told["step"].value_counts()["count"].to_list()
    assert max(sizes) <= max((most or len(records)) - 1, 1)
