"""What a steward is told about two records: the verdict, why, and what is the same, similar, different, missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from mdm.app.desk_links import Link
from mdm.app.explain_chain import Tie
from mdm.app.explain_finding import Finding
from mdm.app.held_back import held_back_by
from mdm.report.visible import visible
from mdm.steward import Decision

Verdict = Literal["one customer", "two customers", "in review", "never compared"]

BEGINNINGS: Final[Mapping[Verdict, str]] = {
    "one customer": "One customer",
    "two customers": "Two customers",
    "in review": "In review",
    "never compared": "Never compared",
}


def verdict_of(f: Finding) -> Verdict:
    """What the last scan made of the two records."""
    if f.together:
        return "one customer"
    if f.decided == "do_not_match":
        return "two customers"
    if not f.compared:
        return "never compared"
    return "in review" if f.link.band in {"auto", "review"} else "two customers"


def tell(f: Finding) -> str:
    """One line: the verdict, why, and the outcome of every comparison."""
    verdict = verdict_of(f)
    told = {"one customer": _together, "two customers": _apart, "in review": _in_review, "never compared": _never}
    parts = [f"{BEGINNINGS[verdict]}{told[verdict](f)}.", outcome(f.link)]
    if f.decided == "match" and not f.together:
        parts.insert(1, f"But {name_decisions(f.decisions)}: in effect with the next scan.")
    if f.decided == "do_not_match" and f.together:
        parts.insert(1, f"But {name_decisions(f.decisions)}: in effect with the next scan.")
    return " ".join(part for part in parts if part)


def _together(f: Finding) -> str:
    if f.decided == "match":
        return f", because {name_decisions(f.decisions)}; {_weight(f)}"
    if f.link.band == "auto" and f.compared:
        return f", {_weight(f)}"
    way = f" through {name_way(f.chain)}" if f.chain else " through other records"
    return f"{way}; {_alone(f)}"


def _alone(f: Finding) -> str:
    if not f.compared:
        return f"the two were never compared: {_unblocked(f)}; they would have scored {bits(f.link.weight)}"
    if f.link.held_back:
        return f"the two alone, {_weight(f)}, would go to a person: {held_back_by(f.link)}"
    return f"the two alone have {_weight(f)}, below {bits(f.auto_from)}"


def _apart(f: Finding) -> str:
    if f.decided == "do_not_match":
        scored = _weight(f) if f.compared else f"never compared: {_unblocked(f)}"
        return f", because {name_decisions(f.decisions)}; {scored}"
    return f", because too little agrees: {_weight(f)}, below the {bits(f.review_from)} from which a person is asked"


def _in_review(f: Finding) -> str:
    if f.link.held_back:
        return f", {_weight(f)}: would be one customer, but {held_back_by(f.link)}"
    if f.link.band == "auto":
        return f", {_weight(f)}: would be one customer, but the other records of the two speak against it"
    return f", {_weight(f)}: from {bits(f.review_from)} a person is asked, from {bits(f.auto_from)} they are joined"


def _never(f: Finding) -> str:
    scored = f"it would have scored {bits(f.link.weight)}"
    meaning = {"auto": "enough to be joined", "review": "enough to ask a person", "no": "too little to ask a person"}
    held = f" if nothing held it back: {held_back_by(f.link)}" if f.link.held_back else ""
    return f": {_unblocked(f)}; {scored}, {meaning['auto' if f.link.held_back else f.link.band]}{held}"


def _unblocked(f: Finding) -> str:
    if not f.capped:
        return "no blocking rule hit"
    named = ", ".join(f"{k.rule} ({k.records:,} records, at most {k.limit:,})" for k in f.capped[:3])
    return f"what they share, too many records have: {named}"


def outcome(link: Link) -> str:
    """`Same: name, country; different: telephone; missing: e-mail.`"""
    told = "; ".join(f"{word}: {', '.join(names)}" for word, names in link.agreed)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def name_decisions(decisions: Sequence[Decision]) -> str:
    """Who said so, and when."""
    words = {"match": "are one customer", "do_not_match": "are two customers"}
    return " and ".join(
        f"decision {d.number} of {visible(d.author)} on {d.at[:10]} says that "
        f"{visible(str(d.left))} and {visible(str(d.right))} {words[d.answer]}"
        for d in decisions
    )


def name_way(chain: Sequence[Tie]) -> str:
    """The records between the two ends, in order."""
    between = [visible(str(tie.right)) for tie in chain[:-1]]
    return " and ".join(between) if between else "a link of their own"


def _weight(f: Finding) -> str:
    return f"weight {bits(f.link.weight)}"


def bits(weight: float) -> str:
    """A weight in bits, one digit behind the point: `12.4`, `-0.3`."""
    return f"{weight:.1f}"
