"""The master ids that systems already have: after a restore they may know some that the store does not."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.errors import GuardTripped, SettingsInvalid
from mdm.records import parse_master_id
from mdm.rulebook import PublishRules

ID: Final = "^M-[0-9A-HJKMNP-TV-Z]{7}-[0-9A-HJKMNP-TV-Z*~$=U]$"
FARTHEST: Final = 2**30
"""How far ahead of the store a system may be: no restore loses a billion ids, but a wrong field could use them up."""


def highest_published(current: pl.DataFrame, rules: PublishRules, issued: int) -> int:
    """The highest number among the master ids that systems have in their crosswalk fields (CURRENT), or 0.

    What is no master id counts for nothing. Raises GuardTripped for one that lies absurdly far behind those issued.
    """
    fields = [(str(t.system), t.crosswalk_field) for t in rules.targets]
    places = pl.DataFrame(fields, schema={"target": pl.String, "field": pl.String}, orient="row")
    said = current.join(places, on=["target", "field"], how="semi")["value"].str.strip_chars().unique()
    for text in said.filter(said.str.contains(ID)).sort(descending=True):  # ids sort like their numbers
        number = _number(text)
        if number > issued + FARTHEST:
            raise GuardTripped(
                f"A system has the master id {text}, far beyond all that were given out.",
                "Correct it there, or name the right crosswalk_field in rules/publish.yaml.",
            )
        if number:
            return number
    return 0


def _number(text: str) -> int:
    try:
        return parse_master_id(text)
    except SettingsInvalid:
        return 0
