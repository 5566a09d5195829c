"""What stewards decided is honoured by the next scan."""

from __future__ import annotations

from typing import Any, Literal

from mdm.records import RecordKey, SystemName

Kind = Literal["match", "do_not_match", "unsure"]
Record = tuple[str, str]

A0, A1, A2, A3 = (("crm", f"A{n:03d}") for n in range(4))
B2 = ("crm", "B002")
E0, E1, E2 = (("erp", f"{n + 1:010d}") for n in range(3))


def decide(project: Any, kind: Kind, one: Record, other: Record) -> int:
    left, right = (RecordKey(SystemName(system), key) for system, key in (one, other))
    with project.store() as store:
        number = store.add_decision(kind, left, right, author="ann", at="2026-02-01T00:00:00+00:00", reason="seen")
    assert isinstance(number, int)
    return number


def clusters(project: Any) -> set[frozenset[Record]]:
    by_id: dict[str, set[Record]] = {}
    for record, master_id in project.ids().items():
        by_id.setdefault(master_id, set()).add(record)
    return {frozenset(members) for members in by_id.values()}


def test_a_match_puts_strangers_together(scanned: Any) -> None:
    before = scanned.ids()
    decide(scanned, "match", A0, A1)
    scan = scanned.scan()
    assert scan["counts"]["customers"] == 15
    ids = scanned.ids()
    assert ids[A0] == ids[A1] == ids[E0] == ids[E1] == before[A0]
    assert scanned.scan("--full")["rows_written"] == 0


def test_a_do_not_match_takes_duplicates_apart(scanned: Any) -> None:
    before = scanned.ids()
    assert before[A0] == before[E0]
    decide(scanned, "do_not_match", A0, E0)
    scan = scanned.scan()
    ids = scanned.ids()
    assert ids[A0] != ids[E0]
    assert scan["counts"]["customers"] == 17
    assert {r: m for r, m in ids.items() if r not in (A0, E0)} == {r: m for r, m in before.items() if r not in (A0, E0)}
    assert scanned.scan("--full")["rows_written"] == 0


def test_a_match_holds_through_a_chain(scanned: Any) -> None:
    decide(scanned, "match", A1, A0)
    decide(scanned, "match", A3, A1)
    scanned.scan()
    ids = scanned.ids()
    assert ids[A0] == ids[A1] == ids[A3]


def test_a_do_not_match_holds_through_a_chain(scanned: Any) -> None:
    # A002, B002 and the ERP's record are one customer to the rules; B002 is tied to the ERP's, which is not A002.
    assert len({scanned.ids()[record] for record in (A2, B2, E2)}) == 1
    decide(scanned, "match", B2, E2)
    decide(scanned, "do_not_match", A2, E2)
    scanned.scan()
    ids = scanned.ids()
    assert ids[B2] == ids[E2]
    assert ids[A2] != ids[B2]


def test_a_chain_holds_while_a_record_in_its_middle_is_gone(scanned: Any, world: Any) -> None:
    decide(scanned, "match", A0, A1)
    decide(scanned, "match", A1, A3)
    del world.rows["crm"][1]
    world.write()
    scanned.scan()
    ids = scanned.ids()
    assert A1 not in ids
    assert ids[A0] == ids[A3]


def test_a_decision_on_a_record_that_is_gone_rests_until_it_is_back(scanned: Any, world: Any) -> None:
    decide(scanned, "match", A0, A3)
    row = world.rows["crm"].pop(3)
    world.write()
    assert scanned.scan()["counts"]["records"] == 39
    world.rows["crm"].append(row)
    world.write()
    scanned.scan()
    ids = scanned.ids()
    assert ids[A0] == ids[A3]


def test_decisions_that_contradict_each_other_stop_the_scan(scanned: Any) -> None:
    decide(scanned, "match", A0, A1)
    decide(scanned, "match", A1, A3)
    number = decide(scanned, "do_not_match", A0, A3)
    before = scanned.seen()
    ran = scanned.try_scan()
    assert ran.code == 5
    assert f"do-not-match decision {number} contradicts the same decisions 1, 2" in ran.words
    assert "Take back one of them" in ran.words
    assert scanned.seen() == before


def test_a_decision_taken_back_leaves_the_pair_to_the_rules(scanned: Any) -> None:
    before = clusters(scanned)
    number = decide(scanned, "do_not_match", A0, E0)
    scanned.scan()
    with scanned.store() as store:
        store.supersede(number, "withdrawn", author="bob", at="2026-02-02T00:00:00+00:00", reason="wrong")
    scanned.scan()
    assert clusters(scanned) == before


def test_a_scan_changes_no_decision(scanned: Any) -> None:
    decide(scanned, "match", A0, A1)
    decide(scanned, "do_not_match", A2, E2)
    before = scanned.seen()["decisions"]
    scanned.scan()
    scanned.scan("--full")
    assert scanned.seen()["decisions"] == before


def test_a_decision_that_changes_nothing_leaves_the_result_as_it_was(scanned: Any) -> None:
    first = scanned.scan()
    decide(scanned, "match", A0, E0)
    second = scanned.scan()
    assert second["unchanged"] is False
    assert second["result_hash"] == first["result_hash"]
    assert scanned.scan()["rows_written"] == 0


def test_a_decided_pair_is_not_asked_about_again(scanned: Any) -> None:
    assert scanned.scan()["counts"]["pairs_to_review"] == 0
    match = scanned.folder / "rules" / "match.yaml"
    match.write_text("version: 1\nauto: false\n", encoding="utf-8")
    asked = scanned.scan()["counts"]["pairs_to_review"]
    assert asked > 0
    decide(scanned, "do_not_match", A0, E0)
    assert scanned.scan()["counts"]["pairs_to_review"] == asked - 1


def test_an_unsure_pair_is_never_linked_by_itself_and_not_asked_about(scanned: Any) -> None:
    decide(scanned, "unsure", A0, E0)
    asked = scanned.scan()["counts"]["pairs_to_review"]
    ids = scanned.ids()
    assert ids[A0] != ids[E0]
    assert asked == 0
    assert scanned.scan("--full")["rows_written"] == 0


def test_a_match_overrules_that_somebody_was_unsure(scanned: Any) -> None:
    before = scanned.ids()
    decide(scanned, "unsure", A0, E0)
    decide(scanned, "match", A0, E0)
    scanned.scan()
    assert scanned.ids() == before
