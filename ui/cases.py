"""A pair that waits, as the review is given it: what is drawn of it, and what its answers say."""

from __future__ import annotations

from typing import Any, Final

from mdm.app.desk import Again, Link, Pair, held_back_by, moment, probability, shown
from mdm.records import RecordKey
from ui import graph, places, records, view, words

ANSWERED: Final = {
    "match": "Match: one customer",
    "do_not_match": "Not a match: two customers",
    "unsure": "Unsure: not linked, not asked about",
}
EFFECT: Final = "It takes effect with the next scan."
SCALE: Final = (
    "Weights are in bits: each bit doubles the odds that the two are one customer, a negative one halves them."
)


Keys = tuple[RecordKey, RecordKey]
MOST: Final = 50
"""Pairs that a page names at once, at most."""


def name_of(pair: Keys) -> str:
    """A pair in one text, as a page names it when it asks."""
    return f"{pair[0]}\n{pair[1]}"


def pair_of(name: str) -> Keys | None:
    """What `name_of` wrote; None for anything else."""
    left, _, right = name.partition("\n")
    one, other = places.record_key(left), places.record_key(right)
    return None if one is None or other is None or one == other else (one, other)


def case(pair: Pair, *, may: bool) -> dict[str, Any]:
    """The pair as the review is given it; `may`: to somebody who may decide it."""
    stands = pair.decision if pair.again is None else None
    return {
        "id": name_of((pair.left, pair.right)),
        "left": str(pair.left),
        "right": str(pair.right),
        "says": _says(pair),
        "one": pair.already_one,
        "stays": pair.stays,
        "seen": pair.evidence if may else "",
        "stands": stands.number if stands else 0,
        "customers": [{"id": c.master_id, "name": c.name, "records": c.records} for c in pair.customers],
        "top": [*_decision(pair), *_one(pair), *_changed(pair.again)],
        "blocks": [
            view.beside([*_records(pair), *_golden(pair, may=may)], _why(pair)),
            *_members(pair, may=may),
            *_links(pair),
        ],
    }


def _says(pair: Pair) -> str:
    weight = f", {probability(pair.link.probability)}" if pair.link else ""
    return f"{pair.names[0]} and {pair.names[1]}{weight}"


def _decision(pair: Pair) -> list[view.Block]:
    decision = pair.decision
    if decision is None:
        return []
    by = f"Decided by {shown(decision.author)} on {moment(decision.at)}: {ANSWERED[decision.answer]}. {EFFECT}"
    return [view.notice(by, f"Reason: {shown(decision.reason)}")]


def _one(pair: Pair) -> list[view.Block]:
    if not pair.already_one:
        return []
    customer = pair.customers[0]
    to = view.link(f"Open {customer.name}", places.to_customer(customer.master_id))
    return [view.notice("Both records already belong to one customer.", links=[to])]


def _changed(again: Again | None) -> list[view.Block]:
    """What the decision was made on and is another value now."""
    if again is None:
        return []
    records_of = (again.left, again.right)
    rows = [
        view.row(
            view.text(shown(str(records_of[change.side]))),
            view.text(change.field),
            view.text(shown(change.old) or "nothing"),
            view.text(shown(change.new) or "nothing"),
        )
        for change in again.changes
    ]
    columns = [view.column(name, "value") for name in ("Record", "Value", "Then", "Now")]
    told = "The records have changed since. Until somebody answers again, the decision goes on standing."
    title = "What has changed since the decision"
    return [view.heading(title), view.table(title, columns, rows), view.note(told)]


def _records(pair: Pair) -> list[view.Block]:
    return [
        view.heading("The two records as delivered"),
        records.sheet("The two records as delivered", pair.records, owners=True),
        view.note("Underlined words differ between the two."),
    ]


def _why(pair: Pair) -> list[view.Block]:
    if pair.link is None:
        told = f"mdm explain says which: mdm explain {shown(str(pair.left))} {shown(str(pair.right))}"
        return [
            view.heading("Why they are not linked"),
            view.paragraph("The last scan found too little in common to ask, or never compared the two."),
            view.note(told),
        ]
    blocks = [
        view.heading(f"Why it is asked: {probability(pair.link.probability)}"),
        view.paragraph(pair.told or pair.link.reason),
    ]
    if pair.link.held_back:
        blocks.append(view.notice(f"Strong evidence, held back: {held_back_by(pair.link)}."))
    return [*blocks, *records.waterfall(pair.link), view.note(SCALE)]


def _golden(pair: Pair, *, may: bool) -> list[view.Block]:
    if len(pair.customers) < 2:
        return []
    told = " and ".join(f"{c.master_id} has {words.count(c.records, 'record')}" for c in pair.customers)
    rest = f" As one they keep {pair.stays}; a value that you change is set there when you answer that they match."
    edits = may and len(pair.golden.records) == 3
    return [
        view.heading("The two customers as they are now, and as one"),
        view.note(f"{told}.{rest if edits else ''}"),
        records.sheet(
            "Golden records of the two customers, and the one they would have together", pair.golden, edits=edits
        ),
    ]


def _members(pair: Pair, *, may: bool) -> list[view.Block]:
    listed = len(pair.members.records)
    if not listed:
        return []
    rest = f" The first {listed} of {pair.members_count:,}." if pair.members_count > listed else ""
    owner = "the two customers" if len(pair.customers) == 2 else "the customer"
    title = f"All records of {owner}"
    pick = " Choose records to split them off." if may else ""
    return [
        view.heading(title),
        view.note(f"Underlined words differ from the commonest value.{pick}{rest}"),
        records.sheet(title, pair.members, owners=True, picks=may),
    ]


def _links(pair: Pair) -> list[view.Block]:
    """The links among all these records, as a picture and each with its reason; its weights are one click away."""
    others = [link for link in pair.links if link != pair.link]
    if not others:
        return []
    keys = [RecordKey(r.system, r.key) for r in pair.members.records]  # type: ignore[arg-type]  # a system's name
    further = [link for link in pair.links if link not in pair.tree]
    return [
        view.heading("What holds these records together"),
        *graph.of_records(keys, pair.members_count, pair.tree, further),
        *[_link(link, weakest=bool(pair.tree) and link == pair.tree[-1]) for link in others],
    ]


def _link(link: Link, *, weakest: bool) -> view.Block:
    told = f"{words.pair(link.left, link.right)}: {probability(link.probability)}. {link.reason}"
    return view.folded(f"Weakest link: {told}" if weakest else told, records.waterfall(link), opened=False)
