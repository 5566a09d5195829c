"""What a change of the rules would do: a scan with them is computed against the store, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from mdm.app.groundwork import Call, Senses
from mdm.app.plan_file import Plan
from mdm.app.plan_view import PlanView
from mdm.app.planning import work_out_plan
from mdm.app.project import open_project
from mdm.app.watch import Watch
from mdm.errors import PlanOutdated
from mdm.report.visible import visible
from mdm.rulebook import Rulebook, rules_hash
from mdm.settings import Settings
from mdm.store import Run, Store

EXAMPLES: Final = 12


@dataclass(frozen=True, slots=True)
class Effect:
    """One kind of change: how often it would happen, and the first examples, weightiest first.

    A column `Customer` or `Into` has master ids that are in use today. All texts are ready to be shown as plain text.
    """

    title: str
    count: int
    heads: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What the next scan would do with changed rules; without effects it would change nothing.

    `besides` tells what else has changed since the last scan: some of the effects may come from that.
    """

    changed: tuple[str, ...]
    customers: tuple[int, int]
    waiting: tuple[int, int]
    effects: tuple[Effect, ...]
    besides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of the rules to be tried: texts in place of files of the rules folder, and when it is tried."""

    folder: Path
    texts: Mapping[str, str]
    now: str


def try_rules(draft: Draft, store: Store, settings: Settings, watch: Watch) -> Trial:
    """Compute what a scan with the changed rules would do. Neither the store nor a file of the project is written.

    Connected systems are not read anew: it rests on their last read. Raises RulesInvalid for rules that do not load
    and what a scan raises.
    """
    project = open_project(draft.folder, settings, draft.texts)
    call = Call(draft.now, senses=Senses(refresh=_as_last_read))
    changed = tuple(visible(name) for name in sorted(draft.texts))
    last = store.last_run()
    try:
        planned = work_out_plan(project, store, settings, (call, watch))
    except PlanOutdated as error:
        raise PlanOutdated("Customers were changed meanwhile, so this was not computed.", "Try it again.") from error
    if planned.plan is None or planned.view is None:
        counts = last.counts if last else {}
        customers, waiting = int(counts.get("customers", 0)), int(counts.get("pairs_to_review", 0))
        return Trial(changed, (customers, customers), (waiting, waiting), (), ())
    counts = planned.plan.run.counts
    return Trial(
        changed=changed,
        customers=(counts["customers_before"], counts["customers"]),
        waiting=(int(last.counts.get("pairs_to_review", 0)) if last else 0, counts["pairs_to_review"]),
        effects=tuple(_effects(planned.plan, planned.view)),
        besides=tuple(_besides(planned.plan, last, open_project(draft.folder, settings).rulebook)),
    )


def _as_last_read(_rules: Rulebook, _folder: Path, _now: str, _env: Mapping[str, str]) -> None:
    """A connected system is as it was when it was last read."""


def _effects(plan: Plan, view: PlanView) -> Iterator[Effect]:
    ids, customers = plan.run.counts["ids"], view.customers
    names = dict(customers.select("master_id", "name").iter_rows())
    stood = customers.filter(pl.col("records_before") > 0).select("master_id")
    values = view.values.join(stood, on="master_id", how="semi", maintain_order="left")

    def tell(title: str, count: int, heads: tuple[str, ...], rows: pl.DataFrame) -> Effect:
        shown = rows.head(EXAMPLES).rows()
        return Effect(title, count, heads, tuple(tuple(visible(str(x or "")) for x in row) for row in shown))

    def of(*changes: str) -> pl.DataFrame:
        found = customers.filter(pl.col("change").is_in(changes))
        return found.with_columns(
            other=pl.col("other_id").replace_strict(names, default="", return_dtype=pl.String),
            size=pl.max_horizontal("records", "records_before"),
        )

    yield tell(
        "Customers merged away",
        ids["merged"],
        ("Customer", "Name", "Records", "Into", "Name there"),
        of("merged").select("master_id", "name", "size", "other_id", "other"),
    )
    yield tell(
        "Customers split",
        ids["split"] + ids["split_up"],
        ("What", "Id", "Name", "Records", "From or into", "Name there"),
        of("split up", "split off").select("change", "master_id", "name", "size", "other_id", "other"),
    )
    yield tell(
        "New master ids",
        ids["created"] + ids["split"],
        ("New id", "Name", "Records"),
        of("new", "split off").select("master_id", "name", "size"),
    )
    yield tell("Customers retired", ids["retired"], ("Customer", "Name"), of("retired").select("master_id", "name"))
    named = values.join(customers.select("master_id", "name"), on="master_id", how="left", maintain_order="left")
    yield tell(
        "Golden values changed",
        values.height,
        ("Customer", "Name", "Value", "Is", "Would be"),
        named.select("master_id", "name", "field", "old", "new"),
    )
    for title, withdrawn in (("Changes to publish", False), ("Changes to publish that fall away", True)):
        messages = view.messages.filter(pl.col("withdrawn") == withdrawn)
        yield tell(
            title,
            messages.height,
            ("System", "Record", "Field", "Says", "Shall say"),
            messages.select("target", "key", "field", "old", "new"),
        )


def _besides(plan: Plan, last: Run | None, in_force: Rulebook) -> Iterator[str]:
    if last is None:
        yield "nothing was scanned yet"
        return
    if _files(plan.run) != _files(last):
        yield "the files of the sources have changed"
    if decisions := plan.run.counts["decisions_since"]:
        yield f"{decisions:,} {'decision was' if decisions == 1 else 'decisions were'} made"
    if rules_hash(in_force) != last.rules_hash:
        yield "the rules in the files have changed"


def _files(run: Run) -> list[tuple[str, str]]:
    return sorted((read["system"], read["sha256"]) for read in run.manifest.get("inputs", ()))
