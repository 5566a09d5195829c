"""Decisions that ask to be made again: what they were made on is no longer what the two records say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.app.decided import PAIR
from mdm.app.explain_read import default_countries, read_standard
from mdm.app.project import Project
from mdm.match import compared_values
from mdm.records import RecordKey, SystemName
from mdm.report.visible import visible
from mdm.standardise import standardise
from mdm.steward import Change, Evidence, changes_since, evidence_of
from mdm.store import EVIDENCE, Store, mapped_rows

RECORD: Final = ("system", "key")
NOTHING: Final = "nothing"

AGAIN: Final = {**{name: pl.String() for name in PAIR}, "told": pl.String()}
"""Pairs that are asked about again, and what changed, in words."""


@dataclass(frozen=True, slots=True)
class Again:
    """A decision that asks to be made again, and what changed since it was made."""

    number: int
    left: RecordKey
    right: RecordKey
    changes: tuple[Change, ...]

    @property
    def told(self) -> str:
        """What changed, in one line that is safe to show."""
        records = (self.left, self.right)
        lines = (
            f"{records[c.side]} {c.field}: {visible(c.old or NOTHING)} → {visible(c.new or NOTHING)}"
            for c in self.changes
        )
        return f"changed since decision {self.number}: " + "; ".join(lines)


def evidence_now(store: Store, project: Project, pair: tuple[RecordKey, RecordKey]) -> Evidence | None:
    """What a decision on this pair (smaller key first) is made on now; None where one of the records is not there."""
    standard = read_standard(store, project, pair)
    if standard.height != len(pair):
        return None
    one, other = compared_values(standard)
    return evidence_of((one, other), (standard["row_hash"][0], standard["row_hash"][1]))


def moved(evidence: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The EVIDENCE of pairs of which a record is another row now; `records` has system, key and row_hash.

    A pair with a record that does not live is none of them.
    """
    found = evidence
    for place, side in enumerate("lr"):
        ends = records.select(
            **{f"system_{side}": "system", f"key_{side}": "key", f"row_{side}": "row_hash"},
        )
        found = found.with_columns(pl.col("seen").str.json_path_match(f"$.rows[{place}]").alias(f"then_{side}")).join(
            ends, on=[f"system_{side}", f"key_{side}"], maintain_order="left"
        )
    other = [pl.col(f"then_{side}").ne_missing(pl.col(f"row_{side}")) for side in "lr"]
    return found.filter(pl.any_horizontal(other)).select(list(EVIDENCE))


def changed(evidence: pl.DataFrame, standard: pl.DataFrame) -> list[Again]:
    """Of EVIDENCE the decisions that ask to be made again, by what STANDARD says of their records now."""
    mine = standard.join(_ends(evidence), on=list(RECORD), how="semi", maintain_order="left")
    values: Mapping[tuple[str, str], dict[str, str]] = dict(
        zip(mine.select(RECORD).iter_rows(), compared_values(mine), strict=True)
    )
    found = []
    for number, _, system_l, key_l, system_r, key_r, fingerprint, seen in evidence.sort("id").iter_rows():
        now = values.get((system_l, key_l)), values.get((system_r, key_r))
        if now[0] is None or now[1] is None:
            continue
        both = (now[0], now[1])
        if evidence_of(both, ("", "")).fingerprint != fingerprint:
            pair = RecordKey(SystemName(system_l), key_l), RecordKey(SystemName(system_r), key_r)
            found.append(Again(number, *pair, changes_since(seen, both)))
    return found


def asked_again(evidence: pl.DataFrame, records: pl.DataFrame, standard: pl.DataFrame) -> list[Again]:
    """The decisions of EVIDENCE that ask to be made again, in a scan that has all records at hand.

    Another spelling of a row that leaves the compared values as they were asks nothing.
    """
    return changed(moved(evidence, records), standard)


def asked_again_now(store: Store, project: Project, above: int = 0) -> list[Again]:
    """The same out of the store, for the decisions with a higher number; reads the decided records alone."""
    evidence = store.read_evidence(above)
    if evidence.is_empty():
        return []
    waiting = moved(evidence, store.read_record_hashes(_ends(evidence)))
    if waiting.is_empty():
        return []
    mine = mapped_rows(store.read_records(_ends(waiting)))
    return changed(waiting, standardise(mine, project.rulebook.standardise, default_countries(store, project)))


def _ends(evidence: pl.DataFrame) -> pl.DataFrame:
    """The records of EVIDENCE, each once."""
    return pl.concat([evidence.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]).unique()


def again_frame(found: list[Again]) -> pl.DataFrame:
    """AGAIN: one row for each pair."""
    rows = [(a.left.system, a.left.key, a.right.system, a.right.key, a.told) for a in found]
    return pl.DataFrame(rows, schema=AGAIN, orient="row")
