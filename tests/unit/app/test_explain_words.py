"""What a steward is told about two records: a test for each sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mdm.app.desk_links import Bar, Link
from mdm.app.explain_chain import Tie
from mdm.app.explain_finding import Finding
from mdm.app.explain_words import tell, verdict_of
from mdm.app.held_back import held_back_by
from mdm.match import SharedKey
from mdm.records import RecordKey, SystemName
from mdm.steward import Decision

A, B, C = (RecordKey(SystemName("crm"), key) for key in "ABC")
AGREED = (("same", ("name", "country")), ("similar", ("place",)), ("missing", ("e-mail",)))
TOLD = "Same: name, country; similar: place; missing: e-mail."
ONE, OTHER = "M-000016J-D", "M-000017K-E"


def link(weight: float, band: str, found: dict[str, str] | None = None, *, held: bool = False) -> Link:
    bars = tuple(Bar(name, finding, 0.0, 0.0) for name, finding in (found or {}).items())
    return Link(A, B, weight, 0.5, band, held, "", bars, (), AGREED)  # type: ignore[arg-type]


def finding(scored: Link, **known: Any) -> Finding:
    given: dict[str, Any] = {"compared": True, "capped": (), "master_ids": (ONE, OTHER), "decisions": (), "chain": ()}
    return Finding(link=scored, **given | known, auto_from=0.6, review_from=-3.2)


def decided(answer: Any) -> Decision:
    return Decision(7, answer, A, B, "ann", "2026-02-01T00:00:00+00:00", "seen")


def test_two_that_joined_are_told_with_their_weight() -> None:
    assert tell(finding(link(12.5, "auto"), master_ids=(ONE, ONE))) == f"One customer, weight 12.5. {TOLD}"


def test_two_that_hang_together_through_others_name_them() -> None:
    chain = (Tie(A, C, 5.0, None), Tie(C, B, 4.0, None))
    found = finding(link(0.2, "review"), master_ids=(ONE, ONE), chain=chain)
    assert tell(found) == f"One customer through crm:C; the two alone have weight 0.2, below 0.6. {TOLD}"


def test_two_that_would_be_held_back_but_hang_together_say_why() -> None:
    scored = link(5.6, "review", {"family name": "the same", "birth date": "different"}, held=True)
    chain = (Tie(A, C, 5.0, None), Tie(C, B, 4.0, None))
    assert tell(finding(scored, master_ids=(ONE, ONE), chain=chain)) == (
        "One customer through crm:C; the two alone, weight 5.6, would go to a person: they were born on different "
        f"days, and namesakes of a family share the rest. {TOLD}"
    )


def test_two_that_hang_together_but_never_met_say_what_they_would_have_scored() -> None:
    chain = (Tie(A, C, 5.0, None), Tie(C, B, 4.0, None))
    found = finding(link(-1.0, "review"), master_ids=(ONE, ONE), chain=chain, compared=False)
    assert tell(found).startswith(
        "One customer through crm:C; the two were never compared: no blocking rule hit; they would have scored -1.0."
    )


def test_a_decision_that_they_match_is_told_with_who_and_when() -> None:
    found = finding(link(0.2, "review"), master_ids=(ONE, ONE), decisions=(decided("match"),))
    assert tell(found).startswith(
        "One customer, because decision 7 of ann on 2026-02-01 says that crm:A and crm:B are one customer; weight 0.2."
    )


def test_a_decision_that_they_do_not_match_is_told_with_who_and_when() -> None:
    found = finding(link(9.0, "auto"), decisions=(decided("do_not_match"),))
    said = "decision 7 of ann on 2026-02-01 says that crm:A and crm:B are two customers"
    assert tell(found).startswith(f"Two customers, because {said}; weight 9.0.")


@pytest.mark.parametrize(("answer", "ids"), [("match", (ONE, OTHER)), ("do_not_match", (ONE, ONE))])
def test_a_decision_that_no_scan_has_seen_is_told_as_such(answer: str, ids: tuple[str, str]) -> None:
    told = tell(finding(link(9.0, "auto"), master_ids=ids, decisions=(decided(answer),)))
    assert "But decision 7 of ann on 2026-02-01" in told
    assert "in effect with the next scan." in told


def test_two_with_too_little_in_common_say_from_what_a_person_is_asked() -> None:
    assert tell(finding(link(-6.0, "no"))) == (
        f"Two customers, because too little agrees: weight -6.0, below the -3.2 from which a person is asked. {TOLD}"
    )


def test_a_doubtful_pair_says_from_what_it_would_be_joined() -> None:
    assert tell(finding(link(-1.0, "review"))) == (
        f"In review, weight -1.0: from -3.2 a person is asked, from 0.6 they are joined. {TOLD}"
    )


def test_a_strong_pair_that_its_clusters_do_not_bear_out_says_so() -> None:
    assert tell(finding(link(3.4, "auto"))) == (
        "In review, weight 3.4: would be one customer, but the other records of the two speak against it. " + TOLD
    )


@pytest.mark.parametrize(
    ("weight", "band", "meaning"),
    [
        (4.0, "auto", "enough to be joined"),
        (-1.0, "review", "enough to ask a person"),
        (-9.0, "no", "too little to ask a person"),
    ],
)
def test_two_that_were_never_compared_say_what_they_would_have_scored(weight: float, band: str, meaning: str) -> None:
    found = finding(link(weight, band), compared=False)
    assert verdict_of(found) == "never compared"
    assert tell(found) == f"Never compared: no blocking rule hit; it would have scored {weight:.1f}, {meaning}. {TOLD}"


def test_what_too_many_share_is_named_with_its_numbers() -> None:
    found = finding(link(-9.0, "no"), compared=False, capped=(SharedKey("same telephone", 1_200, 50),))
    assert "what they share, too many records have: same telephone (1,200 records, at most 50);" in tell(found)


def test_two_never_compared_that_would_be_held_back_say_why() -> None:
    scored = link(4.0, "review", {"given name": "different", "birth date": "the same"}, held=True)
    assert "enough to be joined if nothing held it back: their given names are two names" in tell(
        finding(scored, compared=False)
    )


FIRM = {"name": "different (1 of 9)", "place": "same building", "telephone": "different"}
PERSON = {"given name": "the same", "family name": "the same", "address": "the same house"}


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({**FIRM, "tax or register number": "conflict"}, "their valid numbers contradict"),
        ({**PERSON, "identity or tax number": "conflict"}, "their valid numbers contradict"),
        (FIRM, "their names are different and only the place agrees"),
        (
            {**FIRM, "tax or register number": "the same"},
            "one is the parent of the other",
        ),
        ({"name": "the same"}, "one is the parent of the other"),
        (
            {"name": "nearly the same (8 of 9)", "telephone": "the same"},
            "their names name two firms of one group, or one is the parent of the other",
        ),
        ({**PERSON, "junior or senior": "different"}, "one is the elder and one the younger of that name"),
        (
            {**PERSON, "given name": "different", "birth date": "the same"},
            "their given names are two names, and members of a household share the rest",
        ),
        (
            {**PERSON, "given name": "alike", "birth date": "the same"},
            "their given names are two names, and members of a household share the rest",
        ),
        (
            {**PERSON, "birth date": "different"},
            "they were born on different days, and namesakes of a family share the rest",
        ),
        ({**PERSON, "address": "different"}, "nothing but their names agrees, and others have these too"),
        ({**PERSON, "address": "the same region"}, "nothing but their names agrees, and others have these too"),
        (PERSON, "one is the parent of the other"),
        (
            {**PERSON, "birth date": "different", "identity or tax number": "the same"},
            "one is the parent of the other",
        ),
        ({}, "something speaks against it that today's match model cannot tell any more"),
    ],
)
def test_what_holds_a_strong_pair_back_is_told(found: dict[str, str], why: str) -> None:
    scored = link(3.4, "review", found, held=True)
    assert held_back_by(scored) == why
    assert tell(finding(scored)) == f"In review, weight 3.4: would be one customer, but {why}. {TOLD}"


def test_without_comparisons_the_line_is_the_verdict_alone() -> None:
    assert tell(finding(replace(link(-6.0, "no"), agreed=()))).endswith("from which a person is asked.")
