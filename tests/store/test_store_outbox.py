"""The outbox of a store, on both engines: taken from what is visible, approved, claimed, completed."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.records import PUBLISH_CHANGES, empty
from mdm.store import Act, Fate, Lease, Letter, Run, Saying, State, Store

AT = "2026-01-01T00:00:00+00:00"
SAID = Saying("publish", "ann", AT, "")


def lease(by: str = "p1", now: str = "2026-01-01T10:00:00+00:00", until: str = "2026-01-01T10:05:00+00:00") -> Lease:
    return Lease(by, now, until)


def rescan(store: Store, small: Any, *rows: tuple[str, str, str], gone: Any = None) -> None:
    """A scan that changes nothing but what the CRM is to be told."""
    nothing = empty(PUBLISH_CHANGES)
    small.scan(store, lambda stage: stage.put_publish_changes(small.changes(*rows), nothing if gone is None else gone))


def approved(store: Store) -> list[Letter]:
    """Everything taken, read as expected, and approved."""
    outbox = store.outbox
    outbox.take(["crm"], AT)
    letters = outbox.unread("crm", 1_000)
    outbox.note([Fate(x.id, Act.APPROVE, expects={n: old for n, (old, _) in x.fields.items()}) for x in letters], AT)
    outbox.approve("crm", SAID)
    return letters


def states(store: Store) -> dict[str, int]:
    return {state: rows for _, state, rows, _ in store.outbox.counts().iter_rows()}


def test_what_readers_see_is_taken_once(scanned: Store, small: Any) -> None:
    taken = scanned.outbox.take(["crm"], AT)
    assert (taken.planned, taken.superseded) == (1, 0)
    letter = scanned.outbox.unread("crm", 10)[0]
    assert (letter.record, letter.version, letter.fields) == ("1", 1, {"MDM_ID": (None, small.a)})
    again = scanned.outbox.take(["crm"], AT)
    assert (again.planned, again.superseded) == (0, 0)


def test_another_target_is_left_alone(scanned: Store) -> None:
    assert scanned.outbox.take(["erp"], AT).planned == 0


def test_what_a_scan_has_staged_and_not_shown_is_not_taken(scanned: Store, small: Any) -> None:
    with scanned.begin_scan("nightly", AT) as held:
        stage = scanned.stage_scan(held)
        stage.put_publish_changes(small.changes(("2", "MDM_ID", small.a)))
        assert scanned.outbox.take(["crm"], AT).planned == 1
        stage.abandon()
    assert scanned.outbox.take(["crm"], AT).planned == 0


def test_a_newer_wish_takes_the_place_of_an_unsent_one(scanned: Store, small: Any) -> None:
    scanned.outbox.take(["crm"], AT)
    rescan(scanned, small, ("1", "MDM_ID", small.b))
    taken = scanned.outbox.take(["crm"], AT)
    assert (taken.planned, taken.superseded) == (1, 1)
    assert [x.version for x in scanned.outbox.unread("crm", 10)] == [2]
    assert states(scanned) == {"planned": 1, "superseded": 1}


def test_a_wish_that_is_gone_is_superseded(scanned: Store, small: Any) -> None:
    scanned.outbox.take(["crm"], AT)
    rescan(scanned, small, gone=small.changes(("1", "MDM_ID", small.a)))
    taken = scanned.outbox.take(["crm"], AT)
    assert (taken.planned, taken.superseded) == (0, 1)


def test_a_wish_that_comes_again_after_it_was_confirmed_is_a_new_version(scanned: Store, small: Any) -> None:
    approved(scanned)
    claimed = scanned.outbox.claim("crm", 10, lease())
    scanned.outbox.complete("crm", [Fate(x.id, Act.CONFIRM) for x in claimed], lease(), SAID)
    assert scanned.outbox.take(["crm"], AT).planned == 0
    rescan(scanned, small, gone=small.changes(("1", "MDM_ID", small.a)))
    assert scanned.outbox.take(["crm"], AT).planned == 0
    rescan(scanned, small, ("1", "MDM_ID", small.a))
    assert scanned.outbox.take(["crm"], AT).planned == 1
    again = scanned.outbox.unread("crm", 10)[0]
    assert (again.version, again.accepts) == (2, {"MDM_ID": frozenset({small.a})})


def test_a_confirmed_wish_that_a_later_scan_finds_undone_is_a_new_version(scanned: Store) -> None:
    approved(scanned)
    claimed = scanned.outbox.claim("crm", 10, lease())
    scanned.outbox.complete("crm", [Fate(x.id, Act.CONFIRM) for x in claimed], lease(), SAID)
    assert scanned.outbox.take(["crm"], AT).planned == 0
    later = "2026-03-01T10:00:00+00:00"
    with scanned.begin_scan("nightly", later) as held:  # it sees the old value again, so the same is wanted
        scanned.stage_scan(held).apply(Run(later, later))
    assert scanned.outbox.take(["crm"], later).planned == 1
    assert [x.version for x in scanned.outbox.unread("crm", 10)] == [2]
    assert scanned.outbox.take(["crm"], later).planned == 0


def test_a_letter_nobody_read_for_the_plan_cannot_be_approved(scanned: Store) -> None:
    scanned.outbox.take(["crm"], AT)
    assert scanned.outbox.approve("crm", SAID) == 0


def test_a_letter_that_is_not_approved_is_not_claimed(scanned: Store) -> None:
    scanned.outbox.take(["crm"], AT)
    assert scanned.outbox.claim("crm", 10, lease()) == []


def test_two_publishers_never_have_the_same_letter(scanned: Store) -> None:
    approved(scanned)
    assert len(scanned.outbox.claim("crm", 10, lease("p1"))) == 1
    assert scanned.outbox.claim("crm", 10, lease("p2")) == []


def test_a_letter_whose_publisher_died_is_claimed_again_when_its_lease_has_ended(scanned: Store) -> None:
    approved(scanned)
    scanned.outbox.claim("crm", 10, lease("p1"))
    late = lease("p2", "2026-01-01T10:05:00+00:00", "2026-01-01T10:10:00+00:00")
    assert [x.attempts for x in scanned.outbox.claim("crm", 10, late)] == [2]


def test_who_lost_a_lease_can_complete_nothing(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease("p1"))
    late = lease("p2", "2026-01-01T10:05:00+00:00", "2026-01-01T10:10:00+00:00")
    scanned.outbox.claim("crm", 10, late)
    fates = [Fate(x.id, Act.FAIL, "no") for x in letters]
    assert scanned.outbox.complete("crm", fates, lease("p1"), SAID) == 0
    assert scanned.outbox.complete("crm", [Fate(x.id, Act.CONFIRM) for x in letters], late, SAID) == 1
    assert states(scanned) == {"confirmed": 1}


def test_a_newer_version_waits_until_the_one_on_its_way_has_ended(scanned: Store, small: Any) -> None:
    approved(scanned)
    on_its_way = scanned.outbox.claim("crm", 10, lease())
    rescan(scanned, small, ("1", "MDM_ID", small.b))
    approved(scanned)
    assert states(scanned) == {"approved": 1, "sent": 1}
    assert scanned.outbox.claim("crm", 10, lease("p2")) == []
    scanned.outbox.complete("crm", [Fate(x.id, Act.CONFIRM) for x in on_its_way], lease(), SAID)
    assert [x.version for x in scanned.outbox.claim("crm", 10, lease("p2"))] == [2]


def test_what_is_on_its_way_is_no_surprise_to_the_next_version(scanned: Store, small: Any) -> None:
    approved(scanned)
    scanned.outbox.claim("crm", 10, lease())
    rescan(scanned, small, ("1", "MDM_ID", small.b))
    scanned.outbox.take(["crm"], AT)
    assert scanned.outbox.unread("crm", 10)[0].accepts == {"MDM_ID": frozenset({small.a})}


@pytest.mark.parametrize("act", [Act.PAUSE, Act.FAIL, Act.CONFLICT])
def test_what_took_no_effect_gives_way_to_a_newer_version(scanned: Store, small: Any, act: Act) -> None:
    approved(scanned)
    on_its_way = scanned.outbox.claim("crm", 10, lease())
    rescan(scanned, small, ("1", "MDM_ID", small.b))
    scanned.outbox.take(["crm"], AT)
    scanned.outbox.complete("crm", [Fate(x.id, act) for x in on_its_way], lease(), SAID)
    assert states(scanned) == {"planned": 1, "superseded": 1}


def test_a_letter_that_may_have_taken_effect_comes_again_when_it_is_due(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease())
    due = "2026-01-01T10:00:30+00:00"
    scanned.outbox.complete("crm", [Fate(x.id, Act.WAIT, "no answer", next_at=due) for x in letters], lease(), SAID)
    assert states(scanned) == {"sent": 1}
    assert scanned.outbox.claim("crm", 10, lease("p2")) == []
    assert len(scanned.outbox.claim("crm", 10, lease("p2", due, "2026-01-01T10:09:00+00:00"))) == 1


def test_an_attempt_that_does_not_count_is_not_counted(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease())
    scanned.outbox.complete("crm", [Fate(x.id, Act.WAIT, tries=0) for x in letters], lease(), SAID)
    assert [x.attempts for x in scanned.outbox.claim("crm", 10, lease())] == [1]


def test_a_dead_letter_keeps_its_cause_and_can_be_tried_again(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease())
    scanned.outbox.complete("crm", [Fate(x.id, Act.FAIL, "the field is full") for x in letters], lease(), SAID)
    listed = scanned.outbox.list_letters("crm", [State.FAILED], 10)
    assert listed.select("record", "cause").rows() == [("1", "the field is full")]
    assert scanned.outbox.retry("crm", SAID) == 1
    assert [x.attempts for x in scanned.outbox.claim("crm", 10, lease("p2"))] == [1]


def test_a_conflict_tried_again_is_planned_anew_on_what_the_system_said(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease())
    fates = [Fate(x.id, Act.CONFLICT, "it says X", {"MDM_ID": "X"}) for x in letters]
    scanned.outbox.complete("crm", fates, lease(), SAID)
    scanned.outbox.retry("crm", SAID)
    again = scanned.outbox.unread("crm", 10)[0]
    assert (again.accepts, again.expects) == ({"MDM_ID": frozenset({"X"})}, None)


def test_approving_sending_and_trying_again_are_audited(scanned: Store) -> None:
    approved(scanned)
    letters = scanned.outbox.claim("crm", 10, lease())
    scanned.outbox.complete("crm", [Fate(x.id, Act.FAIL, "no") for x in letters], lease(), SAID)
    scanned.outbox.retry("crm", SAID)
    told = scanned.audit()
    assert told["action"].to_list()[-3:] == ["approve", "publish", "retry"]
    assert set(told["subject"].to_list()[-3:]) == {"target crm"}


def test_a_store_that_published_still_verifies(kept: Store) -> None:
    approved(kept)
    letters = kept.outbox.claim("crm", 10, lease())
    kept.outbox.complete("crm", [Fate(x.id, Act.CONFIRM) for x in letters], lease(), SAID)
    assert kept.verify().holds


def test_taking_many_changes_goes_in_short_transactions(scanned: Store, small: Any) -> None:
    rescan(scanned, small, *[(f"k{n:05}", "MDM_ID", small.a) for n in range(4_500)])
    assert scanned.outbox.take(["crm"], AT).planned == 4_501
    assert len({x.id for x in scanned.outbox.unread("crm", 10_000)}) == 4_501
    assert scanned.outbox.take(["crm"], AT).planned == 0
