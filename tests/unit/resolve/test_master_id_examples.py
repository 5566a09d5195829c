"""What happens to master ids, as a table that a steward can read.

One letter is a record, letters together are a customer: "ab c" are two customers, the first with two records. Ids are
given out as M1, M2, … in the order of the customers' first records.
"""

from __future__ import annotations

import polars as pl
import pytest

from mdm.records import CROSSWALK, MASTERS, empty
from mdm.resolve import Assignment, assign_master_ids

SCHEMA = {"system": pl.String, "key": pl.String, "cluster": pl.Int32}

EXAMPLES = [
    # what happens           yesterday  today      who has which id             what became of ids   writes
    ("nothing", "ab cd", "ab cd", "M1:ab M2:cd", "", 0),
    ("rows come in another order", "ab cd", "dc ba", "M1:ab M2:cd", "", 0),
    ("a new customer", "ab", "ab c", "M1:ab M2:c", "", 1),
    ("a new record joins", "ab", "abc", "M1:abc", "", 1),
    ("a new record sorts first", "bc", "abc", "M1:abc", "", 1),
    ("a record leaves", "ab", "a", "M1:a", "", 0),
    ("a customer leaves", "ab c", "ab", "M1:ab", "M2 retired", 0),
    ("a record goes to another customer", "abc de", "ab cde", "M1:ab M2:cde", "", 1),
    ("two become one, the larger stays", "ab cdefg", "abcdefg", "M2:abcdefg", "M1 merged M2", 2),
    ("two of one size become one, the older stays", "ab cd", "abcd", "M1:abcd", "M2 merged M1", 2),
    ("three become one", "a bc d", "abcd", "M2:abcd", "M1 merged M2, M3 merged M2", 2),
    ("one becomes two, the larger part stays", "abcde", "ab cde", "M1:cde M2:ab", "", 2),
    ("one becomes two equal parts, the first record decides", "abcd", "ab cd", "M1:ab M2:cd", "", 2),
    ("one becomes three", "abcdef", "ab c def", "M1:def M2:ab M3:c", "", 3),
    ("a customer is shared out among others", "abc def gh", "abd efc gh", "M1:abd M2:cef M3:gh", "", 2),
    ("a customer is split up between two larger ones", "ab cde fgh", "acde bfgh", "M2:acde M3:bfgh", "M1 split M2", 2),
    ("a customer's rest moves as it shrinks", "abc de", "abde", "M1:abde", "M2 merged M1", 2),
]


def clusters(text: str) -> pl.DataFrame:
    rows = [("crm", key, place) for place, part in enumerate(text.split()) for key in part]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def scan(yesterday: str, today: str) -> Assignment:
    first = assign_master_ids(clusters(yesterday), empty(CROSSWALK), empty(MASTERS))
    return assign_master_ids(clusters(today), first.crosswalk, first.masters)


def has(after: Assignment) -> str:
    by_id: dict[str, str] = {}
    for _, key, master in after.crosswalk.rows():
        by_id[master] = by_id.get(master, "") + key
    names = dict(after.masters.select("master_id", "sequence").rows())
    return " ".join(f"M{names[m]}:{keys}" for m, keys in sorted(by_id.items()))


def became(after: Assignment) -> str:
    names = dict(after.masters.select("master_id", "sequence").rows())
    ended = after.masters.filter(pl.col("state") != "active").select("master_id", "state", "into").rows()
    return ", ".join(f"M{names[m]} {state}" + (f" M{names[into]}" if into else "") for m, state, into in ended)


@pytest.mark.parametrize(
    ("yesterday", "today", "owners", "ended", "writes"), [e[1:] for e in EXAMPLES], ids=[e[0] for e in EXAMPLES]
)
def test_ids_from_one_scan_to_the_next(yesterday: str, today: str, owners: str, ended: str, writes: int) -> None:
    after = scan(yesterday, today)
    assert (has(after), became(after), after.churn.writes) == (owners, ended, writes)


def test_a_split_id_follows_the_successor_it_leads_to() -> None:
    first = scan("ab cde fgh", "acde bfgh")
    after = assign_master_ids(clusters("acdebfgh"), first.crosswalk, first.masters)
    assert became(after) == "M1 split M2, M3 merged M2"
    last = assign_master_ids(clusters("bfgh"), first.crosswalk, first.masters)
    assert became(last) == "M1 retired, M2 retired"


def test_a_write_is_counted_for_the_system_that_must_be_told() -> None:
    after = scan("ab cdefg", "abcdefg hi")
    assert after.churn.writes_by_system == {"crm": 4}
    assert (after.churn.merged, after.churn.created, after.churn.moved) == (1, 1, 2)
