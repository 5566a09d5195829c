"""Whether the past is as it was written: the audit, played again, gives records and master ids as they are.

The audit binds what each revision did to ids (the lineage) and to records (the crosswalk); both are only added to. So
what they give when they are played again is what was, and the tables that readers see must say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from mdm.store.audit_chain import Entry
from mdm.store.audit_digest import bind_lineage, bind_members
from mdm.store.replay import ID_STATES, member_changes, moves, replay_ids
from mdm.store.verify_audit import read_details
from mdm.store.verify_state import MOST_TOLD, Check, tell

LINEAGE: Final = "What happened to master ids is what the audit says."
MEMBERS: Final = "Whose each record was at any time is what the audit says."
IDS: Final = "What each master id was at any time is what its lineage says."


@dataclass(frozen=True, kw_only=True)
class Past:
    """All revisions up to the one that is verified. `memberships` are MEMBERSHIPS, `id_states` ID_STATES, `lineage` is
    LINEAGE with `rev`, `masters` MASTERS; changes up to `audited_after` are from before there was an audit.
    """

    memberships: pl.DataFrame
    id_states: pl.DataFrame
    lineage: pl.DataFrame
    masters: pl.DataFrame
    audited_after: int

    @cached_property
    def changes(self) -> pl.DataFrame:
        """What each audited revision did to records."""
        return member_changes(self.memberships).filter(pl.col("rev") > self.audited_after)


def check_past(entries: Iterable[Entry], past: Past) -> tuple[Check, ...]:
    """The lineage against the audit, records against both, ids against the lineage."""
    told = _told(entries)
    return _lineage(told, past), _members(told, past), _ids(past)


def _told(entries: Iterable[Entry]) -> dict[int, Mapping[str, Any]]:
    """What the audit says of each revision that changed customers, by the number that its rows carry."""
    found: dict[int, Mapping[str, Any]] = {}
    for entry in entries:
        said = read_details(entry)
        if "lineage" in said:
            found[int(said.get("staged_as", said["revision"]))] = said
    return found


def _lineage(told: Mapping[int, Mapping[str, Any]], past: Past) -> Check:
    """The lineage of every change against the number and digest in its row."""
    parts = _by_revision(past.lineage)
    nothing = past.lineage.clear()
    wrong = [said for rev, said in told.items() if bind_lineage(parts.get(rev, nothing)) != said["lineage"]]
    faults = [f"The lineage of revision {said['revision']} was changed, cut or added to." for said in wrong]
    faults += _unknown("Lineage", parts, told, past)
    return Check("lineage", LINEAGE, past.lineage.height, tuple(faults[:MOST_TOLD]))


def _members(told: Mapping[int, Mapping[str, Any]], past: Past) -> Check:
    """Records that came and went against the digest of each row, those that moved against the lineage too."""
    parts = _by_revision(past.changes)
    nothing = past.changes.clear()
    wrong = [
        said
        for rev, said in told.items()
        # Rows from before this was bound do not have it.
        if "crosswalk" in said and bind_members(parts.get(rev, nothing)) != said["crosswalk"]
    ]
    faults = [
        f"Which records came, went or moved with revision {said['revision']} was changed afterwards." for said in wrong
    ]
    faults += _unknown("Records", parts, told, past)
    audited = past.lineage.filter((pl.col("kind") == "move") & (pl.col("rev") > past.audited_after))
    columns = ["system", "key", "from_id", "to_id", "rev"]
    said, done = audited.select(columns), moves(past.changes).select(columns)
    for one, other, sentence in (
        (done, said, "Record {}:{} went from {} to {} with revision {}, of which the lineage knows nothing."),
        (said, done, "The lineage says that record {}:{} went from {} to {} with revision {}, but it did not."),
    ):
        faults += tell(one.join(other, on=columns, how="anti").sort(columns), sentence)
    return Check("members", MEMBERS, past.memberships.height, tuple(faults[:MOST_TOLD]))


def _ids(past: Past) -> Check:
    """All states of all ids against the lineage, and that it knows them all."""
    columns = list(ID_STATES)
    audited = pl.col("rev_from") > past.audited_after
    said, kept = replay_ids(past.lineage).filter(audited), past.id_states.select(columns).filter(audited)
    told = pl.concat_str("state", pl.lit(" into ") + pl.col("into"), ignore_nulls=True)
    faults = []
    for one, other, sentence in (
        (kept, said, "{} is {} from revision {} on, which its lineage does not say."),
        (said, kept, "{} was {} from revision {} on by its lineage, but not by its row."),
    ):
        odd = one.join(other, on=columns, how="anti", nulls_equal=True).sort("master_id", "rev_from")
        faults += tell(odd.select("master_id", told, "rev_from"), sentence)
    born = past.lineage.filter(pl.col("kind").is_in(["create", "split"])).select(master_id="to_id")
    faults += tell(
        born.join(past.masters, on="master_id", how="anti").sort("master_id"), "{} was given out and is gone."
    )
    if not past.audited_after:
        strange = past.masters.select("master_id").join(born, on="master_id", how="anti").sort("master_id")
        faults += tell(strange, "{} was never given out by a scan or a steward.")
    return Check("ids", IDS, past.masters.height, tuple(faults[:MOST_TOLD]))


def _by_revision(frame: pl.DataFrame) -> dict[int, pl.DataFrame]:
    return {int(rev): part for (rev,), part in frame.partition_by("rev", as_dict=True, maintain_order=True).items()}


def _unknown(what: str, found: Iterable[int], told: Iterable[int], past: Past) -> list[str]:
    strange = sorted(rev for rev in set(found) - set(told) if rev > past.audited_after)
    return [f"{what} changed with revision {rev}, of which the audit knows nothing." for rev in strange]
