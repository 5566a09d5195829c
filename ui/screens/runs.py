"""Runs: every scan that was applied; a line opens what it was given, what it did and how long it took."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.desk import RunLine, RunView, moment
from ui import places, session, view

SHOWN: Final = 100
"""Scans that the page lists."""


def page() -> None:
    st.title("Runs")
    runs = session.desk().runs()
    if not runs:
        view.show(
            view.notice(
                "Nothing has been scanned yet.", "Run mdm scan on the project's folder, then reload this page."
            ),
            key="empty",
        )
        return
    asked = st.query_params.get("revision", "")
    chosen = session.desk().run(int(asked)) if asked.isascii() and asked.isdigit() else None
    blocks = [_table(runs[:SHOWN], chosen.line.revision if chosen else 0)]
    if len(runs) > SHOWN:
        blocks.append(view.note(f"The latest {SHOWN} of {len(runs):,}."))
    view.show(*blocks, *(_full(chosen) if chosen else [view.note("Choose a scan to see it in full.")]), key="runs")


def _table(runs: tuple[RunLine, ...], chosen: int) -> view.Block:
    rows = [
        view.row(
            view.link(str(run.revision), places.to_run(run.revision), says=f"Show the scan of revision {run.revision}"),
            view.text(moment(run.finished_at)),
            view.text(f"{run.records:,}"),
            view.text(f"{run.customers:,}"),
            view.text(f"{run.waiting:,}"),
            view.text(f"{run.set_aside:,}"),
            view.text(f"{run.seconds:,.1f} s"),
            view.text(", ".join(run.churn) or "nothing"),
            to=places.to_run(run.revision),
            kind="chosen" if run.revision == chosen else "",
        )
        for run in runs
    ]
    columns = [
        view.column("Revision", "number"),
        view.column("Finished", "word"),
        view.column("Records", "number"),
        view.column("Customers", "number"),
        view.column("Pairs to review", "number"),
        view.column("Set aside", "number"),
        view.column("Took", "number"),
        view.column("Effect on customers", "value"),
    ]
    return view.table("Scans, latest first", columns, rows)


def _full(run: RunView) -> list[view.Block]:
    return [
        view.heading(f"The scan of revision {run.line.revision}"),
        view.beside([view.heading("What it read"), _inputs(run)], [view.heading("How long it took"), _stages(run)]),
        view.beside(_systems(run), [view.heading("What it did to customers"), _churn(run)]),
        *_guards(run),
        *([view.heading("What may have been missed"), view.paragraph(run.missed)] if run.missed else []),
        view.heading("Manifest"),
        view.note("What the result follows from: the same files, rules, model and programs give the same result."),
        view.facts(*((name, view.text(value)) for name, value in run.manifest)),
        view.facts(*((name, view.text(version)) for name, version in run.engines)),
    ]


def _churn(run: RunView) -> view.Block:
    rows = [view.row(view.text(name), view.text(f"{number:,}")) for name, number in run.churn]
    columns = [view.column("Master ids and records", "label"), view.column("Number", "number")]
    return view.table("What the scan did to master ids", columns, rows, row_heads=True)


def _systems(run: RunView) -> list[view.Block]:
    """The guard that keeps a cut-off extract out, and how near each system came to it."""
    rows = [
        view.row(
            view.text(system.system),
            view.text(f"{system.before:,}" if system.before else "none"),
            view.text(f"{system.now:,}"),
            view.text(f"{100 * system.shrunk:.1f} % fewer" if system.shrunk else "no fewer"),
            view.text("not in the rules any more" if system.limit is None else f"more than {100 * system.limit:.0f} %"),
        )
        for system in run.systems
    ]
    columns = [
        view.column("System", "label"),
        view.column("Before", "number"),
        view.column("Now", "number"),
        view.column("Change", "word"),
        view.column("Refused when fewer by", "word"),
    ]
    told = "A scan of which a system has lost more than its rules allow is refused, unless somebody accepts that once."
    return [
        view.heading("Guards of the sources"),
        view.table("Records of each system, before and now", columns, rows, row_heads=True),
        view.note(told),
    ]


def _inputs(run: RunView) -> view.Block:
    rows = [
        view.row(
            view.text(file.system),
            view.text(file.file),
            view.text(f"{file.rows:,}"),
            view.text(f"{file.loaded:,}"),
            view.text(f"{file.set_aside:,}"),
            view.text(file.sha256[:12]),
        )
        for file in run.inputs
    ]
    columns = [
        view.column("System", "label"),
        view.column("File", "value"),
        view.column("Rows", "number"),
        view.column("Loaded", "number"),
        view.column("Set aside", "number"),
        view.column("SHA-256 begins", "code"),
    ]
    return view.table("Files that were read", columns, rows, row_heads=True)


def _stages(run: RunView) -> view.Block:
    rows = [
        view.row(view.text(s.name), view.text(f"{s.seconds:,.2f} s"), view.text(f"{s.peak_mb:,} MB"))
        for s in run.stages
    ]
    columns = [view.column("Part", "label"), view.column("Time", "number"), view.column("Memory so far", "number")]
    return view.table("Parts of the scan", columns, rows, row_heads=True)


def _guards(run: RunView) -> list[view.Block]:
    if not run.guards:
        return []
    rows = [
        view.row(view.text(g.name), view.text("passed" if g.passed else "failed"), view.text(g.found))
        for g in run.guards
    ]
    columns = [view.column("Guard", "label"), view.column("Outcome", "word"), view.column("Found", "value")]
    return [
        view.heading("Guards of the match model"),
        view.note("The model is adapted to the records only where every guard of its kind of customer passed."),
        view.table("Guards of the match model", columns, rows, row_heads=True),
    ]


page()
