"""Chooses one address of several: parts of two addresses are never put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mdm.records import Role
from mdm.standardise.columns.candidates import Candidate
from mdm.standardise.columns.entries import Chosen, Entry, joined, single, with_gain
from mdm.standardise.columns.values import Filled

ADDRESS_ROLES: Final[tuple[Role, ...]] = (
    "full_address",
    "street",
    "house_number",
    "address_extra",
    "postcode",
    "city",
    "region",
    "country",
)
SECONDARY: Final = 2
"""Ranks from here on (mailing, home, other, shipping) are not the customer's address if there is a better one."""

MUCH_EMPTIER: Final = 0.5
OVERLAP: Final = 0.02
"""Addresses of two systems in one file: rows that fill both are at most this share of the rows of the smaller."""


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of one address, such as Billing or Shipping."""

    name: str
    rank: int
    parts: Mapping[Role, Sequence[Candidate]]
    filled: Filled

    @property
    def rows(self) -> int:
        return int(self.filled.sum())

    @property
    def complete(self) -> bool:
        """A whole address in one column, or two of street, postcode and town: enough to find the place."""
        return "full_address" in self.parts or sum(r in self.parts for r in ("street", "postcode", "city")) > 1


def choose_address(found: Sequence[Candidate], taken: frozenset[str]) -> Chosen:
    """The address roles from the main address, and from others only where mixing is impossible.

    The main address is the best complete one that is not much emptier than another: the plain one before billing,
    mailing, home, other and shipping. A further address joins it only if hardly a row has both, as in a file with the
    records of two systems; single parts that belong to no complete address fill roles the main one lacks.
    """
    blocks = sorted(_blocks(found), key=lambda b: b.name)
    if not blocks:
        return {}
    most = max(b.rows for b in blocks)
    blocks.sort(key=lambda b: (not b.complete, b.rows < MUCH_EMPTIER * most, b.rank, "." in b.name, -b.rows, b.name))
    if any(b.rank < SECONDARY and (b.rows or not most) for b in blocks):
        blocks = [b for b in blocks if b.rank < SECONDARY]
    together = [blocks[0]]
    for block in blocks[1:]:
        if block.rank < SECONDARY and all(_apart(block, other) for other in together):
            together.append(block)
    chosen = _merged([_entries(b, taken) for b in together])
    for block in blocks:
        if block not in together and not block.complete and block.rank < SECONDARY:
            for role, entries in _entries(block, taken).items():
                chosen.setdefault(role, entries)
    return chosen


def _blocks(found: Sequence[Candidate]) -> list[Block]:
    grouped: dict[str, dict[Role, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(found, key=lambda c: c.order):
        grouped[one.reading.block][one.role].append(one)
    blocks = []
    for name, parts in grouped.items():
        members = [c for role in parts.values() for c in role]
        telling = [c for c in members if c.role not in {"country", "region"}] or members
        filled = np.logical_or.reduce([c.profile.filled for c in telling])
        blocks.append(Block(name, max(c.reading.rank for c in members), parts, filled))
    return blocks


def _apart(one: Block, other: Block) -> bool:
    """Whether hardly a row fills both; parts of one plain address that lie in two blocks are not apart but one."""
    return int((one.filled & other.filled).sum()) <= OVERLAP * min(one.rows, other.rows)


def _entries(block: Block, taken: frozenset[str]) -> Chosen:
    chosen: Chosen = {}
    for role, candidates in block.parts.items():
        if role == "address_extra":
            parts = sorted(candidates, key=lambda c: (c.reading.position, c.column))
            chosen[role] = [joined(parts, taken)]
        else:
            chosen[role] = with_gain(single(c) for c in candidates)
    return chosen


def _merged(addresses: Sequence[Chosen]) -> Chosen:
    """The entries of addresses that lie in different rows, role by role, in the order of the addresses."""
    merged: dict[Role, list[Entry]] = defaultdict(list)
    for address in addresses:
        for role, entries in address.items():
            merged[role].extend(entries)
    return {role: sorted(entries, key=lambda e: e.order) for role, entries in merged.items()}
