"""`mdm audit` and `mdm verify`: who did what when, and whether the store and its audit are as they were left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

from mdm.app.project import Project
from mdm.store import Store, Verified

BETWEEN: Final = " + "
"""Stands between the two records of a subject."""


def list_audit(store: Store, *, since: str = "", subject: str = "") -> list[dict[str, Any]]:
    """The rows of the audit, oldest first, from that moment on (a date or time) and about that subject.

    A subject is a record as `system:key`, a whole pair of them, `revision N`, `decision N` or `scan lock`.
    """
    rows = [{**row, "details": json.loads(row["details"])} for row in store.audit(since).iter_rows(named=True)]
    return [row for row in rows if not subject or _is_about(row, subject)]


def _is_about(row: dict[str, Any], subject: str) -> bool:
    numbered = {f"{name} {row['details'].get(name)}" for name in ("decision", "revision")}
    return subject in {row["subject"], *row["subject"].split(BETWEEN), *numbered}


def verify_project(project: Project, copy_of_anchor: Path | None) -> Verified:
    """Check the project's store; see Verified. Raises StoreRefused when there is none."""
    with project.open_scanned_store() as store:
        return store.verify(copy_of_anchor)


def audit_table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows as a person reads them: number, time, who, what, about what."""
    schema = dict.fromkeys(("seq", "at", "actor", "did", "subject"), pl.String())
    told = [(str(r["seq"]), r["at"][:19].replace("T", " "), r["actor"], _did(r), r["subject"]) for r in rows]
    return pl.DataFrame(told, schema=schema, orient="row")


def _did(row: dict[str, Any]) -> str:
    details = row["details"]
    said = {
        "begin": "began the audit",
        "anchor": "made a missing anchor",
        "scan": f"scanned, {details.get('lineage', {}).get('rows', 0):,} changes of ids",
        "decide": f"decided: {str(details.get('kind', '')).replace('_', ' ')}{_many(details)}",
        "withdraw": f"took decision {details.get('supersedes')} back"
        if not _many(details)
        else f"took back{_many(details)}",
        "propose": f"proposed: {str(details.get('kind', '')).replace('_', ' ')}",
        "assign": f"assigned a pair to {details.get('assignee') or 'nobody'}",
        "draw": f"drew a cohort of {details.get('pairs', {}).get('rows', 0):,} pairs",
        "accept": f"cohort {str(details.get('state', '')).replace('_', ' ')}",
        "close": "closed a cohort",
        "override": f"set the {details.get('attribute')} of a customer",
        "pin": "pinned a record to a master id",
        "unlock": f"removed the lock of {details.get('owner')}",
        "approve": f"approved {_letters(details):,} letters",
        "publish": f"published {_letters(details):,} letters",
        "retry": f"let {_letters(details):,} letters be tried again",
        "grant": f"made a user {details.get('role')}",
        "revoke": f"took the role {details.get('was')} from a user",
        "restore": f"restored a backup of {details.get('made_at')}",
    }
    return said.get(row["action"], str(row["action"]))


def _many(details: dict[str, Any]) -> str:
    """How many pairs of a cohort; nothing for a single decision."""
    return f", {len(details['decisions']):,} pairs" if "cohort" in details else ""


def _letters(details: dict[str, Any]) -> int:
    return int(details.get("letters", {}).get("rows", 0))
