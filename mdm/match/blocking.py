"""Which pairs are worth comparing: records that share a key, found by rules with a cap on every block.

Each rule gives a record zero or more whole-number keys. Two records that share a key of a rule are a candidate pair,
unless more records than the cap share it: such a value says little, and the finer rules (the same word and the same
town, say) still find the pairs among its holders. Every rule is counted before any pair is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.encode import MISSING, Column, Ints, Lists, Longs
from mdm.match.encoded import Encoded
from mdm.records import CANDIDATES, conform

SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
"""An odd number whose multiples spread over all 64 bits (Knuth's multiplicative hashing)."""

BOXES: Final = 22

SHIFT: Final = 28
"""Codes stay below 2^28, so that two of them and nothing else fit one 64-bit key."""

STRONG: Final = 400
ORDINARY: Final = 100
WEAK: Final = 30
"""How large a rule's blocks may be, in percent of the cap: much for strong evidence, little for what is soon chance."""

PAIRS: Final = """
    select a.rid as "left", b.rid as "right", bit_or(a.rule)::uinteger as rules
    from postings a join postings b on a.rule = b.rule and a.key = b.key and a.rid < b.rid
    group by a.rid, b.rid
    order by a.rid, b.rid
"""


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A name for people, and the keys: a matrix (records, keys) of 64-bit numbers, -1 where a record has none."""

    name: str
    keys: Callable[[Encoded], Longs]
    share: int = ORDINARY

    def largest_block(self, cap: int) -> int:
        """How many records may share a key of this rule."""
        return max(2, cap * self.share // 100)


@dataclass(frozen=True, slots=True)
class BlockCount:
    """What one rule found before pairs were made: blocks, pairs kept, and what the cap left out."""

    rule: str
    blocks: int
    pairs: int
    capped_blocks: int
    capped_pairs: int


def _one(column: Column) -> Longs:
    return column.codes.astype(np.int64)[:, None]


def _many(lists: Lists) -> Longs:
    return lists.codes.astype(np.int64)


def _both(left: Ints, right: Ints, *, tag: int = 0) -> Longs:
    """Keys of two codes, each of shape (records, k); -1 where either is missing. Keys of two tags never meet."""
    key = (np.int64(tag) << (2 * SHIFT)) | (left.astype(np.int64) << SHIFT) | right.astype(np.int64)
    return np.where((left == MISSING) | (right == MISSING), np.int64(MISSING), key)


def _with(lists: Lists, column: Column, first: int) -> Longs:
    return _both(lists.codes[:, :first], np.broadcast_to(column.codes[:, None], (len(column.codes), first)))


def _names(e: Encoded) -> Longs:
    """All names of a record, web brands among them, and the acronym of its name."""
    return np.concatenate([e.aliases.codes, e.acronym.codes[:, None]], axis=1).astype(np.int64)


def _word_pairs(e: Encoded) -> Longs:
    """Every two of a name's three rarest words, in the order of their codes."""
    words = e.tokens.codes[:, :3]
    pairs = [(0, 1), (0, 2), (1, 2)]
    low = np.stack([np.minimum(words[:, i], words[:, j]) for i, j in pairs], axis=1)
    high = np.stack([np.maximum(words[:, i], words[:, j]) for i, j in pairs], axis=1)
    return _both(low, high)


def _places(e: Encoded) -> Longs:
    """Postcode and house number; the rarest word of the street and house number."""
    house = e.house.codes[:, None]
    return np.concatenate([_both(e.postcode.codes[:, None], house), _both(e.street.codes[:, :1], house, tag=1)], axis=1)


def _sounds_with(e: Encoded, column: Column) -> Longs:
    return _with(e.persons.sounds, column, 2)


def _both_sounds(e: Encoded) -> Longs:
    """The sounds of given and family name, whichever stands in which field."""
    sounds = e.persons.sounds.codes
    return _both(sounds.min(axis=1)[:, None], sounds.max(axis=1)[:, None])


def _cross(left: Column, right: Column) -> Longs:
    return _both(left.codes[:, None], right.codes[:, None])


RULES: Final[tuple[BlockingRule, ...]] = (
    BlockingRule("same identifier", lambda e: _many(e.identifiers), share=STRONG),
    BlockingRule("same unverified identifier", lambda e: _many(e.unverified), share=STRONG),
    BlockingRule("same e-mail", lambda e: _many(e.emails), share=STRONG),
    BlockingRule("same telephone", lambda e: _many(e.phones)),
    BlockingRule("same web domain", lambda e: _many(e.domains)),
    BlockingRule("same name, trade name, acronym or web brand", _names, share=STRONG),
    BlockingRule("a rare word", lambda e: _many(e.tokens)),
    BlockingRule("two words", _word_pairs),
    BlockingRule("a word and the postcode", lambda e: _with(e.tokens, e.postcode, 4)),
    BlockingRule("a word and the town", lambda e: _with(e.tokens, e.city, 3), share=WEAK),
    BlockingRule("begins alike and the same town", lambda e: _cross(e.prefix, e.city)),
    BlockingRule("begins alike and the same postcode area", lambda e: _cross(e.prefix, e.area)),
    BlockingRule("begins alike and the same country", lambda e: _cross(e.prefix, e.country), share=WEAK),
    BlockingRule("same consonants", lambda e: _one(e.skeleton)),
    BlockingRule("same house", _places),
    BlockingRule("same birth date and family name", lambda e: _cross(e.birth_date, e.family)),
    BlockingRule("same birth date and given name", lambda e: _cross(e.birth_date, e.given)),
    BlockingRule("same birth date and postcode", lambda e: _cross(e.birth_date, e.postcode)),
    BlockingRule("same name and the same town", lambda e: _with(e.aliases, e.city, 2), share=STRONG),
    BlockingRule("same name and the same postcode", lambda e: _with(e.aliases, e.postcode, 2), share=STRONG),
    BlockingRule("persons: names that sound alike", _both_sounds),
    BlockingRule("persons: a name that sounds alike and the birth date", lambda e: _sounds_with(e, e.persons.turned)),
    BlockingRule("persons: a name that sounds alike and the postcode", lambda e: _sounds_with(e, e.postcode)),
    BlockingRule("persons: the same birth date", lambda e: _one(e.persons.turned), share=WEAK),
    BlockingRule("same name in another script", lambda e: e.scripts.keys(e.joined.codes), share=STRONG),
)


@dataclass(frozen=True, slots=True)
class Blocking:
    """The candidate pairs (CANDIDATES) and what each rule contributed."""

    candidates: pl.DataFrame
    counts: tuple[BlockCount, ...]


def find_candidates(encoded: Encoded, connection: duckdb.DuckDBPyConnection, *, cap: int) -> Blocking:
    """All pairs that share a key of some rule in a block of at most `cap` records, times the share of the rule.

    Pairs are sorted by (left, right). Work and memory follow the number of pairs, which the caps bound by
    records x keys x cap / 2.
    """
    counts = []
    postings = []
    for bit, rule in enumerate(RULES):
        kept, count = _postings(rule, encoded, rule.largest_block(cap))
        counts.append(count)
        postings.append(kept.with_columns(rule=pl.lit(1 << bit, dtype=pl.UInt32)))
    connection.register("postings", pl.concat(postings))
    try:
        found = connection.sql(PAIRS).pl()
    finally:
        connection.unregister("postings")
    return Blocking(conform(found, CANDIDATES, "candidates"), tuple(counts))


def _postings(rule: BlockingRule, encoded: Encoded, limit: int) -> tuple[pl.DataFrame, BlockCount]:
    keys = rule.keys(encoded)
    flat = keys.reshape(-1)
    place = np.flatnonzero(_may_be_shared(flat))
    rids = (place // keys.shape[1]).astype(np.int32)
    postings = pl.DataFrame({"key": flat[place], "rid": rids}).unique()
    sizes = postings.group_by("key").len().filter(pl.col("len") > 1).with_columns(pl.col("len").cast(pl.Int64))
    kept = sizes.filter(pl.col("len") <= limit)
    pairs = pl.col("len") * (pl.col("len") - 1) // 2
    capped = sizes.filter(pl.col("len") > limit)
    count = BlockCount(
        rule.name,
        kept.height,
        int(kept.select(pairs.sum()).item()),
        capped.height,
        int(capped.select(pairs.sum()).item()),
    )
    return postings.join(kept.select("key"), on="key", how="semi"), count


def _may_be_shared(keys: Longs) -> npt.NDArray[np.bool_]:
    """False for missing keys and for most of those that only one record has: they fall alone into one of 2^22 boxes.

    Most keys of most rules belong to one record; leaving them out here halves the work of the exact count.
    """
    boxes = ((keys.astype(np.uint64) * SPREAD) >> np.uint64(64 - BOXES)).astype(np.int64)
    there = keys != MISSING
    filled = np.bincount(boxes[there], minlength=1 << BOXES)
    return np.asarray(there & (filled[boxes] > 1))
