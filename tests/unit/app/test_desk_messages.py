"""What a page of the desk sends: carried out once, refused with a reason, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mdm.app.desk import Ack, Actor, Desk, Said, open_desk, read_parcels
from mdm.errors import SettingsInvalid
from mdm.store import Act, Fate, Lease, Saying
from tests.ui import project

NOW = "2026-02-01T09:00:00+00:00"
ANNA = Actor("anna", "steward")
ME = Said("tester", NOW, "")
D = project.DOUBTFUL.start
PAGE = "a" * 32


def answer(n: int, number: int, said: str = "match", **more: object) -> dict[str, Any]:
    ends = {"left": str(project.left(n)), "right": str(project.right(n))}
    return {"number": number, "kind": "decide", **ends, "answer": said, **more}


def send(desk: Desk, *messages: dict[str, Any], sender: str = PAGE, said: Said = ME) -> list[Ack]:
    return desk.deliver(read_parcels([{"sender": sender, "messages": list(messages)}]), said)


def undo(number: int, of: int, **more: object) -> dict[str, Any]:
    return {"number": number, "kind": "undo", "of": {"sender": PAGE, "number": of}, **more}


def kinds(desk: Desk) -> list[str]:
    return desk._store.decisions()["kind"].to_list()


def test_answers_are_recorded_in_their_order_and_acknowledged(desk: Desk) -> None:
    acks = send(desk, answer(D, 1, reason="same owner"), answer(D + 1, 2, "do_not_match"), answer(D + 2, 3, "unsure"))
    assert [(a.message, a.outcome, a.statement) for a in acks] == [(1, "done", 1), (2, "done", 2), (3, "done", 3)]
    assert kinds(desk) == ["match", "do_not_match", "unsure"]
    decision = desk.pair(project.left(D), project.right(D)).decision
    assert decision is not None
    assert (decision.author, decision.reason) == ("tester", "same owner")


def test_a_parcel_that_arrives_again_changes_nothing_also_after_an_undo(desk: Desk) -> None:
    parcel = [answer(D, 1), undo(2, of=1), answer(D + 1, 3, "do_not_match")]
    first = send(desk, *parcel)
    before = kinds(desk)
    again = send(desk, *parcel)
    assert [(a.message, a.outcome, a.statement) for a in again] == [(a.message, a.outcome, a.statement) for a in first]
    assert kinds(desk) == before == ["match", "withdrawn", "do_not_match"]


def test_a_parcel_that_arrives_again_after_a_restart_changes_nothing(desk: Desk, folder: Path) -> None:
    send(desk, answer(D, 1), undo(2, of=1))
    other = open_desk(folder, {"USER": "tester"})
    assert [a.outcome for a in send(other, answer(D, 1), undo(2, of=1))] == ["done", "done"]
    assert kinds(other) == ["match", "withdrawn"]
    other.close()


def test_what_somebody_else_decided_otherwise_is_refused_and_names_it(desk: Desk) -> None:
    send(desk.called_by(ANNA), answer(D, 1, "do_not_match"), sender="b" * 32)
    (ack,) = send(desk, answer(D, 1))
    assert ack.outcome == "refused"
    assert "anna decided on 2026-02-01" in ack.told
    assert kinds(desk) == ["do_not_match"]


def test_the_same_answer_of_somebody_else_is_told_and_not_taken_for_ones_own(desk: Desk) -> None:
    send(desk.called_by(ANNA), answer(D, 1), sender="b" * 32)
    (ack,) = send(desk, answer(D, 1))
    assert (ack.outcome, ack.mine) == ("done", False)
    assert ack.told.startswith("anna had said the same on ")
    assert kinds(desk) == ["match"]


def test_an_answer_to_what_has_changed_since_is_refused(desk: Desk, folder: Path) -> None:
    seen = desk.pair(project.left(D), project.right(D)).evidence
    path = folder / "erp.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(project.vat(1000 + D), project.vat(2000 + D)), "utf-8")
    project.scan_project(folder, "2026-02-02T08:00:00+00:00")
    (ack,) = send(desk, answer(D, 1, seen=seen))
    assert ack.outcome == "refused"
    assert "has changed since you looked at it" in ack.told
    now = desk.pair(project.left(D), project.right(D)).evidence
    assert now != seen
    assert send(desk, answer(D, 2, seen=now))[0].outcome == "done"


def test_records_are_split_off_and_the_split_is_taken_back(desk: Desk) -> None:
    mine = desk.pair(project.left(0), project.right(0)).customers[0].master_id
    acks = send(
        desk, {"number": 1, "kind": "split", "master_id": mine, "records": [str(project.right(0))], "reason": "two"}
    )
    assert acks[0].told.endswith(f"was split off {mine}.")
    assert len(desk.pair(project.left(0), project.right(0)).customers) == 2
    assert send(desk, undo(2, of=1))[0].told == "Taken back."
    assert len(desk.pair(project.left(0), project.right(0)).customers) == 1


def test_a_match_with_a_changed_value_sets_it_on_the_id_that_stays(desk: Desk) -> None:
    pair = desk.pair(project.left(D), project.right(D))
    value = {"kind": "override", "master_id": pair.stays, "field": "city", "value": "Neustadt"}
    acks = send(desk, answer(D, 1), {"number": 2, **value})
    assert [a.outcome for a in acks] == ["done", "done"]
    assert desk._store.get_customers([pair.stays])[pair.stays].values["city"] == "Neustadt"
    bad = {"kind": "override", "master_id": pair.stays, "field": "email", "value": "nobody"}
    assert send(desk, {"number": 3, **bad})[0].outcome == "refused"


def test_a_value_is_not_set_where_the_answer_it_goes_with_was_refused(desk: Desk) -> None:
    send(desk.called_by(ANNA), answer(D, 1, "do_not_match"), sender="b" * 32)
    stays = desk.pair(project.left(D), project.right(D)).stays
    value = {"kind": "override", "master_id": stays, "field": "city", "value": "Neustadt", "after": 1}
    acks = send(desk, answer(D, 1), {"number": 2, **value})
    assert [a.outcome for a in acks] == ["refused", "refused"]
    assert desk._store.get_customers([stays])[stays].values["city"] != "Neustadt"


def test_two_customers_are_merged(desk: Desk) -> None:
    win, lose = (desk.pair(project.left(n), project.right(n)).customers[0].master_id for n in (0, 1))
    assert send(desk, {"number": 1, "kind": "merge", "win": win, "lose": lose})[0].told == (
        f"{lose} was merged into {win}."
    )
    assert desk.pair(project.left(0), project.left(1)).already_one


def test_an_undo_of_what_was_refused_is_told_in_words(desk: Desk) -> None:
    assert send(desk, undo(2, of=1))[0].told == "That was not recorded, so there is nothing to take back."


@pytest.mark.parametrize(
    "parcel",
    [
        {},
        [{"sender": PAGE}],
        [{"sender": "short", "messages": []}],
        [{"sender": PAGE, "messages": [{"number": 0, "kind": "undo"}]}],
        [{"sender": PAGE, "messages": [{"number": 1, "kind": "delete"}]}],
        [{"sender": PAGE, "messages": [answer(D, 1, "perhaps")]}],
        [{"sender": PAGE, "messages": [answer(D, 1, author="the chief")]}],
        [{"sender": PAGE, "messages": [undo(n + 1, of=1) for n in range(501)]}],
    ],
)
def test_what_no_page_of_ours_sends_is_refused_as_a_whole(parcel: object) -> None:
    with pytest.raises(SettingsInvalid, match="does not understand"):
        read_parcels(parcel)


def test_an_undo_of_what_was_published_says_what_it_would_tell_and_asks(desk: Desk) -> None:
    win, lose = (desk.pair(project.left(n), project.right(n)).customers[0].master_id for n in (0, 1))
    send(desk, {"number": 1, "kind": "merge", "win": win, "lose": lose})
    outbox = desk._store.outbox
    outbox.take(["erp"], NOW)
    letters = outbox.unread("erp", 100)
    outbox.note([Fate(letter.id, Act.APPROVE, expects={}) for letter in letters], NOW)
    outbox.approve("erp", Saying("approve", "tester", NOW, ""))
    lease = Lease("p", NOW, "2026-02-01T10:00:00+00:00")
    sent = outbox.claim("erp", 100, lease)
    outbox.complete("erp", [Fate(letter.id, Act.CONFIRM) for letter in sent], lease, Saying("publish", "t", NOW, ""))
    (asked,) = send(desk, undo(2, of=1))
    assert asked.outcome == "ask"
    assert any(f"MDM_ID {win} (confirmed)" in line for line in asked.effect.told)
    assert any(f"erp E001: MDM_ID {win} → {lose}" in line for line in asked.effect.would)
    assert desk.pair(project.left(0), project.left(1)).already_one
    assert send(desk, undo(3, of=1, confirmed=True))[0].outcome == "done"
    assert not desk.pair(project.left(0), project.left(1)).already_one
