"""Puts the values of a source's own columns under their roles: the MAPPED table."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mdm.errors import InputRefused
from mdm.records import MAPPED, MULTI_ROLES, SINGLE_ROLES, Role, conform
from mdm.rulebook.source import RoleRule, SourceRules
from mdm.standardise.columns.blanks import trimmed

NO_TEXTS = pl.Series([[]], dtype=pl.List(pl.String))


def map_roles(frame: pl.DataFrame, source: SourceRules) -> pl.DataFrame:
    """MAPPED: every row of the frame (system, key, row_hash, original columns as text), in its order.

    A value is trimmed, and null when blank. Columns joined by `+` make one value with single blanks, empty ones left
    out; a column whose own name contains `+` is that column. A role with one value takes the first entry that has
    one; a role with many takes all, each different value once, in order, and an empty list where there is none.
    Raises InputRefused when a rule names columns that the frame lacks.
    """
    entries = {role: _resolve(rule, frame.columns) for role, rule in source.columns.items()}
    lacking = sorted({part for found in entries.values() for parts in found for part in parts} - set(frame.columns))
    if lacking:
        there = ", ".join(c for c in frame.columns if c not in {"system", "key", "row_hash"})
        raise InputRefused(
            f"Source {source.system}: the rules name columns that the file lacks: {', '.join(lacking)}.",
            f"Its columns are: {there}. Correct the source's rules, or the file.",
        )
    used = sorted({part for found in entries.values() for parts in found for part in parts})
    clean = frame.lazy().select("system", "key", "row_hash", *(trimmed(c).alias(f"={c}") for c in used))
    roles = [_single(role, entries.get(role, [])) for role in SINGLE_ROLES]
    roles += [_many(role, entries.get(role, [])) for role in MULTI_ROLES]
    return conform(clean.select("system", "key", "row_hash", *roles).collect(), MAPPED, "MAPPED")


def _resolve(rule: RoleRule, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The entries of a rule as columns of the frame; those in files may have blanks at their ends."""
    by_stripped = {c.strip(): c for c in reversed(columns)}
    there = {c: c for c in columns}
    named = by_stripped | there
    found = []
    for entry in rule.columns:
        parts = (entry,) if entry in named else tuple(part.strip() for part in entry.split("+"))
        found.append(tuple(named.get(part, part) for part in parts))
    return found


def _value(parts: Sequence[str]) -> pl.Expr:
    if len(parts) == 1:
        return pl.col(f"={parts[0]}")
    text = pl.concat_str([pl.col(f"={p}") for p in parts], separator=" ", ignore_nulls=True)
    return pl.when(text.str.len_bytes() > 0).then(text)


def _single(role: Role, entries: Sequence[Sequence[str]]) -> pl.Expr:
    if not entries:
        return pl.lit(None, dtype=pl.String).alias(role)
    return pl.coalesce([_value(parts) for parts in entries]).alias(role)


def _many(role: Role, entries: Sequence[Sequence[str]]) -> pl.Expr:
    if not entries:
        return pl.lit(NO_TEXTS).first().alias(role)
    values = [_value(parts) for parts in entries]
    fresh = [
        pl.when(~pl.any_horizontal([value.eq_missing(before) for before in values[:i]])).then(value) if i else value
        for i, value in enumerate(values)
    ]
    return pl.concat_list(fresh).list.drop_nulls().alias(role)
