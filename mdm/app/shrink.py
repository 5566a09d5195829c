"""The shrink guard: a cut-off or wrong extract must not delete customers."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Final

import polars as pl

from mdm.app.inputs import Inputs
from mdm.errors import GuardTripped, SettingsInvalid
from mdm.rulebook import SourceRules

RECORD: Final = ["system", "key"]
LIMIT: Final = SourceRules.model_fields["shrink_limit"].default


def refuse_shrink(inputs: Inputs, known: pl.DataFrame, accepted: AbstractSet[str]) -> None:
    """Stop when more of a system's known records are gone than its limit allows.

    Records are told apart by their keys: a file with as many other records is a wrong file, and a system that is not
    there at all has lost everything. `known` has system and key; raises GuardTripped naming every such system that is
    not `accepted`, and SettingsInvalid where one is accepted that nobody knows.
    """
    systems = {str(source.system) for source in inputs.sources} | set(known["system"].unique())
    if unknown := sorted(accepted - systems):
        raise SettingsInvalid(
            f"--accept-shrink {unknown[0]}: no system is called that.", f"The systems are {', '.join(sorted(systems))}."
        )
    gone = known.join(inputs.mapped, on=RECORD, how="anti").group_by("system").agg(lost=pl.len())
    counts = known.group_by("system").agg(held=pl.len()).join(gone, on="system").sort("system")
    limits = {str(source.system): source.shrink_limit for source in inputs.sources}
    told = [
        f"{system} has lost {lost:,} of its {held:,} records since the last scan, more than {limit:.0%}"
        for system, held, lost in counts.select("system", "held", "lost").iter_rows()
        if lost > Fraction(str(limit := limits.get(system, LIMIT))) * held and system not in accepted
    ]
    if told:
        options = " ".join(f"--accept-shrink {line.split(' ', 1)[0]}" for line in told)
        raise GuardTripped(
            "; ".join(told) + ". Nothing was changed.", f"Look at the extract. If it is right, scan with {options}."
        )
