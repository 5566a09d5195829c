"""The plan that waits to be applied: one folder in the project, with the rows it would write as Parquet."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from mdm.app.hashes import hash_parts
from mdm.app.plan_basis import Basis
from mdm.app.staging import Difference
from mdm.errors import SettingsInvalid
from mdm.store import Run

PLANS: Final = "plans"
FACTS: Final = "plan.json"
DIGITS: Final = 12
"""Of the SHA-256 that names a plan: what a person can read out."""

AGAIN: Final = "Make it again: mdm scan --plan."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scan would change: by whom it was made, what it rests on, its run, its rows, its adapted model if any."""

    author: str
    basis: Basis
    run: Run
    difference: Difference
    model: str

    @property
    def plan_id(self) -> str:
        """Equal for equal plans: a hash of what it rests on and what came out."""
        return hash_parts({"basis": self.basis.model_dump(), "result": self.run.result_hash})[:DIGITS]


class _Facts(BaseModel):
    """`plan.json`: all but the rows, and the SHA-256 of each file of rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plan_id: str
    author: str
    basis: Basis
    run: dict[str, Any]
    model: str
    tables: dict[str, str]


def keep_plan(project: Path, plan: Plan) -> None:
    """Let this plan wait, whole or not at all; a plan that waited before goes: it is about the same customers."""
    folder = project / PLANS
    try:
        folder.mkdir(exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
        tables = {name: _write(frame, part / f"{name}.parquet") for name, frame in plan.difference.tables().items()}
        facts = _Facts(
            plan_id=plan.plan_id,
            author=plan.author,
            basis=plan.basis,
            run=asdict(plan.run),
            model=plan.model,
            tables=tables,
        )
        (part / FACTS).write_text(facts.model_dump_json(indent=1) + "\n", encoding="utf-8")
        for former in folder.iterdir():
            if former != part:
                shutil.rmtree(former)
        part.rename(folder / plan.plan_id)
    except OSError as error:
        reason = error.strerror or "it could not be written"
        raise SettingsInvalid(
            f"The plan was not kept in {folder}: {reason}.", "Check rights and free space."
        ) from error


def read_plan(project: Path, plan_id: str) -> Plan:
    """The plan that waits under this id. Raises SettingsInvalid where it does not, naming the one that does."""
    folder = project / PLANS / plan_id
    if plan_id not in waiting_plans(project):
        waiting = waiting_plans(project)
        known = f"The one that waits is {waiting[0]}." if waiting else "None waits. Make one: mdm scan --plan."
        raise SettingsInvalid(f"There is no plan {plan_id!r}.", known)
    try:
        facts = _Facts.model_validate_json((folder / FACTS).read_bytes())
        rows = {field.name: _read(folder / f"{field.name}.parquet", facts) for field in fields(Difference)}
        plan = Plan(facts.author, facts.basis, Run(**facts.run), Difference(**rows), facts.model)
    except (OSError, ValidationError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise SettingsInvalid(f"Plan {plan_id} cannot be read: {type(error).__name__}.", AGAIN) from error
    if plan.plan_id != plan_id:
        raise SettingsInvalid(f"Plan {plan_id} was changed after it was made.", AGAIN)
    return plan


def waiting_plans(project: Path) -> list[str]:
    """The ids of the plans that wait: none or one."""
    return sorted(found.parent.name for found in (project / PLANS).glob(f"*/{FACTS}") if found.parent.name[0] != ".")


def discard_plans(project: Path) -> None:
    """Remove what waits: it holds values of customers, and is out of date as soon as a scan or a plan was applied."""
    shutil.rmtree(project / PLANS, ignore_errors=True)


def _write(frame: pl.DataFrame, path: Path) -> str:
    frame.write_parquet(path)
    return _digest(path)


def _read(path: Path, facts: _Facts) -> pl.DataFrame:
    if _digest(path) != facts.tables[path.stem]:
        raise SettingsInvalid(f"The rows of plan {facts.plan_id} were changed after it was made ({path.name}).", AGAIN)
    return pl.read_parquet(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
