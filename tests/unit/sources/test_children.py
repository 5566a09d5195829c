"""Child tables: how their rows become columns of the records they belong to."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.errors import InputRefused

MAIN = "id;name\n1;Anna\n2;Bert\n3;Carl\n"
MAILS = """kunnr;mail;no
2;c@example.com;3
1;b@example.com;2
1;a@example.com;2
1;;1
9;x@example.com;1
;y@example.com;1
"""


def child(**rules: Any) -> dict[str, Any]:
    return {"name": "mail", "path": "mails.csv", "on": {"id": "kunnr"}} | rules


def column(work: Any, name: str, **rules: Any) -> list[str | None]:
    work.write("mails.csv", MAILS)
    return [row[name] for row in work.values(work.land(MAIN, children=[child(**rules)]))]


def test_the_first_row_by_the_order_gives_its_columns(work: Any) -> None:
    assert column(work, "mail.mail", order_by=["mail"]) == ["a@example.com", "c@example.com", None]


def test_a_tie_in_the_order_is_broken_by_all_columns(work: Any) -> None:
    assert column(work, "mail.no", order_by=["kunnr"]) == ["2", "3", None]


def test_the_order_of_rows_in_the_child_makes_no_difference(work: Any) -> None:
    first = column(work, "mail.mail", order_by=["no"])
    head, *rows = MAILS.splitlines()
    work.write("mails.csv", "\n".join([head, *reversed(rows)]))
    landed = work.land(MAIN, children=[child(order_by=["no"])])
    assert [row["mail.mail"] for row in work.values(landed)] == first


def test_many_rows_are_counted(work: Any) -> None:
    assert column(work, "mail.rows", many=True) == ["3", "1", "0"]


def test_the_distinct_values_of_many_rows_are_sorted_and_joined(work: Any) -> None:
    assert column(work, "mail.mail", many=True) == ["a@example.com | b@example.com", "c@example.com", None]


def test_rows_that_belong_to_no_record_are_counted(work: Any) -> None:
    work.write("mails.csv", MAILS)
    assert work.land(MAIN, children=[child()]).counts["mail.orphans"] == 1


def test_a_change_in_a_child_changes_the_row_hash(work: Any) -> None:
    work.write("mails.csv", MAILS)
    before = work.land(MAIN, children=[child()]).index["row_hash"].to_list()
    work.write("mails.csv", MAILS.replace("c@", "d@"))
    after = work.land(MAIN, children=[child()]).index["row_hash"].to_list()
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_an_odd_row_of_a_child_is_quarantined_under_its_own_file(work: Any) -> None:
    work.write("mails.csv", MAILS + "7;a;b;c\n")
    landed = work.land(MAIN, children=[child()])
    assert landed.quarantine.select("file", "record_number").rows() == [("mails.csv", 7)]
    assert [(f.table, f.rows_in, f.loaded, f.quarantined) for f in landed.files] == [
        ("main", 3, 3, 0),
        ("mail", 7, 6, 1),
    ]


def test_a_missing_join_column_is_refused(work: Any) -> None:
    work.write("mails.csv", MAILS)
    with pytest.raises(InputRefused, match='no column "partner"'):
        work.land(MAIN, children=[child(on={"id": "partner"})])


def test_two_children_are_joined_beside_each_other(work: Any) -> None:
    work.write("mails.csv", MAILS)
    work.write("towns.csv", "nr;town\n3;Ulm\n1;Bonn\n")
    towns = {"name": "town", "path": "towns.csv", "on": {"id": "nr"}}
    landed = work.land(MAIN, children=[child(many=True), towns])
    assert [(row["mail.rows"], row["town.town"]) for row in work.values(landed)] == [
        ("3", "Bonn"),
        ("1", None),
        ("0", "Ulm"),
    ]


def test_a_key_may_be_a_column_of_a_child(work: Any) -> None:
    work.write("towns.csv", "nr;code\n1;A\n2;B\n3;C\n")
    towns = {"name": "town", "path": "towns.csv", "on": {"id": "nr"}}
    assert work.land(MAIN, key="id+town.code", children=[towns]).index["key"].to_list() == ["1|A", "2|B", "3|C"]
