"""What is known of two records beside their evidence: whose they are, what was decided, through whom they are tied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mdm.app.desk_links import MICRO, Link
from mdm.app.explain_chain import Tie, chain_between
from mdm.match import SharedKey
from mdm.records import RecordKey
from mdm.steward import Decision, what_decides
from mdm.store import Customer


@dataclass(frozen=True, slots=True)
class Evidence:
    """The link of a pair, stored or computed; whether the scan compared the two; the blocking rules whose keys both
    have, None where not all records were read.
    """

    link: Link
    compared: bool = True
    keys: tuple[SharedKey, ...] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a verdict rests on. `chain` leads from one to the other where their own link does not join them; `capped`
    are the keys that both have and too many others too; the bands are in bits.
    """

    link: Link
    compared: bool
    capped: tuple[SharedKey, ...]
    master_ids: tuple[str | None, str | None]
    decisions: tuple[Decision, ...]
    chain: tuple[Tie, ...]
    auto_from: float
    review_from: float

    @property
    def together(self) -> bool:
        """Whether the last scan left both with the same customer."""
        return self.master_ids[0] is not None and self.master_ids[0] == self.master_ids[1]

    @property
    def decided(self) -> str:
        """What the decisions say of the two; empty where nothing was decided."""
        if not self.decisions:
            return ""
        return "do_not_match" if any(d.answer == "do_not_match" for d in self.decisions) else "match"


def look_up(
    evidence: Evidence,
    master_ids: tuple[str | None, str | None],
    customer: Customer | None,
    known: Mapping[tuple[RecordKey, RecordKey], Decision],
    bands: tuple[int, int],
) -> Finding:
    """Put together what is known. `customer` is the one that has both records, None where there is none; `known` are
    the standing decisions; `bands` are the weights from which two are joined and from which a person is asked.
    """
    link = evidence.link
    chain: tuple[Tie, ...] = ()
    if customer is not None and not (link.band == "auto" and evidence.compared):
        members = {(m.system, m.key) for m in customer.members}
        matches = [d for d in known.values() if d.answer == "match"]
        inside = [d for d in matches if {(k.system, k.key) for k in (d.left, d.right)} <= members]
        chain = chain_between((link.left, link.right), customer.links, inside)
    return Finding(
        link=link,
        compared=evidence.compared,
        capped=tuple(k for k in evidence.keys or () if not k.found),
        master_ids=master_ids,
        decisions=what_decides(link.left, link.right, known),
        chain=chain,
        auto_from=bands[0] / MICRO,
        review_from=bands[1] / MICRO,
    )
