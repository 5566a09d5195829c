"""The golden record of each customer: every value is one that a source delivered, chosen by rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mdm.records import GOLDEN, PROVENANCE, SystemName, conform
from mdm.rulebook.stages import AttributeRule, SurvivorshipRules
from mdm.survive.candidates import Candidates, find_candidates, one_of_each
from mdm.survive.choice import Choice, RecordRanks, choose
from mdm.survive.contributors import Contributors, IntArray, gather_contributors


@dataclass(frozen=True, slots=True)
class Golden:
    """GOLDEN and beside it, row for row, PROVENANCE; both sorted by master id."""

    golden: pl.DataFrame
    provenance: pl.DataFrame


def choose_golden(
    crosswalk: pl.DataFrame, mapped: pl.DataFrame, standard: pl.DataFrame, rules: SurvivorshipRules
) -> Golden:
    """Choose the golden values of every customer from what its records were delivered with.

    Takes the CROSSWALK, and the rows of its records in MAPPED and STANDARD. No value is invented: a golden value is a
    delivered one, and the values of a group all come from one record. Values that are placeholders or failed a check
    win only where a customer has nothing else, and so do records with an incomplete group. The order of rows makes no
    difference; the same tables give the same result. The provenance rule is the one that beat the strongest rival:
    `valid` or `complete` before the rules, one of the rules, or `record_key`; `only_value` where all agree.
    """
    contributors = gather_contributors(crosswalk, mapped, standard)
    ranks = _record_ranks(contributors, rules.source_order)
    columns: dict[str, pl.Series] = {"master_id": contributors.master_ids}
    for rule in rules.attributes:
        columns |= _choose_values(rule, contributors, ranks)
    golden = {**columns, **_about_customers(contributors, ranks)}
    return Golden(
        golden=conform(pl.DataFrame(golden), GOLDEN, "golden"),
        provenance=conform(pl.DataFrame(columns), PROVENANCE, "provenance"),
    )


def _record_ranks(contributors: Contributors, source_order: tuple[SystemName, ...]) -> RecordRanks:
    rows = contributors.all_rows()
    changed = contributors.match_key("changed_at", rows).rank("dense", descending=True)
    system = contributors.match_key("system", rows)
    place = system.replace_strict(source_order, range(len(source_order)), default=len(source_order))
    # Without a time of change a record is older than any that has one.
    return RecordRanks(
        recent=changed.cast(pl.Int64).fill_null(len(rows) + 1).to_numpy(), source=place.cast(pl.Int64).to_numpy()
    )


def _choose_values(rule: AttributeRule, contributors: Contributors, ranks: RecordRanks) -> dict[str, pl.Series]:
    """The golden column of each attribute of the rule, with the record and the rule that gave each value."""
    candidates = find_candidates(rule.attributes, contributors)
    choice = choose(candidates, rule.rules, ranks)
    at = _positions(candidates, choice, len(contributors.master_ids))
    rows = candidates.row[choice.winner]
    rids = pl.Series(contributors.rid[rows])
    columns: dict[str, pl.Series] = {}
    for attribute in rule.attributes:
        if len(rule.attributes) == 1:
            values = candidates.value.gather(choice.winner)
        else:
            values = one_of_each(attribute, contributors, rows)
        nowhere = values.is_null()
        columns[attribute] = values.gather(at)
        columns[f"{attribute}_rid"] = rids.set(nowhere, None).gather(at)
        columns[f"{attribute}_rule"] = choice.rule.set(nowhere, None).gather(at)
    return columns


def _positions(candidates: Candidates, choice: Choice, customers: int) -> pl.Series:
    """For each customer the position of its winner among the winners; null where it has none."""
    at = np.full(customers, -1, dtype=np.int64)
    at[candidates.customer[choice.winner]] = np.arange(len(choice.winner))
    positions = pl.Series(at)
    return positions.set(positions < 0, None)


def _about_customers(contributors: Contributors, ranks: RecordRanks) -> dict[str, pl.Series]:
    """The kind most of a customer's records have, how many there are, and the systems they come from."""
    rows = contributors.all_rows()
    kinds = contributors.match_key("kind", rows)
    known = Candidates(contributors, ("kind",), rows, kinds).where(kinds.is_not_null().to_numpy())
    choice = choose(known, ("most_frequent",), ranks)
    at = _positions(known, choice, len(contributors.master_ids))
    frame = pl.DataFrame({"customer": contributors.customer, "system": contributors.match_key("system", rows)})
    systems = frame.unique().sort("customer", "system").group_by("customer", maintain_order=True).agg("system")
    return {
        "kind": known.value.gather(choice.winner).gather(at),
        "records": pl.Series(_lengths(contributors.customer, len(contributors.master_ids))),
        "systems": systems["system"],
    }


def _lengths(customer: IntArray, customers: int) -> IntArray:
    return np.bincount(customer, minlength=customers)
