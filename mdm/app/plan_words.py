"""A plan in words, for a steward who decides whether it may become true."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from mdm.app.outputs import write_json
from mdm.app.plan_file import Plan
from mdm.app.plan_view import PlanView
from mdm.publish import write_table
from mdm.report.visible import visible

LONGEST: Final = 40
"""Characters of a name or value that are shown."""


def summary(plan: Plan, view: PlanView) -> dict[str, Any]:
    """The plan in numbers, as plain values; the tables of the view have all of it row by row."""
    counts = plan.run.counts
    return {
        "plan": plan.plan_id,
        "made_at": plan.run.started_at,
        "made_by": plan.author,
        "records": counts["records"],
        "records_changed": _tally(view.records, "change"),
        "customers_before": counts["customers_before"],
        "customers": counts["customers"],
        "customers_changed": _tally(view.customers, "change"),
        "values_changed": view.values.height,
        "messages": _tally(view.messages.filter(~pl.col("withdrawn")), "target"),
        "messages_withdrawn": _tally(view.messages.filter("withdrawn"), "target"),
        "pairs_to_review": counts["pairs_to_review"],
        "result_hash": plan.run.result_hash,
        "basis": plan.basis.model_dump(),
    }


def write_view(plan: Plan, view: PlanView, into: Path) -> list[Path]:
    """All of the plan as files: `plan.json` with its numbers and one CSV for each table; returns the paths."""
    into.mkdir(parents=True, exist_ok=True)
    tables = [write_table(frame, into / f"{name}.csv", format="csv") for name, frame in view.tables().items()]
    return [write_json(summary(plan, view), into / "plan.json"), *tables]


def tell_numbers(plan: Plan, view: PlanView) -> list[str]:
    """A line for each kind of change."""
    told = summary(plan, view)
    values = f"{told['values_changed']:>12,}"
    return [
        f"  records            {told['records']:>12,}{_in_brackets(told['records_changed'])}",
        f"  customers          {told['customers']:>12,}  (before: {told['customers_before']:,})",
        *(f"    {change:<17}{count:>12,}" for change, count in told["customers_changed"].items()),
        f"  golden values      {values}  become other ones",
        f"  messages           {sum(told['messages'].values()):>12,}{_in_brackets(told['messages'])}",
        f"  pairs to review    {told['pairs_to_review']:>12,}",
    ]


def tell_weightiest(view: PlanView, most: int) -> list[str]:
    """The customers that change most, a sentence each."""
    renamed = view.values.filter(pl.col("field") == "name").select("master_id", "old", "new")
    rows = view.customers.head(most).join(renamed, on="master_id", how="left", maintain_order="left")
    names = dict(view.customers.select("master_id", "name").iter_rows())
    return [_sentence(row, names) for row in rows.iter_rows(named=True)]


def _sentence(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    mine = f"{row['master_id']} {_short(row['name'])} ({_records(row)})"
    other = f"{row['other_id']} {_short(names.get(row['other_id']))}".rstrip()
    told = {
        "merged": f"{mine} goes into {other}",
        "split up": f"{mine} is split up, most of it into {other}",
        "split off": f"{mine} is split off from {other}",
        "retired": f"{mine} is retired: its last record is gone",
        "in use again": f"{mine} is in use again",
        "new": f"{mine} is new",
    }
    if row["change"] in told:
        return f"{told[row['change']]}."
    if row["old"] and row["new"]:
        return f"{mine} was called {_short(row['old'])}."
    return f"{mine} changes: {row['values']:,} {'value' if row['values'] == 1 else 'values'}."


def _records(row: Mapping[str, Any]) -> str:
    """How many records a customer has, and had where that was another number."""
    before, after = row["records_before"], row["records"]
    many = max(before, after) if not before or not after else after
    said = f"{many:,} record{'' if many == 1 else 's'}"
    return f"{said}, before {before:,}" if before and after and before != after else said


def _short(text: str | None) -> str:
    shown = visible(text or "")
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _tally(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame.group_by(column, maintain_order=True).len().sort(column).iter_rows())


def _in_brackets(counts: Mapping[str, int]) -> str:
    said = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return f"  ({said})" if said else ""
