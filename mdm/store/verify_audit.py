"""Whether the audit is whole, ends where its anchor says, and tells of every change that the store shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mdm.store.audit_anchor import KEY_LOST, Anchor
from mdm.store.audit_chain import Entry, Walked, commitment, walk
from mdm.store.audit_digest import bound
from mdm.store.verify_state import MOST_TOLD, Check

CHAIN: Final = "The rows of the audit are as they were written, in their order."
ANCHOR: Final = "The audit ends no earlier than its anchor outside the store says."
DEEDS: Final = "Every decision, deed and scan has exactly one row in the audit, and is as that row says."
NAMES: Final = ("decision", "deed", "pin", "override", "proposal")
"""Tables of what stewards said and did; a row of the audit gives its number under the name of its table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is compared with the audit: what stewards said and did, by table, and runs as (rev, staged_as, hashes)."""

    statements: Mapping[str, tuple[Mapping[str, Any], ...]]
    runs: tuple[Mapping[str, Any], ...]
    audited_after: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """An anchor that could be read, or why not; `where` names it for a person."""

    where: str
    anchor: Anchor | None
    fault: str = ""


def check_chain(entries: list[Entry], key: bytes | None, anchors: Iterable[Anchored]) -> tuple[Walked, Check]:
    """Walk along the chain; the rows that anchors name are noted on the way."""
    if key is None and entries:
        return Walked(entries[-1], {}, ()), Check(
            "chain", CHAIN, len(entries), (f"The audit key is not here. {KEY_LOST}",)
        )
    marks = frozenset(a.anchor.seq for a in anchors if a.anchor)
    walked = walk(entries, key or b"", marks=marks)
    faults = walked.faults[:MOST_TOLD]
    if len(walked.faults) > MOST_TOLD:
        faults = (*faults, f"... and {len(walked.faults) - MOST_TOLD:,} more.")
    return walked, Check("chain", CHAIN, len(entries), faults)


def check_anchors(
    walked: Walked, anchors: Iterable[Anchored], replaced: Anchor | None, store_id: str, issued: int
) -> Check:
    """Each anchor against the chain; `replaced` is what a restore may have left (see `replaced_anchor`)."""
    there = [one for one in anchors if replaced is None or one.anchor != replaced]
    found = [fault for one in there for fault in _against(walked, one, store_id, issued)]
    return Check("anchor", ANCHOR, walked.head.seq if walked.head else 0, tuple(found))


def _against(walked: Walked, one: Anchored, store_id: str, issued: int) -> list[str]:
    rows, anchor = walked.head.seq if walked.head else 0, one.anchor
    if anchor is None:
        return [one.fault] if one.fault else [f"{one.where} is missing: rows could be cut off unseen."] if rows else []
    if anchor.store_id != store_id:
        return [f"{one.where} is that of another store ({anchor.store_id})."]
    faults = []
    if anchor.seq > rows:
        faults.append(
            f"Rows {rows + 1} to {anchor.seq} were cut off: {one.where} knows of {anchor.seq} rows, here are {rows}."
        )
    elif anchor.seq and walked.hashes.get(anchor.seq) != anchor.hash:
        faults.append(
            f"Row {anchor.seq} is not the row that {one.where} knows: the chain was written anew, there or before."
        )
    if anchor.highest_id > issued:
        faults.append(
            f"Master ids up to number {anchor.highest_id} were given out; the store would begin again at {issued + 1}."
        )
    return faults


def check_deeds(entries: list[Entry], told: Told, key: bytes | None) -> Check:
    """Each decision and run against its row, in both directions."""
    made = _made(entries)
    scanned = _details(entries, ("scan",), "revision")
    faults = [*_begun(entries, told.audited_after)]
    for table, rows in told.statements.items():
        for row in rows:
            faults += _statement(table, row, made.pop((table, row["id"]), []), (told.audited_after, key))
    lost = [f"{table.capitalize()} {n}" for table, n in made]
    faults += [f"{one} is in the audit, but no longer in the store: it was deleted." for one in lost]
    for run in told.runs:
        faults += _run(run, scanned.pop(run["rev"], []), told.audited_after)
    faults += [f"The scan of revision {n} is in the audit, but no longer in the store." for n in scanned]
    looked_at = sum(map(len, told.statements.values())) + len(told.runs)
    return Check("deeds", DEEDS, looked_at, tuple(faults[:MOST_TOLD]))


def _made(entries: list[Entry]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What the audit says of each statement, by table and number, also where a deed or cohort has several."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for entry in entries:
        said = read_details(entry)
        many = "deed" in said or "cohort" in said
        who = {"actor": entry.actor, "at": entry.at}
        for table in NAMES:
            if isinstance(said.get(table), int):
                found.setdefault((table, said[table]), []).append({"commitment": said.get("commitment"), **who})
            for number, committed in said.get(f"{table}s", {}).items() if many else ():
                found.setdefault((table, int(number)), []).append({"commitment": committed, **who})
    return found


def _details(entries: list[Entry], actions: tuple[str, ...], name: str) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry.action in actions:
            said = read_details(entry)
            found.setdefault(said.get(name), []).append({**said, "actor": entry.actor, "at": entry.at})
    return found


def read_details(entry: Entry) -> dict[str, Any]:
    """The details of a row; nothing where somebody wrote what is no JSON, which the chain tells of."""
    try:
        said = json.loads(entry.details)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _begun(entries: list[Entry], audited_after: int) -> list[str]:
    said = read_details(entries[0]) if entries else {}
    if said.get("audited_after", audited_after) == audited_after:
        return []
    return ["The store was changed to say that its audit began later than it did."]


def _statement(
    table: str, row: Mapping[str, Any], told: list[dict[str, Any]], known: tuple[int, bytes | None]
) -> list[str]:
    audited_after, key = known
    name = f"{table.capitalize()} {row['id']}"
    if not told:
        return [] if row["rev"] <= audited_after else [f"{name} has no row in the audit: it was put in."]
    if len(told) > 1:
        return [f"{name} has {len(told)} rows in the audit."]
    if key is not None and told[0].get("commitment") != commitment(key, bound(row)):
        return [f"{name} was changed after it was made by {told[0]['actor']} on {told[0]['at']}."]
    return []


def _run(run: Mapping[str, Any], told: list[dict[str, Any]], audited_after: int) -> list[str]:
    if not told:
        return [] if run["rev"] <= audited_after else [f"The scan of revision {run['rev']} has no row in the audit."]
    if len(told) > 1:
        return [f"The scan of revision {run['rev']} has {len(told)} rows in the audit."]
    if any(told[0].get(name) != value for name, value in run.items() if name != "rev"):
        return [f"What the scan of revision {run['rev']} was given or found was changed afterwards."]
    return []
